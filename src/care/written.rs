//! What somebody typed or pasted, as everybody will read it: on one line, and without the marks that nobody sees.

/// Soft hyphens, spaces of no width and marks of direction. They come along from word processors, and make two of one name.
const UNSEEN: [char; 6] = ['\u{AD}', '\u{200B}', '\u{200E}', '\u{200F}', '\u{2060}', '\u{FEFF}'];

/// Words with one space between them; none where they hold what no keyboard makes, or what turns text around: `1 mg` could
/// then be read as something else.
pub fn on_one_line(typed: &str) -> Option<String> {
    let seen: String = typed.chars().filter(|c| !UNSEEN.contains(c)).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    (!line.chars().any(|c| c.is_control() || turns(c))).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_makes_no_other_name() {
        assert_eq!(on_one_line(" Hal\u{AD}vor\u{200B}sen \u{FEFF}").as_deref(), Some("Halvorsen"));
        assert_eq!(on_one_line("\u{200B}").as_deref(), Some(""));
        assert_eq!(on_one_line("de   Waal\n").as_deref(), Some("de Waal"));
        assert_eq!(on_one_line("نور\u{200C}ها").as_deref(), Some("نور\u{200C}ها"), "some scripts join letters by one");
    }

    #[test]
    fn what_turns_text_around_is_no_name() {
        for odd in ["Ada\u{202E}gm 1", "\u{2066}Ada", "A\u{7}da"] {
            assert_eq!(on_one_line(odd), None, "{odd:?}");
        }
    }
}

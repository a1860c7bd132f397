//! Finding a resident as people expect to: parts of the name in any order, the number, the room or the unit; capitals and
//! accents make no difference.

use super::Resident;

/// What was typed, as words to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought(Vec<String>);

impl Sought {
    pub fn of(typed: &str) -> Sought {
        Sought(parts(&folded(typed)).map(str::to_owned).collect())
    }

    /// Nothing was typed: everybody is meant.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every word begins a part of the name, of the number, of the room or of the unit.
    pub fn finds(&self, resident: &Resident, unit: &str) -> bool {
        let Resident { surname, forename, number, room, .. } = resident;
        let said = folded(&format!("{surname} {forename} {number} {room} {unit}"));
        let known: Vec<&str> = parts(&said).collect();
        self.0.iter().all(|word| known.iter().any(|part| part.starts_with(word.as_str())))
    }
}

/// Names are parted by blanks, hyphens, commas and apostrophes: `AH-0417`, `O’Brien`, `Waal, de`.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// In small letters without accents: `Zoë Łuczak` is found as `zoe luczak`.
pub fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|c| !is_mark(*c)).fold(String::new(), |mut plain, c| {
        match several(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(base(c)),
        }
        plain
    })
}

/// An accent that stands behind its letter as a character of its own.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Letters that are written with two where a keyboard does not have them.
fn several(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        _ => return None,
    })
}

/// The letter under an accent, of the alphabets that are written in Latin letters; any other stays as it is.
fn base(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ'..='ặ' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ'..='ợ' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' | 'ỳ'..='ỹ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::resident::Allergies;

    fn finds(typed: &str, surname: &str, forename: &str) -> bool {
        let resident = Resident {
            id: "r".into(),
            facility: "alder".into(),
            unit: "willow".into(),
            number: "AH-0417".into(),
            surname: surname.into(),
            forename: forename.into(),
            born_on: "1941-03-14".parse().unwrap(),
            room: "12b".into(),
            allergies: Allergies::NotRecorded,
        };
        Sought::of(typed).finds(&resident, "Willow")
    }

    #[test]
    fn names_are_found_in_any_order_by_their_beginnings_in_any_case() {
        for typed in ["halv mar", "MARGIT halvorsen", "Halvorsen, Margit", "berg", "margit 12b", "willow berg", "  "] {
            assert!(finds(typed, "Halvorsen-Berg", "Margit"), "{typed}");
        }
        for typed in ["orsen", "halvorsen tom", "margit 12c", "rowan"] {
            assert!(!finds(typed, "Halvorsen-Berg", "Margit"), "{typed}");
        }
    }

    #[test]
    fn the_number_is_found_whole_and_in_parts() {
        for typed in ["AH-0417", "ah 0417", "0417", "ah-04"] {
            assert!(finds(typed, "Halvorsen", "Margit"), "{typed}");
        }
        assert!(!finds("417", "Halvorsen", "Margit") && !finds("AH-0418", "Halvorsen", "Margit"));
    }

    #[test]
    fn accents_make_no_difference_either_way() {
        for (typed, surname) in [
            ("zoe", "Zoë"),
            ("Zoë", "Zoe"),
            ("muller", "Mu\u{308}ller"),
            ("strasse", "Straße"),
            ("luczak", "Łuczak"),
            ("o'brien", "O’Brien"),
            ("sorensen", "Sørensen"),
            ("nguyen", "Nguyễn"),
            ("иванов", "Иванов"),
        ] {
            assert!(finds(typed, surname, "Ada"), "{typed}");
        }
    }
}

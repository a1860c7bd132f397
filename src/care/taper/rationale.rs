//! Whether a written rationale says something about this resident.

use crate::care::refusal::Refusal;

/// A rationale shorter than this says nothing.
pub const LEAST_CHARACTERS: usize = 20;

/// A rationale longer than this is not read.
pub const MOST_CHARACTERS: usize = 2_000;

/// Words that a sentence about nobody in particular is made of. A rationale needs at least two others.
const GENERIC: &[&str] = &[
    "a",
    "above",
    "according",
    "agree",
    "agreed",
    "all",
    "and",
    "any",
    "appropriate",
    "approve",
    "approved",
    "are",
    "as",
    "at",
    "be",
    "been",
    "benefit",
    "can",
    "care",
    "change",
    "changes",
    "clinical",
    "clinically",
    "concern",
    "concerns",
    "continue",
    "contraindicated",
    "current",
    "daily",
    "decrease",
    "dose",
    "doses",
    "fine",
    "following",
    "for",
    "given",
    "good",
    "guideline",
    "guidelines",
    "has",
    "have",
    "here",
    "in",
    "indicated",
    "is",
    "issue",
    "issues",
    "it",
    "medical",
    "medication",
    "medicine",
    "necessary",
    "needed",
    "next",
    "no",
    "none",
    "not",
    "noted",
    "of",
    "ok",
    "okay",
    "on",
    "outweighs",
    "patient",
    "per",
    "plan",
    "planned",
    "please",
    "policy",
    "proceed",
    "protocol",
    "rationale",
    "reduce",
    "reduced",
    "reduction",
    "resident",
    "residents",
    "review",
    "reviewed",
    "risk",
    "safe",
    "schedule",
    "scheduled",
    "see",
    "sign",
    "signed",
    "signing",
    "stable",
    "step",
    "suitable",
    "taper",
    "the",
    "therefore",
    "this",
    "time",
    "to",
    "tolerated",
    "tolerating",
    "treatment",
    "was",
    "well",
    "will",
    "with",
];

/// The rationale of a decision on a reduction: not blank, not short, not boilerplate, not the last one again.
/// Facilities are cited for a blank box (1504479, 1480453) and for a generic sentence (1496859).
pub fn of_this_resident(text: &str, last: Option<&str>) -> Result<String, Refusal> {
    let text = tidy(text);
    let length = text.chars().filter(|c| c.is_alphanumeric()).count();
    if length == 0 {
        return Err(Refusal::RationaleMissing);
    }
    if text.chars().count() < LEAST_CHARACTERS {
        return Err(Refusal::RationaleShort);
    }
    not_too_long(&text)?;
    let mut own: Vec<String> = words(&text).filter(|word| !GENERIC.contains(&word.as_str())).collect();
    own.sort_unstable();
    own.dedup();
    if own.len() < 2 {
        return Err(Refusal::RationaleBoilerplate);
    }
    if last.is_some_and(|last| words(last).eq(words(&text))) {
        return Err(Refusal::RationaleRepeated);
    }
    Ok(text)
}

/// A reason in a few words: something must be written.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let text = tidy(text);
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    not_too_long(&text)?;
    if letters < 5 { Err(Refusal::ReasonMissing) } else { Ok(text) }
}

fn not_too_long(text: &str) -> Result<(), Refusal> {
    if text.chars().count() > MOST_CHARACTERS { Err(Refusal::RationaleLong) } else { Ok(()) }
}

/// Without control characters and blanks around it.
pub fn tidy(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    plain.trim().to_owned()
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rationale_about_the_resident_is_kept() {
        let text = "  Slept six hours on each of the last five nights, no falls since Monday. ";
        assert_eq!(of_this_resident(text, None).as_deref(), Ok(text.trim()));
    }

    /// Citations 1504479 and 1480453: the rationale box was blank, yet the reduction was signed.
    #[test]
    fn a_blank_rationale_is_refused() {
        for text in ["", "   ", "\n\t\u{a0}", "....................", "— — — — — — — — — — —"] {
            assert_eq!(of_this_resident(text, None), Err(Refusal::RationaleMissing), "{text:?}");
        }
        assert_eq!(of_this_resident("sleeps well", None), Err(Refusal::RationaleShort));
    }

    /// Citation 1496859: declined with a generic sentence.
    #[test]
    fn boilerplate_is_refused() {
        for text in [
            "Clinically appropriate, continue taper as planned.",
            "Reviewed. No concerns. OK to proceed with reduction per protocol.",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "Reduction is contraindicated: benefit outweighs risk",
        ] {
            assert_eq!(of_this_resident(text, None), Err(Refusal::RationaleBoilerplate), "{text}");
        }
    }

    #[test]
    fn the_last_rationale_again_is_refused() {
        let last = "Sleeping through, no tremor, daughter agrees to go on.";
        let again = "sleeping through; NO tremor, daughter agrees  to go on";
        assert_eq!(of_this_resident(again, Some(last)), Err(Refusal::RationaleRepeated));
    }
}

//! A resident's label, for a wristband or a medicine cup: who it is, in words and as a barcode that is scanned before a dose.

pub mod bars;

use self::bars::Bars;
use super::Resident;

/// What is drawn in bars, and the text that a scanner types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub text: String,
    pub bars: Bars,
}

impl Code {
    /// The resident's number; where it has letters that no scanner types, or is too long for a label, the date of birth,
    /// which is known as well where labels are scanned.
    pub fn of(resident: &Resident) -> Code {
        let birthday = resident.born_on.format("%Y-%m-%d").to_string();
        let code = |text: &str| Some(Code { bars: Bars::of(text)?, text: text.to_owned() });
        let code = code(&resident.number).or_else(|| code(&birthday));
        code.expect("a date of four-digit years is ten digits and hyphens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::resident::Allergies;

    fn text(number: &str) -> String {
        let resident = Resident {
            id: "ada".into(),
            facility: "alder".into(),
            unit: "east".into(),
            number: number.into(),
            surname: "Ash".into(),
            forename: "Ada".into(),
            born_on: "1941-02-03".parse().unwrap(),
            room: "12".into(),
            allergies: Allergies::NoneKnown,
        };
        Code::of(&resident).text
    }

    #[test]
    fn a_label_carries_the_number_and_otherwise_the_date_of_birth() {
        assert_eq!(text("AH-0417"), "AH-0417");
        assert_eq!(text("Ä-17"), "1941-02-03", "scanners type no such letter");
        assert_eq!(text("a number that no label is wide enough for"), "1941-02-03");
    }
}

//! What becomes of a dose, and the coded reasons why it was not given as planned.

use serde::{Deserialize, Serialize};

/// What happened, in the words of the ward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Given,
    /// Handed to the resident, who takes it alone.
    SelfAdministered,
    GivenInPart,
    Refused,
    Withheld,
    NotAvailable,
    Absent,
}

impl Outcome {
    pub const ALL: [Outcome; 7] = [
        Outcome::Given,
        Outcome::SelfAdministered,
        Outcome::GivenInPart,
        Outcome::Refused,
        Outcome::Withheld,
        Outcome::NotAvailable,
        Outcome::Absent,
    ];

    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Given => "given",
            Outcome::SelfAdministered => "self_administered",
            Outcome::GivenInPart => "given_in_part",
            Outcome::Refused => "refused",
            Outcome::Withheld => "withheld",
            Outcome::NotAvailable => "not_available",
            Outcome::Absent => "absent",
        }
    }

    pub fn of_word(word: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.word() == word)
    }

    /// As it is said: "given in part".
    pub fn text(self) -> &'static str {
        match self {
            Outcome::Given => "given",
            Outcome::SelfAdministered => "given to self-administer",
            Outcome::GivenInPart => "given in part",
            Outcome::Refused => "refused",
            Outcome::Withheld => "withheld",
            Outcome::NotAvailable => "not available",
            Outcome::Absent => "absent",
        }
    }

    /// As a label begins: "Given in part".
    pub fn title(self) -> &'static str {
        match self {
            Outcome::Given => "Given",
            Outcome::SelfAdministered => "Given to self-administer",
            Outcome::GivenInPart => "Given in part",
            Outcome::Refused => "Refused",
            Outcome::Withheld => "Withheld",
            Outcome::NotAvailable => "Not available",
            Outcome::Absent => "Absent",
        }
    }

    /// The whole dose was given, whoever put it into the mouth. What limits one limits the other.
    pub fn whole(self) -> bool {
        matches!(self, Outcome::Given | Outcome::SelfAdministered)
    }

    /// Something of it was taken.
    pub fn takes(self) -> bool {
        self.whole() || self == Outcome::GivenInPart
    }

    /// The letter of the MAR; none where the nurse gave the whole dose.
    pub fn letter(self) -> Option<char> {
        match self {
            Outcome::Given => None,
            Outcome::SelfAdministered => Some('S'),
            Outcome::GivenInPart => Some('P'),
            Outcome::Refused => Some('R'),
            Outcome::Withheld => Some('W'),
            Outcome::NotAvailable => Some('N'),
            Outcome::Absent => Some('A'),
        }
    }

    /// Why it was not given as planned. The codes map to FHIR R4 `statusReason` (FHIR reason-medication-not-given
    /// and SNOMED CT where they have a word for it).
    pub fn reasons(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Outcome::Given | Outcome::SelfAdministered => LATE_REASONS,
            Outcome::GivenInPart => &[
                ("P1", "Took only part"),
                ("P2", "Spat part out"),
                ("P3", "Part dropped or spoiled"),
                ("P4", "Told to by prescriber"),
                ("P9", "Other, explain below"),
            ],
            Outcome::Refused => &[
                ("R1", "Did not want it"),
                ("R2", "Too sleepy to take it"),
                ("R3", "Upset or frightened"),
                ("R4", "Spat out after taking"),
                ("R9", "Other, explain below"),
            ],
            Outcome::Withheld => &[
                ("W1", "Too sedated"),
                ("W2", "Breathing slow or noisy"),
                ("W3", "Fall or suspected head injury"),
                (BY_PRESCRIBER, "Told to by prescriber"),
                ("W5", "Unsafe to swallow"),
                ("W6", "Late, too near the next dose"),
                ("W9", "Other, explain below"),
            ],
            Outcome::NotAvailable => &[
                ("N1", "Out of stock"),
                ("N2", "Delivery late"),
                ("N3", "Strength missing, dose cannot be made"),
                ("N9", "Other, explain below"),
            ],
            Outcome::Absent => &[
                ("A1", "Hospital"),
                ("A2", "Appointment"),
                ("A3", "Family leave, no dose sent"),
                ("A9", "Other, explain below"),
            ],
        }
    }
}

/// The code of a dose withheld because a prescriber said so.
pub(in crate::care) const BY_PRESCRIBER: &str = "W4";

/// The code of what was given in time and recorded late.
pub(super) const IN_TIME: &str = "L3";

/// Why a dose was given after its window.
const LATE_REASONS: &[(&str, &str)] = &[
    ("L1", "Round ran late"),
    ("L2", "Resident asleep or busy"),
    (IN_TIME, "Given in time, recorded late"),
    ("L4", "Medicine came late"),
    ("L5", "Recorded late, from paper"),
    ("L9", "Other, explain below"),
];

/// The words of a reason's code.
pub fn reason_text(code: &str) -> Option<&'static str> {
    let all = Outcome::ALL.into_iter().flat_map(Outcome::reasons);
    all.copied().find(|(known, _)| *known == code).map(|(_, text)| text)
}

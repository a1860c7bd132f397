//! What is written down by hand about a medicine: its start, attempts made elsewhere, contraindications, its end. Never changed: a
//! wrong note is struck out by another.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::care::medicine::Medicine;
use crate::care::people::one_of_several;
use crate::care::refusal::Refusal;

/// The four kinds of psychotropic medicine that 42 CFR 483.45(c)(3) names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    AntiAnxiety,
    Hypnotic,
    Antidepressant,
    Antipsychotic,
}

impl Class {
    pub const ALL: [Class; 4] = [Class::AntiAnxiety, Class::Hypnotic, Class::Antidepressant, Class::Antipsychotic];

    pub fn word(self) -> &'static str {
        match self {
            Class::AntiAnxiety => "anti_anxiety",
            Class::Hypnotic => "hypnotic",
            Class::Antidepressant => "antidepressant",
            Class::Antipsychotic => "antipsychotic",
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Class::AntiAnxiety => "anti-anxiety",
            Class::Hypnotic => "hypnotic",
            Class::Antidepressant => "antidepressant",
            Class::Antipsychotic => "antipsychotic",
        }
    }

    pub fn of_word(word: &str) -> Result<Class, Refusal> {
        Class::ALL.into_iter().find(|class| class.word() == word).ok_or(Refusal::GradualClass)
    }
}

/// One note, in the order of `seq` among those about one medicine of one resident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub id: String,
    pub facility: String,
    pub resident: String,
    pub medicine: Medicine,
    pub seq: u32,
    /// How it is known, how it went, or why.
    pub rationale: String,
    pub noted: Noted,
    /// The person's id.
    pub by: String,
    pub at: DateTime<Utc>,
}

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Noted {
    /// The medicine is taken since a day. A second one puts the first right.
    Begun {
        on: NaiveDate,
        class: Class,
    },
    /// The dose was lowered elsewhere.
    Attempted {
        on: NaiveDate,
    },
    Contraindicated {
        on: NaiveDate,
        again_on: NaiveDate,
    },
    /// The last day on which it was taken.
    Ended {
        on: NaiveDate,
    },
    /// Another note was wrong.
    Struck {
        note: String,
    },
}

impl Noted {
    /// The word of the kind, as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Noted::Begun { .. } => "begun",
            Noted::Attempted { .. } => "attempted",
            Noted::Contraindicated { .. } => "contraindicated",
            Noted::Ended { .. } => "ended",
            Noted::Struck { .. } => "struck",
        }
    }
}

one_of_several! {
    /// Whoever keeps the record of gradual dose reductions in a facility.
    Keeper: Prescriber Pharmacist Supervisor
}

/// Reads the name of a medicine, which need not be one that is tapered here.
pub fn medicine(typed: &str) -> Result<Medicine, Refusal> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let plain = name.chars().all(|c| c.is_alphanumeric() || " -/.,()".contains(c));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let fits = plain && letters >= 3 && name.chars().count() <= 80;
    if fits { Ok(Medicine(name)) } else { Err(Refusal::GradualMedicine) }
}

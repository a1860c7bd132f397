//! What happened to a dose, as a form asks for it: outcomes with their reasons, and how awake the resident was.

use super::Icon;
use crate::care::round::outcome::Outcome;
use crate::care::round::sedation::SedationRule;
use crate::care::scale::Scale;

/// How awake the resident may be, the most awake first.
pub struct Sedation {
    pub points: Vec<Awake>,
    /// Whom to call; empty where nobody is to be called.
    pub prescriber: String,
}

pub struct Awake {
    pub value: String,
    pub word: String,
    /// At or below the facility's point: the dose is withheld.
    pub withhold: bool,
}

/// One outcome with its reasons.
pub struct Kind {
    pub value: &'static str,
    pub text: &'static str,
    pub icon: Icon,
    /// The outcomes at which its reasons are asked for.
    pub asked: String,
    /// What asks for the reasons; empty where none are asked for.
    pub question: &'static str,
    pub reasons: &'static [(&'static str, &'static str)],
    pub part: bool,
}

impl Sedation {
    pub fn new(rule: SedationRule, prescriber: &str) -> Sedation {
        let points = Scale::sedation().parts.iter().flat_map(|part| part.points());
        let awake = |(point, word): (i32, &str)| Awake {
            value: point.to_string(),
            word: word.to_owned(),
            withhold: point <= rule.withhold,
        };
        let mut points: Vec<Awake> = points.map(awake).collect();
        points.reverse();
        Sedation { points, prescriber: prescriber.to_owned() }
    }
}

impl Kind {
    /// Of a dose that is late, also why it was given late.
    pub fn new(outcome: Outcome, late: bool) -> Kind {
        let question = match outcome {
            Outcome::Given if !late => "",
            Outcome::Given => "Why is it late?",
            // Asked beside a dose given: both are late for the same reasons.
            Outcome::SelfAdministered => "",
            Outcome::GivenInPart => "Why only in part?",
            Outcome::Refused => "Why was it refused?",
            Outcome::Withheld => "Why was it withheld?",
            Outcome::NotAvailable => "Why was it not available?",
            Outcome::Absent => "Where is the resident?",
        };
        let reasons = if question.is_empty() { &[] } else { outcome.reasons() };
        Kind {
            value: outcome.word(),
            text: outcome.title(),
            icon: outcome.into(),
            asked: match outcome {
                Outcome::Given => "if-given if-self_administered".to_owned(),
                other => format!("if-{}", other.word()),
            },
            question,
            reasons,
            part: outcome == Outcome::GivenInPart,
        }
    }
}

//! What is known before a taper begins: the use, what is taken beside it, the resident, who agreed, and the order.

pub mod concerns;
pub mod entry;
pub mod since;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use self::since::{Month, Since};
use super::dependence::{Dependence, risk};
use crate::care::amount::Amount;
use crate::care::medicine::Medicine;

/// "Not known" is an answer: somebody asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Yes,
    No,
    NotKnown,
}

/// An answer, with the words that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub said: Said,
    /// Which, how much, since when; never empty beside a yes.
    pub words: String,
}

/// How it is taken, where it is not taken as prescribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    NoMisuse,
    Snorted,
    Injected,
    Smoked,
    NotKnown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pregnancy {
    Yes,
    No,
    NotApplicable,
    NotKnown,
}

/// Psychological support during the taper and after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    pub arranged: bool,
    /// What and by whom; or why there is none.
    pub words: String,
    /// Its last month. Always there where it is arranged.
    pub until: Option<Month>,
}

/// Who agreed to the taper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Empty: the resident. Otherwise the name of who may agree for them.
    pub representative: String,
    pub on: NaiveDate,
    pub how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    InPerson,
    ByTelephone,
    InWriting,
}

/// Who took the order off every other MAR, so that no dose is given twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOff {
    pub name: String,
    pub on: NaiveDate,
}

/// What a prescriber found out so far. What nobody answered is empty; the daily dose and the goal are the plan's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Baseline {
    pub since: Option<Since>,
    /// From 1 to 7.
    pub days_a_week: Option<u8>,
    pub route: Option<Route>,
    /// Earlier attempts to come off it, each with its outcome.
    pub earlier: Option<Answer>,
    pub sedatives: Option<Answer>,
    pub opioids: Option<Answer>,
    pub alcohol: Option<Answer>,
    pub seizures: Option<Answer>,
    /// Whether it is taken for epilepsy; the words of a yes name the specialist.
    pub epilepsy: Option<Answer>,
    /// Anxiety, or another illness that bears on the taper.
    pub illness: Option<Answer>,
    pub pregnancy: Option<Pregnancy>,
    pub support: Option<Support>,
    /// The resident, or who cares for them, was told what to expect.
    pub education: Option<bool>,
    pub agreement: Option<Agreement>,
    /// The day on which the prescription expires.
    pub expires_on: Option<NaiveDate>,
    pub taken_off: Option<TakenOff>,
    /// The id of an ended plan of this resident and medicine that this one continues after.
    pub resumes: Option<String>,
}

/// Something that an approval waits for, and the field in which it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanting {
    pub field: &'static str,
    pub what: &'static str,
}

impl Baseline {
    /// What still keeps the plan from being approved, in the order of the form. Every question wants an answer, the
    /// prescription has not expired, and what it is taken for is told in one way.
    pub fn wanting(&self, indication: &str, today: NaiveDate) -> Vec<Wanting> {
        let denied = speaks_of_it(indication) && self.epilepsy.as_ref().is_some_and(|answer| answer.said != Said::Yes);
        let epilepsy = match denied {
            true => "the specialist, for the indication speaks of epilepsy or seizures",
            false => "whether it is taken for epilepsy, and the specialist who treats it",
        };
        let unexpired = self.expires_on.is_some_and(|on| on >= today);
        let questions = [
            (self.since.is_some(), "since", "since when it is taken"),
            (self.days_a_week.is_some(), "days_a_week", "how often it is taken"),
            (self.route.is_some(), "route", "whether it is misused, and how"),
            (self.earlier.is_some(), "earlier", "earlier attempts"),
            (self.sedatives.is_some(), "sedatives", "other sedatives"),
            (self.opioids.is_some(), "opioids", "opioids"),
            (self.alcohol.is_some(), "alcohol", "alcohol"),
            (self.seizures.is_some(), "seizures", "seizures in the past"),
            (self.epilepsy.is_some() && !denied, "epilepsy", epilepsy),
            (self.illness.is_some(), "illness", "anxiety and other illness"),
            (self.pregnancy.is_some(), "pregnancy", "pregnancy"),
            (self.support.is_some(), "support", "support during the taper and after it"),
            (self.education.is_some(), "education", "whether the resident was told what to expect"),
            (self.agreement.is_some(), "agreed_by", "who agreed to the taper"),
            (unexpired, "expires_on", "when the prescription expires, on a day to come"),
            (self.taken_off.is_some(), "taken_off_name", "who took the order off every other MAR"),
        ];
        questions
            .into_iter()
            .filter(|(answered, ..)| !answered)
            .map(|(_, field, what)| Wanting { field, what })
            .collect()
    }

    /// The published risk of physical dependence on a day, once it is known since when and how often it is taken.
    pub fn dependence(&self, daily: Amount, medicine: &Medicine, today: NaiveDate) -> Option<Dependence> {
        let months = self.since?.months_on(today);
        Some(risk(months, self.days_a_week?, daily, medicine))
    }

    /// What stays true when the draft turns to another medicine: the resident, not the use, the agreement or the order.
    pub fn of_the_resident(&self) -> Baseline {
        Baseline {
            sedatives: self.sedatives.clone(),
            opioids: self.opioids.clone(),
            alcohol: self.alcohol.clone(),
            seizures: self.seizures.clone(),
            illness: self.illness.clone(),
            pregnancy: self.pregnancy,
            ..Baseline::default()
        }
    }
}

/// Nobody comes off an antiepileptic unnoticed: an indication that names epilepsy or seizures is not taken for a no.
fn speaks_of_it(indication: &str) -> bool {
    let indication = indication.to_lowercase();
    ["epilep", "seizure", "convuls"].iter().any(|word| indication.contains(word))
}

impl Route {
    pub const ALL: [Route; 5] = [Route::NoMisuse, Route::Snorted, Route::Injected, Route::Smoked, Route::NotKnown];

    pub fn word(self) -> &'static str {
        match self {
            Route::NoMisuse => "no_misuse",
            Route::Snorted => "snorted",
            Route::Injected => "injected",
            Route::Smoked => "smoked",
            Route::NotKnown => "not_known",
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Route::NoMisuse => "No misuse",
            Route::Snorted => "Snorted",
            Route::Injected => "Injected",
            Route::Smoked => "Smoked",
            Route::NotKnown => "Not known",
        }
    }
}

impl Pregnancy {
    pub const ALL: [Pregnancy; 4] = [Pregnancy::Yes, Pregnancy::No, Pregnancy::NotApplicable, Pregnancy::NotKnown];

    pub fn word(self) -> &'static str {
        match self {
            Pregnancy::Yes => "yes",
            Pregnancy::No => "no",
            Pregnancy::NotApplicable => "not_applicable",
            Pregnancy::NotKnown => "not_known",
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Pregnancy::Yes => "Yes",
            Pregnancy::No => "No",
            Pregnancy::NotApplicable => "Not applicable",
            Pregnancy::NotKnown => "Not known",
        }
    }
}

impl How {
    pub const ALL: [How; 3] = [How::InPerson, How::ByTelephone, How::InWriting];

    pub fn word(self) -> &'static str {
        match self {
            How::InPerson => "in_person",
            How::ByTelephone => "by_telephone",
            How::InWriting => "in_writing",
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            How::InPerson => "In person",
            How::ByTelephone => "By telephone",
            How::InWriting => "In writing",
        }
    }
}

impl Said {
    pub const ALL: [Said; 3] = [Said::Yes, Said::No, Said::NotKnown];

    pub fn word(self) -> &'static str {
        match self {
            Said::Yes => "yes",
            Said::No => "no",
            Said::NotKnown => "not_known",
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Said::Yes => "Yes",
            Said::No => "No",
            Said::NotKnown => "Not known",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::parse_day;

    fn today() -> NaiveDate {
        parse_day("2026-11-20").unwrap()
    }

    fn fields(baseline: &Baseline, indication: &str) -> Vec<&'static str> {
        baseline.wanting(indication, today()).into_iter().map(|one| one.field).collect()
    }

    #[test]
    fn an_indication_that_names_epilepsy_wants_its_specialist() {
        let said = |said| Baseline { epilepsy: Some(Answer { said, words: "Dr Amin".into() }), ..Baseline::default() };
        assert!(!fields(&said(Said::No), "panic disorder").contains(&"epilepsy"));
        for indication in ["Epilepsy since 1990", "absence seizures", "CONVULSIONS"] {
            assert!(fields(&said(Said::No), indication).contains(&"epilepsy"), "{indication}");
            assert!(!fields(&said(Said::Yes), indication).contains(&"epilepsy"), "{indication}");
        }
    }

    #[test]
    fn a_prescription_that_expired_since_is_asked_for_anew() {
        let expires = |on: &str| Baseline { expires_on: parse_day(on).ok(), ..Baseline::default() };
        assert!(!fields(&expires("2026-11-20"), "").contains(&"expires_on"));
        assert!(fields(&expires("2026-11-19"), "").contains(&"expires_on"));
    }

    #[test]
    fn the_risk_is_told_once_time_and_frequency_are_known() {
        let (daily, medicine) = (Amount::from_ug(2_000), Medicine("clonazepam".into()));
        let half = Baseline { since: "2019-04".parse().ok(), ..Baseline::default() };
        assert_eq!(half.dependence(daily, &medicine, today()), None);
        let known = Baseline { days_a_week: Some(7), ..half };
        let risk = known.dependence(daily, &medicine, today()).map(|found| found.risk);
        assert_eq!(risk, Some(crate::care::taper::dependence::Risk::Rising));
    }

    #[test]
    fn another_medicine_keeps_what_is_true_of_the_resident_alone() {
        let answer = |words: &str| Some(Answer { said: Said::Yes, words: words.into() });
        let all = Baseline {
            since: "2019-04".parse().ok(),
            opioids: answer("morphine"),
            seizures: answer("one, in 1990"),
            epilepsy: answer("Dr Amin"),
            resumes: Some("plan".into()),
            ..Baseline::default()
        };
        let kept = all.of_the_resident();
        assert_eq!((kept.opioids, kept.seizures), (all.opioids, all.seizures));
        assert_eq!((kept.since, kept.epilepsy, kept.resumes), (None, None, None));
    }
}

//! What a baseline gives to think about before each reduction: risks, gaps in what is known, and days that run out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Answer, Baseline, Pregnancy, Route, Said};
use crate::care::calendar::{Day, day_text};
use crate::care::taper::follow_up::support_wanted;

/// From this age on the age itself is shown among the risks. Our own threshold: advanced age is named, not numbered.
const ADVANCED_AGE: i32 = 65;

/// One thing to think about. It asks for nothing and forbids nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// A stable word for programs.
    pub code: String,
    /// `Opioids`
    pub title: String,
    /// What was written about it.
    pub words: String,
    pub weight: Weight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// It is so.
    Present,
    /// Nobody knows.
    Unknown,
    /// A day or a month comes too early.
    RunsOut,
}

/// What else the concerns are about: the resident's age, and the plan's last step.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub age: i32,
    /// The planned day of the last step.
    pub ends_on: NaiveDate,
}

fn concern(code: &str, title: &str, words: impl Into<String>, weight: Weight) -> Concern {
    Concern { code: code.to_owned(), title: title.to_owned(), words: words.into(), weight }
}

impl Baseline {
    /// In the order in which they weigh: what is taken with it, the resident, how it is used, what runs out.
    pub fn concerns(&self, about: About) -> Vec<Concern> {
        let answers = [
            ("opioids", "Opioids", &self.opioids),
            ("alcohol", "Alcohol", &self.alcohol),
            ("sedatives", "Other sedatives", &self.sedatives),
            ("seizures", "Seizures in the past", &self.seizures),
            ("epilepsy", "Taken for epilepsy", &self.epilepsy),
        ];
        let mut all: Vec<Concern> = answers.into_iter().filter_map(|(code, title, it)| of(code, title, it)).collect();
        all.extend(self.pregnancy());
        all.extend(self.misuse());
        all.extend(of("illness", "Anxiety or other illness", &self.illness));
        all.extend(of("earlier", "Earlier attempts", &self.earlier));
        if about.age >= ADVANCED_AGE {
            all.push(concern("age", "Advanced age", format!("{} years", about.age), Weight::Present));
        }
        all.extend(self.education.filter(|told| !told).map(|_| {
            concern("education", "Not told what to expect", "Nobody has explained the taper yet.", Weight::Present)
        }));
        all.extend(self.support_ends(about.ends_on));
        all.extend(self.prescription_ends(about.ends_on));
        all
    }

    fn pregnancy(&self) -> Option<Concern> {
        match self.pregnancy? {
            Pregnancy::Yes => Some(concern("pregnancy", "Pregnancy", "", Weight::Present)),
            Pregnancy::NotKnown => Some(concern("pregnancy", "Pregnancy", "", Weight::Unknown)),
            Pregnancy::No | Pregnancy::NotApplicable => None,
        }
    }

    fn misuse(&self) -> Option<Concern> {
        let words = match self.route? {
            Route::NoMisuse => return None,
            Route::NotKnown => return Some(concern("route", "Misuse", "", Weight::Unknown)),
            Route::Snorted => "The medicine is snorted.",
            Route::Injected => "The medicine is injected.",
            Route::Smoked => "The medicine is smoked.",
        };
        Some(concern("route", "Misuse", words, Weight::Present))
    }

    /// Support only until the end leaves the resident alone when withdrawal may still come.
    fn support_ends(&self, ends_on: NaiveDate) -> Option<Concern> {
        let support = self.support.as_ref()?;
        let Some(until) = support.until.filter(|_| support.arranged) else {
            return Some(concern("support", "No support arranged", support.words.clone(), Weight::Present));
        };
        let wanted = support_wanted(ends_on);
        let words = format!("Until {until}; the last step is planned for {}.", day_text(ends_on));
        (until < wanted).then(|| concern("support_ends", "Support ends early", words, Weight::RunsOut))
    }

    /// United States: an order of Schedule III or IV is not filled more than 6 months after it was written (21 CFR
    /// 1306.22, read second-hand); a long taper crosses that day. Everywhere: no dose without a prescription.
    fn prescription_ends(&self, ends_on: NaiveDate) -> Option<Concern> {
        let on = self.expires_on.filter(|on| *on < ends_on)?;
        let words = format!(
            "It expires on {}; the last step is planned for {}. A new one is wanted before that. In the United States \
             none lasts longer than 6 months (21 CFR 1306.22).",
            Day(on),
            Day(ends_on)
        );
        Some(concern("prescription", "Prescription runs out", words, Weight::RunsOut))
    }
}

fn of(code: &str, title: &str, answer: &Option<Answer>) -> Option<Concern> {
    let answer = answer.as_ref()?;
    let weight = match answer.said {
        Said::Yes => Weight::Present,
        Said::NotKnown => Weight::Unknown,
        Said::No => return None,
    };
    Some(concern(code, title, answer.words.clone(), weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::parse_day;
    use crate::care::taper::baseline::Support;

    fn about(ends_on: &str, age: i32) -> About {
        About { age, ends_on: parse_day(ends_on).unwrap() }
    }

    fn codes(baseline: &Baseline, ends_on: &str) -> Vec<String> {
        baseline.concerns(about(ends_on, 64)).into_iter().map(|one| one.code).collect()
    }

    #[test]
    fn a_yes_and_a_not_known_are_told_apart_and_a_no_is_none() {
        let answer = |said| Some(Answer { said, words: String::new() });
        let baseline = Baseline {
            opioids: answer(Said::Yes),
            alcohol: answer(Said::NotKnown),
            sedatives: answer(Said::No),
            pregnancy: Some(Pregnancy::NotKnown),
            route: Some(Route::Injected),
            ..Baseline::default()
        };
        let told: Vec<(String, Weight)> =
            baseline.concerns(about("2027-01-01", 64)).into_iter().map(|one| (one.code, one.weight)).collect();
        let wanted = [
            ("opioids", Weight::Present),
            ("alcohol", Weight::Unknown),
            ("pregnancy", Weight::Unknown),
            ("route", Weight::Present),
        ];
        assert_eq!(told, wanted.map(|(code, weight)| (code.to_owned(), weight)));
    }

    #[test]
    fn a_plan_that_outlives_its_prescription_says_so_from_the_day_after() {
        let baseline = Baseline { expires_on: parse_day("2027-05-20").ok(), ..Baseline::default() };
        assert_eq!(codes(&baseline, "2027-05-20"), [""; 0]);
        assert_eq!(codes(&baseline, "2027-05-21"), ["prescription"]);
    }

    #[test]
    fn support_lasts_three_months_longer_than_the_taper() {
        let until = |month: &str| Baseline {
            support: Some(Support { arranged: true, words: "CBT".into(), until: month.parse().ok() }),
            ..Baseline::default()
        };
        assert_eq!(codes(&until("2027-06"), "2027-03-31"), [""; 0]);
        assert_eq!(codes(&until("2027-05"), "2027-03-01"), ["support_ends"]);
        let none = Support { arranged: false, words: "she declined".into(), until: None };
        assert_eq!(codes(&Baseline { support: Some(none), ..Baseline::default() }, "2027-03-01"), ["support"]);
    }

    #[test]
    fn advanced_age_begins_at_65() {
        let baseline = Baseline::default();
        assert_eq!(baseline.concerns(about("2027-01-01", 64)), []);
        assert_eq!(baseline.concerns(about("2027-01-01", 65)).len(), 1);
    }
}

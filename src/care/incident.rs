//! Something was given that was not to be given. It is written down as it was, apart from the record of any dose, and the
//! incident stays open until a prescriber and a supervisor have answered it.
//!
//! Limits refuse before a dose is given. What was given can always be recorded: nothing here asks whether it was allowed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::amount::Amount;
use super::calendar::Zone;
use super::medicine::Medicine;
use super::people::{Role, Staff, one_of_several};
use super::refusal::Refusal;
use super::taper::rationale::tidy;

/// How it came that it was not to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mistake {
    GivenTwice,
    WrongDose,
    TooSoon,
    OverLimit,
    NotToBeGiven,
    NotOrdered,
}

impl Mistake {
    pub const ALL: [Mistake; 6] = [
        Mistake::GivenTwice,
        Mistake::WrongDose,
        Mistake::TooSoon,
        Mistake::OverLimit,
        Mistake::NotToBeGiven,
        Mistake::NotOrdered,
    ];

    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Mistake::GivenTwice => "given_twice",
            Mistake::WrongDose => "wrong_dose",
            Mistake::TooSoon => "too_soon",
            Mistake::OverLimit => "over_limit",
            Mistake::NotToBeGiven => "not_to_be_given",
            Mistake::NotOrdered => "not_ordered",
        }
    }

    pub fn of_word(word: &str) -> Option<Mistake> {
        Mistake::ALL.into_iter().find(|mistake| mistake.word() == word)
    }

    /// As a label begins: "Given twice".
    pub fn title(self) -> &'static str {
        match self {
            Mistake::GivenTwice => "Given twice",
            Mistake::WrongDose => "A wrong dose",
            Mistake::TooSoon => "Too soon",
            Mistake::OverLimit => "Over a limit",
            Mistake::NotToBeGiven => "Not to be given",
            Mistake::NotOrdered => "Not ordered",
        }
    }

    /// What it means, in a few words.
    pub fn looks(self) -> &'static str {
        match self {
            Mistake::GivenTwice => "the dose had been given already",
            Mistake::WrongDose => "more or less than was due, or another strength",
            Mistake::TooSoon => "the least interval was not over",
            Mistake::OverLimit => "more than 24 hours may hold",
            Mistake::NotToBeGiven => "withheld, suspended, undecided, or away",
            Mistake::NotOrdered => "another resident’s, or another medicine",
        }
    }
}

/// What was given in error, as it was written down for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    pub id: String,
    /// Its number in the history, which is where its fact keeps it.
    #[serde(skip)]
    pub n: i64,
    pub facility: String,
    /// The unit in which the resident lived when it was given.
    pub unit: String,
    pub resident: String,
    pub medicine: Medicine,
    pub given: Amount,
    pub mistake: Mistake,
    /// What happened.
    pub what: String,
    /// What was done about it at once.
    pub done: String,
    /// What was counted out, in words; empty where nothing stocked makes the amount.
    pub pieces: String,
    pub given_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    /// The person's id.
    pub recorded_by: String,
    /// Who gave it, by their id; nobody where that is not known.
    #[serde(default)]
    pub given_by: Option<String>,
    /// The record of the scheduled dose that it is about, by its id: its amount is counted there. Nothing where it was given
    /// apart from every dose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_record: Option<String>,
}

/// What a prescriber says of the resident, or a supervisor of the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub id: String,
    pub of_incident: String,
    pub role: Role,
    pub said: String,
    /// The person's id.
    pub answered_by: String,
    pub answered_at: DateTime<Utc>,
}

/// An incident was itself written down in error: it no longer stands, and stays as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Struck {
    pub id: String,
    pub of_incident: String,
    pub reason: String,
    /// The person's id.
    pub struck_by: String,
    pub struck_at: DateTime<Utc>,
}

one_of_several! {
    /// Whoever answers for the resident, or for the house.
    Answerer: Prescriber Supervisor
}

/// Both of them answer.
pub const ANSWERERS: [Role; 2] = [Role::Prescriber, Role::Supervisor];

/// An incident with what was answered, and whether it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentFile {
    pub incident: Incident,
    pub answers: Vec<Answer>,
    pub struck: Option<Struck>,
}

impl IncidentFile {
    pub fn answer_of(&self, role: Role) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.role == role)
    }

    /// Who has still to answer; nobody where it was itself an error.
    pub fn wanting(&self) -> Vec<Role> {
        let asked = ANSWERERS.into_iter().filter(|_| self.struck.is_none());
        asked.filter(|role| self.answer_of(*role).is_none()).collect()
    }

    pub fn is_open(&self) -> bool {
        !self.wanting().is_empty()
    }

    /// Everybody it names, by their ids.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        let incident = [Some(&self.incident.recorded_by), self.incident.given_by.as_ref()];
        let answers = self.answers.iter().map(|answer| &answer.answered_by);
        let struck = self.struck.iter().map(|struck| &struck.struck_by);
        incident.into_iter().flatten().chain(answers).chain(struck).map(String::as_str)
    }

    /// Each role answers once; what was answered stands.
    pub fn answer(&self, by: &Answerer, said: &str) -> Result<String, Refusal> {
        if self.struck.is_some() {
            return Err(Refusal::IncidentStruck);
        }
        match self.answer_of(by.role) {
            Some(_) => Err(Refusal::IncidentAnswered { role: by.role.word() }),
            None => words(said, Refusal::IncidentSaid),
        }
    }
}

/// What somebody says was given in error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncidentAsk {
    pub mistake: Option<Mistake>,
    pub medicine: String,
    /// As typed.
    pub amount: String,
    /// On the facility's clock; empty: now.
    pub given_at: String,
    /// A person's id, or `NOT_KNOWN`.
    pub given_by: String,
    pub what: String,
    pub done: String,
}

/// As chosen where nobody knows who gave it.
pub const NOT_KNOWN: &str = "not_known";

/// What goes into the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub mistake: Mistake,
    pub medicine: Medicine,
    pub given: Amount,
    pub given_at: DateTime<Utc>,
    /// The person's id; nobody where that is not known.
    pub given_by: Option<String>,
    pub what: String,
    pub done: String,
}

/// What a house knows whatever was given there in error.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The medicines that anybody here can have been given: those stocked.
    pub medicines: &'a [Medicine],
    /// Whoever can have given it, by id and name.
    pub nurses: &'a [(String, String)],
}

/// Ten years: what comes to light late is written down with its own time. Longer ago the year is mistyped.
const LONGEST_AGO: TimeDelta = TimeDelta::days(3_653);

const LONGEST_TEXT: usize = 1_000;

impl IncidentAsk {
    pub fn read(&self, known: Known, zone: Zone, now: DateTime<Utc>) -> Result<Happened, Refusal> {
        let mistake = self.mistake.ok_or(Refusal::MistakeMissing)?;
        let stocked = known.medicines.iter().find(|one| one.0 == self.medicine);
        let medicine = stocked.ok_or(Refusal::IncidentMedicine)?.clone();
        let given = Amount::parse(&self.amount)?;
        if given.is_zero() {
            return Err(Refusal::IncidentNothing);
        }
        let given_at = self.at(zone, now)?;
        let given_by = self.giver(known.nurses)?;
        let what = words(&self.what, Refusal::IncidentWhat)?;
        let done = done_at_once(&self.done)?;
        Ok(Happened { mistake, medicine, given, given_at, given_by, what, done })
    }

    /// Whoever reports it need not have given it: it is asked, and never taken for granted.
    fn giver(&self, nurses: &[(String, String)]) -> Result<Option<String>, Refusal> {
        match self.given_by.as_str() {
            NOT_KNOWN => Ok(None),
            chosen if nurses.iter().any(|(id, _)| id == chosen) => Ok(Some(chosen.to_owned())),
            _ => Err(Refusal::IncidentGiver),
        }
    }

    fn at(&self, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        let text = self.given_at.trim();
        if text.is_empty() {
            return Ok(now);
        }
        let local = zone.said(text, now).ok_or(Refusal::GivenAtUnreadable)?;
        match zone.passed(local, now) {
            at if at > now => Err(Refusal::GivenInFuture),
            at if now - at > LONGEST_AGO => Err(Refusal::IncidentLongAgo),
            at => Ok(at),
        }
    }
}

/// What was done about it at once.
pub fn done_at_once(typed: &str) -> Result<String, Refusal> {
    words(typed, Refusal::IncidentDone)
}

/// Something that can be read, and says something.
fn words(text: &str, missing: Refusal) -> Result<String, Refusal> {
    let text = tidy(text);
    if text.chars().filter(|letter| letter.is_alphanumeric()).count() < 3 {
        return Err(missing);
    }
    if text.chars().count() > LONGEST_TEXT { Err(Refusal::IncidentTextLong) } else { Ok(text) }
}

/// Whether this person may answer for this role.
pub fn answerer(staff: Staff, role: Role, holds: bool) -> Option<Answerer> {
    (holds && ANSWERERS.contains(&role)).then_some(Answerer { staff, role })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn ask(amount: &str, given_at: &str) -> IncidentAsk {
        IncidentAsk {
            mistake: Some(Mistake::GivenTwice),
            medicine: "clonazepam".to_owned(),
            amount: amount.to_owned(),
            given_at: given_at.to_owned(),
            given_by: "tom".to_owned(),
            what: "The night nurse had given it".to_owned(),
            done: "Watched, prescriber called".to_owned(),
        }
    }

    fn read(ask: &IncidentAsk) -> Result<Happened, Refusal> {
        let zone = "Europe/London".parse().unwrap();
        let medicines = [Medicine("clonazepam".to_owned())];
        let nurses = [("tom".to_owned(), "Tom Fielding RN".to_owned())];
        ask.read(Known { medicines: &medicines, nurses: &nurses }, zone, at("2026-10-25T01:30:00Z"))
    }

    #[test]
    fn everything_is_said_and_read_exactly() {
        let happened = read(&ask("0.5 mg", "2026-10-24T20:10")).unwrap();
        assert_eq!((happened.given, happened.given_at), (Amount::from_ug(500), at("2026-10-24T19:10:00Z")));
        assert_eq!(read(&ask("0 mg", "")), Err(Refusal::IncidentNothing));
        assert_eq!(read(&ask("0.5 mg", "2026-10-25T02:00")), Err(Refusal::GivenInFuture));
        assert_eq!(read(&ask("0.5 mg", "2016-09-20T02:00")), Err(Refusal::IncidentLongAgo));
        assert!(read(&ask("0.5 mg", "2025-09-20T02:00")).is_ok(), "found in an audit");
        assert_eq!(read(&IncidentAsk { mistake: None, ..ask("1 mg", "") }), Err(Refusal::MistakeMissing));
        let elsewhere = IncidentAsk { medicine: "aspirin".to_owned(), ..ask("1 mg", "") };
        assert_eq!(read(&elsewhere), Err(Refusal::IncidentMedicine));
        assert_eq!(happened.given_by.as_deref(), Some("tom"));
        let nobody = IncidentAsk { given_by: NOT_KNOWN.to_owned(), ..ask("1 mg", "") };
        assert_eq!(read(&nobody).unwrap().given_by, None);
        for other in ["", "eve"] {
            let ask = IncidentAsk { given_by: other.to_owned(), ..ask("1 mg", "") };
            assert_eq!(read(&ask), Err(Refusal::IncidentGiver), "{other:?}");
        }
        assert_eq!(read(&IncidentAsk { what: " . ".to_owned(), ..ask("1 mg", "") }), Err(Refusal::IncidentWhat));
        assert_eq!(read(&IncidentAsk { done: String::new(), ..ask("1 mg", "") }), Err(Refusal::IncidentDone));
    }

    #[test]
    fn in_the_hour_that_clocks_repeat_the_later_one_that_has_passed_counts() {
        assert_eq!(read(&ask("1 mg", "01:20")).unwrap().given_at, at("2026-10-25T01:20:00Z"));
        assert_eq!(read(&ask("1 mg", "01:40")).unwrap().given_at, at("2026-10-25T00:40:00Z"));
    }

    #[test]
    fn it_is_open_until_both_have_answered_and_each_answers_once() {
        let answer = |role| Answer {
            id: "one".to_owned(),
            of_incident: "one".to_owned(),
            role,
            said: "Watched overnight".to_owned(),
            answered_by: "somebody".to_owned(),
            answered_at: at("2026-10-25T01:30:00Z"),
        };
        let incident = Incident {
            id: "one".to_owned(),
            n: 1,
            facility: String::new(),
            unit: String::new(),
            resident: String::new(),
            medicine: Medicine("clonazepam".to_owned()),
            given: Amount::from_ug(500),
            mistake: Mistake::GivenTwice,
            what: String::new(),
            done: String::new(),
            pieces: String::new(),
            given_at: at("2026-10-25T01:00:00Z"),
            recorded_at: at("2026-10-25T01:30:00Z"),
            recorded_by: String::new(),
            given_by: None,
            of_record: None,
        };
        let mut file = IncidentFile { incident, answers: vec![], struck: None };
        let staff = Staff { person: "h".into(), name: "H".into(), facility: "one".into() };
        let by = |role| answerer(staff.clone(), role, true).unwrap();
        assert_eq!(file.wanting(), ANSWERERS);
        assert!(file.answer(&by(Role::Prescriber), "Watch until morning").is_ok());
        assert_eq!(file.answer(&by(Role::Prescriber), " "), Err(Refusal::IncidentSaid));
        file.answers.push(answer(Role::Prescriber));
        assert!(file.is_open() && file.answer(&by(Role::Prescriber), "Watch until morning").is_err());
        file.answers.push(answer(Role::Supervisor));
        assert!(!file.is_open());
        file.answers.clear();
        file.struck = Some(Struck {
            id: "strike".to_owned(),
            of_incident: "one".to_owned(),
            reason: "It was not given.".to_owned(),
            struck_by: "h".to_owned(),
            struck_at: at("2026-10-25T01:40:00Z"),
        });
        assert!(!file.is_open(), "nobody is asked about what did not happen");
        assert_eq!(file.answer(&by(Role::Prescriber), "Watch until morning"), Err(Refusal::IncidentStruck));
        assert_eq!(answerer(staff.clone(), Role::Nurse, true), None, "a nurse answers for neither");
    }
}

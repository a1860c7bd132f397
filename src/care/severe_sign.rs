//! A severe sign of a resident: an emergency before it is a matter of doses. What to do first, and what it stops.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Zone;
use super::people::{Confirmed, Role, Staff};
use super::refusal::Refusal;
use super::taper::rationale;

/// What was seen. Seizures, psychosis, delirium, hallucinations and thoughts of self-harm are the severe signs of
/// withdrawal; a suspected overdose is the severe sign of too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    Overdose,
    Seizure,
    SelfHarm,
    Delirium,
    Hallucinations,
    Psychosis,
}

impl Sign {
    /// The one that must be found first stands first.
    pub const ALL: [Sign; 6] =
        [Sign::Overdose, Sign::Seizure, Sign::SelfHarm, Sign::Delirium, Sign::Hallucinations, Sign::Psychosis];

    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Sign::Overdose => "overdose",
            Sign::Seizure => "seizure",
            Sign::SelfHarm => "self_harm",
            Sign::Delirium => "delirium",
            Sign::Hallucinations => "hallucinations",
            Sign::Psychosis => "psychosis",
        }
    }

    pub fn of_word(word: &str) -> Option<Sign> {
        Sign::ALL.into_iter().find(|sign| sign.word() == word)
    }

    /// As a label begins: "Suspected overdose".
    pub fn title(self) -> &'static str {
        match self {
            Sign::Overdose => "Suspected overdose",
            Sign::Seizure => "Seizure",
            Sign::SelfHarm => "Thoughts of self-harm",
            Sign::Delirium => "Delirium",
            Sign::Hallucinations => "Hallucinations",
            Sign::Psychosis => "Psychosis",
        }
    }

    /// What it looks like, in a few words.
    pub fn looks(self) -> &'static str {
        match self {
            Sign::Overdose => "or oversedation: hard to wake, breathing slow or noisy, lips blue or grey",
            Sign::Seizure => "jerking, stiff, or suddenly unaware",
            Sign::SelfHarm => "says so, or does it",
            Sign::Delirium => "suddenly confused, comes and goes",
            Sign::Hallucinations => "sees, hears or feels what is not there",
            Sign::Psychosis => "certain of what is not so, frightened or hostile",
        }
    }

    /// What to do until help is there. For a seizure CDC, "First Aid for Seizures"; on their side where breathing is
    /// in danger (recovery position); nobody who may harm themselves is left alone.
    pub fn until_help(self) -> &'static str {
        match self {
            Sign::Overdose => {
                "Stay, and watch the breathing. Lay them on their side. Give nothing by mouth. No breath: begin \
                 resuscitation."
            }
            Sign::Seizure => {
                "Stay. Clear what is hard away, turn them on their side, note the time. Do not hold them down, put \
                 nothing in their mouth."
            }
            Sign::SelfHarm => "Do not leave them alone, not for a moment. Take away what they could use. Listen.",
            Sign::Delirium | Sign::Hallucinations | Sign::Psychosis => {
                "Stay, or send somebody who stays. Keep it quiet and light, speak calmly, do not argue, keep them from \
                 falling."
            }
        }
    }

    /// Too much is in them already: no sedative is given until a prescriber has decided.
    pub fn withholds(self) -> bool {
        self == Sign::Overdose
    }
}

/// A severe sign as it was written down for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SevereSign {
    pub id: String,
    pub facility: String,
    /// The unit in which the resident lived then.
    pub unit: String,
    pub resident: String,
    pub sign: Sign,
    pub note: String,
    pub seen_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    /// The person's id.
    pub recorded_by: String,
}

/// Somebody who was told says that they know, so that the letters stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    pub id: String,
    pub of_sign: String,
    pub acknowledged_by: String,
    pub acknowledged_at: DateTime<Utc>,
}

/// A prescriber has decided: what the sign held may go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub id: String,
    pub of_sign: String,
    pub rationale: String,
    pub released_by: String,
    pub released_at: DateTime<Utc>,
}

/// A severe sign with what people did about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignFile {
    pub sign: SevereSign,
    /// In the order in which they came.
    pub acknowledged: Vec<Acknowledgement>,
    pub released: Option<Release>,
}

/// So long ago a sign may have been seen that somebody records now.
const LONGEST_AGO: TimeDelta = TimeDelta::hours(24);

const LONGEST_NOTE: usize = 500;

/// What somebody at the bedside says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignAsk {
    pub sign: Option<Sign>,
    pub note: String,
    /// On the facility's clock; empty: now.
    pub seen_at: String,
}

/// What goes into the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub sign: Sign,
    pub note: String,
    pub at: DateTime<Utc>,
}

impl SignAsk {
    /// Nothing but the sign has to be said: there is no time.
    pub fn read(&self, zone: Zone, now: DateTime<Utc>) -> Result<Seen, Refusal> {
        let sign = self.sign.ok_or(Refusal::SignMissing)?;
        let note = rationale::tidy(&self.note);
        if note.chars().count() > LONGEST_NOTE {
            return Err(Refusal::NoteTooLong);
        }
        Ok(Seen { sign, note, at: seen_at(&self.seen_at, zone, now)? })
    }
}

/// `08:10`, the last time it was so; or with its day, `2026-11-20T08:10`.
fn seen_at(text: &str, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(now);
    }
    let at = zone.instant(zone.said(text, now).ok_or(Refusal::SeenAtUnreadable)?);
    let possible = now - LONGEST_AGO..=now;
    if possible.contains(&at) { Ok(at) } else { Err(Refusal::SeenAtUnlikely) }
}

impl SignFile {
    pub fn is_open(&self) -> bool {
        self.released.is_none()
    }

    /// A prescriber releases what the sign held, with a rationale of this resident.
    pub fn release(
        &self,
        by: &Staff,
        confirmed: &Confirmed,
        why: &str,
        last_rationale: Option<&str>,
    ) -> Result<String, Refusal> {
        if confirmed.person != by.person {
            return Err(Refusal::WrongPassword);
        }
        if !self.is_open() {
            return Err(Refusal::SignReleased);
        }
        rationale::of_this_resident(why, last_rationale)
    }
}

/// Why no sedative of a resident is given now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withheld {
    pub sign: Sign,
    /// When it was seen: what was given before that can still be written down.
    pub since: DateTime<Utc>,
}

impl Withheld {
    /// Of the open signs of a resident the one that was seen first, among those that withhold.
    pub fn by<'a>(open: impl IntoIterator<Item = &'a SevereSign>) -> Option<Withheld> {
        let withholding = open.into_iter().filter(|one| one.sign.withholds());
        withholding.map(|one| Withheld { sign: one.sign, since: one.seen_at }).min_by_key(|one| one.since)
    }
}

/// Whoever is with residents may record a sign, in the role they hold there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onlooker {
    staff: Staff,
    role: Role,
}

/// Whoever is called acknowledges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    staff: Staff,
    role: Role,
}

macro_rules! in_one_of_several_roles {
    ($($name:ident: $($role:ident)*;)*) => { $(
        impl $name {
            /// In the first of these roles that they hold; none where they hold none of them.
            pub fn of(staff: Staff, holds: impl Fn(Role) -> bool) -> Option<$name> {
                let role = [$(Role::$role),*].into_iter().find(|role| holds(*role))?;
                Some($name { staff, role })
            }

            pub fn staff(&self) -> &Staff {
                &self.staff
            }

            pub fn role(&self) -> Role {
                self.role
            }
        }
    )* };
}
in_one_of_several_roles! {
    Onlooker: Nurse Prescriber Pharmacist Supervisor;
    Called: Prescriber Pharmacist Supervisor;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    fn read(sign: Option<Sign>, seen_at: &str) -> Result<DateTime<Utc>, Refusal> {
        let ask = SignAsk { sign, note: String::new(), seen_at: seen_at.to_owned() };
        ask.read(Zone::UTC, at("2026-11-21T08:12:30Z")).map(|seen| seen.at)
    }

    #[test]
    fn only_the_sign_has_to_be_said() {
        assert_eq!(read(Some(Sign::Seizure), ""), Ok(at("2026-11-21T08:12:30Z")));
        assert_eq!(read(None, ""), Err(Refusal::SignMissing));
    }

    #[test]
    fn a_time_without_its_day_is_the_last_one_that_has_passed() {
        assert_eq!(read(Some(Sign::Seizure), "08:10"), Ok(at("2026-11-21T08:10:00Z")));
        assert_eq!(read(Some(Sign::Seizure), "23:50"), Ok(at("2026-11-20T23:50:00Z")));
        assert_eq!(read(Some(Sign::Seizure), "2026-11-21T08:13"), Err(Refusal::SeenAtUnlikely), "it is to come");
        assert_eq!(read(Some(Sign::Seizure), "2026-11-20T08:12"), Err(Refusal::SeenAtUnlikely), "over a day ago");
        assert_eq!(read(Some(Sign::Seizure), "ten past"), Err(Refusal::SeenAtUnreadable));
    }

    fn seen(sign: Sign, at_clock: &str) -> SevereSign {
        let plain = || "one".to_owned();
        SevereSign {
            id: plain(),
            facility: plain(),
            unit: plain(),
            resident: plain(),
            sign,
            note: String::new(),
            seen_at: at(at_clock),
            recorded_at: at(at_clock),
            recorded_by: plain(),
        }
    }

    #[test]
    fn only_a_suspected_overdose_stops_the_doses_and_the_first_one_says_since_when() {
        let others = Sign::ALL.into_iter().filter(|sign| *sign != Sign::Overdose);
        let others: Vec<SevereSign> = others.map(|sign| seen(sign, "2026-11-21T08:00:00Z")).collect();
        assert_eq!((others.len(), Withheld::by(&others)), (5, None));
        let (late, early) =
            (seen(Sign::Overdose, "2026-11-21T08:10:00Z"), seen(Sign::Overdose, "2026-11-21T08:05:00Z"));
        let since = at("2026-11-21T08:05:00Z");
        assert_eq!(Withheld::by(others.iter().chain([&late, &early])).map(|one| one.since), Some(since));
    }

    #[test]
    fn a_sign_is_released_once_and_for_a_reason_of_this_resident() {
        let staff = |person: &str| Staff { person: person.into(), name: person.into(), facility: "one".into() };
        let confirmed = |person: &str| Confirmed { person: person.into() };
        let mut file =
            SignFile { sign: seen(Sign::Seizure, "2026-11-21T08:00:00Z"), acknowledged: Vec::new(), released: None };
        let why = "Back from hospital, EEG calm, the seizure came with a fever that is gone.";
        let (me, mine) = (staff("doctor"), confirmed("doctor"));
        assert_eq!(file.release(&me, &confirmed("other"), why, None), Err(Refusal::WrongPassword));
        assert!(file.release(&me, &mine, "ok", None).is_err());
        assert!(file.release(&me, &mine, why, Some(why)).is_err(), "the words of another release");
        assert_eq!(file.release(&me, &mine, why, None), Ok(why.to_owned()));
        file.released = Some(Release {
            id: "r".into(),
            of_sign: "one".into(),
            rationale: why.into(),
            released_by: "doctor".into(),
            released_at: at("2026-11-22T08:00:00Z"),
        });
        assert_eq!(
            file.release(&me, &mine, "Another reason that is of this resident too.", None),
            Err(Refusal::SignReleased)
        );
    }
}

//! What stands under a grid: why doses were not given or late, what was corrected, and what as-needed doses did.

use chrono::{DateTime, TimeDelta, Utc};

use crate::care::calendar::day_text;
use crate::care::incident::IncidentFile;
use crate::care::round::mar::{Entry, Mar, MarRecord, Stand, Taken};
use crate::care::round::outcome::{Outcome, reason_text};
use crate::care::round::vomit::Vomited;
use crate::care::taper::fact::PlanFact;
use crate::store::as_needed::AsNeededDose;
use crate::store::mar::{MonthFile, MonthOf};
use crate::web::parts::orders::prescriber;
use crate::web::parts::span_text;

/// Of what was recorded in error.
const NOTHING_STANDS: &str = "Nothing stands in its place.";

/// One note, by its number.
#[derive(Debug)]
pub struct Note {
    pub n: usize,
    /// `10 Nov 2026 20:00`
    pub when: String,
    pub medicine: String,
    /// What was written down first and then corrected: kept, struck through.
    pub struck: Vec<Struck>,
    pub text: String,
}

/// What no longer stands.
#[derive(Debug)]
pub struct Struck {
    pub was: String,
    /// `Corrected by Sofia Reyes, 10 Nov 2026 21:00: the wrong tile was touched.`
    pub by: String,
}

/// The notes of a month.
pub struct Notes<'a> {
    pub file: &'a MonthFile,
    pub of: &'a MonthOf,
    pub mar: &'a Mar,
}

impl Notes<'_> {
    pub fn all(&self) -> Vec<Note> {
        let of = self.of;
        let noted = self.mar.notes();
        let first = noted.len() + 1;
        let doses = noted.into_iter().map(|entry| self.of_entry(entry));
        let as_needed = (first..).zip(&of.as_needed).map(|(n, dose)| self.of_as_needed(n, dose));
        let wrong = (first + of.as_needed.len()..).zip(&of.incidents).map(|(n, one)| self.of_incident(n, one));
        doses.chain(as_needed).chain(wrong).collect()
    }

    fn of_entry(&self, entry: &Entry) -> Note {
        let text = match (entry.stand, entry.standing()) {
            (_, Some(record)) => self.told(record, !entry.corrected().is_empty()),
            (Stand::Taken(taken), None) => self.taken(entry, taken),
            (Stand::Undecided, None) => "Decision needed: none is given until a prescriber has decided.".to_owned(),
            (Stand::NoRecord, None) => "No record: nobody has written down what happened to this dose.".to_owned(),
            (_, None) => NOTHING_STANDS.to_owned(),
        };
        Note {
            n: entry.note.unwrap_or_default(),
            when: format!("{} {}", day_text(entry.key.on), entry.key.slot),
            medicine: entry.key.medicine.to_string(),
            struck: entry.corrected().iter().map(|record| self.struck(record)).collect(),
            text,
        }
    }

    /// `Suspended by an urgent order of Dr Helen Marsh, 10 Nov 2026 09:30: none is given until a prescriber has decided.`
    fn taken(&self, entry: &Entry, taken: Taken) -> String {
        let facts = self.of.plans.iter().flat_map(|file| &file.facts);
        let fact = facts.into_iter().find(|fact| Some(fact.id.as_str()) == entry.taken_by());
        let at = |fact: &PlanFact| self.moment(fact.telephone.as_ref().map_or(fact.at, |call| call.called_at));
        let by = fact.map(|fact| format!("{}, {}", self.name(prescriber(fact)), at(fact))).unwrap_or_default();
        match taken {
            Taken::Suspended => {
                format!("Suspended by an urgent order of {by}: none is given until a prescriber has decided.")
            }
            Taken::Stopped => format!("Stopped above 0\u{a0}mg, countersigned by {by}."),
        }
    }

    fn struck(&self, record: &MarRecord) -> Struck {
        let word = if record.in_error { "Recorded in error: struck out" } else { "Corrected" };
        let by = record.corrected.as_ref().map(|one| self.by(word, (&one.by, one.at), &one.reason));
        Struck { was: self.told(record, true), by: by.unwrap_or_default() }
    }

    /// `Corrected by Sofia Reyes, 10 Nov 2026 21:00: the wrong tile was touched.`
    fn by(&self, word: &str, (by, at): (&str, DateTime<Utc>), reason: &str) -> String {
        format!("{word} by {}, {}: {}", self.name(by), self.moment(at), full_stop(reason))
    }

    /// `R refused, did not want it. Asked again at 09:00. Tom Fielding.` `timed`: with the time, where the cell does not
    /// show it.
    fn told(&self, record: &MarRecord, timed: bool) -> String {
        let letters = self.file.letters.letters(record.outcome, &record.reason).map(|letters| format!("{letters} "));
        let part = match record.outcome {
            Outcome::GivenInPart => format!(", {} of {}", record.given, record.planned),
            _ => String::new(),
        };
        let outside = record.is_outside(self.file.facility.windows);
        let apart = if outside { apart(record) } else { String::new() };
        let at = if timed { format!(" at {}", self.time(record)) } else { String::new() };
        let reason = reason_text(&record.reason).map(|reason| format!(", {}", reason.to_lowercase()));
        let note = if record.note.is_empty() { String::new() } else { format!(" {}", full_stop(&record.note)) };
        let (letters, reason) = (letters.unwrap_or_default(), reason.unwrap_or_default());
        let what = if letters.is_empty() { record.outcome.title() } else { record.outcome.text() };
        let vomited: String = record.vomited.iter().map(|one| self.vomited(record, one)).collect();
        format!("{letters}{what}{at}{part}{apart}{reason}.{note} {}.{vomited}", self.name(&record.by))
    }

    /// ` Vomited 25 min after it: half a tablet. Tom Fielding.`
    fn vomited(&self, record: &MarRecord, one: &Vomited) -> String {
        let minutes = one.minutes_after(record.given_at);
        format!(" Vomited {minutes} min after it: {} {}.", full_stop(&one.seen), self.name(&one.noted_by))
    }

    /// `08:05`; of another day than its own with the day.
    fn time(&self, record: &MarRecord) -> String {
        let at = self.file.facility.zone.local(record.given_at);
        if at.date() == record.key.on { at.format("%H:%M").to_string() } else { self.moment(record.given_at) }
    }

    /// `10 Nov 2026 09:30`
    fn moment(&self, at: DateTime<Utc>) -> String {
        let at = self.file.facility.zone.local(at);
        format!("{} {}", day_text(at.date()), at.format("%H:%M"))
    }

    /// `As needed: 0.5 mg, panic. Helped a little. Sofia Reyes.`
    fn of_as_needed(&self, n: usize, dose: &AsNeededDose) -> Note {
        let effect = self.file.effects.get(&dose.id);
        let effect = effect.map_or("Effect not noted".to_owned(), |noted| match noted.note.as_str() {
            "" => noted.effect.title().to_owned(),
            note => format!("{}: {note}", noted.effect.title()),
        });
        let (why, effect, by) = (full_stop(&dose.why), full_stop(&effect), self.name(dose.giver()));
        let said = format!("As needed: {}. {why} {effect} {by}.", dose.given);
        let (struck, text) = match self.file.strikes.get(&dose.id) {
            Some(strike) => self.in_error(said, (&strike.struck_by, strike.struck_at), &strike.reason),
            None => (Vec::new(), said),
        };
        Note { n, when: self.moment(dose.given_at), medicine: dose.medicine.to_string(), struck, text }
    }

    /// What was said, struck through, and why nothing stands in its place.
    fn in_error(&self, was: String, by: (&str, DateTime<Utc>), reason: &str) -> (Vec<Struck>, String) {
        let by = self.by("Recorded in error: struck out", by, reason);
        (vec![Struck { was, by }], NOTHING_STANDS.to_owned())
    }

    /// `Given in error: 0.5 mg, given twice. The cup was not cleared away. Given by Tom Fielding, reported by Sofia Reyes.`
    fn of_incident(&self, n: usize, file: &IncidentFile) -> Note {
        let incident = &file.incident;
        let (given, mistake) = (incident.given, incident.mistake.title().to_lowercase());
        let (what, reporter) = (full_stop(&incident.what), self.name(&incident.recorded_by));
        let by = match &incident.given_by {
            Some(giver) => format!("Given by {}, reported by {reporter}.", self.name(giver)),
            None => format!("Who gave it is not known; reported by {reporter}."),
        };
        let said = format!("Given in error: {given}, {mistake}. {what} {by}");
        let (struck, text) = match &file.struck {
            Some(struck) => self.in_error(said, (&struck.struck_by, struck.struck_at), &struck.reason),
            None => (Vec::new(), said),
        };
        Note { n, when: self.moment(incident.given_at), medicine: incident.medicine.to_string(), struck, text }
    }

    fn name(&self, person: &str) -> &str {
        self.file.names.get(person).map_or("", String::as_str)
    }
}

/// `, 1 h 24 min late`
fn apart(record: &MarRecord) -> String {
    let late = record.given_at - record.due_at;
    let word = if late < TimeDelta::zero() { "early" } else { "late" };
    format!(", {} {word}", span_text(late.abs()))
}

fn full_stop(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

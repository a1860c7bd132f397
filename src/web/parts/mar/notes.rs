//! What stands under a grid: why doses were not given or late, what was corrected, and what as-needed doses did.

use crate::care::calendar::day_text;
use crate::care::incident::IncidentFile;
use crate::care::round::mar::{Entry, Mar, MarRecord, Stand};
use crate::care::round::outcome::{Outcome, reason_text};
use crate::care::round::vomit::Vomited;
use crate::store::as_needed::AsNeededDose;
use crate::store::mar::{MonthFile, MonthOf};
use crate::web::parts::span_text;

/// One note, by its number.
#[derive(Debug)]
pub struct Note {
    pub n: usize,
    /// `10 Nov 2026 20:00`
    pub when: String,
    pub medicine: String,
    /// What was written down first and then corrected: kept, struck through.
    pub struck: Vec<String>,
    pub text: String,
}

/// The notes of a month.
pub struct Notes<'a> {
    pub file: &'a MonthFile,
    pub mar: &'a Mar,
}

impl Notes<'_> {
    pub fn all(&self, of: &MonthOf) -> Vec<Note> {
        let noted = self.mar.notes();
        let first = noted.len() + 1;
        let doses = noted.into_iter().map(|entry| self.of_entry(entry));
        let as_needed = (first..).zip(&of.as_needed).map(|(n, dose)| self.of_as_needed(n, dose));
        let wrong = (first + of.as_needed.len()..).zip(&of.incidents).map(|(n, one)| self.of_incident(n, one));
        doses.chain(as_needed).chain(wrong).collect()
    }

    fn of_entry(&self, entry: &Entry) -> Note {
        let text = match (entry.stand, entry.standing()) {
            (_, Some(record)) => self.told(entry, record),
            (Stand::Undecided, None) => "Decision needed: none is given until a prescriber has decided.".to_owned(),
            (Stand::NoRecord, None) => "No record: nobody has written down what happened to this dose.".to_owned(),
            (_, None) => "Recorded in error: nothing stands in its place.".to_owned(),
        };
        Note {
            n: entry.note.unwrap_or_default(),
            when: format!("{} {}", day_text(entry.key.on), entry.key.slot),
            medicine: entry.key.medicine.to_string(),
            struck: entry.corrected().iter().map(|record| self.told(entry, record)).collect(),
            text,
        }
    }

    /// `R refused, did not want it. Asked again at 09:00. Tom Fielding.`
    fn told(&self, entry: &Entry, record: &MarRecord) -> String {
        let letters = self.file.letters.letters(record.outcome, &record.reason).map(|letters| format!("{letters} "));
        let part = match record.outcome {
            Outcome::GivenInPart => format!(", {} of {}", record.given, record.planned),
            _ => String::new(),
        };
        let apart = if entry.outside { self.apart(record) } else { String::new() };
        let reason = reason_text(&record.reason).map(|reason| format!(", {}", reason.to_lowercase()));
        let note = if record.note.is_empty() { String::new() } else { format!(" {}", full_stop(&record.note)) };
        let (letters, reason) = (letters.unwrap_or_default(), reason.unwrap_or_default());
        let what = if letters.is_empty() { record.outcome.title() } else { record.outcome.text() };
        let vomited: String = record.vomited.iter().map(|one| self.vomited(record, one)).collect();
        format!("{letters}{what}{part}{apart}{reason}.{note} {}.{vomited}", self.name(&record.by))
    }

    /// ` Vomited 25 min after it: half a tablet. Tom Fielding.`
    fn vomited(&self, record: &MarRecord, one: &Vomited) -> String {
        let minutes = one.minutes_after(record.given_at);
        format!(" Vomited {minutes} min after it: {} {}.", full_stop(&one.seen), self.name(&one.noted_by))
    }

    /// ` 1 h 24 min late`
    fn apart(&self, record: &MarRecord) -> String {
        let late = record.given_at - record.due_at;
        let word = if late < chrono::TimeDelta::zero() { "early" } else { "late" };
        format!(" {} {word}", span_text(late.abs()))
    }

    /// `As needed: 0.5 mg, panic. Helped a little. Sofia Reyes.`
    fn of_as_needed(&self, n: usize, dose: &AsNeededDose) -> Note {
        let effect = self.file.effects.get(&dose.id);
        let effect = effect.map_or("Effect not noted".to_owned(), |noted| match noted.note.as_str() {
            "" => noted.effect.title().to_owned(),
            note => format!("{}: {note}", noted.effect.title()),
        });
        let at = self.file.facility.zone.local(dose.given_at);
        let (why, effect, by) = (full_stop(&dose.why), full_stop(&effect), self.name(dose.giver()));
        let said = format!("As needed: {}. {why} {effect} {by}.", dose.given);
        let (struck, text) = match self.file.strikes.get(&dose.id) {
            Some(strike) => (vec![said], format!("Recorded in error: {}", full_stop(&strike.reason))),
            None => (Vec::new(), said),
        };
        Note {
            n,
            when: format!("{} {}", day_text(at.date()), at.format("%H:%M")),
            medicine: dose.medicine.to_string(),
            struck,
            text,
        }
    }

    /// `Given in error: 0.5 mg, given twice. The cup was not cleared away. Sofia Reyes.`
    fn of_incident(&self, n: usize, file: &IncidentFile) -> Note {
        let incident = &file.incident;
        let at = self.file.facility.zone.local(incident.given_at);
        let (given, mistake) = (incident.given, incident.mistake.title().to_lowercase());
        let (what, by) = (full_stop(&incident.what), self.name(&incident.recorded_by));
        let said = format!("Given in error: {given}, {mistake}. {what} {by}.");
        let (struck, text) = match &file.struck {
            Some(struck) => (vec![said], format!("Recorded in error: {}", full_stop(&struck.reason))),
            None => (Vec::new(), said),
        };
        Note {
            n,
            when: format!("{} {}", day_text(at.date()), at.format("%H:%M")),
            medicine: incident.medicine.to_string(),
            struck,
            text,
        }
    }

    fn name(&self, person: &str) -> &str {
        self.file.names.get(person).map_or("", String::as_str)
    }
}

fn full_stop(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

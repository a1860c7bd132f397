//! An absence and its end, told in sentences.

use chrono::{DateTime, Utc};

use super::Told;
use crate::care::absence::{Absence, BackOn, Elsewhere};
use crate::care::calendar::{Zone, day_text};
use crate::store::absences::AbsenceEnd;

/// Where the fact is about somebody who left or came back.
pub fn told(body: &str, zone: Zone) -> Option<Told> {
    if let Ok(absence) = serde_json::from_str::<Absence>(body) {
        return Some(left(&absence, zone));
    }
    serde_json::from_str::<AbsenceEnd>(body).ok().map(|end| back(&end, zone))
}

fn left(absence: &Absence, zone: Zone) -> Told {
    let since = format!("{} since {}. No doses are due here.", absence.kind.title(), moment(absence.left_at, zone));
    Told {
        title: "Absence recorded".to_owned(),
        sentences: [Some(since), noted(&absence.note)].into_iter().flatten().collect(),
    }
}

fn back(end: &AbsenceEnd, zone: Zone) -> Told {
    let since = format!("Back since {}.", moment(end.back_at, zone));
    let plans = end.elsewhere.iter().flat_map(|one| elsewhere(one, zone));
    let sentences = std::iter::once(since).chain(plans).chain(noted(&end.note)).collect();
    Told { title: "Return recorded".to_owned(), sentences }
}

fn elsewhere(one: &Elsewhere, zone: Zone) -> Vec<String> {
    let last = one.last_at.zip(one.last_amount);
    let last = last.map(|(at, amount)| format!("Last dose elsewhere: {amount} on {}.", moment(at, zone)));
    let letter = (!one.letter.is_empty()).then(|| format!("Discharge letter: “{}”", one.letter));
    let back_on = match (one.settled, one.back_on) {
        (true, _) => "On with the dose from before.",
        (false, BackOn::Same) => {
            "The same dose as before, after too many days without doses here: a prescriber decides."
        }
        (false, BackOn::Other) => "Another dose than before: a prescriber decides.",
        (false, BackOn::NotKnown) => "On which dose is not known: a prescriber decides.",
    };
    [last, Some(back_on.to_owned()), letter].into_iter().flatten().collect()
}

fn noted(note: &str) -> Option<String> {
    (!note.is_empty()).then(|| format!("Note: “{note}”"))
}

fn moment(at: DateTime<Utc>, zone: Zone) -> String {
    let local = zone.local(at);
    format!("{} {}", day_text(local.date()), local.format("%H:%M"))
}

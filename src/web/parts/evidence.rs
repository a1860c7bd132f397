//! What a decision about a reduction rests on: the same part before the signature and, as it was kept, years after it.

use std::collections::BTreeSet;

use askama::Template;
use askama::filters::HtmlSafe;

use super::decided;
use super::icon::Icon;
use super::missed::Missed;
use super::pieces::MakeUp;
use super::risks::Risks;
use super::scores::Scores;
use crate::care::calendar::{Zone, day_text, moment_text};
use crate::care::medicine::tablets::Pieces;
use crate::care::round::taper_alert::because_text;
use crate::care::taper::snapshot::{
    AlertKept, AsNeededKept, DayTaken, InErrorKept, Made, NotGiven, OrderKept, SignKept, Snapshot,
};

#[derive(Debug, Template)]
#[template(path = "parts/evidence.html")]
pub struct Evidence {
    /// `26 of 28 doses given since 02 Nov 2026`
    adherence: String,
    days: Vec<Day>,
    /// Two medicines: each line names its own.
    several: bool,
    not_given: Vec<String>,
    signs: Vec<Seen>,
    orders: Vec<Ordered>,
    alerts: Vec<Alerted>,
    as_needed: Vec<Used>,
    in_error: Vec<String>,
    scores: Option<Scores>,
    /// Why there are none.
    no_scores: &'static str,
    risks: Risks,
    pieces: Vec<Line>,
    stock: String,
    supply: Vec<String>,
}

#[derive(Debug)]
struct Day {
    on: String,
    medicine: String,
    planned: String,
    signed: String,
    given: String,
    /// `1 dose open`
    open: String,
    /// It is not what was signed for the day.
    differs: bool,
}

#[derive(Debug)]
struct Seen {
    /// `Seizure, seen 28 Nov 2026 09:00`
    what: String,
    note: String,
    /// `Released by Dr Helen Marsh, 29 Nov 2026 10:15`; who has not been asked yet, where nobody has.
    released: String,
    why: String,
}

#[derive(Debug)]
struct Ordered {
    /// `Urgent order: suspended`
    what: String,
    /// `Give nothing, from 20:00 on 20 Nov 2026.`
    effect: String,
    /// `Dr Helen Marsh, 20 Nov 2026 18:12`
    by: String,
    why: String,
}

#[derive(Debug)]
struct Alerted {
    /// `20 Nov 2026 08:10: two doses in a row were not given`
    what: String,
    done: String,
    by: String,
}

#[derive(Debug)]
struct Used {
    at: String,
    dose: String,
    why: String,
    effect: String,
}

#[derive(Debug)]
struct Line {
    slot: String,
    dose: String,
    made_of: MakeUp,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Evidence {}

impl Evidence {
    pub fn new(snapshot: &Snapshot, zone: Zone) -> Evidence {
        let medicines: BTreeSet<_> = snapshot.days.iter().map(|day| &day.medicine).collect();
        Evidence {
            adherence: adherence(snapshot),
            days: snapshot.days.iter().map(day).collect(),
            several: medicines.len() > 1,
            not_given: snapshot.not_given.iter().map(not_given).collect(),
            signs: snapshot.signs.iter().map(|sign| seen(sign, zone)).collect(),
            orders: snapshot.orders.iter().map(|order| ordered(order, zone)).collect(),
            alerts: snapshot.alerts.iter().map(|alert| alerted(alert, zone)).collect(),
            as_needed: snapshot.as_needed.iter().map(|dose| used(dose, zone)).collect(),
            in_error: snapshot.in_error.iter().map(|one| wrongly(one, zone)).collect(),
            scores: Scores::new(&snapshot.scores, zone),
            no_scores: match snapshot.scores_asked {
                true => "The resident has not been scored.",
                false => "No scores are asked for here: an administrator chooses a scale in the settings.",
            },
            risks: Risks::new(&snapshot.risks),
            pieces: snapshot.pieces.iter().map(line).collect(),
            stock: snapshot.stock.join(", "),
            supply: snapshot.supply.clone(),
        }
    }
}

/// `18 Nov 2026 14:10: 0.5 mg clonazepam, given twice. The cup was not cleared away.`
fn wrongly(one: &InErrorKept, zone: Zone) -> String {
    let (at, mistake) = (moment_text(zone, one.given_at), one.mistake.title().to_lowercase());
    format!("{at}: {} {}, {mistake}. {}", one.given, one.medicine, one.what)
}

fn adherence(snapshot: &Snapshot) -> String {
    let since = snapshot.since.map(|on| format!(" since {}", day_text(on))).unwrap_or_default();
    let handed = match snapshot.handed {
        0 => String::new(),
        1 => "; 1 of the last 4 weeks handed to the resident to take alone".to_owned(),
        many => format!("; {many} of the last 4 weeks handed to the resident to take alone"),
    };
    let (kept, vomited) = match snapshot.adherence.vomited {
        0 => ("", String::new()),
        many => (" and kept", format!(", {many} vomited")),
    };
    let (given, planned) = (snapshot.adherence.given, snapshot.adherence.planned);
    format!("{given} of {planned} doses given{kept}{since}{vomited}{handed}")
}

fn day(day: &DayTaken) -> Day {
    Day {
        on: day_text(day.on),
        medicine: day.medicine.to_string(),
        planned: day.planned.to_string(),
        signed: day.signed.to_string(),
        given: day.given.to_string(),
        open: match day.open {
            0 => String::new(),
            1 => "1 dose open".to_owned(),
            many => format!("{many} doses open"),
        },
        differs: day.given != day.signed,
    }
}

/// `10 Nov 2026 20:00, clonazepam 0.75 mg: refused, 0 mg given. Resident refused`
fn not_given(dose: &NotGiven) -> String {
    let missed = dose.outcome.map_or(Some(Missed::NoRecord), Missed::of).map_or("given", Missed::words);
    let given = if dose.given.is_zero() { String::new() } else { format!(", {} given", dose.given) };
    let reason = if dose.reason.is_empty() { String::new() } else { format!(" ({})", dose.reason) };
    let vomited = dose.vomited_minutes.map(|minutes| format!(", vomited {minutes} min after it, may not have stayed"));
    let vomited = vomited.unwrap_or_default();
    format!("{} {}, {} {}: {missed}{given}{reason}{vomited}", day_text(dose.on), dose.slot, dose.medicine, dose.amount)
}

fn seen(kept: &SignKept, zone: Zone) -> Seen {
    let (released, why) = match &kept.released {
        Some(release) => {
            (format!("Released by {}, {}", release.by, moment_text(zone, release.at)), release.why.clone())
        }
        None => ("No prescriber has released it.".to_owned(), String::new()),
    };
    let what = format!("{}, seen {}", kept.sign.title(), moment_text(zone, kept.seen_at));
    Seen { what, note: kept.note.clone(), released, why }
}

fn ordered(kept: &OrderKept, zone: Zone) -> Ordered {
    Ordered {
        what: decided::title(&kept.ordered),
        effect: decided::effect(&kept.ordered),
        by: format!("{}, {}", kept.by, moment_text(zone, kept.at)),
        why: kept.why.clone(),
    }
}

fn alerted(alert: &AlertKept, zone: Zone) -> Alerted {
    Alerted {
        what: format!("{}: {}", moment_text(zone, alert.since), because_text(&alert.because)),
        done: alert.done.clone(),
        by: alert.by.clone(),
    }
}

fn used(dose: &AsNeededKept, zone: Zone) -> Used {
    Used {
        at: moment_text(zone, dose.given_at),
        dose: format!("{} {}", dose.medicine, dose.given),
        why: dose.why.clone(),
        effect: if dose.effect.is_empty() { "not noted".to_owned() } else { dose.effect.clone() },
    }
}

fn line(made: &Made) -> Line {
    Line {
        slot: made.slot.to_string(),
        dose: format!("{} {}", made.medicine, made.amount),
        made_of: MakeUp::planned(made.amount, made.pieces.as_ref().unwrap_or(&Pieces::default())),
    }
}

//! The bands of a grid: what is signed, day by day, and apart from it what is only planned.

use super::Taper;
use crate::care::amount::Amount;
use crate::care::calendar::day_text;
use crate::care::medicine::tablets::Shelf;
use crate::care::round::mar::{Band, Span, Taken, spans_of};
use crate::care::taper::daily::Daily;
use crate::care::taper::level::{Footing, PlanAct, PlanFact, Stage};
use crate::store::mar::MonthFile;
use crate::store::plans::PlanState;
use crate::web::parts::decided;
use crate::web::parts::orders::prescriber;

/// Some days of a band, with as much text as there is room for; whoever hears it hears all.
#[derive(Debug, PartialEq, Eq)]
pub struct Strip {
    pub class: &'static str,
    pub days: usize,
    pub shown: String,
    /// Empty where all of it is shown.
    pub full: String,
}

/// The bands of one plan.
#[derive(Debug)]
pub struct PlanLines {
    pub name: String,
    pub signed: Vec<Strip>,
    /// Empty where nothing is planned in the month.
    pub planned: Vec<Strip>,
}

/// So many days have room for a sentence, for a change, and for an amount with its unit. An amount is never cut.
const SENTENCE: usize = 14;
const CHANGE: usize = 8;
const AMOUNT: usize = 3;

/// One text in the lengths that there may be room for.
struct Lengths {
    full: String,
    change: String,
    amount: String,
    number: String,
}

impl Strip {
    fn new(class: &'static str, days: usize, text: Lengths) -> Strip {
        let Lengths { full, change, amount, number } = text;
        let shown = match days {
            SENTENCE.. => full.clone(),
            CHANGE.. => change,
            AMOUNT.. => amount,
            _ => number,
        };
        let full = if shown == full { String::new() } else { full };
        Strip { class, days, shown, full }
    }

    pub fn empty(days: usize) -> Strip {
        Strip { class: "", days, shown: String::new(), full: String::new() }
    }

    /// Too narrow for letters of the usual size.
    pub fn is_tiny(&self) -> bool {
        self.days < AMOUNT
    }
}

/// The dose of one slot, from change to change. What is in stock now says nothing of the pieces of days that are over.
pub fn bands(bands: &[Band], shelf: &Shelf, file: &MonthFile) -> Vec<Strip> {
    let today = file.facility.zone.day(file.now);
    let over = file.month.days().take_while(|on| *on < today).count();
    bands.iter().map(|band| strip(band, shelf, band.from + band.days <= over)).collect()
}

fn strip(band: &Band, shelf: &Shelf, over: bool) -> Strip {
    let Some(level) = &band.level else { return Strip::empty(band.days) };
    if level.undecided {
        return Strip::new("b-q", band.days, question(""));
    }
    let amount = level.amount;
    let change = band.changed_from.map_or_else(|| amount.to_string(), |from| format!("from {from} to {amount}"));
    let full = match shelf.pieces(amount) {
        _ if amount.is_zero() => format!("{change}: {}", none_text(band.taken)),
        _ if over => change.clone(),
        Some(pieces) => format!("{change}: {pieces}"),
        None => format!("{change}: cannot be made from what is in stock"),
    };
    let class = if band.taken.is_some() { "b-q" } else { "b-s2" };
    Strip::new(class, band.days, Lengths { full, change, amount: amount.to_string(), number: amount.number() })
}

/// Why there is none.
fn none_text(taken: Option<Taken>) -> &'static str {
    match taken {
        None => "planned, no dose",
        Some(Taken::Suspended) => "suspended, urgent order",
        Some(Taken::Stopped) => "stopped, countersigned",
    }
}

/// Nobody has decided the level.
fn question(by: &str) -> Lengths {
    let full = format!("Decision needed: none is given{by}");
    Lengths { full, change: "Decision needed".into(), amount: "Decision".into(), number: "?".into() }
}

/// What an order brings on the days on which it is in force.
pub fn order_strips(month_days: usize, from: usize, days: usize, full: String, amount: Amount) -> Vec<Strip> {
    let text = Lengths { full, change: amount.to_string(), amount: amount.to_string(), number: amount.number() };
    let order = Strip::new("b-s2", days, text);
    let after = month_days - from - days;
    let all = [Strip::empty(from), order, Strip::empty(after)];
    all.into_iter().filter(|strip| strip.days > 0).collect()
}

/// `several`: each plan is named.
pub fn plan_lines(file: &MonthFile, taper: &Taper, several: bool) -> PlanLines {
    let name = if several { format!("{}, signed", taper.file.plan.named()) } else { "Signed daily dose".to_owned() };
    let spans = spans_of(file.month, &taper.course);
    let last = spans.len().saturating_sub(1);
    let signed = spans.iter().enumerate().map(|(n, span)| span_strip(file, taper, span, n == last)).collect();
    PlanLines { name, signed, planned: planned(file, taper) }
}

fn span_strip(file: &MonthFile, taper: &Taper, span: &Span, last: bool) -> Strip {
    let Some(stage) = span.stage else { return Strip::empty(span.days) };
    let authority = taper.file.facts.iter().find(|fact| fact.id == stage.authorised_by);
    let by = authority.map(|fact| format!(", {}", authority_text(file, fact))).unwrap_or_default();
    match stage.footing {
        Footing::Away => {
            let full = format!("Away: no doses are due here{by}");
            let away = Lengths { full, change: "Away".into(), amount: "Away".into(), number: "–".into() };
            Strip::new("b-a", span.days, away)
        }
        Footing::Undecided => Strip::new("b-q", span.days, question(&by)),
        Footing::Planned | Footing::Ordered | Footing::Stopped => level_strip(taper, stage, span, &by, last),
    }
}

fn level_strip(taper: &Taper, stage: &Stage, span: &Span, by: &str, last: bool) -> Strip {
    let daily = taper.file.plan.daily(&stage.step);
    let stays =
        if last && taper.course.waiting().is_some() { ". Stays in effect until the next signature" } else { "" };
    Strip::new("b-s", span.days, lengths_of(&daily, &format!("{by}{stays}")))
}

/// What a day comes to. Two medicines have no one number.
fn lengths_of(daily: &Daily, more: &str) -> Lengths {
    let (full, change) = (format!("{daily} daily{more}"), format!("{daily} daily"));
    let number = daily.plain().map(Amount::number);
    let amount = daily.plain().map(|amount| amount.to_string());
    let narrow = || "…".to_owned();
    Lengths { full, change, amount: amount.unwrap_or_else(narrow), number: number.unwrap_or_else(narrow) }
}

/// `signed P. Venkatesan 30 Oct 2026 14:22`
fn authority_text(file: &MonthFile, fact: &PlanFact) -> String {
    let name = file.names.get(prescriber(fact)).map_or("", String::as_str);
    let at = file.facility.zone.local(fact.at);
    let word = match fact.act {
        PlanAct::Approved { .. } => "approved".to_owned(),
        PlanAct::Signed { .. } => "signed".to_owned(),
        _ => decided::title(&fact.act).to_lowercase(),
    };
    format!("{word} {name} {} {}", day_text(at.date()), at.format("%H:%M"))
}

/// The steps that nobody has signed, on the days on which they could take effect.
fn planned(file: &MonthFile, taper: &Taper) -> Vec<Strip> {
    let today = file.facility.zone.day(file.now);
    let running = taper.file.state == PlanState::Running;
    let outlook = if running { taper.course.outlook(&taper.file.plan, today) } else { Vec::new() };
    let end = file.month.days().count();
    let starts: Vec<(usize, u32)> = outlook
        .into_iter()
        .filter(|(_, on)| *on <= file.month.last())
        .map(|(step, on)| (if on < file.month.first() { 0 } else { file.month.place(on) }, step))
        .collect();
    let Some((first, _)) = starts.first().filter(|_| today <= file.month.last()) else { return Vec::new() };
    let mut strips = vec![Strip::empty(*first)];
    for (n, (from, step)) in starts.iter().enumerate() {
        let until = starts.get(n + 1).map_or(end, |(next, _)| *next);
        let Some(step) = taper.file.plan.step(*step).filter(|_| until > *from) else { continue };
        let daily = taper.file.plan.daily(step);
        let on = file.month.days().nth(*from).unwrap_or(file.month.first());
        let text = lengths_of(&daily, &format!(" from {}, not signed", day_text(on)));
        strips.push(Strip::new("b-u", until - from, text));
    }
    strips.retain(|strip| strip.days > 0);
    strips
}

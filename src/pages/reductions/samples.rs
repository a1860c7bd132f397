//! Queues of reductions to be rendered by the test of every page.

use super::stops::Stop;
use super::{Row, View, urgency};
use crate::care::people::Role;
use crate::care::taper::level::PlanAct;
use crate::web::parts::samples::HOSTILE;
use crate::web::parts::samples::tapers::{Taper, Written, orders};
use crate::web::{Menu, Shell};

/// One reduction of every urgency; the last of these is nobody's to sign yet.
fn every_urgency(reductions: u32, written: &Written) -> Vec<Taper> {
    let running = |days_ago| Taper::running(reductions, days_ago, written.clone());
    let late =
        (1..reductions).fold(running(14 * reductions + 6), |taper, n| taper.signed(n, 14 * (reductions - n) + 6));
    vec![
        running(40),
        late,
        running(14),
        running(12),
        running(8),
        running(20).then(3, PlanAct::Returned { n: 1 }),
        running(1),
        running(30).then(4, PlanAct::StopAsked),
    ]
}

fn rows(tapers: &[Taper], own: bool) -> Vec<Row> {
    let row = |taper: &Taper| {
        let found = taper.found(0);
        let place = format!("{} 4", taper.written.name);
        Row::new(&found, &taper.evidence()?, &taper.resident(), place, urgency(&found)?, own)
    };
    tapers.iter().filter_map(row).collect()
}

fn stops(tapers: &[Taper], own: bool) -> Vec<Stop> {
    let person = if own { "pharmacist" } else { "deputy" };
    let stop =
        |taper: &Taper| Stop::of(&taper.found(0), &taper.resident(), &format!("{} 4", taper.written.name), person);
    tapers.iter().filter_map(stop).collect()
}

impl View {
    /// Nothing waits; every urgency; one's own; a choice of which there is none; the longest; hostile words.
    pub fn samples() -> Vec<View> {
        let view = |tapers: &[Taper], own, only: &str| {
            let orders = tapers.first().filter(|_| own).map(|taper| orders(&taper.written)).unwrap_or_default();
            let shell = Shell::sample(Role::Pharmacist, Menu::Reductions);
            View::new(shell, rows(tapers, own), stops(tapers, own), orders, only)
        };
        let usual = every_urgency(3, &Written::usual());
        let longest: Vec<Taper> = (0..8).flat_map(|_| every_urgency(30, &Written::longest())).collect();
        vec![
            view(&[], false, ""),
            view(&usual, false, ""),
            view(&usual, true, ""),
            view(&usual, false, "flagged"),
            view(&usual[..1], false, "soon"),
            view(&longest, true, ""),
            view(&every_urgency(2, &Written::hostile()), true, HOSTILE),
        ]
    }
}

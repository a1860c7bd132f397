//! Lists of plans to be rendered by the test of every page.

use super::{Row, View};
use crate::care::people::Role;
use crate::care::taper::level::PlanAct;
use crate::store::plans::PlanFile;
use crate::web::parts::samples::tapers::{Taper, Written, orders};
use crate::web::parts::samples::{facility, now};
use crate::web::{Menu, Shell};

/// One plan in every state of the list.
fn every_state(reductions: u32, written: &Written) -> Vec<Taper> {
    let running = |days_ago| Taper::running(reductions, days_ago, written.clone());
    let complete =
        (1..=reductions).fold(running(14 * reductions + 3), |taper, n| taper.signed(n, 14 * (reductions - n)));
    vec![
        Taper::drafted(reductions, 0, written.clone()),
        Taper::drafted(reductions, 1, written.clone()),
        running(2),
        running(14),
        running(20).then(3, PlanAct::Returned { n: 1 }),
        running(20).then(3, PlanAct::Held { n: 1, reassess_on: now().date_naive() + chrono::Days::new(20) }),
        running(10).signed_ahead(1),
        running(19).signed(1, 5),
        complete,
        running(20).then(3, PlanAct::StopAsked),
        running(20).then(1, PlanAct::Amended { version: 2 }),
    ]
}

fn rows(tapers: &[Taper]) -> Vec<Row> {
    let row = |taper: &Taper| {
        let file: &PlanFile = &taper.file;
        Row::new(file, &taper.resident(), format!("{} 4", taper.written.name), &facility(), now())
    };
    tapers.iter().map(row).collect()
}

impl View {
    /// No plan; every state, for a prescriber and for others; the longest words and a long list; hostile words.
    pub fn samples() -> Vec<View> {
        let view = |tapers: &[Taper], role, may_draft| {
            let orders = tapers.first().map(|taper| orders(&taper.written)).unwrap_or_default();
            View::new(Shell::sample(role, Menu::Plans), rows(tapers), orders, may_draft)
        };
        let usual = every_state(3, &Written::usual());
        let longest: Vec<Taper> = (0..6).flat_map(|_| every_state(30, &Written::longest())).collect();
        vec![
            view(&[], Role::Prescriber, true),
            view(&[], Role::Supervisor, false),
            view(&usual, Role::Prescriber, true),
            view(&usual, Role::Pharmacist, false),
            view(&longest, Role::Prescriber, true),
            view(&every_state(1, &Written::hostile()), Role::Prescriber, true),
        ]
    }
}

//! The error rate with nothing, with a usual month, with everything, and with names that test the layout.

use super::{Asked, Facts, Search, View};
use crate::care::calendar::days_before;
use crate::care::people::Role;
use crate::web::parts::samples::{HOSTILE, counted, facility, today, unit};
use crate::web::{Errors, Menu, Shell};

impl View {
    pub fn samples() -> Vec<View> {
        let view = |asked: &Asked, facts: &Facts, errors: Errors| {
            let shell = Shell::sample(Role::Supervisor, Menu::Overview).back_to("Overview", "/overview");
            View::new(shell, asked, facts, &[facility(), facility()], errors)
        };
        let mut wrong = Errors::none();
        wrong.push("from", "“<b>” is not a date. Write it as 2026-11-23.");
        let one = Asked { unit: "willow".into(), ..Asked::default() };
        let unread = Facts { found: None, ..facts("Willow", 0) };
        vec![
            view(&Asked::default(), &facts("Willow", 0), Errors::none()),
            view(&Asked::default(), &facts("Willow", 212), Errors::none()),
            view(&one, &facts(&"W".repeat(80), 4_000_000), Errors::none()),
            view(&one, &facts(HOSTILE, 3), Errors::none()),
            view(&Asked { from: HOSTILE.into(), ..Asked::default() }, &unread, wrong),
        ]
    }
}

fn facts(name: &str, doses: u32) -> Facts {
    let search = Search { unit: (doses > 999).then(|| "willow".into()), days: (days_before(today(), 29), today()) };
    Facts { facility: facility(), units: vec![unit(name)], found: Some((search, counted(doses))) }
}

//! One fact: a setting changed, a hostile one, and a chain that does not hold.

use std::collections::HashMap;

use chrono::DateTime;

use super::{Found, Sealed, View};
use crate::care::calendar::Zone;
use crate::care::facility::Facility;
use crate::care::people::Role;
use crate::store::history::{Fact, Fault};
use crate::web::{Menu, Shell};

impl View {
    pub fn samples() -> Vec<View> {
        let hostile = "<script>alert(1)</script>".repeat(4);
        let longest = format!("{{\"note\": \"{}\", \"planned\": 750, \"steps\": [1, [2]]}}", "W".repeat(900));
        let usual = "{\"before\": {\"horizon_days\": 14}, \"after\": {\"horizon_days\": 21}}";
        let sound = || Ok("5d90".repeat(16));
        vec![
            view("manage_facility", "Rosalind Tan", "{}", sound()),
            view("manage_facility", "Rosalind Tan", usual, sound()),
            view("an_act_of_tomorrow", &"W".repeat(80), &longest, Ok(String::new())),
            view(&hostile, &hostile, &hostile, Err(Fault::Changed { n: 48_171 })),
        ]
    }
}

fn view(kind: &str, by: &str, body: &str, seal: Result<String, Fault>) -> View {
    let fact = Fact {
        n: 48_171,
        id: "f".into(),
        kind: kind.into(),
        facility: "alder".into(),
        resident: None,
        subject: "alder".into(),
        done_by: Some("p".into()),
        done_by_name: Some(by.into()),
        role: "administrator".into(),
        done_at: DateTime::UNIX_EPOCH,
        body: body.into(),
        seal: "c41e".repeat(16),
    };
    let found = Found {
        facility: Facility::new("alder".into(), "Alder House".into(), Zone::UTC),
        banner: None,
        dose: None,
        names: HashMap::new(),
        facts: vec![Sealed { fact: fact.clone(), seal }],
        fact,
        now: DateTime::UNIX_EPOCH,
    };
    let shell = Shell::sample(Role::Supervisor, Menu::History).back_to("Dose history", "/history");
    View::new(shell, &found)
}

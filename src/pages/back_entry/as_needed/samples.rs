//! The as-needed part of papers, to be rendered by the test of every page.

use super::rows::field;
use super::view::View;
use super::{Asked, Facts, Outage};
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::care::register::source::{Source, Supply};
use crate::care::resident::Allergies;
use crate::care::witness::{Watched, WitnessPolicy};
use crate::store::paper::as_needed::{AsNeededPaper, PaperOrder};
use crate::web::parts::samples::{self, HOSTILE, as_needed, now};
use crate::web::{Errors, Form, Menu, Shell};

fn order(n: usize, words: &str, known: bool) -> PaperOrder {
    let mut file = as_needed::place(words, 26).ordered.file;
    file.order.id = format!("order{n}");
    PaperOrder {
        source: Source::of(&samples::shelf(), file.order.amount, Supply::default()),
        resident: samples::resident("margit", words, Allergies::NoneKnown),
        given: if known { vec![as_needed::dose(words)] } else { Vec::new() },
        in_error: if known { vec![samples::incident("margit", &[]).incident] } else { Vec::new() },
        file,
    }
}

fn facts(orders: Vec<PaperOrder>, saved: usize) -> Facts {
    let asked = Asked {
        from: "2026-11-20T06:00".into(),
        until: "2026-11-20T08:10".into(),
        entry: "1204".into(),
        page: 0,
        saved,
    };
    let staff = vec![("nurse".to_owned(), "Tom Fielding RN".to_owned()), ("hostile".to_owned(), HOSTILE.to_owned())];
    let paper = AsNeededPaper { orders, staff, names: samples::names("Tom Fielding RN") };
    let outage = Outage { span: (now() - chrono::TimeDelta::hours(2), now()), entry: Some(1204) };
    Facts { facility: samples::facility(), unit: samples::unit("Willow"), asked, outage, paper, now: now() }
}

impl View {
    /// No order; usual; many with long names, where two have to see it; hostile words with every error.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::Round).back_to("From paper", "/units/willow/paper");
        let form = || Form::new("proof", now());
        let mut many = facts((0..9).map(|n| order(n, &"W".repeat(30), n % 2 == 0)).collect(), 2);
        many.facility.register.witness = WitnessPolicy(Watched::ALL.to_vec());
        let mut spoiled = Errors::none();
        for name in ["given_at", "given_by", "amount", "why"] {
            spoiled.push(&field(name, "order0-0"), HOSTILE);
        }
        let beyond = Refusal::PaperBeyond { what: HOSTILE.to_owned() };
        spoiled.push(&field("done", "order0-1"), beyond.to_string());
        vec![
            View::new(&facts(Vec::new(), 0), shell(), form()),
            View::new(&facts(vec![order(0, "panic", true), order(1, "panic", false)], 1), shell(), form()),
            View::new(&many, shell(), form()),
            View::new(&facts(vec![order(0, HOSTILE, true)], 0), shell(), form().spoiled(spoiled)),
        ]
    }
}

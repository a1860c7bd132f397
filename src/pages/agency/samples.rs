//! Nobody let in, a night with two agency nurses, and names that test the layout with everything wrong.

use chrono::{DateTime, TimeDelta};

use super::view::{Forms, Seen, View};
use crate::care::calendar::Zone;
use crate::care::facility::Facility;
use crate::care::people::{Engagement, Person, Role};
use crate::care::refusal::Refusal;
use crate::web::parts::Saved;
use crate::web::{Errors, Form, Menu, Shell};

impl View {
    pub fn samples() -> Vec<View> {
        let hostile = "<script>alert(1)</script>".repeat(4);
        let night = [nurse("Amara Diallo", 8), nurse("Tom Fields", 2), nurse("Zoë Lund", -3)];
        let hard = [nurse(&"W".repeat(80), 8), nurse(&hostile, 2), nurse(&"N".repeat(80), -3), nurse(&hostile, -9)];
        let mut errors = Errors::none();
        for refusal in [Refusal::UsernameUnknown, Refusal::ShiftEnd { latest: "21 Nov 2026 22:00".into() }] {
            errors = errors.and(refusal.into());
        }
        let wrong = |form: Form| form.with("username", &hostile).spoiled(errors.clone());
        let (plain, spoiled) = (forms(), forms());
        let spoiled = Forms { known: wrong(spoiled.known), new: wrong(spoiled.new), ..spoiled };
        let not_out = Forms { out: forms().out.spoiled(Refusal::NurseOnly.into()), ..forms() };
        vec![
            view(&[], plain),
            view(&night, forms()).said(Some(Saved::LetIn), "amara diallo"),
            view(&night, not_out),
            view(&hard, spoiled),
        ]
    }
}

fn forms() -> Forms {
    let form = || Form::new("proof", DateTime::UNIX_EPOCH);
    Forms { known: form().named("known"), new: form(), out: form().named("out") }
}

/// A nurse who is let in for so many hours yet, or was until so many hours ago.
fn nurse(name: &str, hours: i64) -> (Person, Vec<Engagement>) {
    let (id, facility) = (name.to_lowercase(), "alder".to_owned());
    let ends_at = Some(DateTime::UNIX_EPOCH + TimeDelta::hours(hours));
    let access =
        Engagement { id: id.clone(), person: id.clone(), facility, role: Role::Nurse, ends_at, ended_at: None };
    let person = Person {
        username: id.chars().filter(char::is_ascii_alphanumeric).collect(),
        id,
        name: name.into(),
        registration: "RN-1".into(),
        email: String::new(),
        disabled_at: None,
        revision: 0,
    };
    (person, vec![access])
}

fn view(staff: &[(Person, Vec<Engagement>)], forms: Forms) -> View {
    let house = |id: &str, name: &str| Facility::new(id.into(), name.into(), Zone::UTC);
    let (facility, others) = (house("alder", "Alder House"), [house("birch", "Birch Court")]);
    let seen = Seen { facility: &facility, others: &others, staff, by: "sue", now: DateTime::UNIX_EPOCH };
    View::new(Shell::sample(Role::Supervisor, Menu::Agency), &seen, forms)
}

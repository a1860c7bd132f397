//! Rounds to be rendered by the test of every page.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Days, TimeDelta};

use super::facts::Facts;
use super::view::View;
use crate::care::gap::Gap;
use crate::care::leap::{SetBack, WentAhead};
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::care::round::assessment_due::{AssessmentDue, Standing, Why};
use crate::care::round::due::RoundOf;
use crate::care::round::outcome::Outcome;
use crate::care::severe_sign::Sign;
use crate::store::assessments::DueHere;
use crate::store::doses::{Administration, DoseFile};
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Menu, Shell};

fn facts(unit: &str) -> Facts {
    Facts {
        now: now(),
        facility: samples::facility(),
        unit: samples::unit(unit),
        units: vec![samples::unit(unit), samples::unit("Rowan")],
        asked: Some(RoundOf { on: today(), slot: Some(samples::slot("08:00")) }),
        just_recorded: None,
        residents: Vec::new(),
        photographed: HashSet::new(),
        doses: Vec::new(),
        standings: HashMap::new(),
        vomited: HashMap::new(),
        names: samples::names("Amara Diallo RN"),
        shelves: samples::shelves(),
        orders: [("order".to_owned(), format!("Dr {unit}"))].into(),
        signs: Vec::new(),
        ordered: Default::default(),
        changed: HashMap::new(),
        away: Default::default(),
        alerts: Vec::new(),
        bell: Some(now()),
        unreckoned: false,
        ahead: None,
        set_back: None,
        gaps: Vec::new(),
        effects: Vec::new(),
        as_needed: BTreeSet::new(),
        to_score: Vec::new(),
    }
}

/// Nothing; a morning; a future round; every state, many residents and hostile words.
fn all() -> Vec<Facts> {
    let margit = samples::resident("margit", "Halvorsen", Allergies::Known { list: "penicillin (rash)".to_owned() });
    let mary = samples::resident("mary", "Halverson", Allergies::NotRecorded);
    let yesterday = today() - Days::new(1);
    let tom = samples::resident("tom", "Okafor", Allergies::NoneKnown);
    let mut usual = Facts { residents: vec![margit.clone(), mary, tom], ..facts("Willow") };
    usual.doses = vec![
        samples::dose("margit", yesterday, "08:00", 750, "approval"),
        samples::dose("margit", today(), "08:00", 500, "signature"),
        samples::dose("mary", today(), "07:00", 250, "approval"),
        samples::dose("mary", today(), "09:30", 0, "approval"),
        samples::dose("tom", today(), "08:00", 0, "order"),
        samples::dose("tom", today(), "20:00", 0, "order"),
    ];
    usual.effects = vec![samples::as_needed::given("pacing", false).dose];
    usual.photographed = ["margit".to_owned()].into();
    usual.as_needed = ["margit".to_owned()].into();
    usual.to_score = vec![to_score("margit", Standing::Late), to_score("mary", Standing::Now)];
    let mut severe = Facts { residents: usual.residents.clone(), doses: usual.doses.clone(), ..facts("Willow") };
    severe.alerts = vec![samples::alerts::standing(&[Some(Outcome::Refused), None], "")];
    severe.doses[2].level.undecided = true;
    severe.signs = vec![samples::open_sign(Sign::Overdose, "margit"), samples::open_sign(Sign::Seizure, "mary")];
    let empty = facts("Willow");
    let asked = Some(RoundOf { on: today(), slot: Some(samples::slot("20:00")) });
    let mut just = recorded("Willow", "Halvorsen", 2);
    just.just_recorded = Some(just.doses[0].id.clone());
    let future = Facts { asked, bell: None, ahead: Some(clock_ahead()), ..recorded("Willow", "Halvorsen", 1) };
    let mut put_back = Facts { residents: usual.residents.clone(), doses: usual.doses.clone(), ..facts("Willow") };
    put_back.set_back = Some(SetBack { from: now() + TimeDelta::hours(1), to: now() - TimeDelta::hours(1) });
    put_back.gaps = vec![Gap { since: now() - TimeDelta::hours(5), found_at: now(), open: true }];
    vec![empty, usual, severe, just, future, put_back, recorded(HOSTILE, HOSTILE, 70)]
}

fn clock_ahead() -> WentAhead {
    WentAhead { from: now() - TimeDelta::hours(26), to: now() - TimeDelta::hours(1) }
}

fn to_score(resident: &str, standing: Standing) -> DueHere {
    let due = AssessmentDue { standing, at: now(), on: today(), why: Why::AfterChange { on: today() } };
    DueHere { resident: resident.to_owned(), unit: "willow".to_owned(), due }
}

/// So many residents, whose doses have every outcome in turn.
fn recorded(unit: &str, surname: &str, residents: usize) -> Facts {
    let mut facts = facts(unit);
    for n in 0..residents {
        let id = format!("resident{n}");
        facts.residents.push(samples::resident(&id, surname, Allergies::Known { list: HOSTILE.repeat(4) }));
        let mut dose = samples::dose(&id, today(), "08:00", 375, "approval");
        dose.recorded = true;
        let standing: Administration = samples::administration(&dose, Outcome::ALL[n % Outcome::ALL.len()], HOSTILE);
        facts.standings.insert(dose.id.clone(), standing);
        let later: DoseFile = samples::dose(&id, today(), "20:00", 1, "order");
        facts.doses.extend([dose, later]);
    }
    facts
}

impl View {
    pub fn samples() -> Vec<View> {
        all().iter().map(|facts| View::new(facts, Shell::sample(Role::Nurse, Menu::Round))).collect()
    }
}

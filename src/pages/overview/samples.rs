//! The overview of a house where nothing is, and of one where all goes wrong.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta};

use super::packs::{FolderLost, PackBehind};
use super::{Bars, Found, Unexplained, View};
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, Zone};
use crate::care::downtime::{Fate, Made};
use crate::care::facility::{Facility, Unit};
use crate::care::gap::Gap;
use crate::care::leap::{SetBack, WentAhead};
use crate::care::people::{Engagement, Person, Role};
use crate::care::resident::transfer::Residence;
use crate::care::resident::{Allergies, Resident};
use crate::care::taper::plan::Medicine;
use crate::care::taper::schedule::{DoseKey, DoseLevel};
use crate::paper::Lost;
use crate::store::audit::GivenOnDay;
use crate::store::doses::DoseFile;
use crate::store::history::Fault;
use crate::store::registers::GivenUnseen;
use crate::store::taper_alerts::StandingAlert;
use crate::web::parts::incident::OpenIncidents;
use crate::web::parts::samples;
use crate::web::parts::severe::OpenSigns;
use crate::web::proved::Verified;
use crate::web::{Menu, Shell};

impl View {
    pub fn samples() -> Vec<View> {
        let hostile = "<script>alert(1)</script>".repeat(3);
        let sound = |to_the_end, fault| Verified { at: noon(), n: 48_211, to_the_end, fault };
        vec![
            view(&found("Halvorsen", 0, sound(true, None))),
            view(&found("Halvorsen", 3, sound(true, None))),
            view(&found(&"W".repeat(80), 1_001, sound(false, None))),
            view(&found(&hostile, 40, sound(false, Some(Fault::Missing { n: 7 })))),
        ]
    }
}

fn view(found: &Found) -> View {
    let house = |id: &str, name: &str| Facility::new(id.into(), name.into(), Zone::UTC);
    let shell = Shell::sample(Role::Supervisor, Menu::Overview);
    View::new(shell, found, &[house("alder", "Alder House"), house("birch", "Birch Court")])
}

fn noon() -> DateTime<chrono::Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::hours(12)
}

fn waiting() -> WentAhead {
    WentAhead { from: noon(), to: noon() }
}

fn folders_lost(surname: &str, doses: usize) -> Vec<FolderLost> {
    let lost = [Lost::NotSetUp, Lost::Away].map(|lost| FolderLost { folder: format!("/mnt/{surname}"), lost });
    if doses > 3 { lost.to_vec() } else { Vec::new() }
}

/// A nurse who is let in until the evening.
fn guest(name: &str) -> (Person, Vec<Engagement>) {
    let person = Person {
        id: "g".into(),
        username: "g.uest".into(),
        name: name.into(),
        registration: "RN-1".into(),
        email: String::new(),
        disabled_at: None,
        revision: 0,
    };
    let ends_at = Some(noon() + TimeDelta::hours(8));
    let (id, facility) = ("m".to_owned(), "alder".to_owned());
    (person, vec![Engagement { id, person: "g".into(), facility, role: Role::Nurse, ends_at, ended_at: None }])
}

/// So many doses due at ten, none of which was recorded.
fn found(surname: &str, doses: usize, verified: Verified) -> Found {
    let (facility, today) = (Facility::new("alder".into(), "Alder House".into(), Zone::UTC), noon().date_naive());
    let unit = Unit {
        id: "u".into(),
        facility: "alder".into(),
        name: surname.into(),
        mailbox: String::new(),
        rounds: Vec::new(),
        revision: 0,
    };
    let given = |count| vec![GivenOnDay { unit: "u".into(), on: today - TimeDelta::days(3), count }];
    Found {
        now: noon(),
        today,
        units: vec![unit],
        residents: HashMap::from([("r".to_owned(), resident(surname))]),
        staff: if doses > 1 { vec![guest(surname)] } else { Vec::new() },
        doses: (0..doses).map(dose).collect(),
        standings: HashMap::new(),
        lived: HashMap::from([("r".to_owned(), Residence { unit: "u".into(), moves: Vec::new() })]),
        plans: Vec::new(),
        owing: Vec::new(),
        unrecorded: doses,
        bars: Bars {
            from: today - TimeDelta::days(14),
            given: given(doses),
            on_time: given(doses / 2),
            unrecorded: Vec::new(),
        },
        counted: samples::counted(doses as u32),
        letters_failed: doses,
        signs: OpenSigns::default(),
        alerts: alerts(doses),
        incidents: OpenIncidents::default(),
        register: Unexplained { unseen: unseen(surname, doses), ..Unexplained::default() },
        bell: (doses == 3).then(noon),
        unreckoned: (doses > 9).then(|| format!("plan {surname} cannot be read")),
        ahead: (doses > 9).then(waiting),
        set_back: (doses > 9).then(|| SetBack { from: noon() + TimeDelta::hours(1), to: noon() }),
        gaps: if doses == 3 { vec![Gap { since: noon(), found_at: noon(), open: true }] } else { Vec::new() },
        packs_behind: packs_behind(surname, doses),
        folders_lost: folders_lost(surname, doses),
        administers: doses > 3,
        verified,
        facility,
    }
}

/// Where all goes wrong, a dose that nobody saw given.
fn unseen(why: &str, doses: usize) -> Vec<GivenUnseen> {
    let unseen = || GivenUnseen {
        unit: "u".to_owned(),
        resident: "r".to_owned(),
        medicine: Medicine("clonazepam".to_owned()),
        why: why.to_owned(),
        recorded_by: "nurse".to_owned(),
        recorded_at: noon(),
        on: noon().date_naive(),
    };
    (doses > 0).then(unseen).into_iter().collect()
}

/// Where all goes wrong, one that nobody has acknowledged.
fn alerts(doses: usize) -> Vec<StandingAlert> {
    let alert = || StandingAlert { resident: "r".to_owned(), ..samples::alerts::standing(&[None, None], "") };
    (doses > 0).then(alert).into_iter().collect()
}

/// None where nothing is wrong; one that is missing; one that is old.
fn packs_behind(unit: &str, doses: usize) -> Vec<PackBehind> {
    let made = (doses > 40).then(|| Made { at: noon() - TimeDelta::hours(2), entry: 7 });
    let pack = |fate| PackBehind {
        unit: unit.into(),
        folder: "/srv/downtime".into(),
        name: "downtime-alder-house-willow.html".into(),
        made,
        fate,
        entry: 5,
    };
    if doses > 3 { [Fate::Renewed, Fate::Later, Fate::Kept].map(pack).into() } else { Vec::new() }
}

fn resident(surname: &str) -> Resident {
    Resident {
        id: "r".into(),
        facility: "alder".into(),
        unit: "u".into(),
        number: "AH-0417".into(),
        surname: surname.into(),
        forename: "Margit".into(),
        born_on: noon().date_naive(),
        room: "4".into(),
        allergies: Allergies::NoneKnown,
    }
}

fn dose(nth: usize) -> DoseFile {
    let due_at = noon() - TimeDelta::minutes(119);
    DoseFile {
        id: format!("d-{nth}"),
        plan: "p".into(),
        facility: "alder".into(),
        resident: "r".into(),
        key: DoseKey { on: due_at.date_naive(), slot: Slot::of(due_at.time()), medicine: Medicine("diazepam".into()) },
        due_at,
        level: DoseLevel { amount: Amount::from_ug(4_500), step: 1, authorised_by: "f".into(), undecided: false },
        void: false,
        recorded: false,
        revision: 0,
    }
}

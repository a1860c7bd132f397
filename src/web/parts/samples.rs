//! An invented resident with a taper, for the samples of pages that show one.

pub mod alerts;
pub mod as_needed;
pub mod gradual;
pub mod scores;
pub mod snapshots;
pub mod tapers;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::care::amount::Amount;
use crate::care::calendar::{Slot, Zone, days_after};
use crate::care::error_rate::{Count, Counted, Part};
use crate::care::facility::{Emergency, Facility, Unit};
use crate::care::gradual::rules::GradualRules;
use crate::care::incident::{Answer, Incident, IncidentFile, Mistake};
use crate::care::medicine::product::Products;
use crate::care::medicine::shelves::Shelves;
use crate::care::medicine::tablets::Shelf;
use crate::care::people::Role;
use crate::care::resident::{Allergies, Resident};
use crate::care::round::assessment_due::ScoreRule;
use crate::care::round::due::Windows;
use crate::care::round::identity::asked::Identify;
use crate::care::round::outcome::Outcome;
use crate::care::severe_sign::{Release, SevereSign, Sign, SignFile};
use crate::care::taper::level::{PlanAct, PlanFact};
use crate::care::taper::plan::{Medicine, Plan, Regimen, Step};
use crate::care::taper::schedule::{DoseKey, DoseLevel};
use crate::store::doses::{Administration, Correction, DoseFile};
use crate::store::plans::{PlanFile, PlanState};

/// What somebody would type who means harm.
pub const HOSTILE: &str = "\"><script>alert('x')</script>&";

/// A quarter past eight on Friday, 20 November 2026.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_162_320, 0).expect("the moment exists")
}

pub fn today() -> NaiveDate {
    now().date_naive()
}

pub fn medicine() -> Medicine {
    Medicine("clonazepam".to_owned())
}

pub fn shelf() -> Shelf {
    Shelf::plain(Products::ours(), &medicine())
}

/// The same by medicine, with diazepam beside it.
pub fn shelves() -> Shelves {
    let diazepam = Medicine("diazepam".to_owned());
    let other = Shelf::plain(Products::ours(), &diazepam);
    [(medicine(), shelf()), (diazepam, other)].into_iter().collect()
}

pub fn slot(text: &str) -> Slot {
    text.parse().expect("the slot is well written")
}

pub fn facility() -> Facility {
    Facility {
        id: "alder".to_owned(),
        name: "Alder House".to_owned(),
        zone: Zone::UTC,
        windows: Windows { early_minutes: 60, late_minutes: 60 },
        no_record_minutes: 120,
        horizon_days: 14,
        sign_ahead_days: 7,
        idle_minutes: 15,
        gradual: GradualRules::default(),
        mail_from: String::new(),
        scores: ScoreRule { scale: "ciwa-b".to_owned(), ..ScoreRule::default() },
        identify: Identify::default(),
        sedation: Default::default(),
        revision: 0,
        effect_minutes: 45,
        away_days: 3,
        correction_hours: 12,
        register: Default::default(),
        emergency: Emergency { number: "911".to_owned(), contact: "the doctor on call, 555 0142".to_owned() },
    }
}

pub fn unit(name: &str) -> Unit {
    Unit {
        id: "willow".to_owned(),
        facility: "alder".to_owned(),
        name: name.to_owned(),
        mailbox: String::new(),
        rounds: ["08:00", "12:00", "20:00"].map(slot).to_vec(),
        revision: 0,
    }
}

/// Seen at 08:10, two minutes before the samples' now.
pub fn severe_sign(sign: Sign, resident: &str) -> SevereSign {
    SevereSign {
        id: format!("sign-{}", sign.word()),
        facility: "alder".to_owned(),
        unit: "willow".to_owned(),
        resident: resident.to_owned(),
        sign,
        note: String::new(),
        seen_at: now() - chrono::TimeDelta::minutes(2),
        recorded_at: now(),
        recorded_by: "nurse".to_owned(),
    }
}

/// The same, open and unknown.
pub fn open_sign(sign: Sign, resident: &str) -> SignFile {
    SignFile { sign: severe_sign(sign, resident), acknowledged: Vec::new(), released: None }
}

pub fn release(of_sign: &str) -> Release {
    Release {
        id: "release".to_owned(),
        of_sign: of_sign.to_owned(),
        rationale: "Back from hospital, EEG calm; the seizure came with a fever that is gone.".to_owned(),
        released_by: "prescriber".to_owned(),
        released_at: now(),
    }
}

/// What was given in error, answered by some.
pub fn incident(resident: &str, answered: &[Role]) -> IncidentFile {
    let answer = |role: &Role| Answer {
        id: format!("answer-{}", role.word()),
        of_incident: "incident".to_owned(),
        role: *role,
        said: "Rousable all evening; the next dose is due as planned.".to_owned(),
        answered_by: role.word().to_owned(),
        answered_at: now(),
    };
    let incident = Incident {
        id: "incident".to_owned(),
        n: 7,
        facility: "alder".to_owned(),
        unit: "willow".to_owned(),
        resident: resident.to_owned(),
        medicine: medicine(),
        given: Amount::from_ug(500),
        mistake: Mistake::GivenTwice,
        what: "The day nurse had given it; the cup was not cleared away.".to_owned(),
        done: "Watched every 15 minutes, Dr Marsh called at 08:05.".to_owned(),
        pieces: "1 × 0.5\u{a0}mg tablet".to_owned(),
        given_at: now() - chrono::TimeDelta::minutes(20),
        recorded_at: now(),
        recorded_by: "nurse".to_owned(),
        given_by: Some("nurse".to_owned()),
        of_record: None,
    };
    IncidentFile { incident, answers: answered.iter().map(answer).collect(), struck: None }
}

pub fn resident(id: &str, surname: &str, allergies: Allergies) -> Resident {
    Resident {
        id: id.to_owned(),
        facility: "alder".to_owned(),
        unit: "willow".to_owned(),
        number: "AH-0417".to_owned(),
        surname: surname.to_owned(),
        forename: "Margit".to_owned(),
        born_on: NaiveDate::from_ymd_opt(1941, 3, 14).expect("the day exists"),
        room: "4".to_owned(),
        allergies,
    }
}

/// 1.5 mg daily since a fortnight; 1 mg and then nothing is planned. With `signed`, the reduction to 1 mg begins today.
pub fn plan(signed: bool) -> PlanFile {
    let baseline_on = days_after(today(), 0) - chrono::Days::new(14);
    let step = |ordinal: u32, ug: u64| Step {
        ordinal,
        planned_on: days_after(baseline_on, 14 * ordinal),
        least_days: (ordinal < 2).then_some(14),
        cycle: vec![Regimen::of(&medicine(), ["08:00", "20:00"].map(|at| (slot(at), Amount::from_ug(ug))))],
    };
    let fact = |id: &str, seq, by: &str, act| PlanFact {
        telephone: None,
        id: id.to_owned(),
        seq,
        by: by.to_owned(),
        at: now() - chrono::TimeDelta::days(15 - 12 * i64::from(seq)),
        on: baseline_on,
        ahead_from: None,
        rationale: String::new(),
        act,
    };
    let mut facts = vec![fact("approval", 1, "prescriber", PlanAct::Approved { version: 1 })];
    if signed {
        facts.push(fact("signature", 2, "pharmacist", PlanAct::Signed { n: 1, step: 1, effective_on: today() }));
    }
    let plan = Plan {
        id: "plan".to_owned(),
        facility: "alder".to_owned(),
        resident: "margit".to_owned(),
        medicine: medicine(),
        version: 1,
        indication: "panic disorder".to_owned(),
        reason: "two falls".to_owned(),
        protocol: "by-hand".to_owned(),
        settings: BTreeMap::new(),
        conversion: None,
        baseline_on,
        first_reduction_on: today(),
        goal: Amount::ZERO,
        steps: vec![step(0, 750), step(1, 500), step(2, 0)],
        authors: BTreeSet::new(),
        baseline: None,
        late: None,
    };
    PlanFile {
        others: Vec::new(),
        plan,
        state: PlanState::Running,
        facts,
        laid_until: Some(days_after(today(), 14)),
        revision: 0,
        drafted_by: "prescriber".to_owned(),
        drafted_at: now(),
    }
}

/// A dose of a resident, of the approval or of the signature.
pub fn dose(resident: &str, on: NaiveDate, at: &str, ug: u64, authorised_by: &str) -> DoseFile {
    let key = DoseKey { on, slot: slot(at), medicine: medicine() };
    DoseFile {
        id: format!("{resident} {on} {at}"),
        plan: "plan".to_owned(),
        facility: "alder".to_owned(),
        resident: resident.to_owned(),
        due_at: Zone::UTC.at(on, key.slot),
        key,
        level: DoseLevel {
            undecided: false,
            amount: Amount::from_ug(ug),
            step: u32::from(authorised_by == "signature"),
            authorised_by: authorised_by.to_owned(),
        },
        void: false,
        recorded: false,
        revision: 0,
    }
}

/// What a nurse wrote down about a dose, at its time.
pub fn administration(dose: &DoseFile, outcome: Outcome, note: &str) -> Administration {
    let given = match outcome {
        Outcome::Given | Outcome::SelfAdministered => dose.level.amount,
        Outcome::GivenInPart => Amount::from_ug(dose.level.amount.ug() / 2),
        _ => Amount::ZERO,
    };
    Administration {
        id: "record".to_owned(),
        n: 48_212,
        dose: dose.id.clone(),
        corrects: None,
        facility: dose.facility.clone(),
        unit: "willow".to_owned(),
        resident: dose.resident.clone(),
        medicine: dose.key.medicine.clone(),
        on: dose.key.on,
        due_at: dose.due_at,
        planned: dose.level.amount,
        given,
        authorised_by: dose.level.authorised_by.clone(),
        outcome,
        reason: outcome.reasons().first().map(|(code, _)| (*code).to_owned()).unwrap_or_default(),
        note: note.to_owned(),
        pieces: String::new(),
        given_at: dose.due_at,
        recorded_at: dose.due_at,
        recorded_by: "nurse".to_owned(),
        sedation: None,
        witnessed_by: None,
        identified: String::new(),
        given_by: None,
        word: None,
        unwitnessed: None,
    }
}

/// The printed names of everybody in the samples.
pub fn names(nurse: &str) -> std::collections::HashMap<String, String> {
    let all = [("nurse", nurse), ("prescriber", "Dr Helen Marsh"), ("pharmacist", "Priya Venkatesan")];
    all.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect()
}

/// Of a record that was corrected half an hour later.
pub fn correction(record: &Administration, reason: &str) -> Correction {
    Correction {
        id: format!("correction of {}", record.id),
        n: record.n + 1,
        administration: record.id.clone(),
        replacement: None,
        reason: reason.to_owned(),
        corrected_by: "nurse".to_owned(),
        corrected_at: record.recorded_at + chrono::TimeDelta::minutes(30),
    }
}

/// What became of so many doses and some more; of none, nothing.
pub fn counted(given: u32) -> Counted {
    let mut counted = Counted::default();
    let parts = [
        (Part::Recorded(Outcome::Given), Count { doses: given, late: given / 9, unordered: 0 }),
        (Part::Recorded(Outcome::Withheld), Count { doses: 3, late: 0, unordered: 2 }),
        (Part::Recorded(Outcome::Absent), Count { doses: 4, ..Count::default() }),
        (Part::NoRecord, Count { doses: 3, late: 0, unordered: 1 }),
        (Part::InError, Count { doses: 1, ..Count::default() }),
    ];
    parts.into_iter().filter(|_| given > 0).for_each(|(part, count)| *counted.of_mut(part) = count);
    counted
}

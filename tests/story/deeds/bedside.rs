//! What nurses do at the bedside: record, correct, note, score.

use chrono::TimeDelta;
use stepdown::acts::correct_dose::{CorrectDose, correct_dose};
use stepdown::acts::note_vomit::{NoteVomit, note_vomit};
use stepdown::acts::record_assessment::{RecordAssessment, record_assessment};
use stepdown::acts::record_dose::{RecordDose, record_dose};
use stepdown::care::amount::Amount;
use stepdown::care::people::{Nurse, Role, Staff, Supervisor};
use stepdown::care::register::source::StockAsk;
use stepdown::care::register::taking::{OtherHalf, Rest};
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::correction::{Corrector, Instead};
use stepdown::care::round::identity::IdentityAsk;
use stepdown::care::round::identity::asked::Identify;
use stepdown::care::round::interval::WordAsk;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::round::vomit::VomitAsk;
use stepdown::care::scale::Scale;
use stepdown::store::doses::{
    DoseFile, dose_records, doses_due_between, doses_of_resident_between, doses_void_between,
};
use stepdown::store::residents::resident_load;

use super::office::PACK;
use crate::page::{Claim, Page};
use crate::world::World;

/// Doses of the last four days and of the next hour that may be recorded, or were; in a large house those of one resident.
pub fn around(world: &mut World, open: bool) -> Vec<DoseFile> {
    let (facility, now) = (world.facility(), world.clock.now());
    let (from, until) = (now - TimeDelta::days(4), now + TimeDelta::minutes(60));
    let one = world.breadth.rounds.then(|| world.resident());
    let doses = world.read(|conn| match &one {
        Some(resident) => doses_of_resident_between(conn, resident, from, until),
        None => doses_due_between(conn, &facility, from, until),
    });
    recordable(doses, open)
}

/// Doses of a resident that are no longer part of a plan: what was taken before somebody left is among them.
fn void(world: &mut World) -> Vec<DoseFile> {
    let (resident, now) = (world.resident(), world.clock.now());
    world.read(|conn| doses_void_between(conn, &resident, now - TimeDelta::days(4), now + TimeDelta::minutes(60)))
}

fn recordable(mut doses: Vec<DoseFile>, open: bool) -> Vec<DoseFile> {
    doses.retain(|dose| dose.recorded != open && (open || !dose.void) && !dose.level.amount.is_zero());
    doses
}

fn outcome(world: &mut World) -> Outcome {
    use Outcome::*;
    // Most doses of a large house are given, as planned.
    if world.breadth.rounds && world.chance.percent(85) {
        return Given;
    }
    *world.chance.weighed(&[
        (80, Given),
        (3, SelfAdministered),
        (3, GivenInPart),
        (5, Refused),
        (3, Withheld),
        (2, NotAvailable),
        (1, Absent),
    ])
}

/// What is said of a dose, and how much of it was given.
pub fn told(world: &mut World, dose: &DoseFile) -> (RecordAsk, Outcome, Amount) {
    let outcome = outcome(world);
    let part = Amount::from_ug(dose.level.amount.ug() / 2 / 125 * 125);
    let in_part = outcome == Outcome::GivenInPart;
    let given = match outcome {
        Outcome::GivenInPart => part,
        _ if outcome.whole() => dose.level.amount,
        _ => Amount::ZERO,
    };
    let ask = RecordAsk {
        shown: dose.level.amount,
        revision: dose.revision,
        outcome: Some(outcome),
        part: if in_part { part.to_string().trim_end_matches(" mg").to_owned() } else { String::new() },
        reason: outcome.reasons().first().map_or("", |(code, _)| *code).to_owned(),
        note: String::new(),
        given_at: if dose.void { shortly_before(world, dose) } else { String::new() },
        sedation: String::new(),
    };
    (ask, outcome, given)
}

/// `2026-11-20T19:50`: before its slot, and mostly in its window.
fn shortly_before(world: &mut World, dose: &DoseFile) -> String {
    let minutes = i64::from(*world.chance.pick(&[10u8, 30, 50, 70]));
    let at = dose.due_at - TimeDelta::minutes(minutes);
    world.house.facility.zone.local(at).format("%Y-%m-%dT%H:%M").to_string()
}

pub fn stock(world: &mut World) -> StockAsk {
    let other_half = *world.chance.pick(&[None, Some(OtherHalf::Kept), Some(OtherHalf::Wasted)]);
    let rest = *world.chance.pick(&[Rest::Kept, Rest::Wasted]);
    StockAsk { shown: None, other_half, spoiled: world.chance.percent(30), rest, alone: String::new() }
}

/// What was scanned before a dose, where the house wants it: mostly the label of whom it is for, now and then a pack; of what was
/// not, mostly why.
pub fn scans(world: &mut World, resident: &str) -> IdentityAsk {
    let asked = world.house.facility.identify;
    if asked == Identify::Nothing {
        return IdentityAsk::default();
    }
    let other = world.resident();
    let whose = if world.chance.percent(95) { resident } else { &other };
    let mut scanned = vec![world.read(|conn| resident_load(conn, whose)).number];
    if asked == Identify::ResidentAndProduct && world.chance.percent(30) {
        scanned.push(PACK.to_owned());
    }
    let unscanned = if world.chance.percent(85) { "The scanner is flat." } else { "" };
    IdentityAsk { scanned, unscanned: unscanned.to_owned() }
}

/// A prescriber's word is at hand wherever a late dose comes too near to another.
fn word(world: &World, prescriber: String) -> WordAsk {
    WordAsk { prescriber, called_at: world.on_the_clock(TimeDelta::zero())[11..].to_owned(), read_back: true }
}

pub fn records(world: &mut World) -> Option<Page> {
    let doses = if world.chance.percent(10) { void(world) } else { around(world, true) };
    let dose = world.chance.find(&doses)?.clone();
    let (by, prescriber) = (world.somebody(Role::Nurse), world.somebody(Role::Prescriber));
    Some(records_this(world, dose, (by, prescriber)))
}

/// A round: every dose of the last hours that is still open, but for the few that somebody overlooks.
pub fn walks(world: &mut World) -> Vec<Page> {
    let (facility, now) = (world.facility(), world.clock.now());
    let (from, until) = (now - TimeDelta::hours(12), now + TimeDelta::minutes(60));
    let mut doses = recordable(world.read(|conn| doses_due_between(conn, &facility, from, until)), true);
    doses.retain(|_| world.chance.percent(97));
    let recorded = |dose| {
        let people = (world.at_work(Role::Nurse), world.at_work(Role::Prescriber));
        records_this(world, dose, people)
    };
    doses.into_iter().map(recorded).collect()
}

/// A nurse, and the prescriber whom they would call.
fn records_this(world: &mut World, dose: DoseFile, (by, prescriber): (Staff, Staff)) -> Page {
    let (record, outcome, given) = told(world, &dose);
    let form = world.chance.id();
    let ask = RecordDose {
        form: form.clone(),
        dose: dose.id.clone(),
        record,
        stock: stock(world),
        identity: scans(world, &dose.resident),
        witness: world.witness(&by),
        word: word(world, prescriber.person),
    };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| record_dose(conn, &staff, &ask, now);
    let claim = Claim::Recorded { dose: dose.id, outcome, given };
    Page::new("record_dose", &form, (&by, Role::Nurse), run).claims(claim).about(&dose.resident)
}

/// A nurse puts their own record right, or a supervisor anybody's.
pub fn corrects(world: &mut World) -> Option<Page> {
    let doses = around(world, false);
    let dose = world.chance.find(&doses)?.clone();
    let was = world.read(|conn| dose_records(conn, &dose.id)).standing()?.clone();
    let by = *world.chance.pick(&[Role::Nurse, Role::Supervisor]);
    let staff = world.somebody(by);
    let corrector: Corrector = match by {
        Role::Supervisor => Supervisor(staff.clone()).into(),
        _ => Nurse(staff.clone()).into(),
    };
    let (record, outcome, given) = told(world, &dose);
    let instead = world.chance.percent(70).then_some((outcome, given));
    let form = world.chance.id();
    let ask = CorrectDose {
        form: form.clone(),
        record: was.id.clone(),
        instead: if instead.is_some() { Instead::Record(record) } else { Instead::Nothing },
        stock: stock(world),
        why: world.why(),
        witness: world.witness(&staff),
    };
    let run = move |conn: &mut _, now| correct_dose(conn, &corrector, &ask, now);
    let claim = Claim::Corrected { dose: dose.id, record: was.id, instead };
    Some(Page::new("correct_dose", &form, (&staff, by), run).claims(claim).about(&dose.resident))
}

pub fn notes_vomit(world: &mut World) -> Option<Page> {
    let (doses, by, form) = (around(world, false), world.somebody(Role::Nurse), world.chance.id());
    let dose = world.chance.find(&doses)?.clone();
    let vomit = VomitAsk { at: String::new(), seen: "Nothing of the tablet was seen.".to_owned() };
    let ask = NoteVomit { form: form.clone(), dose: dose.id, vomit };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| note_vomit(conn, &staff, &ask, now);
    Some(Page::new("note_vomit", &form, (&by, Role::Nurse), run).about(&dose.resident))
}

pub fn assesses(world: &mut World) -> Option<Page> {
    let (resident, by, form) = (world.resident(), world.somebody(Role::Nurse), world.chance.id());
    let scale = world.chance.pick(Scale::ours());
    let answers = scale.scored().map(|(_, item)| (item.id.clone(), 1)).collect();
    let ask = RecordAssessment {
        form: form.clone(),
        resident: resident.clone(),
        answers,
        incomplete_reason: String::new(),
        pulse: Some(72),
        pressure: None,
        note: String::new(),
        assessed_at: String::new(),
    };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| record_assessment(conn, &staff, scale, &ask, now);
    Some(Page::new("record_assessment", &form, (&by, Role::Nurse), run).about(&resident))
}

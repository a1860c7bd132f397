//! Gradual dose reductions as a rule asks for them: what is noted of a medicine's use, and struck again.

use chrono::NaiveDate;
use stepdown::acts::begin_gradual::{BeginGradual, begin_gradual};
use stepdown::acts::end_gradual::{EndGradual, end_gradual};
use stepdown::acts::note_attempt::{NoteAttempt, note_attempt};
use stepdown::acts::note_contraindication::{NoteContraindication, note_contraindication};
use stepdown::acts::strike_gradual::{StrikeGradual, strike_gradual};
use stepdown::care::calendar::{days_after, days_before};
use stepdown::care::gradual::note::{Class, Keeper};
use stepdown::care::people::{Pharmacist, Prescriber, Role, Staff, Supervisor};
use stepdown::store::gradual::treatments_of_resident;

use super::confirmed;
use crate::page::Page;
use crate::world::World;

fn keeper(world: &mut World) -> (Staff, Role, Keeper) {
    let role = *world.chance.pick(&[Role::Prescriber, Role::Pharmacist, Role::Supervisor]);
    let by = world.somebody(role);
    let keeper = match role {
        Role::Prescriber => Prescriber(by.clone()).into(),
        Role::Pharmacist => Pharmacist(by.clone()).into(),
        _ => Supervisor(by.clone()).into(),
    };
    (by, role, keeper)
}

fn lately(world: &mut World) -> NaiveDate {
    days_before(world.today(), world.chance.below(200) as u32)
}

pub fn begins(world: &mut World) -> Option<Page> {
    let (resident, form, (by, role, keeper)) = (world.resident(), world.chance.id(), keeper(world));
    let medicine = (*world.chance.pick(&["mirtazapine", "zopiclone"])).to_owned();
    let (on, class, known_from) = (lately(world), *world.chance.pick(&Class::ALL), world.why());
    let ask = BeginGradual { form: form.clone(), resident: resident.clone(), medicine, on, class, known_from };
    let run = move |conn: &mut _, now| begin_gradual(conn, &keeper, &ask, now);
    Some(Page::new("begin_gradual", &form, (&by, role), run).about(&resident))
}

pub fn notes_attempt(world: &mut World) -> Option<Page> {
    let (resident, form, (by, role, keeper)) = (world.resident(), world.chance.id(), keeper(world));
    let (medicine, on, how) = (noted(world, &resident)?, lately(world), world.why());
    let ask = NoteAttempt { form: form.clone(), resident: resident.clone(), medicine, on, how };
    let run = move |conn: &mut _, now| note_attempt(conn, &keeper, &ask, now);
    Some(Page::new("note_attempt", &form, (&by, role), run).about(&resident))
}

/// A medicine of somebody of which something is noted.
fn noted(world: &mut World, resident: &str) -> Option<String> {
    let today = world.today();
    let known = world.read(|conn| treatments_of_resident(conn, resident, today));
    Some(world.chance.find(&known)?.medicine.0.clone())
}

pub fn contraindicates(world: &mut World) -> Option<Page> {
    let (resident, form, by) = (world.resident(), world.chance.id(), world.somebody(Role::Prescriber));
    let (medicine, on, rationale) = (noted(world, &resident)?, lately(world), world.why());
    let again_on = days_after(world.today(), 1 + world.chance.below(200) as u32);
    let ask =
        NoteContraindication { form: form.clone(), resident: resident.clone(), medicine, on, again_on, rationale };
    let (staff, yes) = (Prescriber(by.clone()), confirmed(&by));
    let run = move |conn: &mut _, now| note_contraindication(conn, &staff, &yes, &ask, now);
    Some(Page::new("note_contraindication", &form, (&by, Role::Prescriber), run).about(&resident))
}

pub fn ends(world: &mut World) -> Option<Page> {
    let (resident, form, (by, role, keeper)) = (world.resident(), world.chance.id(), keeper(world));
    let (medicine, on, why) = (noted(world, &resident)?, world.today(), world.why());
    let ask = EndGradual { form: form.clone(), resident: resident.clone(), medicine, on, why };
    let run = move |conn: &mut _, now| end_gradual(conn, &keeper, &ask, now);
    Some(Page::new("end_gradual", &form, (&by, role), run).about(&resident))
}

pub fn strikes(world: &mut World) -> Option<Page> {
    let (resident, form, (by, role, keeper)) = (world.resident(), world.chance.id(), keeper(world));
    let today = world.today();
    let known = world.read(|conn| treatments_of_resident(conn, &resident, today));
    let notes: Vec<String> = known.iter().flat_map(|one| &one.notes).map(|note| note.id.clone()).collect();
    let note = world.chance.find(&notes)?.clone();
    let ask = StrikeGradual { form: form.clone(), resident: resident.clone(), note, why: world.why() };
    let run = move |conn: &mut _, now| strike_gradual(conn, &keeper, &ask, now);
    Some(Page::new("strike_gradual", &form, (&by, role), run).about(&resident))
}

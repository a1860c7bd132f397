//! Residents who move, and staff who come and go.

use chrono::TimeDelta;
use stepdown::acts::admit_resident::{AdmitResident, admit_resident};
use stepdown::acts::change_resident::{ChangeResident, change_resident};
use stepdown::acts::let_in_nurse::{LetInNewNurse, LetInNurse, LetOut, let_in_new_nurse, let_in_nurse, let_out_nurse};
use stepdown::acts::manage_people::{GiveRole, disable_person, end_role, give_role};
use stepdown::acts::transfer_resident::{TransferResident, transfer_resident};
use stepdown::care::people::{Administrator, Person, Role, Supervisor};
use stepdown::care::resident::admission::AdmissionAsk;
use stepdown::care::resident::transfer::TransferAsk;
use stepdown::care::staff::agency::Access;
use stepdown::store::residents::{resident_load, revision_load};

use crate::founding::admission;
use crate::page::{Claim, Page};
use crate::world::World;

pub fn moves_resident(world: &mut World) -> Option<Page> {
    let (resident, by, form) = (world.resident(), world.somebody(Role::Nurse), world.chance.id());
    let revision = world.read(|conn| revision_load(conn, &resident));
    let units = world.house.units.clone();
    let unit = world.chance.pick(&units).clone();
    let room = format!("{}", 1 + world.chance.below(90));
    // Now and then a move is written down only after it.
    let ago = world.chance.minutes(1, 900);
    let moved_at = if world.chance.percent(50) { world.on_the_clock(ago) } else { String::new() };
    let transfer = TransferAsk { unit, room, moved_at, note: String::new() };
    let ask = TransferResident { form: form.clone(), resident: resident.clone(), revision, transfer };
    let staff = by.clone();
    let run = move |conn: &mut _, now| transfer_resident(conn, (&staff, Role::Nurse), &ask, now);
    Some(Page::new("transfer_resident", &form, (&by, Role::Nurse), run).about(&resident))
}

/// Somebody loses a role or the account; or a role is given, for good or until the shift ends. The last of a role stays.
pub fn leaves(world: &mut World) -> Option<Page> {
    let by = world.somebody(Role::Administrator);
    let (staff, form) = (Administrator(by.clone()), world.chance.id());
    let now = world.clock.now();
    let (person, role) = world.chance.pick(&world.house.staff.clone()).clone();
    if world.chance.percent(50) {
        let hours = world.chance.between(1, 200);
        let until = world.chance.percent(50).then(|| now + TimeDelta::hours(hours));
        let username = person.trim_start_matches("person-").to_owned();
        let ask = GiveRole { form: form.clone(), username, role, ends_at: until };
        let run = move |conn: &mut _, now| give_role(conn, &staff, &ask, now);
        let claim = Claim::Hired { person, role, until };
        return Some(Page::new("give_role", &form, (&by, Role::Administrator), run).claims(claim));
    }
    let others = world.known.holders(role, now).iter().filter(|one| **one != person).count();
    if role == Role::Administrator || others == 0 {
        return None;
    }
    let (form_of, of) = (form.clone(), person.clone());
    if world.chance.percent(15) && world.known.leaves_others(&person, now) {
        let run = move |conn: &mut _, now| disable_person(conn, &staff, &form_of, &of, now);
        let claim = Claim::Gone { person, role: None };
        return Some(Page::new("disable_person", &form, (&by, Role::Administrator), run).claims(claim));
    }
    let run = move |conn: &mut _, now| end_role(conn, &staff, &form_of, &of, role, now);
    Some(Page::new("end_role", &form, (&by, Role::Administrator), run).claims(Claim::Gone { person, role: Some(role) }))
}

/// At night a supervisor lets a nurse in for a shift, with an account or without one; or out again before its end. Now and
/// then it is somebody who needs nothing, another role, or far too long.
pub fn lets_in(world: &mut World) -> Option<Page> {
    let by = world.somebody(Role::Supervisor);
    let (staff, form, now) = (Supervisor(by.clone()), world.chance.id(), world.clock.now());
    let (person, held) = world.chance.pick(&world.house.staff.clone()).clone();
    if world.chance.percent(25) {
        let others = world.known.holders(Role::Nurse, now).iter().any(|one| *one != person);
        if !others || !world.known.may(&person, held, now) {
            return None;
        }
        let (ask, claim) = (LetOut { form: form.clone(), person: person.clone(), role: held }, Some(held));
        let run = move |conn: &mut _, now| let_out_nurse(conn, &staff, &ask, now);
        let claim = Claim::Gone { person, role: claim };
        return Some(Page::new("let_out_nurse", &form, (&by, Role::Supervisor), run).claims(claim));
    }
    let until = Some(now + TimeDelta::hours(world.chance.between(0, 27)));
    let role = if world.chance.percent(95) { Role::Nurse } else { held };
    let access = Access { role, ends_at: until };
    if world.chance.percent(20) {
        let username = format!("a{}", &form[..8]);
        let person = Person {
            id: form.clone(),
            name: username.clone(),
            registration: username.to_uppercase(),
            username,
            email: String::new(),
            disabled_at: None,
            revision: 0,
        };
        let ask = LetInNewNurse { person, password_hash: "some".to_owned(), access };
        let run = move |conn: &mut _, now| let_in_new_nurse(conn, &staff, &ask, now);
        let claim = Claim::Hired { person: form.clone(), role, until };
        return Some(Page::new("let_in_new_nurse", &form, (&by, Role::Supervisor), run).claims(claim));
    }
    let username = person.trim_start_matches("person-").to_owned();
    let ask = LetInNurse { form: form.clone(), username, access };
    let run = move |conn: &mut _, now| let_in_nurse(conn, &staff, &ask, now);
    let claim = Claim::Hired { person, role, until };
    Some(Page::new("let_in_nurse", &form, (&by, Role::Supervisor), run).claims(claim))
}

/// Somebody new is taken in.
pub fn admits(world: &mut World) -> Option<Page> {
    let n = world.house.residents.len();
    if n >= 8 {
        return None;
    }
    let (by, form) = (world.somebody(Role::Supervisor), format!("resident-{n}"));
    let units = world.house.units.clone();
    let admission = admission(n, world.chance.pick(&units).as_str());
    let (staff, ask) = (Supervisor(by.clone()), AdmitResident { form: form.clone(), admission });
    let run = move |conn: &mut _, now| admit_resident(conn, &staff, &ask, now);
    Some(Page::new("admit_resident", &form, (&by, Role::Supervisor), run).claims(Claim::Admitted))
}

/// Another room, and what is known of allergies.
pub fn changes(world: &mut World) -> Option<Page> {
    let (resident, by, form) = (world.resident(), world.somebody(Role::Supervisor), world.chance.id());
    let (before, revision) = world.read(|conn| Ok((resident_load(conn, &resident)?, revision_load(conn, &resident)?)));
    let n = resident.trim_start_matches("resident-").parse().unwrap_or_default();
    let (allergy_state, allergies) = *world.chance.pick(&[("none", ""), ("known", "penicillin"), ("unavailable", "")]);
    let admission = AdmissionAsk {
        room: format!("{}", 1 + world.chance.below(90)),
        allergy_state: allergy_state.to_owned(),
        allergies: allergies.to_owned(),
        ..admission(n, &before.unit)
    };
    let (staff, about) = (Supervisor(by.clone()), resident.clone());
    let ask = ChangeResident { form: form.clone(), resident, revision, admission };
    let run = move |conn: &mut _, now| change_resident(conn, &staff, &ask, now);
    Some(Page::new("change_resident", &form, (&by, Role::Supervisor), run).about(&about))
}

//! What is given as needed: ordered, given, noted, struck, ended.

use stepdown::acts::end_as_needed::{EndAsNeeded, end_as_needed};
use stepdown::acts::note_effect::{NoteEffect, note_effect};
use stepdown::acts::order_as_needed::{OrderAsNeeded, order_as_needed};
use stepdown::acts::record_as_needed::{RecordAsNeeded, record_as_needed};
use stepdown::acts::strike_as_needed::{StrikeAsNeeded, strike_as_needed};
use stepdown::care::amount::Amount;
use stepdown::care::calendar::days_after;
use stepdown::care::medicine::Medicine;
use stepdown::care::people::{Nurse, Prescriber, Role, Supervisor};
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::as_needed::effect::{Effect, EffectAsk};
use stepdown::care::round::as_needed::giving::GiveAsk;
use stepdown::care::round::as_needed::order::OrderAsk;
use stepdown::care::round::correction::Corrector;
use stepdown::store::as_needed::{OrderFile, doses_of_resident, doses_without_effect, orders_of_resident};

use super::bedside::scans;
use super::confirmed;
use crate::founding::MEDICINES;
use crate::page::{Claim, Page};
use crate::world::World;

pub fn orders(world: &mut World) -> Option<Page> {
    let (resident, by, form) = (world.resident(), world.somebody(Role::Prescriber), world.chance.id());
    let (today, (medicine, least_ug)) = (world.today(), *world.chance.pick(&MEDICINES));
    let order = OrderAsk {
        medicine: Medicine(medicine.into()),
        amount: Amount::from_ug(*world.chance.pick(&[1, 2, 4]) * least_ug),
        reason: "panic".into(),
        least_minutes: *world.chance.pick(&[60, 240, 720]),
        most: Amount::from_ug(*world.chance.pick(&[8, 16, 32]) * least_ug),
        starts_on: today,
        ends_on: Some(days_after(today, 1 + world.chance.below(13) as u32)),
        rationale: String::new(),
    };
    let ask = OrderAsNeeded { form: form.clone(), resident: resident.clone(), order };
    let (staff, yes) = (Prescriber(by.clone()), confirmed(&by));
    let run = move |conn: &mut _, now| order_as_needed(conn, &staff, &yes, &ask, now);
    Some(Page::new("order_as_needed", &form, (&by, Role::Prescriber), run).about(&resident))
}

/// An order of somebody, ended or not.
pub fn order(world: &mut World) -> Option<OrderFile> {
    let resident = world.resident();
    let orders = world.read(|conn| orders_of_resident(conn, &resident));
    world.chance.find(&orders).cloned()
}

pub fn ends(world: &mut World) -> Option<Page> {
    let (file, by, form) = (order(world)?, world.somebody(Role::Prescriber), world.chance.id());
    let ask = EndAsNeeded { form: form.clone(), of_order: file.order.id, reason: world.why() };
    let (staff, yes) = (Prescriber(by.clone()), confirmed(&by));
    let run = move |conn: &mut _, now| end_as_needed(conn, &staff, &yes, &ask, now);
    Some(Page::new("end_as_needed", &form, (&by, Role::Prescriber), run).about(&file.order.resident))
}

pub fn gives(world: &mut World) -> Option<Page> {
    let (file, by, form) = (order(world)?, world.somebody(Role::Nurse), world.chance.id());
    let give =
        GiveAsk { revision: file.revision, why: "Trembling, cannot be talked down.".into(), given_at: String::new() };
    let of_order = file.order.id;
    let claim = Claim::AsNeeded { of_order: of_order.clone() };
    let (witness, identity) = (world.witness(&by), scans(world, &file.order.resident));
    let ask = RecordAsNeeded { form: form.clone(), of_order, give, stock: StockAsk::default(), witness, identity };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| record_as_needed(conn, &staff, &ask, now);
    Some(Page::new("record_as_needed", &form, (&by, Role::Nurse), run).claims(claim).about(&file.order.resident))
}

pub fn notes_effect(world: &mut World) -> Option<Page> {
    let (facility, by, form) = (world.facility(), world.somebody(Role::Nurse), world.chance.id());
    let since = world.clock.now() - chrono::TimeDelta::days(2);
    let doses = world.read(|conn| doses_without_effect(conn, &facility, since));
    let dose = world.chance.find(&doses)?.clone();
    let effect = EffectAsk { effect: Some(*world.chance.pick(&Effect::ALL)), note: String::new() };
    let ask = NoteEffect { form: form.clone(), of_dose: dose.id, effect };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| note_effect(conn, &staff, &ask, now);
    Some(Page::new("note_effect", &form, (&by, Role::Nurse), run).about(&dose.resident))
}

pub fn strikes(world: &mut World) -> Option<Page> {
    let (resident, form, since) = (world.resident(), world.chance.id(), world.clock.now() - chrono::TimeDelta::days(3));
    let doses = world.read(|conn| doses_of_resident(conn, &resident, since));
    let dose = world.chance.find(&doses)?.clone();
    let role = *world.chance.pick(&[Role::Nurse, Role::Supervisor]);
    let by = world.somebody(role);
    let corrector: Corrector = match role {
        Role::Supervisor => Supervisor(by.clone()).into(),
        _ => Nurse(by.clone()).into(),
    };
    let (why, witness) = (world.why(), world.witness(&by));
    let ask = StrikeAsNeeded { form: form.clone(), of_dose: dose.id, why, witness };
    let run = move |conn: &mut _, now| strike_as_needed(conn, &corrector, &ask, now);
    Some(Page::new("strike_as_needed", &form, (&by, role), run).about(&resident))
}

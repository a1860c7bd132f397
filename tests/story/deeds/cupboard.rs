//! What is done at the cupboard: received, wasted, returned, destroyed, moved, counted, explained.

use stepdown::acts::count_register::{CountRegister, OnShelf, count_register};
use stepdown::acts::enter_register::{EnterRegister, enter_register};
use stepdown::acts::look_through::{LookThrough, look_through};
use stepdown::acts::resolve_discrepancy::{ResolveDiscrepancy, resolve_discrepancy};
use stepdown::care::people::{Nurse, Role, Supervisor};
use stepdown::care::register::book::Ending;
use stepdown::care::register::entering::{EnterAsk, What};
use stepdown::care::register::parts::Parts;
use stepdown::care::register::{HeldBy, Holder};
use stepdown::store::registers::{RegisterFile, discrepancies_of, registers_of};

use crate::founding::SHELF;
use crate::page::Page;
use crate::troubles::Trouble;
use crate::world::World;

fn holder(world: &mut World) -> Holder {
    match world.house.facility.register.held_by {
        HeldBy::Residents => Holder::Resident(world.resident()),
        HeldBy::Units => {
            let units = world.house.units.clone();
            Holder::Unit(world.chance.pick(&units).clone())
        }
    }
}

/// Enters something of a product, before somebody.
fn enters(world: &mut World, what: What, halves: i64) -> Option<Page> {
    let (from, by, form) = (holder(world), world.somebody(Role::Nurse), world.chance.id());
    let (product, halved) = *world.chance.pick(&SHELF);
    let half = if halved && halves % 2 == 1 { ".5" } else { "" };
    let enter = EnterAsk {
        what,
        count: format!("{}{half}", halves / 2),
        lot: "B1042".into(),
        expires_on: "2029-12-31".into(),
        note: "Brook Street Pharmacy, delivery 77410".into(),
        to: Some(holder(world)),
    };
    let witness = world.witness(&by);
    let ask = EnterRegister { form: form.clone(), holder: from, product: product.to_owned(), enter, witness };
    let staff = Nurse(by.clone()).into();
    let run = move |conn: &mut _, now| enter_register(conn, &staff, &ask, now);
    Some(Page::new("enter_register", &form, (&by, Role::Nurse), run))
}

pub fn receives(world: &mut World) -> Option<Page> {
    let most = if world.troubles.on(Trouble::BadStock) { 12 } else { 120 };
    // A large house takes as many doses in an hour as the small one in days.
    let often = if world.breadth.rounds { 20 } else { 1 };
    let halves = world.chance.between(2, most) * often;
    enters(world, What::Receive, halves)
}

pub fn lets_leave(world: &mut World) -> Option<Page> {
    let what = *world.chance.pick(&[What::Waste, What::Return, What::Destroy, What::Move]);
    let halves = world.chance.between(1, 12);
    enters(world, what, halves)
}

fn register(world: &mut World) -> Option<RegisterFile> {
    let facility = world.facility();
    let registers = world.read(|conn| registers_of(conn, &facility));
    world.chance.find(&registers).cloned()
}

/// Two people count one register of a unit; now and then what they find is not what the book says.
pub fn counts(world: &mut World) -> Option<Page> {
    let (register, by, form) = (register(world)?, world.somebody(Role::Nurse), world.chance.id());
    let unit = match &register.holder {
        Holder::Unit(unit) => unit.clone(),
        Holder::Resident(resident) => {
            let resident = resident.clone();
            world.read(|conn| stepdown::store::residents::resident_load(conn, &resident)).unit
        }
    };
    let wrong = world.troubles.on(Trouble::BadStock) && world.chance.percent(30);
    let off = if wrong { world.chance.between(-3, 3) } else { 0 };
    let parts = Parts(u64::try_from((register.book.balance + register.book.open + off).max(0)).unwrap_or(0));
    let on_shelf = OnShelf { register: register.id, revision: register.revision?, parts, second: Some(parts) };
    let witness = world.witness(&by);
    let ask = CountRegister { form: form.clone(), unit, counts: vec![on_shelf], witness };
    let staff = Nurse(by.clone()).into();
    let run = move |conn: &mut _, now| count_register(conn, &staff, &ask, now);
    Some(Page::new("count_register", &form, (&by, Role::Nurse), run))
}

pub fn resolves(world: &mut World) -> Option<Page> {
    let (register, by, form) = (register(world)?, world.somebody(Role::Supervisor), world.chance.id());
    let mut open = world.read(|conn| discrepancies_of(conn, &register.id));
    open.retain(|file| file.ended.is_none());
    let discrepancy = world.chance.find(&open)?.opened.id.clone();
    let ending = Some(*world.chance.pick(&[Ending::Adjusted, Ending::Explained]));
    let ask = ResolveDiscrepancy { form: form.clone(), discrepancy, ending, reason: world.why() };
    let staff = Supervisor(by.clone());
    let run = move |conn: &mut _, now| resolve_discrepancy(conn, &staff, &ask, now);
    Some(Page::new("resolve_discrepancy", &form, (&by, Role::Supervisor), run))
}

pub fn looks_through(world: &mut World) -> Option<Page> {
    let (by, form, on) = (world.somebody(Role::Supervisor), world.chance.id(), world.today());
    let units = world.house.units.clone();
    let unit = world.chance.pick(&units).clone();
    let ask = LookThrough { form: form.clone(), unit, on, note: String::new() };
    let staff = Supervisor(by.clone()).into();
    let run = move |conn: &mut _, now| look_through(conn, &staff, &ask, now);
    Some(Page::new("look_through", &form, (&by, Role::Supervisor), run))
}

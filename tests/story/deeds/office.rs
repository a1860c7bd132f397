//! What is done at a desk: rules of the facility changed, lists of people taken in, photos put up.

use sha2::{Digest, Sha256};
use stepdown::acts::code_packs::{CodePacks, code_packs};
use stepdown::acts::letter_mar::{LetterMar, letter_mar};
use stepdown::acts::limit_medicine::{LimitMedicine, limit_medicine};
use stepdown::acts::manage_facility::{change_settings, save_unit};
use stepdown::acts::plan_ordering::{PlanOrdering, plan_ordering};
use stepdown::acts::put_photo::{PutPhoto, put_photo};
use stepdown::acts::take_in_residents::{TakeIn, take_in_residents};
use stepdown::acts::take_in_staff::{TakeInStaff, take_in_staff};
use stepdown::acts::witness_medicine::{WitnessMedicine, witness_medicine};
use stepdown::care::amount::Amount;
use stepdown::care::facility::Facility;
use stepdown::care::medicine::Medicine;
use stepdown::care::medicine::coded::codes_of;
use stepdown::care::medicine::limit::Limit;
use stepdown::care::people::{Administrator, Role, Supervisor};
use stepdown::care::register::ordering::OrderRules;
use stepdown::care::resident::photo::Photo;
use stepdown::care::round::mar::LetterSet;
use stepdown::care::witness::{Watched, WitnessPolicy};
use stepdown::store::facilities::{facility_load, unit_load};
use uuid::Uuid;

use crate::founding::{MEDICINES, surname};
use crate::page::{Claim, Page};
use crate::world::World;

fn medicine(world: &mut World) -> Medicine {
    Medicine(world.chance.pick(&MEDICINES).0.into())
}

fn settings(world: &World) -> Facility {
    let facility = world.facility();
    world.read(|conn| facility_load(conn, &facility))
}

/// Another rule, of the kinds that decide no dose by themselves.
pub fn changes_settings(world: &mut World) -> Option<Page> {
    let (by, form, chance) = (world.somebody(Role::Administrator), world.chance.id(), &mut world.chance);
    let horizon_days = chance.between(10, 21) as u32;
    let no_record_minutes = *chance.pick(&[90, 120, 240]);
    let correction_hours = *chance.pick(&[12, 24, 72]);
    let changed = Facility { horizon_days, no_record_minutes, correction_hours, ..settings(world) };
    let (staff, of) = (Administrator(by.clone()), form.clone());
    let run = move |conn: &mut _, now| change_settings(conn, &staff, &of, &changed, now);
    Some(Page::new("change_settings", &form, (&by, Role::Administrator), run))
}

pub fn changes_unit(world: &mut World) -> Option<Page> {
    let (by, form, units) = (world.somebody(Role::Administrator), world.chance.id(), world.house.units.clone());
    let id = world.chance.pick(&units).clone();
    let mut unit = world.read(|conn| unit_load(conn, &id));
    let rounds: [&[&str]; 2] = [&["08:00", "20:00"], &["07:30", "13:00", "21:30"]];
    unit.rounds = world.chance.pick(&rounds).iter().map(|slot| slot.parse().expect("a slot")).collect();
    let (staff, of) = (Administrator(by.clone()), form.clone());
    let run = move |conn: &mut _, now| save_unit(conn, &staff, &of, &unit, now);
    Some(Page::new("save_unit", &form, (&by, Role::Administrator), run))
}

pub fn limits_medicine(world: &mut World) -> Option<Page> {
    let (by, form, revision) = (world.somebody(Role::Administrator), world.chance.id(), settings(world).revision);
    let (most, medicine) = (Amount::from_ug(*world.chance.pick(&[4_000, 6_000])), medicine(world));
    let limit = Limit { medicine: medicine.clone(), most, source: "House rule 7".into() };
    let limit = world.chance.percent(70).then_some(limit);
    let ask = LimitMedicine { form: form.clone(), revision, medicine, limit };
    let staff = Administrator(by.clone());
    let run = move |conn: &mut _, now| limit_medicine(conn, &staff, &ask, now);
    Some(Page::new("limit_medicine", &form, (&by, Role::Administrator), run))
}

pub fn watches_medicine(world: &mut World) -> Option<Page> {
    let (by, form, revision) = (world.somebody(Role::Administrator), world.chance.id(), settings(world).revision);
    let watched = Watched::ALL.into_iter().filter(|_| world.chance.percent(30)).collect();
    let policy = Some(WitnessPolicy(watched));
    let ask = WitnessMedicine { form: form.clone(), revision, medicine: medicine(world), policy };
    let staff = Administrator(by.clone());
    let run = move |conn: &mut _, now| witness_medicine(conn, &staff, &ask, now);
    Some(Page::new("witness_medicine", &form, (&by, Role::Administrator), run))
}

pub fn plans_ordering(world: &mut World) -> Option<Page> {
    let (by, form, revision) = (world.somebody(Role::Administrator), world.chance.id(), settings(world).revision);
    let (lead_days, cover_days) = (world.chance.between(0, 9) as u32, world.chance.between(7, 56) as u32);
    let ask = PlanOrdering { form: form.clone(), revision, rules: OrderRules { lead_days, cover_days } };
    let staff = Administrator(by.clone());
    let run = move |conn: &mut _, now| plan_ordering(conn, &staff, &ask, now);
    Some(Page::new("plan_ordering", &form, (&by, Role::Administrator), run))
}

pub fn letters_mar(world: &mut World) -> Option<Page> {
    let (by, form, revision) = (world.somebody(Role::Administrator), world.chance.id(), settings(world).revision);
    let letters = match world.chance.percent(50) {
        true => LetterSet::default(),
        false => LetterSet::of([("refused".to_owned(), "R".to_owned())]),
    };
    let ask = LetterMar { form: form.clone(), revision, letters };
    let staff = Administrator(by.clone());
    let run = move |conn: &mut _, now| letter_mar(conn, &staff, &ask, now);
    Some(Page::new("letter_mar", &form, (&by, Role::Administrator), run))
}

/// The number on the packs of one product, where somebody has said so.
pub const PACK: &str = "6291041500213";

pub fn codes_packs(world: &mut World) -> Option<Page> {
    let (by, form, revision) = (world.somebody(Role::Administrator), world.chance.id(), settings(world).revision);
    let also = format!("{PACK}, 12345-678-90");
    let typed = *world.chance.pick(&["", PACK, &also]);
    let codes = codes_of("197527", typed).expect("numbers that are numbers of packs");
    let ask = CodePacks { form: form.clone(), revision, codes };
    let staff = Administrator(by.clone());
    let run = move |conn: &mut _, now| code_packs(conn, &staff, &ask, now);
    Some(Page::new("code_packs", &form, (&by, Role::Administrator), run))
}

/// Nobody had a photo before, or somebody else was quicker.
pub fn puts_photo(world: &mut World) -> Option<Page> {
    let (resident, by, form) = (world.resident(), world.somebody(Role::Nurse), world.chance.id());
    let jpeg = world.chance.next().to_be_bytes().to_vec();
    let digest = Sha256::digest(&jpeg).iter().map(|byte| format!("{byte:02x}")).collect();
    let photo = Some(Photo { jpeg, digest });
    let ask = PutPhoto { form: form.clone(), resident: resident.clone(), seen: None, photo };
    let staff = by.clone();
    let run = move |conn: &mut _, now| put_photo(conn, (&staff, Role::Nurse), &ask, now);
    Some(Page::new("put_photo", &form, (&by, Role::Nurse), run).about(&resident))
}

/// A list of one: their id follows from the form.
pub fn takes_in_resident(world: &mut World) -> Option<Page> {
    let n = world.house.residents.len();
    if n >= 8 && !world.breadth.rounds {
        return None;
    }
    let (by, form) = (world.somebody(Role::Supervisor), world.chance.id());
    let head = "number,surname,forename,born,unit,room,allergies";
    let list = format!("{head}\nLH-{n},{},Invented,1931-05-06,east,{n},none\n", surname(n));
    let first = first_of(&form, "resident 0");
    let (staff, ask) = (Supervisor(by.clone()), TakeIn { form, list });
    let run = move |conn: &mut _, now| take_in_residents(conn, &staff, &ask, now);
    Some(Page::new("take_in_residents", &first, (&by, Role::Supervisor), run).claims(Claim::Admitted))
}

pub fn takes_in_nurse(world: &mut World) -> Option<Page> {
    let (by, form) = (world.somebody(Role::Administrator), world.chance.id());
    let name = format!("n{}", &form[..6]);
    let head = "name,username,email,roles,registration";
    let list = format!("{head}\n{name},{name},{name}@long-house.example,nurse,\n");
    let person = first_of(&form, "person 0");
    let (staff, ask) = (Administrator(by.clone()), TakeInStaff { form, list });
    let claim = Claim::Hired { person: person.clone(), role: Role::Nurse, until: None };
    let run = move |conn: &mut _, now| take_in_staff(conn, &staff, &ask, now);
    Some(Page::new("take_in_staff", &person, (&by, Role::Administrator), run).claims(claim))
}

/// The id that the first line of a list gets.
fn first_of(form: &str, part: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{form} {part}").as_bytes()).to_string()
}

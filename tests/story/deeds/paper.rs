//! What was written on paper while the system was down, typed in afterwards.

use chrono::TimeDelta;
use stepdown::acts::ActError;
use stepdown::acts::enter_as_needed::{EnterAsNeeded, RowsEntered, enter_as_needed};
use stepdown::acts::enter_paper::{EnterPaper, Entered, enter_paper};
use stepdown::care::people::{Nurse, Role};
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::as_needed::giving::paper::PaperRow;
use stepdown::care::round::paper::PaperLine;
use stepdown::store::residents::resident_load;
use uuid::Uuid;

use super::as_needed::order;
use super::bedside::{around, stock, told};
use crate::page::{Claim, Page};
use crate::world::World;

/// One as-needed dose of the last hours.
pub fn types_in_as_needed(world: &mut World) -> Option<Page> {
    let (file, by, form) = (order(world)?, world.somebody(Role::Nurse), world.chance.id());
    let (now, resident) = (world.clock.now(), file.order.resident.clone());
    let unit = world.read(|conn| resident_load(conn, &resident)).unit;
    let ago = world.chance.minutes(1, 300);
    let row = PaperRow {
        order: file.order.id.clone(),
        nth: 0,
        revision: file.revision,
        amount: String::new(),
        given_at: world.on_the_clock(ago),
        given_by: world.somebody(Role::Nurse).person,
        why: "Trembling, could not be talked down.".to_owned(),
        done: "Told the prescriber, and watched for an hour.".to_owned(),
        stock: StockAsk::default(),
    };
    let id = part(&form, &row.key());
    let (span, witness) = ((now - TimeDelta::hours(6), now), world.witness(&by));
    let ask = EnterAsNeeded { form, unit, span, rows: vec![row], witness, alone: String::new() };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| match enter_as_needed(conn, &staff, &ask, now)? {
        RowsEntered::Saved(_) => Ok(()),
        RowsEntered::Wrong(rows) => Err(ActError::from(rows[0].1.clone())),
    };
    Some(Page::new("enter_as_needed", &id, (&by, Role::Nurse), run).about(&resident))
}

/// The id of one line of a page.
fn part(form: &str, line: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{form} {line}").as_bytes()).to_string()
}

/// One line of a page, about the hours around one dose.
pub fn types_in(world: &mut World) -> Option<Page> {
    let (mut doses, by, now) = (around(world, true), world.somebody(Role::Nurse), world.clock.now());
    doses.retain(|dose| dose.due_at < now);
    let dose = world.chance.find(&doses)?.clone();
    let (record, outcome, given) = told(world, &dose);
    let unit = world.lived(&dose.resident, dose.due_at, i64::MAX);
    let given_at = world.house.facility.zone.local(dose.due_at).format("%Y-%m-%dT%H:%M").to_string();
    let line = PaperLine {
        dose: dose.id.clone(),
        revision: dose.revision,
        outcome: Some(outcome),
        as_level: world.chance.percent(50),
        part: record.part,
        reason: record.reason,
        note: String::new(),
        given_at,
        given_by: world.somebody(Role::Nurse).person,
        sedation: String::new(),
        stock: stock(world),
    };
    let form = world.chance.id();
    let ask = EnterPaper {
        form: form.clone(),
        unit,
        span: (dose.due_at - TimeDelta::hours(2), now.min(dose.due_at + TimeDelta::hours(6))),
        entry: None,
        lines: vec![line],
        witness: world.witness(&by),
        alone: String::new(),
    };
    // Each line is a record of its own, whose id follows from the form and the dose.
    let id = part(&form, &dose.id);
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| match enter_paper(conn, &staff, &ask, now)? {
        Entered::Saved(_) => Ok(()),
        Entered::Wrong(lines) => Err(ActError::from(lines[0].1.clone())),
    };
    let claim = Claim::Recorded { dose: dose.id, outcome, given };
    Some(Page::new("enter_paper", &id, (&by, Role::Nurse), run).claims(claim).about(&dose.resident))
}

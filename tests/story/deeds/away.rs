//! Residents who leave and come back.

use chrono::TimeDelta;
use stepdown::acts::record_absence::{RecordAbsence, record_absence};
use stepdown::acts::record_return::{RecordReturn, record_return};
use stepdown::care::absence::{Away, BackOn, ElsewhereAsk, LeaveAsk};
use stepdown::care::people::{Nurse, Role};
use stepdown::store::absences::absence_open_find;
use stepdown::store::plans::running_plan_ids;

use crate::page::Page;
use crate::world::World;

pub fn leaves(world: &mut World) -> Option<Page> {
    let (resident, by, hours) = (world.resident(), world.somebody(Role::Nurse), world.chance.below(12) as i64);
    let kind = *world.chance.pick(&[Away::Hospital, Away::Leave]);
    let left_at = world.on_the_clock(TimeDelta::hours(hours));
    let form = world.chance.id();
    let leave = LeaveAsk { kind: Some(kind), left_at, note: String::new() };
    let ask = RecordAbsence { form: form.clone(), resident: resident.clone(), leave };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| record_absence(conn, &staff, &ask, now);
    Some(Page::new("record_absence", &form, (&by, Role::Nurse), run).about(&resident))
}

pub fn comes_back(world: &mut World) -> Option<Page> {
    let (resident, by) = (world.resident(), world.somebody(Role::Nurse));
    world.read(|conn| absence_open_find(conn, &resident))?;
    let plans = world.read(|conn| running_plan_ids(conn, &resident));
    let back_on = *world.chance.pick(&[BackOn::Same, BackOn::Same, BackOn::Same, BackOn::Other, BackOn::NotKnown]);
    let letter = if back_on == BackOn::Other { "Went down to half a tablet at night." } else { "" };
    let elsewhere = |plan: String| ElsewhereAsk {
        plan,
        last_at: String::new(),
        last_amount: String::new(),
        back_on: Some(back_on),
        letter: letter.to_owned(),
    };
    let hours = world.chance.below(3) as i64;
    let back_at = world.on_the_clock(TimeDelta::hours(hours));
    let form = world.chance.id();
    let plans = plans.into_iter().map(elsewhere).collect();
    let ask = RecordReturn { form: form.clone(), resident: resident.clone(), back_at, plans, note: String::new() };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| record_return(conn, &staff, &ask, now);
    Some(Page::new("record_return", &form, (&by, Role::Nurse), run).about(&resident))
}

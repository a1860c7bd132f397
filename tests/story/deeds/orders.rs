//! What prescribers order at a screen or by telephone, and what follows such an order.

use stepdown::acts::confirm_order::{ConfirmOrder, confirm_order};
use stepdown::acts::hold_plan::{HoldPlan, hold_plan};
use stepdown::acts::order_urgently::{OrderUrgently, order_urgently};
use stepdown::acts::review_order::{ReviewOrder, review_order};
use stepdown::acts::step_back::{StepBack, step_back};
use stepdown::care::calendar::days_after;
use stepdown::care::people::{Nurse, Prescriber, Role};
use stepdown::care::taper::order::Shown;
use stepdown::care::taper::telephone::{Call, Orderer};
use stepdown::store::cases::Found;

use super::confirmed;
use super::plans::{pharmacist, prescriber};
use crate::changed::less;
use crate::page::Page;
use crate::world::World;

/// A prescriber at a screen, or a nurse who writes down what one says on the telephone.
fn orderer(world: &mut World) -> Orderer {
    let prescriber = world.somebody(Role::Prescriber);
    if world.chance.percent(60) {
        return Orderer::AtAScreen { confirmed: confirmed(&prescriber), by: Prescriber(prescriber) };
    }
    let by = world.somebody(Role::Nurse);
    let called_at = world.house.facility.zone.local(world.clock.now()).format("%H:%M").to_string();
    let heard = world.second(&by);
    let call = Call { prescriber: prescriber.person, called_at, read_back: world.chance.percent(95), heard };
    Orderer::ByTelephone { by: Nurse(by), call }
}

/// What the page showed of the plan.
pub fn shown(found: &Found) -> Shown {
    Shown { decisions: found.file.facts.len(), next: found.case.next_dose() }
}

pub fn holds(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, orderer(world));
    let reassess_on = days_after(found.case.today, world.chance.below(20) as u32);
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = HoldPlan { form: form.clone(), plan, shown: shown(&found), reassess_on, rationale };
    let staff = (by.staff().clone(), by.role());
    let page = Page::new("hold_plan", &form, (&staff.0, staff.1), move |conn, now| hold_plan(conn, &by, &ask, now));
    Some(page.about(&found.file.plan.resident))
}

pub fn steps_back(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, orderer(world));
    let steps: Vec<u32> = found.case.steps_back().into_iter().map(|step| step.ordinal).collect();
    let step = world.chance.find(&steps).copied();
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = StepBack { form: form.clone(), plan, shown: shown(&found), step, rationale };
    let staff = (by.staff().clone(), by.role());
    let page = Page::new("step_back", &form, (&staff.0, staff.1), move |conn, now| step_back(conn, &by, &ask, now));
    Some(page.about(&found.file.plan.resident))
}

pub fn orders(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, orderer(world));
    let urgent = less(&found.case, world.chance.below(9) as u64);
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = OrderUrgently { form: form.clone(), plan, shown: shown(&found), urgent, rationale };
    let staff = (by.staff().clone(), by.role());
    let run = move |conn: &mut _, now| order_urgently(conn, &by, &ask, now);
    Some(Page::new("order_urgently", &form, (&staff.0, staff.1), run).about(&found.file.plan.resident))
}

pub fn reviews(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Pharmacist));
    let order = found.case.course.unreviewed.first()?.clone();
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = ReviewOrder { form: form.clone(), plan, order, rationale };
    Some(pharmacist(&found, by, "review_order", &form, move |conn, by, yes, now| {
        review_order(conn, by, yes, &ask, now)
    }))
}

pub fn confirms(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    let order = found.case.course.unconfirmed.first()?.clone();
    let (form, plan) = (world.chance.id(), found.file.plan.id.clone());
    let ask = ConfirmOrder { form: form.clone(), plan, order, remark: String::new() };
    Some(prescriber(&found, by, "confirm_order", &form, move |conn, by, yes, now| {
        confirm_order(conn, by, yes, &ask, now)
    }))
}

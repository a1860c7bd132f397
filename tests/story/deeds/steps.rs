//! Other steps for a plan that runs: submitted, approved, taken back.

use stepdown::acts::amend_plan::{AmendPlan, Amended, amend_plan};
use stepdown::acts::approve_amendment::{ApproveAmendment, approve_amendment};
use stepdown::acts::drop_amendment::{DropAmendment, drop_amendment};
use stepdown::care::people::Role;

use super::plans::prescriber;
use crate::changed::{Change, other_steps};
use crate::page::Page;
use crate::world::World;

pub fn amends(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    let change = *world.chance.pick(&[Change::Slower, Change::OneMore, Change::StayHere, Change::StepInForce]);
    let plan = other_steps(&found.case, change, found.file.next_version());
    let amended = Amended {
        steps: plan.steps,
        goal: plan.goal,
        protocol: plan.protocol,
        settings: plan.settings,
        late: found.file.plan.late_rule(),
    };
    let (form, of, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let decisions_seen = found.file.facts.len() as u32;
    let ask = AmendPlan { form: form.clone(), plan: of, decisions_seen, amended, rationale };
    Some(prescriber(&found, by, "amend_plan", &form, move |conn, by, _, now| amend_plan(conn, by, &ask, now)))
}

pub fn approves(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    let (version, form, plan) = (found.case.course.amendment?, world.chance.id(), found.file.plan.id.clone());
    let ask = ApproveAmendment { form: form.clone(), plan, version };
    let act = move |conn: &mut _, by: &_, yes: &_, now| approve_amendment(conn, by, yes, &ask, now);
    Some(prescriber(&found, by, "approve_amendment", &form, act))
}

pub fn drops(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    let (version, form, plan) = (found.case.course.amendment?, world.chance.id(), found.file.plan.id.clone());
    let ask = DropAmendment { form: form.clone(), plan, version, rationale: world.why() };
    Some(prescriber(&found, by, "drop_amendment", &form, move |conn, by, _, now| drop_amendment(conn, by, &ask, now)))
}

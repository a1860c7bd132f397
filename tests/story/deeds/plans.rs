//! Plans on their way: begun, signed, held, sent back, withdrawn, paused, stopped, ended.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use stepdown::acts::ActError;
use stepdown::acts::answer_return::{AnswerReturn, answer_return};
use stepdown::acts::approve_plan::{ApprovePlan, approve_plan};
use stepdown::acts::ask_stop::{AskStop, ask_stop};
use stepdown::acts::decline_stop::{DeclineStop, decline_stop};
use stepdown::acts::discard_draft::{DiscardDraft, discard_draft};
use stepdown::acts::draft_plan::{DraftPlan, draft_plan};
use stepdown::acts::end_hold::{EndHold, end_hold};
use stepdown::acts::finish_plan::{FinishPlan, finish_plan};
use stepdown::acts::hold_reduction::{HoldReduction, hold_reduction};
use stepdown::acts::pause_reduction::{PauseReduction, pause_reduction};
use stepdown::acts::record_baseline::{RecordBaseline, record_baseline};
use stepdown::acts::return_reduction::{ReturnReduction, return_reduction};
use stepdown::acts::sign_reduction::{Seen, SignReduction, sign_reduction};
use stepdown::acts::stop_plan::{StopPlan, stop_plan};
use stepdown::acts::withdraw_signature::{WithdrawSignature, withdraw_signature};
use stepdown::care::amount::Amount;
use stepdown::care::calendar::{Slot, days_after, days_before};
use stepdown::care::people::{Confirmed, Nurse, Pharmacist, Prescriber, Role, Staff};
use stepdown::care::taper::baseline::Baseline;
use stepdown::care::taper::baseline::entry::{self, Bounds};
use stepdown::care::taper::late::LateRule;
use stepdown::care::taper::level::{Reduction, Standing};
use stepdown::care::taper::plan::{Medicine, Plan, Regimen, Step};
use stepdown::care::taper::reduction::SignAsk;
use stepdown::store::Conn;
use stepdown::store::cases::Found;
use stepdown::store::evidence::{Evidence, evidence_load};
use stepdown::store::plans::{PlanFile, PlanState, plan_ids, plan_load, running_plan_ids};
use stepdown::store::snapshots::{mark, snapshot_load};

use super::confirmed;
use super::orders::shown;
use crate::chance::Chance;
use crate::founding::MEDICINES;
use crate::page::{Claim, Page};
use crate::troubles::Trouble;
use crate::world::World;

/// A prescriber drafts and approves a taper for somebody who has none.
pub fn begins(world: &mut World) -> Option<Page> {
    let (resident, by) = (world.resident(), world.somebody(Role::Prescriber));
    if !world.read(|conn| running_plan_ids(conn, &resident)).is_empty() && world.chance.percent(94) {
        return None;
    }
    let today = world.today();
    let slots = slots(world);
    let plan = drawn(&mut world.chance, (&world.house.facility.id, &resident), &slots, today);
    let (draft, form) = (world.chance.id(), world.chance.id());
    let (of, made) = (plan.id.clone(), by.clone());
    let ask = DraftPlan { form: draft.clone(), plan, revision: None };
    let drafted = Page::new("draft_plan", &draft, (&by, Role::Prescriber), move |conn, now| {
        draft_plan(conn, &Prescriber(made.clone()), &ask, now)
    });
    world.post(&drafted.claims(Claim::Made { plan: of.clone() }).about(&resident));
    let (yes, staff) = (confirmed(&by), by.clone());
    let ask = ApprovePlan { form: form.clone(), plan: of.clone(), revision: 0 };
    let page = Page::new("approve_plan", &form, (&by, Role::Prescriber), move |conn, now| {
        approve_plan(conn, &Prescriber(staff.clone()), &yes, &ask, now)
    });
    Some(page.about(&resident))
}

/// The times of day of a plan: two, and four where the house is large.
fn slots(world: &mut World) -> Vec<Slot> {
    let few: [&[&str]; 3] = [&["08:00", "20:00"], &["02:00", "14:00"], &["00:00", "22:00"]];
    let times = *world.chance.pick(if world.breadth.rounds { &ROUNDS[..] } else { &few });
    times.iter().copied().map(slot).collect()
}

/// When doses are due in a large house.
pub const ROUNDS: [&[&str]; 2] = [&["08:00", "12:00", "16:00", "20:00"], &["00:00", "06:00", "14:00", "22:00"]];

pub fn slot(text: &str) -> Slot {
    text.parse().expect("a slot")
}

/// Down in a few steps from what is taken, to nothing or to what is left.
fn drawn(chance: &mut Chance, (facility, resident): (&str, &str), slots: &[Slot], today: NaiveDate) -> Plan {
    let (medicine, least_ug) = *chance.pick(&MEDICINES);
    let medicine = Medicine(medicine.into());
    let baseline_on = days_after(today, chance.below(3) as u32);
    let mut each = vec![*chance.pick(&[4, 6, 8]) * least_ug; slots.len()];
    let (count, mut planned_on, mut steps) = (2 + chance.below(4), baseline_on, Vec::new());
    for ordinal in 0..=count {
        if ordinal > 0 {
            let slot = ordinal % slots.len();
            each[slot] = each[slot].saturating_sub(least_ug * (1 + chance.below(3) as u64));
            if ordinal == count && chance.percent(60) {
                each.fill(0);
            }
        }
        let least = 3 + chance.below(9) as u32;
        let doses = slots.iter().copied().zip(each.iter().copied().map(Amount::from_ug));
        let cycle = vec![Regimen::of(&medicine, doses)];
        steps.push(Step { ordinal: ordinal as u32, planned_on, least_days: (ordinal < count).then_some(least), cycle });
        planned_on = days_after(planned_on, least);
    }
    Plan {
        id: chance.id(),
        facility: facility.to_owned(),
        resident: resident.to_owned(),
        medicine,
        version: 1,
        indication: "panic disorder".into(),
        reason: "two falls".into(),
        protocol: "by-hand".into(),
        settings: BTreeMap::new(),
        conversion: None,
        baseline_on,
        first_reduction_on: steps[1].planned_on,
        goal: steps.last().map(Step::daily).unwrap_or_default(),
        steps,
        authors: BTreeSet::new(),
        baseline: Some(baseline(today)),
        late: chance.percent(85).then(|| LateRule::usual(&slots.iter().copied().collect())),
    }
}

/// Nothing in it gives to think about.
fn baseline(today: NaiveDate) -> Baseline {
    let in_a_year = days_after(today, 365);
    let value = |field: &str| match field {
        "since" => days_before(today, 2_000).format("%Y-%m").to_string(),
        "support_until" => in_a_year.format("%Y-%m").to_string(),
        "agreed_on" | "taken_off_on" => today.to_string(),
        "expires_on" => in_a_year.to_string(),
        "days_a_week" => "7".to_owned(),
        "route" => "no_misuse".to_owned(),
        "pregnancy" => "not_applicable".to_owned(),
        "support" | "education" => "yes".to_owned(),
        "support_words" | "taken_off_name" => "as agreed".to_owned(),
        "agreed_by" => "resident".to_owned(),
        "agreed_how" => "in_person".to_owned(),
        "earlier" | "sedatives" | "opioids" | "alcohol" | "seizures" | "epilepsy" | "illness" => "no".to_owned(),
        _ => String::new(),
    };
    const FIELDS: [&str; 21] = [
        "since",
        "support_until",
        "agreed_on",
        "taken_off_on",
        "expires_on",
        "days_a_week",
        "route",
        "pregnancy",
        "support",
        "education",
        "support_words",
        "taken_off_name",
        "agreed_by",
        "agreed_how",
        "earlier",
        "sedatives",
        "opioids",
        "alcohol",
        "seizures",
        "epilepsy",
        "illness",
    ];
    let answers: BTreeMap<&str, String> = FIELDS.iter().map(|field| (*field, value(field))).collect();
    let answer = |field: &str| answers.get(field).map_or("", String::as_str);
    let born_on = NaiveDate::from_ymd_opt(1930, 1, 1).expect("a day of 1930");
    entry::read(answer, Bounds { born_on, today }).expect("every question is answered")
}

/// A pharmacist signs the open reduction, for a day that the page offers or one beside them.
pub fn signs(world: &mut World) -> Option<Page> {
    if world.troubles.on(Trouble::LateSignatures) && world.chance.percent(80) {
        return None;
    }
    let by = world.somebody(Role::Pharmacist);
    signed_by(world, by)
}

/// Whoever drafted or approved the plan tries to sign it as well.
pub fn signs_own(world: &mut World) -> Option<Page> {
    let facility = world.facility();
    signed_by(world, crate::founding::staff(&facility, "person-hugo"))
}

fn signed_by(world: &mut World, by: Staff) -> Option<Page> {
    let found = world.running()?;
    let open = found.case.course.waiting()?.n;
    let (earliest, latest) = found.case.window().unwrap_or((found.case.today, days_after(found.case.today, 3)));
    let span = (latest - earliest).num_days();
    let offset =
        if world.chance.percent(90) { world.chance.between(0, span) } else { world.chance.between(-2, span + 2) };
    let effective_on = earliest + TimeDelta::days(offset);
    let now = world.clock.now();
    let seen = world.read(|conn| {
        let evidence = evidence_load(conn, &found, effective_on, now)?;
        let seen = |evidence: Evidence| Ok(mark(&evidence, &snapshot_load(conn, &found, &evidence, now)?));
        evidence.map(seen).transpose()
    });
    let sign = SignAsk { n: open, effective_on, rationale: world.why(), flags_reason: world.why() };
    let form = world.chance.id();
    let decisions = found.file.facts.len() as u32;
    let seen = seen.map(|mark| Seen { mark, checked_on: Some(effective_on), decisions });
    let ask = SignReduction { form: form.clone(), plan: found.file.plan.id.clone(), sign, seen };
    Some(pharmacist(&found, by, "sign_reduction", &form, move |conn, by, yes, now| {
        sign_reduction(conn, by, yes, &ask, now)
    }))
}

/// A decision of a pharmacist about a plan.
pub fn pharmacist<T>(
    found: &Found,
    by: Staff,
    act: &'static str,
    form: &str,
    run: impl Fn(&mut Conn, &Pharmacist, &Confirmed, DateTime<Utc>) -> Result<T, ActError> + Send + Sync + 'static,
) -> Page {
    let (yes, staff) = (confirmed(&by), Pharmacist(by.clone()));
    Page::new(act, form, (&by, Role::Pharmacist), move |conn, now| run(conn, &staff, &yes, now))
        .about(&found.file.plan.resident)
}

/// A decision of a prescriber about a plan.
pub fn prescriber<T>(
    found: &Found,
    by: Staff,
    act: &'static str,
    form: &str,
    run: impl Fn(&mut Conn, &Prescriber, &Confirmed, DateTime<Utc>) -> Result<T, ActError> + Send + Sync + 'static,
) -> Page {
    let (yes, staff) = (confirmed(&by), Prescriber(by.clone()));
    Page::new(act, form, (&by, Role::Prescriber), move |conn, now| run(conn, &staff, &yes, now))
        .about(&found.file.plan.resident)
}

pub fn holds(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Pharmacist));
    let n = found.case.course.waiting()?.n;
    let decisions_seen = Some(found.file.facts.len() as u32);
    let reassess_on = days_after(found.case.today, world.chance.below(20) as u32);
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = HoldReduction { form: form.clone(), plan, n, reassess_on, rationale, decisions_seen };
    Some(pharmacist(&found, by, "hold_reduction", &form, move |conn, by, yes, now| {
        hold_reduction(conn, by, yes, &ask, now)
    }))
}

pub fn sends_back(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Pharmacist));
    let n = found.case.course.waiting()?.n;
    let decisions_seen = Some(found.file.facts.len() as u32);
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = ReturnReduction { form: form.clone(), plan, n, rationale, decisions_seen };
    Some(pharmacist(&found, by, "return_reduction", &form, move |conn, by, yes, now| {
        return_reduction(conn, by, yes, &ask, now)
    }))
}

pub fn answers(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let version = found.file.plan.version;
    let ask = AnswerReturn { form: form.clone(), plan, version, rationale };
    Some(prescriber(&found, by, "answer_return", &form, move |conn, by, yes, now| {
        answer_return(conn, by, yes, &ask, now)
    }))
}

/// The newest signature that stands.
fn signed(found: &Found) -> Option<u32> {
    let standing = |reduction: &&Reduction| matches!(reduction.standing, Standing::Signed { .. });
    found.case.course.reductions.iter().rev().find(standing).map(|reduction| reduction.n)
}

pub fn withdraws(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Pharmacist));
    let (n, form, plan, rationale) = (signed(&found)?, world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = WithdrawSignature { form: form.clone(), plan, n, rationale };
    Some(pharmacist(&found, by, "withdraw_signature", &form, move |conn, by, yes, now| {
        withdraw_signature(conn, by, yes, &ask, now)
    }))
}

pub fn pauses(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Nurse));
    let (n, form, plan, reason) = (signed(&found)?, world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = PauseReduction { form: form.clone(), plan, n, reason };
    let staff = Nurse(by.clone());
    let page = Page::new("pause_reduction", &form, (&by, Role::Nurse), move |conn, now| {
        pause_reduction(conn, &staff, &ask, now)
    });
    Some(page.about(&found.file.plan.resident))
}

pub fn ends_hold(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    found.case.course.held_until?;
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = EndHold { form: form.clone(), plan, rationale };
    Some(prescriber(&found, by, "end_hold", &form, move |conn, by, yes, now| end_hold(conn, by, yes, &ask, now)))
}

pub fn finishes(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = FinishPlan { form: form.clone(), plan, rationale };
    Some(prescriber(&found, by, "finish_plan", &form, move |conn, by, _, now| finish_plan(conn, by, &ask, now)))
}

pub fn asks_stop(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Prescriber));
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = AskStop { form: form.clone(), plan, rationale };
    Some(prescriber(&found, by, "ask_stop", &form, move |conn, by, yes, now| ask_stop(conn, by, yes, &ask, now)))
}

pub fn stops(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Pharmacist));
    let asked = found.case.course.stop_asked.clone()?;
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = StopPlan { form: form.clone(), plan, asked, shown: shown(&found), rationale };
    Some(pharmacist(&found, by, "stop_plan", &form, move |conn, by, yes, now| stop_plan(conn, by, yes, &ask, now)))
}

pub fn declines_stop(world: &mut World) -> Option<Page> {
    let (found, by) = (world.running()?, world.somebody(Role::Pharmacist));
    let asked = found.case.course.stop_asked.clone()?;
    let (form, plan, rationale) = (world.chance.id(), found.file.plan.id.clone(), world.why());
    let ask = DeclineStop { form: form.clone(), plan, asked, rationale };
    Some(pharmacist(&found, by, "decline_stop", &form, move |conn, by, yes, now| {
        decline_stop(conn, by, yes, &ask, now)
    }))
}

/// A draft that nobody wants any more.
/// The questions before a taper are answered anew, while it is a draft.
pub fn asks_again(world: &mut World) -> Option<Page> {
    let (draft, by, form) = (draft(world)?, world.somebody(Role::Prescriber), world.chance.id());
    let (plan, baseline) = (draft.plan.id.clone(), baseline(world.today()));
    let ask = RecordBaseline { form: form.clone(), plan: plan.clone(), revision: draft.revision, baseline };
    let staff = Prescriber(by.clone());
    let run = move |conn: &mut _, now| record_baseline(conn, &staff, &ask, now);
    Some(Page::new("record_baseline", &form, (&by, Role::Prescriber), run).claims(Claim::Made { plan }))
}

fn draft(world: &mut World) -> Option<PlanFile> {
    let facility = world.facility();
    let drafts = world.read(|conn| plan_ids(conn, &[facility], PlanState::Draft));
    let plan = world.chance.find(&drafts)?.clone();
    Some(world.read(|conn| plan_load(conn, &plan)))
}

pub fn discards(world: &mut World) -> Option<Page> {
    let plan = draft(world)?.plan.id;
    let (by, form) = (world.somebody(Role::Prescriber), world.chance.id());
    let (staff, ask) = (Prescriber(by.clone()), DiscardDraft { form: form.clone(), plan });
    let run = move |conn: &mut _, now| discard_draft(conn, &staff, &ask, now);
    Some(Page::new("discard_draft", &form, (&by, Role::Prescriber), run))
}

//! What a prescriber asks for in the ward: orders, steps back, a stop, an end.

use stepdown::care::calendar::days_after;
use stepdown::care::medicine::product::Products;
use stepdown::care::medicine::shelves::Shelves;
use stepdown::care::medicine::tablets::Shelf;
use stepdown::care::refusal::Refusal;
use stepdown::care::taper::fact::PlanAct;
use stepdown::care::taper::plan::Medicine;
use stepdown::care::taper::reduction::Decision;

use super::changed::less;
use super::tries::Try;
use super::ward::{Ward, confirmed, staff};

/// Every plain solid of both medicines.
pub fn shelves() -> Shelves {
    let medicines = ["clonazepam", "diazepam"].map(|name| Medicine(name.into()));
    medicines.map(|medicine| (medicine.clone(), Shelf::plain(Products::ours(), &medicine))).into_iter().collect()
}

/// A decision of a prescriber, or about what one ordered.
pub fn by_another(ward: &Ward, attempt: Try, why: &str) -> Result<(Decision, &'static str), Refusal> {
    let case = ward.case();
    let (prescriber, yes) = (staff("prescriber"), confirmed("prescriber"));
    let decision = match attempt {
        Try::HoldByPrescriber { days, .. } => case.hold_plan(days_after(case.today, days), why),
        Try::EndHold => case.end_hold(&prescriber, &yes, why),
        Try::StepBack { to, .. } => {
            let steps: Vec<u32> = case.steps_back().into_iter().map(|step| step.ordinal).collect();
            let to = steps.get(to as usize % steps.len().max(1)).copied().unwrap_or(to);
            case.step_back(Some(to), &shelves(), why)
        }
        Try::Order { eighths, .. } => case.order(&less(&case, eighths), &shelves(), why),
        Try::Review => {
            let of = case.course.unreviewed.first().cloned().unwrap_or_default();
            case.review(&staff("pharmacist"), &confirmed("pharmacist"), &of, why)
        }
        Try::Affirm => {
            let of = case.course.unconfirmed.first().cloned().unwrap_or_default();
            let order = ward.facts.iter().find(|fact| fact.id == of).ok_or(Refusal::OrderSettled)?;
            case.affirm(&prescriber, &yes, (order, true), "")
        }
        Try::Answer => {
            let next = ward.versions.iter().map(|plan| plan.version).max().unwrap_or(0) + 1;
            case.answer(&prescriber, &yes, (case.plan.version, next), why)
        }
        Try::ApproveAmendment => {
            let version = case.course.amendment.unwrap_or_default();
            let submitted = ward.versions.iter().find(|plan| plan.version == version).ok_or(Refusal::PlanMoved)?;
            case.approve_amendment(&prescriber, &yes, submitted, &shelves())
        }
        Try::DropAmendment => case.drop_amendment(case.course.amendment.unwrap_or_default(), why),
        Try::AskStop => case.ask_stop(&prescriber, &yes, why),
        Try::Finish => case.finish(why),
        Try::SevereSign { withhold } => {
            let act = PlanAct::Alarmed { sign: format!("sign-{}", ward.facts.len()), withhold };
            if case.course.ended { Err(Refusal::PlanNotRunning) } else { Ok(Decision::new(act, String::new())) }
        }
        Try::Release => {
            let alarm = case.course.alarms.first().filter(|_| !case.course.ended).ok_or(Refusal::SignReleased)?;
            Ok(Decision::new(PlanAct::Released { sign: alarm.sign.clone() }, why.to_owned()))
        }
        _ => Err(Refusal::PlanMoved),
    }?;
    let telephone = match attempt {
        Try::StepBack { by_telephone, .. }
        | Try::Order { by_telephone, .. }
        | Try::HoldByPrescriber { by_telephone, .. } => ward.telephone(by_telephone),
        _ => None,
    };
    Ok((Decision { telephone, ..decision }, "prescriber"))
}

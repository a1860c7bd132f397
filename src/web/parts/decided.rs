//! What each kind of decision about a plan is called, and what it means for the dose: the same words on every page.

use crate::care::calendar::{Day, Moment};
use crate::care::taper::fact::PlanAct;
use crate::care::taper::plan::Regimen;

/// `Signature withdrawn`
pub fn title(act: &PlanAct) -> String {
    match act {
        PlanAct::Approved { version } => format!("Version {version} approved"),
        PlanAct::Amended { version } => format!("Other steps submitted as version {version}"),
        PlanAct::Dropped { version } => format!("Amendment, version {version}, taken back"),
        PlanAct::Signed { step, .. } => format!("Reduction to step {step} signed"),
        PlanAct::Held { .. } => "Hold".to_owned(),
        PlanAct::HoldEnded { .. } => "Hold ended".to_owned(),
        PlanAct::Returned { .. } => "Sent back to the prescriber".to_owned(),
        PlanAct::Withdrawn { .. } => "Signature withdrawn".to_owned(),
        PlanAct::Paused { .. } => "Reduction paused by a nurse".to_owned(),
        PlanAct::SteppedBack { step, .. } => format!("Level decided: step {step}"),
        PlanAct::Ordered { regimen, .. } if regimen.daily().is_zero() => "Urgent order: suspended".to_owned(),
        PlanAct::Ordered { .. } => "Urgent order: lowered".to_owned(),
        PlanAct::Reviewed { .. } => "Urgent order reviewed".to_owned(),
        PlanAct::Affirmed { .. } => "Telephone order confirmed".to_owned(),
        PlanAct::StopAsked => "Abrupt stop asked for".to_owned(),
        PlanAct::StopDeclined => "Abrupt stop declined".to_owned(),
        PlanAct::Stopped { .. } => "Stopped, countersigned".to_owned(),
        PlanAct::Finished => "Plan finished".to_owned(),
        PlanAct::Alarmed { .. } => "Severe sign recorded".to_owned(),
        PlanAct::Released { .. } => "Reductions released after a severe sign".to_owned(),
        PlanAct::Left { .. } => "Away".to_owned(),
        PlanAct::CameBack { .. } => "Back".to_owned(),
    }
}

/// What it means for the dose, in full sentences.
pub fn effect(act: &PlanAct) -> String {
    match act {
        PlanAct::Approved { .. } => "An approval alone lowers nothing.".to_owned(),
        PlanAct::Amended { .. } => {
            "The dose stays. Nothing is signed until a prescriber has approved these steps.".to_owned()
        }
        PlanAct::Dropped { .. } => "The steps stay as they were.".to_owned(),
        PlanAct::Signed { step, effective_on, .. } => {
            format!("Leads to step {step} from the first dose of {}.", Day(*effective_on))
        }
        PlanAct::Held { reassess_on, .. } => format!("The dose stays. Look again on {}.", Day(*reassess_on)),
        PlanAct::HoldEnded { .. } => "The dose stays until a reduction is signed.".to_owned(),
        PlanAct::Returned { .. } => "The dose stays until a prescriber has answered and a pharmacist signs.".to_owned(),
        PlanAct::Withdrawn { .. } => "The dose stays.".to_owned(),
        PlanAct::Paused { .. } => "The dose before it continues.".to_owned(),
        PlanAct::SteppedBack { step, from } => format!("Step {step} again, {}.", from_words(*from)),
        PlanAct::Ordered { regimen, from } => ordered(regimen, *from),
        PlanAct::Reviewed { .. } => "A pharmacist has seen the urgent order.".to_owned(),
        PlanAct::Affirmed { .. } => "A prescriber has confirmed what was ordered by telephone.".to_owned(),
        PlanAct::StopAsked => "The dose stays until a pharmacist has countersigned.".to_owned(),
        PlanAct::StopDeclined => "The dose stays, and the plan goes on.".to_owned(),
        PlanAct::Stopped { from } => format!("0\u{a0}mg, {}. Written out as “planned: no dose”.", from_words(*from)),
        PlanAct::Finished => "Nothing more is asked for.".to_owned(),
        PlanAct::Alarmed { withhold: true, .. } => {
            "Do not give until a prescriber has decided. Nothing is signed meanwhile.".to_owned()
        }
        PlanAct::Alarmed { .. } => "The dose stays. Nothing is signed until a prescriber has released it.".to_owned(),
        PlanAct::Released { .. } => "The dose stays. Reductions can be signed again.".to_owned(),
        PlanAct::Left { from, .. } => format!("No doses are due here, {}.", from_words(*from)),
        PlanAct::CameBack { from, settled: true, .. } => {
            format!("On with the dose from before, {}.", from_words(*from))
        }
        PlanAct::CameBack { from, .. } => {
            format!("A prescriber decides the dose; until then none is given, {}.", from_words(*from))
        }
    }
}

fn ordered(regimen: &Regimen, from: Moment) -> String {
    if regimen.daily().is_zero() {
        return format!("Give nothing, {}.", from_words(from));
    }
    let doses = regimen.doses().map(|dose| format!("{} {} at {}", dose.medicine, dose.amount, dose.slot));
    format!("{}, {}.", doses.collect::<Vec<_>>().join(", "), from_words(from))
}

/// `from 20:00 on 20 Nov 2026`
fn from_words(from: Moment) -> String {
    format!("from {from}")
}

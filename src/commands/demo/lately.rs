//! What was decided in Alder House the day before: a suspension to be reviewed, other steps to be approved, and a resident
//! in hospital.

use chrono::{DateTime, NaiveDate, Utc};

use super::months::Months;
use super::residents::{Inhabitant, RESIDENTS};
use crate::acts::ActError;
use crate::acts::amend_plan::{AmendPlan, Amended, amend_plan};
use crate::acts::order_urgently::{OrderUrgently, order_urgently};
use crate::acts::record_absence::{RecordAbsence, record_absence};
use crate::care::absence::{Away, LeaveAsk};
use crate::care::calendar::{days_after, days_before};
use crate::care::people::{Confirmed, Nurse, Prescriber};
use crate::care::taper::order::{Shown, Urgent};
use crate::care::taper::plan::Step;
use crate::care::taper::reduction::Case;
use crate::care::taper::telephone::Orderer;
use crate::store::Conn;
use crate::store::cases::{Found, case_load};

/// Whose they are, by number.
const SUSPENDED: &str = "AH-0288";
const AMENDED: &str = "AH-0355";
const IN_HOSPITAL: &str = "AH-0333";

const DROWSY: &str = "Hard to wake after lunch, speech slurred, breathing twelve a minute. Nothing more until I have been \
                      at the bedside this evening.";
const SLOWER: &str = "Restless for days after each of the last two reductions; asks for a week more at every step.";
const FALL: &str = "Fell in the bathroom, hip painful. Taken to the hospital by ambulance.";

impl Months {
    /// Before the evening’s doses.
    pub fn decide_otherwise(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        if on != self.yesterday() {
            return Ok(());
        }
        self.suspend(conn, self.at(on, "14:20"))?;
        self.amend(conn, self.at(on, "14:40"))
    }

    /// After them.
    pub fn leave(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        let Some(who) = inhabitant(IN_HOSPITAL).filter(|_| on == self.yesterday()) else { return Ok(()) };
        let at = self.at(on, "23:40");
        let left_at = format!("{on}T23:15");
        let leave = LeaveAsk { kind: Some(Away::Hospital), left_at, note: FALL.to_owned() };
        let ask = RecordAbsence { form: self.chance.id(at, "absence"), resident: self.resident_id(who), leave };
        record_absence(conn, &Nurse(self.by("s.reyes")), &ask, at)
    }

    pub fn yesterday(&self) -> NaiveDate {
        days_before(self.today(), 1)
    }

    fn suspend(&self, conn: &mut Conn, at: DateTime<Utc>) -> Result<(), ActError> {
        let Some(who) = inhabitant(SUSPENDED) else { return Ok(()) };
        let doctor = Prescriber(self.by("h.marsh"));
        let Found { file, case, .. } = case_load(conn, &doctor.0, &self.plan_id(who), 0, at)?;
        let ask = OrderUrgently {
            form: self.chance.id(at, "urgent order"),
            plan: file.plan.id,
            shown: Shown { decisions: file.facts.len(), next: case.next_dose() },
            urgent: Urgent::Suspend,
            rationale: DROWSY.to_owned(),
        };
        let confirmed = Confirmed { person: doctor.0.person.clone() };
        order_urgently(conn, &Orderer::AtAScreen { by: doctor, confirmed }, &ask, at)?;
        Ok(())
    }

    fn amend(&self, conn: &mut Conn, at: DateTime<Utc>) -> Result<(), ActError> {
        let Some(who) = inhabitant(AMENDED) else { return Ok(()) };
        let doctor = Prescriber(self.by("h.marsh"));
        let Found { file, case, .. } = case_load(conn, &doctor.0, &self.plan_id(who), 0, at)?;
        let (protocol, settings) = (file.plan.protocol.clone(), file.plan.settings.clone());
        let ask = AmendPlan {
            form: self.chance.id(at, "amendment"),
            decisions_seen: file.facts.len() as u32,
            amended: Amended {
                steps: slower(&case),
                goal: file.plan.goal,
                protocol,
                settings,
                late: file.plan.late_rule(),
            },
            rationale: SLOWER.to_owned(),
            plan: file.plan.id,
        };
        amend_plan(conn, &doctor, &ask, at)?;
        Ok(())
    }
}

fn inhabitant(number: &str) -> Option<&'static Inhabitant> {
    RESIDENTS.iter().find(|who| who.number == number)
}

/// A week more for every step that is still to come.
fn slower(case: &Case) -> Vec<Step> {
    let mut steps = case.plan.steps.clone();
    let mut on = case.amended_from();
    for step in steps.iter_mut().skip(case.settled_steps().len()) {
        step.planned_on = on;
        step.least_days = step.least_days.map(|days| days + 7);
        on = days_after(on, step.least_days.unwrap_or(0));
    }
    steps
}

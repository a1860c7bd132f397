//! What a prescriber typed to amend a plan: read field by field into the steps after the one in force.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::fields::{chosen_protocol, chosen_settings, is_filled, read_late, read_row};
use super::super::names::{MOST_STEPS, daily_field, days_field, setting_field, step_dose_field};
use super::super::swap::read_days;
use crate::acts::amend_plan::Amended;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after, parse_day};
use crate::care::catalogue::Catalogue;
use crate::care::medicine::shelves::Shelves;
use crate::care::refusal::Refusal;
use crate::care::taper::late::LateRule;
use crate::care::taper::plan::{Medicine, Step};
use crate::care::taper::protocol::Protocol;
use crate::care::taper::protocol::draft::{Ask, Draft};
use crate::care::taper::protocol::typed::Row;
use crate::care::taper::reduction::Case;
use crate::web::{Errors, Typed};

/// The dose that other steps begin at: what the step in force gives at each time of day. The swaps of a cross-taper that
/// are still to come stay as they were confirmed, and other steps begin after the last of them.
pub struct Begun {
    pub medicine: Medicine,
    pub today: BTreeMap<Slot, Amount>,
    /// The ordinal of the step in force, or of the last swap.
    pub step: u32,
    /// Of a week; 0 where every day is the same.
    pub free_nights: u32,
    pub swaps: Vec<Step>,
}

impl Begun {
    /// Of a cycle with nights without, the fullest day.
    pub fn of(case: &Case) -> Begun {
        let settled = case.settled_steps();
        let swaps = case.plan.swaps_after(settled.len()).to_vec();
        let step = swaps.last().or(settled.last());
        let fullest = step.and_then(|step| step.cycle.iter().max_by_key(|regimen| regimen.daily()));
        let doses = fullest.into_iter().flat_map(|regimen| regimen.doses());
        let medicine = case.plan.last_medicine().clone();
        let own = doses.filter(|dose| dose.medicine == medicine).map(|dose| (dose.slot, dose.amount));
        let free = |step: &Step| step.cycle.iter().filter(|regimen| regimen.daily().is_zero()).count();
        let free_nights = step.filter(|step| step.cycle.len() > 1).map_or(0, |step| free(step) as u32);
        Begun { today: own.collect(), step: step.map_or(0, |step| step.ordinal), free_nights, medicine, swaps }
    }

    pub fn daily(&self) -> Amount {
        self.today.values().copied().sum()
    }

    /// The line of the form that each time of day stands in.
    fn lines(&self) -> BTreeMap<Slot, usize> {
        self.today.keys().copied().zip(1..).collect()
    }
}

/// An amendment as it was typed, every field understood.
pub struct Entered {
    begun: Begun,
    pub protocol: Protocol,
    chosen: BTreeMap<String, String>,
    rows: Vec<Row>,
    first_on: NaiveDate,
    goal: Amount,
    /// How long each swap that is still to come lasts at the least.
    swap_days: u32,
    /// What is done with a missed or late dose; what is left empty is as usual.
    late: LateRule,
}

impl Entered {
    /// Reads the whole form; everything that is wrong is said at once.
    pub fn read(typed: &Typed, catalogue: &Catalogue, case: &Case) -> Result<Entered, Errors> {
        let (mut errors, begun) = (Errors::none(), Begun::of(case));
        let field = |name: &str| typed.value(name).unwrap_or_default();
        let protocol = errors.keep("protocol", chosen_protocol(catalogue, field("protocol")));
        let first_on = errors.keep("first_reduction_on", parse_day(field("first_reduction_on")));
        let goal = errors.keep("goal", Amount::parse(field("goal")));
        let swap_days = match begun.swaps.is_empty() {
            true => Some(0),
            false => errors.keep("swap_days", read_days(field("swap_days"))),
        };
        let late = read_late(typed, &begun.today.keys().copied().collect(), &mut errors);
        let settled = (1..=begun.step).find(|step| is_filled(typed, *step as usize));
        errors.keep("steps", settled.map_or(Ok(()), |step| Err(Refusal::StepSettled { step })));
        let typed_steps = protocol.is_some_and(Protocol::is_typed);
        let rows = if typed_steps { read_rows(typed, &begun, &mut errors) } else { Vec::new() };
        let read = || {
            let (protocol, first_on, goal, swap_days) = (protocol?.clone(), first_on?, goal?, swap_days?);
            Some(Entered {
                chosen: chosen_settings(typed, &protocol),
                begun,
                protocol,
                rows,
                first_on,
                goal,
                swap_days,
                late: late?,
            })
        };
        if errors.is_empty() { read().ok_or(errors) } else { Err(errors) }
    }

    /// The steps as they would be, with what stands in the way; or why there are none.
    pub fn amended(&self, settled: &[Step], shelves: &Shelves) -> Result<(Amended, Vec<String>), Errors> {
        let settled: Vec<Step> = settled.iter().cloned().chain(self.swaps()).collect();
        let stays = self.protocol.is_typed() && self.rows.is_empty() && self.goal == self.begun.daily();
        if stays {
            return Ok((self.with_steps(settled, BTreeMap::new()), Vec::new()));
        }
        let draft = self.draft(shelves).map_err(|refusal| {
            let mut errors = Errors::none();
            let (field, refusal) = (self.field_of(&refusal), refusal.after_step(self.begun.step));
            errors.push(&field, refusal.to_string());
            errors
        })?;
        let halts =
            (!draft.reaches_goal).then(|| "This taper does not reach its goal, so it cannot be submitted.".into());
        let stalls = halts.into_iter().chain(draft.stalls.into_iter().map(|stall| stall.text)).collect();
        let coming = draft.steps.into_iter().map(|step| Step { ordinal: step.ordinal + self.begun.step, ..step });
        let steps = settled.into_iter().chain(coming).collect();
        Ok((self.with_steps(steps, draft.settings), stalls))
    }

    fn with_steps(&self, steps: Vec<Step>, settings: BTreeMap<String, String>) -> Amended {
        Amended { steps, goal: self.goal, protocol: self.protocol.id.clone(), settings, late: self.late.clone() }
    }

    /// The swaps that are still to come, one after the other.
    fn swaps(&self) -> impl Iterator<Item = Step> + '_ {
        let planned_on = |nth| days_after(self.first_on, self.swap_days * nth);
        let swap = move |(nth, step): (u32, &Step)| Step {
            planned_on: planned_on(nth),
            least_days: Some(self.swap_days),
            ..step.clone()
        };
        (0..).zip(&self.begun.swaps).map(swap)
    }

    fn draft(&self, shelves: &Shelves) -> Result<Draft, Refusal> {
        let swapped_on = days_after(self.first_on, self.swap_days * self.begun.swaps.len() as u32);
        self.protocol.draft(&Ask {
            medicine: &self.begun.medicine,
            today: self.begun.today.clone(),
            chosen: &self.chosen,
            first_reduction_on: swapped_on,
            shelf: shelves.of(&self.begun.medicine),
            goal: self.goal,
            typed: &self.rows,
            free_nights: self.begun.free_nights,
        })
    }

    /// The field that a refusal of the arithmetic belongs to.
    fn field_of(&self, refusal: &Refusal) -> String {
        match (refusal, refusal.field()) {
            (Refusal::SettingWrong { name, .. }, _) => setting_field(&self.protocol.id, name),
            (_, field @ ("goal" | "first_reduction_on")) => field.to_owned(),
            _ if self.protocol.is_typed() => "steps".to_owned(),
            _ => "protocol".to_owned(),
        }
    }
}

/// The typed steps after the one in force. The last one is the goal, which lasts from then on whatever its days say.
fn read_rows(typed: &Typed, begun: &Begun, errors: &mut Errors) -> Vec<Row> {
    let (first, lines) = (begun.step as usize + 1, begun.lines());
    let filled = (first..first + MOST_STEPS).filter(|step| is_filled(typed, *step));
    let mut rows: Vec<Row> = filled.filter_map(|step| read_row(typed, step, &lines, errors)).collect();
    if let Some(last) = rows.last_mut() {
        last.days = None;
    }
    rows
}

/// Every field of a typed step, by its number and the times of day.
pub fn row_fields(step: usize, slots: usize) -> impl Iterator<Item = String> {
    let doses = (1..=slots).map(move |line| step_dose_field(step, line));
    [days_field(step), daily_field(step)].into_iter().chain(doses)
}

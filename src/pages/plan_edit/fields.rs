//! What a prescriber typed into a draft: read field by field into a plan, or what to say under the field that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::names::{
    MOST_SLOTS, MOST_STEPS, converted_field, daily_field, days_field, dose_field, setting_field, slot_field,
    step_dose_field,
};
use super::swap;
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, parse_day};
use crate::care::catalogue::Catalogue;
use crate::care::medicine::conversion::Conversion;
use crate::care::medicine::product::Products;
use crate::care::medicine::shelves::Shelves;
use crate::care::refusal::Refusal;
use crate::care::taper::cross::{self, CrossAsk};
use crate::care::taper::draft::days_follow;
use crate::care::taper::late::{LateRule, read_hours, read_instruction};
use crate::care::taper::plan::{Medicine, Plan, Step};
use crate::care::taper::protocol::Protocol;
use crate::care::taper::protocol::draft::{Ask, Draft};
use crate::care::taper::protocol::typed::{Doses, Row};
use crate::care::taper::rationale::{MOST_CHARACTERS, tidy};
use crate::web::{Errors, Typed};

/// A draft as it was typed, every field understood.
#[derive(Debug, Clone)]
pub struct Entered {
    pub medicine: Medicine,
    pub today: BTreeMap<Slot, Amount>,
    /// The line of the form that each slot stands in.
    lines: BTreeMap<Slot, usize>,
    pub protocol: Protocol,
    chosen: BTreeMap<String, String>,
    rows: Vec<Row>,
    baseline_on: NaiveDate,
    first_reduction_on: NaiveDate,
    goal: Amount,
    /// Of a cross-taper.
    conversion: Option<Conversion>,
    indication: String,
    reason: String,
    late: LateRule,
}

/// The medicine that was chosen.
pub fn medicine(typed: &Typed) -> Result<Medicine, Refusal> {
    Products::ours().medicine(typed.value("medicine").unwrap_or_default())
}

impl Entered {
    /// Reads the whole form; everything that is wrong is said at once.
    pub fn read(typed: &Typed, catalogue: &Catalogue, today: NaiveDate) -> Result<Entered, Errors> {
        let mut errors = Errors::none();
        let field = |name: &str| typed.value(name).unwrap_or_default();
        let medicine = errors.keep("medicine", medicine(typed));
        let lines = read_lines(typed, &mut errors);
        let protocol = errors.keep("protocol", chosen_protocol(catalogue, field("protocol")));
        let baseline_on = errors.keep("baseline_on", parse_day(field("baseline_on")));
        let first_reduction_on = errors.keep("first_reduction_on", parse_day(field("first_reduction_on")));
        if let Err(refusal) = baseline_on.zip(first_reduction_on).map_or(Ok(()), |(b, f)| days_follow(b, f, today)) {
            errors.push(refusal.field(), refusal.to_string());
        }
        let goal = errors.keep("goal", Amount::parse(field("goal")));
        let conversion = swap::read(typed, catalogue, medicine.as_ref(), &lines, &mut errors);
        let indication = errors.keep("indication", read_text(field("indication")));
        let reason = errors.keep("why", read_text(field("why")));
        let late = read_late(typed, &lines.keys().copied().collect(), &mut errors);
        let lines_of: BTreeMap<Slot, usize> = lines.iter().map(|(slot, (line, _))| (*slot, *line)).collect();
        let typed_steps = protocol.is_some_and(Protocol::is_typed);
        let rows = if typed_steps { read_rows(typed, &lines_of, &mut errors) } else { Vec::new() };
        let read = || {
            Some(Entered {
                medicine: medicine?,
                today: lines.into_iter().map(|(slot, (_, amount))| (slot, amount)).collect(),
                lines: lines_of,
                chosen: chosen_settings(typed, protocol?),
                protocol: protocol?.clone(),
                rows,
                baseline_on: baseline_on?,
                first_reduction_on: first_reduction_on?,
                goal: goal?,
                conversion,
                indication: indication?,
                reason: reason?,
                late: late?,
            })
        };
        if errors.is_empty() { read().ok_or(errors) } else { Err(errors) }
    }

    /// The steps, or why there are none.
    pub fn draft(&self, shelves: &Shelves) -> Result<Draft, Errors> {
        let drafted = match &self.conversion {
            None => self.protocol.draft(&self.ask(shelves)),
            Some(conversion) => cross::draft(&self.protocol, &CrossAsk::new(conversion, self.ask(shelves), shelves)),
        };
        drafted.map_err(|refusal| {
            let mut errors = Errors::none();
            errors.push(&self.field_of(&refusal), refusal.to_string());
            errors
        })
    }

    fn ask<'a>(&'a self, shelves: &'a Shelves) -> Ask<'a> {
        Ask {
            medicine: &self.medicine,
            today: self.today.clone(),
            chosen: &self.chosen,
            first_reduction_on: self.first_reduction_on,
            shelf: shelves.of(&self.medicine),
            goal: self.goal,
            typed: &self.rows,
            free_nights: 0,
        }
    }

    /// The new doses of a cross-taper were typed, and nobody ticked the box that confirms them.
    pub fn unconfirmed(&self) -> bool {
        self.conversion.as_ref().is_some_and(|conversion| conversion.confirmed_by.is_empty())
    }

    /// The field that a refusal of the arithmetic belongs to.
    fn field_of(&self, refusal: &Refusal) -> String {
        match (refusal, refusal.field()) {
            (Refusal::DoseUnmakeable { slot, medicine, .. }, _) => {
                let line = self.lines.get(slot).copied().unwrap_or(1);
                if *medicine == self.medicine.0 { dose_field(line) } else { converted_field(line) }
            }
            (Refusal::SettingWrong { name, .. }, _) => setting_field(&self.protocol.id, name),
            (_, "dose") => dose_field(1),
            (_, "products") => "medicine".to_owned(),
            (_, "steps") if self.protocol.is_typed() => "steps".to_owned(),
            (_, "steps" | "settings") => "protocol".to_owned(),
            (_, field) => field.to_owned(),
        }
    }

    pub fn baseline_on(&self) -> NaiveDate {
        self.baseline_on
    }

    /// The plan of these steps, as it is kept.
    pub fn plan(&self, id: String, facility: String, resident: String, draft: &Draft) -> Plan {
        let days = u32::try_from((self.first_reduction_on - self.baseline_on).num_days()).unwrap_or(1);
        let baseline = Step {
            ordinal: 0,
            planned_on: self.baseline_on,
            least_days: Some(days),
            cycle: vec![draft.baseline.clone()],
        };
        Plan {
            id,
            facility,
            resident,
            medicine: self.medicine.clone(),
            version: 1,
            indication: self.indication.clone(),
            reason: self.reason.clone(),
            protocol: self.protocol.id.clone(),
            settings: draft.settings.clone(),
            conversion: self.conversion.clone(),
            baseline_on: self.baseline_on,
            first_reduction_on: self.first_reduction_on,
            goal: self.goal,
            steps: std::iter::once(baseline).chain(draft.steps.iter().cloned()).collect(),
            authors: BTreeSet::new(),
            baseline: None,
            late: Some(self.late.clone()),
        }
    }
}

pub(super) fn chosen_protocol<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Protocol, Refusal> {
    if id.trim().is_empty() { Err(Refusal::ProtocolMissing) } else { catalogue.protocol(id) }
}

fn read_text(text: &str) -> Result<String, Refusal> {
    let text = tidy(text);
    if text.chars().count() > MOST_CHARACTERS { Err(Refusal::RationaleLong) } else { Ok(text) }
}

/// What is done with a missed or late dose. What is left empty is as usual for a plan with these times of day.
pub(super) fn read_late(typed: &Typed, slots: &BTreeSet<Slot>, errors: &mut Errors) -> Option<LateRule> {
    let (usual, field) = (LateRule::usual(slots), |name| typed.value(name).unwrap_or_default());
    let instruction = errors.keep("missed_dose", read_instruction(field("missed_dose"), usual.instruction));
    let least_hours = errors.keep("least_hours", read_hours(field("least_hours"), usual.least_hours));
    Some(LateRule { instruction: instruction?, least_hours: least_hours? })
}

/// Each time of day with its line in the form and its dose. A time that was offered and left without a dose is none.
fn read_lines(typed: &Typed, errors: &mut Errors) -> BTreeMap<Slot, (usize, Amount)> {
    let mut lines = BTreeMap::new();
    for line in 1..=MOST_SLOTS {
        let (slot, dose) = (slot_field(line), dose_field(line));
        let text = typed.value(&dose).unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        let read_slot = errors.keep(&slot, typed.value(&slot).unwrap_or_default().parse::<Slot>());
        let amount = errors.keep(&dose, Amount::parse(text));
        let Some((at, amount)) = read_slot.zip(amount) else { continue };
        if lines.insert(at, (line, amount)).is_some() {
            errors.push(&slot, Refusal::SlotTwice { slot: at }.to_string());
        }
    }
    // A time of day at which nothing is taken is not a time of this taper.
    lines.retain(|_, (_, amount)| !amount.is_zero());
    lines
}

/// The parameters of the protocol that were filled in; the others stay at their defaults.
pub(super) fn chosen_settings(typed: &Typed, protocol: &Protocol) -> BTreeMap<String, String> {
    let names = protocol.parameters.iter().map(|parameter| &parameter.name);
    let value = |name: &String| typed.value(&setting_field(&protocol.id, name)).map(str::to_owned);
    names.filter_map(|name| Some((name.clone(), value(name)?))).collect()
}

/// The typed steps. The last one is the goal, which lasts from then on whatever its days say.
fn read_rows(typed: &Typed, lines: &BTreeMap<Slot, usize>, errors: &mut Errors) -> Vec<Row> {
    let filled = (1..=MOST_STEPS).filter(|step| is_filled(typed, *step));
    let mut rows: Vec<Row> = filled.filter_map(|step| read_row(typed, step, lines, errors)).collect();
    if let Some(last) = rows.last_mut() {
        last.days = None;
    }
    rows
}

pub(super) fn is_filled(typed: &Typed, step: usize) -> bool {
    let doses = (1..=MOST_SLOTS).map(|line| step_dose_field(step, line));
    [days_field(step), daily_field(step)].into_iter().chain(doses).any(|field| is_written(typed, &field))
}

pub(super) fn read_row(typed: &Typed, step: usize, lines: &BTreeMap<Slot, usize>, errors: &mut Errors) -> Option<Row> {
    let days = read_days(typed, step, errors);
    let by_slot = read_doses(typed, step, lines, errors);
    let daily = read_amount(typed, &daily_field(step), errors);
    match (daily, by_slot.is_empty()) {
        (Some(daily), true) => Some(Row { days, doses: Doses::Daily(daily) }),
        (None, false) => Some(Row { days, doses: Doses::BySlot(by_slot) }),
        (Some(_), false) => {
            errors.push(&daily_field(step), Refusal::StepTwoWays { step: step as u32 }.to_string());
            None
        }
        (None, true) => {
            // A dose that could not be read has been said already.
            if errors.is_empty() {
                errors.push(&daily_field(step), Refusal::StepDoses { step: step as u32 }.to_string());
            }
            None
        }
    }
}

/// The doses of a typed step at the times of day of this taper. One at another time is refused, and one that is left blank
/// beside others, too: neither is read as no dose.
fn read_doses(
    typed: &Typed,
    step: usize,
    lines: &BTreeMap<Slot, usize>,
    errors: &mut Errors,
) -> BTreeMap<Slot, Amount> {
    for line in (1..=MOST_SLOTS).filter(|line| lines.values().all(|known| known != line)) {
        let field = step_dose_field(step, line);
        if read_amount(typed, &field, errors).is_some_and(|dose| !dose.is_zero()) {
            let slot = typed.value(&slot_field(line)).unwrap_or_default().parse::<Slot>();
            let refusal = slot.map_or_else(|unreadable| unreadable, |slot| Refusal::StepSlot { slot });
            errors.push(&field, refusal.to_string());
        }
    }
    let field = |line: usize| step_dose_field(step, line);
    let (filled, blank): (Vec<_>, Vec<_>) = lines.iter().partition(|(_, line)| is_written(typed, &field(**line)));
    for (slot, line) in blank.into_iter().filter(|_| !filled.is_empty()) {
        errors.push(&field(*line), Refusal::StepDoseBlank { step: step as u32, slot: *slot }.to_string());
    }
    filled.into_iter().filter_map(|(slot, line)| Some((*slot, read_amount(typed, &field(*line), errors)?))).collect()
}

fn is_written(typed: &Typed, field: &str) -> bool {
    typed.value(field).is_some_and(|text| !text.trim().is_empty())
}

fn read_amount(typed: &Typed, field: &str, errors: &mut Errors) -> Option<Amount> {
    let text = typed.value(field).filter(|_| is_written(typed, field))?;
    errors.keep(field, Amount::parse(text.trim()))
}

fn read_days(typed: &Typed, step: usize, errors: &mut Errors) -> Option<u32> {
    let text = typed.value(&days_field(step)).unwrap_or_default().trim();
    if text.is_empty() {
        return None;
    }
    let plain = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let days = if plain { text.parse().ok() } else { None };
    errors.keep(&days_field(step), days.ok_or(Refusal::StepDays { step: step as u32 }))
}

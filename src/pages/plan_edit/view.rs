//! The draft's page: the form, and under it every step that would come of it.

use std::collections::BTreeSet;

use askama::Template;

use super::fields::Entered;
use super::names::{
    MOST_SLOTS, MOST_STEPS, daily_field, days_field, dose_field, setting_field, slot_field, step_dose_field,
};
use super::swap::Comparison;
use crate::care::calendar::day_text;
use crate::care::catalogue::Catalogue;
use crate::care::medicine::product::{Product, Products};
use crate::care::medicine::shelves::Shelves;
use crate::care::refusal::Refusal;
use crate::care::taper::plan::Medicine;
use crate::care::taper::preview::Preview;
use crate::care::taper::protocol::Protocol;
use crate::care::taper::protocol::draft::Draft;
use crate::care::taper::protocol::parameter::Parameter;
use crate::web::parts::steps::StepsTable;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Choice, Form, Link, Shell};

/// Lines for times of day, and for typed steps, that stand open at the least.
const LEAST_SLOTS: usize = 4;
const LEAST_STEPS: usize = 6;

#[derive(Template)]
#[template(path = "pages/plan_edit.html")]
pub struct View {
    pub shell: Shell,
    pub banner: Banner,
    pub form: Form,
    /// Where the form is sent.
    pub action: String,
    pub resident: String,
    /// Of the draft that is edited; empty for a new one.
    pub revision: String,
    pub medicines: Vec<Choice>,
    /// Those that may take over.
    pub others: Vec<Choice>,
    pub slots: Vec<SlotLine>,
    pub protocols: Vec<ProtocolView>,
    pub heads: Vec<String>,
    pub steps: Vec<StepLine>,
    /// Of a cross-taper: what the tables say, once there is something to convert.
    pub comparison: Option<Comparison>,
    pub preview: Option<PreviewView>,
    /// The draft as it stands now, where somebody else changed it meanwhile.
    pub moved: Option<Link>,
    /// Throwing the draft away, once it was saved.
    pub discard: Option<Discard>,
}

/// The names of the fields of one time of day.
pub struct SlotLine {
    pub slot: String,
    pub dose: String,
}

pub struct ProtocolView {
    pub id: String,
    pub name: String,
    pub medicines: String,
    pub citation: String,
    pub settings: Vec<SettingView>,
}

pub struct SettingView {
    pub field: String,
    pub meaning: String,
    pub limits: String,
}

/// The names of the fields of one typed step.
pub struct StepLine {
    pub step: usize,
    pub days: String,
    pub daily: String,
    pub doses: Vec<String>,
}

pub struct Discard {
    pub form: Form,
    pub action: String,
}

/// Every step that would come of the form.
pub struct PreviewView {
    pub table: StepsTable,
    pub protocol: String,
    pub citation: String,
    /// `14 steps; the last begins on 24 May 2027 …`
    pub words: String,
    pub stalls: Vec<String>,
    /// How many steps will want a reason from the pharmacist.
    pub flagged: usize,
    /// What doses are made from.
    pub products: String,
    pub reaches_goal: bool,
    /// The steps can be typed: none of them is a week with nights without.
    pub by_hand: bool,
}

impl PreviewView {
    pub fn new(entered: &Entered, draft: &Draft, shelves: &Shelves) -> Result<PreviewView, Refusal> {
        let preview = Preview::of(draft, shelves)?;
        Ok(PreviewView {
            table: StepsTable::new(&draft.baseline, entered.baseline_on(), &preview, shelves),
            protocol: entered.protocol.name.clone(),
            citation: entered.protocol.citation.clone(),
            words: words(&preview),
            stalls: preview.stalls.iter().map(|stall| stall.text.clone()).collect(),
            flagged: preview.steps.iter().filter(|step| step.flags().next().is_some()).count(),
            products: products(preview.totals.iter().map(|(medicine, _)| medicine).collect(), shelves),
            by_hand: draft.steps.iter().all(|step| step.cycle.len() == 1),
            reaches_goal: draft.reaches_goal,
        })
    }
}

fn words(preview: &Preview) -> String {
    let steps = match preview.steps.len() {
        1 => "1 reduction".to_owned(),
        many => format!("{many} reductions"),
    };
    match preview.ends_on {
        Some(on) => format!(
            "{steps}, the last on {} if each is signed in time; {} in {} doses until then.",
            day_text(on),
            preview.taken(),
            preview.administrations
        ),
        None => format!("{steps}, which do not reach the goal."),
    }
}

/// `10 mg tablet, 5 mg tablet and 2 mg tablet`
pub(super) fn products(medicines: BTreeSet<&Medicine>, shelves: &Shelves) -> String {
    let named = medicines.len() > 1;
    let name =
        |product: &Product| if named { format!("{} {}", product.medicine, product.name()) } else { product.name() };
    let all = medicines.into_iter().flat_map(|medicine| shelves.of(medicine).products());
    let names: Vec<String> = all.map(name).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

impl View {
    pub fn new(shell: Shell, banner: Banner, form: Form, catalogue: &Catalogue, stocked: &[String]) -> View {
        let lines = lines(&form);
        View {
            medicines: medicines(stocked),
            slots: (1..=lines).map(|line| SlotLine { slot: slot_field(line), dose: dose_field(line) }).collect(),
            protocols: catalogue.protocols().iter().map(protocol).collect(),
            heads: heads(&form, lines),
            steps: (1..=steps(&form)).map(|step| step_line(step, lines)).collect(),
            revision: form.value("revision").to_owned(),
            others: others(stocked),
            comparison: Comparison::new(&form, catalogue),
            preview: None,
            moved: None,
            discard: None,
            action: "/plans/new".to_owned(),
            resident: String::new(),
            shell,
            banner,
            form,
        }
    }
}

/// The medicines that the facility can make doses of.
fn medicines(stocked: &[String]) -> Vec<Choice> {
    let all = Products::ours().medicines();
    let known = |name: &&String| all.contains(&Medicine((*name).clone()));
    let none = std::iter::once(Choice::new("", "Choose"));
    none.chain(stocked.iter().filter(known).map(|name| Choice::new(name.clone(), name.clone()))).collect()
}

/// Those that another medicine can be swapped for; none is usual.
fn others(stocked: &[String]) -> Vec<Choice> {
    let none = std::iter::once(Choice::new("", "No other: this medicine is reduced itself"));
    none.chain(medicines(stocked).into_iter().skip(1)).collect()
}

/// One line more than was filled in, so that another time can always be added.
fn lines(form: &Form) -> usize {
    let filled =
        |line: &usize| !form.value(&slot_field(*line)).is_empty() || !form.value(&dose_field(*line)).is_empty();
    let last = (1..=MOST_SLOTS).filter(filled).max().unwrap_or(0);
    (last + 1).clamp(LEAST_SLOTS, MOST_SLOTS)
}

/// Three lines more than were filled in.
fn steps(form: &Form) -> usize {
    let doses = |step: usize| (1..=MOST_SLOTS).map(move |line| step_dose_field(step, line));
    let filled = |step: &usize| {
        let mut fields = [days_field(*step), daily_field(*step)].into_iter().chain(doses(*step));
        fields.any(|field| !form.value(&field).is_empty())
    };
    let last = (1..=MOST_STEPS).filter(filled).max().unwrap_or(0);
    (last + 3).clamp(LEAST_STEPS, MOST_STEPS)
}

fn heads(form: &Form, lines: usize) -> Vec<String> {
    let head = |line: usize| match form.value(&slot_field(line)) {
        "" => format!("Time {line}"),
        slot => slot.to_owned(),
    };
    (1..=lines).map(head).collect()
}

pub(super) fn step_line(step: usize, lines: usize) -> StepLine {
    let doses = (1..=lines).map(|line| step_dose_field(step, line)).collect();
    StepLine { step, days: days_field(step), daily: daily_field(step), doses }
}

pub(super) fn protocol(protocol: &Protocol) -> ProtocolView {
    let setting = |one: &Parameter| SettingView {
        field: setting_field(&protocol.id, &one.name),
        meaning: one.meaning.clone(),
        limits: one.limits(),
    };
    ProtocolView {
        id: protocol.id.clone(),
        name: protocol.name.clone(),
        medicines: match &protocol.medicines[..] {
            [] => "for any medicine".to_owned(),
            named => format!("for {}", named.join(" or ")),
        },
        citation: protocol.citation.clone(),
        settings: protocol.parameters.iter().map(setting).collect(),
    }
}

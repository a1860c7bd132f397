//! The plan's page: a draft that asks to be approved, or a plan that runs.

use askama::Template;
use chrono::{DateTime, Utc};

use super::onward::Onward;
use super::rows::{Row, rows, slots};
use crate::care::calendar::{Slot, day_text};
use crate::care::catalogue::Catalogue;
use crate::care::taper::daily::Daily;
use crate::care::taper::draft::{baseline_wanting, check};
use crate::care::taper::guideline::CutPercent;
use crate::care::taper::late::LateRule;
use crate::care::taper::late_start::LateStart;
use crate::care::taper::level::{PlanAct, Stage};
use crate::care::taper::preview::Preview;
use crate::store::cases::Found;
use crate::store::dossiers::Dossier;
use crate::store::plans::PlanState;
use crate::web::parts::baseline::BaselineView;
use crate::web::parts::chart::Chart;
use crate::web::parts::conversion::ConversionView;
use crate::web::parts::course::Drawn;
use crate::web::parts::decisions::Decisions;
use crate::web::parts::orders::{Orders, Wants};
use crate::web::parts::step_pair::StepPair;
use crate::web::parts::steps::StepsTable;
use crate::web::parts::waiting::{Waiting, daily};
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Link, Shell, links};

/// The forms of the page, and whether this reader may send them.
pub struct Asking {
    pub approve: Form,
    pub answer: Form,
    pub prescriber: bool,
}

impl Asking {
    /// Only a prescriber is shown the form of what the plan waits for.
    fn shown(self, draft: Option<&DraftView>, running: Option<&RunningView>) -> Asking {
        let approves = self.prescriber && draft.is_some_and(|draft| draft.hindrance.is_none() && !draft.lacks_baseline);
        let answers = self.prescriber && running.is_some_and(|running| running.sent_back.is_some());
        let approve = self.approve.showing(if approves { &["password"] } else { &[] });
        let answer = self.answer.showing(if answers { &["rationale", "password"] } else { &[] });
        Asking { approve, answer, ..self }
    }
}

#[derive(Template)]
#[template(path = "pages/plan.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    href: String,
    medicine: String,
    /// `Version 1, approved by Dr Helen Marsh 21 Oct 2026 16:40.`
    made: String,
    /// `From 2 mg to 0 mg a day in 16 reductions.`
    whole: String,
    tag: Tag,
    chart: Chart,
    indication: String,
    reason: String,
    late: LateRule,
    /// What of today is not laid out, where the plan begins, or began, in the course of today.
    late_start: Option<LateStart>,
    protocol: String,
    settings: String,
    conversion: Option<ConversionView>,
    draft: Option<DraftView>,
    running: Option<RunningView>,
    baseline: BaselineView,
    decisions: Decisions,
    onward: Option<Onward>,
    /// Orders that wait for somebody.
    orders: Orders,
    /// Where this reader decides about it, or writes down who did.
    ways: Vec<Link>,
    asking: Asking,
}

/// A draft, step by step, and what stands in the way of its approval.
pub struct DraftView {
    steps: Option<StepsTable>,
    revision: i64,
    /// Why it cannot be approved as it is.
    hindrance: Option<String>,
    lacks_baseline: bool,
    /// What is taken before the taper, and how much of it.
    medicine: String,
    baseline: String,
}

/// A plan that runs.
pub struct RunningView {
    pair: Option<StepPair>,
    reduced: String,
    steps_done: String,
    given: String,
    given_of: String,
    waits: String,
    waiting: Tag,
    review: Option<String>,
    sent_back: Option<String>,
    version: u32,
    slots: Vec<Slot>,
    rows: Vec<Row>,
    laid_until: String,
}

impl View {
    pub fn new(
        shell: Shell,
        banner: Banner,
        dossier: &Dossier,
        catalogue: &Catalogue,
        asking: Asking,
        now: DateTime<Utc>,
    ) -> View {
        let found = &dossier.found;
        let (file, plan) = (&found.file, &found.file.plan);
        let resident = dossier.resident.name();
        let drawn = Drawn {
            plan,
            course: &found.case.course,
            facts: &file.facts,
            fates: &dossier.fates,
            as_needed: &dossier.as_needed,
            scores: &dossier.scores,
            facility: &found.facility,
            resident: &resident,
            now,
        };
        let protocol = catalogue.protocol(&plan.protocol);
        let draft = (file.state == PlanState::Draft).then(|| DraftView::new(dossier));
        let running = (file.state == PlanState::Running).then(|| RunningView::new(dossier, &drawn));
        View {
            href: links::plan(&plan.id),
            medicine: plan.named(),
            made: made(dossier),
            whole: whole(dossier),
            tag: tag(file.state),
            chart: drawn.whole(),
            late: plan.late_rule(),
            late_start: late_start(dossier, now),
            indication: plan.indication.clone(),
            reason: plan.reason.clone(),
            protocol: protocol.map(|one| one.name.clone()).unwrap_or_else(|_| plan.protocol.clone()),
            settings: settings(dossier),
            conversion: plan.conversion.as_ref().map(|it| ConversionView::new(it, catalogue, &dossier.names)),
            baseline: BaselineView::new(plan, &dossier.resident, dossier.resumes.as_ref(), found.case.today),
            decisions: Decisions::new(plan, &found.case.course, file.facts.iter(), &dossier.names, found.facility.zone),
            onward: (!file.facts.is_empty()).then(|| Onward::new(dossier)),
            orders: orders(dossier, now),
            ways: Vec::new(),
            asking: asking.shown(draft.as_ref(), running.as_ref()),
            draft,
            running,
            shell,
            banner,
        }
    }

    /// Offers the ways to where something is decided.
    pub fn offering(self, ways: Vec<Link>) -> View {
        View { ways, ..self }
    }

    /// `Error: ` before the title where a form came back.
    fn title(&self) -> &'static str {
        if self.asking.approve.wrong() { self.asking.approve.title() } else { self.asking.answer.title() }
    }
}

/// Said of a draft that may be approved now, and of a plan on the day it was approved.
fn late_start(dossier: &Dossier, now: DateTime<Utc>) -> Option<LateStart> {
    let (file, found) = (&dossier.found.file, &dossier.found);
    let approved = file.facts.iter().find(|fact| matches!(fact.act, PlanAct::Approved { .. }));
    let at = match file.state {
        PlanState::Draft => now,
        PlanState::Running => approved?.at,
        PlanState::Ended | PlanState::Discarded => return None,
    };
    let begins_today = file.plan.baseline_on == found.case.today;
    LateStart::of(&file.plan, found.facility.zone, at).filter(|_| begins_today)
}

fn orders(dossier: &Dossier, now: DateTime<Utc>) -> Orders {
    let name = |id: &str| dossier.names.get(id).cloned().unwrap_or_default();
    let wants = [Wants::Review, Wants::Confirmation];
    Orders::new(
        [&dossier.found.file],
        |_| Some(&dossier.resident),
        name,
        &wants,
        now,
        |_| dossier.found.facility.zone.day(now),
    )
}

fn tag(state: PlanState) -> Tag {
    match state {
        PlanState::Draft => Tag::unsigned("Draft, not approved"),
        PlanState::Running => Tag::signed("Running"),
        PlanState::Ended => Tag::new("soon", Icon::Flat, "Ended"),
        PlanState::Discarded => Tag::new("soon", Icon::Flat, "Discarded"),
    }
}

fn made(dossier: &Dossier) -> String {
    let (file, zone) = (&dossier.found.file, dossier.found.facility.zone);
    let version = file.plan.version;
    let approved = file.facts.iter().find(|fact| fact.act == PlanAct::Approved { version });
    let name = |id: &str| dossier.names.get(id).cloned().unwrap_or_default();
    match approved {
        Some(fact) => {
            format!("Version {version}, approved by {} {}.", name(&fact.by), day_text(zone.day(fact.at)))
        }
        None => format!("Drafted by {} {}.", name(&file.drafted_by), day_text(zone.day(file.drafted_at))),
    }
}

fn whole(dossier: &Dossier) -> String {
    let plan = &dossier.found.file.plan;
    let count = match plan.last() {
        1 => "1 reduction".to_owned(),
        many => format!("{many} reductions"),
    };
    format!("From {} to {} a day in {count}, each signed by a pharmacist.", daily(plan, 0), daily(plan, plan.last()))
}

fn settings(dossier: &Dossier) -> String {
    let settings: Vec<String> =
        dossier.found.file.plan.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    settings.join(", ").replace('_', " ")
}

impl DraftView {
    fn new(dossier: &Dossier) -> DraftView {
        let (file, case) = (&dossier.found.file, &dossier.found.case);
        let preview = Preview::of_plan(&file.plan, &dossier.shelves).ok();
        let baseline = file.plan.step(0).map(|step| step.regimen().clone()).unwrap_or_default();
        DraftView {
            steps: preview.map(|it| StepsTable::new(&baseline, file.plan.baseline_on, &it, &dossier.shelves)),
            revision: file.revision,
            lacks_baseline: !baseline_wanting(&file.plan, case.today).is_empty(),
            hindrance: check(&file.plan, case.today, &dossier.shelves).err().map(|refusal| refusal.to_string()),
            medicine: file.plan.medicine.to_string(),
            baseline: format!("{} daily from {}", baseline.daily(), day_text(file.plan.baseline_on)),
        }
    }
}

/// From the dose in effect to the next: solid where that is signed already.
fn pair(found: &Found, level: &Daily, since: &str) -> Option<StepPair> {
    let (plan, course, today) = (&found.file.plan, &found.case.course, found.case.today);
    if let Some(ahead) = course.ahead_of(today) {
        let pair = StepPair::new(level.clone(), plan.daily(&ahead.step))
            .headed("In effect, signed", "Signed, not yet in effect")
            .beside_first(plan.first());
        return Some(pair.both_signed().noted(since, &format!("from {}", day_text(ahead.from.on))));
    }
    let (level, since, now) = match course.decided_ahead(today) {
        Some(stage) => {
            let from = format!("daily from {}", day_text(stage.from.on));
            (plan.daily(&stage.step), from, "Decided, not yet in effect")
        }
        None => (level.clone(), since.to_owned(), "In effect, signed"),
    };
    let (open, (_, on)) = course.waiting().zip(course.outlook(plan, today).first().copied())?;
    let pair = StepPair::new(level, plan.daily(&open.to)).headed(now, "Next, not signed");
    Some(pair.beside_first(plan.first()).noted(&since, &format!("from {} at the earliest", day_text(on))))
}

impl RunningView {
    fn new(dossier: &Dossier, drawn: &Drawn) -> RunningView {
        let (found, today) = (&dossier.found, dossier.found.case.today);
        let (plan, course) = (&found.file.plan, &found.case.course);
        let waiting = Waiting::of(course, &found.file.facts, found.facility.sign_ahead_days, today);
        let stage = course.stage_on(today);
        let step = stage.map_or(0, |stage| stage.step.ordinal);
        let level = stage.map_or_else(|| daily(plan, step), |stage| plan.daily(&stage.step));
        let (given, due) = drawn.given_in_strip();
        let began = |stage: &Stage| course.level_since().filter(|on| *on <= today).unwrap_or(stage.from.on);
        let since = stage.map_or("begins".to_owned(), |stage| format!("daily since {}", day_text(began(stage))));
        let pair = pair(found, &level, &since);
        let returned = found.file.facts.iter().rev().find(|fact| matches!(fact.act, PlanAct::Returned { .. }));
        RunningView {
            pair,
            reduced: CutPercent::of(&daily(plan, 0), &level).to_string(),
            steps_done: format!("{step} of {} reductions", plan.last()),
            given: (given * 100).checked_div(due).map_or("–".to_owned(), |percent| format!("{percent}%")),
            given_of: format!("{given} of {due} doses"),
            waits: waiting.told(course, plan, &level, today),
            waiting: waiting.tag(today),
            review: course.waiting().map(|open| links::reduction(&plan.id, i64::from(open.n))),
            sent_back: returned.filter(|_| course.sent_back).map(|fact| fact.rationale.clone()),
            version: plan.version,
            slots: slots(dossier),
            rows: rows(dossier),
            laid_until: found.file.laid_until.map(day_text).unwrap_or_default(),
        }
    }
}

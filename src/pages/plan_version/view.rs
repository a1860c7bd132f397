//! How a version is shown: who made it and why, both versions step by step, and the form of a prescriber's approval.

use askama::Template;

use crate::care::catalogue::Catalogue;
use crate::care::taper::late::LateRule;
use crate::care::taper::level::{Course, PlanAct, PlanFact, Stage};
use crate::care::taper::plan::Plan;
use crate::store::dossiers::Dossier;
use crate::store::plans::PlanFile;
use crate::web::parts::decisions::signed_by;
use crate::web::parts::side_by_side::SideBySide;
use crate::web::parts::{Banner, Icon, Tag, decided};
use crate::web::{Form, Shell, links};

/// The forms of the page, and whether this reader may send them.
pub struct Asking {
    pub approve: Form,
    pub take_back: Form,
    pub prescriber: bool,
}

#[derive(Template)]
#[template(path = "pages/plan_version.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    href: String,
    medicine: String,
    version: u32,
    tag: Tag,
    /// What was decided about this version, in order.
    said: Vec<Said>,
    /// The version it takes the place of.
    before: Option<u32>,
    versions: SideBySide,
    goal: String,
    late: LateRule,
    /// What the version before said of it, where that was something else.
    late_before: Option<LateRule>,
    protocol: String,
    settings: String,
    /// It waits for a prescriber's approval.
    waits: bool,
    /// Why it cannot be approved as things stand.
    hindrance: Option<String>,
    asking: Asking,
}

/// One decision about a version.
pub struct Said {
    title: String,
    by: String,
    rationale: String,
}

impl View {
    pub fn new(
        shell: Shell,
        banner: Banner,
        dossier: &Dossier,
        version: u32,
        catalogue: &Catalogue,
        asking: Asking,
    ) -> View {
        let (file, case) = (&dossier.found.file, &dossier.found.case);
        let plan = file.version(version).unwrap_or(&file.plan);
        let before = before(file, version);
        let settled = settled(dossier, plan, before);
        let waits = case.course.amendment == Some(version) && !case.course.ended;
        let asking = Asking {
            approve: asking.approve.showing(if waits { &["password"] } else { &[] }),
            take_back: asking.take_back.showing(if waits { &["rationale"] } else { &[] }),
            ..asking
        };
        View {
            href: links::version(&plan.id, version),
            medicine: plan.named(),
            tag: tag(file, version, waits),
            said: said(dossier, version),
            before: before.map(|before| before.version),
            versions: SideBySide::new(before.unwrap_or(plan), plan, settled, &dossier.shelves),
            goal: plan.goal.to_string(),
            late: plan.late_rule(),
            late_before: before.map(Plan::late_rule).filter(|rule| *rule != plan.late_rule()),
            protocol: catalogue.protocol(&plan.protocol).map_or_else(|_| plan.protocol.clone(), |one| one.name.clone()),
            settings: settings(plan),
            hindrance: case.stop_stands_in_the_way().filter(|_| waits).map(|refusal| refusal.to_string()),
            waits,
            version,
            shell,
            banner,
            asking,
        }
    }

    /// `Error: ` before the title where a form came back.
    fn title(&self) -> &'static str {
        if self.asking.approve.wrong() { self.asking.approve.title() } else { self.asking.take_back.title() }
    }
}

/// The version that was in force when this one was written.
fn before(file: &PlanFile, version: u32) -> Option<&Plan> {
    let about = |fact: &PlanFact| fact.act.version() == Some(version);
    let first = file.facts.iter().position(about).unwrap_or(file.facts.len());
    let approved = file.facts[..first].iter().rev().find_map(|fact| match fact.act {
        PlanAct::Approved { version } => Some(version),
        _ => None,
    });
    approved.and_then(|version| file.version(version))
}

/// How many steps were in force, or had been, when it was written: as many as the course had begun by then.
fn settled(dossier: &Dossier, plan: &Plan, before: Option<&Plan>) -> usize {
    let file = &dossier.found.file;
    let Some(before) = before else { return 0 };
    let stays = |course: &Course, stage: Option<&Stage>| (stage.map(|one| one.step.ordinal), course.taken_up(plan));
    let (last, ordered) = match file.facts.iter().position(|fact| fact.act.version() == Some(plan.version)) {
        Some(at) => {
            let versions: Vec<&Plan> = std::iter::once(&file.plan).chain(&file.others).collect();
            let course = Course::of(&versions, &file.facts[..at]);
            stays(&course, course.settled(course.place_ahead_of(&file.facts[at])))
        }
        None => stays(&dossier.found.case.course, dossier.found.case.settled()),
    };
    let signed = (last.map_or(0, |last| last as usize) + 1).min(before.steps.len()).min(plan.steps.len());
    // It goes on from what was ordered: that stays too.
    signed + usize::from(ordered.is_some_and(|step| plan.step(step.ordinal) == Some(&step)))
}

fn tag(file: &PlanFile, version: u32, waits: bool) -> Tag {
    let dropped = file.facts.iter().any(|fact| fact.act == PlanAct::Dropped { version });
    let approved = file.facts.iter().any(|fact| fact.act == PlanAct::Approved { version });
    match () {
        _ if waits => Tag::unsigned("Submitted, not approved"),
        _ if dropped => Tag::new("soon", Icon::Left, "Taken back"),
        _ if approved && file.plan.version == version => Tag::signed("In force"),
        _ if approved => Tag::new("soon", Icon::Flat, "Was in force"),
        _ => Tag::unsigned("Not approved"),
    }
}

fn said(dossier: &Dossier, version: u32) -> Vec<Said> {
    let zone = dossier.found.facility.zone;
    let about = dossier.found.file.facts.iter().filter(|fact| fact.act.version() == Some(version));
    let said = |fact: &PlanFact| Said {
        title: decided::title(&fact.act),
        by: signed_by(fact, &dossier.names, zone),
        rationale: fact.rationale.clone(),
    };
    about.map(said).collect()
}

fn settings(plan: &Plan) -> String {
    let settings: Vec<String> = plan.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    settings.join(", ").replace('_', " ")
}

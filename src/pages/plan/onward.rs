//! What can become of a running plan, and what became of it: its versions, an amendment or a stop that waits, its end.

use chrono::NaiveDate;

use crate::care::calendar::day_text;
use crate::care::taper::fact::{PlanAct, PlanFact};
use crate::care::taper::follow_up::{self, FollowUp, Support};
use crate::store::dossiers::Dossier;
use crate::store::plans::PlanState;
use crate::web::links::{self, Link};
use crate::web::parts::decisions::signed_by;

/// The ways on from a plan that was approved.
pub struct Onward {
    /// Every version, the newest first.
    pub versions: Vec<VersionLine>,
    /// The version that waits for its approval.
    pub amendment: Option<Waits>,
    /// The stop that waits for its countersignature.
    pub stop: Option<Waits>,
    /// Other steps can be submitted.
    pub amend: Option<String>,
    /// Where the plan is stopped or finished; none once it has ended.
    pub end: Option<Link>,
    /// The plan that continues after this one.
    pub resumed_by: Option<String>,
    pub follow_up: Option<After>,
}

/// What goes on after 0 mg.
pub struct After {
    /// `0 mg since 04 Dec 2026`
    pub since: String,
    pub scores: String,
    pub support: String,
    /// The support does not last as long as it should.
    pub lacking: bool,
}

/// What waits for somebody: by whom, why, and where it is decided.
pub struct Waits {
    pub by: String,
    pub why: String,
    pub link: Link,
}

/// `Version 2, approved 21 Nov 2026 09:00, Helen Marsh`
pub struct VersionLine {
    pub link: Link,
    pub words: String,
}

impl Onward {
    pub fn new(dossier: &Dossier) -> Onward {
        let (file, case) = (&dossier.found.file, &dossier.found.case);
        let (id, runs) = (&file.plan.id, file.state == PlanState::Running);
        let submitted = case.course.amendment.filter(|_| runs);
        let amended = submitted.and_then(|version| last(dossier, &PlanAct::Amended { version }).zip(Some(version)));
        Onward {
            versions: versions(dossier),
            amendment: amended.map(|(fact, version)| {
                waits(
                    dossier,
                    fact,
                    Link::new(format!("Look at version {version} beside this one"), links::version(id, version)),
                )
            }),
            stop: file
                .stop_asked()
                .filter(|_| runs)
                .map(|fact| waits(dossier, fact, Link::new("Decide about the stop", links::ending(id)))),
            amend: (runs && case.may_amend().is_ok()).then(|| links::amend(id)),
            end: runs.then(|| match case.may_finish() {
                Ok(()) => Link::new("Finish the plan", links::ending(id)),
                Err(_) => Link::new("Stop outside the steps", links::ending(id)),
            }),
            resumed_by: dossier.resumed_by.as_deref().map(links::plan),
            follow_up: follow_up(dossier),
        }
    }
}

fn last<'a>(dossier: &'a Dossier, act: &PlanAct) -> Option<&'a PlanFact> {
    dossier.found.file.facts.iter().rev().find(|fact| fact.act == *act)
}

fn waits(dossier: &Dossier, fact: &PlanFact, link: Link) -> Waits {
    let by = signed_by(fact, &dossier.names, dossier.found.facility.zone);
    Waits { by, why: fact.rationale.clone(), link }
}

fn versions(dossier: &Dossier) -> Vec<VersionLine> {
    let file = &dossier.found.file;
    let mut numbers: Vec<u32> = file.others.iter().map(|plan| plan.version).chain([file.plan.version]).collect();
    numbers.sort_unstable_by(|one, other| other.cmp(one));
    numbers.into_iter().map(|version| version_line(dossier, version)).collect()
}

fn version_line(dossier: &Dossier, version: u32) -> VersionLine {
    let (file, zone) = (&dossier.found.file, dossier.found.facility.zone);
    let last = file.facts.iter().rev().find(|fact| fact.act.version() == Some(version));
    let word = match last.map(|fact| &fact.act) {
        Some(PlanAct::Approved { .. }) if version == file.plan.version => "in force, approved",
        Some(PlanAct::Approved { .. }) => "was in force, approved",
        Some(PlanAct::Amended { .. }) => "submitted",
        Some(PlanAct::Dropped { .. }) => "taken back",
        _ => "",
    };
    let by = last.map(|fact| signed_by(fact, &dossier.names, zone)).unwrap_or_default();
    let link = Link::new(format!("Version {version}"), links::version(&file.plan.id, version));
    VersionLine { link, words: format!("{word} {by}") }
}

/// After 0 mg the resident is looked at for weeks and supported for months more.
pub fn follow_up(dossier: &Dossier) -> Option<After> {
    let case = &dossier.found.case;
    follow_up::follow_up(&case.course, dossier.found.file.plan.baseline.as_ref(), case.today)
        .map(|after| after_nothing(&after, case.today))
}

fn after_nothing(after: &FollowUp, today: NaiveDate) -> After {
    let (until, wanted) = (day_text(after.scores_until), follow_up::support_wanted(after.nothing_from));
    After {
        since: day_text(after.nothing_from),
        scores: match after.scores_until < today {
            true => format!("Scores: daily until {until}, which is past. Score again when symptoms return."),
            false => format!("Scores: daily until {until}."),
        },
        support: match &after.support {
            Support::Lasts { until, words } => format!("Support: {words}, until {until}."),
            Support::EndsEarly { until, words } => {
                format!("Support: {words}, only until {until}. It is wanted until {wanted}: arrange more.")
            }
            Support::None { words } => format!("No support is arranged ({words}). It is wanted until {wanted}."),
            Support::Unknown => format!("Nothing is recorded about support. It is wanted until {wanted}."),
        },
        lacking: !matches!(after.support, Support::Lasts { .. }),
    }
}

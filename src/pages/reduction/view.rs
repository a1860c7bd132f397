//! The reduction's page: from what to what, the chart, the checks, and the forms that could be sent now.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::Sight;
use super::lines::{DoseLine, lines};
use crate::care::calendar::{day_text, days_after};
use crate::care::people::Staff;
use crate::care::taper::daily::Daily;
use crate::care::taper::guideline::Check;
use crate::care::taper::level::{Reduction, Standing};
use crate::care::taper::reduction::Case;
use crate::care::taper::statement::CheckKept;
use crate::care::taper::statement::verb;
use crate::store::snapshots::mark;
use crate::web::parts::chart::Chart;
use crate::web::parts::checks::Checks;
use crate::web::parts::conversion::ConversionView;
use crate::web::parts::corrected_since::CorrectedSince;
use crate::web::parts::course::Drawn;
use crate::web::parts::decisions::Decisions;
use crate::web::parts::evidence::Evidence;
use crate::web::parts::kept::Kept;
use crate::web::parts::pause::{Pausable, PauseForm};
use crate::web::parts::step_pair::StepPair;
use crate::web::parts::strip::Strip;
use crate::web::parts::waiting::Waiting;
use crate::web::parts::{Banner, Icon, Tag};
use crate::web::{Form, Link, Shell, links};

/// A hold usually looks again in two weeks.
const USUAL_HOLD_DAYS: u32 = 14;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sign,
    Hold,
    Return,
    Withdraw,
}

/// The forms of the page, one for each decision.
pub struct Decisive {
    pub sign: Form,
    pub hold: Form,
    pub back: Form,
    pub withdraw: Form,
    /// The one that came back.
    answered: Option<Kind>,
    /// What was written, where the form it was written in is no longer there.
    lost: String,
}

impl Decisive {
    pub fn fresh(csrf: &str, now: DateTime<Utc>) -> Decisive {
        let form = |prefix| Form::new(csrf, now).named(prefix);
        Decisive {
            sign: form("sign"),
            hold: form("hold"),
            back: form("return"),
            withdraw: form("withdraw"),
            answered: None,
            lost: String::new(),
        }
    }

    /// One of them as it was filled in, with what is wrong.
    pub fn answered(mut self, kind: Kind, form: Form, moved: bool) -> Decisive {
        if moved {
            self.lost = form.value("rationale").to_owned();
        }
        match kind {
            Kind::Sign => self.sign = form.named("sign"),
            Kind::Hold => self.hold = form.named("hold"),
            Kind::Return => self.back = form.named("return"),
            Kind::Withdraw => self.withdraw = form.named("withdraw"),
        }
        Decisive { answered: Some(kind), ..self }
    }

    /// Only the forms of what can be decided stand on the page, and only a check that wants a reason is asked about.
    fn shown(self, can: &Can, needs_reason: bool) -> Decisive {
        let there = |form: Form, there: bool, fields: &[&str]| form.showing(if there { fields } else { &[] });
        let signing: &[&str] = match needs_reason {
            true => &["effective_on", "flags_reason", "rationale", "password"],
            false => &["effective_on", "rationale", "password"],
        };
        let still_there = match self.answered {
            Some(Kind::Sign) => can.sign.is_some(),
            Some(Kind::Hold) => can.hold,
            Some(Kind::Return) => can.send_back,
            Some(Kind::Withdraw) => can.withdraw,
            None => true,
        };
        Decisive {
            lost: if still_there { String::new() } else { self.lost },
            sign: there(self.sign, can.sign.is_some(), signing),
            hold: there(self.hold, can.hold, &["reassess_on", "rationale", "password"]),
            back: there(self.back, can.send_back, &["rationale", "password"]),
            withdraw: there(self.withdraw, can.withdraw, &["rationale", "password"]),
            ..self
        }
    }

    /// The form whose errors the page tells first.
    pub fn wrong(&self) -> Option<&Form> {
        let forms = [&self.sign, &self.hold, &self.back, &self.withdraw];
        forms.into_iter().find(|form| form.wrong())
    }

    fn is_open(&self, kind: Kind) -> bool {
        self.answered == Some(kind)
    }
}

#[derive(Template)]
#[template(path = "pages/reduction.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    href: String,
    plan_href: String,
    medicine: String,
    step: u32,
    last: u32,
    made: String,
    tag: Tag,
    pair: StepPair,
    /// Of a swap: what was confirmed, and what the tables say.
    swap: Option<ConversionView>,
    lines: Vec<DoseLine>,
    waits: String,
    chart: Chart,
    checks: Checks,
    passed: usize,
    needs_reason: usize,
    since: String,
    strip: Strip,
    missed: Vec<String>,
    evidence: Option<Evidence>,
    /// The mark of what this page shows, which comes back with a signature.
    seen: String,
    /// The day whose checks it shows.
    checked_on: String,
    /// How many decisions about the plan there are, which comes back with every one that is made here.
    decisions_seen: usize,
    /// What the reason for the checks is about.
    wanting: String,
    kept: Option<Kept>,
    corrected: CorrectedSince,
    decisions: Decisions,
    /// Where it is asked for now, once this one is void.
    anew: Option<Link>,
    reason: String,
    indication: String,
    /// `reduced`, or `changed` where nothing is lowered.
    verb: &'static str,
    now: Daily,
    proposed: Daily,
    first_slot: String,
    signer: String,
    can: Can,
    /// A nurse's own decision about what is signed.
    pause: Option<PauseForm>,
    forms: Decisive,
}

/// What this reader can decide now, and why not more.
#[derive(Default)]
pub struct Can {
    /// On which days it could take effect, where it can be signed.
    sign: Option<String>,
    hold: bool,
    send_back: bool,
    withdraw: bool,
    /// Why it cannot be signed now, in a full sentence.
    hindrance: Option<String>,
}

impl Can {
    fn new(case: &Case, n: u32, by: Option<&Staff>) -> Can {
        let Some(by) = by else { return Can::default() };
        let standing = case.course.reduction(n).map(|reduction| &reduction.standing);
        let open = case.not_in_force_yet(n).is_ok();
        let signing = case.may_sign(by, n);
        Can {
            hold: open,
            send_back: open && !case.course.sent_back,
            withdraw: case.is_ahead(n),
            hindrance: match (&signing, standing) {
                (Err(refusal), Some(Standing::Waiting)) => Some(refusal.to_string()),
                _ => None,
            },
            sign: signing.ok().map(|(_, earliest, latest)| window_words(earliest, latest)),
        }
    }

    fn any(&self) -> bool {
        self.sign.is_some() || self.hold || self.send_back || self.withdraw
    }
}

fn window_words(earliest: NaiveDate, latest: NaiveDate) -> String {
    format!(
        "From the first dose of this day. Earliest {}, latest {}. For another day the checks are shown \
         again before you sign.",
        day_text(earliest),
        day_text(latest)
    )
}

impl View {
    /// `by` is the pharmacist who reads, `pausing` the form of a nurse who does.
    pub(super) fn new(
        shell: Shell,
        sight: &Sight,
        by: Option<&Staff>,
        pausing: Option<Form>,
        forms: Decisive,
        now: DateTime<Utc>,
    ) -> View {
        let (found, n) = (&sight.dossier.found, sight.n);
        let (plan, case) = (&found.file.plan, &found.case);
        let reduction = &sight.reduction;
        let (from, to) = (plan.daily(&reduction.from), plan.daily(&reduction.to));
        let resident = sight.dossier.resident.name();
        let drawn = drawn(sight, &resident, now);
        let checks = sight.evidence.as_ref().map(|evidence| evidence.checks.as_slice()).unwrap_or_default();
        let needs_reason = checks.iter().filter(|check| !check.passed).count();
        let kept_checks: Vec<CheckKept> = checks.iter().map(CheckKept::from).collect();
        let about = found.file.facts.iter().filter(|fact| fact.act.n() == Some(n));
        let zone = found.facility.zone;
        let (can, ahead) = (Can::new(case, n, by), case.is_ahead(n));
        View {
            href: links::reduction(&plan.id, i64::from(n)),
            plan_href: links::plan(&plan.id),
            medicine: plan.named(),
            step: reduction.to.ordinal,
            last: plan.last(),
            made: made(sight),
            tag: tag(reduction, ahead),
            pair: pair(reduction, &from, &to, ahead).beside_first(plan.first()),
            swap: sight.swap.clone(),
            lines: lines(&reduction.from, &reduction.to, &sight.dossier.shelves),
            waits: waiting(sight, reduction, &from),
            chart: drawn.beside_a_form(reduction.standing == Standing::Waiting),
            passed: checks.len() - needs_reason,
            needs_reason,
            checks: Checks::new(&kept_checks, "Needs reason"),
            since: since(case, reduction),
            strip: drawn.strip(),
            missed: drawn.missed_in_strip(),
            evidence: sight.snapshot.as_ref().map(|snapshot| Evidence::new(snapshot, zone)),
            seen: sight.evidence.as_ref().zip(sight.snapshot.as_ref()).map_or_else(String::new, |(e, s)| mark(e, s)),
            checked_on: sight.checked_on.map(|on| on.to_string()).unwrap_or_default(),
            decisions_seen: found.file.facts.len(),
            wanting: wanting(checks),
            kept: sight.statement.as_deref().and_then(|text| Kept::read(text, zone)),
            corrected: CorrectedSince::new(&sight.corrected, zone),
            decisions: Decisions::new(plan, &case.course, about, &sight.dossier.names, zone),
            anew: anew(sight, reduction),
            reason: plan.reason.clone(),
            indication: plan.indication.clone(),
            verb: verb(&from, &to),
            now: from,
            proposed: to,
            first_slot: reduction.to.regimen().slots().first().map(ToString::to_string).unwrap_or_default(),
            signer: signer(by, &sight.registration),
            pause: pausing.and_then(|form| pause(sight, form)),
            forms: filled(forms.shown(&can, needs_reason > 0), case),
            can,
            banner: sight.banner.clone(),
            shell,
        }
    }
}

fn drawn<'a>(sight: &'a Sight, resident: &'a str, now: DateTime<Utc>) -> Drawn<'a> {
    let found = &sight.dossier.found;
    Drawn {
        plan: &found.file.plan,
        course: &found.case.course,
        facts: &found.file.facts,
        fates: &sight.dossier.fates,
        as_needed: &sight.dossier.as_needed,
        scores: &sight.dossier.scores,
        facility: &found.facility,
        resident,
        now,
    }
}

/// Any nurse may pause what is signed, until its first dose has been recorded.
fn pause(sight: &Sight, form: Form) -> Option<PauseForm> {
    let case = &sight.dossier.found.case;
    let pausable = Pausable::of(&case.plan, &case.course, case.today).filter(|signed| signed.n == sight.n)?;
    (case.begun != Some(sight.n)).then(|| PauseForm::new(&pausable, form))
}

/// The days that are most often meant stand in their fields; no decision is chosen.
fn filled(forms: Decisive, case: &Case) -> Decisive {
    let earliest = case.window().map(|(earliest, _)| earliest.to_string()).unwrap_or_default();
    let again = days_after(case.today, USUAL_HOLD_DAYS).to_string();
    Decisive { sign: forms.sign.with("effective_on", earliest), hold: forms.hold.with("reassess_on", again), ..forms }
}

/// `About: Every dose can be made from the products. At least 20 characters.`
fn wanting(checks: &[Check]) -> String {
    let titles: Vec<&str> = checks.iter().filter(|check| !check.passed).map(|check| check.title).collect();
    format!("About: {}. At least 20 characters.", titles.join("; "))
}

fn signer(by: Option<&Staff>, registration: &str) -> String {
    match (by, registration) {
        (Some(by), "") => format!("{}, pharmacist", by.name),
        (Some(by), number) => format!("{}, pharmacist, registration {number}", by.name),
        (None, _) => String::new(),
    }
}

/// `Planned by Dr Helen Marsh, plan version 3. Planned for Mon 23 Nov 2026.`
fn made(sight: &Sight) -> String {
    let found = &sight.dossier.found;
    let plan = &found.file.plan;
    let makers: Vec<&str> =
        found.case.makers.iter().filter_map(|id| sight.dossier.names.get(id)).map(String::as_str).collect();
    let step = found.case.course.reduction(sight.n).and_then(|reduction| plan.step(reduction.to.ordinal));
    let on = step.map(|step| format!("{} {}", step.planned_on.format("%a"), day_text(step.planned_on)));
    format!("Planned by {}, plan version {}, for {}.", makers.join(" and "), plan.version, on.unwrap_or_default())
}

fn tag(reduction: &Reduction, ahead: bool) -> Tag {
    match &reduction.standing {
        Standing::Waiting => Tag::unsigned("Not signed"),
        Standing::Signed { effective_on, .. } if ahead => {
            Tag::signed(format!("Signed, from {}", effective_on.format("%d\u{a0}%b")))
        }
        Standing::Signed { .. } => Tag::signed("Signed, in effect"),
        Standing::Void { .. } => Tag::new("soon", Icon::Flat, "No longer asked for"),
    }
}

fn pair(reduction: &Reduction, from: &Daily, to: &Daily, ahead: bool) -> StepPair {
    let pair = StepPair::new(from.clone(), to.clone());
    match &reduction.standing {
        Standing::Waiting => pair,
        Standing::Void { .. } => pair.headed("Stays, signed", "Not in effect"),
        Standing::Signed { effective_on, .. } => {
            let until = format!("daily until {}", day_text(*effective_on));
            let heading = if ahead { "Signed, not yet in effect" } else { "Signed" };
            pair.headed("Before", heading)
                .both_signed()
                .noted(&until, &format!("daily from {}", day_text(*effective_on)))
        }
    }
}

/// For whom it waits and since when; or what it came to.
fn waiting(sight: &Sight, reduction: &Reduction, from: &Daily) -> String {
    let found = &sight.dossier.found;
    let case = &found.case;
    match &reduction.standing {
        Standing::Waiting => {
            Waiting::of(&case.course, &found.file.facts, case.sign_ahead_days, case.today).words(from, case.today)
        }
        Standing::Signed { effective_on, .. } => {
            let to = found.file.plan.daily(&reduction.to);
            format!("Signed: from {from} to {to} daily, from {}.", day_text(*effective_on))
        }
        Standing::Void { .. } => format!(
            "This asking has ended without taking effect: the dose stayed at {from} daily. The passage is asked for again \
             under a new number."
        ),
    }
}

/// `21 days at this dose, since 02 Nov 2026`
fn since(case: &Case, reduction: &Reduction) -> String {
    let stage = case.course.stages.iter().rev().find(|stage| stage.step.ordinal == reduction.from.ordinal);
    match stage.filter(|_| reduction.standing == Standing::Waiting) {
        Some(stage) if stage.from.on <= case.today => {
            let since = case.course.level_since().unwrap_or(stage.from.on);
            format!("{} days at this dose, since {}", (case.today - since).num_days(), day_text(since))
        }
        Some(stage) => format!("This dose begins on {}", day_text(stage.from.on)),
        None => String::new(),
    }
}

/// The way on from an asking that ended.
fn anew(sight: &Sight, reduction: &Reduction) -> Option<Link> {
    let found = &sight.dossier.found;
    let open = found.case.course.waiting()?;
    let void = matches!(reduction.standing, Standing::Void { .. });
    let text = format!("The reduction that waits now, to step {}", open.to.ordinal);
    void.then(|| Link::new(text, links::reduction(&found.file.plan.id, i64::from(open.n))))
}

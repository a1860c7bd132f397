//! Tapers in every state, each with all that its pages show, for the samples of those pages.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{HOSTILE, administration, dose, facility, names, now, plan, resident, shelves, slot, today};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, days_after, days_before};
use crate::care::people::Staff;
use crate::care::resident::{Allergies, Resident};
use crate::care::round::outcome::Outcome;
use crate::care::taper::baseline::Baseline;
use crate::care::taper::baseline::entry::{self, Bounds};
use crate::care::taper::guideline::{Adherence, AsNeededUse};
use crate::care::taper::level::{PlanAct, PlanFact, Telephone};
use crate::care::taper::plan::{Regimen, Step};
use crate::care::taper::reduction::Case;
use crate::store::assessments::Assessment;
use crate::store::cases::Found;
use crate::store::doses::Fate;
use crate::store::dossiers::Dossier;
use crate::store::evidence::{Evidence, Lately};
use crate::store::plans::{PlanFile, PlanState};
use crate::web::parts::Banner;
use crate::web::parts::orders::{Orders, Wants};

/// What people wrote: a name, and some sentences about somebody.
#[derive(Debug, Clone)]
pub struct Written {
    pub name: String,
    pub text: String,
}

impl Written {
    pub fn usual() -> Written {
        let text = "Margit sleeps through since October and asks herself to go on; two falls in spring.";
        Written { name: "Halvorsen".to_owned(), text: text.to_owned() }
    }

    pub fn longest() -> Written {
        Written { name: "W".repeat(80), text: "Margit walks to the garden. ".repeat(11).chars().take(300).collect() }
    }

    /// Markup, quotes, and a mark that turns the direction of all that follows it.
    pub fn hostile() -> Written {
        let text = format!("\u{202e}{HOSTILE}\u{200f}</textarea></title>&lt;'\"");
        Written { name: text.clone(), text }
    }
}

/// A taper of clonazepam, and what was decided about it so far.
#[derive(Debug, Clone)]
pub struct Taper {
    pub file: PlanFile,
    pub written: Written,
}

impl Taper {
    /// A draft: so many reductions, two weeks apart, from a baseline that began some days ago.
    pub fn drafted(reductions: u32, days_ago: u32, written: Written) -> Taper {
        let mut file = plan(false);
        let baseline_on = days_before(today(), days_ago);
        let steps = (0..=reductions).map(|ordinal| step(reductions, ordinal, baseline_on)).collect();
        file.plan.steps = steps;
        file.plan.baseline_on = baseline_on;
        file.plan.first_reduction_on = days_after(baseline_on, 14);
        file.plan.indication.clone_from(&written.text);
        file.plan.reason.clone_from(&written.text);
        file.plan.authors = ["prescriber".to_owned()].into();
        file.plan.baseline = (!written.text.is_empty()).then(|| baseline(&written));
        (file.state, file.laid_until, file.facts) = (PlanState::Draft, None, Vec::new());
        Taper { file, written }
    }

    /// The same, approved on the day of its baseline.
    pub fn running(reductions: u32, days_ago: u32, written: Written) -> Taper {
        let mut taper = Taper::drafted(reductions, days_ago, written);
        taper.file.state = PlanState::Running;
        taper.file.laid_until = Some(days_after(today(), 14));
        taper.then(days_ago, PlanAct::Approved { version: 1 })
    }

    /// What somebody decided next, some days ago.
    pub fn then(mut self, days_ago: u32, act: PlanAct) -> Taper {
        let by = match act {
            PlanAct::Approved { .. } => "prescriber",
            PlanAct::Paused { .. } => "nurse",
            _ => "pharmacist",
        };
        let seq = self.file.facts.len() as u32 + 1;
        self.file.facts.push(PlanFact {
            telephone: None,
            id: format!("fact {seq}"),
            seq,
            by: by.to_owned(),
            at: moment(days_ago),
            on: days_before(today(), days_ago),
            ahead_from: None,
            rationale: self.written.text.clone(),
            act,
        });
        self
    }

    /// Reduction `n` to the step of that number, signed three days before it began, some days ago.
    pub fn signed(self, n: u32, days_ago: u32) -> Taper {
        let effective_on = days_before(today(), days_ago);
        self.then(days_ago + 3, PlanAct::Signed { n, step: n, effective_on })
    }

    /// Reduction `n`, signed yesterday, to begin in four days.
    pub fn signed_ahead(self, n: u32) -> Taper {
        self.then(1, PlanAct::Signed { n, step: n, effective_on: days_after(today(), 4) })
    }

    /// What was decided last was said on the telephone.
    pub fn by_telephone(mut self) -> Taper {
        if let Some(fact) = self.file.facts.last_mut() {
            let (prescriber, heard_by) = ("prescriber".to_owned(), "pharmacist".to_owned());
            fact.telephone = Some(Telephone { prescriber, called_at: fact.at, heard_by });
        }
        self
    }

    pub fn resident(&self) -> Resident {
        let list = self.written.text.clone();
        Resident {
            forename: self.written.name.clone(),
            ..resident("margit", &self.written.name, Allergies::Known { list })
        }
    }

    pub fn banner(&self) -> Banner {
        Banner::new(&self.resident(), &self.written.name, today())
    }

    fn names(&self) -> HashMap<String, String> {
        let all = names(&self.written.name);
        all.into_iter().map(|(id, name)| (id, format!("{name} {}", self.written.name))).collect()
    }

    /// The case of reduction `n`, as the store would find it.
    pub fn found(&self, n: u32) -> Found {
        let (file, facility) = (self.file.clone(), facility());
        let signature = file.facts.iter().find(|fact| fact.act.kind() == "signed" && fact.act.n() == Some(n));
        let case = Case {
            next: Moment::start_of(days_after(today(), 1)),
            plan: file.plan.clone(),
            course: file.course(),
            today: today(),
            sign_ahead_days: facility.sign_ahead_days,
            first_free_day: days_after(today(), 1),
            makers: file.makers(),
            last_rationale: None,
            signed_by: signature.map(|fact| (self.written.name.clone(), format!("08:12 on {}", fact.on))),
            needs_reason: false,
            evidence_moved: false,
            checks_unseen: false,
            begun: None,
        };
        Found { file, facility, case }
    }

    pub fn dossier(&self, n: u32) -> Dossier {
        let found = self.found(n);
        let fates = if found.case.course.stages.is_empty() { Vec::new() } else { self.fates(&found) };
        let as_needed = vec![super::as_needed::given("pacing", true).dose];
        Dossier {
            found,
            resident: self.resident(),
            fates,
            as_needed,
            scores: self.scores(),
            names: self.names(),
            shelves: shelves(),
            resumes: None,
            resumed_by: None,
        }
    }

    /// Every dose of the last two weeks and of today: most were given, and everything else happened too.
    fn fates(&self, found: &Found) -> Vec<Fate> {
        let days = (0..14).rev().map(|ago| days_before(today(), ago));
        let slots = days.flat_map(|on| ["08:00", "20:00"].map(|at| (on, at)));
        let fate = |(n, (on, at)): (usize, (NaiveDate, &str))| {
            let level = found.case.course.level_on(on)?;
            let amount = level.regimen.amount(slot(at), &found.file.plan.medicine);
            let dose = dose("margit", on, at, amount.ug(), &level.stage.authorised_by);
            let outcome = if n % 5 == 3 { Some(Outcome::ALL[n % 6]) } else { Some(Outcome::Given) };
            let standing = outcome.filter(|_| n != 7 && dose.due_at < now());
            let standing = standing.map(|outcome| administration(&dose, outcome, &self.written.text));
            Some(Fate { dose, standing, vomited: Vec::new() })
        };
        slots.enumerate().filter_map(fate).filter(|fate| !fate.dose.level.amount.is_zero()).collect()
    }

    /// Two of a week ago, one of them broken off.
    pub fn scores(&self) -> Vec<Assessment> {
        let broken_off = super::scores::incomplete("Asleep before the end.");
        let by_hostile = Assessment { note: self.written.text.clone(), ..super::scores::assessment(14) };
        vec![broken_off, by_hostile]
    }

    /// What a decision about the reduction that waits rests on; two of these doses were not given.
    pub fn evidence(&self) -> Option<Evidence> {
        let found = self.found(0);
        let due_on = found.case.course.due_on()?;
        let on = found.case.window().map_or(due_on, |(earliest, _)| earliest);
        let lately = Lately {
            adherence: Adherence { given: 25, planned: 28, vomited: 1 },
            as_needed: AsNeededUse { last_week: 1, week_before: 0, of_tapered: 0, in_error: 1 },
            scores: self.scores(),
            signs: Vec::new(),
        };
        Evidence::new(&found, lately, on, &shelves(), now())
    }
}

/// A baseline that gives everything to think about: every risk is there, or not known, or runs out.
pub fn baseline(written: &Written) -> Baseline {
    let mut fields: HashMap<String, String> = HashMap::new();
    for asked in ["earlier", "sedatives", "alcohol", "seizures", "epilepsy", "illness", "support"] {
        fields.insert(asked.to_owned(), "yes".to_owned());
        fields.insert(format!("{asked}_words"), written.text.chars().take(entry::MOST_CHARACTERS).collect());
    }
    let others = [
        ("since", "2019-04"),
        ("days_a_week", "7"),
        ("route", "injected"),
        ("opioids", "not_known"),
        ("pregnancy", "not_known"),
        ("support_until", "2026-12"),
        ("education", "no"),
        ("agreed_by", "representative"),
        ("agreed_name", &written.name.chars().take(80).collect::<String>()),
        ("agreed_on", "2026-11-01"),
        ("agreed_how", "by_telephone"),
        ("expires_on", "2026-11-22"),
        ("taken_off_name", &written.name.chars().take(80).collect::<String>()),
        ("taken_off_on", "2026-11-01"),
    ]
    .map(|(field, value)| (field.to_owned(), value.to_owned()));
    fields.extend(others);
    let bounds = Bounds { born_on: resident("margit", "", Allergies::NoneKnown).born_on, today: today() };
    let value = |field: &str| fields.get(field).map(String::as_str).unwrap_or_default();
    entry::read(value, bounds).expect("the baseline of the samples is whole")
}

/// A suspension to be reviewed, one of yesterday by telephone to be confirmed, and a step back.
pub fn orders(written: &Written) -> Orders {
    let from = Moment::start_of(days_before(today(), 1));
    let nothing = PlanAct::Ordered { regimen: Regimen::default(), from };
    let running = || Taper::running(3, 30, written.clone()).signed(1, 5);
    let all = [
        running().then(0, nothing.clone()),
        running().then(2, nothing).by_telephone(),
        running().then(1, PlanAct::SteppedBack { step: 0, from }).by_telephone(),
    ];
    let resident = all[0].resident();
    let wants = [Wants::Review, Wants::Confirmation, Wants::Notice];
    Orders::new(all.iter().map(|taper| &taper.file), |_| Some(&resident), |_| &written.name, &wants, now(), |_| today())
}

/// A pharmacist, or whoever else bears this id.
pub fn staff(person: &str, name: &str) -> Staff {
    Staff { person: person.to_owned(), name: name.to_owned(), facility: "alder".to_owned() }
}

fn moment(days_ago: u32) -> DateTime<Utc> {
    now() - TimeDelta::days(days_ago.into())
}

/// A quarter milligram less, morning and evening, with every step; the last one is nothing.
fn step(reductions: u32, ordinal: u32, baseline_on: NaiveDate) -> Step {
    let each = Amount::from_ug(u64::from(reductions - ordinal) * 250);
    let medicine = plan(false).plan.medicine;
    Step {
        ordinal,
        planned_on: days_after(baseline_on, 14 * ordinal),
        least_days: (ordinal < reductions).then_some(14),
        cycle: vec![Regimen::of(&medicine, ["08:00", "20:00"].map(|at| (slot(at), each)))],
    }
}

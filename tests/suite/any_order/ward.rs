//! A ward that tries things as the acts do, keeps what the rules allow, and lays the doses out after each.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use stepdown::care::absence::{Absence, Away, BackCase, BackOn, ElsewhereAsk, LeaveAsk, LeaveCase};
use stepdown::care::calendar::{Moment, Zone, days_after, days_before};
use stepdown::care::people::{Confirmed, Staff};
use stepdown::care::refusal::Refusal;
use stepdown::care::taper::fact::{PlanAct, PlanFact, Telephone, last_rationale, written_at};
use stepdown::care::taper::level::{Course, Standing};
use stepdown::care::taper::plan::Plan;
use stepdown::care::taper::reduction::{Case, Decision, SignAsk};
use stepdown::care::taper::schedule::{DoseKey, DoseLevel, LaidDose, dose_id, doses_between, lay_out};

use super::asked::{self, shelves};
use super::changed::{Change, other_steps};
use super::laid::{as_told, nothing_lower_than_signed};
use super::model::Model;
use super::tries::Try;

/// A dose may be recorded so long before its slot, and so long after it without being late.
const EARLY: TimeDelta = TimeDelta::minutes(60);
pub const LATE: TimeDelta = TimeDelta::minutes(60);

pub struct Ward {
    pub zone: Zone,
    pub now: DateTime<Utc>,
    /// The version in force first.
    pub versions: Vec<Plan>,
    pub facts: Vec<PlanFact>,
    pub rows: BTreeMap<DoseKey, LaidDose>,
    /// What was given, as it was given.
    pub given: BTreeMap<DoseKey, DoseLevel>,
    pub absence: Option<Absence>,
    back_at: Option<DateTime<Utc>>,
    pub model: Model,
    words: usize,
}

pub fn staff(person: &str) -> Staff {
    Staff { person: person.into(), name: person.into(), facility: "alder".into() }
}

pub fn confirmed(person: &str) -> Confirmed {
    Confirmed { person: person.into() }
}

impl Ward {
    pub fn new(plan: Plan, zone: Zone) -> Ward {
        let now = zone.at(plan.baseline_on, "06:00".parse().expect("a slot"));
        let model = Model::new(&plan);
        let (facts, rows, given) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let (versions, absence, back_at, words) = (vec![plan], None, None, 0);
        let mut ward = Ward { zone, now, versions, facts, rows, given, absence, back_at, model, words };
        ward.keep(Decision::new(PlanAct::Approved { version: 1 }, String::new()), "prescriber");
        ward
    }

    pub fn plan(&self) -> &Plan {
        &self.versions[0]
    }

    pub fn course(&self) -> Course {
        Course::of(&self.versions.iter().collect::<Vec<_>>(), &self.facts)
    }

    /// The civil day of a decision made now.
    pub fn today(&self) -> NaiveDate {
        self.zone.day(written_at(&self.facts, self.now))
    }

    /// The hour of the clock on the wall.
    fn hour(&self, ago: i64) -> String {
        let local = self.zone.local(self.now - TimeDelta::hours(ago));
        let hour = local.with_minute(0).expect("every hour has a first minute");
        hour.format("%Y-%m-%dT%H:%M").to_string()
    }

    /// Something to say that was not said before.
    pub fn why(&mut self) -> String {
        self.words += 1;
        format!("Ada slept {} nights through and walks without her frame.", self.words)
    }

    /// Writes a decision down as the store does, and lays the doses out.
    fn keep(&mut self, decision: Decision, by: &str) {
        let ahead_from = self.case().ahead_from();
        self.keep_as_of(ahead_from, decision, by);
    }

    fn keep_as_of(&mut self, ahead_from: Moment, decision: Decision, by: &str) {
        let at = written_at(&self.facts, self.now);
        let seq = self.facts.len() as u32 + 1;
        let fact = PlanFact {
            id: format!("fact-{seq}"),
            seq,
            by: by.to_owned(),
            at,
            on: self.zone.day(at),
            ahead_from: Some(ahead_from),
            rationale: decision.rationale,
            telephone: decision.telephone,
            act: decision.act,
        };
        if let PlanAct::Approved { version } = fact.act {
            self.versions.sort_by_key(|plan| plan.version != version);
        }
        self.model.take(&fact);
        self.facts.push(fact);
        self.lay_out();
    }

    pub fn lay_out(&mut self) {
        let until = days_after(self.today(), 14);
        let mut wanted = doses_between(&self.course(), self.plan().baseline_on, until);
        let first = self.rows.keys().next().cloned();
        wanted.retain(|key, _| match &first {
            Some(first) => key >= first,
            None => self.zone.at(key.on, key.slot) >= self.now,
        });
        let change = lay_out(wanted, self.rows.values().cloned().collect());
        let known: BTreeMap<String, DoseKey> =
            self.rows.values().map(|row| (row.id.clone(), row.key.clone())).collect();
        let mut row = |id: &String| self.rows.get_mut(&known[id]).expect("a row that is laid out").void = true;
        change.void.iter().for_each(&mut row);
        for (id, level) in change.follow {
            let row = self.rows.get_mut(&known[&id]).expect("a row that is laid out");
            (row.level, row.void) = (level, false);
        }
        for (key, level) in change.lay {
            let row = LaidDose { id: dose_id("plan", &key), key: key.clone(), level, void: false, recorded: false };
            self.rows.insert(key, row);
        }
    }

    /// Whoever drafted or approved the version in force.
    pub fn makers(&self) -> BTreeSet<String> {
        let approved = PlanAct::Approved { version: self.plan().version };
        let approvers = self.facts.iter().filter(|fact| fact.act == approved).map(|fact| fact.by.clone());
        self.plan().authors.iter().cloned().chain(approvers).collect()
    }

    /// The numbers of the signed reductions of which a dose was recorded.
    pub fn recorded(&self) -> BTreeSet<u32> {
        let signed_as = |id: &str| self.facts.iter().find(|fact| fact.id == id).and_then(|fact| fact.act.n());
        self.given.values().filter_map(|dose| signed_as(&dose.authorised_by)).collect()
    }

    /// P1, P2 and P5: the doses are what the model says they are, and nothing is lower than what was signed.
    pub fn agrees(&self) -> Result<(), String> {
        as_told(&self.model, &self.rows, &self.given, days_after(self.today(), 14))?;
        let course = self.course();
        let standings: Vec<_> = course.reductions.iter().map(|one| (one.n, one.standing.clone())).collect();
        nothing_lower_than_signed(&self.model, &self.facts, &standings)
    }

    /// The first moment of a dose from then on, of whose slot nothing was given.
    fn open_from(&self, at: DateTime<Utc>) -> Option<Moment> {
        let begun = |of: &DoseKey| self.given.keys().any(|key| (key.on, key.slot) == (of.on, of.slot));
        let due = |row: &&LaidDose| self.zone.at(row.key.on, row.key.slot) >= at;
        let mut open = self.rows.values().filter(|row| !row.recorded && !row.void && !begun(&row.key));
        open.find(due).map(|row| Moment { on: row.key.on, slot: row.key.slot })
    }

    /// The case as the store puts it together.
    pub fn case(&self) -> Case {
        let course = self.course();
        let today = self.today();
        let recorded = |on: NaiveDate| self.given.keys().any(|key| key.on == on);
        let right_now = Moment::of(self.zone.local(self.now).with_minute(0).expect("a first minute"));
        let signed: Vec<u32> = course.stages.iter().rev().map_while(|stage| stage.n).collect();
        Case {
            plan: self.plan().clone(),
            today,
            sign_ahead_days: 7,
            first_free_day: days_after(today, 1).iter_days().find(|on| !recorded(*on)).expect("a free day"),
            next: self.open_from(self.now - LATE).unwrap_or(right_now),
            makers: self.makers(),
            last_rationale: last_rationale(&self.facts).cloned(),
            signed_by: None,
            needs_reason: false,
            evidence_moved: false,
            checks_unseen: false,
            begun: signed.into_iter().find(|n| self.recorded().contains(n)),
            course,
        }
    }

    /// What was decided, if the rules allowed it.
    pub fn attempt(&mut self, attempt: Try) {
        match attempt {
            Try::Record { all } => self.record(all),
            Try::ClockBack { hours } => self.now -= TimeDelta::hours(hours),
            Try::Leave { hours_ago } => drop(self.leave(hours_ago)),
            Try::Return { same, hours_ago } => drop(self.come_back(same, hours_ago)),
            Try::Amend(change) => drop(self.amend(change)),
            _ => {
                if let Ok((decision, by)) = self.decide(attempt) {
                    self.put_in_force(&decision);
                    self.keep(decision, by);
                }
            }
        }
    }

    /// An answer to a plan that was sent back is the same steps as a new version.
    fn put_in_force(&mut self, decision: &Decision) {
        if let PlanAct::Approved { version } = decision.act
            && self.versions.iter().all(|plan| plan.version != version)
        {
            let again = Plan { version, ..self.plan().clone() };
            self.model.know(&again);
            self.versions.push(again);
        }
    }

    fn decide(&mut self, attempt: Try) -> Result<(Decision, &'static str), Refusal> {
        let why = self.why();
        let course = self.course();
        let open = course.waiting().map_or(1, |r| r.n);
        let standing = course.reductions.iter().rev().find(|r| matches!(r.standing, Standing::Signed { .. }));
        let signed = standing.map_or(open, |r| r.n);
        let (pharmacist, yes) = (staff("pharmacist"), confirmed("pharmacist"));
        match attempt {
            Try::Sign { later, by_maker } => {
                let by = if by_maker {
                    self.makers().into_iter().next_back().unwrap_or_default()
                } else {
                    "pharmacist".into()
                };
                let effective_on = self.day_to_sign_for(later);
                let ask = SignAsk { n: open, effective_on, rationale: why, flags_reason: String::new() };
                Ok((
                    self.case().sign(&staff(&by), &confirmed(&by), &ask)?,
                    if by_maker { "a maker" } else { "pharmacist" },
                ))
            }
            Try::Hold { days } => {
                let until = days_after(self.today(), days);
                Ok((self.case().hold(&pharmacist, &yes, open, until, &why)?, "pharmacist"))
            }
            Try::SendBack => Ok((self.case().send_back(&pharmacist, &yes, open, &why)?, "pharmacist")),
            Try::Withdraw => Ok((self.case().withdraw(&pharmacist, &yes, signed, &why)?, "pharmacist")),
            Try::Pause => Ok((self.case().pause(signed, &why)?, "nurse")),
            Try::Stop | Try::DeclineStop => {
                let asked = course.stop_asked.and_then(|id| self.facts.iter().find(|fact| fact.id == id));
                let (case, asked) = (self.case(), asked.ok_or(Refusal::PlanMoved)?);
                let stop = if attempt == Try::Stop { Case::stop } else { Case::decline_stop };
                Ok((stop(&case, &pharmacist, &yes, asked, &why)?, "pharmacist"))
            }
            _ => asked::by_another(self, attempt, &why),
        }
    }

    /// A day within the days that may be signed for, or the one before or after them.
    fn day_to_sign_for(&self, later: u32) -> NaiveDate {
        let Some((earliest, latest)) = self.case().window() else { return days_after(self.today(), later) };
        let span = u32::try_from((latest - earliest).num_days()).unwrap_or(0) + 3;
        days_after(days_before(earliest, 1), later % span)
    }

    fn leave(&mut self, hours_ago: i64) -> Result<(), Refusal> {
        let taken = self.given.keys().next_back().map(|key| self.zone.at(key.on, key.slot));
        let open = self.absence.clone();
        let case = LeaveCase { zone: self.zone, open, back_at: self.back_at, last_taken_at: taken };
        let ask = LeaveAsk { kind: Some(Away::Hospital), left_at: self.hour(hours_ago), note: String::new() };
        let (kind, left_at, note) = case.leave(&ask, self.now)?;
        let id = format!("absence-{}", self.facts.len());
        let (facility, resident, by) = ("alder".to_owned(), "resident".to_owned(), "nurse".to_owned());
        self.absence = Some(Absence { id: id.clone(), facility, resident, kind, left_at, note, by, at: self.now });
        let from = Moment::of(self.zone.local(left_at));
        if !self.course().ended {
            let mut case = self.case();
            case.next = self.open_from(left_at).unwrap_or(from);
            let left = Decision::new(PlanAct::Left { absence: id, from }, String::new());
            self.keep_as_of(case.ahead_from(), left, "nurse");
        }
        Ok(())
    }

    fn undecided(&self) -> bool {
        self.course().undecided()
    }

    fn come_back(&mut self, same: bool, hours_ago: i64) -> Result<(), Refusal> {
        let taken = self.given.keys().next_back().map(|key| ("plan".to_owned(), self.zone.at(key.on, key.slot)));
        let case = BackCase {
            zone: self.zone,
            away_days: 3,
            absence: self.absence.clone(),
            last_taken_at: taken.into_iter().collect(),
            undecided: self.undecided().then(|| "plan".to_owned()).into_iter().collect(),
        };
        let back_on = if same { BackOn::Same } else { BackOn::NotKnown };
        let (last_at, last_amount, letter) = (String::new(), String::new(), String::new());
        let ask = ElsewhereAsk { plan: "plan".into(), last_at, last_amount, back_on: Some(back_on), letter };
        let (back_at, elsewhere, _) = case.back(&self.hour(hours_ago), &[ask], "", self.now)?;
        self.back_at = Some(back_at);
        let absence = self.absence.take().map(|absence| absence.id).unwrap_or_default();
        let (from, settled) = (Moment::of(self.zone.local(back_at)), elsewhere[0].settled);
        if !self.course().ended {
            self.keep(Decision::new(PlanAct::CameBack { absence, from, settled }, String::new()), "nurse");
        }
        Ok(())
    }

    fn amend(&mut self, change: Change) -> Result<(), Refusal> {
        let (why, case) = (self.why(), self.case());
        let version = self.versions.iter().map(|plan| plan.version).max().unwrap_or(0) + 1;
        let plan = other_steps(&case, change, version);
        let decisions = self.facts.len() as u32;
        let ask = stepdown::care::taper::amendment::Amendment { plan: &plan, decisions_seen: decisions, why: &why };
        let decision = case.amend(&ask, decisions, &shelves())?;
        self.model.know(&plan);
        self.versions.push(plan);
        self.keep(decision, "second");
        Ok(())
    }

    /// A nurse records what may be recorded now.
    fn record(&mut self, all: bool) {
        let withheld = self.course().withhold();
        let due = |row: &&LaidDose| {
            let at = self.zone.at(row.key.on, row.key.slot);
            !row.recorded && !row.void && !row.level.undecided && !withheld && at <= self.now + EARLY
        };
        let due: Vec<LaidDose> = self.rows.values().filter(due).cloned().collect();
        let count = if all { due.len() } else { 1 };
        for row in due.into_iter().rev().take(count) {
            self.rows.get_mut(&row.key).expect("a row that is laid out").recorded = true;
            self.given.insert(row.key, row.level);
        }
    }

    pub fn telephone(&self, by_telephone: bool) -> Option<Telephone> {
        let call = Telephone { prescriber: "prescriber".into(), called_at: self.now, heard_by: "other".into() };
        by_telephone.then_some(call)
    }
}

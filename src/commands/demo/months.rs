//! Months in Alder House: plans approved, reductions signed, doses recorded, all by the acts that people use.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::baselines::baseline;
use super::cast::{HOLD_RATIONALE, RATIONALES};
use super::chance::Chance;
use super::crossing::conversion;
use super::house::{FACILITY, facility, resident_id};
use super::residents::{Inhabitant, RESIDENTS, Taper, Today};
use crate::acts::ActError;
use crate::acts::approve_plan::{ApprovePlan, approve_plan};
use crate::acts::draft_plan::{DraftPlan, draft_plan};
use crate::acts::hold_reduction::{HoldReduction, hold_reduction};
use crate::acts::lay_out_doses::lay_out_doses;
use crate::acts::record_assessment::{RecordAssessment, record_assessment};
use crate::acts::record_dose::{RecordDose, record_dose};
use crate::acts::sign_reduction::{SignReduction, sign_reduction};
use crate::care::amount::Amount;
use crate::care::calendar::{Slot, days_after, days_before};
use crate::care::catalogue::Catalogue;
use crate::care::facility::Facility;
use crate::care::people::{Confirmed, Nurse, Pharmacist, Prescriber, Staff};
use crate::care::register::source::StockAsk;
use crate::care::round::administration::RecordAsk;
use crate::care::round::assessment_due::Standing;
use crate::care::round::identity::IdentityAsk;
use crate::care::round::outcome::Outcome;
use crate::care::scale::score::Answers;
use crate::care::scale::{Item, Scale};
use crate::care::taper::cross::{self, CrossAsk};
use crate::care::taper::plan::{Medicine, Plan};
use crate::care::taper::protocol::draft::Ask;
use crate::care::taper::reduction::SignAsk;
use crate::store::assessments::dues_load;
use crate::store::doses::{self, DoseFile};
use crate::store::plans::{self, PlanState};
use crate::store::{Conn, cases, facilities};

/// Everything the months are made from; each day follows from it and from what lies in the database.
#[derive(Clone)]
pub struct Months {
    pub chance: Chance,
    pub facility: Facility,
    pub staff: BTreeMap<&'static str, Staff>,
    /// When the house was furnished.
    pub began: DateTime<Utc>,
    /// The moment at which the demo stands.
    pub now: DateTime<Utc>,
}

impl Months {
    pub fn new(
        chance: Chance,
        staff: BTreeMap<&'static str, Staff>,
        began: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Months {
        Months { chance, facility: facility(), staff, began, now }
    }

    pub fn today(&self) -> NaiveDate {
        self.facility.zone.day(self.now)
    }

    /// One day, from the first plan approved to the last dose recorded, or to now.
    pub fn live(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        let dawn = self.at(on, "05:30");
        for plan in plans::plan_ids(conn, &[FACILITY.to_owned()], PlanState::Running)? {
            lay_out_doses(conn, &plan, dawn)?;
        }
        for (who, taper) in tapers().filter(|(_, taper)| self.began_on(taper) == on) {
            self.plan(conn, who, taper, self.at(on, "06:00"))?;
        }
        self.deliver(conn, on)?;
        self.count(conn, on)?;
        let morning = doses::doses_due_between(conn, FACILITY, self.at(on, "00:00"), self.at(on, "10:30"))?;
        self.as_needed(conn, on, ("00:00", "07:30"))?;
        self.record_all(conn, &morning)?;
        self.correct(conn, on, &morning)?;
        self.release(conn, on)?;
        self.score_all(conn, self.at(on, "10:40"))?;
        self.decide_all(conn, self.at(on, "11:00"))?;
        self.decide_otherwise(conn, on)?;
        self.answer_alerts(conn, on)?;
        let rest = doses::doses_due_between(conn, FACILITY, self.at(on, "10:31"), self.at(on, "23:59"))?;
        self.record_all(conn, &rest)?;
        self.as_needed(conn, on, ("07:31", "23:59"))?;
        self.leave(conn, on)?;
        self.severe_sign(conn, on)
    }

    pub fn at(&self, on: NaiveDate, slot: &str) -> DateTime<Utc> {
        let slot: Slot = slot.parse().expect("a clock time of the demo");
        self.facility.zone.at(on, slot)
    }

    /// On the clock of the house.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        self.facility.zone.local(at)
    }

    pub fn by(&self, username: &str) -> Staff {
        self.staff.get(username).cloned().expect("a member of the demo’s staff")
    }

    fn began_on(&self, taper: &Taper) -> NaiveDate {
        days_before(self.today(), taper.began_days_ago)
    }

    pub fn resident_id(&self, who: &Inhabitant) -> String {
        resident_id(self.chance, who, self.began)
    }

    pub fn plan_id(&self, who: &Inhabitant) -> String {
        self.chance.id(self.began, &format!("plan {}", who.number))
    }

    /// A prescriber drafts a plan, and approves it where the cast says so.
    fn plan(&self, conn: &mut Conn, who: &Inhabitant, taper: &Taper, at: DateTime<Utc>) -> Result<(), ActError> {
        if at > self.now {
            return Ok(());
        }
        let doctor = Prescriber(self.by("h.marsh"));
        let plan = self.drafted(conn, who, taper)?;
        let id = plan.id.clone();
        let form = self.chance.id(at, &format!("draft {id}"));
        draft_plan(conn, &doctor, &DraftPlan { form, plan, revision: None }, at)?;
        if taper.today == Today::Draft {
            return Ok(());
        }
        let form = self.chance.id(at, &format!("approval {id}"));
        let confirmed = Confirmed { person: doctor.0.person.clone() };
        approve_plan(conn, &doctor, &confirmed, &ApprovePlan { form, plan: id, revision: 0 }, at)?;
        Ok(())
    }

    fn drafted(&self, conn: &mut Conn, who: &Inhabitant, taper: &Taper) -> Result<Plan, ActError> {
        let medicine = Medicine(taper.medicine.to_owned());
        let shelves = facilities::shelves_load(conn, FACILITY)?;
        let mut today = BTreeMap::new();
        for (slot, amount) in taper.doses {
            today.insert(slot.parse()?, Amount::parse(amount)?);
        }
        let chosen = taper.settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let baseline_on = self.began_on(taper);
        let first_reduction_on = days_after(baseline_on, taper.first_after_days);
        let conversion = conversion(who, &medicine, today.iter().map(|(slot, amount)| (*slot, *amount)))?;
        let ask = Ask {
            medicine: &medicine,
            today,
            chosen: &chosen,
            first_reduction_on,
            shelf: shelves.of(&medicine),
            goal: Amount::ZERO,
            typed: &[],
            free_nights: 0,
        };
        let protocol = Catalogue::ours().protocol(taper.protocol)?;
        let draft = match &conversion {
            Some(conversion) => cross::draft(protocol, &CrossAsk::new(conversion, ask, &shelves))?,
            None => protocol.draft(&ask)?,
        };
        Ok(Plan {
            id: self.plan_id(who),
            facility: FACILITY.to_owned(),
            resident: self.resident_id(who),
            version: 1,
            indication: taper.indication.to_owned(),
            reason: taper.reason.to_owned(),
            protocol: taper.protocol.to_owned(),
            steps: draft.all_steps(baseline_on, first_reduction_on),
            settings: draft.settings,
            conversion,
            baseline_on,
            first_reduction_on,
            goal: Amount::ZERO,
            authors: Default::default(),
            baseline: Some(baseline(taper, baseline_on)),
            late: None,
            medicine,
        })
    }

    /// Whoever is due is scored, but for some: nobody is perfect, and somebody has to be due when the demo opens.
    fn score_all(&self, conn: &mut Conn, at: DateTime<Utc>) -> Result<(), ActError> {
        if at > self.now {
            return Ok(());
        }
        let nurse = Nurse(self.by("a.diallo"));
        for here in dues_load(conn, &self.facility, at)? {
            let lot = self.chance.below(12, &format!("score {} {at}", here.resident)) as i32;
            if here.due.standing == Standing::Next || lot == 0 {
                continue;
            }
            let ask = RecordAssessment {
                form: self.chance.id(at, &format!("assessment {}", here.resident)),
                resident: here.resident.clone(),
                answers: self.answers(&here.resident, lot),
                incomplete_reason: String::new(),
                pulse: u32::try_from(66 + 2 * lot).ok(),
                pressure: None,
                note: String::new(),
                assessed_at: String::new(),
            };
            record_assessment(conn, &nurse, &Scale::ours()[0], &ask, at)?;
        }
        Ok(())
    }

    /// Everybody has troubles of their own, and a few more on some days.
    fn answers(&self, resident: &str, lot: i32) -> Answers {
        let answer = |(nth, (_, item)): (usize, (_, &Item))| {
            let own = self.chance.below(9, &format!("{resident} {}", item.id)) as i32;
            let today = i32::from((nth as i32 + lot) % 6 == 0);
            (item.id.clone(), (own - 6).clamp(0, 2) + today)
        };
        Scale::ours()[0].scored().enumerate().map(answer).collect()
    }

    fn decide_all(&self, conn: &mut Conn, at: DateTime<Utc>) -> Result<(), ActError> {
        if at > self.now {
            return Ok(());
        }
        for (who, taper) in tapers().filter(|(_, taper)| taper.today != Today::Draft) {
            if self.began_on(taper) < self.facility.zone.day(at) {
                self.decide(conn, who, taper, at)?;
            }
        }
        Ok(())
    }

    /// The pharmacist signs what comes due in three days, but for what the cast leaves waiting or on hold.
    fn decide(&self, conn: &mut Conn, who: &Inhabitant, taper: &Taper, at: DateTime<Utc>) -> Result<(), ActError> {
        let pharmacist = Pharmacist(self.by("p.venkatesan"));
        let plan = self.plan_id(who);
        let today = self.facility.zone.day(at);
        let waiting = plans::plan_load(conn, &plan)?.course().waiting().map(|open| open.n);
        let Some(n) = waiting else { return Ok(()) };
        let found = cases::case_load(conn, &pharmacist.0, &plan, n, at)?;
        let (Some(due), Some((earliest, _))) = (found.case.course.due_on(), found.case.window()) else {
            return Ok(());
        };
        if found.case.nothing_bars().is_err() {
            return Ok(());
        }
        let form = self.chance.id(at, &format!("decision {plan} {n} {today}"));
        let confirmed = Confirmed { person: pharmacist.0.person.clone() };
        let held = found.case.course.held_until.is_some();
        let lately = due >= days_before(self.today(), 6);
        match taper.today {
            Today::Held if held => {}
            Today::Held if days_after(today, 4) >= self.today() => {
                let rationale = HOLD_RATIONALE.to_owned();
                let reassess_on = days_after(self.today(), 10);
                let ask = HoldReduction { form, plan, n, reassess_on, rationale, decisions_seen: None };
                hold_reduction(conn, &pharmacist, &confirmed, &ask, at)?;
            }
            Today::Held | Today::Waits if lately => {}
            _ if days_after(today, 3) >= due && found.case.course.ahead_of(today).is_none() => {
                let rationale = RATIONALES[found.file.facts.len() % RATIONALES.len()].to_owned();
                let flags_reason =
                    "The smallest cut that the shelf allows, and the last one was borne well.".to_owned();
                let sign = SignAsk { n, effective_on: earliest, rationale, flags_reason };
                sign_reduction(conn, &pharmacist, &confirmed, &SignReduction { form, plan, sign, seen: None }, at)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn record_all(&self, conn: &mut Conn, due: &[DoseFile]) -> Result<(), ActError> {
        let open = due.iter().filter(|dose| !dose.recorded && !dose.level.amount.is_zero());
        let mut events: Vec<(DateTime<Utc>, &DoseFile, Fate)> =
            open.filter_map(|dose| self.fate(dose).map(|(at, fate)| (at, dose, fate))).collect();
        events.sort_by_key(|(at, dose, _)| (*at, dose.id.clone()));
        for (at, dose, fate) in events {
            self.record(conn, dose, at, fate)?;
        }
        Ok(())
    }

    /// What becomes of a dose, and when it is recorded; None where nobody records it, or has not yet.
    fn fate(&self, dose: &DoseFile) -> Option<(DateTime<Utc>, Fate)> {
        let lot = self.chance.below(1000, &format!("fate {}", dose.id));
        let minutes = self.chance.below(26, &format!("minutes {}", dose.id)) as i64 - 6;
        let at = |minutes: i64| dose.due_at + TimeDelta::minutes(minutes) + TimeDelta::seconds(lot as i64 % 60);
        let (at, fate) = match lot {
            // Nobody recorded it, and nobody has looked into it yet.
            0..9 if dose.key.on >= days_before(self.today(), 2) => return None,
            3..20 => (at(minutes), Fate(Outcome::Refused, "R1", "")),
            20..28 => (at(minutes), Fate(Outcome::Withheld, "W1", "Hard to rouse at the round; alert by ten.")),
            28..33 => (at(minutes), Fate(Outcome::Absent, "A2", "")),
            33..36 => (at(minutes), Fate(Outcome::NotAvailable, "N2", "Pharmacy telephoned.")),
            36..56 => (at(72 + minutes), Fate(Outcome::Given, "L2", "")),
            _ => (at(minutes), Fate(Outcome::Given, "", "")),
        };
        let this_morning = dose.key.on == self.today() && lot % 5 < 3;
        (at < self.now && !this_morning).then_some((at, fate))
    }

    fn record(&self, conn: &mut Conn, dose: &DoseFile, at: DateTime<Utc>, fate: Fate) -> Result<(), ActError> {
        let Fate(outcome, reason, note) = fate;
        let early = dose.key.slot < "14:00".parse()?;
        let willow = self.chance.below(2, &dose.resident) == 0;
        let nurse = match (early, willow) {
            (true, true) => "a.diallo",
            (true, false) => "l.hoek",
            (false, true) => "t.fielding",
            (false, false) => "s.reyes",
        };
        let record = RecordAsk {
            shown: dose.level.amount,
            revision: doses::dose_load(conn, &dose.id)?.revision,
            outcome: Some(outcome),
            part: String::new(),
            reason: reason.to_owned(),
            note: note.to_owned(),
            given_at: String::new(),
            sedation: String::new(),
        };
        let form = self.chance.id(at, &format!("record {}", dose.id));
        let ask = RecordDose {
            form,
            dose: dose.id.clone(),
            record,
            stock: StockAsk::default(),
            identity: IdentityAsk::default(),
            witness: None,
            word: Default::default(),
        };
        record_dose(conn, &Nurse(self.by(nurse)), &ask, at)?;
        Ok(())
    }
}

/// What happened to a dose, why, and a note.
struct Fate(Outcome, &'static str, &'static str);

fn tapers() -> impl Iterator<Item = (&'static Inhabitant, &'static Taper)> {
    RESIDENTS.iter().filter_map(|who| who.taper.as_ref().map(|taper| (who, taper)))
}

/// The day on which the first plan of the cast began, before `today`.
pub fn first_day(today: NaiveDate) -> NaiveDate {
    let longest = tapers().map(|(_, taper)| taper.began_days_ago).max().unwrap_or(0);
    days_before(today, longest)
}

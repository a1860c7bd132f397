//! The facility while its story is told: one clock, one database, the pages that lie open, and what is known to be true.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use stepdown::acts::ActError;
use stepdown::care::round::identity::asked::Identify;
use stepdown::clock::Clock;
use stepdown::store::doses::{doses_of_plan_from, laid};
use stepdown::store::history::{Fact, FactsAsk, fact_exists, facts_page};
use stepdown::store::plans::{PlanState, plan_ids_of_resident, plans_load};
use stepdown::store::{Conn, Db, StoreError};

use crate::chance::Chance;
use crate::copies::Copied;
use crate::founding::{self, Founded};
use crate::ground::Ground;
use crate::handful::HANDFUL;
use crate::known::Known;
use crate::page::{Claim, Page};
use crate::planted::Planted;
use crate::promises::Kept;
use crate::report::Report;
use crate::tale::Breadth;
use crate::troubles::{Trouble, Troubles};

/// What becomes of the program while it answers a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Lives,
    /// It dies when the act has run and nothing is saved yet.
    DiesBefore,
    /// It dies when the act is saved and nobody was told.
    DiesAfter,
}

pub struct World {
    pub chance: Chance,
    pub troubles: Troubles,
    pub breadth: Breadth,
    pub clock: Clock,
    pub house: Founded,
    pub known: Known,
    pub kept: Kept,
    pub report: Report,
    /// Pages that lie open, and when they are sent.
    pub open: Vec<(DateTime<Utc>, Page)>,
    /// What was done, in words.
    pub trail: Vec<String>,
    /// The first promise that was broken.
    pub broken: Option<String>,
    pub words: usize,
    /// A bug put in on purpose.
    pub planted: Option<Planted>,
    /// The last copy that somebody made.
    pub copied: Option<Copied>,
    /// The bell has rung since it was made.
    pub rang: bool,
    /// A copy was put back, and nobody has said that letters go out again.
    pub waits: bool,
    pub last_n: i64,
    db: Option<Db>,
    url: String,
    // Dropped last: the connections are closed by then.
    pub ground: Ground,
}

impl World {
    pub fn new(seed: u64, planted: Option<Planted>, breadth: Breadth) -> World {
        let mut chance = Chance::new(seed);
        let drawn = Troubles::drawn(&mut chance);
        // Where a bug was put in on purpose everything happens, so that it is met soon.
        let troubles = if planted.is_some() { Troubles(Trouble::ALL.to_vec()) } else { drawn };
        let (mut facility, began_at) = founding::drawn(&mut chance);
        if breadth.rounds {
            // A scan is held against everybody who lives in the house, which takes long in a large one.
            facility.identify = Identify::Nothing;
        }
        let clock = Clock::fixed(began_at);
        let ground = Ground::found();
        let url = ground.url();
        let db = Db::open(&url, clock.clone()).expect("a new database");
        db.migrate().expect("an empty database takes the tables");
        let residents = breadth.residents + chance.below(breadth.residents_more);
        let house = db.write(move |conn, now| founding::found(conn, &facility, residents, now)).expect("a house");
        let mut known = Known::default();
        house.staff.iter().for_each(|(person, role)| known.hired(person, *role));
        let mut world = World {
            chance,
            troubles,
            breadth,
            clock,
            house,
            known,
            kept: Kept::default(),
            report: Report { stories: 1, ..Report::default() },
            open: Vec::new(),
            trail: Vec::new(),
            broken: None,
            words: 0,
            planted,
            copied: None,
            rang: false,
            waits: false,
            db: Some(db),
            url,
            last_n: 0,
            ground,
        };
        world.last_n = world.facts_since(0).last().map_or(0, |fact| fact.n);
        world
    }

    pub fn db(&self) -> &Db {
        self.db.as_ref().expect("the house is open between two deaths")
    }

    /// Reading what is there never fails.
    pub fn read<T>(&self, look: impl FnOnce(&mut Conn) -> Result<T, StoreError>) -> T {
        self.db().read(look).unwrap_or_else(|why| panic!("a page cannot be read: {why}\n{:#?}", self.trail.last()))
    }

    pub fn today(&self) -> NaiveDate {
        self.house.facility.zone.day(self.clock.now())
    }

    /// So long ago, as the facility's clock on the wall shows it.
    pub fn on_the_clock(&self, ago: TimeDelta) -> String {
        self.house.facility.zone.local(self.clock.now() - ago).format("%Y-%m-%dT%H:%M").to_string()
    }

    /// The first promise that breaks ends the story.
    pub fn must(&mut self, held: Result<(), String>) {
        if let Err(why) = held {
            self.broken.get_or_insert(why);
        }
    }

    /// The program dies, and is started again.
    pub fn reopen(&mut self) {
        self.report.deaths += 1;
        self.closed(|| {});
    }

    /// What is done while the program does not run.
    pub fn closed(&mut self, done: impl FnOnce()) {
        self.db = None;
        self.ground.wait_until_free();
        done();
        self.db = Some(Db::open(&self.url, self.clock.clone()).expect("what was closed is opened again"));
    }

    pub fn post(&mut self, page: &Page) {
        self.post_and(page, Fate::Lives);
    }

    /// Sends a page, and holds the answer against what is known.
    pub fn post_and(&mut self, page: &Page, fate: Fate) {
        let now = self.clock.now();
        let (sent, bug) = (page.sent(), self.planted.filter(|bug| bug.act == Some(page.act)));
        let sent = move |conn: &mut Conn, now| sent(conn, now).map(|()| bug.iter().for_each(|bug| bug.strike(conn)));
        let answer: Result<(), ActError> = match fate {
            Fate::DiesBefore => return self.dies_before(sent, || format!("{page:?}")),
            _ => self.db().write(sent),
        };
        if fate == Fate::DiesAfter {
            self.reopen();
        }
        self.told(page, &answer, now);
        let new = self.facts_since(self.last_n);
        let judged = self.judge(page, answer, new, now);
        self.must(judged);
    }

    /// The program dies when an act has run, and before it is saved: nothing is left of it.
    pub fn dies_before<T: Send + 'static>(
        &mut self,
        act: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, ActError> + Send + 'static,
        what: impl FnOnce() -> String,
    ) {
        let died = || ActError::Store(StoreError::Broke("the program died".to_owned()));
        let _nobody = self.db().write(move |conn, now| act(conn, now).and_then(|_| Err::<(), _>(died())));
        self.reopen();
        let found = self.facts_since(self.last_n);
        let torn = (!found.is_empty()).then(|| format!("P15: {} was not saved, and left {found:?}", what()));
        self.must(torn.map_or(Ok(()), Err));
    }

    /// What was done goes into the trail.
    pub fn told(&mut self, page: &Page, answer: &Result<(), ActError>, now: DateTime<Utc>) {
        let answer = answer.as_ref().map_or_else(ToString::to_string, |()| "saved".into());
        self.trail.push(format!("{now} {page:?} -> {answer}"));
    }

    /// Whether an answer, and the facts that the page wrote, may be.
    pub fn judge(
        &mut self,
        page: &Page,
        answer: Result<(), ActError>,
        new: Vec<Fact>,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let repeated = self.known.saved.contains_key(&page.form);
        match answer {
            Ok(()) if repeated && new.is_empty() => self.report.repeated += 1,
            Ok(()) if repeated => return Err(format!("P6: {page:?} was sent again, and wrote {new:?}")),
            Ok(()) if new.is_empty() && SAID_BEFORE.contains(&page.act) => {}
            Ok(()) if new.is_empty() => {
                return Err(format!("P15: {page:?} was answered saved, and is not in the history"));
            }
            Ok(()) => {
                self.last_n = new.last().map_or(self.last_n, |fact| fact.n);
                *self.report.saved.entry(page.act).or_default() += 1;
                if let Claim::Recorded { outcome, .. } = page.claim {
                    *self.report.outcomes.entry(outcome.word()).or_default() += 1;
                }
                match page.claim {
                    Claim::Admitted => self.house.residents.push(page.form.clone()),
                    Claim::LettersGo => self.waits = false,
                    _ => {}
                }
                self.known.take(page, now)?;
                self.follow(page)?;
                self.kept.after(self, page)?;
            }
            Err(_) if !new.is_empty() => return Err(format!("{page:?} was refused, and wrote {new:?}")),
            Err(ActError::Refused(refusal)) => self.report.refusal(&refusal),
            Err(ActError::Store(StoreError::Missing | StoreError::Moved)) => {}
            Err(other) => return Err(format!("{page:?} failed: {other:?}")),
        }
        Ok(())
    }

    /// The plans of whom the page was about, as they are now.
    fn follow(&mut self, page: &Page) -> Result<(), String> {
        match &page.resident {
            // Of a whole round the plans are followed when all promises are asked for.
            Some(_) if self.breadth.rounds && EVERY_DAY.contains(&page.act) => Ok(()),
            Some(resident) => self.follow_plans_of(&resident.clone()),
            None => Ok(()),
        }
    }

    pub fn follow_plans_of(&mut self, resident: &str) -> Result<(), String> {
        let files = self.read(|conn| {
            let ids = plan_ids_of_resident(conn, resident)?;
            plans_load(conn, &ids)
        });
        for file in files.iter().filter(|file| file.state != PlanState::Draft) {
            let versions: Vec<_> = std::iter::once(&file.plan).chain(&file.others).collect();
            self.known.follow(&versions, &file.facts)?;
            let from = versions.iter().map(|plan| plan.baseline_on).min().unwrap_or(file.plan.baseline_on);
            let rows = self.read(|conn| doses_of_plan_from(conn, &file.plan.id, from));
            let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.key.clone(), laid(row))).collect();
            let known = self.known.plans.get_mut(&file.plan.id).expect("it was followed");
            known.laid(&rows, file.laid_until.unwrap_or(from), !self.breadth.rounds)?;
            known.nothing_lower(&file.course())?;
        }
        Ok(())
    }

    /// What was written into the history after a number, in order.
    pub fn facts_since(&self, n: i64) -> Vec<Fact> {
        let facility = self.house.facility.id.clone();
        let newest = |limit| {
            let ask = FactsAsk { facility: facility.clone(), limit, ..FactsAsk::default() };
            self.read(|conn| facts_page(conn, &ask))
        };
        // An act writes few of them, and a handful of doses one each.
        let few = newest(HANDFUL as i64 + 1);
        let mut facts = if few.last().is_some_and(|fact| fact.n > n) { newest(400) } else { few };
        facts.retain(|fact| fact.n > n);
        facts.reverse();
        facts
    }

    /// P15: what was answered "saved" is there.
    pub fn everything_saved_is_there(&self) -> Result<(), String> {
        let lost = self.known.saved.keys().find(|form| !self.read(|conn| fact_exists(conn, form)));
        lost.map_or(Ok(()), |form| Err(format!("P15: {form} was answered saved, and is lost")))
    }
}

/// What everybody in a large house does all day, and what moves no level.
const EVERY_DAY: [&str; 2] = ["record_dose", "acknowledge_alert"];

/// What somebody has said need not be said again: the second time writes nothing.
const SAID_BEFORE: [&str; 3] = ["acknowledge_sign", "let_out_nurse", "send_letters"];

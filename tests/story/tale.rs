//! One story from beginning to end: the clock goes on, people do what they set out to do, and things go wrong.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use diesel::{QueryDsl, RunQueryDsl};
use stepdown::care::calendar::days_after;
use stepdown::on_either;
use stepdown::store::schema::history;
use stepdown::store::{Conn, StoreError};

use crate::deeds::{DEEDS, bedside, cupboard, incidents, plans};
use crate::handful::HANDFUL;
use crate::page::Page;
use crate::planted::Planted;
use crate::rebuilt;
use crate::report::{Report, Told};
use crate::troubles::Trouble;
use crate::world::{Fate, World};

/// How many people a story is about, and how long it is.
#[derive(Debug, Clone, Copy)]
pub struct Breadth {
    /// Residents on the first day: so many, and below so many more.
    pub residents: usize,
    pub residents_more: usize,
    /// About four hours each, and three where rounds are walked.
    pub steps: usize,
    /// Nurses record whole rounds, and not one dose here and there.
    pub rounds: bool,
    /// The bell lays out doses, and rings for letters, after so many steps.
    pub laid_out_every: usize,
    pub rung_every: usize,
    /// So many letters are sent at one ring.
    pub letters: i64,
    /// All promises are asked for after so many steps.
    pub asked_every: usize,
}

/// A few residents, to whom everything happens.
pub const SMALL: Breadth = Breadth {
    residents: 2,
    residents_more: 4,
    steps: 420,
    rounds: false,
    laid_out_every: 1,
    rung_every: 3,
    letters: 6,
    asked_every: 25,
};

/// A whole house over most of a year: many more doses for each thing that goes wrong.
pub const LARGE: Breadth = Breadth {
    residents: 240,
    residents_more: 120,
    steps: 1_500,
    rounds: true,
    laid_out_every: 16,
    rung_every: 16,
    letters: 60,
    asked_every: 300,
};

/// From this step on a bug strikes: there is something to strike at.
const PLANTED_FROM: usize = 40;

/// What was broken, and after how many steps.
struct Broken {
    steps: usize,
    why: String,
}

/// Tells the story of a seed, with a bug or without. Where a promise is broken it is told again, and all promises are
/// asked for after every step since they were last known to hold: so its shortest beginning is found that shows it.
pub fn told(seed: u64, planted: Option<Planted>, breadth: Breadth) -> Result<Report, String> {
    let first = match told_once(seed, planted, breadth, breadth.steps) {
        Ok(report) => return Ok(report),
        Err(broken) => broken,
    };
    let closely_from = first.steps.saturating_sub(breadth.asked_every);
    let again = if planted.is_none() { told_once(seed, planted, breadth, closely_from).err() } else { None };
    Err(again.unwrap_or(first).why)
}

/// What was broken comes with the steps that led to it. From one step on all promises are asked for after each.
fn told_once(seed: u64, planted: Option<Planted>, breadth: Breadth, closely_from: usize) -> Result<Report, Broken> {
    let began = Instant::now();
    let mut world = World::new(seed, planted, breadth);
    for step in 0..breadth.steps {
        world.step(step);
        if step >= closely_from || (step + 1).is_multiple_of(breadth.asked_every) {
            world.promises_hold();
        }
        if planted.is_some() && step >= PLANTED_FROM {
            world.planted_between();
        }
        if let Some(broken) = &world.broken {
            let shown: Vec<&String> = world.trail.iter().rev().take(40).rev().collect();
            let why = format!("{broken}\nat step {step} of seed {seed}, troubles {:?}:\n{shown:#?}", world.troubles);
            return Err(Broken { steps: step + 1, why });
        }
    }
    world.promises_hold();
    let saved = world.everything_saved_is_there();
    world.must(saved);
    let rebuilt = world.read(rebuilt::compare);
    world.must(rebuilt);
    world.chain_stands();
    match world.broken.take() {
        Some(broken) => Err(Broken { steps: breadth.steps, why: format!("{broken}\nat the end of seed {seed}") }),
        None => Ok(world.reported(began.elapsed())),
    }
}

/// What the bell does, and the history does not tell.
const AT_A_RING: [&str; 4] = ["lay_out_doses", "mark_alerts", "ring_bell", "want_letters"];
const WITH_A_LETTER: [&str; 2] = ["claim_letters", "note_letters"];

/// The kinds of facts in the history.
fn kinds(conn: &mut Conn) -> Result<BTreeSet<String>, StoreError> {
    let kinds = history::table.select(history::kind).distinct();
    Ok(on_either!(conn, |c| kinds.load::<String>(c))?.into_iter().collect())
}

impl World {
    fn step(&mut self, step: usize) {
        self.report.steps += 1;
        self.time_goes_on();
        self.copies();
        let due: Vec<Page> = self.pages_to_send();
        due.iter().for_each(|page| self.post(page));
        if step.is_multiple_of(self.breadth.laid_out_every) {
            self.lay_out();
        }
        let rings = step.is_multiple_of(self.breadth.rung_every);
        if rings {
            self.ring();
        }
        if self.breadth.rounds {
            self.everyday_work(rings);
        }
        for _ in 0..1 + self.chance.below(8) {
            if self.broken.is_none() {
                self.somebody_acts();
            }
        }
    }

    /// Who takes nothing yet begins; what is short is delivered; the round is walked; and somebody looks at what the bell
    /// has rung for.
    fn everyday_work(&mut self, rung: bool) {
        let mut pages = Vec::new();
        for _ in 0..self.house.residents.len().div_ceil(24) {
            pages.extend([plans::begins, cupboard::receives].map(|deed| deed(self)).into_iter().flatten());
        }
        if rung {
            pages.extend(incidents::acknowledges_alerts(self));
        }
        for page in pages {
            if self.broken.is_none() {
                self.post(&page);
            }
        }
        for handful in bedside::walks(self).chunks(HANDFUL) {
            if self.broken.is_none() {
                let fate = self.fate();
                self.post_together(handful, fate);
            }
        }
    }

    /// Some hours; or, of a large house, mostly until its next round; or the machine's clock jumps.
    fn time_goes_on(&mut self) {
        let jumps = self.troubles.on(Trouble::ClockJumps) && self.chance.percent(2);
        let on = match jumps {
            true => *self.chance.pick(&[TimeDelta::hours(-1), TimeDelta::hours(-26), TimeDelta::days(1)]),
            false if self.breadth.rounds && self.chance.percent(85) => self.until_the_next_round(),
            false => self.chance.minutes(20, 460),
        };
        self.clock.set(self.clock.now() + on);
    }

    /// Until shortly after the next time at which doses are due in a large house.
    fn until_the_next_round(&mut self) -> TimeDelta {
        let (zone, now, today) = (self.house.facility.zone, self.clock.now(), self.today());
        let of_day = |day| plans::ROUNDS.concat().into_iter().map(move |slot| zone.at(day, plans::slot(slot)));
        let soon = [today, days_after(today, 1)].into_iter().flat_map(of_day).filter(|at| *at > now);
        soon.min().expect("tomorrow has rounds") - now + self.chance.minutes(1, 40)
    }

    /// Pages that lay open long enough.
    fn pages_to_send(&mut self) -> Vec<Page> {
        let now = self.clock.now();
        let (due, open) = std::mem::take(&mut self.open).into_iter().partition(|(at, _)| *at <= now);
        self.open = open;
        let due: Vec<_> = due;
        due.into_iter().map(|(_, page)| page).collect()
    }

    fn somebody_acts(&mut self) {
        let troubles = self.troubles.clone();
        let deeds: Vec<_> = DEEDS
            .iter()
            .filter(|(_, _, only)| only.is_none_or(|trouble| troubles.on(trouble)))
            .map(|(weight, deed, _)| (*weight, *deed))
            .collect();
        let deed = *self.chance.weighed(&deeds);
        let Some(page) = deed(self) else { return };
        if troubles.on(Trouble::StalePages) && self.chance.percent(12) {
            let at = self.clock.now() + self.chance.minutes(10, 4_000);
            return self.open.push((at, page));
        }
        let rival = (troubles.on(Trouble::Rivals) && self.chance.percent(10)).then(|| deed(self)).flatten();
        let fate = self.fate();
        self.post_and(&page, fate);
        if let Some(rival) = rival {
            self.post(&rival);
        }
        if fate != Fate::Lives || (troubles.on(Trouble::DoublePosts) && self.chance.percent(12)) {
            self.post(&page);
        }
    }

    fn fate(&mut self) -> Fate {
        if !self.troubles.on(Trouble::Deaths) {
            return Fate::Lives;
        }
        *self.chance.weighed(&[(96, Fate::Lives), (2, Fate::DiesBefore), (2, Fate::DiesAfter)])
    }

    /// What was told, and under which troubles.
    fn reported(self, took: Duration) -> Report {
        let slots = self.slots();
        let told = Told { stories: 1, steps: self.report.steps, slots };
        let mut done = self.read(kinds);
        done.extend(AT_A_RING.map(str::to_owned));
        if !self.report.letters.is_empty() {
            done.extend(WITH_A_LETTER.map(str::to_owned));
        }
        let troubled = self.troubles.0.iter().map(|trouble| (*trouble, told)).collect();
        Report { took, slots, troubled, done, ..self.report }
    }

    /// Doses above 0 whose time came.
    fn slots(&self) -> usize {
        let (facility, now) = (self.facility(), self.clock.now());
        let doses = self
            .read(|conn| stepdown::store::doses::doses_due_between(conn, &facility, chrono::DateTime::UNIX_EPOCH, now));
        doses.iter().filter(|dose| !dose.level.amount.is_zero()).count()
    }
}

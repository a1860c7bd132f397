//! One story from beginning to end: the clock goes on, people do what they set out to do, and things go wrong.

use std::time::Instant;

use chrono::TimeDelta;

use crate::deeds::DEEDS;
use crate::page::Page;
use crate::planted::Planted;
use crate::rebuilt;
use crate::report::Report;
use crate::troubles::Trouble;
use crate::world::{Fate, World};

/// Steps of a story, at about four hours each.
const STEPS: usize = 420;

/// From this step on a bug strikes: there is something to strike at.
const PLANTED_FROM: usize = 40;

/// Tells the story of a seed, with a bug or without. What was broken comes with the steps that led to it.
pub fn told(seed: u64, planted: Option<Planted>) -> Result<Report, String> {
    let began = Instant::now();
    let mut world = World::new(seed, planted);
    for step in 0..STEPS {
        world.step(step);
        if planted.is_some() && step >= PLANTED_FROM {
            world.planted_between();
        }
        if let Some(broken) = &world.broken {
            let shown: Vec<&String> = world.trail.iter().rev().take(40).rev().collect();
            return Err(format!("{broken}\nat step {step} of seed {seed}, troubles {:?}:\n{shown:#?}", world.troubles));
        }
    }
    world.promises_hold();
    let saved = world.everything_saved_is_there();
    world.must(saved);
    let rebuilt = world.read(rebuilt::compare);
    world.must(rebuilt);
    match world.broken.take() {
        Some(broken) => Err(format!("{broken}\nat the end of seed {seed}")),
        None => Ok(Report { took: began.elapsed(), slots: world.slots(), ..world.report }),
    }
}

impl World {
    fn step(&mut self, step: usize) {
        self.report.steps += 1;
        self.time_goes_on();
        self.copies();
        let due: Vec<Page> = self.pages_to_send();
        due.iter().for_each(|page| self.post(page));
        self.lay_out();
        if step.is_multiple_of(3) {
            self.ring();
        }
        for _ in 0..1 + self.chance.below(8) {
            if self.broken.is_none() {
                self.somebody_acts();
            }
        }
        if step % 25 == 24 {
            self.promises_hold();
        }
    }

    /// Some hours; or the machine's clock jumps.
    fn time_goes_on(&mut self) {
        let jumps = self.troubles.on(Trouble::ClockJumps) && self.chance.percent(2);
        let on = match jumps {
            true => *self.chance.pick(&[TimeDelta::hours(-1), TimeDelta::hours(-26), TimeDelta::days(1)]),
            false => self.chance.minutes(20, 460),
        };
        self.clock.set(self.clock.now() + on);
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

    /// Doses above 0 whose time came.
    fn slots(&self) -> usize {
        let (facility, now) = (self.facility(), self.clock.now());
        let doses = self
            .read(|conn| stepdown::store::doses::doses_due_between(conn, &facility, chrono::DateTime::UNIX_EPOCH, now));
        doses.iter().filter(|dose| !dose.level.amount.is_zero()).count()
    }
}

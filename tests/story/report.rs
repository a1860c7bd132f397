//! What the stories reached: slots, steps, acts saved and refused, outcomes, troubles.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use stepdown::care::refusal::Refusal;

#[derive(Debug, Default, Clone)]
pub struct Report {
    pub stories: usize,
    pub steps: usize,
    /// Doses above 0 whose time came.
    pub slots: usize,
    pub saved: BTreeMap<&'static str, usize>,
    pub repeated: usize,
    pub deaths: usize,
    pub letters: BTreeMap<&'static str, usize>,
    pub outcomes: BTreeMap<&'static str, usize>,
    pub refused: BTreeMap<String, usize>,
    pub took: Duration,
}

impl Report {
    pub fn refusal(&mut self, refusal: &Refusal) {
        let said = format!("{refusal:?}");
        let name = said.split([' ', '(', '{']).next().unwrap_or_default().to_owned();
        *self.refused.entry(name).or_default() += 1;
    }

    pub fn add(&mut self, other: &Report) {
        self.stories += other.stories;
        self.steps += other.steps;
        self.slots += other.slots;
        self.repeated += other.repeated;
        self.deaths += other.deaths;
        self.took += other.took;
        let sum = |all: &mut BTreeMap<&'static str, usize>, more: &BTreeMap<&'static str, usize>| {
            more.iter().for_each(|(name, count)| *all.entry(name).or_default() += count);
        };
        sum(&mut self.saved, &other.saved);
        sum(&mut self.letters, &other.letters);
        sum(&mut self.outcomes, &other.outcomes);
        other.refused.iter().for_each(|(name, count)| *self.refused.entry(name.clone()).or_default() += count);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.took.as_secs_f64() / 60.0;
        let a_minute = (self.slots as f64 / minutes.max(f64::MIN_POSITIVE)) as usize;
        writeln!(
            out,
            "{} stories, {} steps, {} dose slots ({a_minute} a minute), {} forms sent twice, {} deaths",
            self.stories, self.steps, self.slots, self.repeated, self.deaths
        )?;
        writeln!(out, "saved: {:?}", self.saved)?;
        writeln!(out, "outcomes: {:?}", self.outcomes)?;
        writeln!(out, "letters: {:?}", self.letters)?;
        writeln!(out, "refused: {:?}", self.refused)
    }
}

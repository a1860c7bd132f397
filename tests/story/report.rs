//! What the stories reached: slots, steps, acts saved and refused, outcomes, troubles.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use stepdown::care::refusal::Refusal;
use stepdown::care::round::outcome::Outcome;

use crate::troubles::Trouble;

#[derive(Debug, Default, Clone)]
pub struct Report {
    pub stories: usize,
    pub steps: usize,
    /// Doses above 0 whose time came.
    pub slots: usize,
    pub saved: BTreeMap<&'static str, usize>,
    /// What was done, by the kinds of facts in the history and by what the bell does.
    pub done: BTreeSet<String>,
    pub repeated: usize,
    pub deaths: usize,
    pub put_back: usize,
    pub letters: BTreeMap<&'static str, usize>,
    pub outcomes: BTreeMap<&'static str, usize>,
    pub refused: BTreeMap<String, usize>,
    pub took: Duration,
    /// What was told while a kind of trouble was on.
    pub troubled: BTreeMap<Trouble, Told>,
}

/// So much was told.
#[derive(Debug, Default, Clone, Copy)]
pub struct Told {
    pub stories: usize,
    pub steps: usize,
    pub slots: usize,
}

/// Acts of which no story tells: it has no sessions, and rings the bell without the loop that looks at the clock. The suite
/// has them under these names.
const TOLD_ELSEWHERE: [(&str, &str); 3] =
    [("change_password", "change_password"), ("doubt_clock", "clock_leaps"), ("trust_clock", "clock_leaps")];

impl Report {
    /// The acts and the outcomes that nobody came to.
    pub fn missed(&self) -> Vec<String> {
        let elsewhere = |act: &String| TOLD_ELSEWHERE.iter().any(|(one, _)| one == act);
        let done = |act: &String| self.done.contains(act) || self.saved.contains_key(act.as_str()) || elsewhere(act);
        let outcomes = Outcome::ALL.map(Outcome::word).into_iter().filter(|word| !self.outcomes.contains_key(word));
        acts().into_iter().filter(|act| !done(act)).chain(outcomes.map(str::to_owned)).collect()
    }

    pub fn refusal(&mut self, refusal: &Refusal) {
        *self.refused.entry(refusal.code().to_owned()).or_default() += 1;
    }

    pub fn add(&mut self, other: &Report) {
        self.stories += other.stories;
        self.steps += other.steps;
        self.slots += other.slots;
        self.repeated += other.repeated;
        self.deaths += other.deaths;
        self.put_back += other.put_back;
        self.took += other.took;
        self.done.extend(other.done.iter().cloned());
        let sum = |all: &mut BTreeMap<&'static str, usize>, more: &BTreeMap<&'static str, usize>| {
            more.iter().for_each(|(name, count)| *all.entry(name).or_default() += count);
        };
        sum(&mut self.saved, &other.saved);
        sum(&mut self.letters, &other.letters);
        sum(&mut self.outcomes, &other.outcomes);
        for (trouble, more) in &other.troubled {
            let told = self.troubled.entry(*trouble).or_default();
            told.stories += more.stories;
            told.steps += more.steps;
            told.slots += more.slots;
        }
        other.refused.iter().for_each(|(name, count)| *self.refused.entry(name.clone()).or_default() += count);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.took.as_secs_f64() / 60.0;
        let a_minute = (self.slots as f64 / minutes.max(f64::MIN_POSITIVE)) as usize;
        writeln!(
            out,
            "{} stories, {} steps, {} dose slots ({a_minute} a minute), {} forms sent twice, {} deaths, {} copies put back",
            self.stories, self.steps, self.slots, self.repeated, self.deaths, self.put_back
        )?;
        writeln!(out, "saved: {:?}", self.saved)?;
        writeln!(out, "outcomes: {:?}", self.outcomes)?;
        writeln!(out, "letters: {:?}", self.letters)?;
        writeln!(out, "refused: {:?}", self.refused)?;
        for (trouble, told) in &self.troubled {
            writeln!(out, "{trouble:?}: {} stories, {} steps, {} dose slots", told.stories, told.steps, told.slots)?;
        }
        writeln!(out, "acts and outcomes that nobody came to: {:?}", self.missed())?;
        let refusals: Vec<String> = refusals().into_iter().filter(|name| !self.refused.contains_key(name)).collect();
        writeln!(out, "refusals that nobody met ({}): {refusals:?}", refusals.len())
    }
}

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

/// Everything that people and the bell do, by the files that say how.
fn acts() -> BTreeSet<String> {
    let files = std::fs::read_dir(source("acts")).expect("the acts are here");
    let names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
    names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect()
}

/// The codes of everything that care refuses, from the one file that says it.
fn refusals() -> BTreeSet<String> {
    let text = std::fs::read_to_string(source("care/refusal.rs")).expect("the refusals are here");
    let codes = text.lines().filter_map(|line| line.split_once(" = \"")?.1.split_once("\" at \""));
    codes.map(|(code, _)| code.to_owned()).collect()
}

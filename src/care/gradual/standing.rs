//! How a medicine stands against the rule on a day: met, contraindicated, wanted by a day, or late since one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rules::GradualRules;
use super::year::{quarter, quarter_of, year_first, year_last, year_of};
use crate::care::amount::Amount;
use crate::care::calendar::{days_after, days_before};

/// The dose was lowered on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub on: NaiveDate,
    pub made: Made,
}

/// Where an attempt was made, and what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// A reduction signed here took effect: from and to a day.
    Here { plan: String, n: u32, from: Amount, to: Amount },
    /// Elsewhere, recorded by hand: the id of the note.
    Elsewhere { note: String },
}

/// A prescriber judged a reduction clinically contraindicated, until somebody looks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contraindication {
    pub on: NaiveDate,
    pub again_on: NaiveDate,
}

impl Contraindication {
    pub fn stands_on(&self, today: NaiveDate) -> bool {
        self.on <= today && today < self.again_on
    }
}

/// Whether an attempt counts towards those of the first year, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    Counts,
    SameQuarter {
        counted: NaiveDate,
    },
    TooSoon {
        counted: NaiveDate,
    },
    /// Enough counted before it.
    Further,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Enough attempts were made; where the facility asks for one each year, the next is wanted by a day.
    Met {
        next_by: Option<NaiveDate>,
    },
    /// Excused by a prescriber until a day.
    Contraindicated {
        again_on: NaiveDate,
    },
    /// The next attempt is wanted by a day; it counts only from another on.
    Wanted {
        by: NaiveDate,
        counts_from: NaiveDate,
    },
    Late {
        since: NaiveDate,
        counts_from: NaiveDate,
    },
    /// The medicine is no longer taken.
    Ended {
        on: NaiveDate,
    },
}

/// What one medicine is judged by. Attempts in the order of their days, none before `since`, none after `today`.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub since: NaiveDate,
    pub rules: &'a GradualRules,
    pub attempts: &'a [Attempt],
    pub contraindications: &'a [Contraindication],
    pub today: NaiveDate,
}

impl Case<'_> {
    /// Which attempts count. Taking the earliest that may count leaves the most room for the next, so no other choice
    /// of attempts counts more.
    pub fn counting(&self) -> Vec<Counting> {
        let (mut counted, mut last) = (0, None);
        let mut one = |attempt: &Attempt| {
            let counting = self.counting_after(last, counted, attempt.on);
            if counting == Counting::Counts {
                (counted, last) = (counted + 1, Some(attempt.on));
            }
            counting
        };
        self.attempts.iter().map(&mut one).collect()
    }

    fn counting_after(&self, last: Option<NaiveDate>, counted: u32, on: NaiveDate) -> Counting {
        match last {
            _ if counted >= self.rules.attempts => Counting::Further,
            Some(last) if self.rules.quarters_differ && quarter_of(self.since, last) == quarter_of(self.since, on) => {
                Counting::SameQuarter { counted: last }
            }
            Some(last) if on < self.rules.between.after(last) => Counting::TooSoon { counted: last },
            _ => Counting::Counts,
        }
    }

    /// The attempts that count.
    pub fn counted(&self) -> Vec<&Attempt> {
        let counts = |(attempt, counting)| (counting == Counting::Counts).then_some(attempt);
        self.attempts.iter().zip(self.counting()).filter_map(counts).collect()
    }

    /// The last day for each attempt of the first year, such that those after it can still be made in time.
    pub fn deadlines(&self) -> Vec<NaiveDate> {
        let mut by = year_last(self.since, 0);
        let mut deadlines = vec![by];
        for _ in 1..self.rules.attempts {
            let apart = self.rules.between.before(by);
            let quarter_before = days_before(quarter_of(self.since, by).first, 1);
            by = if self.rules.quarters_differ { apart.min(quarter_before) } else { apart }.max(self.since);
            deadlines.push(by);
        }
        deadlines.reverse();
        deadlines
    }

    /// The first day on which another attempt counts.
    fn counts_from(&self, last: Option<NaiveDate>) -> NaiveDate {
        let Some(last) = last else { return self.since };
        let apart = self.rules.between.after(last);
        let next_quarter = quarter(self.since, quarter_of(self.since, last).nth + 1).first;
        if self.rules.quarters_differ { apart.max(next_quarter) } else { apart }
    }

    pub fn standing(&self) -> Standing {
        let standing = self.by_attempts();
        let excused =
            self.contraindications.iter().filter(|one| one.stands_on(self.today)).map(|one| one.again_on).max();
        match (standing, excused) {
            (Standing::Wanted { .. } | Standing::Late { .. }, Some(again_on)) => Standing::Contraindicated { again_on },
            _ => standing,
        }
    }

    fn by_attempts(&self) -> Standing {
        let counted = self.counted();
        if counted.len() >= self.rules.attempts as usize {
            self.after_first_year()
        } else {
            self.in_first_year(&counted)
        }
    }

    /// A deadline moves to the day on which a contraindication is looked at again, if that is later.
    fn excused(&self, by: NaiveDate) -> NaiveDate {
        let known = self.contraindications.iter().filter(|one| one.on <= self.today);
        known.map(|one| one.again_on).max().map_or(by, |again_on| by.max(again_on))
    }

    fn in_first_year(&self, counted: &[&Attempt]) -> Standing {
        let counts_from = self.counts_from(counted.last().map(|attempt| attempt.on));
        let late = |by: NaiveDate| Standing::Late { since: days_after(by, 1), counts_from };
        let deadlines: Vec<NaiveDate> = self.deadlines().into_iter().map(|by| self.excused(by)).collect();
        let missed = counted.iter().zip(&deadlines).find(|(attempt, by)| attempt.on > **by);
        if let Some((_, by)) = missed {
            return late(*by);
        }
        let by = deadlines.get(counted.len()).copied().unwrap_or(self.since).max(counts_from);
        if self.today > by { late(by) } else { Standing::Wanted { by, counts_from } }
    }

    /// Nothing more is asked for, unless the facility asks for one attempt in each later year.
    fn after_first_year(&self) -> Standing {
        if !self.rules.yearly {
            return Standing::Met { next_by: None };
        }
        let done = self.attempts.last().map_or(0, |attempt| year_of(self.since, attempt.on));
        let counts_from = year_first(self.since, done + 1);
        let by = self.excused(year_last(self.since, done + 1));
        if self.today > by {
            Standing::Late { since: days_after(by, 1), counts_from }
        } else if self.today < counts_from {
            Standing::Met { next_by: Some(by) }
        } else {
            Standing::Wanted { by, counts_from }
        }
    }
}

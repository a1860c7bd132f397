//! Rules with a percentage: of the current or of the first dose, landed on what can be made.

use super::parameter::Settings;
use super::rule::{Phase, Round, Share};
use super::walk::Walk;
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

/// A whole, in thousandths of a percent.
const WHOLE: u64 = 100_000;

/// The exact series is kept to 2⁻⁶⁴ of a microgram and rounded towards the higher dose, as ties are. An exact tie has no
/// part that this could round away.
const FINE: u32 = 64;

/// A percentage that may change on the way down.
#[derive(Debug, Clone)]
pub(super) struct Percentage {
    pub of: Share,
    /// No reduction is smaller, but for one that lands on the goal; 0: as small as the percentage says.
    pub floor: Amount,
    /// From the highest down to the one above 0.
    pub phases: Vec<Part>,
}

/// So many percent off, in thousandths, at least so many days apart, while above a share of the first dose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub above: u64,
    pub percent: u64,
    pub days: u32,
}

impl Part {
    pub fn of(phase: &Phase, settings: &Settings) -> Result<Part, Refusal> {
        let (above, percent) = (settings.share(&phase.above)?, settings.percent(&phase.percent)?);
        Ok(Part { above, percent, days: settings.days(&phase.days)? })
    }

    /// What is left where this part ends, of a first dose; never less than exactly.
    fn bottom(self, initial: Amount) -> Amount {
        Amount::from_ug((initial.ug() * self.above).div_ceil(WHOLE))
    }
}

impl Percentage {
    /// One percentage all the way.
    pub fn steady(of: Share, percent: u64, days: u32) -> Percentage {
        Percentage { of, floor: Amount::ZERO, phases: vec![Part { above: 0, percent, days }] }
    }

    fn words(&self, percent: u64) -> String {
        let percent = Amount::from_ug(percent).number();
        let dose = if self.of == Share::Current { "current" } else { "first" };
        match self.floor {
            Amount::ZERO => format!("{percent} % of the {dose} dose"),
            floor => format!("{percent} % of the {dose} dose, and no less than {floor},"),
        }
    }
}

impl Walk<'_> {
    pub(super) fn follow_percentage(&mut self, rule: &Percentage, round: Round) -> Result<(), Refusal> {
        match round {
            Round::Up => self.follow_percent(rule),
            Round::Nearest => self.follow_series(rule),
        }
    }

    /// Each reduction is taken of the dose actually made and is never larger than asked.
    fn follow_percent(&mut self, rule: &Percentage) -> Result<(), Refusal> {
        let initial = self.daily();
        while !self.has_arrived() {
            let mut parts = rule.phases.iter().filter(|part| self.daily() > part.bottom(initial));
            // Where the products do not reach the end of a part, the next part goes on from here.
            let Some(to) = parts.clone().find_map(|part| self.percent_off(rule, *part, initial)) else {
                return self.halt(&rule.words(parts.next_back().map_or(0, |part| part.percent)));
            };
            let at = rule.phases.iter().find(|part| to > part.bottom(initial));
            self.lower_to(to, at.map_or(1, |part| part.days))?;
        }
        Ok(())
    }

    /// The next lower dose by one part, if the products make one.
    fn percent_off(&self, rule: &Percentage, part: Part, initial: Amount) -> Option<Amount> {
        let daily = self.daily();
        let base = if rule.of == Share::Initial { initial } else { daily };
        let rest = Amount::from_ug((daily * WHOLE).less(base * part.percent).ug().div_ceil(WHOLE));
        let end = part.bottom(initial).max(self.goal);
        let asked = self.at_or_above(rest.max(end));
        let enough = asked < daily && daily.less(asked) >= rule.floor;
        let least = || self.at_or_below(daily.less(rule.floor)).max(self.goal);
        if enough || rule.floor.is_zero() { Some(asked).filter(|to| *to < daily) } else { Some(least()) }
    }

    /// The exact series, rounded to what can be made, ties to the higher dose; repeats are merged.
    fn follow_series(&mut self, rule: &Percentage) -> Result<(), Refusal> {
        let initial = u128::from(self.daily().ug()) << FINE;
        let whole = u128::from(WHOLE);
        let end = |part: &Part| (initial * u128::from(part.above)).div_ceil(whole);
        let mut exact = initial;
        while !self.has_arrived() {
            let Some(part) = rule.phases.iter().find(|part| exact > end(part)) else { break };
            let percent = u128::from(part.percent);
            exact = match rule.of {
                Share::Current => (exact * (whole - percent)).div_ceil(whole),
                Share::Initial => exact.saturating_sub(initial * percent / whole),
            };
            exact = exact.max(end(part));
            let days = rule.phases.iter().find(|part| exact > end(part)).map_or(part.days, |at| at.days);
            let to = self.nearest_to(exact, 1 << FINE);
            if to < self.daily() {
                self.lower_to(to, days)?;
            } else if self.ordinal() == 1 {
                return self.halt(&rule.words(part.percent));
            } else {
                self.linger(days);
            }
        }
        Ok(())
    }
}

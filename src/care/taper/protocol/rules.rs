//! Rules with amounts in milligrams: by band of the current dose, off each dose, and typed.

use super::parameter::Settings;
use super::rule::Band;
use super::typed::{Doses, Row};
use super::walk::Walk;
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::refusal::Refusal;

/// The longest that a typed step may last at the least.
const LONGEST_STEP_DAYS: u32 = 366;

impl Walk<'_> {
    /// Down the grid of the band that the dose is in. A dose off the grid first lands on it.
    pub(super) fn follow_bands(&mut self, bands: &[Band], settings: &Settings) -> Result<(), Refusal> {
        let bands = bands.iter().map(|band| Reduction::of(band, settings)).collect::<Result<Vec<_>, _>>()?;
        while !self.has_arrived() {
            let Some(band) = bands.iter().find(|band| self.daily() > band.above) else { break };
            let to = band.next(self.daily()).max(self.goal);
            self.lower_to(to, days_at(to, &bands))?;
        }
        Ok(())
    }

    /// The same amount off every dose; a dose that has less goes to 0.
    pub(super) fn follow_off_each_dose(&mut self, cut: Amount, days: u32) -> Result<(), Refusal> {
        while !self.has_arrived() {
            let doses: Vec<Amount> = self.now.iter().map(|dose| dose.less(cut)).collect();
            if doses.iter().copied().sum::<Amount>() <= self.goal {
                self.lower_to(self.goal, days)?;
            } else {
                self.step_to(doses, days)?;
            }
        }
        Ok(())
    }

    /// The typed steps, exactly as typed; a typed day is divided over the slots.
    pub(super) fn follow_typed(&mut self, rows: &[Row]) -> Result<(), Refusal> {
        for (at, row) in rows.iter().enumerate() {
            let (step, from, to) = (self.ordinal(), self.daily(), row.doses.daily());
            if to > from {
                return Err(Refusal::StepRises { step, from: from.to_string(), to: to.to_string() });
            }
            let before = self.now.clone();
            let days = days_of(row, at + 1 == rows.len()).ok_or(Refusal::StepDays { step })?;
            match &row.doses {
                Doses::Daily(daily) => self.lower_to(*daily, days)?,
                Doses::BySlot(doses) => {
                    if let Some(slot) = doses.keys().find(|slot| !self.slots.contains(slot)) {
                        return Err(Refusal::StepSlot { slot: *slot });
                    }
                    let dose =
                        |slot: &Slot| doses.get(slot).copied().ok_or(Refusal::StepDoseBlank { step, slot: *slot });
                    self.step_to(self.slots.iter().map(dose).collect::<Result<_, _>>()?, days)?;
                }
            }
            if self.now == before {
                return Err(Refusal::StepRepeats { step });
            }
        }
        let (last, goal) = (self.daily(), self.goal);
        if last == goal { Ok(()) } else { Err(Refusal::StepsEnd { last, goal }) }
    }
}

/// The least days of a typed step. The last may leave them out, since nothing follows it.
fn days_of(row: &Row, is_last: bool) -> Option<u32> {
    match row.days {
        None if is_last => Some(1),
        days => days.filter(|days| (1..=LONGEST_STEP_DAYS).contains(days)),
    }
}

/// A band with its values.
struct Reduction {
    above: Amount,
    cut: Amount,
    days: u32,
    hold: Option<u32>,
}

impl Reduction {
    fn of(band: &Band, settings: &Settings) -> Result<Reduction, Refusal> {
        Ok(Reduction {
            above: settings.amount(&band.above)?,
            cut: settings.amount(&band.cut)?,
            days: settings.days(&band.days)?,
            hold: band.hold.as_deref().map(|hold| settings.days(hold)).transpose()?,
        })
    }

    /// The next lower amount of the band's grid, which counts in cuts from `above`.
    fn next(&self, daily: Amount) -> Amount {
        let cuts = daily.less(self.above).ug().div_ceil(self.cut.ug()).saturating_sub(1);
        self.above + self.cut * cuts
    }
}

/// How long a dose is kept: as its band says, or as the hold of the band that ends there.
fn days_at(daily: Amount, bands: &[Reduction]) -> u32 {
    let hold = bands.iter().find(|band| band.above == daily).and_then(|band| band.hold);
    let days = bands.iter().find(|band| daily > band.above).map(|band| band.days);
    // At 0, the goal, nothing is waited for.
    hold.or(days).unwrap_or(1)
}

//! Rules with amounts in milligrams: by band of the current dose, off each dose, and typed.

use super::Band;
use super::draft::Walk;
use super::parameter::Settings;
use super::typed::{Doses, Row};
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

impl Walk<'_> {
    /// Down the grid of the band that the dose is in. A dose off the grid first lands on it.
    pub(super) fn follow_bands(&mut self, bands: &[Band], settings: &Settings) -> Result<(), Refusal> {
        let bands: Vec<Reduction> = bands.iter().map(|band| Reduction::of(band, settings)).collect();
        while !self.has_arrived() {
            let Some(band) = bands.iter().find(|band| self.daily() > band.above) else { break };
            let to = band.next(self.daily()).max(self.goal());
            let hold = bands.iter().find(|band| band.above == to).and_then(|band| band.hold);
            let days = hold.or(bands.iter().find(|band| to > band.above).map(|band| band.days));
            self.lower_to(to, days.unwrap_or_default())?;
        }
        Ok(())
    }

    /// The same amount off every dose; a dose that has less goes to 0.
    pub(super) fn follow_off_each_dose(&mut self, cut: &str, days: &str, settings: &Settings) -> Result<(), Refusal> {
        let cut = settings.amount(cut).unwrap_or_default();
        let days = settings.days(days).unwrap_or_default();
        while !self.has_arrived() {
            let doses: Vec<Amount> = self.doses().iter().map(|dose| dose.less(cut)).collect();
            if doses.iter().copied().sum::<Amount>() <= self.goal() {
                self.lower_to(self.goal(), days)?;
            } else {
                self.step_to(doses, days)?;
            }
        }
        Ok(())
    }

    /// The typed steps, exactly as typed; a typed day is divided over the slots.
    pub(super) fn follow_typed(&mut self, rows: &[Row]) -> Result<(), Refusal> {
        for (at, row) in rows.iter().enumerate() {
            let (step, from, before) = (self.ordinal(), self.daily(), self.doses().to_vec());
            let days = match row.days {
                Some(days) if (1..=366).contains(&days) => days,
                None if at + 1 == rows.len() => 1,
                _ => return Err(Refusal::StepDays { step }),
            };
            match &row.doses {
                Doses::Daily(daily) if *daily > from => {}
                Doses::Daily(daily) => self.lower_to(*daily, days)?,
                Doses::BySlot(doses) => {
                    if let Some(slot) = doses.keys().find(|slot| !self.slots().contains(slot)) {
                        return Err(Refusal::StepSlot { slot: *slot });
                    }
                    let doses = self.slots().iter().map(|slot| doses.get(slot).copied().unwrap_or_default());
                    self.step_to(doses.collect(), days)?;
                }
            }
            let to = match &row.doses {
                Doses::Daily(daily) => *daily,
                Doses::BySlot(_) => self.daily(),
            };
            if to > from {
                return Err(Refusal::StepRises { step, from, to });
            }
            if self.doses() == before {
                return Err(Refusal::StepRepeats { step });
            }
        }
        if self.daily() == self.goal() {
            Ok(())
        } else {
            Err(Refusal::StepsEnd { last: self.daily(), goal: self.goal() })
        }
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
    fn of(band: &Band, settings: &Settings) -> Reduction {
        Reduction {
            above: settings.amount(&band.above).unwrap_or_default(),
            cut: settings.amount(&band.cut).unwrap_or_default(),
            days: settings.days(&band.days).unwrap_or_default(),
            hold: band.hold.as_deref().and_then(|hold| settings.days(hold)),
        }
    }

    /// The next lower amount of the band's grid, which counts in cuts from `above`.
    fn next(&self, daily: Amount) -> Amount {
        let cuts = (daily.less(self.above).ug() - 1) / self.cut.ug().max(1);
        self.above + self.cut * cuts
    }
}

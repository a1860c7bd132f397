//! From which dose a decision led to another one, as whoever gives it is told.

use chrono::NaiveDate;

use super::{Course, Footing, Stage};
use crate::care::amount::Amount;
use crate::care::calendar::{Moment, Slot, days_before};
use crate::care::medicine::Medicine;

impl Course {
    /// What a slot last gave of a medicine before a decision changed it, where this is its first dose since. While they were
    /// away, or nobody had decided, it gave nothing to compare with: what was in force before counts.
    pub fn changed_from(&self, on: NaiveDate, slot: Slot, medicine: &Medicine) -> Option<Amount> {
        let now = self.stage_at(Moment { on, slot })?;
        let day_before = Moment { on: days_before(on, 1), slot };
        let decided = |stage: &Stage| !matches!(stage.footing, Footing::Away | Footing::Undecided);
        let place = self.stages.iter().rposition(|stage| stage.from <= day_before && decided(stage))?;
        let before = &self.stages[place];
        // The nights of one step differ without anybody's decision.
        if before.step.cycle == now.step.cycle {
            return None;
        }
        let ended = self.stages.get(place + 1).map(|next| next.from).filter(|end| *end <= day_before);
        let last = ended.map_or(day_before.on, |end| if slot < end.slot { end.on } else { days_before(end.on, 1) });
        let was = before.level_on(last.max(before.from.on))?.regimen.amount(slot, medicine);
        let is = now.level_on(on)?.regimen.amount(slot, medicine);
        (was != is).then_some(was)
    }
}

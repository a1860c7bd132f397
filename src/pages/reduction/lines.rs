//! What changes at each dose time of a reduction, medicine by medicine, and what the new dose is made from.

use crate::care::calendar::Slot;
use crate::care::medicine::shelves::Shelves;
use crate::care::taper::plan::{Medicine, Step};
use crate::care::taper::statement::dose_text;
use crate::web::parts::pieces::MakeUp;

/// One dose time of the reduction.
pub struct DoseLine {
    pub slot: String,
    /// With the nights without, if there are any.
    pub now: String,
    pub proposed: String,
    pub made_of: MakeUp,
}

pub fn lines(from: &Step, to: &Step, shelves: &Shelves) -> Vec<DoseLine> {
    let (before, after) = (from.rhythm(), to.rhythm());
    let all = from.regimen().lines_with(to.regimen());
    let named = all.iter().any(|(_, medicine)| Some(medicine) != all.first().map(|(_, first)| first));
    let line = |(slot, medicine): &(Slot, Medicine)| {
        let proposed = to.regimen().amount(*slot, medicine);
        DoseLine {
            slot: if named { format!("{slot} {medicine}") } else { slot.to_string() },
            now: dose_text(from.regimen().amount(*slot, medicine), before.as_deref()),
            proposed: dose_text(proposed, after.as_deref()),
            made_of: MakeUp::planned(proposed, &shelves.of(medicine).pieces(proposed).unwrap_or_default()),
        }
    };
    all.iter().map(line).collect()
}

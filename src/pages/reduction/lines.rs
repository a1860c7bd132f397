//! What changes at each dose time of a reduction, medicine by medicine, and what the new dose is made from.

use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::medicine::shelves::Shelves;
use crate::care::taper::plan::{Medicine, Regimen};
use crate::web::parts::pieces::MakeUp;

/// One dose time of the reduction.
pub struct DoseLine {
    pub slot: String,
    pub now: Amount,
    pub proposed: Amount,
    pub made_of: MakeUp,
}

pub fn lines(from: &Regimen, to: &Regimen, shelves: &Shelves) -> Vec<DoseLine> {
    let all = from.lines_with(to);
    let named = all.iter().any(|(_, medicine)| Some(medicine) != all.first().map(|(_, first)| first));
    let line = |(slot, medicine): &(Slot, Medicine)| {
        let proposed = to.amount(*slot, medicine);
        DoseLine {
            slot: if named { format!("{slot} {medicine}") } else { slot.to_string() },
            now: from.amount(*slot, medicine),
            proposed,
            made_of: MakeUp::planned(proposed, &shelves.of(medicine).pieces(proposed).unwrap_or_default()),
        }
    };
    all.iter().map(line).collect()
}

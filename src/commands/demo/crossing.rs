//! Who of the demo changes over from one medicine to another before it is reduced.

use super::residents::Inhabitant;
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::catalogue::Catalogue;
use crate::care::medicine::Medicine;
use crate::care::medicine::conversion::{Conversion, Converted};
use crate::care::refusal::Refusal;

/// A resident’s number, the new medicine, and the doses of it in the order of the day.
const CROSSING: &[(&str, &str, &[&str])] = &[("AH-0364", "diazepam", &["5 mg", "10 mg"])];

/// Three weeks each, as a prescriber typed and confirmed it.
pub fn conversion(
    who: &Inhabitant,
    from: &Medicine,
    today: impl Iterator<Item = (Slot, Amount)>,
) -> Result<Option<Conversion>, Refusal> {
    let Some((_, to, doses)) = CROSSING.iter().find(|(number, ..)| *number == who.number) else { return Ok(None) };
    let converted = today.zip(*doses).map(|((slot, from), to)| Ok(Converted { slot, from, to: Amount::parse(to)? }));
    let converted = converted.collect::<Result<Vec<_>, Refusal>>()?;
    let table = Catalogue::ours().table("ashton-2002")?;
    let made = Conversion::new(from, &Medicine((*to).to_owned()), table, converted)?;
    Ok(Some(Conversion { swap_days: 21, confirmed_by: "the prescriber".to_owned(), ..made }))
}

//! A conversion that a person confirmed: which dose of another medicine takes the place of each of today's.
//!
//! What a table says is an offer. What counts in a plan is what somebody typed and confirmed, time of day by time of day.

use serde::{Deserialize, Serialize};

use super::Medicine;
use super::equivalence::{Answer, Table, TableName};
use crate::care::amount::Amount;
use crate::care::calendar::Slot;
use crate::care::exact::Exact;
use crate::care::refusal::Refusal;

/// From one medicine to another, as it was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    pub from: Medicine,
    pub to: Medicine,
    /// The table it was made with.
    pub table: TableName,
    /// By that table so much of the new medicine …
    pub equal: Amount,
    /// … is equal to so much diazepam.
    pub diazepam: Amount,
    /// In the order of their times, each once.
    pub doses: Vec<Converted>,
    /// How long each swap lasts at the least.
    pub swap_days: u32,
    /// Each dose is swapped half by half.
    pub halves: bool,
    /// The person who confirmed the doses; empty: nobody yet.
    pub confirmed_by: String,
}

/// One of today's doses, and the dose of the new medicine that takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Converted {
    pub slot: Slot,
    pub from: Amount,
    pub to: Amount,
}

/// Doses so odd together that they cannot be compared exactly are no doses of a ward.
const FINEST: u128 = 1_000_000_000;

impl Conversion {
    /// Every dose has one that takes its place, and the table says what the new medicine is in diazepam.
    pub fn new(from: &Medicine, to: &Medicine, table: &Table, doses: Vec<Converted>) -> Result<Conversion, Refusal> {
        if from == to {
            return Err(Refusal::SwapSame { medicine: to.to_string() });
        }
        if let Some(none) = doses.iter().find(|dose| dose.to.is_zero()) {
            return Err(Refusal::ConvertedMissing { slot: none.slot });
        }
        let (equal, diazepam) = table
            .in_diazepam(to)
            .ok_or_else(|| Refusal::TableSilent { table: table.name.clone(), medicine: to.to_string() })?;
        if let Answer::Silent(medicine) | Answer::Excluded(medicine, _) = table.convert(equal, from, to) {
            return Err(Refusal::TableSilent { table: table.name.clone(), medicine: medicine.to_string() });
        }
        let table = TableName { id: table.id.clone(), version: table.version.clone() };
        let (from, to, confirmed_by) = (from.clone(), to.clone(), String::new());
        let conversion =
            Conversion { from, to, table, equal, diazepam, doses, swap_days: 7, halves: false, confirmed_by };
        if conversion.common() > FINEST { Err(Refusal::ConversionTooFine) } else { Ok(conversion) }
    }

    /// What some doses come to in the new medicine: today's doses count as what was confirmed for their time of day.
    pub fn measure(&self, doses: impl IntoIterator<Item = (Slot, Medicine, Amount)>) -> Exact {
        let common = self.common();
        let part = |(slot, medicine, amount): (Slot, Medicine, Amount)| {
            let amount = u128::from(amount.ug());
            let was = self.doses.iter().find(|dose| dose.slot == slot && medicine == self.from);
            was.map_or(amount * common, |dose| {
                amount * u128::from(dose.to.ug()) * (common / u128::from(dose.from.ug()).max(1))
            })
        };
        Exact::of(doses.into_iter().map(part).sum(), common)
    }

    /// The same in diazepam, by the table.
    pub fn in_diazepam(&self, measure: Exact) -> Exact {
        measure.times(self.diazepam, self.equal)
    }

    /// A number that every one of today's doses divides.
    fn common(&self) -> u128 {
        let doses = self.doses.iter().map(|dose| u128::from(dose.from.ug()).max(1));
        doses.fold(1, |common, dose| (common / gcd(common, dose)).saturating_mul(dose).min(FINEST + 1))
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medicine(name: &str) -> Medicine {
        Medicine(name.to_owned())
    }

    fn confirmed(doses: &[(&str, u64, u64)]) -> Result<Conversion, Refusal> {
        let dose = |(at, from, to): &(&str, u64, u64)| Converted {
            slot: at.parse().unwrap(),
            from: Amount::from_ug(*from),
            to: Amount::from_ug(*to),
        };
        let doses = doses.iter().map(dose).collect();
        let ashton = &Table::ours()[0];
        Conversion::new(&medicine("clonazepam"), &medicine("diazepam"), ashton, doses)
    }

    /// 0.5 mg and 1 mg of clonazepam for 10 mg and 20 mg of diazepam: 30 mg, whichever of them is swapped.
    #[test]
    fn a_dose_counts_as_what_was_confirmed_for_its_time() {
        let conversion = confirmed(&[("08:00", 500, 10_000), ("20:00", 1_000, 20_000)]).unwrap();
        let dose = |at: &str, name: &str, ug| (at.parse().unwrap(), medicine(name), Amount::from_ug(ug));
        let (old, new) = ("clonazepam", "diazepam");
        let whole = Exact::from(Amount::from_ug(30_000));
        assert_eq!(conversion.measure([dose("08:00", old, 500), dose("20:00", old, 1_000)]), whole);
        assert_eq!(conversion.measure([dose("08:00", old, 500), dose("20:00", new, 20_000)]), whole);
        assert_eq!(conversion.measure([dose("08:00", old, 250), dose("08:00", new, 25_000)]), whole);
        assert_eq!(conversion.in_diazepam(whole), whole);
    }

    #[test]
    fn a_conversion_that_makes_no_sense_is_refused() {
        assert!(matches!(confirmed(&[("08:00", 500, 0)]), Err(Refusal::ConvertedMissing { .. })));
        let odd = [("06:00", 9_999_991, 1), ("08:00", 9_999_973, 1), ("20:00", 9_999_971, 1)];
        assert_eq!(confirmed(&odd), Err(Refusal::ConversionTooFine));
        let (clonazepam, zolpidem) = (medicine("clonazepam"), medicine("zolpidem"));
        let table = |at: usize| &Table::ours()[at];
        let same = Conversion::new(&clonazepam, &clonazepam, table(0), vec![]);
        assert!(matches!(same, Err(Refusal::SwapSame { .. })));
        for (from, to, at) in [(&clonazepam, &zolpidem, 0), (&zolpidem, &clonazepam, 3)] {
            let silent = Conversion::new(from, to, table(at), vec![]);
            assert!(matches!(silent, Err(Refusal::TableSilent { medicine, .. }) if medicine == "zolpidem"));
        }
    }
}

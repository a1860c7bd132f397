//! How much of a medicine may be taken in any 24 hours: a published maximum, or the facility's own.

use serde::{Deserialize, Serialize};

use super::Medicine;
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

/// The maximum of one medicine in any 24 hours, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub medicine: Medicine,
    pub most: Amount,
    pub source: String,
}

/// Only where a source gives a number: a maximum that nobody published is the facility's to set.
const PUBLISHED: [(&str, u64, &str); 2] = [
    ("clonazepam", 4_000, "FDA label of clonazepam: at most 4 mg a day in panic disorder"),
    ("alprazolam", 4_000, "Inspection citation 1510889: scheduled and as-needed alprazolam against 4 mg a day"),
];

/// A source that names nothing is none.
const LEAST_SOURCE: usize = 5;
const LONGEST_SOURCE: usize = 200;

impl Limit {
    /// The published maximum of a medicine, where there is one.
    pub fn published(medicine: &Medicine) -> Option<Limit> {
        let (_, ug, source) = PUBLISHED.iter().find(|(name, ..)| *name == medicine.0)?;
        Some(Limit { medicine: medicine.clone(), most: Amount::from_ug(*ug), source: (*source).to_owned() })
    }

    /// A facility's own maximum: more than nothing, and with its source.
    pub fn own(medicine: Medicine, most: Amount, source: &str) -> Result<Limit, Refusal> {
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        if most.is_zero() {
            return Err(Refusal::LimitMissing);
        }
        if !(LEAST_SOURCE..=LONGEST_SOURCE).contains(&source.chars().count()) {
            return Err(Refusal::LimitSource);
        }
        Ok(Limit { medicine, most, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maximum_has_a_number_and_a_source() {
        let lorazepam = || Medicine("lorazepam".into());
        assert_eq!(Limit::published(&lorazepam()), None);
        assert_eq!(Limit::published(&Medicine("clonazepam".into())).map(|limit| limit.most.ug()), Some(4_000));
        assert_eq!(Limit::own(lorazepam(), Amount::ZERO, "house rule 7"), Err(Refusal::LimitMissing));
        assert_eq!(Limit::own(lorazepam(), Amount::from_ug(4_000), " us "), Err(Refusal::LimitSource));
        assert!(Limit::own(lorazepam(), Amount::from_ug(4_000), "house rule 7").is_ok());
    }
}

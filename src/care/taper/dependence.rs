//! How likely a body depends on what is taken, by the published table: how long, how often, and in which band of doses.

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::care::amount::Amount;
use crate::care::medicine::Medicine;

/// The table's own three answers, and the one it does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    Rare,
    Possible,
    Rising,
    /// The table asks for the band of the dose, and gives none for this medicine.
    Unknown,
}

/// A band of daily doses, by the cut-offs of one medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    Low,
    Moderate,
    High,
}

/// What the table says of one use of one medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependence {
    pub risk: Risk,
    /// The row of the table: `for 3 months or longer, at any dose`.
    pub row: &'static str,
    pub band: BandFound,
    pub source: &'static str,
}

/// Where a daily dose stands in the bands of its medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BandFound {
    /// No cut-off is published for the medicine.
    None,
    One(Band),
    /// The dose stands in the low band and in the moderate one; the moderate is taken.
    Shared,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    source: String,
    rows: Vec<Row>,
    medicines: Vec<CutOffs>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(rename = "use")]
    words: String,
    days_a_week_at_most: Option<u8>,
    months_from: Option<u32>,
    months_below: Option<u32>,
    bands: Option<Vec<Band>>,
    risk: Risk,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CutOffs {
    name: String,
    low_at_most: String,
    high_above: String,
}

impl Table {
    fn ours() -> &'static Table {
        static OURS: LazyLock<Table> = LazyLock::new(|| {
            let text = include_str!("../../../data/dependence.toml");
            toml::from_str(text).expect("a test reads the table we ship")
        });
        &OURS
    }

    fn band(&self, medicine: &Medicine, daily: Amount) -> BandFound {
        let Some(cut) = self.medicines.iter().find(|one| one.name == medicine.0) else { return BandFound::None };
        let edge = |text: &str| Amount::parse(text).expect("a test reads every cut-off we ship");
        match (daily.cmp(&edge(&cut.low_at_most)), daily > edge(&cut.high_above)) {
            (_, true) => BandFound::One(Band::High),
            (std::cmp::Ordering::Less, _) => BandFound::One(Band::Low),
            (std::cmp::Ordering::Equal, _) => BandFound::Shared,
            (std::cmp::Ordering::Greater, _) => BandFound::One(Band::Moderate),
        }
    }
}

impl Row {
    fn holds(&self, months: u32, days_a_week: u8, band: Option<Band>) -> bool {
        self.days_a_week_at_most.is_none_or(|most| days_a_week <= most)
            && self.months_from.is_none_or(|from| months >= from)
            && self.months_below.is_none_or(|below| months < below)
            && self.bands.as_ref().is_none_or(|bands| band.is_some_and(|band| bands.contains(&band)))
    }
}

/// The risk of physical dependence after so many whole months of use, on so many days a week, at a daily dose.
/// Joint Clinical Practice Guideline on Benzodiazepine Tapering (ASAM and others), 2025, Table 2. At a month, and at
/// three, the row of the longer use holds.
pub fn risk(months: u32, days_a_week: u8, daily: Amount, medicine: &Medicine) -> Dependence {
    let table = Table::ours();
    let band = table.band(medicine, daily);
    let row = table.rows.iter().find(|row| row.holds(months, days_a_week, band.taken()));
    Dependence {
        risk: row.map_or(Risk::Unknown, |row| row.risk),
        row: row.map_or("for 1 to 3 months, where the band of the dose decides", |row| &row.words),
        band,
        source: &table.source,
    }
}

impl BandFound {
    /// The higher of two bands that share a dose: it never tells of less risk.
    pub fn taken(self) -> Option<Band> {
        match self {
            BandFound::None => None,
            BandFound::One(band) => Some(band),
            BandFound::Shared => Some(Band::Moderate),
        }
    }
}

impl Risk {
    /// In our own words; the table's are shorter still.
    pub fn sentence(self) -> &'static str {
        match self {
            Risk::Rare => "Physical dependence is rare with such use.",
            Risk::Possible => "Physical dependence is less likely with such use, but possible.",
            Risk::Rising => "Physical dependence is to be reckoned with, and the risk rises with time and dose.",
            Risk::Unknown => "Whether the body depends on it is not known from the table.",
        }
    }

    /// One word, for a tag.
    pub fn word(self) -> &'static str {
        match self {
            Risk::Rare => "rare",
            Risk::Possible => "lower, but possible",
            Risk::Rising => "yes, and rising",
            Risk::Unknown => "not known",
        }
    }
}

/// A sentence about the band, with the overlap said where there is one.
impl fmt::Display for BandFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BandFound::None => "No cut-off of dose bands is published for this medicine, and none is worked out.",
            BandFound::One(Band::Low) => "A low dose by the cut-offs of this medicine.",
            BandFound::One(Band::Moderate) => "A moderate dose by the cut-offs of this medicine.",
            BandFound::One(Band::High) => "A high dose by the cut-offs of this medicine.",
            BandFound::Shared => {
                "This dose stands in the low and in the moderate band as published; the moderate is taken, because it \
                 never tells of less risk."
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(months: u32, days_a_week: u8, daily: &str, medicine: &str) -> Dependence {
        risk(months, days_a_week, Amount::parse(daily).unwrap(), &Medicine(medicine.to_owned()))
    }

    /// Every edge of the table: clinical reference 2.1.
    #[test]
    fn each_row_of_the_table_begins_and_ends_where_it_was_published() {
        let rows = [
            (600, 3, "4 mg", Risk::Rare),
            (600, 4, "4 mg", Risk::Rising),
            (0, 3, "4 mg", Risk::Rare),
            (0, 4, "4 mg", Risk::Possible),
            (0, 7, "0.25 mg", Risk::Possible),
            (1, 7, "0.25 mg", Risk::Possible),
            (1, 7, "0.499 mg", Risk::Possible),
            (1, 7, "0.5 mg", Risk::Rising),
            (1, 4, "1.5 mg", Risk::Rising),
            (2, 7, "0.25 mg", Risk::Possible),
            (2, 7, "4 mg", Risk::Rising),
            (3, 7, "0.25 mg", Risk::Rising),
            (3, 4, "0.25 mg", Risk::Rising),
            (3, 3, "0.25 mg", Risk::Rare),
        ];
        for (months, days, daily, wanted) in rows {
            assert_eq!(of(months, days, daily, "clonazepam").risk, wanted, "{months} months, {days} days, {daily}");
        }
    }

    /// The cut-offs of each medicine are stored: half a milligram of clonazepam is not 10 mg of diazepam by any ratio.
    #[test]
    fn each_medicine_has_its_own_bands_and_a_shared_edge_is_the_higher_one() {
        let bands = [
            ("clonazepam", ["0.499 mg", "0.5 mg", "0.501 mg", "1.5 mg", "1.501 mg"]),
            ("lorazepam", ["1.999 mg", "2 mg", "2.001 mg", "3 mg", "3.001 mg"]),
            ("alprazolam", ["0.999 mg", "1 mg", "1.001 mg", "2 mg", "2.001 mg"]),
            ("diazepam", ["9.999 mg", "10 mg", "10.001 mg", "15 mg", "15.001 mg"]),
        ];
        let [low, moderate, high] = [Band::Low, Band::Moderate, Band::High].map(BandFound::One);
        for (medicine, doses) in bands {
            let found = doses.map(|daily| of(1, 7, daily, medicine).band);
            assert_eq!(found, [low, BandFound::Shared, moderate, moderate, high], "{medicine}");
            assert_eq!(BandFound::Shared.taken(), Some(Band::Moderate));
        }
    }

    #[test]
    fn a_medicine_without_cut_offs_has_the_rows_of_any_dose_and_otherwise_no_answer() {
        let answers = [(0, 7, Risk::Possible), (1, 7, Risk::Unknown), (2, 4, Risk::Unknown), (3, 4, Risk::Rising)];
        for (months, days, wanted) in answers {
            let found = of(months, days, "7.5 mg", "zopiclone");
            assert_eq!((found.risk, found.band), (wanted, BandFound::None), "{months} months, {days} days");
        }
        assert_eq!(of(2, 3, "7.5 mg", "zopiclone").risk, Risk::Rare);
    }

    #[test]
    fn the_answer_names_its_row_and_its_source() {
        let found = of(14, 7, "2 mg", "clonazepam");
        assert_eq!(found.row, "for 3 months or longer, at any dose");
        assert!(found.source.contains("2025, Table 2"), "{}", found.source);
    }
}

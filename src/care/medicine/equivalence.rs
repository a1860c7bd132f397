//! Equivalence: which dose of one medicine published tables call equal to which of another.
//!
//! The tables differ by a factor of two on the very medicines that are tapered (clinical reference 3.4), so none is the
//! truth: a plan names the table it was made with, and a person confirms the converted dose.

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::care::amount::Amount;
use crate::care::exact::Exact;
use crate::care::medicine::Medicine;
use crate::care::refusal::Refusal;

/// What to say beside every conversion; read second-hand.
pub const CAUTIONS: [&str; 3] = [
    "Take care with a conversion from clonazepam.",
    "Lorazepam may be stronger than a table says.",
    "The conversion of zolpidem, zopiclone and zaleplon is unclear.",
];

/// One published table, as its file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub id: String,
    pub name: String,
    /// Where it is published, and how far it was read there.
    pub citation: String,
    pub version: String,
    /// The dose of diazepam that every other dose of the table is equal to.
    diazepam: Amount,
    equal: Vec<(Medicine, Equal)>,
    /// Left out by the table on purpose, and why.
    excluded: Vec<(Medicine, String)>,
}

/// The dose of a medicine that is equal to the table's dose of diazepam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Equal {
    /// None: the table gives a range only.
    dose: Option<Amount>,
    /// The range; both are the dose where the table gives no range.
    least: Amount,
    most: Amount,
}

/// What one table says about one conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// This dose, and the range that the table allows.
    Dose(Exact, Option<(Exact, Exact)>),
    /// A range only.
    Range(Exact, Exact),
    /// The table leaves this medicine out on purpose, and says why.
    Excluded(Medicine, String),
    /// The table does not speak of this medicine.
    Silent(Medicine),
}

/// `26.667 mg, rounded (from 5 mg to 40 mg)`, or why there is no dose.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Dose(dose, None) => write!(f, "{dose}"),
            Answer::Dose(dose, Some((least, most))) => write!(f, "{dose} (from {least} to {most})"),
            Answer::Range(least, most) => write!(f, "from {least} to {most}, no single dose"),
            Answer::Excluded(medicine, why) => write!(f, "leaves {medicine} out: {why}"),
            Answer::Silent(medicine) => write!(f, "does not name {medicine}"),
        }
    }
}

impl Table {
    /// The tables that come with Stepdown.
    pub fn ours() -> &'static [Table] {
        static OURS: LazyLock<Vec<Table>> = LazyLock::new(|| {
            let files = [
                include_str!("../../../data/equivalence/ashton-2002.toml"),
                include_str!("../../../data/equivalence/va-dod-2021.toml"),
                include_str!("../../../data/equivalence/nhs-scotland.toml"),
                include_str!("../../../data/equivalence/nsw-2022.toml"),
                include_str!("../../../data/equivalence/clincalc.toml"),
            ];
            files.map(|file| Table::read(file).expect("a test reads the tables we ship")).into()
        });
        &OURS
    }

    /// Reads a table's file; a facility's own is read the same way.
    pub fn read(text: &str) -> Result<Table, Refusal> {
        let file: File = toml::from_str(text).map_err(|error| unreadable(error.message()))?;
        let table = Table {
            diazepam: above_0(&file.diazepam, "diazepam")?,
            equal: file.equal.iter().map(Line::read).collect::<Result<_, _>>()?,
            excluded: file.excluded.into_iter().map(|line| (Medicine(line.medicine), line.why)).collect(),
            id: file.id,
            name: file.name,
            citation: file.citation,
            version: file.version,
        };
        table.is_sound()?;
        Ok(table)
    }

    /// The same dose in another medicine, by this table.
    pub fn convert(&self, amount: Amount, from: &Medicine, to: &Medicine) -> Answer {
        let (from, to) = match (self.equal(from), self.equal(to)) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(no), _) | (_, Err(no)) => return no,
        };
        let range = (share(amount, to.least, from.most), share(amount, to.most, from.least));
        match from.dose.zip(to.dose) {
            Some((by, times)) => Answer::Dose(share(amount, times, by), Some(range).filter(|(a, b)| a != b)),
            None => Answer::Range(range.0, range.1),
        }
    }

    /// A dose of a medicine, and the diazepam that it is equal to; none where the table gives no single dose.
    pub fn in_diazepam(&self, medicine: &Medicine) -> Option<(Amount, Amount)> {
        Some((self.equal(medicine).ok()?.dose?, self.diazepam))
    }

    fn equal(&self, medicine: &Medicine) -> Result<Equal, Answer> {
        if medicine.0 == DIAZEPAM {
            return Ok(Equal::to(self.diazepam));
        }
        if let Some((_, why)) = self.excluded.iter().find(|(excluded, _)| excluded == medicine) {
            return Err(Answer::Excluded(medicine.clone(), why.clone()));
        }
        let found = self.equal.iter().find(|(named, _)| named == medicine);
        found.map(|(_, equal)| *equal).ok_or_else(|| Answer::Silent(medicine.clone()))
    }

    /// Every medicine stands there once, and diazepam is the measure and not a line.
    fn is_sound(&self) -> Result<(), Refusal> {
        let mut named: Vec<&Medicine> = self.equal.iter().map(|(medicine, _)| medicine).collect();
        named.extend(self.excluded.iter().map(|(medicine, _)| medicine));
        named.sort();
        if let Some(twice) = named.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(unreadable(&format!("{} stands there twice", twice[0])));
        }
        match named.iter().find(|medicine| medicine.0 == DIAZEPAM || medicine.0.is_empty()) {
            Some(_) => Err(unreadable("a line names no medicine, or diazepam, which is the measure itself")),
            None => Ok(()),
        }
    }
}

/// `amount × times / by`; nothing of it is rounded.
fn share(amount: Amount, times: Amount, by: Amount) -> Exact {
    Exact::of(u128::from(amount.ug()) * u128::from(times.ug()), by.ug().into())
}

impl Equal {
    /// One dose, without a range.
    fn to(dose: Amount) -> Equal {
        Equal { dose: Some(dose), least: dose, most: dose }
    }

    fn is_sound(&self) -> bool {
        self.least <= self.most && self.dose.is_none_or(|dose| self.least <= dose && dose <= self.most)
    }
}

const DIAZEPAM: &str = "diazepam";

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    name: String,
    citation: String,
    version: String,
    diazepam: String,
    equal: Vec<Line>,
    #[serde(default)]
    excluded: Vec<Excluded>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    medicine: String,
    dose: Option<String>,
    least: Option<String>,
    most: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Excluded {
    medicine: String,
    why: String,
}

impl Line {
    fn read(&self) -> Result<(Medicine, Equal), Refusal> {
        let name = &self.medicine;
        let read = |text: &Option<String>| text.as_deref().map(|text| above_0(text, name)).transpose();
        let (dose, least, most) = (read(&self.dose)?, read(&self.least)?, read(&self.most)?);
        let equal = match (dose, least, most) {
            (Some(dose), None, None) => Some(Equal::to(dose)),
            (dose, Some(least), Some(most)) => Some(Equal { dose, least, most }),
            _ => None,
        };
        let equal = equal
            .filter(Equal::is_sound)
            .ok_or_else(|| unreadable(&format!("{name} has neither a dose nor a range that holds it")))?;
        Ok((Medicine(name.clone()), equal))
    }
}

fn above_0(text: &str, name: &str) -> Result<Amount, Refusal> {
    let amount = Amount::parse(text).map_err(|refusal| unreadable(refusal.to_string().trim_end_matches('.')))?;
    if amount.is_zero() { Err(unreadable(&format!("{name} is 0 mg"))) } else { Ok(amount) }
}

fn unreadable(problem: &str) -> Refusal {
    Refusal::TableUnreadable { problem: problem.to_owned() }
}

/// Which table, of which version: as a plan keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableName {
    pub id: String,
    pub version: String,
}

/// `ashton-2002, version 1`
impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, version {}", self.id, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medicine(name: &str) -> Medicine {
        Medicine(name.to_owned())
    }

    /// The nearest microgram of every table's answer, in the order of the tables.
    fn answers(ug: u64, from: &str, to: &str) -> Vec<Option<u64>> {
        let convert = |table: &Table| match table.convert(Amount::from_ug(ug), &medicine(from), &medicine(to)) {
            Answer::Dose(dose, _) => Some(dose.nearest().ug()),
            _ => None,
        };
        Table::ours().iter().map(convert).collect()
    }

    /// Clinical reference 3.4, whose figures have one decimal: 26.7 and 30.8.
    #[test]
    fn the_tables_disagree_by_a_factor_of_two() {
        let some = |doses: [u64; 5]| doses.map(Some).to_vec();
        assert_eq!(answers(2_000, "clonazepam", "diazepam"), some([40_000, 20_000, 40_000, 40_000, 26_667]));
        assert_eq!(answers(4_000, "lorazepam", "diazepam"), some([40_000, 20_000, 40_000, 20_000, 30_769]));
    }

    /// 1 mg of lorazepam: Ashton 0.5 mg, VA/DoD 0.5 mg, Scotland 0.5 mg, NSW 0.25 mg, ClinCalc 0.75/1.3 mg.
    #[test]
    fn a_conversion_goes_from_any_medicine_to_any_other_and_back_again() {
        let there = answers(1_000, "lorazepam", "clonazepam");
        assert_eq!(there, [500, 500, 500, 250, 577].map(Some));
        assert_eq!(answers(500, "clonazepam", "lorazepam")[..2], [Some(1_000), Some(1_000)]);
        assert_eq!(answers(5_000, "diazepam", "diazepam"), [5_000; 5].map(Some));
    }

    #[test]
    fn a_range_stays_a_range() {
        let [ashton, .., clincalc] = Table::ours() else { panic!("there are tables") };
        let ug = |exact: Exact| exact.nearest().ug();
        match ashton.convert(Amount::from_ug(2_000), &medicine("estazolam"), &medicine("diazepam")) {
            Answer::Range(least, most) => assert_eq!((ug(least), ug(most)), (10_000, 20_000)),
            other => panic!("{other:?}"),
        }
        match clincalc.convert(Amount::from_ug(2_000), &medicine("clonazepam"), &medicine("diazepam")) {
            Answer::Dose(dose, Some((least, most))) => {
                assert_eq!((ug(least), ug(most), dose.to_string()), (5_000, 40_000, "26.667\u{a0}mg, rounded".into()));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_table_leaves_out_is_never_made_up() {
        let to_diazepam =
            |table: &Table, name: &str| table.convert(Amount::from_ug(10_000), &medicine(name), &medicine("diazepam"));
        let by = |id: &str| Table::ours().iter().find(|table| table.id == id).unwrap();
        let zolpidem = to_diazepam(by("nsw-2022"), "zolpidem");
        assert_eq!(zolpidem, Answer::Excluded(medicine("zolpidem"), "its conversion is unclear".to_owned()));
        assert_eq!(to_diazepam(by("ashton-2002"), "zolpidem"), Answer::Silent(medicine("zolpidem")));
        assert!(matches!(to_diazepam(by("nhs-scotland"), "zolpidem"), Answer::Dose(dose, None) if dose.is_whole()));
    }

    #[test]
    fn a_file_that_says_something_impossible_is_refused() {
        let ashton = include_str!("../../../data/equivalence/ashton-2002.toml");
        for (was, is) in [
            ("dose = \"0.5 mg\"", "dose = \"0 mg\""),
            ("dose = \"0.5 mg\"", "dose = \".5 mg\""),
            ("dose = \"0.5 mg\"", "least = \"0.5 mg\""),
            ("dose = \"0.5 mg\"", ""),
            ("dose = \"0.5 mg\"", "dose = \"0.5 mg\"\nleast = \"1 mg\"\nmost = \"2 mg\""),
            ("least = \"1 mg\"", "least = \"3 mg\""),
            ("medicine = \"alprazolam\"", "medicine = \"clonazepam\""),
            ("medicine = \"alprazolam\"", "medicine = \"diazepam\""),
            ("diazepam = \"10 mg\"", "diazepam = \"0 mg\""),
            ("version = \"1\"", "version = \"1\"\ncolour = \"red\""),
        ] {
            let changed = ashton.replacen(was, is, 1);
            assert_ne!(changed, ashton);
            assert!(matches!(Table::read(&changed), Err(Refusal::TableUnreadable { .. })), "{is}");
        }
    }
}

//! Products: what a medicine comes as. They are data, read from a file with one line a product.
//!
//! The columns of `data/products.csv`, and of a facility's own file:
//!
//! | column | meaning |
//! |---|---|
//! | `code` | RxNorm code, or the facility's own |
//! | `medicine` | the ingredient, in lower case: `clonazepam` |
//! | `form` | `tablet`, `ODT`, `capsule`, `film`, `sublingual tablet`, `oral solution` or `oral suspension` |
//! | `release` | `immediate` (where it is left out) or `modified` |
//! | `strength_ug` | whole micrograms in one piece, or in 1 mL |
//! | `per` | `piece` or `ml`; left out, the form says it |
//! | `halved` | `yes` where a source says that the tablet is scored; otherwise `no` (where it is left out) |
//! | `measure_ul` | a liquid's smallest step in whole microlitres; 50 where it is left out |
//! | `name` | the product's full name |
//! | `source` | where the line comes from |
//!
//! Only `code`, `medicine`, `form` and `strength_ug` are needed. A step of 0.05 mL is our choice: 1 mL oral syringes are
//! marked that finely, and 4.75 mL can be measured with one beside a larger syringe.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::care::amount::Amount;
use crate::care::medicine::Medicine;
use crate::care::refusal::Refusal;

/// A liquid's smallest step where its line gives none: 0.05 mL.
const SMALLEST_MEASURE_UL: u64 = 50;

/// What a product is to the hand that gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Form {
    #[serde(rename = "tablet")]
    Tablet,
    #[serde(rename = "ODT")]
    Odt,
    #[serde(rename = "capsule")]
    Capsule,
    #[serde(rename = "film")]
    Film,
    #[serde(rename = "sublingual tablet")]
    SublingualTablet,
    #[serde(rename = "oral solution")]
    OralSolution,
    #[serde(rename = "oral suspension")]
    OralSuspension,
}

impl Form {
    pub fn is_liquid(self) -> bool {
        matches!(self, Form::OralSolution | Form::OralSuspension)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Tablet => "tablet",
            Form::Odt => "ODT",
            Form::Capsule => "capsule",
            Form::Film => "film",
            Form::SublingualTablet => "sublingual tablet",
            Form::OralSolution => "oral solution",
            Form::OralSuspension => "oral suspension",
        })
    }
}

/// Which products of a medicine may stand in for each other in a dose: those of one kind, never those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Swallowed, and released at once.
    Plain,
    /// Extended or otherwise modified release.
    Modified,
    /// Dissolved under the tongue.
    Sublingual,
}

/// Something on the shelf: one medicine in one form and strength.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// RxNorm code, or the facility's own.
    pub code: String,
    pub medicine: Medicine,
    pub form: Form,
    /// Extended or otherwise modified release: never halved, and never exchanged for immediate release.
    pub modified_release: bool,
    /// In one piece, or in 1 mL of a liquid.
    pub strength: Amount,
    /// A source says that it may be halved.
    pub halved: bool,
    /// A liquid's smallest step, in whole microlitres; 0 for a solid.
    pub measure_ul: u64,
    /// The full name, as the source writes it.
    pub full_name: String,
    pub source: String,
}

impl Product {
    /// As it stands on pages: `0.5 mg tablet`, `0.25 mg ODT`, `1 mg/mL oral solution`.
    pub fn name(&self) -> String {
        let (strength, form) = (self.strength, self.form);
        match (form.is_liquid(), self.modified_release) {
            (true, _) => format!("{strength}/mL {form}"),
            (false, true) => format!("{strength} modified-release {form}"),
            (false, false) => format!("{strength} {form}"),
        }
    }

    /// Whether a facility may halve it at all: a plain tablet whose half is a whole number of micrograms.
    pub fn may_be_halved(&self) -> bool {
        self.form == Form::Tablet && !self.modified_release && self.strength.ug().is_multiple_of(2)
    }

    pub fn kind(&self) -> Kind {
        match (self.modified_release, self.form) {
            (true, _) => Kind::Modified,
            (false, Form::SublingualTablet) => Kind::Sublingual,
            (false, _) => Kind::Plain,
        }
    }

    /// Immediate release, swallowed, counted in pieces: what a shelf holds unless somebody says otherwise.
    pub fn is_plain_solid(&self) -> bool {
        self.kind() == Kind::Plain && !self.form.is_liquid()
    }

    /// Which of two liquids to measure: that of 1 mg/mL, whose millilitres are its milligrams; then the weaker, since a slip
    /// of the syringe then matters less.
    pub fn measured_before(&self, other: &Product) -> Ordering {
        let order = |liquid: &Product| (liquid.strength != Amount::from_ug(1000), liquid.strength, liquid.code.clone());
        order(self).cmp(&order(other))
    }

    /// What one smallest step of a liquid holds; nothing for a solid.
    pub fn measure(&self) -> Amount {
        Amount::from_ug(self.strength.ug() * self.measure_ul / 1000)
    }
}

/// Every product somebody may stock, in the order of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Products(Vec<Product>);

impl Products {
    /// The products that come with Stepdown.
    pub fn ours() -> &'static Products {
        static OURS: LazyLock<Products> = LazyLock::new(|| {
            Products::read(include_str!("../../../data/products.csv")).expect("a test reads the products we ship")
        });
        &OURS
    }

    /// Reads a file of products; the first line that is wrong is named.
    pub fn read(text: &str) -> Result<Products, Refusal> {
        let mut products: Vec<Product> = Vec::new();
        let mut codes = BTreeSet::new();
        let mut lines = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        for (line, row) in (2..).zip(lines.deserialize::<Line>()) {
            let wrong = |problem: String| Refusal::ProductUnreadable { line, problem };
            let product = row.map_err(|error| wrong(error.to_string())).and_then(|row| row.product().map_err(wrong))?;
            if !codes.insert(product.code.clone()) {
                return Err(wrong(format!("code {} stands there twice", product.code)));
            }
            products.push(product);
        }
        Ok(Products(products))
    }

    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.0.iter()
    }

    pub fn product(&self, code: &str) -> Option<&Product> {
        self.0.iter().find(|product| product.code == code)
    }

    pub fn of<'a>(&'a self, medicine: &'a Medicine) -> impl Iterator<Item = &'a Product> {
        self.0.iter().filter(move |product| product.medicine == *medicine)
    }

    /// The medicine of this name, if there is any product of it.
    pub fn medicine(&self, name: &str) -> Result<Medicine, Refusal> {
        let name = name.trim().to_lowercase();
        let found = self.0.iter().map(|product| &product.medicine).find(|medicine| medicine.0 == name);
        found.cloned().ok_or_else(|| Refusal::MedicineUnknown { text: name.chars().take(40).collect() })
    }

    /// In the order of the alphabet.
    pub fn medicines(&self) -> BTreeSet<&Medicine> {
        self.0.iter().map(|product| &product.medicine).collect()
    }
}

/// One line of the file, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: String,
    medicine: String,
    form: Form,
    #[serde(default)]
    release: String,
    strength_ug: u64,
    #[serde(default)]
    per: String,
    #[serde(default)]
    halved: String,
    #[serde(default)]
    measure_ul: Option<u64>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    source: String,
}

impl Line {
    fn product(self) -> Result<Product, String> {
        let liquid = self.form.is_liquid();
        let product = Product {
            modified_release: one_of("release", &self.release, ["immediate", "modified"])? == 1,
            halved: one_of("halved", &self.halved, ["no", "yes"])? == 1,
            measure_ul: if liquid { self.measure_ul.unwrap_or(SMALLEST_MEASURE_UL) } else { 0 },
            strength: Amount::from_ug(self.strength_ug),
            medicine: Medicine(self.medicine.to_lowercase()),
            code: self.code,
            form: self.form,
            full_name: self.name,
            source: self.source,
        };
        let unit = if liquid { ["ml", "ml"] } else { ["piece", "piece"] };
        one_of("per", &self.per, unit)?;
        possible(&product)?;
        Ok(product)
    }
}

/// Which of two words a column holds; empty is the first.
fn one_of(column: &str, text: &str, words: [&str; 2]) -> Result<usize, String> {
    let found = if text.is_empty() { Some(0) } else { words.iter().position(|word| *word == text) };
    found.ok_or_else(|| format!("{column} is “{text}”, not {} or {}", words[0], words[1]))
}

/// What no product can be, whatever its file says.
fn possible(product: &Product) -> Result<(), String> {
    if product.code.is_empty() || product.medicine.0.is_empty() {
        return Err("code and medicine must not be empty".to_owned());
    }
    if product.strength.is_zero() || product.strength > Amount::LARGEST_DOSE {
        return Err("strength_ug is not the strength of any product".to_owned());
    }
    if product.halved && !product.may_be_halved() {
        return Err(format!("a {} cannot be halved", product.name()));
    }
    let exact = product.measure_ul <= 10_000 && (product.strength.ug() * product.measure_ul).is_multiple_of(1000);
    if product.form.is_liquid() && (product.measure().is_zero() || !exact) {
        return Err("a step of measure_ul does not hold a whole number of micrograms".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(code: &str) -> &'static Product {
        Products::ours().product(code).unwrap()
    }

    #[test]
    fn the_products_we_ship_are_read_and_named() {
        assert_eq!(Products::ours().products().count(), 102);
        assert_eq!(ours("197527").name(), "0.5\u{a0}mg tablet");
        assert_eq!(ours("349195").name(), "0.25\u{a0}mg ODT");
        assert_eq!(ours("309843").name(), "1\u{a0}mg/mL oral solution");
        assert_eq!(ours("433798").name(), "0.5\u{a0}mg modified-release tablet");
    }

    /// clinical.md 3.2: only the label of the clonazepam 0.5 mg tablet says that it is scored.
    #[test]
    fn nothing_is_halved_without_a_source() {
        let halved: Vec<&str> = Products::ours().products().filter(|p| p.halved).map(|p| p.code.as_str()).collect();
        assert_eq!(halved, ["197527"]);
    }

    #[test]
    fn modified_release_sublingual_and_liquid_products_are_no_plain_solids() {
        let plain = |code| ours(code).is_plain_solid();
        assert!(plain("197527") && plain("349195") && plain("198243"));
        assert!(!plain("433798") && !plain("854894") && !plain("1232194") && !plain("2569564") && !plain("309843"));
    }

    /// The value set files flunitrazepam 1 mg under nitrazepam.
    #[test]
    fn flunitrazepam_is_its_own_medicine() {
        assert_eq!(ours("104683").medicine.0, "flunitrazepam");
    }

    #[test]
    fn a_facilitys_own_file_needs_four_columns() {
        let own = Products::read("code,medicine,form,strength_ug\nx1,clonazepam,tablet,250\n").unwrap();
        assert_eq!(own.product("x1").unwrap().strength, Amount::from_ug(250));
        assert!(!own.product("x1").unwrap().halved);
    }

    #[test]
    fn what_cannot_be_a_product_is_refused_with_its_line() {
        let header = "code,medicine,form,release,strength_ug,per,halved,measure_ul";
        for line in [
            "x,clonazepam,tablet,immediate,0,piece,no,",
            "x,clonazepam,tablet,immediate,0.5,piece,no,",
            "x,clonazepam,tablet,immediate,-500,piece,no,",
            "x,clonazepam,pill,immediate,500,piece,no,",
            "x,clonazepam,tablet,slow,500,piece,no,",
            "x,clonazepam,tablet,modified,500,piece,yes,",
            "x,clonazepam,capsule,immediate,500,piece,yes,",
            "x,clonazepam,ODT,immediate,500,piece,yes,",
            "x,clonazepam,tablet,immediate,125,piece,yes,",
            "x,clonazepam,tablet,immediate,500,ml,no,",
            "x,clonazepam,oral solution,immediate,100,piece,no,50",
            "x,clonazepam,oral solution,immediate,100,ml,no,3",
            "x,clonazepam,oral solution,immediate,100,ml,no,0",
            ",clonazepam,tablet,immediate,500,piece,no,",
            "x,clonazepam,tablet,immediate,500",
        ] {
            let read = Products::read(&format!("{header}\n{line}\n"));
            assert!(matches!(read, Err(Refusal::ProductUnreadable { line: 2, .. })), "{line}: {read:?}");
        }
        assert!(Products::read("code,medicine,form,strength_ug,colour\nx,a,tablet,5,red\n").is_err());
    }
}

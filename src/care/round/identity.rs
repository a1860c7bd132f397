//! Who is given a dose, and from which pack: what a facility wants checked before a dose counts as given.
//!
//! A second identifier beside the name is asked for by patient safety goals (The Joint Commission, NPSG.01.01.01: at least
//! two identifiers, never the room). Whoever cannot scan writes why: what was given can always be recorded.

pub mod asked;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use self::asked::Identify;
use super::administration::note;
use super::outcome::Outcome;
use crate::care::calendar::{Day, day_text};
use crate::care::medicine::barcode::Pack;
use crate::care::medicine::coded::Coded;
use crate::care::medicine::product::{Product, Products};
use crate::care::medicine::tablets::Pieces;
use crate::care::refusal::Refusal;
use crate::care::resident::{Resident, same_number};

/// By what somebody was recognised beside their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    Number,
    Birthday,
}

/// The dose in whose hands a scanner is.
#[derive(Debug, Clone, Copy)]
pub struct IdentityCase<'a> {
    pub asked: Identify,
    pub resident: &'a Resident,
    /// Everybody else of the facility.
    pub others: &'a [Resident],
    /// What the dose is made of; none where it cannot be made.
    pub pieces: Option<&'a Pieces>,
    pub known: &'a [Coded],
    pub today: NaiveDate,
}

/// What was scanned so far, and fits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub resident: Option<KnownBy>,
    /// Each with the product that it is a pack of.
    pub packs: Vec<(&'static Product, Pack)>,
}

/// What was scanned before a dose was given, in its order, or why it was not.
#[derive(Debug, Clone, Default)]
pub struct IdentityAsk {
    pub scanned: Vec<String>,
    pub unscanned: String,
}

/// What is still to be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanting {
    Resident,
    Pack(&'static Product),
}

impl<'a> IdentityCase<'a> {
    /// All that was scanned, in its order; the first thing that does not fit is refused.
    pub fn seen(&self, scans: &[String]) -> Result<Identity, Refusal> {
        scans.iter().try_fold(Identity::default(), |seen, scan| self.see(seen, scan))
    }

    /// The same, without packs of another product: the page may have asked for the pack of another box than the one that the
    /// dose came from, and why that one was not scanned is written.
    fn fitting(&self, scans: &[String]) -> Result<Identity, Refusal> {
        scans.iter().try_fold(Identity::default(), |seen, scan| match self.see(seen.clone(), scan) {
            Err(Refusal::WrongProduct { .. }) => Ok(seen),
            said => said,
        })
    }

    /// One more thing is scanned or typed: the resident’s label, or a pack.
    pub fn see(&self, seen: Identity, scan: &str) -> Result<Identity, Refusal> {
        let scan = scan.trim();
        if scan.is_empty() {
            return Err(Refusal::ScanEmpty);
        }
        if let Some(by) = self.known_by(scan) {
            return Ok(Identity { resident: Some(by), ..seen });
        }
        if let Some(other) = self.others.iter().find(|other| same_number(&other.number, scan)) {
            return Err(Refusal::WrongResident { name: other.name(), wanted: self.resident.name() });
        }
        if self.asked != Identify::ResidentAndProduct {
            return Err(Refusal::LabelUnknown { name: self.resident.name() });
        }
        self.pack(seen, Pack::read(scan, self.today)?)
    }

    fn known_by(&self, scan: &str) -> Option<KnownBy> {
        let birthday = self.resident.born_on.format("%Y-%m-%d").to_string();
        match scan {
            _ if same_number(&self.resident.number, scan) => Some(KnownBy::Number),
            _ if birthday == scan => Some(KnownBy::Birthday),
            _ => None,
        }
    }

    fn pack(&self, mut seen: Identity, pack: Pack) -> Result<Identity, Refusal> {
        let wanted = self.products();
        let named = |coded: &&Coded| coded.code.names(&pack.code);
        let products: Vec<&Product> =
            self.known.iter().filter(named).filter_map(|coded| Products::ours().product(&coded.product)).collect();
        let unknown = || Refusal::BarcodeUnknown { text: pack.code.to_string() };
        let Some(first) = products.first() else { return Err(unknown()) };
        let Some(product) = wanted.into_iter().find(|product| products.iter().any(|one| one.code == product.code))
        else {
            let wanted = self.products().iter().map(|product| said(product)).collect::<Vec<_>>().join(" and ");
            return Err(Refusal::WrongProduct { scanned: said(first), wanted });
        };
        if let Some(last) = pack.expires_on.filter(|_| pack.is_expired(self.today)) {
            return Err(Refusal::ScannedExpired { product: said(product), on: Day(last) });
        }
        seen.packs.retain(|(known, _)| known.code != product.code);
        seen.packs.push((product, pack));
        Ok(seen)
    }

    /// What the dose is made of, each product once.
    fn products(&self) -> Vec<&'static Product> {
        let mut once = BTreeSet::new();
        let pieces = self.pieces.iter().flat_map(|pieces| &pieces.0);
        let products = pieces.filter_map(|piece| Products::ours().product(&piece.product));
        products.filter(|product| once.insert(&product.code)).collect()
    }

    /// What has to be scanned before the dose counts as given.
    pub fn wanting(&self, seen: &Identity) -> Vec<Wanting> {
        let resident = self.asked != Identify::Nothing && seen.resident.is_none();
        let packs = self.products().into_iter().filter(|_| self.asked == Identify::ResidentAndProduct);
        let open = packs.filter(|product| !seen.packs.iter().any(|(known, _)| known.code == product.code));
        resident.then_some(Wanting::Resident).into_iter().chain(open.map(Wanting::Pack)).collect()
    }

    /// What the record says of it, in words: what was scanned, or why it was not. Of a dose that was not given nobody asks.
    pub fn confirm(&self, outcome: Outcome, ask: &IdentityAsk) -> Result<String, Refusal> {
        if self.asked == Identify::Nothing || !outcome.takes() {
            return Ok(String::new());
        }
        let why = note(&ask.unscanned)?;
        let seen = if why.is_empty() { self.seen(&ask.scanned)? } else { self.fitting(&ask.scanned)? };
        let wanting = self.wanting(&seen);
        match wanting.first() {
            Some(next) if why.is_empty() => Err(Refusal::NotScanned { what: next.said() }),
            Some(_) => Ok(seen.words(Some(&why))),
            None => Ok(seen.words(None)),
        }
    }
}

fn said(product: &Product) -> String {
    format!("{} {}", product.medicine, product.name())
}

impl Wanting {
    /// `the resident’s label`, `the pack of clonazepam 0.5 mg tablet`
    pub fn said(&self) -> String {
        match self {
            Wanting::Resident => "the resident’s label".to_owned(),
            Wanting::Pack(product) => format!("the pack of {}", said(product)),
        }
    }
}

impl Identity {
    /// One line for each thing that fits.
    pub fn lines(&self) -> Vec<String> {
        let resident = self.resident.map(|by| match by {
            KnownBy::Number => "Resident’s number".to_owned(),
            KnownBy::Birthday => "Resident’s date of birth".to_owned(),
        });
        resident.into_iter().chain(self.packs.iter().map(|(product, pack)| pack_line(product, pack))).collect()
    }

    fn words(&self, unscanned: Option<&str>) -> String {
        let mut lines = self.lines();
        lines.extend(unscanned.map(|why| format!("Not scanned: {why}")));
        lines.join("; ")
    }
}

fn pack_line(product: &Product, pack: &Pack) -> String {
    let lot = pack.lot.as_ref().map(|lot| format!(", lot {lot}")).unwrap_or_default();
    let expiry = pack.expires_on.map(|on| format!(", expires {}", day_text(on))).unwrap_or_default();
    format!("{}{lot}{expiry}", said(product))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::amount::Amount;
    use crate::care::medicine::barcode::PackCode;
    use crate::care::medicine::tablets::Shelf;
    use crate::care::resident::Allergies;

    const TABLET: &str = "04000000000006";

    fn resident(number: &str, surname: &str, born_on: &str) -> Resident {
        Resident {
            id: number.into(),
            facility: "alder".into(),
            unit: "east".into(),
            number: number.into(),
            surname: surname.into(),
            forename: "Ada".into(),
            born_on: born_on.parse().unwrap(),
            room: "12".into(),
            allergies: Allergies::NoneKnown,
        }
    }

    /// 0.75 mg of clonazepam: a 0.5 mg tablet and a 0.25 mg ODT.
    fn pieces() -> Pieces {
        let product = |code: &str| (Products::ours().product(code).unwrap().clone(), false);
        Shelf::of([product("197527"), product("349195")]).pieces(Amount::from_ug(750)).unwrap()
    }

    fn coded(product: &str, code: &str) -> Coded {
        Coded { product: product.into(), code: PackCode::read(code).unwrap() }
    }

    fn on_case(asked: Identify, law: impl Fn(&IdentityCase)) {
        let (ada, others) = (resident("AH-1", "Ash", "1941-02-03"), [resident("AH-2", "Beech", "1939-05-06")]);
        let known = [coded("197527", TABLET), coded("349195", "12345-678-90"), coded("197528", "6291041500213")];
        let pieces = pieces();
        let today = "2026-11-20".parse().unwrap();
        law(&IdentityCase { asked, resident: &ada, others: &others, pieces: Some(&pieces), known: &known, today });
    }

    fn scans(all: &[&str], unscanned: &str) -> IdentityAsk {
        let scanned = all.iter().map(|scan| (*scan).to_owned()).collect();
        IdentityAsk { scanned, unscanned: unscanned.to_owned() }
    }

    #[test]
    fn the_resident_is_known_by_number_or_birthday_and_nobody_else_is() {
        on_case(Identify::Resident, |case| {
            let known = |scan: &str| case.see(Identity::default(), scan).map(|seen| seen.resident);
            assert_eq!(known(" ah-1 "), Ok(Some(KnownBy::Number)));
            assert_eq!(known("1941-02-03"), Ok(Some(KnownBy::Birthday)));
            let wrong = Refusal::WrongResident { name: "BEECH, Ada".into(), wanted: "ASH, Ada".into() };
            assert_eq!(known("AH-2"), Err(wrong));
            for odd in ["AH-11", "1939-05-06", "3 Feb 1941", TABLET, "12"] {
                assert_eq!(known(odd), Err(Refusal::LabelUnknown { name: "ASH, Ada".into() }), "{odd}");
            }
            assert_eq!(known("  "), Err(Refusal::ScanEmpty));
        });
    }

    #[test]
    fn every_product_of_the_dose_is_scanned_and_no_other() {
        on_case(Identify::ResidentAndProduct, |case| {
            let given = |all: &[&str]| case.confirm(Outcome::Given, &scans(all, ""));
            let odt = "12345067890";
            let words = "Resident’s number; clonazepam 0.5\u{a0}mg tablet; clonazepam 0.25\u{a0}mg ODT";
            assert_eq!(given(&["AH-1", TABLET, odt]), Ok(words.into()));
            assert!(given(&[odt, TABLET, TABLET, "1941-02-03"]).is_ok(), "in any order, twice too");
            assert_eq!(
                given(&["AH-1", odt]),
                Err(Refusal::NotScanned { what: "the pack of clonazepam 0.5\u{a0}mg tablet".into() })
            );
            assert_eq!(given(&[TABLET, odt]), Err(Refusal::NotScanned { what: "the resident’s label".into() }));
            let wanted = "clonazepam 0.5\u{a0}mg tablet and clonazepam 0.25\u{a0}mg ODT".to_owned();
            let wrong = Refusal::WrongProduct { scanned: "clonazepam 1\u{a0}mg tablet".into(), wanted };
            assert_eq!(given(&["AH-1", "6291041500213"]), Err(wrong));
            assert_eq!(given(&["AH-1", "12345-678-91"]), Err(Refusal::BarcodeUnknown { text: "1234567891".into() }));
        });
    }

    #[test]
    fn an_expired_pack_is_refused_and_its_last_day_is_not() {
        on_case(Identify::ResidentAndProduct, |case| {
            let scan = |expiry: &str| case.see(Identity::default(), &format!("01{TABLET}17{expiry}10L7"));
            let expired = Refusal::ScannedExpired {
                product: "clonazepam 0.5\u{a0}mg tablet".into(),
                on: Day("2026-11-19".parse().unwrap()),
            };
            assert_eq!(scan("261119"), Err(expired));
            assert_eq!(
                scan("261120").unwrap().lines(),
                ["clonazepam 0.5\u{a0}mg tablet, lot L7, expires 20\u{a0}Nov\u{a0}2026"]
            );
        });
    }

    #[test]
    fn what_was_given_can_be_recorded_without_a_scanner_with_the_reason() {
        on_case(Identify::ResidentAndProduct, |case| {
            let said = case.confirm(Outcome::Given, &scans(&["AH-1"], " The label is torn. "));
            assert_eq!(said, Ok("Resident’s number; Not scanned: The label is torn.".into()));
            assert_eq!(case.confirm(Outcome::Refused, &IdentityAsk::default()), Ok(String::new()), "nothing was given");
        });
        on_case(Identify::ResidentAndProduct, |case| {
            let late = |all: &[&str]| case.confirm(Outcome::Given, &scans(all, "Written down after the move."));
            let words = "Resident’s number; Not scanned: Written down after the move.";
            assert_eq!(late(&["AH-1", "6291041500213"]), Ok(words.into()), "the pack of another box");
            assert!(
                matches!(late(&["AH-2"]), Err(Refusal::WrongResident { .. })),
                "another resident is another resident"
            );
        });
        on_case(Identify::Nothing, |case| {
            assert_eq!(case.confirm(Outcome::Given, &IdentityAsk::default()), Ok(String::new()))
        });
    }
}

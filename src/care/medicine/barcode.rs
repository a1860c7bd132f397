//! What a scanner reads off a pack: a trade item number (GTIN) or a national drug code (NDC), alone or in a GS1 element
//! string with lot and expiry.
//!
//! Sources: GS1 General Specifications (the check digit; element strings, their separator and their predefined lengths;
//! dates and their century; numbers of restricted circulation); 21 CFR 207.33 (an NDC has 10 digits as 4-4-2, 5-3-2 or
//! 5-4-1, and a labeler keeps to one of them; 11 digits are 5-4-2 with a zero put in front of the short part); a United
//! States GTIN holds the NDC between `03` and its check digit.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::care::calendar::days_before;
use crate::care::refusal::Refusal;

/// Between two elements: FNC1, which scanners send as the control character GS.
pub const SEPARATOR: char = '\u{1d}';
/// What scanners that cannot send a control character send in its place.
const INSTEAD: [&str; 6] = ["<GS>", "{GS}", "[GS]", "<FNC1>", "{FNC1}", "^]"];
/// The symbologies that carry element strings, as scanners name them before the text (ISO/IEC 15424).
const SYMBOLOGIES: [&str; 7] = ["]d2", "]C1", "]Q3", "]e0", "]E0", "]E4", "]J1"];
const LONGEST_SCAN: usize = 200;
const LONGEST_LOT: usize = 20;

/// The number by which a pack is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackCode {
    /// Fourteen digits; a shorter number has zeros before it.
    Gtin(String),
    /// Ten digits, or eleven with a zero put in somewhere.
    Ndc(String),
}

/// What was read off a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    pub code: PackCode,
    pub lot: Option<String>,
    /// The last day on which it may be used.
    pub expires_on: Option<NaiveDate>,
}

impl PackCode {
    /// A number as it is typed or scanned: 8, 12, 13 or 14 digits with their check digit, or an NDC with or without hyphens.
    pub fn read(text: &str) -> Result<PackCode, Refusal> {
        let text = text.trim();
        match text.contains('-') {
            true => hyphenated(text),
            false if text.bytes().all(|b| b.is_ascii_digit()) => bare(text),
            false => Err(unreadable(text)),
        }
    }

    /// Whether both are numbers of the same pack.
    pub fn names(&self, other: &PackCode) -> bool {
        match (self, other) {
            (PackCode::Gtin(one), PackCode::Gtin(two)) => one == two,
            (PackCode::Ndc(one), PackCode::Ndc(two)) if one.len() == two.len() => one == two,
            (one, two) => one.drug_codes().iter().any(|code| two.drug_codes().contains(code)),
        }
    }

    /// The drug codes of ten digits that it may stand for: of eleven digits nobody can always say which zero was put in.
    fn drug_codes(&self) -> Vec<String> {
        match self {
            PackCode::Ndc(digits) if digits.len() == 11 => without_a_zero(digits),
            PackCode::Ndc(digits) => vec![digits.clone()],
            PackCode::Gtin(digits) if &digits[1..3] == "03" => vec![digits[3..13].to_owned()],
            PackCode::Gtin(_) => Vec::new(),
        }
    }

    /// A number that a house gives itself: no trade item has it.
    pub fn is_in_house(&self) -> bool {
        let PackCode::Gtin(digits) = self else { return false };
        matches!(&digits[1..3], "02" | "04") || digits.as_bytes()[1] == b'2'
    }
}

/// As it stands in a list, and is read again.
impl fmt::Display for PackCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (PackCode::Gtin(digits) | PackCode::Ndc(digits)) = self;
        f.write_str(digits)
    }
}

impl Pack {
    /// What a scanner read. The day tells the century of a year that has two digits.
    pub fn read(scan: &str, today: NaiveDate) -> Result<Pack, Refusal> {
        let scan = scan.trim();
        if scan.len() > LONGEST_SCAN || !scan.is_ascii() {
            return Err(unreadable(scan));
        }
        let text = SYMBOLOGIES.iter().find_map(|name| scan.strip_prefix(name)).unwrap_or(scan);
        let text = INSTEAD.iter().fold(text.to_owned(), |text, instead| text.replace(instead, &SEPARATOR.to_string()));
        if let Ok(code) = PackCode::read(&text) {
            return Ok(Pack { code, lot: None, expires_on: None });
        }
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'-') && text.len() < 16;
        if plain {
            // It is a number alone, and one that says what is wrong with it.
            return PackCode::read(&text).map(|code| Pack { code, lot: None, expires_on: None });
        }
        let elements = if text.starts_with('(') { bracketed(&text) } else { Elements(&text).collect() };
        pack(elements.ok_or_else(|| unreadable(scan))?, scan, today)
    }

    /// Its expiry has passed.
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires_on.is_some_and(|last| last < today)
    }
}

fn pack(elements: Vec<(&str, &str)>, scan: &str, today: NaiveDate) -> Result<Pack, Refusal> {
    let value = |wanted: &str| elements.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    let code = bare(value("01").ok_or_else(|| unreadable(scan))?)?;
    let lot = value("10").map(str::to_owned);
    if lot.as_ref().is_some_and(|lot| lot.len() > LONGEST_LOT) {
        return Err(Refusal::BarcodeRunsOn);
    }
    let expires_on = value("17").map(|digits| expiry(digits, today).ok_or_else(|| unreadable(scan))).transpose()?;
    Ok(Pack { code, lot, expires_on })
}

fn unreadable(text: &str) -> Refusal {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    Refusal::BarcodeUnreadable { text: shown }
}

/// The elements of a string, each with its application identifier.
struct Elements<'a>(&'a str);

impl<'a> Elements<'a> {
    /// None: it is no element string.
    fn collect(mut self) -> Option<Vec<(&'a str, &'a str)>> {
        let mut found = Vec::new();
        loop {
            self.0 = self.0.trim_start_matches(SEPARATOR);
            if self.0.is_empty() {
                return Some(found);
            }
            found.push(self.element()?);
        }
    }

    fn element(&mut self) -> Option<(&'a str, &'a str)> {
        let name = self.0.get(..2).filter(|name| name.bytes().all(|b| b.is_ascii_digit()))?;
        let (value, rest) = match predefined(name) {
            Some(length) => (self.0.get(2..length)?, &self.0[length..]),
            None => self.0[2..].split_once(SEPARATOR).unwrap_or((&self.0[2..], "")),
        };
        self.0 = rest;
        (!value.is_empty() && !value.contains(SEPARATOR)).then_some((name, value))
    }
}

/// So many characters, its identifier among them, has an element that begins with these digits; none: it ends at a separator.
fn predefined(name: &str) -> Option<usize> {
    match name {
        "00" => Some(20),
        "01" | "02" | "03" | "41" => Some(16),
        "04" => Some(18),
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => Some(8),
        "20" => Some(4),
        "31" | "32" | "33" | "34" | "35" | "36" => Some(10),
        _ => None,
    }
}

/// As it is printed under the symbol, and typed by hand: `(01)…(17)…`.
fn bracketed(text: &str) -> Option<Vec<(&str, &str)>> {
    let parts = text.strip_prefix('(')?.split('(');
    parts.map(|part| part.split_once(')').map(|(name, value)| (name, value.trim_matches([SEPARATOR, ' '])))).collect()
}

/// `YYMMDD`; without a day it is the last of the month. A year of two digits is the one nearest to today.
fn expiry(digits: &str, today: NaiveDate) -> Option<NaiveDate> {
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let (yy, month, day) = (number(digits.get(..2)?)?, number(digits.get(2..4)?)?, number(digits.get(4..6)?)?);
    let (century, now) = (today.year() / 100 * 100, today.year() % 100);
    let year = match yy as i32 - now {
        apart if apart >= 51 => century - 100,
        apart if apart <= -50 => century + 100,
        _ => century,
    } + yy as i32;
    if day > 0 {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    NaiveDate::from_ymd_opt(year, month, 1)?;
    NaiveDate::from_ymd_opt(next_year, next, 1).map(|first| days_before(first, 1))
}

fn bare(digits: &str) -> Result<PackCode, Refusal> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(unreadable(digits));
    }
    match digits.len() {
        8 | 12 | 13 | 14 if check_digit_fits(digits) => Ok(PackCode::Gtin(format!("{digits:0>14}"))),
        8 | 12 | 13 | 14 => Err(Refusal::BarcodeCheckDigit { text: digits.to_owned() }),
        10 => Ok(PackCode::Ndc(digits.to_owned())),
        11 if !without_a_zero(digits).is_empty() => Ok(PackCode::Ndc(digits.to_owned())),
        _ => Err(unreadable(digits)),
    }
}

/// Every second digit from the right, the check digit left out, counts three times; all of them make a multiple of ten.
fn check_digit_fits(digits: &str) -> bool {
    let weighed = digits.bytes().rev().enumerate();
    let sum: u32 = weighed.map(|(n, digit)| u32::from(digit - b'0') * if n % 2 == 1 { 3 } else { 1 }).sum();
    sum.is_multiple_of(10)
}

fn hyphenated(text: &str) -> Result<PackCode, Refusal> {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let [labeler, product, package] = parts[..] else { return Err(unreadable(text)) };
    match (labeler.len(), product.len(), package.len()) {
        (4, 4, 2) | (5, 3, 2) | (5, 4, 1) | (5, 4, 2) if digits => bare(&parts.concat()),
        _ => Err(unreadable(text)),
    }
}

/// The ten digits that eleven may stand for: labeler, product or package had a zero put before it.
fn without_a_zero(digits: &str) -> Vec<String> {
    let starts = [0, 5, 9].into_iter().filter(|start| digits.as_bytes()[*start] == b'0');
    starts.map(|start| format!("{}{}", &digits[..start], &digits[start + 1..])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
    }

    fn read(scan: &str) -> Result<Pack, Refusal> {
        Pack::read(scan, today())
    }

    fn day(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    fn gtin(body: u64) -> String {
        let body = format!("{body:013}");
        (0..10).map(|check| format!("{body}{check}")).find(|digits| check_digit_fits(digits)).unwrap()
    }

    /// The example of GS1’s own calculator: 629104150021 has the check digit 3.
    #[test]
    fn a_number_needs_the_check_digit_that_fits() {
        assert_eq!(PackCode::read("6291041500213"), Ok(PackCode::Gtin("06291041500213".into())));
        let wrong = Refusal::BarcodeCheckDigit { text: "6291041500214".into() };
        assert_eq!(PackCode::read("6291041500214"), Err(wrong.clone()));
        assert_eq!(read("6291041500214"), Err(wrong));
        for odd in ["", "629104150021312345", "12345", "abc", "62910 41500213", "１２３４５６７８", "1234-5678-9", "-"]
        {
            assert!(PackCode::read(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn an_element_string_is_read_however_the_scanner_sends_it() {
        let wanted = Pack {
            code: PackCode::Gtin("06291041500213".into()),
            lot: Some("B1042".into()),
            expires_on: day("2027-03-31"),
        };
        for scan in [
            "]d2010629104150021310B1042\u{1d}17270331",
            "\u{1d}010629104150021310B1042\u{1d}17270331",
            "010629104150021310B1042<GS>17270331",
            "010629104150021310B1042{GS}17270331 ",
            "]C101062910415002131727033110B1042",
            "01062910415002131727033121S-77\u{1d}10B1042",
            "(01)06291041500213(17)270331(10)B1042",
        ] {
            assert_eq!(read(scan), Ok(wanted.clone()), "{scan:?}");
        }
        let nothing_more = Pack { lot: None, expires_on: None, ..wanted };
        assert_eq!(read("0106291041500213"), Ok(nothing_more));
    }

    #[test]
    fn what_is_no_number_of_a_pack_is_refused() {
        for odd in [
            "",
            "17270331",
            "01062910415002",
            "010629104150021317271331",
            "hello",
            "(01)",
            "(01",
            "]d2",
            "01abcdefghijklmn",
        ] {
            assert!(read(odd).is_err(), "{odd}");
        }
        let ran_on = "010629104150021310B1042172703312112345678901234567890";
        assert_eq!(read(ran_on), Err(Refusal::BarcodeRunsOn), "the scanner left the separator out");
    }

    #[test]
    fn a_year_of_two_digits_is_the_nearest_and_a_month_without_a_day_ends_with_it() {
        assert_eq!(expiry("280200", today()), day("2028-02-29"));
        assert_eq!(expiry("271200", today()), day("2027-12-31"));
        assert_eq!(expiry("990101", today()), day("1999-01-01"));
        assert_eq!(expiry("760101", today()), day("2076-01-01"));
        assert_eq!([expiry("261301", today()), expiry("270230", today()), expiry("2702", today())], [None, None, None]);
        let pack = |on| Pack { code: PackCode::Ndc("0".repeat(10)), lot: None, expires_on: day(on) };
        assert!(!pack("2026-11-20").is_expired(today()), "on its last day it may be used");
        assert!(pack("2026-11-19").is_expired(today()));
    }

    #[test]
    fn a_drug_code_is_the_same_with_and_without_hyphens_of_ten_or_eleven_digits_and_in_a_trade_item_number() {
        let code = |text: &str| PackCode::read(text).unwrap();
        for (ten, eleven) in
            [("1234-5678-90", "01234-5678-90"), ("12345-678-90", "12345-0678-90"), ("12345-6789-1", "12345-6789-01")]
        {
            let (bare, longer) = (ten.replace('-', ""), eleven.replace('-', ""));
            for one in [ten, eleven, &bare, &longer] {
                for two in [ten, eleven, &bare, &longer] {
                    assert!(code(one).names(&code(two)), "{one} {two}");
                }
            }
            let trade = gtin(format!("003{bare}").parse().unwrap());
            assert!(code(eleven).names(&code(&trade)) && code(&trade).names(&code(ten)), "{ten} {trade}");
        }
        assert!(!code("1234-5678-90").names(&code("1234-5678-91")));
        assert!(!code("6291041500213").names(&code("1234-5678-90")));
        assert!(PackCode::read("12345-6789-11").is_err(), "no zero was put into it");
    }

    #[test]
    fn a_house_numbers_its_own_packs_where_nobody_else_does() {
        let own = |text: &str| PackCode::read(text).unwrap().is_in_house();
        assert!(own(&gtin(40_000_000_001)) && own(&gtin(200_000_000_001)) && own(&gtin(20_000_000_001)));
        assert!(!own("6291041500213") && !own("12345-678-90") && !own(&gtin(30_012_345_678)));
    }
}

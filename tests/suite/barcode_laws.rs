//! Laws of what a scanner reads off a pack.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use stepdown::care::medicine::barcode::{Pack, PackCode};

fn today() -> NaiveDate {
    "2026-11-20".parse().unwrap()
}

/// Thirteen digits with the one check digit that the reader takes.
pub fn gtin(body: u64) -> String {
    let numbers = (0..10).map(|check| format!("{body:013}{check}"));
    let fitting: Vec<String> = numbers.filter(|number| PackCode::read(number).is_ok()).collect();
    assert_eq!(fitting.len(), 1, "one check digit fits {body}");
    fitting[0].clone()
}

proptest! {
    /// A slip of one digit is always seen.
    #[test]
    fn one_wrong_digit_never_passes(body in 0..10_000_000_000_000_u64, place in 0..14_usize, by in 1..10_u8) {
        let right = gtin(body);
        let mut slipped = right.into_bytes();
        slipped[place] = b'0' + (slipped[place] - b'0' + by) % 10;
        prop_assert!(PackCode::read(&String::from_utf8(slipped).unwrap()).is_err());
    }

    #[test]
    fn whatever_is_scanned_is_read_or_refused_and_a_number_is_read_again(
        scan in "\\PC{0,60}|[0-9()\u{1d}-]{0,60}|01[0-9]{14}17[0-9]{6}10[\\PC]{0,30}"
    ) {
        if let Ok(pack) = Pack::read(&scan, today()) {
            prop_assert_eq!(PackCode::read(&pack.code.to_string()), Ok(pack.code));
        }
    }

    #[test]
    fn lot_and_expiry_come_back_in_either_order(
        body in 0..10_000_000_000_000_u64, lot in "[A-Z0-9.-]{1,20}", days in 0..9_000_u64, lot_first: bool
    ) {
        let last = today() + Days::new(days);
        let (number, expiry) = (gtin(body), last.format("17%y%m%d").to_string());
        let scan = match lot_first {
            true => format!("01{number}10{lot}\u{1d}{expiry}"),
            false => format!("01{number}{expiry}10{lot}"),
        };
        let pack = Pack::read(&scan, today()).unwrap();
        prop_assert_eq!((pack.lot, pack.expires_on), (Some(lot), Some(last)));
        prop_assert_eq!(pack.code, PackCode::Gtin(number));
    }

    /// However a code of ten digits is written, it is the same pack; and another code is another.
    #[test]
    fn a_drug_code_is_one_pack_however_it_is_written(labeler in 10_000..100_000_u32, product in 0..1_000_u32, package in 0..100_u32) {
        let read = |text: String| PackCode::read(&text).unwrap();
        let ten = read(format!("{labeler}-{product:03}-{package:02}"));
        let eleven = read(format!("{labeler}{product:04}{package:02}"));
        let trade = read(gtin(format!("03{labeler}{product:03}{package:02}").parse().unwrap()));
        let other = read(format!("{labeler}-{product:03}-{:02}", (package + 1) % 100));
        prop_assert!(ten.names(&eleven) && eleven.names(&trade) && trade.names(&ten));
        prop_assert!(!ten.names(&other) && !other.names(&trade) && !eleven.names(&other));
    }
}

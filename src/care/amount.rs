//! An exact quantity of a medicine, in whole micrograms.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// An exact quantity of a medicine: whole micrograms, never below zero, never a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(u64);

impl Amount {
    pub const ZERO: Amount = Amount(0);
    /// An amount that nobody could give by mouth in one dose is a slip of the decimal point.
    pub const LARGEST_DOSE: Amount = Amount(9_999_999);

    /// Whole micrograms.
    pub const fn from_ug(ug: u64) -> Self {
        Amount(ug)
    }

    /// Whole micrograms.
    pub const fn ug(self) -> u64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What is left after taking `other` away; nothing where there is less.
    pub fn less(self, other: Amount) -> Amount {
        Amount(self.0.saturating_sub(other.0))
    }

    /// Reads `0.5`, `0.5 mg`, `1mg` or `125 micrograms`.
    ///
    /// Refuses what is misread on wards: `.5`, `1,5`, `5.`, `µg`, `mcg`, signs, exponents, digits of other scripts,
    /// more than three decimals of a milligram. `1.0` is read as 1 (ISMP's list of error-prone dose designations).
    pub fn parse(text: &str) -> Result<Amount, Refusal> {
        let text = text.trim();
        let unreadable = || Refusal::AmountUnreadable { text: shorten(text) };
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let thousandths = thousandths(number).ok_or_else(unreadable)?;
        let ug = match unit.trim_start() {
            "" | "mg" => thousandths,
            "micrograms" | "microgram" if thousandths.is_multiple_of(1000) => thousandths / 1000,
            "µg" | "μg" | "ug" | "mcg" | "MG" | "Mg" | "g" => {
                return Err(Refusal::AmountUnit { text: shorten(text) });
            }
            "mL" | "ml" => return Err(Refusal::AmountNeedsConcentration { text: shorten(text) }),
            _ => return Err(unreadable()),
        };
        if ug > Amount::LARGEST_DOSE.ug() {
            return Err(Refusal::AmountTooLarge { text: shorten(text) });
        }
        Ok(Amount(ug))
    }

    /// Milligrams with a leading zero and no trailing one: `0.75`, `1`, `1.125`.
    pub fn number(self) -> String {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return whole.to_string();
        }
        let decimals = format!("{rest:03}");
        format!("{whole}.{}", decimals.trim_end_matches('0'))
    }
}

/// `0.75 mg`, with a space that does not break.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{a0}mg", self.number())
    }
}

impl Add for Amount {
    type Output = Amount;
    fn add(self, other: Amount) -> Amount {
        Amount(self.0 + other.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Add::add)
    }
}

impl Mul<u64> for Amount {
    type Output = Amount;
    fn mul(self, times: u64) -> Amount {
        Amount(self.0 * times)
    }
}

/// `1`, `0.5`, `1.125` as thousandths; at most four digits before the point and three after it.
pub(crate) fn thousandths(number: &str) -> Option<u64> {
    let (whole, decimals) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, decimals)) => (whole, decimals),
        None => (number, ""),
    };
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 7 || decimals.len() > 3 || !plain(whole) || !plain(decimals) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let decimals: u64 = format!("{decimals:0<3}").parse().ok()?;
    Some(whole * 1000 + decimals)
}

/// What somebody typed, short enough to be shown back.
fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<u64> {
        Amount::parse(text).ok().map(Amount::ug)
    }

    #[test]
    fn amounts_are_read_as_they_are_written_on_a_ward() {
        assert_eq!(read("0.5"), Some(500));
        assert_eq!(read("1"), Some(1_000));
        assert_eq!(read("1.0"), Some(1_000));
        assert_eq!(read("1.125 mg"), Some(1_125));
        assert_eq!(read("125 micrograms"), Some(125));
        assert_eq!(read("0 mg"), Some(0));
    }

    /// MediTrak 109 and medTimer 925: ".5" counted as 5 tablets.
    #[test]
    fn what_is_easily_misread_is_refused() {
        for text in [
            ".5",
            "1,5",
            "5.",
            "1 000",
            "-1",
            "+1",
            "1e3",
            "0.1234",
            "٣",
            "１",
            "0.5 µg",
            "0.5 μg",
            "5 mcg",
            "1 MG",
            "",
            " ",
            "mg",
            "1 mg mg",
            "1 mL",
            "0.5.1",
            "10000 mg",
            "99999999999999999999",
            "0.5 micrograms",
            "½",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_with_a_leading_zero_and_no_trailing_one() {
        let shown = |ug| Amount::from_ug(ug).to_string();
        assert_eq!(shown(500), "0.5\u{a0}mg");
        assert_eq!(shown(1_000), "1\u{a0}mg");
        assert_eq!(shown(1_125), "1.125\u{a0}mg");
        assert_eq!(shown(10_050), "10.05\u{a0}mg");
        assert_eq!(shown(0), "0\u{a0}mg");
    }
}

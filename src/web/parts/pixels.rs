//! Lengths in a drawing, in tenths of a pixel: whole arithmetic, so that a drawing is the same on every machine.

use std::fmt;
use std::ops::{Add, Sub};

/// Tenths of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Px(i64);

impl Px {
    /// Whole pixels.
    pub const fn of(pixels: i64) -> Px {
        Px(pixels * 10)
    }

    pub const fn tenths(tenths: i64) -> Px {
        Px(tenths)
    }

    /// `part` of `whole` equal shares of this length, to the nearest tenth; nothing where there is no whole.
    pub fn share(self, part: i64, whole: i64) -> Px {
        if whole <= 0 {
            return Px(0);
        }
        let doubled = 2 * i128::from(self.0) * i128::from(part) + i128::from(whole);
        Px(i64::try_from(doubled.div_euclid(2 * i128::from(whole))).unwrap_or(i64::MAX))
    }

    pub fn half(self) -> Px {
        self.share(1, 2)
    }
}

impl Add for Px {
    type Output = Px;
    fn add(self, other: Px) -> Px {
        Px(self.0.saturating_add(other.0))
    }
}

impl Sub for Px {
    type Output = Px;
    fn sub(self, other: Px) -> Px {
        Px(self.0.saturating_sub(other.0))
    }
}

/// `103.5`, or `104` where nothing follows the point.
impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        match (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, tenth) => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

/// Digits, a point and a minus need no escaping.
impl askama::filters::HtmlSafe for Px {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_with_at_most_one_decimal() {
        assert_eq!(Px::of(104).to_string(), "104");
        assert_eq!(Px::tenths(1035).to_string(), "103.5");
        assert_eq!(Px::tenths(-5).to_string(), "-0.5");
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_tenth() {
        assert_eq!(Px::of(998).share(14, 336), Px::tenths(416));
        assert_eq!(Px::of(100).share(1, 3), Px::tenths(333));
        assert_eq!(Px::of(100).share(2, 3), Px::tenths(667));
        assert_eq!(Px::of(100).share(1, 0), Px::of(0));
    }
}

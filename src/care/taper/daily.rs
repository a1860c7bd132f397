//! What a day comes to: its words, and the measure by which it is compared with another day.

use std::fmt;

use crate::care::amount::Amount;
use crate::care::exact::Exact;

/// `1 mg`; `0.5 mg clonazepam and 10 mg diazepam` where another medicine runs; with the nights without, if there are any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daily {
    words: String,
    /// The amount, where the words are nothing else.
    plain: Option<Amount>,
    measure: Exact,
}

impl Daily {
    pub fn new(words: String, fullest: Amount, measure: Exact) -> Daily {
        let plain = Some(fullest).filter(|amount| words == amount.to_string());
        Daily { words, plain, measure }
    }

    /// The amount, where there is one medicine and every day is alike.
    pub fn plain(&self) -> Option<Amount> {
        self.plain
    }

    pub fn is_zero(&self) -> bool {
        self.measure.is_zero()
    }
}

impl Default for Daily {
    fn default() -> Daily {
        Amount::ZERO.into()
    }
}

impl From<Amount> for Daily {
    fn from(amount: Amount) -> Daily {
        Daily::new(amount.to_string(), amount, amount.into())
    }
}

impl From<&Daily> for Exact {
    fn from(daily: &Daily) -> Exact {
        daily.measure
    }
}

impl fmt::Display for Daily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

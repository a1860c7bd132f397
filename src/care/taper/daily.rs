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

/// `−8.3%`: of the dose now, to a tenth of a percent, halves away from zero; nothing where there is no dose now.
pub fn change_text(now: impl Into<Exact>, proposed: impl Into<Exact>) -> Option<String> {
    let (now, proposed) = (now.into(), proposed.into());
    if now.is_zero() || now == proposed {
        return None;
    }
    let tenths = now.change_to(proposed, 1_000);
    // Only nothing at all is a change of the whole.
    let tenths = if !proposed.is_zero() && proposed < now { tenths.min(999) } else { tenths };
    let sign = if proposed < now { "\u{2212}" } else { "+" };
    Some(format!("{sign}{}%", tenths_text(tenths)))
}

/// `−33.3%, to 50% of the first dose`: how far a passage goes, of the dose before it and of the dose with which the taper began.
pub fn percent_text(now: impl Into<Exact>, proposed: impl Into<Exact>, first: impl Into<Exact>) -> String {
    let (now, proposed, first) = (now.into(), proposed.into(), first.into());
    let cut = change_text(now, proposed).map(|change| format!("{change}, to ")).unwrap_or_default();
    format!("{cut}{} of the first dose", share_text(proposed, first))
}

/// `68.8%`: to a tenth of a percent, halves up. Only all of it is 100%, and only nothing is 0%.
fn share_text(part: Exact, whole: Exact) -> String {
    let tenths = match part.share_of(whole, 1_000) {
        tenths if part.is_zero() => tenths,
        tenths if part < whole => tenths.clamp(1, 999),
        tenths => tenths,
    };
    format!("{}%", tenths_text(tenths))
}

fn tenths_text(tenths: u64) -> String {
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(now: u64, proposed: u64) -> Option<String> {
        change_text(Amount::from_ug(now), Amount::from_ug(proposed))
    }

    #[test]
    fn a_change_is_told_in_percent_of_the_dose_now() {
        assert_eq!(change(1_500, 1_375).as_deref(), Some("−8.3%"));
        assert_eq!(change(2_000, 1_875).as_deref(), Some("−6.3%"));
        assert_eq!(change(1_250, 1_125).as_deref(), Some("−10%"));
        assert_eq!(change(10_000, 1).as_deref(), Some("−99.9%"));
        assert_eq!(change(125, 0).as_deref(), Some("−100%"));
        assert_eq!(change(1_000, 1_250).as_deref(), Some("+25%"));
        assert_eq!(change(0, 125), None);
        assert_eq!(change(500, 500), None);
    }

    #[test]
    fn a_passage_is_told_in_percent_of_the_dose_now_and_of_the_first_dose() {
        let told = |now, proposed| {
            percent_text(Amount::from_ug(now), Amount::from_ug(proposed), Amount::from_ug(2_000))
                .replace('\u{2212}', "-")
        };
        assert_eq!(told(2_000, 1_500), "-25%, to 75% of the first dose");
        assert_eq!(told(1_500, 1_375), "-8.3%, to 68.8% of the first dose");
        assert_eq!(told(125, 0), "-100%, to 0% of the first dose");
        assert_eq!(told(1_500, 1_500), "75% of the first dose");
        assert_eq!(told(2_000, 1_999), "-0.1%, to 99.9% of the first dose");
    }
}

//! The dose as a ward reads it: the number big, its unit after a space that does not break.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::care::amount::Amount;
use crate::care::taper::daily::Daily;

/// `0.75 mg`, drawn large.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    source = "{% if words.is_empty() %}<span class=\"dose{% if large %} dose-xl{% endif %}\">{{ number }}<i>\u{a0}mg</i></span>{% else %}<b{% if large %} class=\"dose-words\"{% endif %}>{{ words }}</b>{% endif %}",
    ext = "html"
)]
pub struct DoseView {
    number: String,
    large: bool,
    /// Of a day with two medicines, or with nights without; empty where the number says it all.
    words: String,
}

/// It renders as escaped markup.
impl HtmlSafe for DoseView {}

impl DoseView {
    /// As large as the page around it says.
    pub fn new(amount: Amount) -> DoseView {
        DoseView { number: amount.number(), large: false, words: String::new() }
    }

    /// A day's amount, in words where it is not one amount.
    pub fn daily(daily: &Daily) -> DoseView {
        let words = daily.plain().map_or_else(|| daily.to_string(), |_| String::new());
        DoseView { words, ..DoseView::new(daily.plain().unwrap_or_default()) }
    }

    /// The biggest thing on the page.
    pub fn large(amount: Amount) -> DoseView {
        DoseView { large: true, ..DoseView::new(amount) }
    }

    /// A day's amount as the biggest thing on the page.
    pub fn large_daily(daily: &Daily) -> DoseView {
        DoseView { large: true, ..DoseView::daily(daily) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dose_has_a_leading_zero_and_no_trailing_one() {
        let drawn = DoseView::new(Amount::from_ug(750)).to_string();
        assert_eq!(drawn, "<span class=\"dose\">0.75<i>\u{a0}mg</i></span>");
        assert!(DoseView::large(Amount::from_ug(1_000)).to_string().contains("dose-xl\">1<i>"));
    }
}

//! The dose as a ward reads it: the number big, its unit after a space that does not break.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::care::amount::Amount;

/// `0.75 mg`, drawn large.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    source = "<span class=\"dose{% if large %} dose-xl{% endif %}\">{{ number }}<i>\u{a0}mg</i></span>",
    ext = "html"
)]
pub struct DoseView {
    number: String,
    large: bool,
}

/// It renders as escaped markup.
impl HtmlSafe for DoseView {}

impl DoseView {
    /// As large as the page around it says.
    pub fn new(amount: Amount) -> DoseView {
        DoseView { number: amount.number(), large: false }
    }

    /// The biggest thing on the page.
    pub fn large(amount: Amount) -> DoseView {
        DoseView { large: true, ..DoseView::new(amount) }
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

//! What the register says where a dose is given: which pieces, how many are left, and what becomes of a broken one.

use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;

use crate::care::medicine::product::Products;
use crate::care::register::parts::Parts;
use crate::care::register::source::{Source, Standing, StockAsk};
use crate::care::register::taking::{OtherHalf, Rest};
use crate::care::witness::{Watched, WitnessPolicy};

/// Under the pieces: what is left of them, and whether they are the usual ones. Nothing where no register counts them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/stock.html")]
pub struct StockView {
    /// Sent back with the form: what this page showed.
    pub mark: String,
    left: Vec<String>,
    /// Other pieces than the usual ones.
    otherwise: bool,
    pub short: bool,
    /// Said where a half is left from before.
    half_is_there: bool,
    /// A piece is broken: its other half is kept or wasted.
    pub breaks: bool,
    /// A register counts it: what is counted out and not given is wasted from it.
    pub counted: bool,
    /// For which outcomes a witness signs, as classes of the form: `if-given if-wasted`.
    pub witnessed: String,
    /// Nobody records a dose as given without a witness here.
    pub witness_to_give: bool,
    /// Something has to be seen: a nurse who is alone may say why nobody could.
    pub may_be_alone: bool,
}

impl HtmlSafe for StockView {}

/// The fields of a form about stock, as they were sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StockFields {
    pub stock: Option<String>,
    pub other_half: String,
    pub spoiled: String,
    pub rest: String,
    pub alone: String,
    pub second_username: String,
    pub second_password: String,
}

impl StockFields {
    pub fn ask(&self) -> StockAsk {
        StockAsk {
            shown: self.stock.clone(),
            other_half: OtherHalf::of_word(&self.other_half),
            spoiled: self.spoiled == "yes",
            rest: if self.rest == "yes" { Rest::Kept } else { Rest::Wasted },
            alone: self.alone.clone(),
        }
    }
}

impl StockView {
    pub fn new(source: Option<&Source>, policy: &WitnessPolicy) -> StockView {
        let witness_to_give = policy.asks(Watched::Give);
        let Some(source) = source else {
            let witnessed = classes(witness_to_give, false);
            return StockView { witnessed, witness_to_give, may_be_alone: witness_to_give, ..StockView::default() };
        };
        let counted = !source.left().is_empty();
        StockView {
            mark: source.mark(),
            left: left(source),
            otherwise: source.standing == Standing::Otherwise,
            short: source.standing == Standing::Short,
            half_is_there: source.half_is_there(),
            breaks: source.breaks,
            counted,
            witnessed: classes(witness_to_give, counted && policy.asks(Watched::Waste)),
            witness_to_give,
            may_be_alone: witness_to_give || (counted && policy.asks(Watched::Waste)),
        }
    }

    /// What may have to be seen of a whole page of doses, which nobody has told yet.
    pub fn of_a_page(give: bool, waste: bool) -> StockView {
        StockView {
            witnessed: classes(give, waste),
            witness_to_give: give,
            may_be_alone: give || waste,
            ..StockView::default()
        }
    }

    /// Nothing counted; enough; other pieces, of which one is broken; too little; and a half that is left.
    pub fn samples() -> Vec<(&'static str, StockView)> {
        let policy = WitnessPolicy(Watched::ALL.to_vec());
        let view = |left: &[&str]| StockView {
            mark: "held 1x197527".to_owned(),
            left: left.iter().map(|words| (*words).to_owned()).collect(),
            counted: true,
            ..StockView::new(None, &policy)
        };
        let several = ["1\u{a0}mg tablet: 4 left, 3 after this dose", "0.25\u{a0}mg ODT: 27 left, 24 after this dose"];
        vec![
            ("empty", StockView::new(None, &WitnessPolicy::default())),
            ("usual", view(&["0.5\u{a0}mg tablet: 12 left, 11 after this dose"])),
            ("longest", StockView { otherwise: true, breaks: true, ..view(&several) }),
            ("short", StockView { short: true, ..view(&["0.5\u{a0}mg tablet: 0.5 left, not enough for this dose"]) }),
            ("hostile", StockView { half_is_there: true, ..view(&["<b>0.5\u{a0}mg</b> tablet: 12.5 left"]) }),
        ]
    }
}

/// `0.5 mg tablet: 12 left, 11 after this dose`
fn left(source: &Source) -> Vec<String> {
    let said = |(code, held, after): (&str, _, Option<_>)| {
        let product = Products::ours().product(code)?;
        let parts = |parts: Parts| parts.text(product);
        let after =
            after.map_or("not enough for this dose".to_owned(), |after| format!("{} after this dose", parts(after)));
        Some(format!("{}: {} left, {after}", product.name(), parts(held)))
    };
    source.left().into_iter().filter_map(said).collect()
}

fn classes(give: bool, waste: bool) -> String {
    let all = [(give, "if-given if-self_administered"), (give || waste, "if-given_in_part"), (waste, "if-wasted")];
    all.iter().filter(|(so, _)| *so).map(|(_, class)| *class).collect::<Vec<_>>().join(" ")
}

//! Corrections about to be made, to be rendered by the test of every page.

use super::facts::Facts;
use super::view::View;
use crate::care::people::{Role, Staff};
use crate::care::refusal::Refusal;
use crate::care::register::book::Kind;
use crate::care::register::parts::Parts;
use crate::care::register::source::{Source, StockAsk, Supply};
use crate::care::register::taking::OtherHalf;
use crate::care::resident::Allergies;
use crate::care::round::correction::Corrector;
use crate::care::round::outcome::Outcome;
use crate::care::witness::{Watched, WitnessPolicy};
use crate::store::doses::{Administration, DoseRecords};
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Form, Menu, Shell};

fn facts(outcome: Outcome, words: &str) -> Facts {
    let dose = samples::dose("margit", today(), "08:00", 750, "approval");
    let first = Administration { id: "first".into(), ..samples::administration(&dose, Outcome::Refused, words) };
    let record = Administration { corrects: Some("first".into()), ..samples::administration(&dose, outcome, words) };
    let corrections = [(first.id.clone(), samples::correction(&first, words))].into();
    Facts {
        now: now(),
        source: Source::of(&samples::shelf(), dose.level.amount, Supply([("197527".into(), Parts(24))].into())),
        facility: samples::facility(),
        unit: samples::unit("Willow"),
        resident: samples::resident("margit", if words.is_empty() { "Halvorsen" } else { words }, Allergies::NoneKnown),
        photo: true,
        others: vec![(samples::resident("mary", "Halverson", Allergies::NoneKnown), "Rowan".to_owned())],
        signs: Vec::new(),
        dose,
        records: DoseRecords { all: vec![first, record], corrections },
        by: Corrector {
            staff: Staff { person: "nurse".into(), name: "Tom Fielding RN".into(), facility: "alder".into() },
            role: Role::Nurse,
        },
        refused: None,
        differs: words.is_empty(),
        back: vec![("197527".into(), Kind::Given, Parts(3)), ("197527".into(), Kind::Wasted, Parts(1))],
        told: StockAsk { other_half: Some(OtherHalf::Wasted), ..StockAsk::default() },
        names: samples::names("Tom Fielding RN"),
    }
}

/// Somebody else's record; and a dose of which nothing stands.
fn closed() -> [Facts; 2] {
    let others = Facts { refused: Some(Refusal::CorrectionNotOwn), ..facts(Outcome::Given, "") };
    let mut nothing = facts(Outcome::Given, "");
    nothing.records = DoseRecords::default();
    [others, nothing]
}

impl View {
    /// Each outcome as it stands; with a witness and sedation; what cannot be corrected; hostile words that were refused.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Nurse, Menu::History).back_to("The dose", "/doses/x");
        let form = || Form::new("proof", now());
        let usual = |facts: &Facts| View::new(facts, shell(), facts.filled(form()), None);
        let mut views: Vec<View> = Outcome::ALL.iter().map(|outcome| usual(&facts(*outcome, ""))).collect();
        views.extend(closed().iter().map(usual));
        let mut asked = facts(Outcome::Given, "");
        asked.facility.sedation.asked = true;
        asked.facility.register.witness = WitnessPolicy(Watched::ALL.to_vec());
        views.push(View::new(&asked, shell(), asked.filled(form()), Some(Refusal::FormReused.to_string())));
        let wrong = form().with("why", HOSTILE).with("note", HOSTILE).spoiled(Refusal::CorrectionReason.into());
        views.push(View::new(&facts(Outcome::GivenInPart, HOSTILE), shell(), wrong, None));
        views
    }
}

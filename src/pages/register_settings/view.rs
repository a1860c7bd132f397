//! The settings of the register as they are drawn.

use askama::Template;

use super::{Forms, Ordering, Witnessing, days, policy};
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::medicine::product::Products;
use crate::care::people::Role;
use crate::care::register::ordering::OrderRules;
use crate::care::witness::{Watched, WitnessPolicy};
use crate::web::parts::samples;
use crate::web::{Choice, Form, Menu, Shell};

#[derive(Template)]
#[template(path = "pages/register_settings.html")]
pub struct View {
    shell: Shell,
    /// The action page's place for a banner: this page is about nobody.
    banner: &'static str,
    facility: String,
    ordering: Form,
    witnessing: Form,
    every: String,
    /// Medicines with a rule of their own.
    own: Vec<Own>,
    medicines: Vec<Choice>,
    watched: Vec<(String, &'static str)>,
}

struct Own {
    medicine: String,
    seen: String,
}

impl View {
    pub(super) fn new(shell: Shell, facility: &Facility, rules: OrderRules, forms: Forms) -> View {
        let revision = facility.revision.to_string();
        let own = |(medicine, policy): (&Medicine, &WitnessPolicy)| Own {
            medicine: medicine.to_string(),
            seen: seen(policy),
        };
        let medicines = Products::ours().medicines().into_iter().map(|medicine| Choice::new(&medicine.0, &medicine.0));
        View {
            shell,
            banner: "",
            facility: facility.id.clone(),
            ordering: forms
                .ordering
                .named("ordering")
                .with("lead_days", rules.lead_days.to_string())
                .with("cover_days", rules.cover_days.to_string())
                .with("revision", &revision),
            witnessing: forms.witnessing.named("witnessing").with("revision", &revision),
            every: seen(&facility.register.witness),
            own: facility.register.witness_of.iter().map(own).collect(),
            medicines: std::iter::once(Choice::new("", "Choose a medicine")).chain(medicines).collect(),
            watched: Watched::ALL.map(|one| (format!("witness_{}", one.word()), one.text())).to_vec(),
        }
    }

    /// Whether a form came back with something wrong.
    fn wrong(&self) -> bool {
        self.ordering.wrong() || self.witnessing.wrong()
    }

    /// Our own numbers; rules of some medicines; and something that is no number, and no medicine.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Administrator, Menu::Settings).back_to("Settings", "/settings");
        let form = || Form::new("proof", samples::now());
        let ordering = Ordering { lead_days: samples::HOSTILE.to_owned(), ..Ordering::default() };
        let witnessing = Witnessing { medicine: samples::HOSTILE.to_owned(), ..Witnessing::default() };
        let mut own = samples::facility();
        own.register.witness_of = [
            (samples::medicine(), WitnessPolicy(Watched::ALL.to_vec())),
            (Medicine("diazepam".into()), WitnessPolicy(vec![])),
        ]
        .into();
        let wrong = Forms {
            ordering: form().with("lead_days", samples::HOSTILE).spoiled(days(&ordering).expect_err("no number")),
            witnessing: form().spoiled(policy(&witnessing).expect_err("no medicine")),
        };
        let fresh = || Forms { ordering: form(), witnessing: form() };
        let view = |facility: &Facility, forms| View::new(shell(), facility, OrderRules::default(), forms);
        vec![view(&samples::facility(), fresh()), view(&own, fresh()), view(&own, wrong)]
    }
}

/// `Giving a dose; counting`
fn seen(policy: &WitnessPolicy) -> String {
    let words: Vec<&str> = policy.0.iter().map(|watched| watched.text()).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join("; ") }
}

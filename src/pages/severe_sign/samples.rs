//! Severe signs to be rendered by the test of every page.

use super::facts::Facts;
use super::view::{Forms, View};
use crate::care::letter::Kind;
use crate::care::people::Role;
use crate::care::resident::Allergies;
use crate::care::severe_sign::{Acknowledgement, Sign, SignFile};
use crate::care::taper::level::{PlanAct, PlanFact};
use crate::store::letters::{LetterFile, LetterState};
use crate::store::plans::PlanFile;
use crate::web::parts::Banner;
use crate::web::parts::samples::{self, HOSTILE, now, today};
use crate::web::{Form, Menu, Shell};

fn alarmed_plan(sign: &SignFile) -> PlanFile {
    let mut plan = samples::plan(false);
    let act = PlanAct::Alarmed { sign: sign.sign.id.clone(), withhold: sign.sign.sign.withholds() };
    plan.facts.push(PlanFact {
        id: "alarm".to_owned(),
        seq: 2,
        by: "nurse".to_owned(),
        at: now(),
        on: today(),
        ahead_from: None,
        rationale: String::new(),
        telephone: None,
        act,
    });
    plan
}

fn letter(to: &str, state: LetterState) -> LetterFile {
    LetterFile {
        id: format!("letter {to}"),
        facility: "alder".to_owned(),
        kind: Kind::SevereSign,
        subject: String::new(),
        recipient: to.to_owned(),
        wanted_at: now(),
        expires_at: now(),
        title: String::new(),
        body: String::new(),
        state,
        attempts: 1,
        try_at: now(),
        lease_until: None,
        sent_at: (state == LetterState::Sent).then(now),
        problem: String::new(),
    }
}

fn facts(sign: Sign, surname: &str) -> Facts {
    let file = samples::open_sign(sign, "margit");
    let resident = samples::resident("margit", surname, Allergies::NotRecorded);
    let banner = Banner::new(&resident, "Willow", today());
    let facility = samples::facility();
    Facts {
        now: now(),
        banner: banner.alarmed(std::slice::from_ref(&file.sign), facility.zone, today()),
        plans: vec![alarmed_plan(&file)],
        letters: Vec::new(),
        names: samples::names("Tom Fielding RN"),
        facility,
        resident,
        file,
    }
}

fn told(mut facts: Facts) -> Facts {
    let states = [LetterState::Sent, LetterState::Wanted, LetterState::Settled, LetterState::GivenUp];
    let to = ["h.marsh@alder.example", "p@alder.example", "s@alder.example", ""];
    facts.letters = to.iter().zip(states).map(|(to, state)| letter(to, state)).collect();
    facts.file.acknowledged.push(Acknowledgement {
        id: "known".to_owned(),
        of_sign: facts.file.sign.id.clone(),
        acknowledged_by: "prescriber".to_owned(),
        acknowledged_at: now(),
    });
    facts
}

fn released(mut facts: Facts) -> Facts {
    facts.file.released = Some(samples::release("sign-seizure"));
    facts.banner = Banner::new(&facts.resident, "Willow", today());
    facts
}

impl View {
    /// Just recorded; known and written about; released; without a plan; hostile words.
    pub fn samples() -> Vec<View> {
        let form = |name| Form::new("proof", now()).named(name);
        let forms = |prescriber: bool| Forms {
            acknowledge: prescriber.then(|| form("acknowledge")),
            release: prescriber.then(|| form("release")),
            signer: "Dr Helen Marsh".to_owned(),
        };
        let shell =
            || Shell::sample(Role::Prescriber, Menu::Residents).back_to("HALVORSEN, Margit", "/residents/margit");
        let mut hostile = told(facts(Sign::SelfHarm, HOSTILE));
        hostile.file.sign.note = HOSTILE.repeat(10);
        let mut alone = facts(Sign::Psychosis, "Halvorsen");
        alone.plans.clear();
        vec![
            View::new(&facts(Sign::Overdose, "Halvorsen"), shell(), forms(false)),
            View::new(&told(facts(Sign::Seizure, "Halvorsen")), shell(), forms(true)),
            View::new(&released(told(facts(Sign::Seizure, "Halvorsen"))), shell(), forms(true)),
            View::new(&alone, shell(), forms(true)),
            View::new(&hostile, shell(), forms(true)),
        ]
    }
}

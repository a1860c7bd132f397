//! The page of an incident as it is drawn.

use askama::Template;
use chrono::{DateTime, Utc};

use super::Facts;
use crate::care::incident::ANSWERERS;
use crate::care::people::Role;
use crate::web::parts::incident::wants;
use crate::web::parts::severe::moment_text;
use crate::web::parts::{Banner, DoseView, Icon, Tag};
use crate::web::{Form, Shell, links};

#[derive(Template)]
#[template(path = "pages/incident.html")]
pub struct View {
    shell: Shell,
    banner: Banner,
    /// What happened while the page was open.
    moved: Option<String>,
    mistake: &'static str,
    looks: &'static str,
    tag: Tag,
    medicine: String,
    dose: DoseView,
    amount: String,
    pieces: String,
    given: String,
    /// Who gave it, or that nobody knows.
    giver: String,
    recorded: String,
    what: String,
    done: String,
    /// It is about the record of a dose, which counts it.
    of_record: bool,
    /// Why it no longer stands, and whose word that is.
    struck: Option<Answered>,
    /// Where it is struck.
    strike: Option<String>,
    answers: Vec<Answered>,
    wants: String,
    /// No prescriber has said what it means for the next dose.
    unanswered: bool,
    /// Where this reader answers, and for whom.
    form: Option<(Role, Form)>,
    action: String,
}

/// What somebody answered.
struct Answered {
    title: &'static str,
    said: String,
    by: String,
}

impl View {
    pub(super) fn new(facts: &Facts, shell: Shell, form: Option<(Role, Form)>, moved: Option<String>) -> View {
        let incident = &facts.file.incident;
        let known = |by: &str, at| format!("{}, {}", facts.name(by), moment(facts, at));
        let answered = |role| {
            let answer = facts.file.answer_of(role)?;
            let by = known(&answer.answered_by, answer.answered_at);
            Some(Answered { title: title(role), said: answer.said.clone(), by })
        };
        View {
            banner: facts.banner.clone(),
            moved,
            mistake: incident.mistake.title(),
            looks: incident.mistake.looks(),
            tag: tag(facts),
            struck: facts.file.struck.as_ref().map(|struck| Answered {
                title: "Recorded in error: it does not stand",
                said: struck.reason.clone(),
                by: known(&struck.struck_by, struck.struck_at),
            }),
            strike: None,
            medicine: incident.medicine.to_string(),
            dose: DoseView::large(incident.given),
            amount: incident.given.to_string(),
            pieces: incident.pieces.clone(),
            given: moment(facts, incident.given_at),
            giver: incident.given_by.as_deref().map_or("not known", |giver| facts.name(giver)).to_owned(),
            recorded: known(&incident.recorded_by, incident.recorded_at),
            what: incident.what.clone(),
            of_record: incident.of_record.is_some(),
            done: incident.done.clone(),
            answers: ANSWERERS.into_iter().filter_map(answered).collect(),
            wants: wants(&facts.file),
            unanswered: facts.file.wanting().contains(&Role::Prescriber),
            // Whoever was second reads the answer that stands.
            form: form.filter(|(role, _)| facts.file.wanting().contains(role)),
            action: links::incident(&incident.id),
            shell,
        }
    }

    /// Whoever corrects what was recorded finds where.
    pub(super) fn correctable(self, corrects: bool) -> View {
        let strike = (corrects && self.struck.is_none()).then(|| format!("{}/strike", self.action));
        View { strike, ..self }
    }

    /// What the form asks for.
    fn question(&self, role: &Role) -> (&'static str, &'static str) {
        match role {
            Role::Prescriber => {
                ("What it means for the resident", "What to watch for, until when, and what of the next doses")
            }
            _ => (
                "What it means for the house",
                "How it came about, and what is changed so that it does not happen again",
            ),
        }
    }
}

fn tag(facts: &Facts) -> Tag {
    match facts.file.is_open() {
        true => Tag::overdue("Open"),
        false if facts.file.struck.is_some() => Tag::hold("Struck out"),
        false => Tag::signed("Answered"),
    }
}

fn title(role: Role) -> &'static str {
    match role {
        Role::Prescriber => "The prescriber, for the resident",
        _ => "The supervisor, for the house",
    }
}

fn moment(facts: &Facts, at: DateTime<Utc>) -> String {
    moment_text(facts.facility.zone, at, facts.facility.zone.day(facts.now))
}

//! How the page of agency nurses is shown.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::care::calendar::moment_text;
use crate::care::facility::Facility;
use crate::care::people::{Engagement, Person, Role};
use crate::care::staff::agency::{LONGEST_HOURS, is_for_a_shift, usual_end};
use crate::web::parts::Saved;
use crate::web::{Form, Link, Shell, links};

/// So many of those who were here lately are offered at a touch; anybody else is found by their username.
const LATELY: usize = 12;

/// The forms of the page: for somebody known, for somebody new, and what is wrong with letting somebody out.
pub struct Forms {
    pub known: Form,
    pub new: Form,
    pub out: Form,
}

impl Forms {
    /// The end of a shift that begins now stands in each form that asks for one.
    fn prefilled(self, facility: &Facility, now: DateTime<Utc>) -> Forms {
        let until = usual_end(facility.zone, now).format("%Y-%m-%dT%H:%M").to_string();
        Forms { known: self.known.with("ends_at", &until), new: self.new.with("ends_at", &until), ..self }
    }

    /// `Error: ` before the title where one of them came back.
    pub fn title(&self) -> &'static str {
        let wrong = [&self.known, &self.new, &self.out].into_iter().find(|form| form.wrong());
        wrong.map_or("", Form::title)
    }
}

/// What the page is made of.
pub struct Seen<'a> {
    pub facility: &'a Facility,
    /// The other houses of this supervisor.
    pub others: &'a [Facility],
    pub staff: &'a [(Person, Vec<Engagement>)],
    /// Who looks.
    pub by: &'a str,
    pub now: DateTime<Utc>,
}

#[derive(Template)]
#[template(path = "pages/agency.html")]
pub struct View {
    shell: Shell,
    saved: Option<String>,
    facility: String,
    /// The person by id, username and name, for what was just saved.
    names: Vec<[String; 3]>,
    inside: Vec<Inside>,
    /// Who was here lately, each with the way to the form filled in.
    lately: Vec<Link>,
    others: Vec<Link>,
    longest: i64,
    forms: Forms,
}

/// Somebody who is let in at this moment.
pub struct Inside {
    id: String,
    name: String,
    username: String,
    /// `21 Nov 2026 08:00`
    until: String,
    /// One of its own for each, so that letting one out never answers for another.
    form: Form,
}

impl View {
    pub fn new(shell: Shell, seen: &Seen, forms: Forms) -> View {
        let now = seen.now;
        let mut inside: Vec<(&Person, DateTime<Utc>)> = Vec::new();
        let mut before: Vec<(&Person, DateTime<Utc>)> = Vec::new();
        for (person, nurse) in nurses_for_a_time(seen) {
            match nurse.over_at(now) {
                None => inside.extend(nurse.ends_at.filter(|_| is_for_a_shift(nurse, now)).map(|end| (person, end))),
                Some(over) if person.id != seen.by => before.push((person, over)),
                Some(_) => {}
            }
        }
        before.sort_by_key(|(_, over)| std::cmp::Reverse(*over));
        let facility = seen.facility;
        let again =
            |(person, _): &(&Person, _)| Link::new(&person.name, links::agency_again(&facility.id, &person.username));
        let names = seen.staff.iter().map(|(one, _)| [one.id.clone(), one.username.clone(), one.name.clone()]);
        View {
            saved: None,
            facility: facility.id.clone(),
            names: names.collect(),
            inside: inside.into_iter().map(|(person, end)| Inside::new(person, end, seen, &forms)).collect(),
            lately: before.iter().take(LATELY).map(again).collect(),
            others: seen.others.iter().map(|other| Link::new(&other.name, links::agency(&other.id))).collect(),
            longest: LONGEST_HOURS,
            forms: forms.prefilled(facility, now),
            shell,
        }
    }

    /// Says what was just saved, and of whom.
    pub fn said(self, saved: Option<Saved>, who: &str) -> View {
        let known = self.names.iter().find(|[id, username, _]| id == who || username == who);
        let saved = saved.map(|saved| saved.sentence(known.map_or("the nurse", |[.., name]| name)));
        View { saved, ..self }
    }
}

/// Everybody whose role of nurse here ends, or ended, by itself; a closed account lets nobody in.
fn nurses_for_a_time<'a>(seen: &'a Seen) -> impl Iterator<Item = (&'a Person, &'a Engagement)> {
    let open = seen.staff.iter().filter(|(person, _)| person.disabled_at.is_none());
    open.filter_map(|(person, roles)| {
        let nurse = roles.iter().find(|one| one.role == Role::Nurse && one.ends_at.is_some())?;
        Some((person, nurse))
    })
}

impl Inside {
    fn new(person: &Person, end: DateTime<Utc>, seen: &Seen, forms: &Forms) -> Inside {
        Inside {
            id: person.id.clone(),
            name: person.name.clone(),
            username: person.username.clone(),
            until: moment_text(seen.facility.zone, end),
            form: Form::new(forms.out.csrf(), seen.now),
        }
    }
}

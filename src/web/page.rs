//! Answers: a rendered page, or a way on.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, Responder};
use askama::Template;
use chrono::{DateTime, Utc};

use super::error::PageError;
use super::links::{Link, Menu};
use super::session::Visit;
use crate::care::calendar::{Zone, day_text};
use crate::care::facility::Facility;
use crate::care::people::Role;

/// A page to be shown, with its status.
pub struct Page<T> {
    view: T,
    status: StatusCode,
}

impl<T: Template> Page<T> {
    pub fn new(view: T) -> Page<T> {
        Page { view, status: StatusCode::OK }
    }

    /// The form again: 409 where the world moved under an open page, 422 where the rules refuse.
    pub fn refused(view: T, moved: bool) -> Page<T> {
        Page { view, status: if moved { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY } }
    }

    pub fn with_status(view: T, status: StatusCode) -> Page<T> {
        Page { view, status }
    }

    pub fn answer(self) -> Result<HttpResponse, PageError> {
        let text = self.view.render().map_err(|error| PageError::Broken(format!("a template failed: {error}")))?;
        Ok(HttpResponse::build(self.status).content_type("text/html; charset=utf-8").body(text))
    }
}

impl<T: Template> Responder for Page<T> {
    type Body = actix_web::body::BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.answer().unwrap_or_else(HttpResponse::from_error)
    }
}

/// After a post: go and look at the result, so that a reload repeats nothing.
pub fn see_other(href: impl AsRef<str>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, href.as_ref())).finish()
}

/// The frame around a page: where, who, when, and the menu of their roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shell {
    pub facility: String,
    pub menu: Vec<MenuEntry>,
    pub me: Option<Me>,
    /// `20 Nov 2026`
    pub day: String,
    /// `Fri 20 Nov 2026`
    pub weekday: String,
    /// `08:12`
    pub time: String,
    /// The page's own address, to refresh it.
    pub here: String,
    /// When the history was last proved untouched; empty until somebody has.
    pub verified: Option<String>,
    /// The one way back of an action page.
    pub back: Option<Link>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    pub text: &'static str,
    pub href: String,
    pub current: bool,
    /// How many wait there; nothing is shown for none.
    pub count: usize,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    pub name: String,
    /// `Nurse, supervisor`
    pub roles: String,
    pub csrf: String,
}

impl Shell {
    pub fn new(visit: &Visit, facility: Option<&Facility>, current: Option<Menu>) -> Shell {
        let roles = || visit.visitor.memberships.iter().map(|member| member.role);
        let menu = Menu::of_all(roles()).into_iter();
        let menu = menu.map(|entry| MenuEntry {
            text: entry.text(),
            href: entry.href(),
            current: Some(entry) == current,
            count: 0,
        });
        Shell {
            facility: facility.map(|facility| facility.name.clone()).unwrap_or_default(),
            menu: menu.collect(),
            me: Some(Me { name: visit.visitor.name.clone(), roles: role_words(roles()), csrf: visit.csrf.clone() }),
            here: visit.here.clone(),
            ..Shell::outside(visit.now, facility.map_or(Zone::UTC, |facility| facility.zone))
        }
    }

    /// The frame for a stranger: no menu and no name.
    pub fn outside(now: DateTime<Utc>, zone: Zone) -> Shell {
        let local = zone.local(now);
        Shell {
            day: day_text(local.date()),
            weekday: format!("{} {}", local.format("%a"), day_text(local.date())),
            time: local.format("%H:%M").to_string(),
            ..Shell::default()
        }
    }

    /// Makes it the frame of an action page: one way back instead of the menu.
    pub fn back_to(self, text: impl Into<String>, href: impl Into<String>) -> Shell {
        Shell { back: Some(Link::new(text, href)), ..self }
    }

    /// How many wait on a page of the menu.
    pub fn waiting(mut self, on: Menu, count: usize) -> Shell {
        for entry in self.menu.iter_mut().filter(|entry| entry.text == on.text()) {
            entry.count = count;
        }
        self
    }

    /// Frames for samples: a person of one role at a quarter past eight.
    pub fn sample(role: Role, current: Menu) -> Shell {
        let now = DateTime::from_timestamp(1_795_162_320, 0).unwrap_or_default();
        let entry =
            |entry: &Menu| MenuEntry { text: entry.text(), href: entry.href(), current: *entry == current, count: 0 };
        Shell {
            facility: "Alder House".to_owned(),
            menu: Menu::of(role).iter().map(entry).collect(),
            me: Some(Me { name: "Amara Diallo".to_owned(), roles: role_words([role]), csrf: "proof".to_owned() }),
            here: current.href(),
            ..Shell::outside(now, Zone::UTC)
        }
    }
}

/// `Nurse, supervisor`: each role once.
fn role_words(roles: impl IntoIterator<Item = Role>) -> String {
    let mut all: Vec<Role> = roles.into_iter().collect();
    all.sort();
    all.dedup();
    let words = all.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_says_who_and_when() {
        let shell = Shell::sample(Role::Nurse, Menu::Round).back_to("Willow round", "/round");
        assert_eq!((shell.time.as_str(), shell.weekday.as_str()), ("08:12", "Fri 20\u{a0}Nov\u{a0}2026"));
        assert_eq!(shell.me.map(|me| me.roles), Some("Nurse".to_owned()));
        assert_eq!(role_words([Role::Supervisor, Role::Nurse, Role::Nurse]), "Nurse, supervisor");
    }
}

//! The person in a handler's signature: `Signed<Nurse>` is somebody who, at this moment, is a nurse somewhere.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};

use super::error::PageError;
use super::links::Menu;
use super::page::Shell;
use super::session::{self, Visit};
use crate::care::facility::Facility;
use crate::care::people::{Actor, Role, Staff, Visitor};

/// Who may open a page: one role that acts, or any of several that read.
pub trait Permitted {
    const ROLES: &'static [Role];
    /// Whether somebody may who came with a password that another set; elsewhere they choose one of their own first.
    const BEFORE_OWN_PASSWORD: bool = false;
}

impl<A: Actor> Permitted for A {
    const ROLES: &'static [Role] = &[A::ROLE];
}

impl<A: Actor, B: Actor> Permitted for (A, B) {
    const ROLES: &'static [Role] = &[A::ROLE, B::ROLE];
}

impl<A: Actor, B: Actor, C: Actor> Permitted for (A, B, C) {
    const ROLES: &'static [Role] = &[A::ROLE, B::ROLE, C::ROLE];
}

impl<A: Actor, B: Actor, C: Actor, D: Actor> Permitted for (A, B, C, D) {
    const ROLES: &'static [Role] = &[A::ROLE, B::ROLE, C::ROLE, D::ROLE];
}

/// Everybody who works here, in whatever role.
pub struct Anyone;

impl Permitted for Anyone {
    const ROLES: &'static [Role] = &Role::ALL;
}

/// Everybody who works here, before they have chosen a password of their own too.
pub struct Entering;

impl Permitted for Entering {
    const ROLES: &'static [Role] = &Role::ALL;
    const BEFORE_OWN_PASSWORD: bool = true;
}

/// Somebody signed in who holds a role of `R` in at least one facility.
pub struct Signed<R> {
    visit: Visit,
    role: PhantomData<R>,
}

impl<R: Permitted> FromRequest for Signed<R> {
    type Error = PageError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let signed: Signed<R> = Signed { visit: session::visit(&request).await?, role: PhantomData };
            if !signed.visitor().own_password && !R::BEFORE_OWN_PASSWORD {
                return Err(PageError::first_password(&request));
            }
            signed.chosen(None)?;
            Ok(signed)
        })
    }
}

impl<R: Permitted> Signed<R> {
    pub fn visitor(&self) -> &Visitor {
        &self.visit.visitor
    }

    /// The person's id.
    pub fn person(&self) -> &str {
        &self.visitor().person
    }

    /// When the request came.
    pub fn now(&self) -> DateTime<Utc> {
        self.visit.now
    }

    /// The proof that every form of this session carries.
    pub fn csrf(&self) -> &str {
        &self.visit.csrf
    }

    /// Whether the person holds a role in a facility, beside the one this page asked for.
    pub fn is(&self, role: Role, facility: &str) -> bool {
        self.visitor().memberships.iter().any(|member| member.role == role && member.facility.id == facility)
    }

    /// The actor of one role in a facility, where the person holds it there.
    pub fn acting_as<A: Actor + From<Staff>>(&self, facility: &str) -> Option<A> {
        self.is(A::ROLE, facility).then(|| A::from(self.staff(facility)))
    }

    /// The person as somebody of a facility, in no role yet.
    pub fn staff(&self, facility: &str) -> Staff {
        Staff { person: self.person().to_owned(), name: self.visitor().name.clone(), facility: facility.to_owned() }
    }

    /// Where the person holds a role of `R`, by name.
    pub fn facilities(&self) -> impl Iterator<Item = &Facility> {
        let mut before = "";
        let all = self.visitor().memberships.iter().filter(|member| R::ROLES.contains(&member.role));
        all.map(|member| &member.facility)
            .filter(move |facility| std::mem::replace(&mut before, &facility.id) != facility.id)
    }

    /// A facility of theirs; any other might as well not exist.
    pub fn facility(&self, id: &str) -> Result<&Facility, PageError> {
        self.facilities().find(|facility| facility.id == id).ok_or(PageError::Missing)
    }

    /// The facility that was asked for, or the first of theirs.
    pub fn chosen(&self, asked: Option<&str>) -> Result<&Facility, PageError> {
        match asked {
            Some(id) => self.facility(id),
            None => self.facilities().next().ok_or(PageError::NotAllowed { roles: R::ROLES }),
        }
    }

    /// The frame of a page about a facility.
    pub fn shell(&self, facility: &Facility, current: Menu) -> Shell {
        Shell::new(&self.visit, Some(facility), Some(current))
    }
}

impl<R: Actor + From<Staff>> Signed<R> {
    /// The actor in one facility of theirs; another facility's id is not found.
    pub fn at(&self, facility: &str) -> Result<R, PageError> {
        let facility = self.facility(facility)?.id.clone();
        Ok(R::from(Staff { person: self.person().to_owned(), name: self.visitor().name.clone(), facility }))
    }

    /// The actor where the person serves one facility; where they serve several, the first by name.
    pub fn only(&self) -> Result<R, PageError> {
        self.at(&self.chosen(None)?.id)
    }
}

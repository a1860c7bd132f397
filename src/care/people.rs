//! Who acts: a person in one role in one facility. A value of a role's type is the permission to do what the role does.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::facility::Facility;

/// What a person may do in a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Prescriber,
    Pharmacist,
    Nurse,
    Supervisor,
    Administrator,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::Prescriber, Role::Pharmacist, Role::Nurse, Role::Supervisor, Role::Administrator];

    /// The word of the role, as stored and as shown.
    pub fn word(self) -> &'static str {
        match self {
            Role::Prescriber => "prescriber",
            Role::Pharmacist => "pharmacist",
            Role::Nurse => "nurse",
            Role::Supervisor => "supervisor",
            Role::Administrator => "administrator",
        }
    }

    pub fn of_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// One person in one facility, in a role that was checked. Only the store and the hall make one;
/// every act checks it again inside its own transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The person's id.
    pub person: String,
    /// The printed name, as it stands beside a signature.
    pub name: String,
    /// The facility's id.
    pub facility: String,
}

/// An actor of a known role.
pub trait Actor {
    const ROLE: Role;
    fn staff(&self) -> &Staff;
}

macro_rules! actors {
    ($($name:ident)*) => { $(
        #[doc = concat!("A ", stringify!($name), " in one facility.")]
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub Staff);

        impl Actor for $name {
            const ROLE: Role = Role::$name;
            fn staff(&self) -> &Staff {
                &self.0
            }
        }

        impl From<Staff> for $name {
            fn from(staff: Staff) -> Self {
                $name(staff)
            }
        }
    )* };
}
actors! { Prescriber Pharmacist Nurse Supervisor Administrator }

/// Declares who may do something that several roles may do: the person, and the role in which they do it.
macro_rules! one_of_several {
    ($(#[$said:meta])* $name:ident: $($actor:ident)*) => {
        $(#[$said])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            pub staff: $crate::care::people::Staff,
            pub role: $crate::care::people::Role,
        }

        $( impl From<$crate::care::people::$actor> for $name {
            fn from(actor: $crate::care::people::$actor) -> $name {
                $name { staff: actor.0, role: $crate::care::people::Role::$actor }
            }
        } )*
    };
}
pub(crate) use one_of_several;

/// Proof that this person gave their password again, for this act. Being signed in is not signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The person's id.
    pub person: String,
}

/// A member of staff, as the administrator knows them. The password is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: String,
    /// Lower case; for signing in.
    pub username: String,
    /// The printed name, as it stands beside a signature.
    pub name: String,
    /// The number in the professional register; empty for who has none. Two accounts never share one.
    pub registration: String,
    pub email: String,
    pub disabled_at: Option<DateTime<Utc>>,
    pub revision: i64,
}

impl Person {
    pub fn details(&self) -> Details {
        Details { name: self.name.clone(), registration: self.registration.clone(), email: self.email.clone() }
    }

    /// The same person, of whom the account says something else.
    pub fn with(self, Details { name, registration, email }: Details) -> Person {
        Person { name, registration, email, ..self }
    }
}

/// What an account says of its person, and what can be put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub name: String,
    pub registration: String,
    pub email: String,
}

/// A role given to a person in a facility, for good or until an instant, and perhaps ended before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engagement {
    pub id: String,
    pub person: String,
    pub facility: String,
    pub role: Role,
    /// It ends by itself.
    pub ends_at: Option<DateTime<Utc>>,
    /// Somebody ended it. It is over for good, a clock that is set back included.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Engagement {
    pub fn in_force(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && self.ends_at.is_none_or(|end| end > now)
    }

    /// At an instant or later, whatever ended it since.
    pub fn lasted_beyond(&self, at: DateTime<Utc>) -> bool {
        [self.ended_at, self.ends_at].into_iter().flatten().all(|end| end > at)
    }

    /// When it was over, if it is.
    pub fn over_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.ended_at.or(self.ends_at.filter(|end| *end <= now))
    }
}

/// A role in a facility, in force at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub role: Role,
    pub facility: Facility,
}

/// Somebody with a live session: who they are and what they may do where, as the database knows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The person's id.
    pub person: String,
    /// The printed name.
    pub name: String,
    pub username: String,
    /// Ordered by the facility's name, then by role.
    pub memberships: Vec<Membership>,
    pub began_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    /// They chose their password. Whoever has one from somebody else chooses one before anything else.
    pub own_password: bool,
}

impl Visitor {
    /// How long the session may lie idle: the strictest of their facilities decides.
    pub fn idle_limit(&self) -> TimeDelta {
        let strictest = self.memberships.iter().map(|member| member.facility.idle_minutes).min();
        TimeDelta::minutes(strictest.unwrap_or(10).into())
    }
}

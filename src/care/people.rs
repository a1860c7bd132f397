//! Who acts: a person in one role in one facility. A value of a role's type is the permission to do what the role does.

use serde::{Deserialize, Serialize};

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

/// Proof that this person gave their password again, for this act. Being signed in is not signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The person's id.
    pub person: String,
}

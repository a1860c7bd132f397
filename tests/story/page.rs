//! A page on somebody's screen: what they are about to do, with everything as it was when the page was drawn.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use stepdown::acts::ActError;
use stepdown::care::amount::Amount;
use stepdown::care::people::{Role, Staff};
use stepdown::care::round::outcome::Outcome;
use stepdown::store::Conn;

type Act = dyn Fn(&mut Conn, DateTime<Utc>) -> Result<(), ActError> + Send + Sync;

/// What the house holds to be true once the page was answered "saved".
#[derive(Debug, Clone)]
pub enum Claim {
    /// A fact in the history, and whatever else follows from it.
    Done,
    /// Letters wait no longer.
    LettersGo,
    /// Somebody lives here now, under the id of the form.
    Admitted,
    Recorded {
        dose: String,
        outcome: Outcome,
        given: Amount,
    },
    Corrected {
        dose: String,
        record: String,
        instead: Option<(Outcome, Amount)>,
    },
    AsNeeded {
        of_order: String,
    },
    /// Steps somebody wrote or approved: they sign none of the plan.
    Made {
        plan: String,
    },
    Hired {
        person: String,
        role: Role,
        until: Option<DateTime<Utc>>,
    },
    Gone {
        person: String,
        role: Option<Role>,
    },
}

#[derive(Clone)]
pub struct Page {
    /// The name of the act.
    pub act: &'static str,
    /// The id that the page drew.
    pub form: String,
    pub who: Staff,
    pub role: Role,
    pub claim: Claim,
    /// Whose doses may follow from it.
    pub resident: Option<String>,
    run: Arc<Act>,
}

impl Page {
    pub fn new<T>(
        act: &'static str,
        form: &str,
        (who, role): (&Staff, Role),
        run: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, ActError> + Send + Sync + 'static,
    ) -> Page {
        let run = Arc::new(move |conn: &mut Conn, now: DateTime<Utc>| run(conn, now).map(drop));
        Page { act, form: form.to_owned(), who: who.clone(), role, claim: Claim::Done, resident: None, run }
    }

    pub fn claims(self, claim: Claim) -> Page {
        Page { claim, ..self }
    }

    pub fn about(self, resident: &str) -> Page {
        Page { resident: Some(resident.to_owned()), ..self }
    }

    /// Sends it.
    pub fn sent(&self) -> impl Fn(&mut Conn, DateTime<Utc>) -> Result<(), ActError> + Send + 'static {
        let run = self.run.clone();
        move |conn, now| run(conn, now)
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} by {} as {} ({}), {:?}", self.act, self.who.name, self.role.word(), self.form, self.claim)
    }
}

//! Proof that somebody is who they say: the password, asked at the door and again at every signature.

use super::error::PageError;
use super::form::Errors;
use super::hall::{Hall, looking};
use super::parts::stock::StockFields;
use super::throttle::Attempt;
use crate::care::people::Confirmed;
use crate::care::refusal::Refusal;
use crate::store::people;

/// Whether somebody gave their password.
pub enum Proof {
    /// With the hash that it fitted: a session is begun only while that is still theirs.
    Given(Confirmed, String),
    Wrong,
    /// Too many wrong ones: so many seconds to wait.
    Wait(i64),
}

impl Hall {
    /// The password again, of the person who is signed in: for a signature. Call it before the act.
    pub async fn confirm(&self, person: &str, password: &str) -> Result<Proof, PageError> {
        let asked = person.to_owned();
        let stored = looking(&self.db, move |conn| people::secret_of(conn, &asked)).await?;
        self.prove(Attempt::new(person, "signing"), stored.map(|secret| (person.to_owned(), secret)), password).await
    }

    /// The password again, or what the form says under its field.
    pub async fn confirmed(&self, person: &str, password: &str) -> Result<Result<Confirmed, Errors>, PageError> {
        Ok(match self.confirm(person, password).await? {
            Proof::Given(confirmed, _) => Ok(confirmed),
            Proof::Wrong => Err(Refusal::WrongPassword.into()),
            Proof::Wait(seconds) => Err(wait("password", seconds)),
        })
    }

    /// Username and password of a second person beside the one who is signed in, a witness or whoever heard an order
    /// read back; or what the form says under its field `second_password`. Slowed like the door.
    pub async fn second(
        &self,
        username: &str,
        password: &str,
        address: &str,
    ) -> Result<Result<Confirmed, Errors>, PageError> {
        Ok(match self.recognise(username, password, address).await? {
            Proof::Given(confirmed, _) if self.owns_password(&confirmed).await? => Ok(confirmed),
            // Whoever set it knows it too: it stands for nobody.
            Proof::Given(..) => Err(Refusal::SecondNew.into()),
            Proof::Wrong => Err(Refusal::SecondWrong.into()),
            Proof::Wait(seconds) => Err(wait("second_password", seconds)),
        })
    }

    async fn owns_password(&self, confirmed: &Confirmed) -> Result<bool, PageError> {
        let person = confirmed.person.clone();
        looking(&self.db, move |conn| people::own_password_load(conn, &person)).await
    }

    /// A witness, where somebody has typed into the fields for one.
    pub async fn witness(
        &self,
        fields: &StockFields,
        address: &str,
    ) -> Result<Result<Option<Confirmed>, Errors>, PageError> {
        let (username, password) = (&fields.second_username, &fields.second_password);
        if username.trim().is_empty() && password.is_empty() {
            return Ok(Ok(None));
        }
        Ok(self.second(username, password, address).await?.map(Some))
    }

    /// Username and password of somebody at the door, or of a second person.
    pub async fn recognise(&self, username: &str, password: &str, address: &str) -> Result<Proof, PageError> {
        let asked = username.trim().to_lowercase();
        let attempt = Attempt::new(&asked, address);
        let stored = looking(&self.db, move |conn| people::secret_find(conn, &asked)).await?;
        self.prove(attempt, stored, password).await
    }

    async fn prove(
        &self,
        attempt: Attempt,
        stored: Option<(String, String)>,
        password: &str,
    ) -> Result<Proof, PageError> {
        if let Err(seconds) = attempt.begin(self).await? {
            return Ok(Proof::Wait(seconds));
        }
        let secret = stored.as_ref().map(|(_, secret)| secret.clone());
        if !self.passwords.fits(password.to_owned(), secret).await? {
            return Ok(Proof::Wrong);
        }
        attempt.succeed(self).await?;
        Ok(stored.map_or(Proof::Wrong, |(person, secret)| Proof::Given(Confirmed { person }, secret)))
    }
}

fn wait(field: &str, seconds: i64) -> Errors {
    let mut errors = Errors::none();
    let why = format!("There were several wrong passwords. Wait {seconds} s, then try again: nobody is locked out.");
    errors.push(field, why);
    errors
}

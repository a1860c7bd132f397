//! The bell notes what became of letters: sent, to be tried again, given up and shown, or not begun after all.

use chrono::{DateTime, Utc};

use super::ActError;
use crate::care::letter::{DELAY_AWAY, delay_after};
use crate::mail::{MailError, Outcome};
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::letters::{self, LetterFile, LetterState};

/// The states that they are in from now on, in their order.
pub fn note_letters(
    conn: &mut Conn,
    outcomes: &[(LetterFile, Outcome)],
    now: DateTime<Utc>,
) -> Result<Vec<LetterState>, ActError> {
    let sent = outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Sent);
    let sent: Vec<String> = sent.map(|(letter, _)| letter.id.clone()).collect();
    letters::letters_sent(conn, &sent, now)?;
    let mut noted = Vec::new();
    for (letter, outcome) in outcomes {
        noted.push(match outcome {
            Outcome::Sent => LetterState::Sent,
            Outcome::NotBegun => put_back(conn, letter, now, &letter.problem)?,
            // The letter itself was not tried.
            Outcome::Failed(MailError::Away(why) | MailError::NoSender(why)) => {
                put_back(conn, letter, now + DELAY_AWAY, why)?
            }
            Outcome::Failed(why) => failed(conn, letter, why, now)?,
        });
    }
    Ok(noted)
}

fn put_back(conn: &mut Conn, letter: &LetterFile, try_at: DateTime<Utc>, why: &str) -> Result<LetterState, StoreError> {
    letters::letter_put_back(conn, letter, try_at, why)?;
    Ok(LetterState::Wanted)
}

fn failed(
    conn: &mut Conn,
    letter: &LetterFile,
    why: &MailError,
    now: DateTime<Utc>,
) -> Result<LetterState, StoreError> {
    let delay = delay_after(letter.attempts).filter(|_| !matches!(why, MailError::Never(_)));
    let state = if delay.is_some() { LetterState::Wanted } else { LetterState::GivenUp };
    letters::letter_failed(conn, letter, state, now + delay.unwrap_or_default(), &why.to_string())?;
    Ok(state)
}

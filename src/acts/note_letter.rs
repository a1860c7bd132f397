//! The bell notes what became of a letter: sent, to be tried again, or given up and shown.

use chrono::{DateTime, Utc};

use super::ActError;
use crate::care::letter::{DELAY_AWAY, delay_after};
use crate::mail::MailError;
use crate::store::db::Conn;
use crate::store::letters::{self, LetterFile, LetterState};

pub fn note_letter(
    conn: &mut Conn,
    claimed: &LetterFile,
    outcome: &Result<(), MailError>,
    now: DateTime<Utc>,
) -> Result<LetterState, ActError> {
    let noted = match (outcome, delay_after(claimed.attempts)) {
        (Ok(()), _) => LetterState::Sent,
        (Err(MailError::Away(_)), _) | (Err(MailError::Later(_)), Some(_)) => LetterState::Wanted,
        (Err(_), _) => LetterState::GivenUp,
    };
    match outcome {
        Ok(()) => letters::letter_sent(conn, &claimed.id, now)?,
        // The letter itself was not tried.
        Err(MailError::Away(why)) => letters::letter_put_back(conn, claimed, now + DELAY_AWAY, why)?,
        Err(why) => {
            let try_at = now + delay_after(claimed.attempts).unwrap_or_default();
            letters::letter_failed(conn, claimed, noted, try_at, &why.to_string())?;
        }
    }
    Ok(noted)
}

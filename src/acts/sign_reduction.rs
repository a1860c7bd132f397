//! A pharmacist signs the next reduction. The signature itself changes the doses ahead.

use chrono::{DateTime, NaiveDate, Utc};

use super::{ActError, first_answer, standing_check};
use crate::care::people::{Actor, Confirmed, Pharmacist};
use crate::care::taper::level::PlanFact;
use crate::care::taper::reduction::SignAsk;
use crate::care::taper::snapshot::Snapshot;
use crate::store::cases::{DecidedBy, Found, case_load, decision_save};
use crate::store::db::Conn;
use crate::store::evidence::{Evidence, evidence_load, statement_new};
use crate::store::snapshots::{mark, snapshot_load};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SignReduction {
    /// The id of the signature, made when the form was drawn.
    pub form: String,
    pub plan: String,
    pub sign: SignAsk,
    /// What was on the screen; none where there was no screen.
    pub seen: Option<Seen>,
}

/// What a page showed of all that a signature rests on.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The mark of the checks and the snapshot.
    pub mark: String,
    /// The day whose checks they were.
    pub checked_on: Option<NaiveDate>,
    /// How many decisions about the plan there were.
    pub decisions: u32,
}

impl Seen {
    /// It is still so; `now` is what a page of that day would show.
    fn stands(&self, found: &Found, now: Option<(&Evidence, &Snapshot)>) -> bool {
        let decisions = found.file.facts.len();
        self.decisions as usize == decisions
            && now.is_none_or(|(evidence, snapshot)| mark(evidence, snapshot) == self.mark)
    }
}

pub fn sign_reduction(
    conn: &mut Conn,
    by: &Pharmacist,
    confirmed: &Confirmed,
    ask: &SignReduction,
    now: DateTime<Utc>,
) -> Result<PlanFact, ActError> {
    standing_check(conn, by, now)?;
    if let Some(first) = first_answer(conn, &ask.form, &ask.plan, by.staff())? {
        return Ok(first);
    }
    let mut found = case_load(conn, by.staff(), &ask.plan, ask.sign.n, now)?;
    let evidence = evidence_load(conn, &found, ask.sign.effective_on, now)?;
    let snapshot = evidence.as_ref().map(|evidence| snapshot_load(conn, &found, evidence, now)).transpose()?;
    let checked_on = ask.seen.as_ref().and_then(|seen| seen.checked_on).unwrap_or(ask.sign.effective_on);
    let checked = evidence_load(conn, &found, checked_on, now)?;
    found.case.needs_reason = evidence.as_ref().is_some_and(|evidence| evidence.needs_reason());
    let on_the_page = checked.as_ref().zip(snapshot.as_ref());
    found.case.evidence_moved = ask.seen.as_ref().is_some_and(|seen| !seen.stands(&found, on_the_page));
    let checks = |evidence: &Option<Evidence>| evidence.as_ref().map(|evidence| evidence.checks.clone());
    found.case.checks_unseen = checks(&checked) != checks(&evidence);
    let decision = found.case.sign(by.staff(), confirmed, &ask.sign)?;
    let shown = evidence.zip(snapshot);
    let statement = shown.map(|shown| statement_new(conn, &found, by.staff(), shown, &decision, now));
    let decided = DecidedBy::new(&ask.form, by, now);
    Ok(decision_save(conn, &mut found, &decided, "sign_reduction", decision, &statement.transpose()?)?)
}

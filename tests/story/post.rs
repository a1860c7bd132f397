//! The bell and the mail: what is wanted is claimed, sent into a world of bad mail servers, and noted.

use std::collections::BTreeSet;

use stepdown::acts::claim_letters::{Claimed, claim_letters};
use stepdown::acts::lay_out_doses::{PLANS_AT_ONCE, lay_out_together};
use stepdown::acts::mark_alerts::mark_alerts;
use stepdown::acts::note_letters::note_letters;
use stepdown::acts::want_letters::{letters_compared, want_letters};
use stepdown::mail::{MailError, Outcome};
use stepdown::store::letters::letters_ready;
use stepdown::store::plans::{PlanState, plan_ids};

use crate::troubles::Trouble;
use crate::world::World;

impl World {
    /// Lays out the days ahead, as the bell does.
    pub fn lay_out(&mut self) {
        let facility = self.facility();
        let plans = self.read(|conn| plan_ids(conn, std::slice::from_ref(&facility), PlanState::Running));
        for together in plans.chunks(PLANS_AT_ONCE) {
            let plans = together.to_vec();
            let done = self.db().write(move |conn, now| lay_out_together(conn, &plans, now));
            self.must(done.map_err(|why| format!("P5: the bell cannot lay out: {why}")));
        }
    }

    /// What need not be looked at again is marked.
    fn mark_alerts(&mut self) {
        let facility = self.facility();
        let marked = self.db().write(move |conn, now| mark_alerts(conn, &facility, now));
        self.must(marked.map(drop).map_err(|why| format!("alerts cannot be marked: {why}")));
    }

    /// Letters are wanted, claimed, sent: by one bell or by two.
    pub fn ring(&mut self) {
        self.mark_alerts();
        let facility = self.facility();
        let bells = if self.troubles.on(Trouble::TwoBells) { 2 } else { 1 };
        let now = self.clock.now();
        let of = facility.clone();
        let change = self.read(|conn| letters_compared(conn, &of, now));
        for _ in 0..bells {
            let (facility, change) = (facility.clone(), change.clone());
            let url = "https://stepdown.example";
            let wanted = self.db().write(move |conn, now| want_letters(conn, &facility, &change, url, now));
            self.must(wanted.map(drop).map_err(|why| format!("P12: letters cannot be wanted: {why}")));
        }
        self.finds_copies();
        let ready = self.read(|conn| letters_ready(conn, now, self.breadth.letters));
        let claims: Vec<Claimed> = (0..bells).flat_map(|_| self.claim(&ready)).collect();
        let ids: BTreeSet<&String> = claims.iter().map(|claimed| &claimed.letter.id).collect();
        if ids.len() < claims.len() {
            self.must(Err(format!("P12: two bells claimed the same letter: {claims:?}")));
        }
        for claimed in claims {
            let waited = if self.waits { Err("a letter left after a copy was put back".to_owned()) } else { Ok(()) };
            self.must(waited);
            self.send(claimed);
        }
    }

    fn claim(&mut self, ids: &[String]) -> Vec<Claimed> {
        let ids = ids.to_vec();
        let claimed = self.db().write(move |conn, now| claim_letters(conn, &ids, now));
        claimed.unwrap_or_else(|why| {
            self.must(Err(format!("P12: letters cannot be claimed: {why}")));
            Vec::new()
        })
    }

    /// The mail server takes it, or does what bad mail servers do; or the program dies before it can note the answer.
    fn send(&mut self, claimed: Claimed) {
        let bad = self.troubles.on(Trouble::BadMail);
        let kind = if bad { self.chance.below(8) } else { 0 };
        let (said, outcome) = match kind {
            1 => ("later", Outcome::Failed(MailError::Later("451 try again".into()))),
            2 => ("never", Outcome::Failed(MailError::Never("550 no such mailbox".into()))),
            3 => ("away", Outcome::Failed(MailError::Away("connection refused".into()))),
            4 => ("answer lost", Outcome::Failed(MailError::Later("the answer after the letter never came".into()))),
            5 => ("not begun", Outcome::NotBegun),
            _ => ("sent", Outcome::Sent),
        };
        *self.report.letters.entry(said).or_default() += 1;
        if bad && self.chance.percent(5) {
            return self.reopen();
        }
        let noted =
            self.db().write(move |conn, now| note_letters(conn, &[(claimed.letter.clone(), outcome.clone())], now));
        self.must(noted.map(drop).map_err(|why| format!("P12: a letter cannot be noted: {why}")));
    }
}

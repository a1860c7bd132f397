//! The round of a large house: its pages are sent by the handful. Each act has a savepoint of its own, and all share one
//! commit, as at the desk of the writer where many wait.

use diesel::Connection;
use stepdown::acts::ActError;
use stepdown::store::{Conn, StoreError};

use crate::page::Page;
use crate::world::{Fate, World};

/// So many pages are sent together at most.
pub const HANDFUL: usize = 32;

/// An act that failed took nothing but its own changes back.
struct TakenBack(ActError);

impl From<diesel::result::Error> for TakenBack {
    fn from(error: diesel::result::Error) -> TakenBack {
        TakenBack(StoreError::from(error).into())
    }
}

impl World {
    /// Sends some pages at once, and holds each answer against what is known.
    pub fn post_together(&mut self, pages: &[Page], fate: Fate) {
        let now = self.clock.now();
        let sent: Vec<_> = pages.iter().map(Page::sent).collect();
        let each = move |conn: &mut Conn, now| -> Result<Vec<_>, ActError> {
            let alone = |sent: &dyn Fn(&mut Conn, _) -> Result<(), ActError>, conn: &mut Conn| {
                conn.transaction(|conn| sent(conn, now).map_err(TakenBack)).map_err(|TakenBack(error)| error)
            };
            Ok(sent.iter().map(|sent| alone(sent, conn)).collect())
        };
        if fate == Fate::DiesBefore {
            return self.dies_before(each, || format!("{pages:?}"));
        }
        let answers: Vec<Result<(), ActError>> = match self.db().write(each) {
            Ok(answers) => answers,
            Err(why) => return self.must(Err(format!("a round cannot be saved: {why:?}"))),
        };
        if fate == Fate::DiesAfter {
            self.reopen();
        }
        let mut new = self.facts_since(self.last_n);
        for (page, answer) in pages.iter().zip(answers) {
            self.told(page, &answer, now);
            let (theirs, others) = new.into_iter().partition(|fact| fact.id == page.form);
            new = others;
            let judged = self.judge(page, answer, theirs, now);
            self.must(judged);
        }
        let nobodys = (!new.is_empty()).then(|| format!("P15: nobody was told of {new:?}"));
        self.must(nobodys.map_or(Ok(()), Err));
    }
}

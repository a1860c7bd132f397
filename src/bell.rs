//! The ticking bell: lays doses out for the days ahead, keeps the downtime packs fresh, finds the letters that should
//! exist, and sends them.

mod packs;

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::acts::ActError;
use crate::acts::claim_letters::{Claimed, claim_letters};
use crate::acts::doubt_clock::{begin_watching, doubt_clock};
use crate::acts::lay_out_doses::{PLANS_AT_ONCE, lay_out_doses, lay_out_together};
use crate::acts::mark_alerts::mark_alerts;
use crate::acts::note_letters::note_letters;
use crate::acts::ring_bell::ring_bell;
use crate::acts::want_letters::{letters_compared, want_letters};
use crate::care::calendar::days_after;
use crate::care::leap::{Found, Watch};
use crate::care::letter::handful::Handful;
use crate::care::ringing::Seen;
use crate::mail::{Mail, Outcome, Outgoing};
use crate::paper::Folder;
use crate::store::bells::Unreckoned;
use crate::store::db::{Conn, Db};
use crate::store::letters::{LetterState, clock_doubted, letters_ready};
use crate::store::plans::plans_short_of;
use crate::store::taper_alerts::marks_compared;
use crate::store::{StoreError, bells, facilities};

/// So many letters are looked for in one go; the rest come with the next tick.
const LETTERS_A_TICK: i64 = 10_000;
/// When the mail server could not be reached so often in a row, the rest of the letters wait for the next tick.
const PATIENCE: u32 = 2;

/// After so long the rest of the letters wait for the next tick too, so that doses are laid out and pages see the bell ring
/// within two minutes though every letter hangs: what is under way by then hangs no longer than the mail's own patience.
const SENDING: Duration = Duration::from_secs(45);

/// So long after they were taken in hand letters may be begun. What has not had its turn by then is given back, and looked at
/// again before it leaves; long before its lease is over.
const FRESH: Duration = Duration::from_secs(2);

/// An act on several of a kind.
type OnAll<A, T> = fn(&mut Conn, &[A], DateTime<Utc>) -> Result<Vec<T>, ActError>;

/// What one tick did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rung {
    /// Plans whose doses were laid out further.
    pub laid_out: usize,
    pub wanted: usize,
    pub sent: usize,
    /// Letters that failed, for now or for good.
    pub failed: usize,
    /// Downtime packs that were made anew.
    pub packs: usize,
    /// The database was put back from a copy: its letters wait for a person from now on.
    pub put_back: bool,
    /// The clock leapt ahead: letters wait, and none is wanted, until a person has said that the time is right.
    pub clock_ahead: bool,
    /// The clock was set back since the last ring: pages say so.
    pub clock_back: bool,
    /// What the bell could not do, each in a sentence; it went on with the rest.
    pub troubles: Vec<String>,
}

/// The bell. Any number of them may ring over one database.
pub struct Bell {
    db: Db,
    mail: Mail,
    public_url: String,
    /// Where the downtime packs lie.
    folders: Vec<Folder>,
    sending: Duration,
    unreckoned: Unreckoned,
    /// None before the first ring.
    watch: Option<Watch>,
    stop: watch::Receiver<bool>,
}

impl Bell {
    /// `public_url` is the address that the links in letters begin with; `stop` ends the ringing when it turns true.
    pub fn new(db: Db, mail: Mail, public_url: impl Into<String>, stop: watch::Receiver<bool>) -> Bell {
        let (public_url, folders) = (public_url.into(), Vec::new());
        let unreckoned = Unreckoned::default();
        Bell { db, mail, public_url, folders, sending: SENDING, unreckoned, watch: None, stop }
    }

    /// Sends letters no longer than this at one ring.
    pub fn sending_for(self, sending: Duration) -> Bell {
        Bell { sending, ..self }
    }

    /// Tells here whose letters it cannot work out.
    pub fn telling(self, unreckoned: Unreckoned) -> Bell {
        Bell { unreckoned, ..self }
    }

    /// Lays downtime packs into these folders too.
    pub fn laying(self, folders: Vec<Folder>) -> Bell {
        Bell { folders, ..self }
    }

    /// Rings until it is stopped; a letter that is under way is finished first.
    pub async fn run(mut self, every: Duration) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stop = self.stop.clone();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                _ = ticks.tick() => {}
            }
            let rung = self.tick().await;
            rung.troubles.iter().for_each(|trouble| tracing::error!("bell: {trouble}"));
            if rung.put_back {
                tracing::warn!("bell: the database was put back from a copy; letters wait until a person sends them");
            }
            if rung.clock_ahead {
                tracing::warn!(
                    "bell: the clock leapt ahead; letters wait until a person has looked, or it is set right"
                );
            }
            if rung.clock_back {
                tracing::warn!(
                    "bell: the clock was set back; pages say so until a person has looked, or it is there again"
                );
            }
            tracing::debug!(rung.laid_out, rung.wanted, rung.sent, rung.failed, "bell");
        }
    }

    /// Rings once. Whatever fails is told, and the rest goes on.
    pub async fn tick(&mut self) -> Rung {
        let mut rung = Rung::default();
        let trusted = self.look_at_the_clock(&mut rung).await;
        // Before anything is laid where the ward looks: of a database that was put back nothing is.
        let rang = self.ring(&mut rung).await;
        self.lay_out(&mut rung).await;
        // By a clock that nobody trusts nothing is missed, and nothing is wanted.
        if trusted {
            self.mark_alerts(&mut rung).await;
            self.want(&mut rung).await;
        }
        if rang && trusted {
            self.send_all(&mut rung).await;
        }
        self.mail.hang_up().await;
        // Last, because a folder that is away takes its time: no reminder waits for paper.
        self.lay_packs(&mut rung).await;
        rung
    }

    /// Whether the time can be trusted. Where that cannot be written down, it is looked at anew with the next ring.
    async fn look_at_the_clock(&mut self, rung: &mut Rung) -> bool {
        let (reading, before) = (self.db.reading(), self.watch);
        let mut watch = before.unwrap_or_else(|| Watch::new(reading));
        let found = watch.look(reading);
        rung.clock_ahead = matches!(found, Some(Found::Ahead { .. }));
        let written = match found {
            Some(found) => self.write(move |conn, now| doubt_clock(conn, &found, now)).await,
            None if before.is_none() => self.write(begin_watching).await,
            None => Ok(()),
        };
        let known = match written {
            Ok(()) => self.read(|conn| Ok((clock_doubted(conn)?, bells::set_back_last(conn)?))).await,
            Err(why) => Err(why),
        };
        let Some((doubted, back)) = rung.told("the clock", known) else { return false };
        if back.is_none() && before.is_some_and(|before| before.is_back()) {
            watch.forget_back();
        }
        match (doubted, before) {
            (false, _) => watch.trust(),
            (true, None) => watch = watch.in_doubt(),
            (true, Some(_)) => {}
        }
        self.watch = Some(watch);
        !doubted
    }

    /// Looks whether this is the database that it rang in before, and counts the ring; whether letters may be sent. Without
    /// an answer none is: they might be those of a copy.
    async fn ring(&self, rung: &mut Rung) -> bool {
        let db = self.db.clone();
        let seen = spawn_blocking(move || seen(&db)).await.map_err(broke).and_then(|seen| Ok(seen?));
        let Some(seen) = rung.told("the bell's own marks", seen) else { return false };
        let rang = self.write(move |conn, now| ring_bell(conn, &seen, now)).await;
        let Some(rang) = rung.told("the bell itself", rang) else { return false };
        (rung.put_back, rung.clock_back) = (rang.put_back, rang.set_back);
        let db = self.db.clone();
        let kept = spawn_blocking(move || db.keep_mark(rang.ring)).await.map_err(broke).and_then(|kept| Ok(kept?));
        // Nobody goes without reminders because a mark cannot be made.
        rung.told("the mark beside the database", kept);
        true
    }

    async fn lay_out(&self, rung: &mut Rung) {
        let now = self.db.now();
        let short = self.read(move |conn| plans_to_lay_out(conn, now)).await;
        for plans in rung.told("the plans to lay out", short).unwrap_or_default().chunks(PLANS_AT_ONCE) {
            let together = plans.to_vec();
            match self.write(move |conn, now| lay_out_together(conn, &together, now)).await {
                Ok(()) => rung.laid_out += plans.len(),
                Err(_) => self.lay_out_each(plans, rung).await,
            }
        }
    }

    /// One plan that cannot be laid out keeps no other from it.
    async fn lay_out_each(&self, plans: &[String], rung: &mut Rung) {
        for plan in plans {
            let of = plan.clone();
            let laid = self.write(move |conn, now| lay_out_doses(conn, &of, now)).await;
            rung.laid_out += usize::from(rung.told(&format!("the doses of plan {plan}"), laid).is_some());
        }
    }

    /// Most of the time no mark is behind, and nobody who writes is held up.
    async fn mark_alerts(&self, rung: &mut Rung) {
        let now = self.db.now();
        let behind = self.read(move |conn| facilities_with_marks_behind(conn, now)).await;
        for facility in rung.told("the marks of alerts", behind).unwrap_or_default() {
            let marked = self.write(move |conn, now| mark_alerts(conn, &facility, now)).await;
            rung.told("the marks of alerts", marked);
        }
    }

    async fn want(&self, rung: &mut Rung) {
        let all = self.read(facilities::facilities_all).await;
        for facility in rung.told("the facilities", all).unwrap_or_default() {
            let of = format!("the letters of facility {}", facility.id);
            let (id, now) = (facility.id.clone(), self.db.now());
            let compared = self.read(move |conn| letters_compared(conn, &id, now)).await;
            self.unreckoned.note(&facility.id, compared.as_ref().err().map(ToString::to_string));
            let Some(change) = rung.told(&of, compared).filter(|change| !change.is_empty()) else { continue };
            let url = self.public_url.clone();
            let wanted = self.write(move |conn, now| want_letters(conn, &facility.id, &change, &url, now)).await;
            rung.wanted += rung.told(&of, wanted).unwrap_or(0);
        }
    }

    async fn send_all(&mut self, rung: &mut Rung) {
        let now = self.db.now();
        let ready = self.read(move |conn| letters_ready(conn, now, LETTERS_A_TICK)).await;
        let mut ready = VecDeque::from(rung.told("the letters to send", ready).unwrap_or_default());
        let (mut away, mut handful, began) = (0, Handful::FIRST, Instant::now());
        while !ready.is_empty() && !*self.stop.borrow() && away < PATIENCE && began.elapsed() < self.sending {
            let some = ready.drain(..handful.letters().min(ready.len())).collect();
            let claimed = self.write_all(rung, "a letter to send", some, claim_letters).await;
            let (taken, outgoing) = (Instant::now(), claimed.iter().map(outgoing).collect::<Vec<_>>());
            let outcomes = self.mail.send(&outgoing, (taken + FRESH).min(began + self.sending)).await;
            handful = handful.after(TimeDelta::from_std(taken.elapsed()).unwrap_or(TimeDelta::MAX));
            away = if outcomes.iter().any(Outcome::is_away) { away + 1 } else { 0 };
            let outcomes: Vec<_> = claimed.into_iter().map(|one| one.letter).zip(outcomes).collect();
            let not_begun = || outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::NotBegun);
            ready.extend(not_begun().map(|(letter, _)| letter.id.clone()));
            rung.failed += outcomes.len() - not_begun().count();
            let noted = self.write_all(rung, "a letter sent", outcomes, note_letters).await;
            let sent = noted.into_iter().filter(|state| *state == LetterState::Sent).count();
            (rung.sent, rung.failed) = (rung.sent + sent, rung.failed - sent);
        }
    }

    /// Acts on all of them together; where that cannot be done one by one, so that what is wrong with one holds up no other.
    async fn write_all<A: Clone + Send + 'static, T: Send + 'static>(
        &self,
        rung: &mut Rung,
        about: &str,
        all: Vec<A>,
        act: OnAll<A, T>,
    ) -> Vec<T> {
        let together = all.clone();
        let done = self.write(move |conn, now| act(conn, &together, now)).await;
        if done.is_ok() || all.len() == 1 {
            return rung.told(about, done).unwrap_or_default();
        }
        let mut done = Vec::new();
        for one in all {
            let alone = self.write(move |conn, now| act(conn, std::slice::from_ref(&one), now)).await;
            done.extend(rung.told(about, alone).unwrap_or_default());
        }
        done
    }

    async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ActError> {
        let db = self.db.clone();
        let looked = spawn_blocking(move || db.read(look)).await;
        Ok(looked.map_err(broke)??)
    }

    async fn write<T: Send + 'static>(
        &self,
        act: impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, ActError> + Send + 'static,
    ) -> Result<T, ActError> {
        let db = self.db.clone();
        spawn_blocking(move || db.write(act)).await.map_err(broke)?
    }
}

impl Rung {
    /// Keeps what went wrong, and yields what went well.
    fn told<T>(&mut self, about: &str, done: Result<T, ActError>) -> Option<T> {
        done.map_err(|why| self.troubles.push(format!("{about}: {why}"))).ok()
    }
}

fn broke(why: tokio::task::JoinError) -> ActError {
    StoreError::Broke(why.to_string()).into()
}

/// The running plans whose doses do not reach their facility's horizon.
fn plans_to_lay_out(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let mut short = Vec::new();
    for facility in facilities::facilities_all(conn)? {
        let horizon = days_after(facility.zone.day(now), facility.horizon_days);
        short.extend(plans_short_of(conn, &facility.id, horizon)?);
    }
    Ok(short)
}

fn facilities_with_marks_behind(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let mut behind = Vec::new();
    for facility in facilities::facilities_all(conn)? {
        if !marks_compared(conn, &facility, now)?.is_empty() {
            behind.push(facility.id);
        }
    }
    Ok(behind)
}

/// In this order: what another bell does meanwhile must not look like a copy.
fn seen(db: &Db) -> Result<Seen, StoreError> {
    let rings = db.read(bells::ring_last)?.rings;
    let mark = db.mark();
    let here = db.read(|conn| Ok(bells::place_here(conn)))?;
    Ok(Seen { rings, mark, here })
}

fn outgoing(claimed: &Claimed) -> Outgoing {
    let letter = claimed.letter.clone();
    Outgoing {
        id: letter.id,
        from: claimed.from.clone(),
        recipient: letter.recipient,
        title: letter.title,
        body: letter.body,
        written_at: letter.wanted_at,
    }
}

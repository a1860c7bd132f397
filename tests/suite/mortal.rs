//! A bell that dies: it is dropped where it waits, with whatever it has in hand.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use chrono::TimeDelta;
use stepdown::bell::Bell;
use stepdown::config::Post;
use stepdown::mail::Mail;
use stepdown::store::Db;
use stepdown::store::letters::LetterState;
use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::house::{at, on_both};
use crate::scripted::{Server, Taken};
use crate::ward::{Ringer, letters, saturday};

/// Nothing hangs here, however busy the machine is.
const LONG: Duration = Duration::from_secs(15);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Died {
    /// It came to its end before.
    Never,
    AtItsWait,
}

impl Died {
    pub fn word(self) -> &'static str {
        match self {
            Died::Never => "had ended before",
            Died::AtItsWait => "died",
        }
    }
}

/// Rings, and dies when it has waited so often: for the database, or for the mail server. What the database had begun is
/// finished, as a commit is that reached the disk.
pub fn ring_until(db: &Db, post: &Post, patience: Duration, waits: usize) -> Died {
    let stop = watch::channel(false).1;
    let mut bell = Bell::new(db.clone(), Mail::patient(post, patience), "https://stepdown.example/", stop);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (mut tick, mut left) = (pin!(bell.tick()), waits);
        std::future::poll_fn(|context| match tick.as_mut().poll(context) {
            Poll::Ready(rung) => {
                assert_eq!(rung.troubles, Vec::<String>::new());
                Poll::Ready(Died::Never)
            }
            Poll::Pending if left == 0 => Poll::Ready(Died::AtItsWait),
            Poll::Pending => {
                left -= 1;
                Poll::Pending
            }
        })
        .await
    })
}

/// Day after day it dies one wait later. Another bell leaves what it had in hand alone until its lease is over, and sends
/// it then; nothing else comes twice.
#[test]
fn wherever_a_bell_dies_the_next_one_sends_what_it_had_not_sent() {
    on_both(|house| {
        saturday(house, "00:00:00");
        Ringer::patient(&house.db, &Server::start(&house.clock).post(), LONG).ring();
        let server = Server::start(&house.clock);
        let (mut twice, mut deaths, mut most_in_hand) = (0, 0, 0);
        for waits in 0.. {
            let morning = at("2026-11-22T08:00:00Z") + TimeDelta::days(waits);
            house.clock.set(morning);
            let before = server.taken().len();
            if ring_until(&house.opened_again(), &server.post(), LONG, waits as usize) == Died::Never {
                break;
            }
            deaths += 1;
            server.quiet();
            let dead = |letter: &stepdown::store::letters::LetterFile| letter.state == LetterState::Claimed;
            let in_hand: Vec<String> = letters(house).into_iter().filter(dead).map(|letter| letter.id).collect();
            most_in_hand = most_in_hand.max(in_hand.len());
            house.clock.set(morning + TimeDelta::minutes(1));
            let left = server.taken().len();
            Ringer::patient(&house.db, &server.post(), LONG).ring();
            server.quiet();
            let of_the_dead = |one: &Taken| in_hand.iter().any(|id| id == one.id());
            assert!(!server.taken()[left..].iter().any(of_the_dead), "it may still be sending");
            house.clock.set(morning + TimeDelta::minutes(6));
            Ringer::patient(&house.db, &server.post(), LONG).ring();
            server.quiet();
            let today = &server.taken()[before..];
            for letter in letters(house).iter().filter(|letter| letter.wanted_at >= morning - TimeDelta::hours(2)) {
                let arrived = today.iter().filter(|one| one.id() == letter.id).count();
                let most = if in_hand.contains(&letter.id) { 2 } else { 1 };
                assert!((1..=most).contains(&arrived), "{arrived} times after {waits} waits: {letter:?}");
                twice += arrived - 1;
            }
        }
        eprintln!("a bell died {deaths} times, at every wait of a ring; {twice} letters in its hand came twice");
        assert!((2..=8).contains(&most_in_hand), "some letters together, and few on a morning of few: {most_in_hand}");
        assert!(deaths >= 15, "{deaths}");
        assert!(twice >= 1, "one death at least was after the letter had left");
    });
}

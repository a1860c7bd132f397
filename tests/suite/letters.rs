//! Letters: each goes out once, in time, or fails where it is seen; and none says who it is about.

mod shown;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use proptest::prelude::*;
use stepdown::care::letter::Kind;
use stepdown::config::Post;
use stepdown::store::bells::bell_find;
use stepdown::store::letters::{LetterFile, LetterState};

use crate::house::{House, at, beside, on_both};
use crate::smtp::{self, Fault, Server, Taken};
use crate::ward::{self, Ringer, arrivals, give, letters, of_kind, saturday, states, titles};

/// MedSync-AI 56: reminders were sent again after a restart. django-post_office 326: one mail went out dozens of times.
#[test]
fn two_bells_and_their_restarts_send_every_letter_once() {
    on_both(|house| {
        saturday(house, "00:00:00");
        let server = Server::start();
        for hour in 0..30 {
            house.clock.set(at("2026-11-21T00:00:00Z") + TimeDelta::hours(hour));
            beside(2, |_| Ringer::new(&house.opened_again(), &server.post()).ring());
        }
        let arrivals = arrivals(&server.taken());
        assert!(arrivals.len() >= 6, "{arrivals:?}");
        assert!(arrivals.values().all(|times| *times == 1), "{arrivals:?}");
        assert_eq!(arrivals.len(), letters(house).len());
        let subjects: BTreeSet<_> = letters(house).into_iter().map(|l| (l.subject, l.kind, l.recipient)).collect();
        assert_eq!(subjects.len(), arrivals.len());
    });
}

#[test]
fn nothing_is_sent_after_what_it_is_about_was_done() {
    on_both(|house| {
        let plan = saturday(house, "08:00:00");
        Ringer::new(&house.db, &smtp::nobody()).ring();
        assert_eq!(states(&of_kind(house, Kind::RoundDue)), [LetterState::Wanted]);
        house.clock.set(at("2026-11-21T08:05:00Z"));
        give(house, &plan, "2026-11-21", "08:00");
        let server = Server::start();
        Ringer::new(&house.db, &server.post()).ring();
        assert_eq!(titles(&server.taken(), "east@alder.example"), Vec::<String>::new());
        assert_eq!(states(&of_kind(house, Kind::RoundDue)), [LetterState::Settled]);
    });
}

/// The dose is recorded after the letter was found and before it is taken in hand.
#[test]
fn a_letter_is_looked_at_once_more_before_it_leaves() {
    on_both(|house| {
        let plan = saturday(house, "08:00:00");
        Ringer::new(&house.db, &smtp::nobody()).ring();
        let letter = of_kind(house, Kind::RoundDue).remove(0);
        house.clock.set(at("2026-11-21T08:05:00Z"));
        give(house, &plan, "2026-11-21", "08:00");
        assert_eq!(ward::claim(house, &[letter.id]), []);
        assert_eq!(states(&of_kind(house, Kind::RoundDue)), [LetterState::Settled]);
    });
}

#[test]
fn a_letter_whose_time_has_passed_is_not_sent_late() {
    on_both(|house| {
        saturday(house, "08:00:00");
        Ringer::new(&house.db, &smtp::nobody()).ring();
        house.clock.set(at("2026-11-21T09:00:00Z"));
        let server = Server::start();
        Ringer::new(&house.db, &server.post()).ring();
        assert_eq!(titles(&server.taken(), "east@alder.example"), Vec::<String>::new());
        let letter = of_kind(house, Kind::RoundDue).remove(0);
        assert_eq!(letter.state, LetterState::Expired);
        assert!(letter.problem.contains("cannot be reached"), "{}", letter.problem);
    });
}

#[test]
fn what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_shown() {
    on_both(|house| {
        saturday(house, "08:00:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        // The digest is the older letter.
        server.will(&[Fault::Never, Fault::Later, Fault::Later]);
        let rung = ringer.ring();
        assert_eq!((rung.sent, rung.failed), (0, 2));
        let digest = of_kind(house, Kind::Digest).remove(0);
        assert_eq!(digest.state, LetterState::GivenUp);
        assert!(digest.problem.contains("550"), "{}", digest.problem);
        assert_eq!(ringer.ring().failed, 0, "not at once");
        for minutes in [1, 3] {
            house.clock.set(at("2026-11-21T08:00:00Z") + TimeDelta::minutes(minutes));
            ringer.ring();
        }
        let round = of_kind(house, Kind::RoundDue).remove(0);
        assert_eq!((round.state, round.attempts), (LetterState::Sent, 3));
        assert_eq!(arrivals(&server.taken()).into_values().collect::<Vec<_>>(), [1]);
        assert_eq!(states(&of_kind(house, Kind::Digest)), [LetterState::GivenUp], "for ever");
    });
}

#[test]
fn a_letter_that_is_put_off_again_and_again_is_given_up() {
    on_both(|house| {
        saturday(house, "07:00:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        server.will(&[Fault::Later; 60]);
        for minutes in 0..400 {
            house.clock.set(at("2026-11-21T07:00:00Z") + TimeDelta::minutes(minutes));
            if minutes % 5 == 0 {
                ringer.ring();
            }
        }
        let digest = of_kind(house, Kind::Digest).remove(0);
        assert_eq!((digest.state, digest.attempts), (LetterState::GivenUp, 9));
        assert!(digest.problem.contains("450"), "{}", digest.problem);
    });
}

#[test]
fn a_mail_server_that_hangs_never_hangs_the_bell() {
    on_both(|house| {
        let plan = saturday(house, "08:00:00");
        let laid_until = ward::laid_until(house, &plan);
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        server.will(&[Fault::HangAtDoor, Fault::HangAtDoor]);
        let began = Instant::now();
        let rung = ringer.ring();
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        assert_eq!((rung.sent, rung.failed, rung.laid_out), (0, 2, 1));
        assert!(ward::laid_until(house, &plan) > laid_until);
        assert_eq!(house.db.read(bell_find).unwrap(), Some(at("2026-11-21T08:00:00Z")));
        house.clock.set(at("2026-11-21T08:01:00Z"));
        let calls = server.calls();
        assert_eq!((ringer.ring().sent, server.calls()), (2, calls + 1), "both letters over one line");
    });
}

#[test]
fn one_letter_that_hangs_does_not_hold_up_the_others() {
    on_both(|house| {
        saturday(house, "08:00:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        server.will(&[Fault::HangAfterDot]);
        let rung = ringer.ring();
        assert_eq!((rung.sent, rung.failed), (1, 1));
    });
}

/// Nobody can know whether a letter arrived when the line went dead after its last dot (RFC 5321, 4.5.4). It is sent
/// again under the same Message-ID, so that to the reader's mail program it is the same letter.
#[test]
fn a_lost_answer_is_followed_by_the_same_letter_and_not_by_another() {
    on_both(|house| {
        saturday(house, "08:00:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        server.will(&[Fault::DropAfterDot]);
        ringer.ring();
        for minutes in 1..9 {
            house.clock.set(at("2026-11-21T08:00:00Z") + TimeDelta::minutes(minutes));
            ringer.ring();
        }
        let taken = server.taken();
        let mut times: Vec<usize> = arrivals(&taken).into_values().collect();
        times.sort_unstable();
        assert_eq!(times, [1, 2]);
        let twice: Vec<&Taken> = taken.iter().filter(|letter| letter.to == "chief@alder.example").collect();
        assert_eq!(twice[0].mail, twice[1].mail);
    });
}

/// A bell that died with a letter in hand: the others leave it alone until the lease is over, and then send it.
#[test]
fn a_letter_in_a_dead_hand_is_taken_up_after_its_lease() {
    on_both(|house| {
        saturday(house, "08:00:00");
        Ringer::new(&house.db, &smtp::nobody()).ring();
        let id = of_kind(house, Kind::RoundDue).remove(0).id;
        house.clock.set(at("2026-11-21T08:01:00Z"));
        assert_eq!(ward::claim(house, &[id]).len(), 1);
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        house.clock.set(at("2026-11-21T08:05:59Z"));
        ringer.ring();
        assert_eq!(states(&of_kind(house, Kind::RoundDue)), [LetterState::Claimed]);
        house.clock.set(at("2026-11-21T08:06:00Z"));
        ringer.ring();
        assert_eq!(states(&of_kind(house, Kind::RoundDue)), [LetterState::Sent]);
        assert!(arrivals(&server.taken()).values().all(|times| *times == 1));
    });
}

/// Sidekiq 5049: nothing ran for an hour when the clocks went back, because a timer waited for an hour that had been.
#[test]
fn a_clock_that_goes_back_an_hour_sends_nothing_twice_and_stops_nothing() {
    on_both(|house| {
        saturday(house, "08:00:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        ringer.ring();
        house.clock.set(at("2026-11-21T09:10:00Z"));
        ringer.ring();
        let before = server.taken().len();
        for minutes in [0, 20, 40, 60] {
            house.clock.set(at("2026-11-21T08:10:00Z") + TimeDelta::minutes(minutes));
            ringer.ring();
        }
        assert_eq!(server.taken().len(), before);
        house.clock.set(at("2026-11-21T10:00:00Z"));
        ringer.ring();
        assert_eq!(of_kind(house, Kind::NoRecord).len(), 1, "what came due meanwhile goes out");
        assert!(arrivals(&server.taken()).values().all(|times| *times == 1));
    });
}

#[test]
fn without_a_mail_server_letters_are_files_that_mail_programs_open() {
    let house = House::on_sqlite();
    saturday(&house, "08:00:00");
    let folder = tempfile::tempdir().unwrap();
    let mut ringer = Ringer::new(&house.db, &Post::Folder(folder.path().join("new/letters")));
    assert_eq!((ringer.ring().sent, ringer.ring().sent), (2, 0));
    let names: Vec<_> =
        std::fs::read_dir(folder.path().join("new/letters")).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2);
    let round = of_kind(&house, Kind::RoundDue).remove(0);
    let mail = stepdown::mail::eml_find(&folder.path().join("new/letters"), &round.id).unwrap();
    assert!(mail.contains("To: east@alder.example\r\n") && mail.contains("Doses to record"), "{mail}");
}

#[test]
fn the_bell_stops_when_it_is_told_to() {
    let house = House::on_sqlite();
    saturday(&house, "08:00:00");
    let server = Server::start();
    let (tell, stop) = tokio::sync::watch::channel(false);
    let mail = stepdown::mail::Mail::patient(&server.post(), ward::PATIENCE);
    let bell = stepdown::bell::Bell::new(house.db.clone(), mail, "http://localhost", stop);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ringing = tokio::spawn(bell.run(Duration::from_millis(50)));
        while server.taken().len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tell.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(5), ringing).await.expect("it stops").unwrap();
    });
    assert_eq!(server.taken().len(), 2);
}

/// Letters as people would see them: headers decoded as far as they matter, and every raw byte too.
fn said_by(letters: &[LetterFile], taken: &[Taken]) -> String {
    let rows = letters.iter().map(|l| format!("{}\n{}\n{}\n", l.title, l.body, l.problem));
    let mails = taken.iter().map(|t| format!("{}\n{}\n", t.mail, t.mail.replace("=\r\n", "").replace("\r\n", "\n")));
    rows.chain(mails).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// P13. Whatever residents are called, no letter says it, nor what they take, how much, or where they live.
    #[test]
    fn no_letter_names_anybody(
        names in proptest::collection::vec(("\\PC{6,40}", "[A-Z]\\PC{5,20}|\r\nBcc: everybody@example.org", "[A-Z]{3}-[0-9]{5}", "room [0-9A-Z]{4,6}"), 2..5),
        unit in "\\PC{1,30}|East\r\nBcc: everybody@example.org",
    ) {
        let house = House::on_sqlite();
        ward::furnish(&house);
        let unit = unit.replace(['\'', '\0'], "");
        house.plain_sql(&format!("UPDATE units SET name = '{unit}' WHERE id = 'east'")).unwrap();
        for (surname, forename, number, room) in &names {
            let resident = ward::resident(&house, surname, forename, number, room);
            ward::plan(&house, &resident, "2026-11-21");
        }
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        for time in ["2026-11-21T08:00:00Z", "2026-11-21T12:00:00Z", "2026-11-28T08:00:00Z", "2026-12-09T08:00:00Z"] {
            house.clock.set(at(time));
            ringer.ring();
        }
        let rows = letters(&house);
        let kinds: BTreeSet<Kind> = rows.iter().map(|l| l.kind).collect();
        prop_assert_eq!(kinds.len(), 5);
        let said = said_by(&rows, &server.taken());
        for (surname, forename, number, room) in &names {
            for secret in [surname, forename, number, room] {
                let hidden = unit.contains(secret.as_str()) || !said.contains(secret.as_str());
                prop_assert!(hidden, "{:?} in\n{}", secret, said);
            }
        }
        for word in ["clonazepam", " mg", "\u{a0}mg", "=A0mg", "microgram", "\nBcc:", "\nbcc:"] {
            prop_assert!(unit.contains(word) || !said.contains(word), "{:?} in\n{}", word, said);
        }
        prop_assert!(server.taken().iter().all(|letter| letter.to.ends_with("@alder.example")));
    }
}

//! Mail over TLS: to a server that somebody trusted vouches for, or not at all.

use stepdown::bell::Rung;
use stepdown::config::{Post, Security};

use crate::house::House;
use crate::scripted::{self, Fault, Step, Wrong};
use crate::smtp::{AUTHORITY, Server};
use crate::ward::{Ringer, letters, saturday};

/// What the bell did with the letters of a Saturday morning, and what became of them.
fn rung(post: &Post) -> (Rung, Vec<String>) {
    let house = House::on_sqlite();
    saturday(&house, "08:00:00");
    let rung = Ringer::new(&house.db, post).ring();
    (rung, letters(&house).into_iter().map(|letter| letter.problem).collect())
}

#[test]
fn letters_reach_a_server_that_the_houses_own_authority_vouches_for() {
    for security in [Security::StartTls, Security::Tls] {
        let server = Server::protected_by(security);
        let (rung, problems) = rung(&server.post_by(security, Some(AUTHORITY)));
        assert_eq!((rung.sent, rung.failed), (2, 0), "{security:?}: {problems:?}");
        assert_eq!(server.taken().len(), 2);
    }
}

#[test]
fn a_server_that_nobody_vouches_for_gets_no_letter_and_the_problem_says_why() {
    for security in [Security::StartTls, Security::Tls] {
        let server = Server::protected_by(security);
        let (rung, problems) = rung(&server.post_by(security, None));
        assert_eq!((rung.sent, server.taken().len()), (0, 0), "{security:?}");
        assert!(problems.iter().any(|problem| problem.contains("certificate")), "{problems:?}");
    }
}

#[test]
fn a_server_without_the_protection_asked_for_gets_no_letter() {
    let server = Server::start();
    let (rung, problems) = rung(&server.post_by(Security::StartTls, Some(AUTHORITY)));
    assert_eq!((rung.sent, server.taken().len()), (0, 0));
    assert!(problems.iter().any(|problem| problem.contains("STARTTLS")), "{problems:?}");
}

/// Whatever goes wrong on the way into TLS, no byte of a letter and no password is said in plain, and no letter is lost.
#[test]
fn a_way_into_tls_that_fails_gives_nothing_away() {
    for wrong in Wrong::ALL {
        let house = House::on_sqlite();
        saturday(&house, "08:00:00");
        let server = scripted::Server::start(&house.clock);
        server.will([Fault(Step::StartTls, wrong); 2]);
        let rung = Ringer::new(&house.db, &server.post_by(Security::StartTls)).ring();
        server.quiet();
        assert_eq!((rung.sent, rung.failed), (0, 2), "{wrong:?}");
        let heard = String::from_utf8_lossy(&server.heard()).into_owned();
        assert!(heard.contains("STARTTLS"), "{wrong:?}: {heard}");
        assert!(["MAIL FROM", "RCPT", "AUTH", "alder.example"].iter().all(|word| !heard.contains(word)), "{heard}");
        let waits = |letter: stepdown::store::letters::LetterFile| (letter.state.word(), letter.attempts);
        let waiting: Vec<_> = letters(&house).into_iter().map(waits).collect();
        assert_eq!(waiting, [("wanted", 0), ("wanted", 0)], "put back, and not counted as tried");
    }
}

//! Mail over TLS: to a server that somebody trusted vouches for, or not at all.

use stepdown::bell::Rung;
use stepdown::config::{Post, Security};

use crate::house::House;
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

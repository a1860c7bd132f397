//! A clock that leaps ahead is announced; nothing counts as missed and no letter leaves until somebody has looked at it, or
//! it is right again.

use stepdown::bell::Rung;
use stepdown::care::letter::Kind;
use stepdown::store::letters::LetterState;

use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::smtp::Server;
use crate::ward::{self, Ringer, letters, of_kind, states};

/// Saturday at 07:40, the first doses at 08:00; the bell has rung once.
fn house_that_rang(house: &House, server: &Server) -> Ringer {
    settle(house);
    let stock = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)";
    house.plain_sql(stock).unwrap();
    ward::plan(house, RESIDENT, "2026-11-21");
    house.clock.set(at("2026-11-21T07:40:00Z"));
    let mut ringer = Ringer::new(&house.db, &server.post());
    assert_eq!(ringer.ring().troubles, Vec::<String>::new());
    ringer
}

fn leap(house: &House, ringer: &mut Ringer, time: &str) -> Rung {
    house.clock.leap(at(time));
    ringer.ring()
}

fn rings(house: &House, ringer: &mut Ringer, time: &str) -> Rung {
    house.clock.set(at(time));
    ringer.ring()
}

fn about_doses(house: &House) -> Vec<LetterState> {
    [Kind::RoundDue, Kind::NoRecord].into_iter().flat_map(|kind| states(&of_kind(house, kind))).collect()
}

#[test]
fn while_it_is_ahead_nothing_is_wanted_and_set_right_every_reminder_comes_in_its_time() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = house_that_rang(house, &server);
        let before = letters(house).len();
        let ahead = leap(house, &mut ringer, "2026-11-22T10:00:00Z");
        assert!(ahead.clock_ahead && ahead.wanted + ahead.sent == 0, "{ahead:?}");
        let later = rings(house, &mut ringer, "2026-11-22T10:05:00Z");
        assert!(!later.clock_ahead && later.wanted + later.sent == 0, "it says so once: {later:?}");
        assert_eq!(letters(house).len(), before, "neither today’s doses nor tomorrow’s count as missed");
        leap(house, &mut ringer, "2026-11-21T07:46:00Z");
        assert_eq!(house.count("letter_waits"), 0);
        let right = rings(house, &mut ringer, "2026-11-21T08:00:00Z");
        assert!(right.sent > 0 && about_doses(house).contains(&LetterState::Sent), "{right:?}");
        rings(house, &mut ringer, "2026-11-22T08:00:00Z");
        assert_eq!(states(&of_kind(house, Kind::RoundDue)), [LetterState::Sent; 2], "08:00 of both days");
    });
}

#[test]
fn pages_ask_whether_the_time_is_right_and_a_supervisor_says_so() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = house_that_rang(house, &server);
        leap(house, &mut ringer, "2026-11-21T08:05:00Z");
        let served = Served::start(house);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let round = nurse.get("/round").text();
        let asked = "went ahead from 21 Nov 2026 07:40 to 21 Nov 2026 08:05, and shows 21 Nov 2026 08:05 now";
        assert!(round.contains("Look at a clock.") && round.contains(asked), "{round}");
        let overview = supervisor.get("/overview").text();
        assert!(overview.contains("clock went ahead from 21 Nov 2026 07:40 to 21 Nov 2026 08:05"), "{overview}");
        let health = served.visitor().get("/health/bell");
        assert_eq!((health.status, health.body.contains("the clock went ahead")), (503, true));
        let page = supervisor.get("/letters");
        assert!(page.text().contains("The time is right: send letters from now on"), "{}", page.text());
        let said = supervisor.fill(&page, "/letters", &[]);
        assert_eq!(said.status, 303, "{}", said.text());
        assert_eq!(house.count("letter_waits WHERE ended_at IS NULL"), 0, "there is one clock for all facilities");
        assert_eq!(house.count("history WHERE kind = 'send_letters'"), 1);
        let rung = rings(house, &mut ringer, "2026-11-21T08:06:00Z");
        assert!(rung.sent > 0 && !rung.clock_ahead, "{rung:?}");
        assert!(!nurse.get("/round").text().contains("Look at a clock"));
        assert_eq!(served.visitor().get("/health/bell").status, 200);
    });
}

#[test]
fn a_program_that_starts_again_goes_on_doubting_unless_the_clock_was_set_back_meanwhile() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = house_that_rang(house, &server);
        leap(house, &mut ringer, "2026-11-21T12:00:00Z");
        house.clock.set(at("2026-11-21T12:01:00Z"));
        let rung = Ringer::new(&house.db, &server.post()).ring();
        assert!(rung.wanted + rung.sent == 0 && house.count("letter_waits") == 2, "{rung:?}");
        house.clock.set(at("2026-11-21T07:42:00Z"));
        let rung = Ringer::new(&house.db, &server.post()).ring();
        assert!(house.count("letter_waits") == 0 && rung.troubles.is_empty(), "{rung:?}");
    });
}

/// Nobody who watches now knows what it should show: that it goes back to before the doubt is enough.
#[test]
fn a_program_that_started_in_doubt_sees_the_clock_set_back() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = house_that_rang(house, &server);
        leap(house, &mut ringer, "2026-11-21T12:00:00Z");
        house.clock.set(at("2026-11-21T12:01:00Z"));
        let mut again = Ringer::new(&house.db, &server.post());
        again.ring();
        leap(house, &mut again, "2026-11-21T12:02:00Z");
        assert_eq!(house.count("letter_waits"), 2, "it goes on doubting");
        let right = leap(house, &mut again, "2026-11-21T07:44:00Z");
        assert!(house.count("letter_waits") == 0 && right.troubles.is_empty(), "{right:?}");
        assert!(rings(house, &mut again, "2026-11-21T08:00:00Z").sent > 0);
    });
}

/// A copy that was put back beside a clock that leapt: each is looked at by itself.
#[test]
fn of_two_reasons_to_wait_a_page_that_showed_one_never_answers_the_other() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = house_that_rang(house, &server);
        let put_back = "INSERT INTO letter_waits (id, facility, copied_at, found_at)
            VALUES ('put-back', 'alder', '2026-11-21 07:00:00', '2026-11-21 07:10:00')";
        assert_eq!(house.plain_sql(put_back).unwrap(), 1);
        leap(house, &mut ringer, "2026-11-21T08:05:00Z");
        let served = Served::start(house);
        let supervisor = served.signed_in("supervisor");
        let (round, overview) = (served.signed_in("nurse").get("/round").text(), supervisor.get("/overview").text());
        assert!(round.contains("put back from a copy") && round.contains("Look at a clock."), "{round}");
        assert!(overview.contains("put back from a copy") && overview.contains("clock went ahead from"), "{overview}");
        let page = supervisor.get("/letters");
        assert!(page.text().contains("put back from a copy"), "{}", page.text());
        for _ in 0..2 {
            assert_eq!(supervisor.fill(&page, "/letters", &[]).status, 303);
        }
        let page = supervisor.get("/letters");
        assert!(page.text().contains("clock went ahead"), "{}", page.text());
        assert_eq!(rings(house, &mut ringer, "2026-11-21T08:06:00Z").sent, 0);
        assert_eq!(supervisor.fill(&page, "/letters", &[]).status, 303);
        assert_eq!(house.count("letter_waits WHERE facility = 'alder' AND ended_at IS NULL"), 0);
    });
}

/// Saturday at 08:05, the letters of eight sent; then the clock shows 06:30.
fn set_back(house: &House, server: &Server) -> Ringer {
    let mut ringer = house_that_rang(house, server);
    rings(house, &mut ringer, "2026-11-21T08:05:00Z");
    let rung = leap(house, &mut ringer, "2026-11-21T06:30:00Z");
    assert!(rung.clock_back && !rung.clock_ahead && rung.troubles.is_empty(), "{rung:?}");
    ringer
}

const SET_BACK: &str = "was set back from 21 Nov 2026 08:05 to 21 Nov 2026 06:30, and shows 21 Nov 2026 06:31 now";

#[test]
fn a_clock_that_was_set_back_is_told_on_every_page_until_it_is_there_again_and_no_letter_is_lost() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = set_back(house, &server);
        let again = rings(house, &mut ringer, "2026-11-21T06:31:00Z");
        assert!(!again.clock_back, "it says so once: {again:?}");
        assert_eq!(house.count("letter_waits"), 0, "letters go on");
        let served = Served::start(house);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        for (who, page) in [(&nurse, "/round"), (&supervisor, "/overview"), (&supervisor, "/letters")] {
            let text = who.get(page).text();
            assert!(text.contains(SET_BACK) && text.contains("ends by itself at 21 Nov 2026 08:05"), "{page}: {text}");
        }
        let health = served.visitor().get("/health/bell");
        assert_eq!((health.status, health.body.contains("set back")), (503, true));
        // Another program that starts knows it, too.
        let mut other = Ringer::new(&house.db, &server.post());
        rings(house, &mut other, "2026-11-21T08:04:00Z");
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        assert!(nurse.get("/round").text().contains("was set back from 21 Nov 2026 08:05"));
        rings(house, &mut other, "2026-11-21T08:05:00Z");
        for (who, page) in [(&nurse, "/round"), (&supervisor, "/overview"), (&supervisor, "/letters")] {
            assert!(!who.get(page).text().contains("set back"), "{page}");
        }
        assert_eq!(served.visitor().get("/health/bell").status, 200);
        assert_eq!(states(&of_kind(house, Kind::RoundDue)), [LetterState::Sent], "of eight, once");
        rings(house, &mut other, "2026-11-21T20:00:00Z");
        assert_eq!(states(&of_kind(house, Kind::RoundDue)).len(), 2, "and the evening comes in its time");
    });
}

#[test]
fn a_program_that_starts_after_the_clock_was_set_back_says_so() {
    on_both(|house| {
        let server = Server::start();
        house_that_rang(house, &server);
        house.clock.set(at("2026-11-21T07:20:00Z"));
        assert!(Ringer::new(&house.db, &server.post()).ring().clock_back);
        let round = Served::start(house).signed_in("nurse").get("/round").text();
        assert!(round.contains("was set back from 21 Nov 2026 07:40 to 21 Nov 2026 07:20"), "{round}");
        house.clock.set(at("2026-11-21T07:06:00Z"));
        assert!(!Ringer::new(&house.db, &server.post()).ring().clock_back, "put right by a quarter of an hour");
    });
}

#[test]
fn a_supervisor_says_that_a_clock_was_rightly_set_back_and_only_of_what_the_page_told() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = set_back(house, &server);
        let served = Served::start(house);
        let page = served.signed_in("supervisor").get("/letters");
        leap(house, &mut ringer, "2026-11-21T05:00:00Z");
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let stale = page.attribute("input[name=told]", "value").unwrap();
        let now = supervisor.get("/letters");
        assert!(now.text().contains("from 21 Nov 2026 08:05 to 21 Nov 2026 05:00"), "{}", now.text());
        assert_eq!(supervisor.fill(&now, "/letters/clock", &[("told", stale.as_str())]).status, 303);
        assert!(supervisor.get("/letters").text().contains("was set back"), "they were told of another");
        assert_eq!(nurse.get("/letters").status, 403);
        for _ in 0..2 {
            assert_eq!(supervisor.fill(&now, "/letters/clock", &[]).status, 303);
        }
        assert_eq!(house.count("history WHERE kind = 'trust_clock' AND done_by = 'supervisor'"), 1);
        for (who, page) in [(&nurse, "/round"), (&supervisor, "/overview"), (&supervisor, "/letters")] {
            assert!(!who.get(page).text().contains("was set back"), "{page}");
        }
        let rung = rings(house, &mut ringer, "2026-11-21T05:01:00Z");
        assert!(!rung.clock_back && rung.troubles.is_empty(), "{rung:?}");
        assert_eq!(served.visitor().get("/health/bell").status, 200);
    });
}

#[test]
fn a_clock_that_was_set_back_and_is_set_right_again_is_told_no_more_and_has_not_gone_ahead() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = set_back(house, &server);
        rings(house, &mut ringer, "2026-11-21T06:40:00Z");
        let right = leap(house, &mut ringer, "2026-11-21T08:16:00Z");
        assert!(!right.clock_ahead && right.troubles.is_empty(), "{right:?}");
        assert_eq!((house.count("letter_waits"), house.count("bells")), (0, 1));
        let served = Served::start(house);
        assert_eq!(served.visitor().get("/health/bell").status, 200);
        assert!(!served.signed_in("nurse").get("/round").text().contains("Look at a clock"));
    });
}

/// People have been told of it once, and it is right now.
#[test]
fn a_clock_that_had_gone_ahead_and_is_set_right_was_not_set_back() {
    on_both(|house| {
        let server = Server::start();
        let mut ringer = house_that_rang(house, &server);
        leap(house, &mut ringer, "2026-11-22T10:00:00Z");
        rings(house, &mut ringer, "2026-11-22T10:05:00Z");
        let nearer = leap(house, &mut ringer, "2026-11-21T12:00:00Z");
        let right = leap(house, &mut ringer, "2026-11-21T07:46:00Z");
        assert!(!nearer.clock_back && !right.clock_back, "{nearer:?} {right:?}");
        leap(house, &mut ringer, "2026-11-22T10:00:00Z");
        house.clock.set(at("2026-11-21T07:50:00Z"));
        let started = Ringer::new(&house.db, &server.post()).ring();
        assert!(!started.clock_back, "{started:?}");
        assert_eq!((house.count("letter_waits"), house.count("bells")), (0, 1));
    });
}

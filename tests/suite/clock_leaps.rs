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

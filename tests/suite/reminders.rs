//! Which letters exist: found by comparing what is with what should be, on any day and with any clock.

mod signatures;

use chrono::TimeDelta;
use stepdown::acts::resolve_discrepancy::{ResolveDiscrepancy, resolve_discrepancy};
use stepdown::care::letter::Kind;
use stepdown::care::people::Supervisor;
use stepdown::care::register::book::Ending;
use stepdown::store::letters::LetterState;
use stepdown::web::Hall;
use stepdown::web::password::{Cost, Passwords};

use crate::browser_like::{Served, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::scripted::{self, Fault, Step, Wrong};
use crate::shelf;
use crate::smtp::{self, Server, Taken};
use crate::ward::{self, Ringer, give, letters, of_kind, saturday, states, titles};

#[test]
fn a_round_is_one_letter_to_its_unit_however_many_doses_are_due() {
    on_both(|house| {
        saturday(house, "07:59:59");
        let second = ward::resident(house, "Birch", "Bo", "2", "14");
        house.clock.set(at("2026-11-21T00:10:00Z"));
        ward::plan_at(house, &second, "2026-11-21", "08:30");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        house.clock.set(at("2026-11-21T07:59:59Z"));
        ringer.ring();
        assert_eq!(titles(&server.taken(), "east@alder.example"), Vec::<String>::new());
        house.clock.set(at("2026-11-21T08:00:00Z"));
        ringer.ring();
        house.clock.set(at("2026-11-21T08:31:00Z"));
        ringer.ring();
        let to_unit: Vec<Taken> = server.taken().into_iter().filter(|l| l.to == "east@alder.example").collect();
        assert_eq!(titles(&to_unit, "east@alder.example"), ["08:00 round, East: 2 doses due"]);
        let mail = &to_unit[0].mail;
        assert!(mail.contains("https://stepdown.example/round\r\n"), "{mail}");
        assert_eq!(to_unit[0].header("Auto-Submitted"), "auto-generated");
        let row = &of_kind(house, Kind::RoundDue)[0];
        assert_eq!(to_unit[0].header("Message-ID"), format!("<{}@alder.example>", row.id));
        assert_eq!((row.state, row.expires_at), (LetterState::Sent, at("2026-11-21T09:30:00Z")));
    });
}

/// One letter a round: that of the night's dose must not be the morning's.
#[test]
fn a_dose_outside_the_window_of_its_round_is_called_for_by_itself() {
    on_both(|house| {
        ward::furnish(house);
        let night = ward::resident(house, "Birch", "Bo", "2", "14");
        ward::plan(house, RESIDENT, "2026-11-21");
        ward::plan_at(house, &night, "2026-11-21", "03:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        for time in ["03:00", "03:10", "08:00", "08:10"] {
            house.clock.set(at(&format!("2026-11-21T{time}:00Z")));
            ringer.ring();
        }
        let to_unit = titles(&server.taken(), "east@alder.example");
        let due: Vec<&String> = to_unit.iter().filter(|title| title.contains("due")).collect();
        assert_eq!(due, ["03:00 round, East: 1 dose due", "08:00 round, East: 1 dose due"]);
        assert!(server.taken().iter().all(|letter| !letter.mail.contains("round=03")), "it opens a round of the unit");
    });
}

#[test]
fn doses_without_a_record_are_asked_after_at_the_unit_and_then_at_the_supervisor() {
    on_both(|house| {
        let plan = saturday(house, "08:00:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        for hour in 8..=14 {
            house.clock.set(at(&format!("2026-11-21T{hour:02}:00:00Z")));
            ringer.ring();
        }
        let sent: Vec<_> = of_kind(house, Kind::NoRecord).into_iter().map(|l| (l.recipient, l.sent_at)).collect();
        let expected = [
            ("east@alder.example".to_owned(), Some(at("2026-11-21T10:00:00Z"))),
            ("chief@alder.example".to_owned(), Some(at("2026-11-21T12:00:00Z"))),
        ];
        assert_eq!(sent, expected);
        house.clock.set(at("2026-11-21T20:05:00Z"));
        give(house, &plan, "2026-11-21", "20:00");
        house.clock.set(at("2026-11-22T01:00:00Z"));
        ringer.ring();
        assert_eq!(of_kind(house, Kind::NoRecord).len(), 2, "the evening dose has its record");
    });
}

/// Months of doses before the bell first rang are no reason for months of letters.
#[test]
fn a_bell_that_was_silent_for_long_does_not_catch_up() {
    on_both(|house| {
        saturday(house, "00:10:00");
        let server = Server::start();
        Ringer::new(&house.db, &smtp::nobody()).ring();
        house.clock.set(at("2027-01-30T08:00:00Z"));
        Ringer::new(&house.db, &server.post()).ring();
        let kinds: Vec<Kind> =
            letters(house).into_iter().filter(|l| l.state == LetterState::Sent).map(|l| l.kind).collect();
        assert!(kinds.len() <= 16, "{kinds:?}");
        assert!(server.taken().iter().all(|l| l.mail.contains("Jan 2027")), "{:?}", server.taken());
    });
}

/// In London the hour from 01:00 came twice on 31 October 2027: its doses are due once, at the first.
#[test]
fn an_hour_that_comes_twice_is_one_round() {
    on_both(|house| {
        ward::furnish(house);
        house.clock.set(at("2027-10-30T12:00:00Z"));
        house.plain_sql("UPDATE units SET rounds = '01:30 20:00'").unwrap();
        ward::plan_at(house, RESIDENT, "2027-10-31", "01:30");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        for minutes in (0..180).step_by(10) {
            house.clock.set(at("2027-10-31T00:00:00Z") + TimeDelta::minutes(minutes));
            ringer.ring();
        }
        let rounds = of_kind(house, Kind::RoundDue);
        assert_eq!(rounds.iter().map(|l| l.sent_at.unwrap()).collect::<Vec<_>>(), [at("2027-10-31T00:30:00Z")]);
    });
}

/// Tamanu 9021: doses stopped being generated after the first batch.
#[test]
fn the_bell_lays_doses_out_for_ever_and_the_same_ones_once() {
    on_both(|house| {
        let plan = saturday(house, "06:00:00");
        let mut ringer = Ringer::new(&house.db, &Server::start().post());
        for days in 0..20 {
            house.clock.set(at("2026-11-21T06:00:00Z") + TimeDelta::days(days));
            assert_eq!(ringer.ring().laid_out, 1, "day {days}");
            assert_eq!(ringer.ring().laid_out, 0);
        }
        assert_eq!(ward::laid_until(house, &plan), ward::day("2026-12-24"));
        assert_eq!(house.count(&format!("doses WHERE plan = '{plan}'")), 34 * 2);
    });
}

#[test]
fn the_digest_comes_every_morning_in_counts() {
    on_both(|house| {
        saturday(house, "07:00:00");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        ringer.ring();
        house.clock.set(at("2026-11-22T06:59:59Z"));
        ringer.ring();
        house.clock.set(at("2026-11-22T07:00:00Z"));
        ringer.ring();
        let digests: Vec<Taken> =
            server.taken().into_iter().filter(|l| l.header("Subject").starts_with("Alder")).collect();
        let subjects = titles(&digests, "chief@alder.example");
        assert_eq!(
            subjects,
            [
                "Alder House, 21 Nov 2026: no record 0, reductions waiting 0",
                "Alder House, 22 Nov 2026: no record 2, reductions waiting 0"
            ]
        );
        assert!(digests[1].mail.contains("Doses without a record: 2\r\n"), "{}", digests[1].mail);
    });
}

#[test]
fn the_digest_counts_the_differences_that_nobody_has_resolved() {
    on_both(|house| {
        let plan = saturday(house, "07:00:00");
        let book = shelf::receive(house, "0.5");
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        let counted = |ringer: &mut Ringer, at_text: &str| {
            house.clock.set(at(at_text));
            ringer.ring();
            let mut mails = server.taken().into_iter().filter(|one| one.header("Subject").starts_with("Alder"));
            let last = mails.next_back().unwrap().mail;
            last.lines().find(|line| line.starts_with("Differences of registers")).unwrap().to_owned()
        };
        let said = |n| format!("Differences of registers that nobody has resolved: {n}");
        assert_eq!(counted(&mut ringer, "2026-11-21T07:00:00Z"), said(0));
        house.clock.set(at("2026-11-21T08:05:00Z"));
        ward::give(house, &plan, "2026-11-21", "08:00");
        let open = shelf::differences(house, &book).remove(0).opened;
        assert_eq!(counted(&mut ringer, "2026-11-22T07:00:00Z"), said(1));
        let ask = ResolveDiscrepancy {
            form: ward::id(),
            discrepancy: open.id,
            ending: Some(Ending::Adjusted),
            reason: "The half was found behind the box, both of us looked.".into(),
        };
        let chief = Supervisor(shelf::staff("chief"));
        house.db.write(move |conn, now| resolve_discrepancy(conn, &chief, &ask, now)).unwrap();
        assert_eq!(counted(&mut ringer, "2026-11-23T07:00:00Z"), said(0));
    });
}

/// A daily letter is wanted in the morning and lasts until the next: it is counted by when its fate fell.
#[test]
fn the_digest_counts_each_daily_letter_that_did_not_arrive_once() {
    on_both(|house| {
        ward::furnish(house);
        let digest = |post: &stepdown::config::Post, time: &str| {
            house.clock.set(at(time));
            Ringer::new(&house.db, post).ring();
            let last = of_kind(house, Kind::Digest).pop().unwrap();
            let line = last.body.lines().find(|line| line.starts_with("Letters of the last day")).unwrap().to_owned();
            line.rsplit_once(": ").unwrap().1.to_owned()
        };
        let server = Server::start();
        server.will(&[crate::smtp::Fault::Never]);
        assert_eq!(digest(&server.post(), "2026-11-21T07:00:05Z"), "0");
        assert_eq!(states(&of_kind(house, Kind::Digest)), [LetterState::GivenUp]);
        assert_eq!(digest(&smtp::nobody(), "2026-11-22T07:00:05Z"), "1", "given up yesterday");
        assert_eq!(digest(&server.post(), "2026-11-23T07:00:05Z"), "1", "expired by now");
        assert_eq!(digest(&server.post(), "2026-11-24T07:00:05Z"), "0");
    });
}

/// One plan that cannot be read keeps every letter of its facility from being found: nobody may take that for peace.
#[test]
fn a_bell_that_rings_and_cannot_work_out_letters_is_not_well() {
    on_both(|house| {
        settle(house);
        let stock = "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)";
        house.plain_sql(stock).unwrap();
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-21T07:00:05Z"));
        let hall = Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false);
        let mut ringer = Ringer::new(&house.db, &smtp::nobody()).telling(hall.unreckoned.clone());
        let served = Served::with(hall);
        let unreadable = |version: u32| {
            house.plain_sql(&format!("UPDATE plans SET version = {version} WHERE id = '{plan}'")).unwrap();
        };
        ringer.ring();
        assert_eq!(served.visitor().get("/health/bell").status, 200);
        unreadable(7);
        let rung = ringer.rings();
        assert!(rung.troubles.concat().contains(&format!("plan {plan}")), "{:?}", rung.troubles);
        let health = served.visitor().get("/health/bell");
        assert_eq!(
            (health.status, health.body.contains("cannot work out the letters")),
            (503, true),
            "{}",
            health.body
        );
        // It can be read again, and the bell has not tried again yet.
        unreadable(1);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let told = || {
            let round = nurse.get("/round").text().contains("They cannot be worked out: tell whoever looks after");
            let overview = supervisor.get("/overview").text();
            (round, overview.contains("The letters of this facility cannot be worked out: no new reminder is written."))
        };
        assert_eq!(told(), (true, true));
        ringer.ring();
        assert_eq!(served.visitor().get("/health/bell").status, 200);
        assert_eq!(told(), (false, false));
    });
}

#[test]
fn who_left_or_was_disabled_gets_no_letter() {
    on_both(|house| {
        saturday(house, "07:00:00");
        house.plain_sql("UPDATE people SET disabled_at = '2026-11-20 09:00:00' WHERE id = 'chief'").unwrap();
        let server = Server::start();
        Ringer::new(&house.db, &server.post()).ring();
        assert!(server.taken().iter().all(|letter| letter.to != "chief@alder.example"));
        assert_eq!(states(&of_kind(house, Kind::Digest)), [LetterState::GivenUp], "nobody to write to is seen");
    });
}

/// A clock that was a day ahead had put the letter away as too late.
#[test]
fn a_letter_put_away_by_a_clock_that_was_ahead_goes_out_when_the_clock_is_right_again() {
    on_both(|house| {
        saturday(house, "10:00:00");
        Ringer::new(&house.db, &smtp::nobody()).ring();
        assert_eq!(states(&of_kind(house, Kind::NoRecord)), [LetterState::Wanted]);
        let server = Server::start();
        house.clock.set(at("2026-11-22T10:30:00Z"));
        Ringer::new(&house.db, &smtp::nobody()).ring();
        assert_eq!(of_kind(house, Kind::NoRecord)[0].state, LetterState::Expired);
        house.clock.set(at("2026-11-21T10:31:00Z"));
        Ringer::new(&house.db, &server.post()).ring();
        let letter = of_kind(house, Kind::NoRecord).remove(0);
        assert_eq!((letter.state, letter.wanted_at), (LetterState::Sent, at("2026-11-21T10:00:00Z")));
    });
}

/// A bell that died, and a try that failed, while the clock was a day ahead.
#[test]
fn what_a_clock_that_was_ahead_put_off_for_a_day_is_sent_at_once_when_the_clock_is_right_again() {
    on_both(|house| {
        saturday(house, "00:00:00");
        house.clock.set(at("2026-11-22T12:01:00Z"));
        Ringer::new(&house.db, &smtp::nobody()).ring();
        let ahead = of_kind(house, Kind::NoRecord);
        let [dead, failed] = [0, 1].map(|n| ahead[n].clone());
        assert_eq!(
            (failed.subject.as_str(), failed.try_at),
            ("slot/2026-11-21/20:00/unit/east", at("2026-11-22T12:02:00Z"))
        );
        house.clock.set(at("2026-11-22T12:02:00Z"));
        assert_eq!(ward::claim(house, &[dead.id]).len(), 1);
        let server = Server::start();
        house.clock.set(at("2026-11-22T00:05:00Z"));
        Ringer::new(&house.db, &server.post()).ring();
        let of_that_evening = of_kind(house, Kind::NoRecord).into_iter().filter(|l| l.subject == failed.subject);
        let states = states(&of_that_evening.collect::<Vec<_>>());
        assert_eq!(states, [LetterState::Sent; 2], "not half a day later");
    });
}

/// Whatever the mail server does to each letter, the bell comes back to its other work, and is seen to ring.
#[test]
fn letters_that_all_hang_do_not_keep_the_bell_from_ringing() {
    let house = House::on_sqlite();
    saturday(&house, "08:00:00");
    let server = scripted::Server::start(&house.clock);
    server.will([Fault(Step::Dot, Wrong::Hang); 2]);
    let mut ringer = Ringer::new(&house.db, &server.post());
    ringer.bell = ringer.bell.sending_for(ward::PATIENCE);
    let rung = ringer.ring();
    assert_eq!((rung.sent, rung.failed), (0, 1), "one had its time, and the other waits for the next ring");
}

/// By the clock of the house, on the page of every unit's every round; also where the clock went back meanwhile.
#[test]
fn a_dead_bell_shows_on_every_round_page_after_120_seconds_and_not_before() {
    on_both(|house| {
        settle(house);
        house
            .plain_sql(
                "INSERT INTO units (id, facility, name, mailbox, rounds)
                 VALUES ('north', 'alder', 'North', '', '08:00 20:00')",
            )
            .unwrap();
        let rang = at("2026-11-21T08:00:00Z");
        house.clock.set(rang);
        Ringer::new(&house.db, &smtp::nobody()).ring();
        let served = Served::start(house);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        for (seconds, dead) in [(0, false), (120, false), (121, true), (-120, false), (-121, true)] {
            house.clock.set(rang + TimeDelta::seconds(seconds));
            for unit in ["east", "north"] {
                for round in ["", "&round=08:00", "&round=20:00", "&round=20:00&on=2026-11-20"] {
                    let page = nurse.get(&format!("/round?unit={unit}{round}"));
                    assert_eq!(page.status, 200);
                    assert_eq!(page.text().contains("Reminders by e-mail are late."), dead, "{seconds} {unit} {round}");
                }
            }
            let overview = supervisor.get("/overview").text();
            assert_eq!(overview.contains("The bell is silent"), dead, "{seconds}: {overview}");
            assert_eq!(served.visitor().get("/health/bell").status, if dead { 503 } else { 200 });
        }
    });
}

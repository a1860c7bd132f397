//! Getting in and out: who is let in, how guessing is slowed, and how a session ends.

use chrono::TimeDelta;

use stepdown::store::people::secret_of;
use stepdown::store::sessions::session_begin;

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, on_both};

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

fn tries(visitor: &Visitor, username: &str, password: &str) -> Shown {
    let door = visitor.get("/sign-in");
    visitor.fill(&door, "/sign-in", &[("username", username), ("password", password)])
}

#[test]
fn everybody_is_led_to_the_page_of_their_role() {
    settled(|_, served| {
        for (username, page) in [
            ("nurse", "/round"),
            ("pharmacist", "/reductions"),
            ("prescriber", "/plans"),
            ("supervisor", "/overview"),
            ("administrator", "/people"),
        ] {
            assert_eq!(served.signed_in(username).get("/").location(), page);
        }
    });
}

#[test]
fn a_stranger_signs_in_and_is_led_to_what_they_asked_for() {
    settled(|_, served| {
        let visitor = served.visitor();
        let away = visitor.get("/people?facility=alder");
        assert_eq!((away.status, away.location()), (303, "/sign-in?next=%2Fpeople%3Ffacility%3Dalder"));
        let door = visitor.get(away.location());
        let inside = visitor.fill(&door, "/sign-in", &[("username", "Administrator "), ("password", PASSWORD)]);
        assert_eq!((inside.status, inside.location()), (303, "/people?facility=alder"));
        assert_eq!(visitor.get("/sign-in").location(), "/", "who is in is not asked again");
    });
}

/// An administrator sets a new password while somebody signs in with the old one.
#[test]
fn a_password_that_was_replaced_while_it_was_looked_at_opens_nothing() {
    settled(|house, _| {
        let begins = |key: &'static str, secret: String| {
            house.db.write(move |conn, now| session_begin(conn, key, ("nurse", &secret), now)).unwrap()
        };
        let before = house.db.read(|conn| secret_of(conn, "nurse")).unwrap().unwrap();
        assert!(begins("first", before.clone()));
        house.plain_sql("UPDATE people SET password_hash = 'another' WHERE id = 'nurse'").unwrap();
        assert!(!begins("second", before.clone()));
        house
            .plain_sql(&format!(
                "UPDATE people SET password_hash = '{before}', disabled_at = '2026-11-20 08:00:00' WHERE id = 'nurse'"
            ))
            .unwrap();
        assert!(!begins("third", before.clone()));
        assert_eq!(house.count("sessions WHERE token_hash IN ('first', 'second', 'third')"), 1);
    });
}

#[test]
fn nobody_is_led_out_of_the_house() {
    settled(|_, served| {
        let visitor = served.visitor();
        let door = visitor.get("/sign-in?next=//evil.example");
        let fields = [("username", "nurse"), ("password", PASSWORD), ("next", "https://evil.example/")];
        assert_eq!(visitor.fill(&door, "/sign-in", &fields).location(), "/");
    });
}

#[test]
fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    settled(|_, served| {
        let wrong = tries(&served.visitor(), "nurse", "wrong password");
        let unknown = tries(&served.visitor(), "nobody-here", "wrong password");
        assert_eq!((wrong.status, unknown.status), (422, 422));
        assert_eq!(wrong.all(".summary li"), ["This username and password do not belong together."]);
        assert_eq!(wrong.all(".summary li"), unknown.all(".summary li"));
        assert_eq!(wrong.attribute("#username", "value").as_deref(), Some("nurse"), "what was typed stays");
        assert!(!wrong.body.contains("wrong password"), "a password is never shown again");
        assert!(wrong.all("title")[0].starts_with("Error: "));
    });
}

#[test]
fn guessing_is_slowed_but_nobody_is_locked_out() {
    settled(|house, served| {
        let visitor = served.visitor();
        for _ in 0..3 {
            assert_eq!(tries(&visitor, "nurse", "a wrong guess").status, 422);
        }
        let slowed = tries(&visitor, "nurse", PASSWORD);
        assert_eq!(slowed.status, 429, "even the right password waits");
        assert_eq!(slowed.header("retry-after"), Some("1"));
        assert!(slowed.text().contains("Wait 1 s, then try again: nobody is locked out."));
        assert_eq!(tries(&visitor, "pharmacist", PASSWORD).status, 303, "another person is not slowed");
        for _ in 0..20 {
            house.clock.set(house.db.now() + TimeDelta::seconds(31));
            assert_eq!(tries(&served.visitor(), "nurse", "a wrong guess").status, 422);
        }
        house.clock.set(house.db.now() + TimeDelta::seconds(30));
        assert_eq!(tries(&served.visitor(), "nurse", PASSWORD).status, 303, "30 seconds are the longest wait");
        assert_eq!(tries(&served.visitor(), "nurse", "a wrong guess").status, 422, "and then all is forgotten");
        assert_eq!(tries(&served.visitor(), "nurse", PASSWORD).status, 303);
    });
}

#[test]
fn a_session_left_idle_ends_and_says_that_nothing_was_saved() {
    settled(|house, served| {
        let nurse = served.signed_in("nurse");
        let page = nurse.get("/nothing-here");
        house.clock.set(house.db.now() + TimeDelta::minutes(14));
        assert_eq!(nurse.get("/").location(), "/round", "in use, it goes on");
        house.clock.set(house.db.now() + TimeDelta::minutes(14));
        assert_eq!(nurse.get("/").location(), "/round");
        house.clock.set(house.db.now() + TimeDelta::minutes(16));
        let late = nurse.fill(&page, "/sign-out", &[]);
        assert_eq!(late.location(), "/sign-in?why=out");
        assert_eq!(nurse.get("/").status, 303);
    });
}

/// Nobody could sign in again before somebody makes room on the disk.
#[test]
fn a_full_disk_signs_nobody_out_who_goes_on_working() {
    let house = House::on_sqlite();
    settle(&house);
    let served = Served::start(&house);
    let nurse = served.signed_in("nurse");
    let full =
        "CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    house.plain_sql(full).unwrap();
    let after = |minutes| {
        house.clock.set(house.db.now() + TimeDelta::minutes(minutes));
        nurse.get("/round").status
    };
    assert_eq!([after(10), after(10), after(14)], [200; 3], "in use, it goes on, though nobody could write that down");
    assert_eq!(after(16), 303, "and ends where it is left");
    house.plain_sql("DROP TRIGGER full").unwrap();
    assert_eq!(after(0), 303);
}

#[test]
fn a_form_that_comes_after_the_session_ended_says_not_saved() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people");
        house.clock.set(house.db.now() + TimeDelta::minutes(16));
        let late = administrator.fill(&page, "/people", &[("username", "new.nurse")]);
        assert_eq!((late.status, late.location()), (303, "/sign-in?why=ended"));
        assert!(administrator.get(late.location()).text().contains("NOT saved"));
        assert_eq!(house.count("people WHERE username = 'new.nurse'"), 0);
    });
}

#[test]
fn a_session_ends_after_a_long_shift_even_in_use() {
    settled(|house, served| {
        let nurse = served.signed_in("nurse");
        for _ in 0..13 * 6 {
            assert_eq!(nurse.get("/").location(), "/round");
            house.clock.set(house.db.now() + TimeDelta::minutes(10));
        }
        house.clock.set(house.db.now() + TimeDelta::minutes(1));
        assert_eq!(nurse.get("/").location(), "/sign-in");
    });
}

#[test]
fn signing_out_ends_the_session_in_the_database_too() {
    settled(|house, served| {
        let nurse = served.signed_in("nurse");
        let page = nurse.get("/nothing-here");
        assert_eq!(house.count("sessions"), 1);
        assert_eq!(nurse.fill(&page, "/sign-out", &[]).location(), "/sign-in?why=out");
        assert_eq!(house.count("sessions"), 0);
        assert_eq!(nurse.get("/").location(), "/sign-in");
    });
}

#[test]
fn the_cookie_is_kept_from_scripts_and_other_sites_and_is_new_at_every_sign_in() {
    settled(|house, served| {
        let visitor = served.visitor();
        let first = tries(&visitor, "nurse", PASSWORD);
        let cookie = first.cookies().into_iter().find(|cookie| cookie.starts_with("stepdown=")).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"));
        let key = cookie.split(['=', ';']).nth(1).unwrap();
        assert_eq!(house.count(&format!("sessions WHERE token_hash = '{key}'")), 0, "only its hash is stored");
        let again = tries(&served.visitor(), "nurse", PASSWORD);
        assert!(!again.cookies().iter().any(|other| other.contains(key)));
    });
}

#[test]
fn under_https_the_cookies_are_bound_to_the_host() {
    on_both(|house| {
        settle(house);
        let passwords = stepdown::web::Passwords::new(stepdown::web::password::Cost::Cheap);
        let served = Served::with(stepdown::web::Hall::new(house.db.clone(), passwords, true, true));
        let door = served.visitor().get("/sign-in");
        let cookie = door.cookies()[0];
        assert!(cookie.starts_with("__Host-stepdown-door=") && cookie.contains("Secure"), "{cookie}");
        assert!(door.header("strict-transport-security").is_some());
    });
}

//! The administrator lets people in, gives and ends roles, sets passwords and closes accounts.

use chrono::TimeDelta;
use stepdown::acts::manage_people::end_role;
use stepdown::care::people::{Administrator, Role};

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::ward::{id, staff};

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

const NEW_NURSE: [(&str, &str); 5] = [
    ("name", "Amara Diallo"),
    ("username", "A.Diallo"),
    ("registration", "rn-77"),
    ("password", "a long walk home"),
    ("role", "nurse"),
];

fn add(administrator: &Visitor, fields: &[(&str, &str)]) -> Shown {
    let page = administrator.get("/people");
    let mut all = NEW_NURSE.to_vec();
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    administrator.fill(&page, "/people", &all)
}

const SURE: [(&str, &str); 1] = [("sure", "yes")];

/// What the page that follows says was saved.
fn said(by: &Visitor, saved: &Shown) -> Vec<String> {
    by.get(saved.location()).all("[role=status]")
}

fn own_password(by: &Visitor, now: &str, new: &str) -> Shown {
    by.fill(&by.get("/password"), "/password", &[("password", now), ("new_password", new)])
}

#[test]
fn a_person_who_was_added_signs_in_and_the_history_knows_everything_but_the_password() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let added = add(&administrator, &[]);
        assert_eq!((added.status, added.location()), (303, "/people?facility=alder&saved=added&who=a.diallo"));
        assert!(!administrator.get("/people").text().contains("Saved:"));
        let shown = administrator.get(added.location());
        assert_eq!(shown.all("[role=status]"), ["Saved: Amara Diallo was added."]);
        assert!(shown.text().contains("Amara Diallo a.diallo RN-77"));
        let nurse = served.visitor();
        let door = nurse.get("/sign-in");
        let inside = nurse.fill(&door, "/sign-in", &[("username", "a.diallo"), ("password", "a long walk home")]);
        assert_eq!(inside.status, 303);
        assert_eq!(house.count("history WHERE kind = 'manage_people' AND done_by = 'administrator'"), 1);
        assert_eq!(house.count("history WHERE body LIKE '%a.diallo%' AND body LIKE '%nurse%'"), 1);
        assert_eq!(house.count("history WHERE body LIKE '%argon2%' OR body LIKE '%long walk%'"), 0);
    });
}

#[test]
fn the_same_form_sent_twice_adds_one_person() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people");
        assert_eq!(administrator.fill(&page, "/people", &NEW_NURSE).status, 303);
        assert_eq!(administrator.fill(&page, "/people", &NEW_NURSE).status, 303);
        assert_eq!(house.count("people WHERE username = 'a.diallo'"), 1);
        assert_eq!(house.count("history"), 1);
    });
}

#[test]
fn what_is_wrong_is_said_at_once_and_what_was_typed_stays() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let hostile = "\"><script>alert(1)</script>";
        let wrong = [
            ("name", "  "),
            ("username", hostile),
            ("email", "nobody"),
            ("password", "short"),
            ("role", "king"),
            ("ends_at", "tomorrow"),
        ];
        let refused = add(&administrator, &wrong);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.all(".summary h2"), ["Nobody has been added. Fix 6 things:"]);
        assert_eq!(refused.all(".summary li").len(), 6);
        assert_eq!(refused.all(".field-err").len(), 6);
        assert_eq!(refused.attribute("#username", "value").as_deref(), Some(hostile));
        assert_eq!(refused.attribute("#username", "aria-describedby").as_deref(), Some("username-hint username-error"));
        assert_eq!(refused.attribute("#registration", "value").as_deref(), Some("rn-77"));
        assert!(!refused.body.contains("<script>") && !refused.body.contains("short\""));
        assert_eq!(house.count("history"), 0);
    });
}

#[test]
fn a_username_and_a_registration_belong_to_one_person() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let taken = add(&administrator, &[("username", "Nurse")]);
        assert_eq!((taken.status, taken.all(".summary li").len()), (422, 1));
        assert!(taken.text().contains("Somebody has this username already."));
        let twin = add(&administrator, &[("registration", " p-3 ")]);
        assert_eq!(twin.status, 422);
        assert!(twin.text().contains("Another account has this registration number."));
        assert_eq!(house.count("people"), 7);
    });
}

#[test]
fn somebody_of_another_house_is_given_a_role_and_loses_it_again() {
    settled(|house, served| {
        let (administrator, stranger) = (served.signed_in("administrator"), served.signed_in("stranger"));
        assert_eq!(administrator.get("/people/stranger").status, 404);
        let page = administrator.get("/people");
        let given = administrator.fill(&page, "/people/roles", &[("username", "stranger"), ("role", "supervisor")]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(said(&administrator, &given), ["Saved: Birch Nurse was given the role."]);
        assert!(stranger.get("/nothing").all(".nav a").contains(&"Overview".to_owned()), "at the very next request");
        let person = administrator.get("/people/stranger");
        assert_eq!(person.status, 200);
        let ended = administrator.fill(&person, "/people/stranger/ending", &[("role", "supervisor")]);
        assert_eq!(ended.status, 303, "{}", ended.text());
        assert_eq!(said(&administrator, &ended), ["Saved: the role of Birch Nurse was ended."]);
        assert!(!stranger.get("/nothing").all(".nav a").contains(&"Overview".to_owned()));
        assert!(administrator.get("/people/stranger").text().contains("ended 20 Nov 2026"));
        house.clock.set(house.clock.now() - TimeDelta::hours(2));
        let earlier = stranger.get("/nothing");
        assert_eq!(earlier.status, 404, "still signed in");
        assert!(!earlier.all(".nav a").contains(&"Overview".to_owned()), "a clock set back gives no role again");
        assert_eq!(house.count("history WHERE facility = 'alder'"), 2);
    });
}

#[test]
fn an_agency_nurse_is_out_when_the_shift_is_over() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        assert_eq!(add(&administrator, &[("ends_at", "2026-11-20T08:11")]).status, 422, "not in the past");
        assert_eq!(add(&administrator, &[("ends_at", "2026-11-20T08:20")]).status, 303);
        let nurse = served.visitor();
        let door = nurse.get("/sign-in");
        nurse.fill(&door, "/sign-in", &[("username", "a.diallo"), ("password", "a long walk home")]);
        assert_eq!(own_password(&nurse, "a long walk home", "rain on the roof").status, 303);
        assert_eq!(nurse.get("/").location(), "/round");
        house.clock.set("2026-11-20T08:20:00Z".parse().unwrap());
        let over = nurse.get("/");
        assert_eq!(over.status, 403);
        assert!(over.text().contains("You have no role"), "{}", over.text());
    });
}

#[test]
fn closing_an_account_ends_its_sessions_at_once() {
    settled(|house, served| {
        let (administrator, nurse) = (served.signed_in("administrator"), served.signed_in("nurse"));
        let page = administrator.get("/people/nurse");
        let unsure = administrator.fill(&page, "/people/nurse/closing", &[]);
        assert_eq!(unsure.status, 422);
        assert_eq!(unsure.all(".summary a[href='#sure']").len(), 1, "{}", unsure.text());
        keeps_the_laws("an account that was not closed", &unsure.body);
        assert_eq!(nurse.get("/").location(), "/round", "not closed by a slip");
        let closed = administrator.fill(&page, "/people/nurse/closing", &SURE);
        assert_eq!(closed.status, 303, "{}", closed.text());
        assert_eq!(said(&administrator, &closed), ["Saved: the account of Nora Nurse was closed."]);
        assert_eq!(nurse.get("/").location(), "/sign-in");
        assert_eq!(house.count("sessions WHERE person = 'nurse'"), 0);
        let page = administrator.get("/people/nurse");
        assert!(page.text().contains("This account was closed on 20 Nov 2026"));
    });
}

#[test]
fn a_new_password_ends_the_old_one_and_its_sessions() {
    settled(|_, served| {
        let (administrator, nurse) = (served.signed_in("administrator"), served.signed_in("nurse"));
        let page = administrator.get("/people/nurse");
        let short = administrator.fill(&page, "/people/nurse/password", &[("password", "short")]);
        assert_eq!(short.status, 422);
        let set = administrator.fill(&page, "/people/nurse/password", &[("password", "brand new words")]);
        assert_eq!(set.status, 303, "{}", set.text());
        assert!(said(&administrator, &set)[0].starts_with("Saved: Nora Nurse has the new password."));
        assert_eq!(nurse.get("/").location(), "/sign-in");
        let visitor = served.visitor();
        let door = visitor.get("/sign-in");
        assert_eq!(visitor.fill(&door, "/sign-in", &[("username", "nurse"), ("password", PASSWORD)]).status, 422);
        let door = visitor.get("/sign-in");
        let new = visitor.fill(&door, "/sign-in", &[("username", "nurse"), ("password", "brand new words")]);
        assert_eq!(new.status, 303);
    });
}

#[test]
fn no_administrator_takes_over_an_account_that_works_elsewhere() {
    settled(|house, served| {
        house
            .plain_sql("INSERT INTO memberships (id, person, facility, role) VALUES ('m-9', 'nurse', 'birch', 'nurse')")
            .unwrap();
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people/nurse");
        for (action, fields) in [
            ("/people/nurse/password", vec![("password", "brand new words")]),
            ("/people/nurse/closing", SURE.to_vec()),
            ("/people/nurse/details", vec![("email", "n.nurse@birch.example")]),
        ] {
            let refused = administrator.fill(&page, action, &fields);
            assert_eq!(refused.status, 422, "{action}");
            assert!(refused.text().contains("works in another facility too"), "{action}");
            assert!(refused.text().contains("with stepdown person"), "and how it is done: {action}");
        }
        assert_eq!(house.count("history"), 0);
    });
}

/// A nurse who works at Birch House by the shift has no role there by day.
#[test]
fn no_administrator_takes_over_an_account_that_comes_elsewhere_by_the_shift() {
    settled(|house, served| {
        let lately = "INSERT INTO memberships (id, person, facility, role, ends_at)
            VALUES ('m-9', 'nurse', 'birch', 'nurse', '2026-11-15 08:00:00')";
        house.plain_sql(lately).unwrap();
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people/nurse");
        for (action, fields) in [
            ("/people/nurse/password", vec![("password", "brand new words")]),
            ("/people/nurse/closing", SURE.to_vec()),
        ] {
            let refused = administrator.fill(&page, action, &fields);
            assert!(refused.status == 422 && refused.text().contains("works in another facility too"), "{action}");
        }
        // Opened again it gives nobody anything: its password is gone.
        house.plain_sql("UPDATE people SET disabled_at = '2026-11-01 08:00:00' WHERE id = 'nurse'").unwrap();
        let page = administrator.get("/people/nurse");
        assert_eq!(administrator.fill(&page, "/people/nurse/opening", &[]).status, 303);
        assert_eq!(house.count("people WHERE id = 'nurse' AND disabled_at IS NULL AND password_hash = '-'"), 1);
    });
}

#[test]
fn the_last_administrator_cannot_leave() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people/administrator");
        for (action, fields) in [
            ("/people/administrator/ending", vec![("role", "administrator")]),
            ("/people/administrator/closing", SURE.to_vec()),
        ] {
            let refused = administrator.fill(&page, action, &fields);
            assert_eq!(refused.status, 422, "{action}");
            assert!(refused.text().contains("This is the last administrator here."), "{action}");
        }
        assert_eq!(house.count("history"), 0);
    });
}

/// Each would be right by what they read; one of them has to see the other's.
#[test]
fn of_two_administrators_who_end_each_other_at_once_one_stays() {
    settled(|house, _| {
        let second = "INSERT INTO memberships (id, person, facility, role)
            VALUES ('second', 'supervisor', 'alder', 'administrator')";
        house.plain_sql(second).unwrap();
        let here = "memberships WHERE role = 'administrator' AND facility = 'alder'";
        for _ in 0..10 {
            let pair = ["administrator", "supervisor"];
            let done = beside(2, |n| {
                let (by, other, form) = (Administrator(staff(pair[n])), pair[1 - n], id());
                house.db.write(move |conn, now| end_role(conn, &by, &form, other, Role::Administrator, now))
            });
            assert_eq!(house.count(&format!("{here} AND ended_at IS NULL")), 1, "{done:?}");
            house.plain_sql(&format!("UPDATE {}", here.replace("WHERE", "SET ended_at = NULL WHERE"))).unwrap();
        }
    });
}

#[test]
fn a_role_that_ends_tonight_is_no_last_administrator() {
    settled(|house, served| {
        house
            .plain_sql(
                "INSERT INTO memberships (id, person, facility, role, ends_at)
                 VALUES ('lent', 'supervisor', 'alder', 'administrator', '2026-11-20 20:00:00')",
            )
            .unwrap();
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people/administrator");
        let end = || administrator.fill(&page, "/people/administrator/ending", &[("role", "administrator")]);
        assert_eq!(end().status, 422, "tomorrow nobody could let anybody in");
        house.plain_sql("UPDATE memberships SET ends_at = NULL WHERE id = 'lent'").unwrap();
        house.plain_sql("UPDATE people SET password_hash = '-' WHERE id = 'supervisor'").unwrap();
        assert_eq!(end().status, 422, "nor can somebody who has no password yet");
        house.plain_sql("UPDATE people SET password_hash = 'some' WHERE id = 'supervisor'").unwrap();
        assert_eq!(end().status, 303);
    });
}

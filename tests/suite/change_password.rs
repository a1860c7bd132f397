//! Everybody changes their own password, and a password that somebody else set opens the door once.

use stepdown::acts::change_password::{ChangePassword, change_password};
use stepdown::care::people::Confirmed;

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::deciding::{call, lowered};
use crate::house::{House, on_both};
use crate::pages::keeps_the_laws;
use crate::ward::id;

const OWN: &str = "rain on the roof";
const LENT: &str = "brand new words";

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

fn change(by: &Visitor, now: &str, new: &str) -> Shown {
    by.fill(&by.get("/password"), "/password", &[("password", now), ("new_password", new)])
}

fn door(served: &Served, username: &str, password: &str, next: &str) -> (Visitor, Shown) {
    let visitor = served.visitor();
    let fields = [("username", username), ("password", password), ("next", next)];
    let shown = visitor.fill(&visitor.get("/sign-in"), "/sign-in", &fields);
    (visitor, shown)
}

/// The administrator gives somebody a password.
fn lend(served: &Served, person: &str) {
    let administrator = served.signed_in("administrator");
    let page = administrator.get(&format!("/people/{person}"));
    let set = administrator.fill(&page, &format!("/people/{person}/password"), &[("password", LENT)]);
    assert_eq!(set.status, 303, "{}", set.text());
}

#[test]
fn everybody_changes_their_own_password_and_their_other_sessions_end() {
    settled(|house, served| {
        for (n, username) in
            ["nurse", "pharmacist", "prescriber", "supervisor", "administrator"].into_iter().enumerate()
        {
            let (here, elsewhere) = (served.signed_in(username), served.signed_in(username));
            let start = here.get(here.get("/").location());
            assert!(start.has(".me a[href='/password']") && start.has(".foot a[href='/password']"), "{username}");
            let changed = change(&here, PASSWORD, OWN);
            assert_eq!(
                (changed.status, changed.location()),
                (303, "/password?saved=yes&next=%2F"),
                "{}",
                changed.text()
            );
            let saved = here.get(changed.location());
            keeps_the_laws("a changed password", &saved.body);
            assert!(saved.text().contains("Saved: your new password is set."), "{}", saved.text());
            assert_eq!(elsewhere.get("/").location(), "/sign-in", "{username}");
            assert_eq!(door(served, username, PASSWORD, "").1.status, 422, "the old one is none any more");
            assert_eq!(door(served, username, OWN, "").1.status, 303);
            let kept =
                format!("history WHERE kind = 'change_password' AND done_by = '{username}' AND facility = 'alder'");
            assert_eq!(house.count(&kept), 1);
            assert_eq!(house.count("history"), i64::try_from(n).unwrap() + 1);
        }
        assert_eq!(house.count("history WHERE body LIKE '%argon2%' OR body LIKE '%rain on%'"), 0);
        let nurse = house.count("memberships WHERE person = 'nurse'");
        assert_eq!(nurse, 1);
    });
}

#[test]
fn what_is_wrong_with_a_new_password_is_said_and_nothing_changes() {
    settled(|house, served| {
        let nurse = served.signed_in("nurse");
        for (now, new, field, sentence) in [
            ("not my password", OWN, "password", "That is not your password."),
            (PASSWORD, "short", "new_password", "Enter a password of 10 to 200 characters."),
            (PASSWORD, "my nurse pass", "new_password", "This password is easy to guess"),
            (PASSWORD, PASSWORD, "new_password", "This is the password that you have now."),
        ] {
            let refused = change(&nurse, now, new);
            assert_eq!(refused.status, 422, "{sentence}");
            assert_eq!(refused.all(&format!(".summary a[href='#{field}']")).len(), 1, "{}", refused.text());
            assert!(refused.text().contains(sentence), "{}", refused.text());
            assert!(!refused.body.contains(new) || new == "short", "a password is never shown again");
            keeps_the_laws("a password that was refused", &refused.body);
        }
        assert_eq!(house.count("history"), 0);
        assert_eq!(door(served, "nurse", PASSWORD, "").1.status, 303);
    });
}

#[test]
fn guessing_the_old_password_is_slowed() {
    settled(|_, served| {
        let nurse = served.signed_in("nurse");
        for _ in 0..3 {
            assert_eq!(change(&nurse, "a wrong guess", OWN).status, 422);
        }
        let slowed = change(&nurse, PASSWORD, OWN);
        assert_eq!(slowed.status, 422, "even the right one waits");
        assert!(slowed.text().contains("Wait 1 s, then try again"), "{}", slowed.text());
    });
}

#[test]
fn a_password_that_was_set_by_somebody_else_opens_the_door_once() {
    settled(|house, served| {
        lend(served, "nurse");
        let (nurse, inside) = door(served, "nurse", LENT, "/round?unit=east");
        assert_eq!((inside.status, inside.location()), (303, "/round?unit=east"));
        for (asked, next) in
            [("/round?unit=east", "%2Fround%3Funit%3Deast"), ("/", "%2F"), ("/residents", "%2Fresidents")]
        {
            let led = nurse.get(asked);
            assert_eq!((led.status, led.location()), (303, format!("/password?next={next}").as_str()));
        }
        let page = nurse.get("/password?next=%2Fround%3Funit%3Deast");
        keeps_the_laws("a first password", &page.body);
        assert!(page.text().contains("Choose a password of your own before anything else."), "{}", page.text());
        assert!(!page.has("a.back"), "there is no way round it");
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let posted = nurse.post("/doses/any/administration", &[("csrf", &csrf)]);
        assert_eq!((posted.status, posted.location()), (303, "/password?next=%2F"), "nor by a form");
        let fields = [("password", LENT), ("new_password", LENT)];
        assert_eq!(nurse.fill(&page, "/password", &fields).status, 422, "the same is not their own");
        let changed = nurse.fill(&page, "/password", &[("password", LENT), ("new_password", OWN)]);
        assert_eq!(changed.status, 303, "{}", changed.text());
        let saved = nurse.get(changed.location());
        assert_eq!(saved.attribute("main a.btn", "href").as_deref(), Some("/round?unit=east"), "on to what was asked");
        assert_eq!(nurse.get("/round?unit=east").status, 200);
        let (again, _) = door(served, "nurse", OWN, "");
        assert_eq!(again.get("/").location(), "/round", "never asked again");
        assert_eq!(house.count("people WHERE NOT own_password"), 0);
    });
}

#[test]
fn a_password_that_was_set_by_somebody_else_stands_for_no_second_person() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        let nurse = served.signed_in("nurse");
        house.plain_sql("UPDATE people SET own_password = FALSE WHERE id = 'supervisor'").unwrap();
        let fields = [("reassess_on", "2026-12-20")];
        let refused = call(&nurse, &plan, "hold", &fields);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("This password was set by an administrator."), "{}", refused.text());
        house.plain_sql("UPDATE people SET own_password = TRUE WHERE id = 'supervisor'").unwrap();
        assert_eq!(call(&nurse, &plan, "hold", &fields).status, 303);
    });
}

/// Somebody knows the old password and is signed in with it; the administrator sets another at that moment.
#[test]
fn whoever_was_signed_out_meanwhile_sets_no_password() {
    on_both(|house| {
        settle(house);
        let by = Confirmed { person: "nurse".to_owned() };
        let ask =
            ChangePassword { form: id(), session: "a session that ended".to_owned(), password_hash: "x".to_owned() };
        let refused = house.db.write(move |conn, now| change_password(conn, &by, &ask, now));
        assert!(refused.is_err());
        assert_eq!(house.count("people WHERE password_hash = 'x'") + house.count("history"), 0);
    });
}

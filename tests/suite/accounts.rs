//! What an account says is put right, a closed account is opened again, and the machine helps where no administrator can.

use std::process::{Command, Output, Stdio};

use chrono::TimeDelta;

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::ward::{self, Ringer, letters};

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

/// What the page that follows says was saved.
fn said(by: &Visitor, saved: &Shown) -> String {
    assert_eq!(saved.status, 303, "{}", saved.text());
    by.get(saved.location()).all("[role=status]").concat()
}

fn put_right(by: &Visitor, person: &str, fields: &[(&str, &str)]) -> Shown {
    by.fill(&by.get(&format!("/people/{person}")), &format!("/people/{person}/details"), fields)
}

fn enters(served: &Served, username: &str, password: &str) -> bool {
    let visitor = served.visitor();
    let fields = [("username", username), ("password", password)];
    visitor.fill(&visitor.get("/sign-in"), "/sign-in", &fields).status == 303
}

fn works_in_two_homes(house: &House) {
    house
        .plain_sql("INSERT INTO memberships (id, person, facility, role) VALUES ('m-9', 'nurse', 'birch', 'nurse')")
        .unwrap();
}

#[test]
fn a_wrong_name_registration_and_address_are_put_right_and_the_history_has_both() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/people/nurse");
        keeps_the_laws("a person", &page.body);
        for (field, value) in [("name", "Nora Nurse"), ("registration", "P-3"), ("email", "n@alder.example")] {
            assert_eq!(
                page.attribute(&format!("#{field}"), "value").as_deref(),
                Some(value),
                "what is there stands there"
            );
        }
        let fields = [("name", " Nora  Norse "), ("registration", "rn-9"), ("email", "nora@alder.example")];
        let changed = administrator.fill(&page, "/people/nurse/details", &fields);
        assert_eq!(
            said(&administrator, &changed),
            "Saved: name, registration number and e-mail stand as they are here."
        );
        assert!(administrator.get("/people").text().contains("Nora Norse nurse RN-9"));
        let row = "people WHERE name = 'Nora Norse' AND registration = 'RN-9' AND email = 'nora@alder.example'";
        assert_eq!(house.count(row), 1);
        let fact = "history WHERE kind = 'manage_people' AND subject = 'nurse' AND done_by = 'administrator'
            AND body LIKE '%Nora Norse%' AND body LIKE '%Nora Nurse%' AND body LIKE '%nora@alder.example%'
            AND body LIKE '%\"n@alder.example%' AND body LIKE '%P-3%'";
        assert_eq!(house.count(fact), 1, "the old and the new");
        assert_eq!(administrator.fill(&page, "/people/nurse/details", &fields).status, 303, "the same form again");
        assert_eq!(house.count("history"), 1);
    });
}

#[test]
fn letters_go_to_the_address_that_was_put_right() {
    on_both(|house| {
        settle(house);
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
            .unwrap();
        ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-11-21T08:00:00Z"));
        let served = Served::start(house);
        let administrator = served.signed_in("administrator");
        assert_eq!(put_right(&administrator, "supervisor", &[("email", "right@alder.example")]).status, 303);
        house.clock.set(house.clock.now() + TimeDelta::hours(6));
        Ringer::new(&house.db, &crate::smtp::nobody()).ring();
        let to: Vec<String> = letters(house).into_iter().map(|letter| letter.recipient).collect();
        assert!(to.iter().any(|one| one == "right@alder.example"), "{to:?}");
        assert!(!to.iter().any(|one| one == "s@alder.example"), "{to:?}");
    });
}

#[test]
fn what_is_wrong_with_details_is_said_at_its_field_and_nothing_changes() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let wrong = [("name", " "), ("registration", "7".repeat(41).leak()), ("email", "nobody")];
        let refused = put_right(&administrator, "nurse", &wrong);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.all(".summary h2"), ["Nothing has been changed. Fix 3 things:"]);
        keeps_the_laws("details that were refused", &refused.body);
        let twin = put_right(&administrator, "nurse", &[("registration", "p-2")]);
        assert_eq!(twin.all(".summary a[href='#registration']").len(), 1, "{}", twin.text());
        assert!(twin.text().contains("Another account has this registration number."));
        assert_eq!(served.signed_in("supervisor").get("/people/nurse").status, 403);
        assert_eq!(administrator.get("/people/stranger").status, 404, "of another house");
        assert_eq!(house.count("history"), 0);
    });
}

#[test]
fn of_two_administrators_who_put_one_account_right_the_second_is_told() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let (first, second) = (administrator.get("/people/nurse"), administrator.get("/people/nurse"));
        let name = |page, name| administrator.fill(page, "/people/nurse/details", &[("name", name)]);
        assert_eq!(name(&first, "Nora Norse").status, 303);
        let late = name(&second, "Nora Nyrse");
        assert_eq!(late.status, 409);
        assert!(late.text().contains("Somebody else changed this while your page was open."), "{}", late.text());
        assert_eq!(house.count("people WHERE name = 'Nora Norse'"), 1);
    });
}

#[test]
fn a_closed_account_is_opened_again_and_needs_a_new_password() {
    settled(|house, served| {
        let administrator = served.signed_in("administrator");
        let close = |sure: &[(&str, &str)]| {
            administrator.fill(&administrator.get("/people/nurse"), "/people/nurse/closing", sure)
        };
        assert_eq!(close(&[("sure", "yes")]).status, 303);
        let closed = administrator.get("/people/nurse");
        keeps_the_laws("a closed account", &closed.body);
        let people = administrator.get("/people");
        let give = administrator.fill(&people, "/people/roles", &[("username", "nurse"), ("role", "supervisor")]);
        assert_eq!(give.status, 422);
        assert!(give.text().contains("This account is closed."), "{}", give.text());
        assert!(give.text().contains("opens it again on the person’s page there"), "{}", give.text());
        let elsewhere = served.signed_in("other");
        let lent =
            elsewhere.fill(&elsewhere.get("/people"), "/people/roles", &[("username", "nurse"), ("role", "nurse")]);
        assert!(lent.text().contains("This account is closed."), "another house hears it too");
        let opened = administrator.fill(&closed, "/people/nurse/opening", &[]);
        assert_eq!(said(&administrator, &opened), "Saved: the account of Nora Nurse is open again.");
        assert!(!enters(served, "nurse", PASSWORD), "the old password is gone");
        let page = administrator.get("/people/nurse");
        assert!(page.text().contains("No password yet."), "{}", page.text());
        assert_eq!(page.all("form[action='/people/nurse/ending']").len(), 1, "with the role that had not ended");
        let fact = "history WHERE kind = 'manage_people' AND subject = 'nurse' AND done_by = 'administrator'";
        assert_eq!(house.count(&format!("{fact} AND body LIKE '%\"before\"%' AND body LIKE '%\"disabled\":true%'")), 1);
        let set = administrator.fill(&page, "/people/nurse/password", &[("password", "brand new words")]);
        assert_eq!(set.status, 303, "{}", set.text());
        assert!(enters(served, "nurse", "brand new words"));
        assert_eq!(administrator.fill(&closed, "/people/nurse/opening", &[]).status, 303, "the same form again");
        assert_eq!(house.count(fact), 3);
        assert!(enters(served, "nurse", "brand new words"), "and takes no password away");
    });
}

#[test]
fn a_closed_username_is_not_added_anew_but_leads_to_its_account() {
    settled(|house, served| {
        house.plain_sql("UPDATE people SET disabled_at = '2026-11-20 08:00:00' WHERE id = 'nurse'").unwrap();
        let administrator = served.signed_in("administrator");
        let fields = [("name", "Nora"), ("username", "nurse"), ("password", "a long walk home"), ("role", "nurse")];
        let refused = administrator.fill(&administrator.get("/people"), "/people", &fields);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.all(".summary a[href='#username']").len(), 1);
        assert!(refused.text().contains("This account is closed."), "{}", refused.text());
        for (what, fields) in [("password", [("password", "brand new words")]), ("details", [("name", "Nora Norse")])] {
            let open = administrator.get("/people/supervisor");
            let action = format!("/people/supervisor/{what}");
            house.plain_sql("UPDATE people SET disabled_at = '2026-11-20 08:00:00' WHERE id = 'supervisor'").unwrap();
            let late = administrator.fill(&open, &action, &fields);
            assert_eq!(late.status, 422, "{what} of an account that was closed meanwhile");
            assert!(late.text().contains("This account is closed."), "{}", late.text());
            keeps_the_laws("an account that was closed meanwhile", &late.body);
            house.plain_sql("UPDATE people SET disabled_at = NULL WHERE id = 'supervisor'").unwrap();
        }
        assert_eq!(house.count("history"), 0);
    });
}

/// `stepdown person` on the house’s own database.
fn stepdown(house: &House, words: &[&str], password: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepdown"));
    command.arg("person").args(words).env("DATABASE_URL", &house.url).env("STEPDOWN_PASSWORD", password);
    command.env("RUST_LOG", "error").stdin(Stdio::null()).output().unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_password_is_set_at_the_machine_for_whoever_works_in_two_homes() {
    settled(|house, served| {
        works_in_two_homes(house);
        let nurse = served.signed_in("nurse");
        let words = ["password", "--username", "Nurse"];
        assert!(refused(&stepdown(house, &words, "short")).contains("Enter a password of 10 to 200 characters."));
        assert!(
            refused(&stepdown(house, &["password", "--username", "nobody"], OWN)).contains("Nobody has this username.")
        );
        assert_eq!(nurse.get("/").location(), "/round", "nothing has changed so far");
        let said = printed(&stepdown(house, &words, OWN));
        assert_eq!(said, "Nora Nurse signs in once as nurse with it, and then chooses a password of their own.\n");
        assert_eq!(nurse.get("/").location(), "/sign-in", "whoever was signed in is not any more");
        assert!(!enters(served, "nurse", PASSWORD) && enters(served, "nurse", OWN));
        let facts =
            "history WHERE kind = 'manage_people' AND subject = 'nurse' AND body LIKE '%\"password_set\":true%'";
        assert_eq!(house.count(&format!("{facts} AND done_by IS NULL")), 2, "both homes know of it");
        assert_eq!(house.count("history WHERE body LIKE '%argon2%' OR body LIKE '%rain on%'"), 0);
        house.plain_sql("UPDATE people SET disabled_at = '2026-11-20 08:00:00' WHERE id = 'nurse'").unwrap();
        assert!(refused(&stepdown(house, &words, OWN)).contains("opens it again on the person’s page"));
    });
}

#[test]
fn an_account_of_two_homes_is_put_right_at_the_machine() {
    settled(|house, _| {
        works_in_two_homes(house);
        let change = |more: &[&str]| stepdown(house, &[&["change", "--username", "nurse"], more].concat(), "");
        assert!(refused(&change(&[])).contains("say what is to be put right"));
        assert!(refused(&change(&["--email", "nobody"])).contains("Enter one e-mail address"));
        assert!(refused(&change(&["--registration", "p-2"])).contains("Another account has this registration number."));
        assert_eq!(house.count("history"), 0);
        let said = printed(&change(&["--email", "nora@alder.example"]));
        assert_eq!(said, "nurse is Nora Nurse, registration P-3, e-mail nora@alder.example.\n");
        assert_eq!(house.count("people WHERE email = 'nora@alder.example' AND name = 'Nora Nurse'"), 1);
        assert_eq!(house.count("history WHERE kind = 'manage_people' AND body LIKE '%\"n@alder.example%'"), 2);
    });
}

const OWN: &str = "rain on the roof";

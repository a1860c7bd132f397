//! At night a supervisor lets an agency nurse in until the end of the shift, with an account or without one, and nobody
//! for longer, in another role, or for themselves.

use stepdown::acts::let_in_nurse::{LetInNurse, let_in_nurse};
use stepdown::acts::manage_people::{GiveRole, give_role};
use stepdown::care::people::{Administrator, Role, Supervisor};
use stepdown::care::staff::agency::Access;

use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

const NEW: [(&str, &str); 5] = [
    ("name", "Amara Diallo"),
    ("username", "A.Diallo"),
    ("registration", "rn-77"),
    ("password", "a long walk home"),
    ("ends_at", "2026-11-22T08:00"),
];

/// Saturday at 22:00 sharp: a taper with doses at 20:00, which nobody recorded, and at this moment.
fn at_night(law: impl Fn(&House, &Served, &[String; 2])) {
    on_both(|house| {
        settle(house);
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
            .unwrap();
        let plan = ward::plan_at(house, RESIDENT, "2026-11-21", "22:00");
        house.clock.set(at("2026-11-21T22:00:00Z"));
        law(house, &Served::start(house), &["20:00", "22:00"].map(|slot| ward::dose_on_saturday(&plan, slot)));
    });
}

fn lets_in_new(by: &Visitor, fields: &[(&str, &str)]) -> Shown {
    let all: Vec<(&str, &str)> =
        NEW.iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name)).chain(fields).copied().collect();
    by.fill(&by.get("/agency"), "/agency", &all)
}

pub fn lets_in(by: &Visitor, fields: &[(&str, &str)]) -> Shown {
    by.fill(&by.get("/agency"), "/agency/known", fields)
}

fn said(by: &Visitor, saved: &Shown) -> String {
    assert_eq!(saved.status, 303, "{}", saved.text());
    by.get(saved.location()).all("[role=status]").concat()
}

/// What an administrator ended stays ended, at night too.
#[test]
fn whom_an_administrator_took_out_no_supervisor_lets_in_again() {
    at_night(|_, served, _| {
        let supervisor = served.signed_in("supervisor");
        assert_eq!(lets_in_new(&supervisor, &[]).status, 303);
        let (administrator, who) = (served.signed_in("administrator"), newcomer(&supervisor));
        let page = administrator.get(&format!("/people/{who}"));
        let ended = administrator.fill(&page, &format!("/people/{who}/ending"), &[("role", "nurse")]);
        assert_eq!(ended.status, 303, "{}", ended.text());
        let refused = lets_in(&supervisor, &[("username", "a.diallo")]);
        assert!(refused.status == 422 && refused.text().contains("an administrator ended that"), "{}", refused.text());
    });
}

fn pairs(fields: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

fn lets_out(by: &Visitor, page: &Shown, person: &str) -> Shown {
    by.fill(page, &format!("/agency/{person}/ending"), &[])
}

/// The nurse at the door, with a first password that they change at once.
fn comes_in(served: &Served) -> Visitor {
    let nurse = served.visitor();
    let fields = [("username", "a.diallo"), ("password", "a long walk home")];
    assert_eq!(nurse.fill(&nurse.get("/sign-in"), "/sign-in", &fields).status, 303);
    assert_eq!(nurse.get("/round").location(), "/password?next=%2Fround", "first a password of their own");
    let own = [("password", "a long walk home"), ("new_password", "rain on the roof")];
    assert_eq!(nurse.fill(&nurse.get("/password"), "/password", &own).status, 303);
    nurse
}

/// The nurse once more, with the password they chose.
fn signed_in_again(served: &Served) -> Visitor {
    let nurse = served.visitor();
    let fields = [("username", "a.diallo"), ("password", "rain on the roof")];
    assert_eq!(nurse.fill(&nurse.get("/sign-in"), "/sign-in", &fields).status, 303);
    nurse
}

/// The id of the nurse who was let in with a new account.
fn newcomer(by: &Visitor) -> String {
    let page = by.get("/agency");
    let action = page.attribute("form[action$='/ending']", "action").expect("somebody is let in");
    action.split('/').nth(2).unwrap().to_owned()
}

#[test]
fn a_nurse_let_in_until_the_morning_records_the_night_and_nothing_after_it() {
    at_night(|house, served, doses| {
        let (supervisor, dose) = (served.signed_in("supervisor"), doses[1].as_str());
        let added = lets_in_new(&supervisor, &[]);
        assert_eq!(said(&supervisor, &added), "Saved: Amara Diallo is let in as a nurse. Until when stands below.");
        let shown = supervisor.get(added.location());
        keeps_the_laws("agency nurses", &shown.body);
        assert!(shown.text().contains("nurse until 22 Nov 2026 08:00"), "{}", shown.text());
        let nurse = comes_in(served);
        let page = nurse.get(dose);
        let action = format!("{dose}/administration");
        let given = nurse.fill(&page, &action, &[("outcome", "given"), ("confirm", "given")]);
        assert_eq!(given.status, 303, "{}", given.text());
        assert_eq!(house.count("administrations"), 1);
        let by_them = "administrations WHERE recorded_by = (SELECT id FROM people WHERE username = 'a.diallo')";
        assert_eq!(house.count(by_them), 1);
        house.clock.set(at("2026-11-22T07:59:59Z"));
        let nurse = signed_in_again(served);
        let forgotten = doses[0].as_str();
        let page = nurse.get(forgotten);
        assert_eq!((nurse.get("/round").status, page.status), (200, 200));
        house.clock.set(at("2026-11-22T08:00:00Z"));
        assert_eq!(nurse.get("/round").status, 403);
        let fields = [("outcome", "withheld"), ("reason", "W1"), ("confirm", "withheld")];
        let late = nurse.fill(&page, &format!("{forgotten}/administration"), &fields);
        assert_eq!(late.status, 403, "{}", late.text());
        assert!(nurse.get("/round").text().contains("as a nurse for one shift, a supervisor"));
        assert_eq!(house.count("administrations"), 1);
    });
}

#[test]
fn who_was_let_in_by_whom_and_until_when_stands_in_the_history_without_the_password() {
    at_night(|house, served, _| {
        let before = house.count("history");
        let supervisor = served.signed_in("supervisor");
        let page = supervisor.get("/agency");
        for _ in 0..2 {
            assert_eq!(supervisor.fill(&page, "/agency", &NEW).status, 303, "the same form twice");
        }
        assert_eq!(house.count("people WHERE username = 'a.diallo' AND registration = 'RN-77'"), 1);
        assert_eq!(house.count("history"), before + 1);
        let fact = "history WHERE kind = 'let_in_nurse' AND done_by = 'supervisor' AND role = 'supervisor'
            AND facility = 'alder' AND subject = (SELECT id FROM people WHERE username = 'a.diallo')
            AND body LIKE '%\"role\":\"nurse\"%' AND body LIKE '%2026-11-22T08:00:00Z%' AND body LIKE '%RN-77%'";
        assert_eq!(house.count(fact), 1);
        assert_eq!(house.count("history WHERE body LIKE '%argon2%' OR body LIKE '%long walk%'"), 0);
        let entry = supervisor.get(&format!("/history/{}", before + 1));
        assert!(entry.text().contains("Amara Diallo is let in until 22 Nov 2026 08:00"), "{}", entry.text());
    });
}

#[test]
fn somebody_with_an_account_comes_again_and_keeps_their_password() {
    at_night(|house, served, _| {
        let supervisor = served.signed_in("supervisor");
        let page = supervisor.get("/agency");
        assert_eq!(page.attribute("#known-ends_at", "value").as_deref(), Some("2026-11-22T10:00"), "twelve hours on");
        let given = supervisor.fill(&page, "/agency/known", &[("username", "Stranger")]);
        assert_eq!(said(&supervisor, &given), "Saved: Birch Nurse is let in as a nurse. Until when stands below.");
        assert_eq!(supervisor.fill(&page, "/agency/known", &[("username", "Stranger")]).status, 303, "the same again");
        assert_eq!(house.count("history WHERE kind = 'let_in_nurse' AND subject = 'stranger'"), 1);
        let nurse = served.signed_in("stranger");
        assert!(nurse.get("/round?unit=east").text().contains("Alder House"));
        let longer = lets_in(&supervisor, &[("username", "stranger"), ("ends_at", "2026-11-22T14:00")]);
        assert_eq!(longer.status, 303, "a shift that became longer: {}", longer.text());
        let shorter = lets_in(&supervisor, &[("username", "stranger"), ("ends_at", "2026-11-22T13:00")]);
        assert_eq!(shorter.status, 422);
        assert!(shorter.text().contains("Birch Nurse is let in until 22 Nov 2026 14:00 already."));
        house.clock.set(at("2026-11-22T20:00:00Z"));
        let supervisor = served.signed_in("supervisor");
        let page = supervisor.get("/agency");
        assert!(page.text().contains("Nobody is let in for a shift now."));
        let again = supervisor.get("/agency?facility=alder&again=stranger");
        assert_eq!(page.all("#again .btn-s"), ["Birch Nurse"], "{}", page.text());
        assert_eq!(again.attribute("#known-username", "value").as_deref(), Some("stranger"));
        assert_eq!(supervisor.fill(&again, "/agency/known", &[]).status, 303);
    });
}

#[test]
fn access_is_ended_before_its_time_and_only_once() {
    at_night(|house, served, _| {
        let supervisor = served.signed_in("supervisor");
        assert_eq!(lets_in_new(&supervisor, &[]).status, 303);
        let (nurse, who) = (comes_in(served), newcomer(&supervisor));
        let (page, other) = (supervisor.get("/agency"), supervisor.get("/agency"));
        let ended = lets_out(&supervisor, &page, &who);
        assert_eq!(said(&supervisor, &ended), "Saved: the access of Amara Diallo was ended.");
        assert_eq!(nurse.get("/round").status, 403, "at the very next request");
        assert_eq!(lets_out(&supervisor, &page, &who).status, 303, "the same form again");
        assert_eq!(lets_out(&supervisor, &other, &who).status, 303, "it stands as it was asked for");
        assert_eq!(house.count(&format!("history WHERE kind = 'let_in_nurse' AND subject = '{who}'")), 2);
        for (page, status, why) in [(&page, 409, "the form was used"), (&other, 404, "nobody of this house")] {
            let fields = page.fields(&format!("/agency/{who}/ending"));
            let fields: Vec<(&str, &str)> = pairs(&fields).collect();
            assert_eq!(supervisor.post("/agency/stranger/ending", &fields).status, status, "{why}");
        }
        house.clock.set(at("2026-11-21T21:00:00Z"));
        assert_eq!(nurse.get("/round").status, 403, "a clock set back lets nobody in again");
    });
}

#[test]
fn no_longer_than_a_day_and_never_without_an_end() {
    at_night(|house, served, _| {
        let supervisor = served.signed_in("supervisor");
        for ends_at in ["", "2026-11-21T22:00", "2026-11-22T22:01", "tomorrow"] {
            let refused = lets_in_new(&supervisor, &[("ends_at", ends_at)]);
            assert_eq!(refused.status, 422, "{ends_at}");
            assert_eq!(refused.all(".summary h2"), ["Nobody has been let in. Fix this:"], "{ends_at}");
            assert_eq!(refused.all(".summary a[href='#ends_at']").len(), 1, "{ends_at}");
            keeps_the_laws("an end that was refused", &refused.body);
            let refused = lets_in(&supervisor, &[("username", "stranger"), ("ends_at", ends_at)]);
            assert_eq!((refused.status, refused.all("a[href='#known-ends_at']").len()), (422, 1), "{ends_at}");
        }
        assert!(lets_in_new(&supervisor, &[("ends_at", "")]).text().contains("22 Nov 2026 22:00 at the latest"));
        assert_eq!(house.count("history WHERE kind = 'let_in_nurse'"), 0);
        assert_eq!(lets_in_new(&supervisor, &[("ends_at", "2026-11-22T22:00")]).status, 303);
    });
}

#[test]
fn no_other_role_and_nobody_lets_themselves_in() {
    at_night(|house, served, _| {
        let supervisor = served.signed_in("supervisor");
        for role in ["supervisor", "administrator", "prescriber", "pharmacist", "king", ""] {
            assert_eq!(lets_in_new(&supervisor, &[("role", role)]).status, 422, "{role}");
            assert_eq!(lets_in(&supervisor, &[("username", "stranger"), ("role", role)]).status, 422, "{role}");
        }
        for (username, because) in [
            ("supervisor", "You cannot let yourself in as a nurse: that takes two people."),
            ("nurse", "Nora Nurse is a nurse here already, without an end."),
            ("nobody", "Nobody has this username."),
        ] {
            let refused = lets_in(&supervisor, &[("username", username)]);
            assert_eq!(refused.all(".summary a[href='#known-username']").len(), 1, "{username}");
            assert!(refused.text().contains(because), "{username}: {}", refused.text());
        }
        house.plain_sql("UPDATE memberships SET ended_at = '2026-11-20 09:00:00' WHERE id = 'm-3'").unwrap();
        let back = lets_in(&supervisor, &[("username", "nurse")]);
        assert!(back.text().contains("an administrator ended that"), "{}", back.text());
        assert_eq!(house.count("history WHERE kind = 'let_in_nurse'"), 0);
        assert_eq!(house.count("memberships WHERE ends_at IS NOT NULL"), 0);
    });
}

#[test]
fn what_an_account_says_and_whether_it_is_open_stays_the_administrators() {
    at_night(|house, served, _| {
        let supervisor = served.signed_in("supervisor");
        house.plain_sql("UPDATE people SET disabled_at = '2026-11-20 09:00:00' WHERE id = 'stranger'").unwrap();
        let closed = lets_in(&supervisor, &[("username", "stranger")]);
        assert!(closed.text().contains("This account is closed."), "{}", closed.text());
        assert!(lets_in_new(&supervisor, &[("username", "stranger")]).text().contains("This account is closed."));
        house.plain_sql("UPDATE people SET disabled_at = NULL, password_hash = '-' WHERE id = 'stranger'").unwrap();
        let locked = lets_in(&supervisor, &[("username", "stranger")]);
        assert!(locked.text().contains("Nobody has given Birch Nurse a password"), "{}", locked.text());
        assert!(lets_in_new(&supervisor, &[("username", "nurse")]).text().contains("Somebody has this username"));
        assert!(lets_in_new(&supervisor, &[("registration", "p-3")]).text().contains("this registration number"));
        assert!(lets_in_new(&supervisor, &[("registration", " ")]).text().contains("as it stands on the nurse’s card"));
        assert!(lets_in_new(&supervisor, &[("password", "short")]).text().contains("10 to 200 characters"));
        assert_eq!(lets_in_new(&supervisor, &[]).status, 303);
        let who = newcomer(&supervisor);
        for (action, fields) in [
            (format!("/people/{who}/password"), [("password", "brand new words")]),
            (format!("/people/{who}/details"), [("name", "Somebody Else")]),
            (format!("/people/{who}/ending"), [("role", "nurse")]),
            ("/people/roles".to_owned(), [("username", "stranger")]),
        ] {
            let known = supervisor.get("/agency").fields("/agency/known");
            let kept = pairs(&known).filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
            let all: Vec<(&str, &str)> = kept.chain(fields).collect();
            assert_eq!(supervisor.post(&action, &all).status, 403, "{action}");
        }
        assert_eq!(house.count("history WHERE kind = 'manage_people'"), 0);
    });
}

#[test]
fn a_supervisor_ends_nothing_that_an_administrator_gave_for_good() {
    at_night(|house, served, _| {
        let supervisor = served.signed_in("supervisor");
        assert_eq!(lets_in(&supervisor, &[("username", "stranger")]).status, 303);
        let page = supervisor.get("/agency");
        let ending = |person: &str, role: &str| {
            let fields = page.fields("/agency/stranger/ending");
            let otherwise = pairs(&fields).map(|(name, value)| (name, if name == "role" { role } else { value }));
            let fields: Vec<(&str, &str)> = otherwise.collect();
            supervisor.post(&format!("/agency/{person}/ending"), &fields)
        };
        for (person, role) in [("nurse", "nurse"), ("prescriber", "prescriber"), ("administrator", "administrator")] {
            let refused = ending(person, role);
            assert_eq!(refused.status, 422, "{person}");
            assert!(refused.text().contains("ends only a nurse’s access that ends by itself"), "{}", refused.text());
        }
        assert_eq!(house.count("memberships WHERE ended_at IS NOT NULL"), 0);
    });
}

/// The shift is over; in the morning an administrator finds out why she must not come back.
#[test]
fn whom_an_administrator_takes_out_after_the_shift_no_supervisor_lets_in_again() {
    at_night(|house, served, _| {
        let (supervisor, administrator) = (served.signed_in("supervisor"), served.signed_in("administrator"));
        assert_eq!(lets_in(&supervisor, &[("username", "stranger")]).status, 303);
        let before = administrator.get("/people/stranger?facility=alder");
        house.clock.set(at("2026-11-22T12:00:00Z"));
        let (supervisor, administrator) = (served.signed_in("supervisor"), served.signed_in("administrator"));
        let page = administrator.get("/people/stranger?facility=alder");
        keeps_the_laws("somebody whose shift is over", &page.body);
        assert!(page.text().contains("Let nobody let"), "{}", page.text());
        let out = administrator.fill(&page, "/people/stranger/ending", &[]);
        assert_eq!(out.status, 303, "{}", out.text());
        let fields = before.fields("/people/stranger/ending");
        let csrf = page.fields("/people/stranger/closing");
        let csrf = csrf.iter().find(|(name, _)| name == "csrf").unwrap();
        let sent = pairs(&fields).filter(|(name, _)| *name != "csrf").chain([("csrf", csrf.1.as_str())]);
        let late = administrator.post("/people/stranger/ending", &sent.collect::<Vec<_>>());
        assert_eq!(late.status, 422, "a page from before the end of the shift");
        assert!(late.text().contains("was ended before"), "{}", late.text());
        let refused = lets_in(&supervisor, &[("username", "stranger"), ("ends_at", "2026-11-22T20:00")]);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("and an administrator ended that"), "{}", refused.text());
        let ended = "memberships WHERE person = 'stranger' AND ended_at < '2026-11-22 12:00:00' AND ends_at IS NULL";
        assert_eq!(house.count(ended), 1, "it ended with the shift");
    });
}

#[test]
fn only_a_supervisor_and_only_of_this_house() {
    at_night(|house, served, _| {
        let supervisor = served.signed_in("supervisor");
        let page = supervisor.get("/agency");
        assert_eq!(supervisor.get("/agency?facility=birch").status, 404);
        let elsewhere = supervisor.fill(&page, "/agency/known", &[("facility", "birch"), ("username", "nurse")]);
        assert_eq!(elsewhere.status, 404, "another house");
        assert_eq!(supervisor.fill(&page, "/agency", &[("facility", "birch")]).status, 404);
        for other in ["nurse", "prescriber", "pharmacist", "administrator"] {
            let visitor = served.signed_in(other);
            assert_eq!(visitor.get("/agency").status, 403, "{other}");
            let csrf = visitor.get("/password").fields("/password");
            let csrf: Vec<(&str, &str)> = pairs(&csrf).collect();
            let fields = [&csrf[..], &[("facility", "alder"), ("role", "nurse"), ("username", "stranger")]].concat();
            for action in ["/agency", "/agency/known", "/agency/stranger/ending"] {
                assert_eq!(visitor.post(action, &fields).status, 403, "{other} at {action}");
            }
        }
        assert_eq!(house.count("history WHERE kind = 'let_in_nurse'"), 0);
    });
}

/// Whoever gives a role for good while a supervisor lets the same person in for the night: it stays for good.
#[test]
fn a_role_given_for_good_at_the_same_moment_stays_for_good() {
    at_night(|house, _, _| {
        let lately = "INSERT INTO memberships (id, person, facility, role, ends_at)
            VALUES ('lately', 'stranger', 'alder', 'nurse', '2026-11-20 08:00:00')";
        for _ in 0..20 {
            house.plain_sql(lately).unwrap();
            let until = Some(at("2026-11-22T08:00:00Z"));
            let username = || "stranger".to_owned();
            beside(2, |n| {
                let (for_good, access) = (n == 0, Access { role: Role::Nurse, ends_at: until });
                house.db.write(move |conn, now| {
                    if for_good {
                        let ask = GiveRole { form: ward::id(), username: username(), role: Role::Nurse, ends_at: None };
                        return give_role(conn, &Administrator(ward::staff("administrator")), &ask, now);
                    }
                    let ask = LetInNurse { form: ward::id(), username: username(), access: access.clone() };
                    let_in_nurse(conn, &Supervisor(ward::staff("supervisor")), &ask, now)
                })
            });
            let here = "memberships WHERE person = 'stranger' AND facility = 'alder'";
            assert_eq!(house.count(&format!("{here} AND ends_at IS NULL")), 1);
            house.plain_sql(&format!("DELETE FROM {here}")).unwrap();
        }
    });
}

#[test]
fn the_overview_says_who_is_let_in_and_leads_there() {
    at_night(|_, served, _| {
        let supervisor = served.signed_in("supervisor");
        let overview = supervisor.get("/overview");
        assert!(overview.text().contains("Nobody is let in for a shift now."), "{}", overview.text());
        assert_eq!(overview.all(".nav a[href='/agency']"), ["Agency"]);
        assert_eq!(lets_in_new(&supervisor, &[]).status, 303);
        let overview = supervisor.get("/overview");
        let told = overview.all("#agency li").concat();
        assert!(told.contains("Amara Diallo") && told.contains("22 Nov 2026 08:00"), "{told}");
        assert_eq!(overview.all("#agency a[href='/agency?facility=alder']").len(), 1);
    });
}

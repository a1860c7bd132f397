//! A list of staff: checked line by line, let in all of them or nobody, and nobody signs in without a password of their own.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, on_both};
use crate::pages::keeps_the_laws;

const HEAD: &str = "name,username,email,roles,registration\n";

fn settled(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

fn send(keeper: &Visitor, what: &str, list: &str) -> Shown {
    let page = keeper.get("/people/list?facility=alder");
    keeper.fill(&page, "/people/list", &[("list", list), ("what", what)])
}

fn line(n: usize) -> String {
    format!("Person {n},p.{n},p{n}@alder.example,nurse,RN-{n}\n")
}

#[test]
fn a_checked_list_is_let_in_once_and_a_password_opens_the_door() {
    settled(|house, served| {
        let (people, roles) = (house.count("people"), house.count("memberships"));
        let keeper = served.signed_in("administrator");
        let list: String = [HEAD.to_owned(), "Bo Berg,b.berg,,nurse and supervisor,\n".into()]
            .into_iter()
            .chain((1..=40).map(line))
            .collect();
        let checked = send(&keeper, "check", &list);
        keeps_the_laws("a checked list of staff", &checked.body);
        assert!(checked.text().contains("41 lines checked, nothing is wrong. Nobody has been let in yet."));
        assert_eq!(house.count("people"), people);
        let fields = [("list", list.as_str()), ("what", "take_in")];
        for _ in 0..2 {
            assert_eq!(keeper.fill(&checked, "/people/list", &fields).status, 303);
            assert_eq!((house.count("people"), house.count("memberships")), (people + 41, roles + 42));
        }
        assert_eq!(house.count("history WHERE kind = 'take_in_staff'"), 41);
        let door = |password: &str| {
            let visitor = served.visitor();
            visitor.fill(&visitor.get("/sign-in"), "/sign-in", &[("username", "b.berg"), ("password", password)]).status
        };
        assert!([door("-"), door("*"), door("")].iter().all(|status| *status != 303), "nobody has a password yet");
        let shown = keeper.get("/people?facility=alder");
        assert!(shown.text().contains("no password yet"), "{}", shown.text());
        let berg = shown.attributes("main table a[href^='/people/']", "href");
        let berg = berg.iter().find(|href| keeper.get(href).text().contains("Bo Berg")).unwrap();
        let page = keeper.get(berg);
        let action = format!("{}/password", berg.split('?').next().unwrap());
        let set = keeper.fill(&page, &action, &[("password", PASSWORD)]);
        assert_eq!(set.status, 303, "{}", set.text());
        assert_eq!(door(PASSWORD), 303);
    });
}

#[test]
fn one_broken_line_of_a_thousand_is_named_and_nobody_is_let_in() {
    settled(|house, served| {
        let before = house.count("people");
        let keeper = served.signed_in("administrator");
        let of = |n: usize| if n == 811 { "Ida Berg,nurse,ida,cook,\n".to_owned() } else { line(n) };
        let list: String = [HEAD.to_owned()].into_iter().chain((1..=1000).map(of)).collect();
        for what in ["check", "take_in"] {
            let told = send(&keeper, what, &list);
            assert_eq!(told.status, if what == "check" { 200 } else { 422 });
            let row = told.all("section[aria-labelledby=wrong-h] tbody tr");
            assert_eq!(row.len(), 1, "{row:?}");
            assert!(row[0].starts_with("812 "), "{row:?}");
            assert!(
                row[0].contains("Somebody has this username already") && row[0].contains("“cook” is not a role"),
                "{row:?}"
            );
            assert_eq!(house.count("people"), before);
        }
        assert_eq!(send(&keeper, "take_in", "Bo Berg, a nurse").status, 422);
        assert_eq!(served.signed_in("supervisor").get("/people/list").status, 403);
    });
}

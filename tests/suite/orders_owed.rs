//! What an order waits for outlives its plan: a review by the next working day, a confirmation within 24 hours.

use stepdown::care::letter::Kind;

use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::deciding::{at, call, decide, lowered};
use crate::desk::rationale;
use crate::ending::end;
use crate::house::{House, on_both};
use crate::smtp::Server;
use crate::ward::{Ringer, letters};

/// Suspended by telephone at half past nine on Saturday 5 December; stopped for good at ten.
fn stopped(house: &House) -> (Served, String) {
    let (served, plan) = lowered(house);
    assert_eq!(call(&served.signed_in("nurse"), &plan, "suspend", &[]).status, 303);
    at(house, "2026-12-05T10:00");
    let asked = end(&served.signed_in("prescriber"), &plan, "stop-request", &rationale(80));
    assert_eq!(asked.status, 303, "{}", asked.text());
    let stopped = end(&served.signed_in("pharmacist"), &plan, "stop", &rationale(81));
    assert_eq!(stopped.status, 303, "{}", stopped.text());
    assert_eq!(house.count("plans WHERE state = 'ended'"), 1);
    (served, plan)
}

/// The lists in which somebody finds the order, beside its own plan.
const LISTS: [(&str, &str); 3] = [("prescriber", "/plans"), ("pharmacist", "/reductions"), ("supervisor", "/overview")];

fn listed(served: &Served, list: (&str, &str)) -> bool {
    served.signed_in(list.0).get(list.1).has("a[href*='/orders/']")
}

#[test]
fn an_order_that_waits_stays_on_the_lists_when_its_plan_has_ended() {
    on_both(|house| {
        let (served, _) = stopped(house);
        let plans = served.signed_in("prescriber").get("/plans");
        assert!(plans.text().contains("23 h 30 min left to confirm"), "{}", plans.text());
        assert!(LISTS.into_iter().all(|list| listed(&served, list)), "each of the three lists");
        at(house, "2026-12-06T09:30");
        let late = served.signed_in("supervisor").get("/overview");
        assert!(late.text().contains("1 day unconfirmed"), "{}", late.text());
        let answer = |by: &Visitor, list: &str, what: &str| {
            let address = by.get(list).attribute("a[href*='/orders/']", "href").unwrap();
            let why = rationale(80 + what.len());
            let fields = [("rationale", why.as_str()), ("password", PASSWORD)];
            by.fill(&by.get(&address), &format!("{address}/{what}"), &fields)
        };
        let confirmed = answer(&served.signed_in("prescriber"), "/plans", "confirmation");
        assert_eq!(confirmed.status, 303, "{}", confirmed.text());
        assert!(!listed(&served, LISTS[0]) && listed(&served, LISTS[1]), "the review is another answer");
        let reviewed = answer(&served.signed_in("pharmacist"), "/reductions", "review");
        assert_eq!(reviewed.status, 303, "{}", reviewed.text());
        assert!(!LISTS.into_iter().any(|list| listed(&served, list)), "nobody is asked any more");
    });
}

#[test]
fn letters_go_on_about_an_order_that_waits_when_its_plan_has_ended() {
    on_both(|house| {
        let (_served, _) = stopped(house);
        let server = Server::start();
        let mut ringer = Ringer::new(&house.db, &server.post());
        at(house, "2026-12-07T09:00");
        ringer.ring();
        let about = |kind| letters(house).into_iter().filter(|letter| letter.kind == kind).count();
        assert!(about(Kind::Unconfirmed) > 0 && about(Kind::UrgentOrder) > 0);
        assert_eq!(about(Kind::SignatureWanted), 0, "the plan itself asks for nothing");
    });
}

/// Given on a Saturday it may be reviewed through Monday; on Tuesday it is late.
#[test]
fn an_urgent_order_that_no_pharmacist_reviewed_is_late_once_the_next_working_day_has_passed() {
    on_both(|house| {
        let (served, plan) = lowered(house);
        assert_eq!(decide(&served.signed_in("prescriber"), &plan, "suspend", &[]).status, 303);
        let late = |shown: &Shown| shown.all(".tag-over").iter().any(|tag| tag.contains("unreviewed"));
        for (moment, expected) in [("2026-12-07T23:59", false), ("2026-12-08T00:00", true)] {
            at(house, moment);
            for (person, list) in [("pharmacist", "/reductions"), ("supervisor", "/overview"), ("supervisor", &plan)] {
                let shown = served.signed_in(person).get(list);
                assert!(shown.text().contains("unreviewed"), "{person} {list}: {}", shown.text());
                assert_eq!(late(&shown), expected, "{person} {list} {moment}: {:?}", shown.all(".tag"));
            }
        }
    });
}

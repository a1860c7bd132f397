//! A taper that was lowered once, a prescriber who decides about it at a screen, and a nurse with one on the telephone.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::desk::{doses_on, lay_out, open, rationale, running, sign};
use crate::house::House;

/// Sets the clock: `2026-12-05T09:30`.
pub fn at(house: &House, moment: &str) {
    house.clock.set(format!("{moment}:00Z").parse().unwrap());
}

/// 2 mg a day until 3 December, 1.5 mg from then on; half past nine on the fifth.
pub fn lowered(house: &House) -> (Served, String) {
    let served = open(house);
    let plan = running(&served);
    at(house, "2026-11-28T09:00");
    lay_out(house, &plan);
    let signed = sign(&served.signed_in("pharmacist"), &format!("{plan}/reductions/1"), 1);
    assert_eq!(signed.status, 303, "{}", signed.text());
    at(house, "2026-12-05T09:30");
    lay_out(house, &plan);
    assert_eq!(doses_on(house, &plan, "2026-12-05"), [750, 750]);
    (served, plan)
}

/// Sends one decision from the page, with a password and a rationale unless other ones are given.
pub fn decide(by: &Visitor, plan: &str, what: &str, fields: &[(&str, &str)]) -> Shown {
    let page = by.get(&format!("{plan}/decide"));
    assert_eq!(page.status, 200, "{}", page.text());
    send(by, &page, plan, what, fields)
}

/// Sends one decision from a page that was drawn before.
pub fn send(by: &Visitor, page: &Shown, plan: &str, what: &str, fields: &[(&str, &str)]) -> Shown {
    let why = rationale(50 + what.len());
    let usual = [("password", PASSWORD), ("rationale", why.as_str())];
    by.fill(page, &format!("{plan}/decide/{what}"), &or_else(&usual, fields))
}

/// What a nurse writes down of a call that was as it should be.
pub const CALL: [(&str, &str); 5] = [
    ("prescriber", "prescriber"),
    ("called_at", "09:10"),
    ("read_back", "yes"),
    ("second_username", "supervisor"),
    ("second_password", PASSWORD),
];

/// Writes down one order by telephone, from a call as it should be unless something else is given.
pub fn call(nurse: &Visitor, plan: &str, what: &str, fields: &[(&str, &str)]) -> Shown {
    let page = nurse.get(&format!("{plan}/telephone"));
    assert_eq!(page.status, 200, "{}", page.text());
    write_down(nurse, &page, plan, what, fields)
}

/// Writes down one order on a page that was drawn before.
pub fn write_down(nurse: &Visitor, page: &Shown, plan: &str, what: &str, fields: &[(&str, &str)]) -> Shown {
    let why = rationale(60 + what.len());
    let usual = [&CALL[..], &[("rationale", why.as_str())]].concat();
    nurse.fill(page, &format!("{plan}/telephone/{what}"), &or_else(&usual, fields))
}

/// The usual fields, but for those that are given otherwise.
fn or_else<'a>(usual: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| other.iter().all(|(field, _)| field != name));
    kept.chain(other).copied().collect()
}

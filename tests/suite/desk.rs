//! A house in which a prescriber plans and pharmacists sign, each at their own page.

use chrono::NaiveDate;
use stepdown::care::calendar::{days_after, days_before};
use stepdown::store::doses::{self, DoseFile};

use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT};

const MORE: [&str; 4] = [
    "INSERT INTO people (id, username, name, registration, email, password_hash) VALUES
        ('second', 'second', 'Petra Second', 'P-21', '', '-'),
        ('deputy', 'deputy', 'Dora Deputy', 'P-22', '', '-'),
        ('both', 'both', 'Bo Both', 'P-23', '', '-'),
        ('afar', 'afar', 'Ann Afar', 'P-24', '', '-')",
    "INSERT INTO memberships (id, person, facility, role) VALUES
        ('d-1', 'second', 'alder', 'prescriber'), ('d-2', 'deputy', 'alder', 'pharmacist'),
        ('d-3', 'both', 'alder', 'prescriber'), ('d-4', 'both', 'alder', 'pharmacist'),
        ('d-5', 'afar', 'birch', 'prescriber'), ('d-6', 'afar', 'birch', 'pharmacist')",
    "INSERT INTO stocked_products (facility, product, halved) VALUES
        ('alder', '197527', true), ('alder', '197528', false), ('alder', '349194', false), ('alder', '349195', false)",
    "UPDATE people SET password_hash = (SELECT password_hash FROM people WHERE id = 'nurse') WHERE password_hash = '-'",
];

/// A served house with two prescribers, two pharmacists, somebody who is both, and tablets on the shelf.
pub fn open(house: &House) -> Served {
    settle(house);
    for sql in MORE {
        house.plain_sql(sql).unwrap();
    }
    Served::start(house)
}

/// The draft that most tests begin with: 1 mg twice a day, down in fixed amounts.
pub const DRAFT: [(&str, &str); 12] = [
    ("medicine", "clonazepam"),
    ("slot_1", "08:00"),
    ("dose_1", "1 mg"),
    ("slot_2", "20:00"),
    ("dose_2", "1 mg"),
    ("protocol", "clonazepam-fixed"),
    ("clonazepam-fixed.hold_days", "14"),
    ("baseline_on", "2026-11-20"),
    ("first_reduction_on", "2026-12-04"),
    ("goal", "0 mg"),
    ("indication", "Panic disorder since 2019"),
    ("why", "Two falls this autumn; Ada and her daughter want to try."),
];

/// What somebody truly writes; the decision before never said the same.
pub fn rationale(n: usize) -> String {
    format!("Slept six hours on {n} nights of the week, no falls, tremor gone; Ada wants to go on.")
}

/// The draft with some fields otherwise.
pub fn draft_with<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = DRAFT.into_iter().filter(|(name, _)| other.iter().all(|(field, _)| field != name));
    kept.chain(other.iter().copied()).collect()
}

/// Fills in the page of a new draft and asks for something: `preview`, `save`, `check` or `by_hand`.
pub fn propose(prescriber: &Visitor, wish: &str, other: &[(&str, &str)]) -> Shown {
    let page = prescriber.get(&format!("/plans/new?resident={RESIDENT}"));
    assert_eq!(page.status, 200, "{}", page.text());
    let mut fields = draft_with(other);
    fields.push(("do", wish));
    prescriber.fill(&page, "/plans/new", &fields)
}

/// Saves a draft without its baseline; the address of its page.
pub fn sketch(prescriber: &Visitor, other: &[(&str, &str)]) -> String {
    let saved = propose(prescriber, "check", other);
    assert_eq!(saved.status, 303, "{}", saved.text());
    saved.location().to_owned()
}

/// Saves a draft with its baseline; the address of its page.
pub fn save(prescriber: &Visitor, other: &[(&str, &str)]) -> String {
    let plan = sketch(prescriber, other);
    let recorded = record_baseline(prescriber, &plan, &[]);
    assert_eq!((recorded.status, recorded.location()), (303, plan.as_str()), "{}", recorded.text());
    plan
}

/// What is found out before a taper, where nothing gives to think about.
const BASELINE: [(&str, &str); 16] = [
    ("days_a_week", "7"),
    ("route", "no_misuse"),
    ("earlier", "no"),
    ("sedatives", "no"),
    ("opioids", "no"),
    ("alcohol", "no"),
    ("seizures", "no"),
    ("epilepsy", "no"),
    ("illness", "no"),
    ("pregnancy", "not_applicable"),
    ("support", "yes"),
    ("support_words", "A weekly talk with J. Ward"),
    ("education", "yes"),
    ("agreed_by", "resident"),
    ("agreed_how", "in_person"),
    ("taken_off_name", "Nora Nurse"),
];

/// Every field of the baseline's form, as somebody would fill it in on a day.
pub fn baseline_by(today: NaiveDate) -> Vec<(String, String)> {
    let in_a_year = days_after(today, 365);
    let dated = [
        ("since", days_before(today, 2_000).format("%Y-%m")),
        ("support_until", in_a_year.format("%Y-%m")),
        ("agreed_on", today.format("%Y-%m-%d")),
        ("expires_on", in_a_year.format("%Y-%m-%d")),
        ("taken_off_on", today.format("%Y-%m-%d")),
    ];
    let dated = dated.map(|(field, value)| (field.to_owned(), value.to_string()));
    BASELINE.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).chain(dated).collect()
}

/// Fills in the baseline of a draft at its page, with some fields otherwise.
pub fn record_baseline(prescriber: &Visitor, plan: &str, other: &[(&str, &str)]) -> Shown {
    let action = format!("{plan}/baseline");
    let fields = baseline_by("2026-11-20".parse().unwrap());
    let kept = fields.iter().map(|(field, value)| (field.as_str(), value.as_str()));
    let kept = kept.filter(|(field, _)| other.iter().all(|(name, _)| name != field));
    let fields: Vec<(&str, &str)> = kept.chain(other.iter().copied()).collect();
    prescriber.fill(&prescriber.get(&action), &action, &fields)
}

/// Approves the draft of a page.
pub fn approve(prescriber: &Visitor, plan: &str) -> Shown {
    let page = prescriber.get(plan);
    prescriber.fill(&page, &format!("{plan}/approval"), &[("password", PASSWORD)])
}

/// A plan that runs from today; the address of its page.
pub fn running(served: &Served) -> String {
    let prescriber = served.signed_in("prescriber");
    let plan = save(&prescriber, &[]);
    let approved = approve(&prescriber, &plan);
    assert_eq!((approved.status, approved.location()), (303, plan.as_str()), "{}", approved.text());
    plan
}

/// Sends one decision about a reduction from its page, with the password.
pub fn decide(by: &Visitor, reduction: &str, what: &str, fields: &[(&str, &str)]) -> Shown {
    let page = by.get(reduction);
    let password = [("password", PASSWORD)];
    let fields: Vec<(&str, &str)> = password
        .into_iter()
        .filter(|_| !fields.iter().any(|(name, _)| *name == "password"))
        .chain(fields.iter().copied())
        .collect();
    by.fill(&page, &format!("{reduction}/{what}"), &fields)
}

/// Signs a reduction as its page offers it.
pub fn sign(by: &Visitor, reduction: &str, n: usize) -> Shown {
    decide(by, reduction, "signature", &[("rationale", &rationale(n)), ("flags_reason", &rationale(n + 100))])
}

/// The address of the reduction that waits, as the plan's page leads to it.
pub fn waiting(by: &Visitor, plan: &str) -> String {
    let links = by.get(plan).attributes("tr.tr-next a", "href");
    links.first().expect("a reduction waits").clone()
}

/// Sends what no page offers: a form made up by hand, with the proof that every page of theirs carries.
pub fn forced(by: &Visitor, action: &str, fields: &[(&str, &str)]) -> Shown {
    let csrf = by.get("/residents").attribute("input[name='csrf']", "value").expect("every page can sign out");
    let form = uuid::Uuid::now_v7().to_string();
    let proof = [("csrf", csrf.as_str()), ("form", form.as_str()), ("password", PASSWORD)];
    by.post(action, &[&proof, fields].concat())
}

/// The id in the address of a plan.
pub fn id_of(plan: &str) -> &str {
    plan.trim_start_matches("/plans/")
}

/// The doses of a day in micrograms, void ones left out.
pub fn doses_on(house: &House, plan: &str, on: &str) -> Vec<u64> {
    let on: NaiveDate = on.parse().unwrap();
    let found = laid(house, plan, on);
    found.iter().filter(|dose| dose.key.on == on).map(|dose| dose.level.amount.ug()).collect()
}

pub fn laid(house: &House, plan: &str, from: NaiveDate) -> Vec<DoseFile> {
    let mut found = house.db.read(|conn| doses::doses_of_plan_from(conn, id_of(plan), from)).unwrap();
    found.retain(|dose| !dose.void);
    found
}

/// Lays doses out for the days ahead, as the bell does.
pub fn lay_out(house: &House, plan: &str) {
    let id = id_of(plan).to_owned();
    house.db.write(move |conn, now| stepdown::acts::lay_out_doses::lay_out_doses(conn, &id, now)).unwrap();
}

/// How much was ever written about plans: to see that a refusal saved nothing.
pub fn written(house: &House) -> (i64, i64, i64) {
    (house.count("plan_facts"), house.count("plans"), house.count("history"))
}

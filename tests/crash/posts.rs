//! What people send: every post is drawn from a page of a furnished house, and can be sent to any copy of it.

use std::io::{Read, Write};
use std::net::TcpStream;

use stepdown::store::doses;

use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::desk::rationale;
use crate::house::{House, at};
use crate::shelf::{self, TABLET, dose, entry};
use crate::ward;

/// The minute at which everything is sent: a Saturday morning, five minutes into the first round.
pub const MINUTE: &str = "2026-11-21T08:05";
const TODAY: &str = "2026-11-21";

/// A filled form, and who sends it.
#[derive(Debug, Clone)]
pub struct Post {
    /// The act.
    pub name: &'static str,
    /// The id that the form was drawn with: what it establishes bears it.
    pub form: String,
    path: String,
    cookie: String,
    body: String,
}

impl Post {
    /// The status of its answer where nothing goes wrong.
    pub fn expected(&self) -> u16 {
        if self.name == "refused" { 422 } else { 303 }
    }

    /// Sends it; no answer where no whole one came.
    pub fn send(&self, address: &str) -> Option<Answer> {
        let kind = "application/x-www-form-urlencoded";
        let more = format!("Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{}", self.body.len(), self.body);
        self.asked(address, &format!("POST {}", self.path), &more)
    }

    /// Looks at a page as whoever sends the post.
    pub fn look(&self, address: &str, path: &str) -> Option<Answer> {
        self.asked(address, &format!("GET {path}"), "\r\n")
    }

    fn asked(&self, address: &str, what: &str, more: &str) -> Option<Answer> {
        let mut line = TcpStream::connect(address).ok()?;
        let cookie = &self.cookie;
        let head = format!("{what} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n");
        line.write_all(format!("{head}{more}").as_bytes()).ok()?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, page) = answer.split_once("\r\n\r\n")?;
        Some(Answer { status: head.get(9..12)?.parse().ok()?, page: page.to_owned() })
    }
}

/// What came back, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub page: String,
}

/// What an answer says became of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Saved,
    NotSaved,
    NotKnown,
}

impl Answer {
    /// None where it leaves that open.
    pub fn word(&self) -> Option<Word> {
        match self.status {
            303 => Some(Word::Saved),
            _ if self.page.contains("It may have been saved, or not.") => Some(Word::NotKnown),
            422 => Some(Word::NotSaved),
            _ if self.page.contains("What you entered was NOT saved") => Some(Word::NotSaved),
            _ => None,
        }
    }
}

/// Somebody who is signed in, and the cookie that says so.
struct Person {
    visitor: Visitor,
    cookie: String,
}

impl Person {
    fn enter(served: &Served, username: &str) -> Person {
        let visitor = served.visitor();
        let door = visitor.get("/sign-in");
        let inside = visitor.fill(&door, "/sign-in", &[("username", username), ("password", PASSWORD)]);
        let cookies = inside.cookies();
        let cookie = cookies.iter().find(|cookie| cookie.starts_with("stepdown=")).expect("a session");
        Person { cookie: cookie.split(';').next().unwrap().to_owned(), visitor }
    }

    /// Fills in the form of a page and keeps it instead of sending it.
    fn fill(&self, name: &'static str, page: &Shown, action: &str, fields: &[(&str, &str)]) -> Post {
        let mut all = page.fields(action);
        all.retain(|(known, _)| fields.iter().all(|(name, _)| name != known));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let form = all.iter().find(|(name, _)| name == "form").expect("every form has its id").1.clone();
        let body = serde_urlencoded::to_string(&all).unwrap();
        Post { name, form, path: action.to_owned(), cookie: self.cookie.clone(), body }
    }

    /// Opens a page and fills in the form that it posts to `action`.
    fn open(&self, name: &'static str, page: &str, action: &str, fields: &[(&str, &str)]) -> Post {
        let shown = self.visitor.get(page);
        assert_eq!(shown.status, 200, "{page}: {}", shown.text());
        self.fill(name, &shown, action, fields)
    }
}

/// Somebody of their own for every act, so that no act stands in the way of another.
struct Cast {
    recorded: String,
    corrected: String,
    refused: String,
    signed: String,
    withdrawn: String,
    ordered: String,
    as_needed: String,
    counted: String,
}

const WEST: &str = "INSERT INTO units (id, facility, name, mailbox, rounds)
    VALUES ('west', 'alder', 'West', 'west@alder.example', '08:00 12:00 20:00')";
const TOM: [&str; 2] = [
    "INSERT INTO people (id, username, name, registration, email, password_hash)
     SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
    "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
];

fn tapering(house: &House, surname: &str, room: &str) -> String {
    let resident = ward::resident(house, surname, "Ivy", room, room);
    ward::plan(house, &resident, "2026-11-09")
}

/// Weeks of tapers, up to the minute before everything is sent.
fn live(house: &House) -> Cast {
    for sql in [WEST, TOM[0], TOM[1]] {
        house.plain_sql(sql).unwrap();
    }
    house.clock.set(at("2026-11-08T09:00:00Z"));
    let plan = |surname, room| tapering(house, surname, room);
    let cast = Cast {
        recorded: plan("Beech", "21"),
        corrected: plan("Cedar", "22"),
        refused: plan("Elder", "23"),
        signed: plan("Fir", "24"),
        withdrawn: plan("Gorse", "25"),
        ordered: plan("Hazel", "26"),
        as_needed: ward::resident(house, "Ivy", "Ida", "27", "27"),
        counted: ward::resident(house, "Juniper", "Joan", "28", "28"),
    };
    house.plain_sql(&format!("UPDATE residents SET unit = 'west' WHERE id = '{}'", cast.counted)).unwrap();
    house.clock.set(at("2026-11-20T09:00:00Z"));
    ward::sign(house, &cast.withdrawn, 1, "2026-11-23");
    house.clock.set(at(&format!("{MINUTE}:00Z")));
    let shelf = |resident: &str| {
        let holder = stepdown::care::register::Holder::Resident(resident.to_owned());
        let what = entry(stepdown::care::register::entering::What::Receive, "10");
        shelf::entered(house, holder, TABLET, what).unwrap()
    };
    shelf(&resident_of(house, &cast.recorded));
    shelf(&resident_of(house, &cast.corrected));
    shelf(&cast.counted);
    ward::give(house, &cast.corrected, TODAY, "08:00");
    cast
}

fn resident_of(house: &House, plan: &str) -> String {
    house.db.read(|conn| doses::doses_of_plan_from(conn, plan, ward::day(TODAY))).unwrap()[0].resident.clone()
}

/// Furnishes the house and draws every post that is sent to its copies. The last one is refused.
pub fn drawn(house: &House, served: &Served) -> Vec<Post> {
    let cast = live(house);
    let [nurse, tom, pharmacist, prescriber, supervisor] =
        ["nurse", "tom", "pharmacist", "prescriber", "supervisor"].map(|name| Person::enter(served, name));
    vec![
        record(house, &nurse, &cast),
        correct(house, &nurse, &cast),
        sign(&pharmacist, &cast),
        withdraw(&pharmacist, &cast),
        order(&prescriber, &cast),
        approve(&prescriber),
        as_needed(house, &prescriber, &tom, &cast),
        receive(house, &nurse, &cast),
        count(house, &nurse),
        admit(&supervisor),
        refused(house, &tom, &cast),
    ]
}

fn record(house: &House, nurse: &Person, cast: &Cast) -> Post {
    let page = format!("/doses/{}", dose(house, &cast.recorded, TODAY, "08:00").id);
    nurse.open("record_dose", &page, &format!("{page}/administration"), &[])
}

fn correct(house: &House, nurse: &Person, cast: &Cast) -> Post {
    let page = format!("/doses/{}/correction", dose(house, &cast.corrected, TODAY, "08:00").id);
    let fields = [("outcome", "refused"), ("reason", "R1"), ("why", "She spat it out; the wrong tile was touched.")];
    nurse.open("correct_dose", &page, &page, &fields)
}

fn sign(pharmacist: &Person, cast: &Cast) -> Post {
    let page = format!("/plans/{}/reductions/1", cast.signed);
    let (why, flags) = (rationale(4), rationale(5));
    let fields = [("password", PASSWORD), ("rationale", &why), ("flags_reason", &flags)];
    pharmacist.open("sign_reduction", &page, &format!("{page}/signature"), &fields)
}

fn withdraw(pharmacist: &Person, cast: &Cast) -> Post {
    let page = format!("/plans/{}/reductions/1", cast.withdrawn);
    let fields = [("password", PASSWORD), ("rationale", "Fell this morning.")];
    pharmacist.open("withdraw_signature", &page, &format!("{page}/withdrawal"), &fields)
}

fn order(prescriber: &Person, cast: &Cast) -> Post {
    let page = format!("/plans/{}/decide", cast.ordered);
    let why = rationale(6);
    prescriber.open("order_urgently", &page, &format!("{page}/suspend"), &[("password", PASSWORD), ("rationale", &why)])
}

fn approve(prescriber: &Person) -> Post {
    let days = [("baseline_on", TODAY), ("first_reduction_on", "2026-12-05")];
    let plan = crate::desk::save(&prescriber.visitor, &days);
    prescriber.open("approve_plan", &plan, &format!("{plan}/approval"), &[("password", PASSWORD)])
}

fn as_needed(house: &House, prescriber: &Person, nurse: &Person, cast: &Cast) -> Post {
    let page = format!("/residents/{}/as-needed/new", cast.as_needed);
    let fields = [
        ("medicine", "clonazepam"),
        ("amount", "0.5 mg"),
        ("reason", "panic that talking does not settle"),
        ("least_minutes", "240"),
        ("most", "2 mg"),
        ("ends_on", "2026-12-04"),
        ("password", PASSWORD),
    ];
    let drawn = prescriber.visitor.get(&page);
    let ordered = prescriber.visitor.fill(&drawn, &page, &fields);
    assert_eq!(ordered.status, 303, "{}", ordered.text());
    let shown = nurse.visitor.get(&format!("/residents/{}", cast.as_needed));
    let give = shown.attribute("a[href$='/give']", "href").expect("it may be given");
    assert_eq!(house.count("as_needed_orders"), 1);
    nurse.open("record_as_needed", &give, &give, &[("why", "pacing, cannot be talked down")])
}

const WITNESS: [(&str, &str); 2] = [("second_username", "tom"), ("second_password", PASSWORD)];

fn receive(house: &House, nurse: &Person, cast: &Cast) -> Post {
    // For nobody whose reduction is signed meanwhile: the supply is among what the page shows.
    let holder = resident_of(house, &cast.refused);
    let fields = [
        ("holder", holder.as_str()),
        ("product", TABLET),
        ("count", "10"),
        ("lot", "B1042"),
        ("expires_on", "2027-12-31"),
        ("note", "Brook Street Pharmacy, delivery 77410"),
    ];
    let fields = [&fields[..], &WITNESS].concat();
    nurse.open("enter_register", "/register/receive?unit=east", "/register/receive?unit=east", &fields)
}

/// Counts the one register of the west wing, which holds one tablet less than it says.
fn count(house: &House, nurse: &Person) -> Post {
    let page = "/register/count?unit=west";
    let blind = nurse.visitor.get(page);
    let names = blind.fields(page).into_iter().map(|(name, _)| name);
    let fields: Vec<String> = names.filter(|name| name.starts_with("count_")).collect();
    assert_eq!(fields.len(), 1, "{}", blind.text());
    let second = nurse.visitor.fill(&blind, page, &[(&fields[0], "9")]);
    assert_eq!((second.status, house.count("register_counts")), (200, 0), "{}", second.text());
    let again = fields[0].replace("count_", "second_");
    nurse.fill("count_register", &second, page, &[&[(again.as_str(), "9")], WITNESS.as_slice()].concat())
}

fn admit(supervisor: &Person) -> Post {
    let fields = [
        ("unit", "east"),
        ("number", "31"),
        ("surname", "Larch"),
        ("forename", "Lena"),
        ("born_on", "1938-04-05"),
        ("room", "31"),
        ("allergy_state", "none"),
    ];
    supervisor.open("admit_resident", "/residents/new", "/residents/new", &fields)
}

/// Nobody said how much of the dose was given.
fn refused(house: &House, nurse: &Person, cast: &Cast) -> Post {
    let page = format!("/doses/{}", dose(house, &cast.refused, TODAY, "08:00").id);
    let fields = [("outcome", "given_in_part"), ("part", "")];
    nurse.open("refused", &page, &format!("{page}/administration"), &fields)
}

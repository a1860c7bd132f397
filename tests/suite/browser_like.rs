//! The real server on a free port, and a visitor who keeps cookies, follows nothing, and fills in the forms it was given.

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use scraper::{ElementRef, Html, Selector};
use stepdown::app::{Manner, server};
use stepdown::web::Hall;
use stepdown::web::password::{Cost, Passwords, password_hash};
use ureq::Agent;
use ureq::http::Response;

use crate::house::House;

/// Everybody's password in the tests.
pub const PASSWORD: &str = "willow tree four";

/// The running app. It stops when it is dropped.
pub struct Served {
    pub base: String,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub fn start(house: &House) -> Served {
        Served::with(Hall::new(house.db.clone(), Passwords::new(Cost::Cheap), false, false))
    }

    pub fn with(hall: Hall) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (ready, started) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = server(hall, listener, None, Manner { workers: 1, farewell_seconds: 1 }).unwrap();
                ready.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Served { base, handle: started.recv().unwrap(), thread: Some(thread) }
    }

    pub fn visitor(&self) -> Visitor {
        Visitor::of(&self.base)
    }

    /// Somebody who is signed in.
    pub fn signed_in(&self, username: &str) -> Visitor {
        let visitor = self.visitor();
        let door = visitor.get("/sign-in");
        let inside = visitor.fill(&door, "/sign-in", &[("username", username), ("password", PASSWORD)]);
        assert_eq!(inside.status, 303, "{username} should get in: {}", inside.text());
        visitor
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

pub struct Visitor {
    base: String,
    agent: Agent,
}

impl Visitor {
    /// A visitor of whatever serves at this address.
    pub fn of(base: &str) -> Visitor {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Visitor { base: base.to_owned(), agent: config.build().into() }
    }

    pub fn get(&self, path: &str) -> Shown {
        self.asked(path, &[])
    }

    /// With headers of one's own.
    pub fn asked(&self, path: &str, headers: &[(&str, &str)]) -> Shown {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Shown::read(request.call().unwrap())
    }

    /// Sends fields as they are, without a page.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        self.posted(path, fields, &[])
    }

    pub fn posted(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Shown {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Shown::read(request.send(body).unwrap())
    }

    /// Chooses a file in the form of a page that posts to `action`, and sends it with what stands there already.
    pub fn enclose(&self, page: &Shown, action: &str, (name, called): (&str, &str), file: &[u8]) -> Shown {
        let boundary = "a-line-that-is-in-no-picture";
        let mut body = Vec::new();
        for (name, value) in page.fields(action) {
            body.extend(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let disposition = format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"{called}\"");
        body.extend(format!("--{boundary}\r\n{disposition}\r\nContent-Type: image/jpeg\r\n\r\n").bytes());
        body.extend(file);
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        let request = self.agent.post(format!("{}{action}", self.base));
        let kind = format!("multipart/form-data; boundary={boundary}");
        Shown::read(request.header("Content-Type", kind).send(&body[..]).unwrap())
    }

    /// Fills in the form of a page that posts to `action` and sends it: what stands in it already goes along, and a
    /// field given here takes the place of the one in the page.
    pub fn fill(&self, page: &Shown, action: &str, fields: &[(&str, &str)]) -> Shown {
        let mut all: Vec<(String, String)> = page.fields(action);
        for (name, value) in fields {
            all.retain(|(known, _)| known != name);
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(action, &all)
    }
}

/// What came back.
pub struct Shown {
    pub status: u16,
    pub body: String,
    pub bytes: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Shown {
    fn read(mut answer: Response<ureq::Body>) -> Shown {
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().read_to_vec().unwrap();
        Shown { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn cookies(&self) -> Vec<&str> {
        self.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect()
    }

    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The page as a reader sees it, blanks drawn together.
    pub fn text(&self) -> String {
        let page = Html::parse_document(&self.body);
        let words: Vec<String> = page.root_element().text().map(str::to_owned).collect();
        words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Every text that a selector finds.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        let found = page.select(&selector).map(|one| one.text().collect::<String>());
        found.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[allow(dead_code, reason = "a test asks what it needs")]
    pub fn has(&self, selector: &str) -> bool {
        !self.all(selector).is_empty()
    }

    /// An attribute of the first element that a selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let page = Html::parse_document(&self.body);
        let found = page.select(&Selector::parse(selector).unwrap()).next()?;
        found.value().attr(name).map(str::to_owned)
    }

    /// An attribute of every element that a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).filter_map(|one| one.value().attr(name).map(str::to_owned)).collect()
    }

    /// What the form that posts to `action` would send if nobody touched it.
    pub fn fields(&self, action: &str) -> Vec<(String, String)> {
        let page = Html::parse_document(&self.body);
        let form = Selector::parse(&format!("form[action=\"{action}\"]")).unwrap();
        let form = page.select(&form).next().unwrap_or_else(|| panic!("no form posts to {action}: {}", self.text()));
        let controls = Selector::parse("input[name], textarea[name], select[name]").unwrap();
        form.select(&controls).filter_map(sent).collect()
    }
}

/// What a control sends, if anything.
fn sent(control: ElementRef) -> Option<(String, String)> {
    let (element, name) = (control.value(), control.value().attr("name")?.to_owned());
    let value = || element.attr("value").unwrap_or_default().to_owned();
    let value = match (element.name(), element.attr("type")) {
        ("textarea", _) => control.text().collect(),
        ("select", _) => chosen(control)?,
        (_, Some("file")) => return None,
        (_, Some("radio" | "checkbox")) if element.attr("checked").is_none() => return None,
        _ => value(),
    };
    Some((name, value))
}

fn chosen(select: ElementRef) -> Option<String> {
    let marked = Selector::parse("option[selected]").unwrap();
    let first = Selector::parse("option").unwrap();
    let option = select.select(&marked).next().or_else(|| select.select(&first).next())?;
    Some(option.value().attr("value").unwrap_or_default().to_owned())
}

/// A furnished house where everybody has the one password, with a supervisor and an administrator, and a second
/// facility with a nurse and an administrator of its own.
pub fn settle(house: &House) {
    house.furnish();
    let hash = password_hash(PASSWORD, Cost::Cheap);
    for sql in SETTLERS {
        house.plain_sql(sql).unwrap();
    }
    house.plain_sql(&format!("UPDATE people SET password_hash = '{hash}'")).unwrap();
}

const SETTLERS: [&str; 3] = [
    "INSERT INTO facilities (id, name, zone, early_minutes, late_minutes, no_record_minutes, horizon_days,
        sign_ahead_days, idle_minutes, mail_from)
     VALUES ('birch', 'Birch Court', 'America/New_York', 60, 60, 120, 14, 7, 15, 'stepdown@birch.example')",
    "INSERT INTO people (id, username, name, registration, email, password_hash) VALUES
        ('supervisor', 'supervisor', 'Sue Supervisor', '', 's@alder.example', '-'),
        ('administrator', 'administrator', 'Ada Administrator', '', 'a@alder.example', '-'),
        ('stranger', 'stranger', 'Birch Nurse', '', '', '-'),
        ('other', 'other', 'Birch Administrator', '', '', '-')",
    "INSERT INTO memberships (id, person, facility, role) VALUES
        ('m-4', 'supervisor', 'alder', 'supervisor'),
        ('m-5', 'administrator', 'alder', 'administrator'),
        ('m-6', 'stranger', 'birch', 'nurse'),
        ('m-7', 'other', 'birch', 'administrator')",
];

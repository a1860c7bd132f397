//! The letters of a facility: what was sent, what waits, and what did not arrive, each as it was written.

mod waiting;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use self::waiting::{Behind, Waiting};
use crate::acts::send_letters::{SendLetters, send_letters};
use crate::acts::trust_clock::{TrustClock, trust_clock};
use crate::care::calendar::{Zone, day_text};
use crate::care::facility::Facility;
use crate::care::leap::SetBack;
use crate::care::people::{Administrator, Supervisor};
use crate::care::ringing::Postmaster;
use crate::mail::eml_find;
use crate::store::bells::set_back_find;
use crate::store::letters::{LetterFile, LetterState, LettersAsk, Wait, letters_page, letters_waiting, wait_find};
use crate::web::parts::{Icon, Tag};
use crate::web::{Answer, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, looking, see_other};

/// So many letters stand on a page.
const PAGE: i64 = 50;

/// Which letters are looked at; every facility has these lists.
const LISTS: [(&str, &str, &[LetterState]); 5] = [
    ("", "All", &[]),
    ("failed", "Did not arrive", &[LetterState::GivenUp, LetterState::Expired]),
    ("waiting", "Waiting", &[LetterState::Wanted, LetterState::Claimed]),
    ("sent", "Sent", &[LetterState::Sent]),
    ("settled", "Not needed any more", &[LetterState::Settled]),
];

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
    #[serde(default)]
    list: String,
    /// The last letter of the page before: seconds since 1970, a dot, and its id.
    #[serde(default)]
    after: String,
}

impl Asked {
    fn states(&self) -> Vec<LetterState> {
        let list = LISTS.into_iter().find(|(word, ..)| *word == self.list);
        list.map(|(.., states)| states.to_vec()).unwrap_or_default()
    }

    fn after(&self) -> Option<(DateTime<Utc>, String)> {
        let (seconds, id) = self.after.split_once('.')?;
        Some((DateTime::from_timestamp(seconds.parse().ok()?, 0)?, id.to_owned()))
    }
}

pub async fn show(reader: Signed<(Supervisor, Administrator)>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let facility = reader.chosen(asked.facility.as_deref())?.clone();
    let limit = PAGE + 1;
    let ask = LettersAsk { facility: facility.id.clone(), states: asked.states(), after: asked.after(), limit };
    let (folder, now) = (hall.folder.clone(), reader.now());
    let (wait, back, letters) = looking(&hall.db, move |conn| {
        let found = letters_page(conn, &ask)?;
        let wait = wait_find(conn, &ask.facility)?;
        let count = if wait.is_some() { letters_waiting(conn, &ask.facility, now)?.len() } else { 0 };
        let mail = |letter: &LetterFile| folder.as_ref().and_then(|folder| eml_find(folder, &letter.id));
        let letters = found.into_iter().map(|letter| (mail(&letter), letter)).collect::<Vec<_>>();
        Ok((wait.map(|wait| (wait, count)), set_back_find(conn, now)?, letters))
    })
    .await?;
    let look = address(&facility.id, "waiting");
    let form = || Form::new(reader.csrf(), now);
    let wait = wait.map(|(wait, count)| Waiting::new(&wait, count, (facility.zone, now), look, form()));
    let behind = back.map(|found| Behind::new(&found, (facility.zone, now), form()));
    let shell = reader.shell(&facility, Menu::Letters);
    let others: Vec<Facility> = reader.facilities().filter(|other| other.id != facility.id).cloned().collect();
    let in_folder = hall.folder.as_ref().map(|folder| folder.display().to_string());
    let view = View::new(shell, &facility, &others, &asked, letters, in_folder);
    Page::new(View { wait, behind, ..view }).answer()
}

/// What a person says about the letters that wait.
#[derive(Deserialize)]
pub struct Said {
    facility: String,
    /// What the page said they wait for.
    #[serde(default)]
    wait: String,
    /// Only letters that come are sent, and none of those that wait.
    #[serde(default)]
    leave_out: bool,
}

pub async fn send(reader: Signed<(Supervisor, Administrator)>, hall: Data<Hall>, sent: Protected<Said>) -> Answer {
    let facility = reader.facility(&sent.facility)?.id.clone();
    let by = postmaster(&reader, &facility)?;
    let ask = SendLetters { form: sent.id()?, wait: sent.wait.clone(), leave_out: sent.leave_out };
    acting(&hall.db, move |conn, now| send_letters(conn, &by, &ask, now))
        .await?
        .map_err(|refusal| PageError::BadForm(refusal.to_string()))?;
    Ok(see_other(address(&facility, "")))
}

/// Somebody says that the clock is right.
#[derive(Deserialize)]
pub struct Right {
    facility: String,
    /// The mark of what the page told.
    #[serde(default)]
    told: String,
}

pub async fn trust(reader: Signed<(Supervisor, Administrator)>, hall: Data<Hall>, sent: Protected<Right>) -> Answer {
    let facility = reader.facility(&sent.facility)?.id.clone();
    let by = postmaster(&reader, &facility)?;
    let ask = TrustClock { form: sent.id()?, told: sent.told.clone() };
    acting(&hall.db, move |conn, now| trust_clock(conn, &by, &ask, now))
        .await?
        .map_err(|refusal| PageError::BadForm(refusal.to_string()))?;
    Ok(see_other(address(&facility, "")))
}

fn postmaster(reader: &Signed<(Supervisor, Administrator)>, facility: &str) -> Result<Postmaster, PageError> {
    let supervisor = reader.acting_as::<Supervisor>(facility).map(Postmaster::from);
    let by = supervisor.or_else(|| reader.acting_as::<Administrator>(facility).map(Postmaster::from));
    by.ok_or(PageError::Missing)
}

#[derive(Template)]
#[template(path = "pages/letters.html")]
pub struct View {
    shell: Shell,
    facility: String,
    /// No letter leaves until somebody says so.
    wait: Option<Waiting>,
    /// The clock was set back.
    behind: Option<Behind>,
    chips: Vec<Chip>,
    others: Vec<Chip>,
    rows: Vec<Row>,
    /// Where letters are written as files.
    folder: Option<String>,
    older: Option<String>,
    newest: Option<String>,
}

/// A way to another list.
struct Chip {
    text: String,
    href: String,
    current: bool,
}

struct Row {
    day: String,
    time: String,
    kind: &'static str,
    title: String,
    to: String,
    tag: Tag,
    /// What is to be known about it, in a sentence; may be empty.
    note: String,
    /// The letter as it was written.
    text: String,
}

impl View {
    /// `letters` are one more than a page holds where there are older ones; beside each its file, where there is one.
    fn new(
        shell: Shell,
        facility: &Facility,
        others: &[Facility],
        asked: &Asked,
        mut letters: Vec<(Option<String>, LetterFile)>,
        folder: Option<String>,
    ) -> View {
        let more = letters.len() > PAGE as usize;
        letters.truncate(PAGE as usize);
        let last = letters.last().filter(|_| more).map(|(_, letter)| letter);
        let older = last.map(|last| {
            format!("{}&after={}.{}", address(&facility.id, &asked.list), last.wanted_at.timestamp(), last.id)
        });
        View {
            shell,
            facility: facility.id.clone(),
            wait: None,
            behind: None,
            chips: LISTS.map(|(word, text, _)| chip(&facility.id, word, text, word == asked.list)).into(),
            others: others.iter().map(|other| chip(&other.id, "", &other.name, false)).collect(),
            rows: letters.into_iter().map(|(mail, letter)| row(facility.zone, mail, letter)).collect(),
            folder,
            older,
            newest: asked.after().map(|_| address(&facility.id, &asked.list)),
        }
    }

    /// Nothing, the usual, the longest there is, and somebody who means harm.
    pub fn samples() -> Vec<View> {
        let at = DateTime::from_timestamp(1_795_161_600, 0).unwrap_or_default();
        let letter = |state: LetterState, name: &str| LetterFile {
            id: "0193f2a0-7c1e-7aaa-8bbb-0123456789ab".to_owned(),
            facility: "alder".to_owned(),
            kind: crate::care::letter::Kind::RoundDue,
            subject: "round/2026-11-20/08:00/unit/willow".to_owned(),
            recipient: "willow@alder.example".to_owned(),
            wanted_at: at,
            expires_at: at,
            title: format!("08:00 round, {name}: 3 doses due"),
            body: format!("Doses to record in the 08:00 round of {name} on 20 Nov 2026: 3\n"),
            state,
            attempts: 2,
            try_at: at,
            lease_until: None,
            sent_at: (state == LetterState::Sent).then_some(at),
            problem: format!("The mail server refused it: {name}."),
        };
        let view = |names: &[&str], folder: Option<String>| {
            let of = |name: &&str| LetterState::ALL.map(|state| (None, letter(state, name)));
            let rows = names.iter().flat_map(of).map(|(mail, letter)| row(Zone::UTC, mail, letter)).collect();
            let chips = LISTS.map(|(word, text, _)| chip("alder", word, text, word.is_empty())).into();
            let shell = Shell::sample(crate::care::people::Role::Supervisor, Menu::Letters);
            let (facility, wait, behind) = ("alder".to_owned(), None, None);
            View { shell, facility, wait, behind, chips, others: Vec::new(), rows, folder, older: None, newest: None }
        };
        let waiting = |why, count, view: View| {
            let wait = Wait { id: String::new(), facility: String::new(), why, since: at, found_at: at };
            let look = address("alder", "waiting");
            View { wait: Some(Waiting::new(&wait, count, (Zone::UTC, at), look, Form::new("", at))), ..view }
        };
        let found = SetBack { from: at, to: at - chrono::TimeDelta::hours(3) };
        let behind =
            |view: View| View { behind: Some(Behind::new(&found, (Zone::UTC, at), Form::new("", at))), ..view };
        vec![
            view(&[], None),
            behind(view(&["Willow"], None)),
            waiting(crate::store::letters::Why::PutBack, 0, view(&[], None)),
            waiting(crate::store::letters::Why::PutBack, 1, view(&["Willow"], None)),
            waiting(crate::store::letters::Why::PutBack, 1_234, view(&["Weidenhof"], None)),
            waiting(crate::store::letters::Why::ClockAhead, 0, view(&[], None)),
            waiting(crate::store::letters::Why::ClockAhead, 2, view(&["Willow"], None)),
            view(&["Willow"], Some("/srv/stepdown/letters".to_owned())),
            view(&["Weidenhof".repeat(9).as_str(); 8], None),
            view(&["<script>alert(1)</script>\"'&"], Some("<b>".to_owned())),
        ]
    }
}

fn chip(facility: &str, list: &str, text: &str, current: bool) -> Chip {
    Chip { text: text.to_owned(), href: address(facility, list), current }
}

fn address(facility: &str, list: &str) -> String {
    let asked = [("facility", facility), ("list", list)];
    let some = asked.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>();
    format!("/letters?{}", serde_urlencoded::to_string(some).unwrap_or_default())
}

fn row(zone: Zone, mail: Option<String>, letter: LetterFile) -> Row {
    let wanted = zone.local(letter.wanted_at);
    Row {
        day: day_text(wanted.date()),
        time: wanted.format("%H:%M").to_string(),
        kind: letter.kind.name(),
        tag: tag(zone, &letter),
        note: note(zone, &letter),
        text: mail.unwrap_or_else(|| format!("To: {}\nSubject: {}\n\n{}", letter.recipient, letter.title, letter.body)),
        title: letter.title,
        to: if letter.recipient.is_empty() { "nobody".to_owned() } else { letter.recipient },
    }
}

fn tag(zone: Zone, letter: &LetterFile) -> Tag {
    match letter.state {
        LetterState::Wanted => Tag::new("soon", Icon::Soon, "Waiting"),
        LetterState::Claimed => Tag::new("due", Icon::Due, "Being sent"),
        LetterState::Sent => {
            let at = letter.sent_at.map(|at| zone.local(at).format(" %H:%M").to_string()).unwrap_or_default();
            Tag::new("ok", Icon::Given, format!("Sent{at}"))
        }
        LetterState::Settled => Tag::new("soon", Icon::Flat, "Not needed any more"),
        LetterState::GivenUp => Tag::new("not", Icon::Refused, "Given up"),
        LetterState::Expired => Tag::new("not", Icon::NotAvailable, "Too late to send"),
    }
}

fn note(zone: Zone, letter: &LetterFile) -> String {
    let tried = match letter.attempts {
        0 | 1 => String::new(),
        times => format!(" Tried {times} times."),
    };
    match letter.state {
        LetterState::Wanted if !letter.problem.is_empty() => {
            format!("{}{tried} Next try at {}.", letter.problem, zone.local(letter.try_at).format("%H:%M"))
        }
        LetterState::GivenUp | LetterState::Expired => format!("{}{tried}", letter.problem).trim().to_owned(),
        LetterState::Settled => "What it was about was done before it was sent.".to_owned(),
        _ => String::new(),
    }
}

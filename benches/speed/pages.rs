//! Pages out of houses of any size, each against a page of the same size that is only sent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use stepdown::clock::Clock;
use stepdown::store::Db;
use stepdown::store::history::FactsAsk;

use crate::furnished::id;
use crate::measure::{Round, Rounds, Times, ms, times_of, us, whole};
use crate::opened::Opened;
use crate::still::Still;
use crate::wire::{Visitor, Wire};

/// Which houses, and how often.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folders of houses that `make_years` made.
    #[arg(long, required = true)]
    data: Vec<PathBuf>,
    /// The moment at which they end.
    #[arg(long, default_value = "2026-11-20T08:12:00Z")]
    until: DateTime<Utc>,
    /// Rounds of everything.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Only pages whose name holds this.
    #[arg(long, default_value = "")]
    only: String,
}

/// A page is fetched so often in one round, by two at once; the one that is only sent so many times as often.
const FETCHES: usize = 60;
const AT_ONCE: usize = 2;
const STILL: usize = 50;

/// A page of one house.
struct Page {
    name: String,
    path: String,
    who: &'static str,
    ours: Rounds,
    still: Rounds,
    bytes: usize,
    /// Of the processors, for all that was fetched of the one and of the other.
    used: (Duration, Duration),
    fetched: u32,
}

/// A house, and everybody who looks.
struct Measured {
    opened: Opened,
    /// The file and its size.
    whence: String,
    records: i64,
    pages: Vec<Page>,
}

pub fn run(arguments: &Arguments) {
    let scratch = crate::folder();
    for (n, data) in arguments.data.iter().enumerate() {
        let url = format!("sqlite:{}", data.join("stepdown.db").display());
        let folder = scratch.path().join(n.to_string());
        std::fs::create_dir(&folder).expect("the folder is ours");
        let mut measured = Measured {
            whence: whence(data),
            records: newest(&url, arguments.until),
            pages: asked_for(&url, arguments),
            opened: Opened::over(&url, &folder, arguments.until),
        };
        measured.opened.settle();
        measure(&mut measured, arguments.rounds);
        told(&measured);
        assert!(measured.opened.stop().success(), "the house closes as it should");
    }
}

fn whence(data: &Path) -> String {
    let file = data.join("stepdown.db");
    let size = file.metadata().map_or(0, |file| file.len());
    format!("{} of {} MB", file.display(), whole(size as f64 / 1e6))
}

fn newest(url: &str, until: DateTime<Utc>) -> i64 {
    let db = Db::open(url, Clock::fixed(until)).expect("the database opens");
    let ask = FactsAsk { facility: id("facility"), limit: 1, ..FactsAsk::default() };
    let facts = db.read(|conn| stepdown::store::history::facts_page(conn, &ask)).expect("a history");
    facts.first().map_or(0, |fact| fact.n)
}

/// The pages that are looked at.
fn asked_for(url: &str, arguments: &Arguments) -> Vec<Page> {
    let (resident, last) = (id("resident 0"), newest(url, arguments.until));
    let month = arguments.until.format("%Y-%m");
    let earlier = arguments.until - chrono::TimeDelta::days(20);
    let days = format!("from={}&to={}", earlier.date_naive(), (earlier + chrono::TimeDelta::days(3)).date_naive());
    // Fifty records stand on a page.
    let far = (last - 50 * 9_999).max(51);
    let pages = [
        ("round of 60", format!("/round?unit={}", id("unit 0")), "a.diallo"),
        ("MAR of a month", format!("/residents/{resident}/mar?month={month}"), "a.diallo"),
        ("history, page 1", "/history".to_owned(), "c.ashby"),
        ("history, page 10,000", format!("/history?before={far}"), "c.ashby"),
        ("history of a resident", format!("/history?resident={resident}"), "c.ashby"),
        ("history of days", format!("/history?{days}"), "c.ashby"),
        ("history of a resident's days", format!("/history?resident={resident}&{days}"), "c.ashby"),
    ];
    let pages = pages.into_iter().filter(|(name, ..)| name.contains(&arguments.only));
    pages.map(|(name, path, who)| Page::new(name, path, who)).collect()
}

impl Page {
    fn new(name: &str, path: String, who: &'static str) -> Page {
        let (ours, still) = (Rounds::default(), Rounds::default());
        Page { name: name.to_owned(), path, who, ours, still, bytes: 0, used: Default::default(), fetched: 0 }
    }
}

fn measure(measured: &mut Measured, rounds: usize) {
    let at = measured.opened.at;
    let sitting = |who: &str| (0..AT_ONCE).map(|_| Visitor::signed_in(at, who)).collect::<Vec<_>>();
    let (mut nurses, mut supervisors) = (sitting("a.diallo"), sitting("c.ashby"));
    let mut stills = Vec::new();
    for page in &mut measured.pages {
        let visitors = if page.who == "a.diallo" { &mut nurses } else { &mut supervisors };
        let first = visitors[0].get(&page.path);
        assert_eq!(first.status, 200, "{}: {}", page.path, first.text());
        page.bytes = first.body.len();
        let still = Still::of(page.bytes);
        let wires: Vec<Wire> = (0..AT_ONCE).map(|_| Wire::open(still.at).expect("it listens")).collect();
        stills.push((still, wires));
    }
    for n in 0..=rounds {
        for (page, (still, wires)) in measured.pages.iter_mut().zip(&mut stills) {
            let visitors = if page.who == "a.diallo" { &mut nurses } else { &mut supervisors };
            let before = (measured.opened.processor_time(), still.processor_time());
            let ours = Round::at_once(visitors, FETCHES, |visitor, _| {
                assert_eq!(visitor.get(&page.path).status, 200, "{}", page.path);
            });
            let sent = Round::at_once(wires, FETCHES * STILL, |wire, _| {
                wire.ask(b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n").expect("it answers");
            });
            // The first round fills what can be filled.
            if n > 0 {
                page.ours.push(ours);
                page.still.push(sent);
                page.used.0 += measured.opened.processor_time() - before.0;
                page.used.1 += still.processor_time() - before.1;
                page.fetched += FETCHES as u32;
            }
        }
    }
}

fn told(measured: &Measured) {
    println!(
        "\npages of a facility with a history of {} facts, in {}\n",
        whole(measured.records as f64),
        measured.whence
    );
    println!(
        "| page | bytes | pages a second | only sent | ours over sent | half within | p99 | processor time of ours | of one sent | sent over ours |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for page in &measured.pages {
        let times: Times = page.ours.times();
        let each = (page.used.0 / page.fetched, page.used.1 / (page.fetched * STILL as u32));
        println!(
            "| {} | {} | {} | {} | {:.3} | {} | {} | {} | {} | {} |",
            page.name,
            whole(page.bytes as f64),
            page.ours.rate().whole(),
            page.still.rate().whole(),
            page.ours.over(&page.still).middle,
            ms(times.middle()),
            ms(times.p99()),
            us(each.0),
            us(each.1),
            times_of(each.1, each.0),
        );
    }
}

//! Letters that are all due at once, sent by the bell, against the barest client at the same mail server.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use diesel::RunQueryDsl;
use stepdown::acts::ActError;
use stepdown::acts::manage_people::{AddPerson, add_person};
use stepdown::bell::{Bell, Rung};
use stepdown::care::people::{Administrator, Person, Role, Staff};
use stepdown::clock::Clock;
use stepdown::mail::Mail;
use stepdown::store::{Db, StoreError};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use crate::furnished::{self, Furniture, House, id};
use crate::measure::{Round, Rounds, Spread};
use crate::sink::{Bare, Sink, Taken};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// postgres://… measures on a server; a file of SQLite otherwise.
    #[arg(long)]
    database_url: Option<String>,
    /// Each has a reduction that waits for a signature.
    #[arg(long, default_value_t = 450)]
    residents: u32,
    /// Each is written to every morning about every reduction, and about every resident whose doses nobody records.
    #[arg(long, default_value_t = 10)]
    pharmacists: u32,
    /// Mornings on which everything is measured once; one more before them is not counted.
    #[arg(long, default_value_t = 5)]
    mornings: u32,
}

/// On this day of a plan its reduction is asked after for the first time.
const FIRST: i64 = 27;

pub fn run(arguments: &Arguments) {
    let folder = crate::folder();
    let file = format!("sqlite:{}", folder.path().join("stepdown.db").display());
    let url = arguments.database_url.as_ref().unwrap_or(&file);
    let (mut belfry, sink) = (Belfry::furnished(url, arguments), Sink::open());
    let (mut ringing, mut sending, mut raw) = (Rounds::default(), Rounds::default(), Rounds::default());
    let (mut lost, mut twice, mut counts) = (0, 0, Vec::new());
    for n in 0..=i64::from(arguments.mornings) {
        // What the night brings is not measured: doses laid out, rounds without a record.
        belfry.ring(TimeDelta::days(FIRST + n), &sink);
        sink.emptied();
        let (rung, took) = belfry.ring(TimeDelta::days(FIRST + n) + TimeDelta::hours(7), &sink);
        let taken = sink.emptied();
        assert!(rung.troubles.is_empty() && rung.failed == 0, "{rung:?}");
        let numbers: BTreeSet<String> = taken.iter().map(Taken::id).collect();
        (lost, twice) = (lost + rung.wanted - numbers.len(), twice + taken.len() - numbers.len());
        let bare = bare(&sink, &taken);
        if n > 0 {
            ringing.push(Round::whole(taken.len(), took));
            sending.push(Round::whole(taken.len(), first_to_last(&taken)));
            raw.push(bare);
            counts.push(taken.len() as f64);
        }
        eprint!("\rmorning {n}: {} letters in {:.2} s ", taken.len(), took.as_secs_f64());
    }
    println!("\n{} letters due at once: lost {lost}, twice {twice}", Spread::of(counts.into_iter()).whole());
    told("from the first of them to the last", &sending.rate(), &sending.over(&raw));
    told("the whole ring, with what finds and writes them", &ringing.rate(), &ringing.over(&raw));
    println!("a bare client: {} a second", raw.rate().whole());
}

fn told(what: &str, rate: &Spread, ratio: &Spread) {
    println!("{what}: {} a second, over a bare client {}", rate.whole(), ratio.ratio());
}

fn bare(sink: &Sink, letters: &[Taken]) -> Round {
    let mut bare = Bare::to(sink);
    let round = Round::one_by_one(letters.len(), |n| bare.send(&letters[n]));
    assert_eq!(sink.emptied().len(), letters.len());
    round
}

fn first_to_last(taken: &[Taken]) -> Duration {
    let times = || taken.iter().map(|letter| letter.at);
    times().max().zip(times().min()).map_or(Duration::ZERO, |(last, first)| last - first)
}

/// A house with a reduction for each resident that nobody signs, and its bell.
struct Belfry {
    db: Db,
    clock: Clock,
    began: DateTime<Utc>,
    runtime: Runtime,
}

impl Belfry {
    fn furnished(url: &str, arguments: &Arguments) -> Belfry {
        let began = "2026-10-01".parse().map(|day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc());
        let began = began.expect("a day");
        let clock = Clock::fixed(began);
        let db = Db::open(url, clock.clone()).expect("the database opens");
        db.migrate().expect("an empty database takes our tables");
        let furniture = Furniture::with(arguments.residents, &["08:00"]);
        let many = arguments.pharmacists;
        let furnish = move |conn: &mut _, now| {
            let house = furnished::furnish(conn, &furniture, now)?;
            diesel::sql_query("UPDATE facilities SET mail_from = 'stepdown@long-house.example'")
                .execute(conn)
                .map_err(StoreError::from)?;
            (1..many).try_for_each(|n| add_person(conn, &founder(&house), &pharmacist(n), now).map(drop))
        };
        db.write::<(), ActError>(furnish).expect("a house");
        let runtime = Builder::new_current_thread().enable_all().build().expect("threads can be had");
        Belfry { db, clock, began, runtime }
    }

    /// Rings once at a time, and says how long that took.
    fn ring(&mut self, at: TimeDelta, sink: &Sink) -> (Rung, Duration) {
        self.clock.set(self.began + at);
        let stop = watch::channel(false).1;
        let mut bell = Bell::new(self.db.clone(), Mail::new(&sink.post()), "https://stepdown.example", stop);
        let began = Instant::now();
        (self.runtime.block_on(bell.tick()), began.elapsed())
    }
}

fn founder(house: &House) -> Administrator {
    Administrator(Staff { person: id("r.tan"), name: "Rosa Tan".to_owned(), facility: house.facility.id.clone() })
}

fn pharmacist(n: u32) -> AddPerson {
    let username = format!("pharmacist-{n}");
    let person = Person {
        id: id(&username),
        name: format!("Pharmacist {n}"),
        registration: String::new(),
        email: format!("{username}@long-house.example"),
        disabled_at: None,
        revision: 0,
        username,
    };
    let form = id(&format!("hire pharmacist {n}"));
    AddPerson { form, person, password_hash: String::new(), own_password: true, role: Role::Pharmacist, ends_at: None }
}

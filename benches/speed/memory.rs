//! What the house holds in memory with everybody signed in, and how soon after its start the first page is there.

use std::path::PathBuf;
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::furnished::id;
use crate::measure::ms;
use crate::opened::Opened;
use crate::wire::{Visitor, Wire};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder of a house that `make_years` made.
    #[arg(long)]
    data: PathBuf,
    /// The moment at which it ends.
    #[arg(long, default_value = "2026-11-20T08:12:00Z")]
    until: DateTime<Utc>,
    #[arg(long, default_value_t = 200)]
    sessions: usize,
}

pub fn run(arguments: &Arguments) {
    let (folder, url) = (crate::folder(), format!("sqlite:{}", arguments.data.join("stepdown.db").display()));
    let began = Instant::now();
    let opened = Opened::over(&url, folder.path(), arguments.until);
    let mut wire = Wire::open(opened.at).expect("it listens");
    let door = wire.ask(b"GET /sign-in HTTP/1.1\r\nHost: bench\r\n\r\n").expect("it answers");
    assert_eq!(door.status, 200);
    println!("\nfrom the start to the first page: {}", ms(began.elapsed()));
    println!("memory with nobody in: {} kB", opened.memory().0);
    let mut visitors: Vec<Visitor> =
        (0..arguments.sessions).map(|_| Visitor::signed_in(opened.at, "a.diallo")).collect();
    println!("memory with {} sessions: {} kB", arguments.sessions, opened.memory().0);
    let round = format!("/round?unit={}", id("unit 0"));
    for (n, visitor) in visitors.iter_mut().enumerate() {
        for page in [round.clone(), format!("/residents/{}/mar", id(&format!("resident {}", n % 31)))] {
            assert_eq!(visitor.get(&page).status, 200, "{page}");
        }
    }
    let (now, most) = opened.memory();
    println!("once each has looked at a round and a MAR: {now} kB, at most {most} kB");
    let first = visitors.remove(0);
    assert!(opened.stop().success(), "the house closes as it should");
    let began = Instant::now();
    let opened = Opened::over(&url, folder.path(), arguments.until);
    assert_eq!(first.at(opened.at).get(&round).status, 200);
    println!("from another start to the round of somebody who was in before: {}", ms(began.elapsed()));
}

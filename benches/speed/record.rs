//! Doses recorded over HTTP, each answered after its durable commit, against raw commits on the same disk.

use std::path::Path;
use std::time::Duration;

use stepdown::store::doses::DoseFile;

use crate::limit::Limit;
use crate::measure::{Round, Rounds, ms, times_of, us};
use crate::opened::Opened;
use crate::ward::{Ward, moment, record_at_last};
use crate::wire::Visitor;

/// How much is recorded.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// postgres://… measures on a server; a file of SQLite otherwise.
    #[arg(long)]
    database_url: Option<String>,
    #[arg(long, default_value_t = 1000)]
    residents: u32,
    /// Days on which everything is measured once; one more before them is not counted.
    #[arg(long, default_value_t = 7)]
    days: u32,
}

/// How many record at once, and which share of a day’s doses they get.
const CLIENTS: [(usize, f64); 4] = [(1, 0.08), (8, 0.22), (32, 0.35), (128, 0.35)];
/// Raw commits between them.
const COMMITS: usize = 400;

/// One number of clients, over all days.
#[derive(Default)]
struct Column {
    ours: Rounds,
    raw: Rounds,
    /// Of the processors, by the server, for so many doses.
    used: Duration,
    doses: u32,
}

pub fn run(arguments: &Arguments) {
    let folder = crate::folder();
    let file = format!("sqlite:{}", folder.path().join("stepdown.db").display());
    let url = arguments.database_url.as_ref().unwrap_or(&file);
    let ward = Ward::furnished(url, arguments.residents, 4);
    let mut opened = Opened::over(url, folder.path(), moment(0));
    let mut limit = Limit::beside(url, folder.path());
    let mut columns = CLIENTS.map(|(clients, _)| (clients, Column::default()));
    for n in 0..=arguments.days.min(13) {
        let doses = ward.doses_of(n);
        opened.set(moment(n));
        // A session ends with the shift.
        let mut visitors: Vec<Visitor> = (0..128).map(|_| Visitor::signed_in(opened.at, "a.diallo")).collect();
        let mut left = &doses[..];
        for ((clients, column), (_, share)) in columns.iter_mut().zip(CLIENTS) {
            let (mine, rest) = left.split_at(((doses.len() as f64 * share) as usize).min(left.len()));
            left = rest;
            let before = limit.round(COMMITS, *clients);
            let used = opened.processor_time();
            let ours = recorded(&mut visitors[..*clients], mine);
            if n > 0 {
                column.used += opened.processor_time() - used;
                column.doses += mine.len() as u32;
                column.raw.push(before);
                column.ours.push(ours);
            }
        }
        eprint!("\rday {n} of {} ", arguments.days);
    }
    eprintln!();
    assert!(opened.stop().success(), "the house closes as it should");
    told(arguments.residents, url, folder.path(), &columns);
}

/// Each visitor posts the form of the next dose as soon as the last one was answered.
fn recorded(visitors: &mut [Visitor], doses: &[DoseFile]) -> Round {
    Round::at_once(visitors, doses.len(), |visitor, n| record_at_last(visitor, &doses[n]))
}

fn told(residents: u32, url: &str, folder: &Path, columns: &[(usize, Column)]) {
    let on = if url.starts_with("postgres") { "PostgreSQL" } else { "SQLite" };
    println!("\nrecord a dose, {on}, {residents} residents, files in {}\n", folder.display());
    println!(
        "| clients | doses a second | raw commits a second | ours over raw | half within | p99 | raw p99 | p99 over raw p99 | processor time a dose |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (clients, Column { ours, raw, used, doses }) in columns {
        let (each, limit) = (ours.times(), raw.times());
        println!(
            "| {clients} | {} | {} | {} | {} | {} | {} | {} | {} |",
            ours.rate().whole(),
            raw.rate().whole(),
            ours.over(raw).ratio(),
            ms(each.middle()),
            ms(each.p99()),
            ms(limit.p99()),
            times_of(each.p99(), limit.p99()),
            us(*used / *doses),
        );
    }
}

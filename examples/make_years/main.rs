//! Makes a house of a real size: so many residents, so many years, every dose recorded by the acts that people use.
//!
//! `cargo run --release --example make_years -- --data FOLDER --residents 31 --years 1`, then
//! `stepdown serve --database-url sqlite:FOLDER/stepdown.db`. Everybody's password is `alder-house`. Nobody in it is real.

mod copied;
mod furnished;
mod surnames;

use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clap::Parser;
use stepdown::acts::ActError;
use stepdown::acts::acknowledge_alert::{AcknowledgeAlert, acknowledge_alert};
use stepdown::acts::lay_out_doses::lay_out_doses;
use stepdown::acts::mark_alerts::mark_alerts;
use stepdown::acts::record_dose::{RecordDose, record_dose};
use stepdown::care::calendar::days_after;
use stepdown::care::people::{Nurse, Role};
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::identity::IdentityAsk;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::severe_sign::Called;
use stepdown::clock::Clock;
use stepdown::store::doses::{DoseFile, doses_due_between};
use stepdown::store::taper_alerts::{StandingAlert, alerts_load};
use stepdown::store::{Conn, Db};

use furnished::{Furniture, House, id};

/// How large the house is, and where it is kept.
#[derive(Debug, Parser)]
struct Arguments {
    /// A folder for the data; it is made where there is none.
    #[arg(long)]
    data: PathBuf,
    #[arg(long, default_value_t = 31)]
    residents: u32,
    #[arg(long, default_value_t = 1.0)]
    years: f64,
    /// Put so many copies of the house beside it, by SQL; a house that is in the folder already is only copied.
    #[arg(long, default_value_t = 0)]
    copies: u32,
    /// The moment at which the data ends, in UTC.
    #[arg(long, default_value = "2026-11-20T08:12:00Z")]
    until: DateTime<Utc>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.data)?;
    let file = arguments.data.join("stepdown.db");
    if arguments.copies == 0 || !file.exists() {
        live_through(&arguments, &file)?;
    }
    if arguments.copies > 0 {
        copied::copy(&file, arguments.copies)?;
    }
    Ok(())
}

/// The house by the acts of its people, day after day.
fn live_through(arguments: &Arguments, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let db = Db::open(&format!("sqlite:{}", file.display()), Clock::system())?;
    db.migrate()?;
    let days = (arguments.years * 365.0) as u32;
    let first = stepdown::care::calendar::days_before(arguments.until.date_naive(), days);
    let (residents, began) = (arguments.residents, first.and_time(chrono::NaiveTime::MIN).and_utc());
    let furniture = Furniture::with(residents, &SLOTS);
    let house = db.write(move |conn, _| furnished::furnish(conn, &furniture, began))?;
    let mut doses = 0;
    for day in 0..=days {
        let (house, on, until) = (house.clone(), days_after(first, day), arguments.until);
        doses += db.write(move |conn, _| live(conn, &house, on, until))?;
        eprint!("\r{on}: {doses} doses recorded ({} %) ", (day + 1) * 100 / (days + 1));
        std::io::stderr().flush()?;
    }
    eprintln!("done.");
    Ok(())
}

/// One day, or as much of it as has passed: doses are laid out ahead, and those that are due are recorded.
fn live(conn: &mut Conn, house: &House, on: NaiveDate, until: DateTime<Utc>) -> Result<usize, ActError> {
    let dawn = on.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(5);
    for plan in &house.plans {
        lay_out_doses(conn, plan, dawn)?;
    }
    mark_alerts(conn, &house.facility.id, dawn)?;
    answer_alerts(conn, house, dawn)?;
    let mut due =
        doses_due_between(conn, &house.facility.id, dawn, dawn + TimeDelta::hours(24) - TimeDelta::minutes(6))?;
    due.retain(|dose| !dose.recorded && dose.due_at + TimeDelta::minutes(30) < until);
    for (n, dose) in due.iter().enumerate() {
        record(conn, house, dose, n)?;
    }
    Ok(due.len())
}

/// A supervisor sees to what was not given.
fn answer_alerts(conn: &mut Conn, house: &House, now: DateTime<Utc>) -> Result<(), ActError> {
    let by = Called::of(house.supervisor.clone(), |role| role == Role::Supervisor).expect("supervisors are called");
    for StandingAlert { plan, doses, .. } in alerts_load(conn, &house.facility, None, now)? {
        let doses = doses.into_iter().map(|fate| fate.dose.id).collect();
        let form = id(&format!("alert {plan} {now}"));
        let done = "Spoken with the resident and with the prescriber.".to_owned();
        acknowledge_alert(conn, &by, &AcknowledgeAlert { form, plan, doses, done }, now)?;
    }
    Ok(())
}

/// Most are given within a quarter of an hour; one in fifty is refused.
fn record(conn: &mut Conn, house: &House, dose: &DoseFile, n: usize) -> Result<(), ActError> {
    let (outcome, reason) =
        if (n + dose.key.on.to_string().len()) % 50 == 7 { (Outcome::Refused, "R1") } else { (Outcome::Given, "") };
    let record = RecordAsk {
        shown: dose.level.amount,
        revision: dose.revision,
        outcome: Some(outcome),
        part: String::new(),
        reason: reason.to_owned(),
        note: String::new(),
        given_at: String::new(),
        sedation: String::new(),
    };
    let ask = RecordDose {
        form: id(&format!("record {}", dose.id)),
        dose: dose.id.clone(),
        record,
        stock: StockAsk::default(),
        identity: IdentityAsk::default(),
        witness: None,
        word: Default::default(),
    };
    let minutes = i64::try_from(n % 15).unwrap_or(0);
    record_dose(conn, &Nurse(house.nurse.clone()), &ask, dose.due_at + TimeDelta::minutes(minutes))?;
    Ok(())
}

/// The times of day at which everybody is given something.
const SLOTS: [&str; 4] = ["08:00", "12:00", "18:00", "22:00"];

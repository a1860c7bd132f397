//! `stepdown migrate`: brings a database up to what this program needs.

use std::process::ExitCode;

use clap::Args;

use crate::clock::Clock;
use crate::store::db::Migrated;
use crate::store::{Db, StoreError};

#[derive(Args)]
pub struct Arguments {
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Only says what is pending.
    #[arg(long)]
    dry_run: bool,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match migrate(arguments) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("stepdown: {why}");
            ExitCode::from(2)
        }
    }
}

fn migrate(arguments: &Arguments) -> Result<String, StoreError> {
    if arguments.dry_run {
        let db = Db::open_there(&arguments.database_url, Clock::system())?;
        return db.pending().map(|names| told("Pending", &names));
    }
    Db::open(&arguments.database_url, Clock::system())?.migrate().map(|migrated| report(&migrated))
}

fn report(migrated: &Migrated) -> String {
    let done = told("Migrated", &migrated.applied);
    match &migrated.copied_to {
        Some(copy) => format!("{done} The database as it was before: {}", copy.display()),
        None => done,
    }
}

fn told(word: &str, names: &[String]) -> String {
    if names.is_empty() { "Nothing is pending.".to_owned() } else { format!("{word}: {}.", names.join(", ")) }
}

//! `stepdown migrate`: brings a database up to what this program needs.

use std::process::ExitCode;

use clap::Args;

use crate::clock::Clock;
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
    let db = Db::open(&arguments.database_url, Clock::system())?;
    let pending = db.pending()?;
    if pending.is_empty() {
        return Ok("Nothing is pending.".to_owned());
    }
    if arguments.dry_run {
        return Ok(format!("Pending: {}.", pending.join(", ")));
    }
    db.migrate()?;
    Ok(format!("Migrated: {}.", pending.join(", ")))
}

//! `stepdown restore FILE`: puts a copy in the place of the database, and keeps what was there.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::held_text;
use crate::clock::Clock;
use crate::store::db::{Restored, restore};

#[derive(Args)]
pub struct Arguments {
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// The copy to put back, as `stepdown backup` made it. It stays as it is.
    file: PathBuf,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match restore(&arguments.database_url, &arguments.file, Clock::system().now()) {
        Ok(restored) => {
            println!("{}", told(&restored));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("stepdown: {why}");
            ExitCode::from(2)
        }
    }
}

/// What was done, and what a person has to do now.
fn told(Restored { held, aside }: &Restored) -> String {
    let before = match aside {
        Some(aside) => format!("\nThe database that was here is kept as {}.", aside.display()),
        None => String::new(),
    };
    format!(
        "Put back: {}.{before}\nWhat was given, ordered or signed after that is not in it. Start Stepdown, and look at the \
         overview and at Letters, which say so too; find out what is missing from the last downtime packs, paper and the \
         people who were there, and enter it. Accounts closed, roles ended and passwords and settings changed after that are \
         as they were before: look through People and Settings.\nIf you only try this copy out, start it with STEPDOWN_DOWNTIME empty, so that \
         no pack of the ward is touched.",
        held_text(held)
    )
}

//! `stepdown backup FILE`: a whole copy of the database, while it is in use.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::held_text;
use crate::store::db::back_up;

#[derive(Args)]
pub struct Arguments {
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// The copy to make. Keep it on another machine.
    file: PathBuf,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    let file = &arguments.file;
    match back_up(&arguments.database_url, file) {
        Ok(held) => {
            println!("{} holds {}. It was read through and is whole.", file.display(), held_text(&held));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("stepdown: {why}");
            ExitCode::from(2)
        }
    }
}

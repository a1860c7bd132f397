//! The front door: `stepdown serve | demo | migrate | person | plan`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use stepdown::commands;

/// Benzodiazepine tapers for care facilities, from the approved plan to the recorded dose.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the arithmetic of a taper, without a database.
    Plan(commands::plan::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Plan(arguments) => commands::plan::run(&arguments),
    }
}

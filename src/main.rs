//! The front door: `stepdown serve | demo | migrate | person | plan | verify | backup | restore`.

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
    /// Makes an invented care home and serves it.
    Demo(commands::demo::Arguments),
    /// Shows the arithmetic of a taper, without a database.
    Plan(commands::plan::Arguments),
    /// Serves the house for real.
    Serve(Box<commands::serve::Arguments>),
    /// Brings the database up to what this program needs.
    Migrate(commands::migrate::Arguments),
    /// Lets the first administrator in, and puts an account right where no administrator can.
    Person(commands::person::Arguments),
    /// Proves that the history is whole.
    Verify(commands::verify::Arguments),
    /// Makes a whole copy of the database, while it is in use.
    Backup(commands::backup::Arguments),
    /// Puts a copy in the place of the database, and keeps what was there.
    Restore(commands::restore::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Demo(arguments) => commands::demo::run(&arguments),
        Command::Plan(arguments) => commands::plan::run(&arguments),
        Command::Serve(arguments) => commands::serve::run(*arguments),
        Command::Migrate(arguments) => commands::migrate::run(&arguments),
        Command::Person(arguments) => commands::person::run(&arguments),
        Command::Verify(arguments) => commands::verify::run(&arguments),
        Command::Backup(arguments) => commands::backup::run(&arguments),
        Command::Restore(arguments) => commands::restore::run(&arguments),
    }
}

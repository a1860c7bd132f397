//! How fast Stepdown is: each figure stands beside a limit measured in the same run. What came out is in BENCHMARKS.md.
//!
//! `cargo bench -- record` measures one thing, `cargo bench -- --help` names all.

mod ahead;
mod counted;
#[path = "../../examples/make_years/furnished.rs"]
mod furnished;
mod letters;
mod limit;
mod measure;
mod memory;
mod opened;
mod pages;
mod pure;
mod record;
mod sink;
mod still;
mod strain;
#[path = "../../examples/make_years/surnames.rs"]
mod surnames;
mod ward;
mod wire;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo bench --")]
struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Cargo says so by itself.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum What {
    /// Doses recorded over HTTP at 1, 8, 32 and 128 clients.
    Record(record::Arguments),
    /// The round, the MAR and the history out of houses that `make_years` made.
    Pages(pages::Arguments),
    /// Doses laid out for the days ahead, and reductions signed.
    Ahead(ahead::Arguments),
    /// What is decided without a database.
    Pure,
    /// Letters that are due all at once.
    Letters(letters::Arguments),
    /// Memory, and the first page.
    Memory(memory::Arguments),
    /// Too much at once, a stop in the middle of it, and a long run.
    Strain(strain::Arguments),
    /// The house itself, in a process of its own.
    #[command(hide = true)]
    Serving(opened::Serving),
    /// A page that is only sent, in a process of its own.
    #[command(hide = true)]
    Sending(still::Sending),
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match Arguments::parse().what {
        What::Record(arguments) => record::run(&arguments),
        What::Pages(arguments) => pages::run(&arguments),
        What::Ahead(arguments) => ahead::run(&arguments),
        What::Pure => pure::run(),
        What::Letters(arguments) => letters::run(&arguments),
        What::Memory(arguments) => memory::run(&arguments),
        What::Strain(arguments) => strain::run(&arguments),
        What::Sending(sending) => still::serve(&sending)?,
        What::Serving(serving) => opened::serve(serving)?,
    }
    Ok(())
}

/// A folder on the disk that the program was built on, which removes itself.
fn folder() -> tempfile::TempDir {
    let folder = option_env!("CARGO_TARGET_TMPDIR").unwrap_or("target/tmp");
    std::fs::create_dir_all(folder).expect("the disk takes a folder");
    tempfile::tempdir_in(folder).expect("the disk takes a folder")
}

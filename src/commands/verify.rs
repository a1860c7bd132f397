//! `stepdown verify`: proves that the history is whole, from its first fact to its last.

use std::process::ExitCode;

use clap::Args;

use crate::clock::Clock;
use crate::store::history::{Fault, Proof, facts_verify};
use crate::store::{Db, StoreError};

#[derive(Args)]
pub struct Arguments {
    /// The database.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// What an earlier run printed, `NUMBER:SEAL`: proves as well that the facts up to there are the same ones still,
    /// and that none was cut off the end. Keep it where whoever runs the database cannot change it.
    #[arg(long)]
    since: Option<String>,
}

/// Exits with 0 when the history is whole, 1 when it is not, 2 when that could not be found out.
pub fn run(arguments: &Arguments) -> ExitCode {
    match verify(arguments) {
        Ok(Ok(proof)) => {
            println!("The history is whole: {} facts. Keep this seal: {}:{}", proof.n, proof.n, proof.seal);
            ExitCode::SUCCESS
        }
        Ok(Err(fault)) => {
            println!("The history is NOT whole. {fault}");
            ExitCode::FAILURE
        }
        Err(why) => {
            eprintln!("stepdown: {why}");
            ExitCode::from(2)
        }
    }
}

fn verify(arguments: &Arguments) -> Result<Result<Proof, Fault>, StoreError> {
    let kept = arguments.since.as_deref().map(read_proof).transpose()?;
    let db = Db::open_there(&arguments.database_url, Clock::system())?;
    db.read(|conn| {
        if let Some(kept) = &kept
            && let Err(fault) = kept.stands(conn)?
        {
            return Ok(Err(fault));
        }
        facts_verify(conn, &Proof::default())
    })
}

fn read_proof(text: &str) -> Result<Proof, StoreError> {
    let unreadable =
        || StoreError::Unusable("--since is written NUMBER:SEAL, as an earlier run printed it.".to_owned());
    let (n, seal) = text.trim().split_once(':').ok_or_else(unreadable)?;
    Ok(Proof { n: n.parse().map_err(|_| unreadable())?, seal: seal.to_owned() })
}

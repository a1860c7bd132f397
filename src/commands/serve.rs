//! `stepdown serve`: runs the house for real.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::{DEMO_FACILITY, bring_up_to_date};
use crate::app::{self, Manner, Ringing};
use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::store::{Db, facilities};
use crate::web::Hall;
use crate::web::password::{Cost, Passwords};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

pub fn run(arguments: Arguments) -> ExitCode {
    let smtp_password = std::env::var("SMTP_PASSWORD").ok();
    match Config::read(&Settings { smtp_password, ..arguments.settings }) {
        Ok(config) => serve(config).unwrap_or_else(|why| refuse(&[why])),
        Err(wrong) => refuse(&wrong),
    }
}

fn refuse(reasons: &[String]) -> ExitCode {
    for reason in reasons {
        eprintln!("stepdown: {reason}");
    }
    ExitCode::from(2)
}

fn serve(config: Config) -> Result<ExitCode, String> {
    let db = Db::open(&config.database_url.0, Clock::system()).map_err(|why| why.to_string())?;
    bring_up_to_date(&db)?;
    let houses = db.read(facilities::facility_ids).map_err(|why| why.to_string())?;
    if houses.iter().any(|id| id == DEMO_FACILITY) {
        return Err(
            "this database is the demo’s: everybody can read the password of its accounts. Name another database, \
                    and begin it with `stepdown person add`."
                .to_owned(),
        );
    }
    let listener =
        TcpListener::bind(config.listen).map_err(|why| format!("cannot listen on {}: {why}", config.listen))?;
    let hall = Hall::new(db, Passwords::new(Cost::Full), config.secure, config.behind_proxy);
    let public_url = Some(config.public_url.clone());
    let hall = Hall { catalogue: Arc::new(config.catalogue), public_url, ..hall };
    app::log_to_stderr();
    println!("Stepdown serves at {}", config.public_url);
    let (post, public_url, every, downtime) = (config.post, config.public_url, config.bell_every, config.downtime);
    let ringing = Ringing { post, public_url, every, downtime };
    app::run(hall, listener, config.tls, Manner::default(), ringing).map_err(|why| why.to_string())?;
    Ok(ExitCode::SUCCESS)
}

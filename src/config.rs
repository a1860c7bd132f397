//! The plain settings of a running house. Every wrong one is reported at once, not one at each start.

pub mod own_files;
mod post;
mod tls;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use self::own_files::OwnFiles;
pub use self::post::{Post, Security, Smtp};
use crate::care::catalogue::Catalogue;

/// The settings as they were typed: flags, or variables of the environment.
#[derive(Args, Clone, Default)]
pub struct Settings {
    /// The database: sqlite:/var/lib/stepdown/stepdown.db or postgres://user@host/stepdown.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The address to listen on.
    #[arg(long, env = "STEPDOWN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// The address that people type, for links in letters: https://stepdown.alder.example.
    #[arg(long, env = "STEPDOWN_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The certificate chain for HTTPS, PEM.
    #[arg(long, env = "STEPDOWN_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the certificate, PEM.
    #[arg(long, env = "STEPDOWN_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// A proxy of yours stands in front: its X-Forwarded-For is believed. yes or no.
    #[arg(long, env = "STEPDOWN_BEHIND_PROXY", default_value = "no")]
    pub behind_proxy: String,
    /// The mail server. Without one, letters are written to a folder.
    #[arg(long, env = "SMTP_HOST")]
    pub smtp_host: Option<String>,
    /// Its port; 587 with starttls, 465 with tls, 25 with none.
    #[arg(long, env = "SMTP_PORT")]
    pub smtp_port: Option<String>,
    /// How the connection is protected: starttls, tls, or none (for a mail server on this machine).
    #[arg(long, env = "SMTP_SECURITY", default_value = "starttls")]
    pub smtp_security: String,
    /// The authority that vouches for its certificate, PEM, where that is the house's own.
    #[arg(long, env = "SMTP_CA", value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,
    #[arg(long, env = "SMTP_USER")]
    pub smtp_user: Option<String>,
    /// The password for the mail server; never as a flag, which others on the machine can read.
    #[arg(skip)]
    pub smtp_password: Option<String>,
    /// Where letters are written, as .eml files, when there is no mail server.
    #[arg(long, env = "STEPDOWN_LETTERS", default_value = "letters", value_name = "FOLDER")]
    pub letters: PathBuf,
    /// Folders into which the bell lays a downtime pack for each unit, with commas between: on another machine than this. Each has
    /// a file named `stepdown-downtime.txt` in it, by which the bell knows that its share is mounted.
    #[arg(long, env = "STEPDOWN_DOWNTIME", value_name = "FOLDERS", value_delimiter = ',')]
    pub downtime_folder: Vec<String>,
    /// How often the bell rings: it lays doses out, and looks for letters to send. Seconds.
    #[arg(long, env = "STEPDOWN_BELL_SECONDS", default_value = "30")]
    pub bell_seconds: String,
    #[command(flatten)]
    pub own_files: OwnFiles,
}

/// The settings as they were understood.
#[derive(Debug, Clone)]
pub struct Config {
    pub database_url: Secret,
    pub listen: SocketAddr,
    /// Without a slash at the end.
    pub public_url: String,
    /// People reach us over https, by our own certificate or a proxy's.
    pub secure: bool,
    pub behind_proxy: bool,
    pub tls: Option<rustls::ServerConfig>,
    pub post: Post,
    /// Where the bell lays the packs that are used while the system is down.
    pub downtime: Vec<PathBuf>,
    /// From one ring of the bell to the next.
    pub bell_every: Duration,
    /// What tapers are planned by.
    pub catalogue: Catalogue,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Config {
    /// Reads the settings, or says everything that is wrong with them.
    pub fn read(settings: &Settings) -> Result<Config, Vec<String>> {
        let mut wrong = Vec::new();
        let database_url = database_url(settings).map_err(|why| wrong.push(why));
        let listen = listen(&settings.listen).map_err(|why| wrong.push(why));
        let tls = tls::read(settings).map_err(|why| wrong.extend(why));
        let behind_proxy = yes_or_no(&settings.behind_proxy).map_err(|why| wrong.push(why));
        let public_url = public_url(settings).map_err(|why| wrong.push(why));
        let post = post::read(settings).map_err(|why| wrong.extend(why));
        let bell_every = bell_every(&settings.bell_seconds).map_err(|why| wrong.push(why));
        let catalogue = settings.own_files.catalogue().map_err(|why| wrong.push(why));
        let (Ok(database_url), Ok(listen), Ok(tls), Ok(behind_proxy)) = (database_url, listen, tls, behind_proxy)
        else {
            return Err(wrong);
        };
        let (Ok(public_url), Ok(post), Ok(bell_every), Ok(catalogue)) = (public_url, post, bell_every, catalogue)
        else {
            return Err(wrong);
        };
        reached(listen, tls.is_some(), behind_proxy, public_url.as_deref())?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = public_url.unwrap_or_else(|| format!("{scheme}://{listen}"));
        let secure = public_url.starts_with("https:");
        Ok(Config {
            database_url: Secret(database_url),
            listen,
            public_url,
            secure,
            behind_proxy,
            tls,
            post,
            downtime: folders(&settings.downtime_folder),
            bell_every,
            catalogue,
        })
    }
}

fn database_url(settings: &Settings) -> Result<String, String> {
    match settings.database_url.as_deref().map(str::trim) {
        None | Some("") => {
            Err("DATABASE_URL is missing: sqlite:/path/to/stepdown.db or postgres://user@host/name.".into())
        }
        Some(url) if ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) => {
            Ok(url.into())
        }
        Some(_) => Err("DATABASE_URL begins with neither sqlite: nor postgres:.".into()),
    }
}

fn listen(typed: &str) -> Result<SocketAddr, String> {
    let read = || format!("the address to listen on, “{typed}”, is not like 127.0.0.1:8080 or [::]:8080.");
    typed.trim().parse().map_err(|_| read())
}

fn yes_or_no(typed: &str) -> Result<bool, String> {
    match typed.trim().to_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" | "" => Ok(false),
        _ => Err(format!("STEPDOWN_BEHIND_PROXY is “{typed}”: say yes or no.")),
    }
}

fn public_url(settings: &Settings) -> Result<Option<String>, String> {
    let Some(typed) = settings.public_url.as_deref().map(str::trim).filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    let host = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://"));
    let host = host.map(|host| host.trim_end_matches('/'));
    let plain =
        |host: &str| !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    match host {
        Some(host) if plain(host) => Ok(Some(typed.trim_end_matches('/').to_owned())),
        _ => Err(format!("the public address, “{typed}”, is not like https://stepdown.alder.example.")),
    }
}

/// Passwords cross no network in clear, and links in letters lead somewhere.
fn reached(listen: SocketAddr, tls: bool, behind_proxy: bool, public_url: Option<&str>) -> Result<(), Vec<String>> {
    let mut wrong = Vec::new();
    if !listen.ip().is_loopback() && !tls && !behind_proxy {
        wrong.push(format!(
            "others on the network reach {listen}, and passwords would cross it in clear: give --tls-cert and --tls-key, \
             or put a proxy in front that speaks HTTPS and say STEPDOWN_BEHIND_PROXY=yes."
        ));
    }
    if public_url.is_none() && (listen.ip().is_unspecified() || behind_proxy) {
        wrong.push(
            "STEPDOWN_PUBLIC_URL is missing: the address that people type, like https://stepdown.alder.example. Links in \
             letters begin with it."
                .to_owned(),
        );
    }
    if tls && public_url.is_some_and(|url| url.starts_with("http:")) {
        wrong.push("STEPDOWN_PUBLIC_URL begins with http:, but a certificate is given: write https:.".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// A variable that is there and empty means none: whoever tries a copy out lays no pack.
fn folders(typed: &[String]) -> Vec<PathBuf> {
    typed.iter().filter(|folder| !folder.trim().is_empty()).map(PathBuf::from).collect()
}

fn bell_every(typed: &str) -> Result<Duration, String> {
    let typed = if typed.trim().is_empty() { "30" } else { typed.trim() };
    let seconds = typed.parse().ok().filter(|seconds| (1..=60).contains(seconds));
    let wrong = || format!("STEPDOWN_BELL_SECONDS is “{typed}”, not a number from 1 to 60.");
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Settings {
        Settings {
            database_url: Some("sqlite:/tmp/x.db".into()),
            listen: "127.0.0.1:8080".into(),
            behind_proxy: "no".into(),
            smtp_security: "starttls".into(),
            letters: "letters".into(),
            ..Settings::default()
        }
    }

    #[test]
    fn every_wrong_setting_is_reported_at_once() {
        let settings = Settings {
            database_url: Some("mysql://x".into()),
            listen: "here".into(),
            public_url: Some("stepdown".into()),
            tls_cert: Some("/nowhere/cert.pem".into()),
            behind_proxy: "perhaps".into(),
            smtp_host: Some("mail.example".into()),
            smtp_port: Some("many".into()),
            smtp_security: "some".into(),
            smtp_user: Some("u".into()),
            smtp_ca: Some("/nowhere/ca.pem".into()),
            ..plain()
        };
        let wrong = Config::read(&settings).expect_err("all of it is wrong");
        assert_eq!(wrong.len(), 9, "{wrong:#?}");
    }

    #[test]
    fn a_plain_house_writes_letters_to_a_folder_and_speaks_http() {
        let config = Config::read(&plain()).expect("it is right");
        assert_eq!(config.post, Post::Folder("letters".into()));
        assert_eq!((config.secure, config.public_url.as_str()), (false, "http://127.0.0.1:8080"));
    }

    #[test]
    fn behind_a_proxy_with_https_cookies_are_secure() {
        let settings = Settings { public_url: Some("https://stepdown.alder.example/".into()), ..plain() };
        let config = Config::read(&settings).expect("it is right");
        assert_eq!((config.secure, config.public_url.as_str()), (true, "https://stepdown.alder.example"));
    }

    #[test]
    fn nobody_is_served_in_clear_over_a_network_nor_sent_to_an_address_that_leads_nowhere() {
        let wrong = |change: fn(&mut Settings)| {
            let mut settings = plain();
            change(&mut settings);
            Config::read(&settings).map(drop).expect_err("it is wrong").join(" ")
        };
        assert!(wrong(|it| it.listen = "192.168.1.20:8080".into()).contains("in clear"));
        let both = wrong(|it| it.listen = "0.0.0.0:8080".into());
        assert!(both.contains("in clear") && both.contains("STEPDOWN_PUBLIC_URL is missing"), "{both}");
        assert!(wrong(|it| it.behind_proxy = "yes".into()).contains("STEPDOWN_PUBLIC_URL is missing"));
        let behind = Settings {
            listen: "0.0.0.0:8080".into(),
            behind_proxy: "yes".into(),
            public_url: Some("https://stepdown.alder.example".into()),
            ..plain()
        };
        assert!(Config::read(&behind).is_ok());
    }

    #[test]
    fn the_bell_rings_every_half_minute_and_never_too_seldom() {
        assert_eq!(bell_every(""), Ok(Duration::from_secs(30)));
        assert!(["0", "61", "-1", "often"].iter().all(|typed| bell_every(typed).is_err()));
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", Config::read(&plain()).expect("it is right"));
        assert!(!shown.contains("/tmp/x.db"), "{shown}");
    }
}

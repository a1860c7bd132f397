//! Where letters go: to a mail server, or into a folder.

use std::path::PathBuf;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{Secret, Settings};

/// How letters leave the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Post {
    Smtp(Smtp),
    /// As .eml files, for a house without a mail server and for the demo.
    Folder(PathBuf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Who vouches for its certificate beside the authorities that all the world trusts, PEM.
    pub authority: Option<Vec<u8>>,
    /// User and password.
    pub login: Option<(String, Secret)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Begins in plain and goes on in TLS; refuses a server that cannot.
    StartTls,
    Tls,
    /// For a mail server on this machine.
    None,
}

/// A folder where no mail server is named.
pub fn read(settings: &Settings) -> Result<Post, Vec<String>> {
    let Some(host) = settings.smtp_host.as_deref().map(str::trim).filter(|host| !host.is_empty()) else {
        return Ok(Post::Folder(settings.letters.clone()));
    };
    let mut wrong = Vec::new();
    let security = security(&settings.smtp_security).map_err(|why| wrong.push(why));
    let port = port(settings.smtp_port.as_deref()).map_err(|why| wrong.push(why));
    let login = match (&settings.smtp_user, &settings.smtp_password) {
        (None, None) => Ok(None),
        (Some(user), Some(password)) => Ok(Some((user.clone(), Secret(password.clone())))),
        _ => {
            wrong.push("SMTP_USER and SMTP_PASSWORD belong together: give both, or neither.".into());
            Err(())
        }
    };
    let authority = authority(settings).map_err(|why| wrong.push(why));
    match (security, port, login, authority) {
        (Ok(security), Ok(_), Ok(Some(_)), Ok(_)) if shown_to_all(host, security) => {
            Err(vec!["SMTP_SECURITY is none, which would show SMTP_PASSWORD to the network.".into()])
        }
        (Ok(security), Ok(port), Ok(login), Ok(authority)) => {
            let port = port.unwrap_or(security.usual_port());
            Ok(Post::Smtp(Smtp { host: host.to_owned(), port, security, authority, login }))
        }
        _ => Err(wrong),
    }
}

/// Tried here, so that the first letter does not find out.
fn authority(settings: &Settings) -> Result<Option<Vec<u8>>, String> {
    let Some(path) = &settings.smtp_ca else { return Ok(None) };
    let unread = |why: String| format!("SMTP_CA, {}, cannot be read: {why}.", path.display());
    let pem = std::fs::read(path).map_err(|why| unread(why.to_string()))?;
    let certificates = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    match certificates {
        Ok(none) if none.is_empty() => Err(unread("no certificate is in it".into())),
        Ok(_) => Ok(Some(pem)),
        Err(why) => Err(unread(why.to_string())),
    }
}

/// A password goes over a protected connection, or stays on this machine.
fn shown_to_all(host: &str, security: Security) -> bool {
    security == Security::None && !matches!(host, "localhost" | "127.0.0.1" | "::1")
}

impl Post {
    /// The folder, where letters are written into one.
    pub fn folder(&self) -> Option<&PathBuf> {
        if let Post::Folder(folder) = self { Some(folder) } else { None }
    }
}

impl Security {
    fn usual_port(self) -> u16 {
        match self {
            Security::StartTls => 587,
            Security::Tls => 465,
            Security::None => 25,
        }
    }
}

fn security(typed: &str) -> Result<Security, String> {
    match typed.trim().to_lowercase().as_str() {
        "starttls" => Ok(Security::StartTls),
        "tls" => Ok(Security::Tls),
        "none" => Ok(Security::None),
        _ => Err(format!("SMTP_SECURITY is “{typed}”: say starttls, tls or none.")),
    }
}

fn port(typed: Option<&str>) -> Result<Option<u16>, String> {
    let Some(typed) = typed.map(str::trim).filter(|port| !port.is_empty()) else { return Ok(None) };
    let port = typed.parse().ok().filter(|port| *port > 0);
    port.map(Some).ok_or_else(|| format!("SMTP_PORT is “{typed}”, not a port from 1 to 65535."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_goes_over_the_network_in_the_clear() {
        let login = |host: &str| Settings {
            smtp_host: Some(host.into()),
            smtp_security: "none".into(),
            smtp_user: Some("stepdown".into()),
            smtp_password: Some("hush".into()),
            ..Settings::default()
        };
        assert_eq!(read(&login("mail.example")).map_err(|wrong| wrong.len()).err(), Some(1));
        assert!(read(&login("localhost")).is_ok());
    }
}

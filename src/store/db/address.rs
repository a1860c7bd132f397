//! Which database a `DATABASE_URL` means.

use crate::store::StoreError;

/// A file of SQLite, or a server of PostgreSQL.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    Sqlite(String),
    Postgres(String),
}

impl Address {
    /// Reads `sqlite://path`, `sqlite:path` or `postgres://…`. The sentence of a refusal never repeats the whole
    /// address, which may hold a password.
    pub(super) fn parse(url: &str) -> Result<Address, StoreError> {
        let url = url.trim();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Address::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            Some(path) => sqlite_path(path),
            None => Err(unusable(&format!("begins with “{}”", scheme(url)))),
        }
    }
}

fn sqlite_path(path: &str) -> Result<Address, StoreError> {
    if path.is_empty() {
        Err(unusable("names no file"))
    } else if path.contains(":memory:") || path.starts_with("file:") || path.contains('?') || path.contains('\0') {
        Err(unusable("must name a plain file after “sqlite:”, without options"))
    } else {
        Ok(Address::Sqlite(path.to_owned()))
    }
}

fn unusable(what: &str) -> StoreError {
    StoreError::Unusable(format!(
        "DATABASE_URL {what}. Write sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE, \
         for example sqlite:/var/lib/stepdown/stepdown.db."
    ))
}

/// The first few characters, up to and with the colon: enough to see the slip, too little to show a secret.
fn scheme(url: &str) -> String {
    match url.split_once(':') {
        Some((scheme, _)) if scheme.len() <= 20 => format!("{scheme}:"),
        _ => url.chars().take(6).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_be_written_with_or_without_slashes() {
        let file = |path: &str| Ok(Address::Sqlite(path.to_owned()));
        assert_eq!(Address::parse("sqlite:stepdown.db"), file("stepdown.db"));
        assert_eq!(Address::parse("sqlite://data/stepdown.db"), file("data/stepdown.db"));
        assert_eq!(Address::parse("sqlite:///var/stepdown.db"), file("/var/stepdown.db"));
    }

    #[test]
    fn a_server_may_be_written_in_both_ways() {
        assert!(matches!(Address::parse("postgres://u@h/d"), Ok(Address::Postgres(_))));
        assert!(matches!(Address::parse("postgresql://u@h/d"), Ok(Address::Postgres(_))));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_without_showing_a_password() {
        for url in
            ["", "stepdown.db", "mysql://root:secret@host/db", "sqlite:", "sqlite::memory:", "sqlite:a.db?mode=ro"]
        {
            let sentence = Address::parse(url).expect_err(url).to_string();
            assert!(sentence.starts_with("DATABASE_URL"), "{sentence}");
            assert!(!sentence.contains("secret"), "{sentence}");
        }
    }
}

//! An act that a form asks for: it is done, or the form comes back with what is wrong.

use chrono::{DateTime, Utc};

use super::error::PageError;
use super::form::Errors;
use super::hall::acting;
use crate::acts::ActError;
use crate::store::db::{Conn, Db};

/// Lets the act decide, unless what was typed is wrong already.
pub async fn deciding<T: Send + 'static>(
    db: &Db,
    act: Result<impl Fn(&mut Conn, DateTime<Utc>) -> Result<T, ActError> + Send + 'static, Errors>,
) -> Result<Result<T, Errors>, PageError> {
    match act {
        Ok(act) => Ok(acting(db, act).await?.map_err(Errors::from)),
        Err(wrong) => Ok(Err(wrong)),
    }
}

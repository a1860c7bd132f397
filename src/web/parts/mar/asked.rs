//! Who reads a MAR, and which month its address asks for.

use serde::Deserialize;

use crate::care::people::{Nurse, Pharmacist, Prescriber, Supervisor};
use crate::care::round::mar::Month;
use crate::web::error::PageError;

pub type Readers = (Nurse, Pharmacist, Prescriber, Supervisor);

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    month: Option<String>,
}

impl Asked {
    /// None: this month. What is no month has no page.
    pub fn month(&self) -> Result<Option<Month>, PageError> {
        let read = |typed: &String| Month::parse(typed).ok_or(PageError::Missing);
        self.month.as_ref().map(read).transpose()
    }
}

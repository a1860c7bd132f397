//! A care home and its wards: the settings that rules depend on.

use serde::{Deserialize, Serialize};

use super::calendar::{Slot, Zone};
use super::round::due::Windows;

/// A care home. It owns the time zone and the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    pub id: String,
    pub name: String,
    pub zone: Zone,
    pub windows: Windows,
    /// So many minutes after its slot, a dose without a record is asked after by letter.
    pub no_record_minutes: u32,
    /// Doses are laid out for so many days ahead.
    pub horizon_days: u32,
    /// A reduction may be signed at most so many days before it takes effect.
    pub sign_ahead_days: u32,
    /// A person is signed out after so many minutes without use.
    pub idle_minutes: u32,
    /// The sender of the facility's letters.
    pub mail_from: String,
    pub revision: i64,
}

/// A ward. It owns the rounds and the mailbox for reminders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub id: String,
    pub facility: String,
    pub name: String,
    pub mailbox: String,
    /// In order of the day.
    pub rounds: Vec<Slot>,
    pub revision: i64,
}

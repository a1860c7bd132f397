//! The bell notes up to which day nobody has to look at the doses of plans again for a taper alert.

use chrono::{DateTime, Utc};

use super::ActError;
use crate::store::alert_marks::marks_move;
use crate::store::db::Conn;
use crate::store::facilities;
use crate::store::taper_alerts::marks_compared;

/// Compared once more in the act itself: whatever was written since the bell looked may have moved a mark back.
pub fn mark_alerts(conn: &mut Conn, facility: &str, now: DateTime<Utc>) -> Result<usize, ActError> {
    let facility = facilities::facility_load(conn, facility)?;
    let moved = marks_compared(conn, &facility, now)?;
    marks_move(conn, &moved)?;
    Ok(moved.len())
}

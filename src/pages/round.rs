//! The round of a unit: what is late, what to give now, what comes soon, and what is done.

mod effects;
mod facts;
mod groups;
mod rows;
mod samples;
mod sheet;
mod to_score;
mod view;

use actix_web::web::{Data, Query};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::care::calendar::{Slot, parse_day};
use crate::care::people::Nurse;
use crate::web::{Answer, Hall, Menu, Page, PageError, Signed, looking};

use self::facts::Facts;
pub use view::View;

/// Which round the address asks for. What is left out is chosen: the first unit, today, the round of this hour.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    unit: Option<String>,
    round: Option<String>,
    on: Option<String>,
    /// A dose that was recorded a moment ago: shown even where it belongs to another round.
    recorded: Option<String>,
}

impl Asked {
    fn slot(&self) -> Option<Slot> {
        self.round.as_ref()?.parse().ok()
    }

    fn day(&self) -> Option<NaiveDate> {
        parse_day(self.on.as_ref()?).ok()
    }
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let asked = asked.into_inner();
    let facilities: Vec<_> = nurse.facilities().cloned().collect();
    let now = nurse.now();
    let found = looking(&hall.db, move |conn| facts::load(conn, &facilities, &asked, now)).await?;
    let found = found.ok_or(PageError::Missing)?;
    let facts = Facts { unreckoned: hall.unreckoned.why(&found.facility.id).is_some(), ..found };
    let shell = nurse.shell(&facts.facility, Menu::Round);
    Page::new(View::new(&facts, shell)).answer()
}

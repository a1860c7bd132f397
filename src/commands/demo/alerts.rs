//! The taper alerts of Alder House: the supervisor answers each the day after, but for those of the last two days.

use chrono::NaiveDate;

use super::house::FACILITY;
use super::months::Months;
use crate::acts::ActError;
use crate::acts::acknowledge_alert::{AcknowledgeAlert, acknowledge_alert};
use crate::care::calendar::days_before;
use crate::care::people::Role;
use crate::care::severe_sign::Called;
use crate::store::taper_alerts::alerts_load;
use crate::store::{Conn, facilities};

/// So many days the latest alerts have waited, so that there is something to look at.
const UNANSWERED_DAYS: u32 = 2;

const DONE: [&str; 3] = [
    "Looked in with the nurse: no tremor, slept well. Takes it from the next round on.",
    "Telephoned Dr Marsh: go on with the next dose as planned, nothing is doubled up.",
    "Pharmacy delivered in the afternoon; the doses after that were given.",
];

impl Months {
    /// What the supervisor answers on a day.
    pub fn answer_alerts(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        if on > days_before(self.today(), UNANSWERED_DAYS) {
            return Ok(());
        }
        let at = self.at(on, "11:40");
        let Some(chief) = Called::of(self.by("c.ashby"), |role| role == Role::Supervisor) else { return Ok(()) };
        let facility = facilities::facility_load(conn, FACILITY)?;
        for (nth, alert) in alerts_load(conn, &facility, None, at)?.into_iter().enumerate() {
            let ask = AcknowledgeAlert {
                form: self.chance.id(at, &format!("alert {}", alert.plan)),
                plan: alert.plan,
                doses: alert.alert.doses,
                done: DONE[nth % DONE.len()].to_owned(),
            };
            acknowledge_alert(conn, &chief, &ask, at)?;
        }
        Ok(())
    }
}

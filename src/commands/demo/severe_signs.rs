//! A bad night in Alder House: a severe sign, known the same night and released the next morning.

use chrono::NaiveDate;

use super::months::Months;
use super::residents::RESIDENTS;
use crate::acts::ActError;
use crate::acts::acknowledge_sign::{AcknowledgeSign, acknowledge_sign};
use crate::acts::record_severe_sign::{RecordSevereSign, record_severe_sign};
use crate::acts::release_reductions::{ReleaseReductions, release_reductions};
use crate::care::calendar::days_before;
use crate::care::people::{Confirmed, Prescriber, Role};
use crate::care::severe_sign::{Called, Onlooker, Sign, SignAsk};
use crate::store::Conn;

/// Whose night it was, by number, and how many days before the demo's day.
const WHOSE: &str = "AH-0376";
const NIGHTS_AGO: u32 = 30;

const NOTE: &str = "Sees children in the corner of her room and speaks to them. Hot to the touch.";
const RELEASE: &str = "A bladder infection with fever, treated since last night. Knows the day and her room again; the \
                       taper was not the cause.";

impl Months {
    /// What was seen in the night of a day.
    pub fn severe_sign(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        let Some(who) = RESIDENTS.iter().find(|who| who.number == WHOSE) else { return Ok(()) };
        if on != self.bad_night() {
            return Ok(());
        }
        let seen_at = self.at(on, "23:20");
        let sign = SignAsk { sign: Some(Sign::Hallucinations), note: NOTE.to_owned(), seen_at: String::new() };
        let ask = RecordSevereSign { form: self.sign_id(), resident: self.resident_id(who), sign };
        let Some(nurse) = Onlooker::of(self.by("s.reyes"), |role| role == Role::Nurse) else { return Ok(()) };
        record_severe_sign(conn, &nurse, &ask, seen_at)?;
        let known_at = self.at(on, "23:31");
        let Some(doctor) = Called::of(self.by("h.marsh"), |role| role == Role::Prescriber) else { return Ok(()) };
        let form = self.chance.id(known_at, "acknowledgement");
        acknowledge_sign(conn, &doctor, &AcknowledgeSign { form, of_sign: self.sign_id() }, known_at)
    }

    /// The morning after, before anybody signs.
    pub fn release(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        if days_before(on, 1) != self.bad_night() {
            return Ok(());
        }
        let at = self.at(on, "10:36");
        let doctor = Prescriber(self.by("h.marsh"));
        let confirmed = Confirmed { person: doctor.0.person.clone() };
        let form = self.chance.id(at, "release");
        let ask = ReleaseReductions { form, of_sign: self.sign_id(), rationale: RELEASE.to_owned() };
        release_reductions(conn, &doctor, &confirmed, &ask, at)?;
        Ok(())
    }

    fn bad_night(&self) -> NaiveDate {
        days_before(self.today(), NIGHTS_AGO)
    }

    fn sign_id(&self) -> String {
        self.chance.id(self.began, "severe sign")
    }
}

//! What is ordered and given as needed in Alder House.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::months::Months;
use super::residents::{Inhabitant, RESIDENTS};
use crate::acts::ActError;
use crate::acts::note_effect::{NoteEffect, note_effect};
use crate::acts::order_as_needed::{OrderAsNeeded, order_as_needed};
use crate::acts::record_as_needed::{RecordAsNeeded, record_as_needed};
use crate::care::amount::Amount;
use crate::care::calendar::days_before;
use crate::care::medicine::Medicine;
use crate::care::people::{Confirmed, Nurse, Prescriber};
use crate::care::register::source::StockAsk;
use crate::care::round::as_needed::effect::{Effect, EffectAsk};
use crate::care::round::as_needed::giving::GiveAsk;
use crate::care::round::as_needed::order::{OrderAsk, usual_end};
use crate::care::round::identity::IdentityAsk;
use crate::store::{Conn, as_needed};

/// Whose order it is, by number, and how many days before the demo's day it was written.
const WHOSE: &str = "AH-0417";
const ORDERED_DAYS_AGO: u32 = 8;

/// How many days ago and when a dose was given, why, and what it did; the last has no effect noted yet.
const GIVEN: &[(u32, &str, &str, Option<Effect>)] = &[
    (7, "21:40", "Pacing since supper, asks for her daughter.", Some(Effect::Helped)),
    (2, "22:10", "Cannot settle after a bad dream, heart racing.", Some(Effect::HelpedLittle)),
    (0, "07:05", "Trembling before washing, cannot be talked down.", None),
];

impl Months {
    /// What of this belongs to a part of a day: times of recording never run backwards.
    pub fn as_needed(&self, conn: &mut Conn, on: NaiveDate, (from, until): (&str, &str)) -> Result<(), ActError> {
        let Some(who) = RESIDENTS.iter().find(|who| who.number == WHOSE) else { return Ok(()) };
        let part = self.at(on, from)..=self.at(on, until).min(self.now);
        if on == days_before(self.today(), ORDERED_DAYS_AGO) && part.contains(&self.at(on, "11:30")) {
            self.order(conn, who, on)?;
        }
        for (ago, time, why, effect) in GIVEN {
            let at = self.at(on, time);
            if on == days_before(self.today(), *ago) && part.contains(&at) {
                self.give(conn, at, why, *effect)?;
            }
        }
        Ok(())
    }

    fn order_id(&self) -> String {
        self.chance.id(self.began, "as-needed order")
    }

    fn order(&self, conn: &mut Conn, who: &Inhabitant, on: NaiveDate) -> Result<(), ActError> {
        let doctor = Prescriber(self.by("h.marsh"));
        let confirmed = Confirmed { person: doctor.0.person.clone() };
        let order = OrderAsk {
            medicine: Medicine("lorazepam".to_owned()),
            amount: Amount::from_ug(500),
            reason: "panic that talking and walking do not settle".to_owned(),
            least_minutes: 480,
            most: Amount::from_ug(500),
            starts_on: on,
            ends_on: Some(usual_end(on)),
            rationale: String::new(),
        };
        let ask = OrderAsNeeded { form: self.order_id(), resident: self.resident_id(who), order };
        order_as_needed(conn, &doctor, &confirmed, &ask, self.at(on, "11:30"))
    }

    fn give(&self, conn: &mut Conn, at: DateTime<Utc>, why: &str, effect: Option<Effect>) -> Result<(), ActError> {
        let nurse = Nurse(self.by("t.fielding"));
        let of_order = self.order_id();
        let revision = as_needed::order_load(conn, &of_order)?.revision;
        let give = GiveAsk { revision, why: why.to_owned(), given_at: String::new() };
        let form = self.chance.id(at, "as-needed dose");
        let ask = RecordAsNeeded {
            form: form.clone(),
            of_order,
            give,
            stock: StockAsk::default(),
            identity: IdentityAsk::default(),
            witness: None,
        };
        record_as_needed(conn, &nurse, &ask, at)?;
        let Some(effect) = effect else { return Ok(()) };
        let noted_at = at + TimeDelta::minutes(48);
        let effect = EffectAsk { effect: Some(effect), note: String::new() };
        let note = NoteEffect { form: self.chance.id(noted_at, "effect"), of_dose: form, effect };
        note_effect(conn, &nurse, &note, noted_at)
    }
}

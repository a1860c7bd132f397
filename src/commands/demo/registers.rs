//! The registers of Alder House: what came in for each resident, and a count that found one tablet too few.

use chrono::NaiveDate;

use super::house::FACILITY;
use super::months::Months;
use super::residents::{RESIDENTS, Today};
use crate::acts::ActError;
use crate::acts::count_register::{CountRegister, OnShelf, count_register};
use crate::acts::enter_register::{EnterRegister, enter_register};
use crate::care::calendar::{days_after, days_before};
use crate::care::medicine::Medicine;
use crate::care::people::{Confirmed, Nurse};
use crate::care::register::Holder;
use crate::care::register::entering::{EnterAsk, What};
use crate::care::register::parts::Parts;
use crate::store::registers::registers_of;
use crate::store::{Conn, facilities, residents};

/// The registers begin so many days before the demo's day, with a delivery.
const BEGAN_DAYS_AGO: u32 = 10;

/// At the change of the shift, on the demo's day.
const COUNTED: &str = "06:45";

impl Months {
    /// What was delivered for everybody who tapers.
    pub fn deliver(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        let at = self.at(on, "05:45");
        if on != days_before(self.today(), BEGAN_DAYS_AGO) || at > self.now {
            return Ok(());
        }
        let shelves = facilities::shelves_load(conn, FACILITY)?;
        for who in RESIDENTS {
            let Some(taper) = who.taper.as_ref().filter(|taper| taper.today != Today::Draft) else { continue };
            for product in shelves.of(&Medicine(taper.medicine.to_owned())).products() {
                let enter = EnterAsk {
                    what: What::Receive,
                    count: if product.form.is_liquid() { "240".to_owned() } else { "84".to_owned() },
                    lot: format!("B{}", 1000 + self.chance.below(900, &format!("lot {}", product.code))),
                    expires_on: days_after(on, 500).to_string(),
                    note: "Brook Street Pharmacy, delivery 77410".to_owned(),
                    to: None,
                };
                let form = self.chance.id(at, &format!("delivery {} {}", who.number, product.code));
                let holder = Holder::Resident(self.resident_id(who));
                let witness = Some(Confirmed { person: self.by("c.ashby").person });
                let ask = EnterRegister { form, holder, product: product.code.clone(), enter, witness };
                enter_register(conn, &Nurse(self.by("a.diallo")).into(), &ask, at)?;
            }
        }
        Ok(())
    }

    /// Two people counted what Willow holds, and of one product they found a tablet less.
    pub fn count(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        let at = self.at(on, COUNTED);
        if on != self.today() || at > self.now {
            return Ok(());
        }
        let units = facilities::units_of(conn, FACILITY)?;
        let Some(unit) = units.into_iter().find(|unit| unit.name == "Willow") else { return Ok(()) };
        let homes = residents::units_of_residents(conn, FACILITY)?;
        let mut here = registers_of(conn, FACILITY)?;
        here.retain(|one| matches!(&one.holder, Holder::Resident(id) if homes.get(id) == Some(&unit.id)));
        let counts = here.iter().enumerate().map(|(nth, register)| {
            let there = register.book.on_hand();
            let parts = if nth == 0 { Parts(there.0.saturating_sub(2)) } else { there };
            OnShelf { register: register.id.clone(), revision: register.revision.unwrap_or_default(), parts }
        });
        let witness = Some(Confirmed { person: self.by("s.reyes").person });
        let ask = CountRegister { form: self.chance.id(at, "count"), unit: unit.id, counts: counts.collect(), witness };
        count_register(conn, &Nurse(self.by("a.diallo")).into(), &ask, at)?;
        Ok(())
    }
}

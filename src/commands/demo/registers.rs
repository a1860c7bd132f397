//! The registers of Alder House: what came in for each resident, and a count that found one tablet too few.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::house::FACILITY;
use super::months::Months;
use crate::acts::ActError;
use crate::acts::count_register::{CountRegister, OnShelf, count_register};
use crate::acts::enter_register::{EnterRegister, enter_register};
use crate::care::calendar::{days_after, days_before};
use crate::care::medicine::product::Products;
use crate::care::medicine::shelves::Shelves;
use crate::care::people::{Confirmed, Nurse};
use crate::care::register::Holder;
use crate::care::register::entering::{EnterAsk, What};
use crate::care::register::parts::Parts;
use crate::care::taper::plan::Plan;
use crate::store::plans::{self, PlanState};
use crate::store::registers::registers_of;
use crate::store::{Conn, facilities, residents};

/// The registers begin so many days before the demo's day, with a delivery.
const BEGAN_DAYS_AGO: u32 = 10;

/// At the change of the shift, on the demo's day.
const COUNTED: &str = "06:45";

impl Months {
    /// What was delivered for everybody who tapers: on the day the registers began, or on that of their first dose.
    pub fn deliver(&self, conn: &mut Conn, on: NaiveDate) -> Result<(), ActError> {
        let (at, began) = (self.at(on, "06:10"), days_before(self.today(), BEGAN_DAYS_AGO));
        if on < began || at > self.now {
            return Ok(());
        }
        let shelves = facilities::shelves_load(conn, FACILITY)?;
        let running = plans::plan_ids(conn, &[FACILITY.to_owned()], PlanState::Running)?;
        let running = plans::plans_load(conn, &running)?.into_iter().map(|file| file.plan);
        for plan in running.filter(|plan| on == began || plan.baseline_on == on) {
            for code in products_of(&plan, &shelves) {
                self.receive(conn, &plan.resident, &code, at)?;
            }
        }
        Ok(())
    }

    fn receive(&self, conn: &mut Conn, resident: &str, code: &str, at: DateTime<Utc>) -> Result<(), ActError> {
        let liquid = Products::ours().product(code).is_some_and(|product| product.form.is_liquid());
        let enter = EnterAsk {
            what: What::Receive,
            count: if liquid { "240" } else { "84" }.to_owned(),
            lot: format!("B{}", 1000 + self.chance.below(900, &format!("lot {code}"))),
            expires_on: days_after(self.today(), 500).to_string(),
            note: "Brook Street Pharmacy, delivery 77410".to_owned(),
            to: None,
        };
        let form = self.chance.id(at, &format!("delivery {resident} {code}"));
        let witness = Some(Confirmed { person: self.by("c.ashby").person });
        let holder = Holder::Resident(resident.to_owned());
        let ask = EnterRegister { form, holder, product: code.to_owned(), enter, witness };
        enter_register(conn, &Nurse(self.by("a.diallo")).into(), &ask, at)?;
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
            OnShelf {
                register: register.id.clone(),
                revision: register.revision.unwrap_or_default(),
                parts,
                second: Some(parts),
            }
        });
        let witness = Some(Confirmed { person: self.by("s.reyes").person });
        let ask = CountRegister { form: self.chance.id(at, "count"), unit: unit.id, counts: counts.collect(), witness };
        count_register(conn, &Nurse(self.by("a.diallo")).into(), &ask, at)?;
        Ok(())
    }
}

/// The products that the doses of a plan are made of, by their codes.
fn products_of(plan: &Plan, shelves: &Shelves) -> BTreeSet<String> {
    let regimens = plan.steps.iter().flat_map(|step| &step.cycle);
    let doses: BTreeSet<_> =
        regimens.flat_map(|regimen| regimen.doses()).map(|dose| (dose.medicine.clone(), dose.amount)).collect();
    let pieces = doses.iter().filter_map(|(medicine, amount)| shelves.of(medicine).pieces(*amount));
    pieces.flat_map(|pieces| pieces.0).map(|piece| piece.product).collect()
}

//! A register as pages name it: of what, and whose.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::care::calendar::day_text;
use crate::care::facility::{Facility, Unit};
use crate::care::medicine::product::{Product, Products};
use crate::care::people::{Nurse, Supervisor};
use crate::care::register::Holder;
use crate::care::register::book::{Book, Found, Pack};
use crate::care::register::entering::Keeper;
use crate::care::register::parts::Parts;
use crate::care::resident::Resident;
use crate::store::registers::{Discrepancy, RegisterFile};
use crate::store::{Conn, StoreError, facilities, residents};
use crate::web::{Permitted, Signed};

/// The holders of a facility's registers, by their ids.
#[derive(Debug, Clone, Default)]
pub struct Holders {
    pub units: Vec<Unit>,
    pub residents: HashMap<String, Resident>,
}

pub fn holders_load(conn: &mut Conn, facility: &Facility) -> Result<Holders, StoreError> {
    let residents = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    Ok(Holders {
        units: facilities::units_of(conn, &facility.id)?,
        residents: residents.into_iter().map(|resident| (resident.id.clone(), resident)).collect(),
    })
}

impl Holders {
    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// `HALVORSEN, Margit, room 4`, `Box of Willow`
    pub fn name(&self, holder: &Holder) -> String {
        match holder {
            Holder::Resident(id) => {
                let resident = self.residents.get(id);
                resident.map_or_else(String::new, |one| format!("{}, room {}", one.name(), one.room))
            }
            Holder::Unit(id) => self.unit(id).map_or_else(String::new, |unit| format!("Box of {}", unit.name)),
        }
    }

    /// In which unit it is kept.
    pub fn unit_of(&self, holder: &Holder) -> &str {
        match holder {
            Holder::Resident(id) => self.residents.get(id).map_or("", |one| one.unit.as_str()),
            Holder::Unit(id) => self.unit(id).map_or("", |unit| unit.id.as_str()),
        }
    }
}

/// `lot B1042, expires 31 Dec 2027`
pub fn pack_text(pack: &Pack) -> String {
    format!("lot {}, expires {}", pack.lot, day_text(pack.expires_on))
}

/// `Lot B1042 expired on 20 Nov 2026. Give nothing of it: take it out of the cupboard and return or destroy it.`
pub fn expired_text(packs: &[Pack], today: NaiveDate) -> Vec<String> {
    let old = packs.iter().filter(|pack| pack.expires_on < today);
    let text = |pack: &Pack| {
        let (lot, on) = (&pack.lot, day_text(pack.expires_on));
        format!("Lot {lot} expired on {on}. Give nothing of it: if any is left, return or destroy it.")
    };
    old.map(text).collect()
}

/// The product of a register. A code that no product has any more is a register that cannot be read.
pub fn product_of(register: &RegisterFile) -> Result<&'static Product, StoreError> {
    let found = Products::ours().product(&register.product);
    found.ok_or_else(|| StoreError::Corrupt(format!("product of register {}", register.id)))
}

/// `82`; while a difference is open, what the book says and what was found: `82 or 81`.
pub fn balance_text(book: Book, product: &Product) -> String {
    let said = |parts: i64| signed_text(parts, product);
    match book.open {
        0 => said(book.balance),
        open => format!("{} or {}", said(book.balance), said(book.balance + open)),
    }
}

/// A balance that the book lacks is below nothing: `−1`.
pub fn signed_text(parts: i64, product: &Product) -> String {
    let text = Parts(parts.unsigned_abs()).text(product);
    if parts < 0 { format!("\u{2212}{text}") } else { text }
}

/// `1 less than the register says`
pub fn difference_title(opened: &Discrepancy, product: &Product) -> String {
    let amount = signed_text(opened.difference.abs(), product);
    if opened.unwitnessed.is_some() {
        return format!("{amount} wasted without a witness");
    }
    match (opened.found, opened.difference < 0) {
        (Found::Count, true) => format!("{amount} less than the register says"),
        (Found::Count, false) => format!("{amount} more than the register says"),
        (Found::Dose, _) => format!("{amount} given that the register did not have"),
    }
}

/// Whoever keeps the registers of this facility, if the reader does.
pub fn keeper<R: Permitted>(reader: &Signed<R>, facility: &str) -> Option<Keeper> {
    let nurse = reader.acting_as::<Nurse>(facility).map(Keeper::from);
    nurse.or_else(|| reader.acting_as::<Supervisor>(facility).map(Keeper::from))
}

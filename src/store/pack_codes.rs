//! The numbers by which a facility knows the packs of its products.

use diesel::prelude::*;

use super::StoreError;
use super::db::Conn;
use super::schema::pack_codes;
use crate::care::medicine::barcode::PackCode;
use crate::care::medicine::coded::Coded;
use crate::on_either;

/// Every number of a facility, in the order of products and numbers.
pub fn pack_codes_of(conn: &mut Conn, facility: &str) -> Result<Vec<Coded>, StoreError> {
    let rows: Vec<(String, String)> = pack_codes::table
        .filter(pack_codes::facility.eq(facility))
        .order((pack_codes::product, pack_codes::code))
        .select((pack_codes::product, pack_codes::code))
        .load(conn)?;
    let read = |(product, code): (String, String)| {
        let corrupt = |_| StoreError::Corrupt(format!("pack code {code} of facility {facility}"));
        PackCode::read(&code).map(|code| Coded { product, code }).map_err(corrupt)
    };
    rows.into_iter().map(read).collect()
}

/// The whole list of a facility, in place of what it was.
pub fn pack_codes_replace(conn: &mut Conn, facility: &str, all: &[Coded]) -> Result<(), StoreError> {
    diesel::delete(pack_codes::table.filter(pack_codes::facility.eq(facility))).execute(conn)?;
    let row = |coded: &Coded| {
        let of = pack_codes::facility.eq(facility.to_owned());
        (of, pack_codes::code.eq(coded.code.to_string()), pack_codes::product.eq(coded.product.clone()))
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    on_either!(conn, |c| diesel::insert_into(pack_codes::table).values(&rows).execute(c))?;
    Ok(())
}

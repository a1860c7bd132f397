//! How a facility orders: its own days, or ours where it has set none.

use diesel::prelude::*;

use crate::care::register::ordering::OrderRules;
use crate::store::db::Conn;
use crate::store::schema::order_rules;
use crate::store::{StoreError, small};

pub fn order_rules_load(conn: &mut Conn, facility: &str) -> Result<OrderRules, StoreError> {
    let row: Option<(i64, i64)> = order_rules::table
        .find(facility)
        .select((order_rules::lead_days, order_rules::cover_days))
        .first(conn)
        .optional()?;
    let rules = |(lead, cover)| Ok(OrderRules { lead_days: small(lead)?, cover_days: small(cover)? });
    row.map_or(Ok(OrderRules::default()), rules)
}

pub fn order_rules_replace(conn: &mut Conn, facility: &str, rules: OrderRules) -> Result<(), StoreError> {
    diesel::delete(order_rules::table.find(facility)).execute(conn)?;
    diesel::insert_into(order_rules::table)
        .values((
            order_rules::facility.eq(facility),
            order_rules::lead_days.eq(i64::from(rules.lead_days)),
            order_rules::cover_days.eq(i64::from(rules.cover_days)),
        ))
        .execute(conn)?;
    Ok(())
}

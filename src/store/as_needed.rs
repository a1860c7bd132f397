//! As-needed orders, the doses given of them, and what those did.

mod dose;
mod excess;
mod giving;
mod order;
mod stands;
mod strike;

pub use dose::{
    AsNeededDose, NotedEffect, dose_find, dose_insert, doses_of_resident, doses_of_residents_between,
    doses_of_running_orders, doses_without_effect, effect_insert, effects_of,
};
pub use excess::{excess_find, excess_without};
pub use giving::{ahead_load, case_load, limit_find, limit_replace, limits_of};
pub use order::{
    Ended, OrderFile, order_end, order_insert, order_load, order_move, orders_of_days, orders_of_plan,
    orders_of_resident, residents_with_orders,
};
pub(in crate::store) use stands::stands;
pub use strike::{Strike, strikable, strike_insert, strikes_of};

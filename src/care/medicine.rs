//! Medicines: products on the shelf, and the pieces a dose is made of.

pub mod product;
pub mod tablets;

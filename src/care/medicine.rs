//! Medicines: products on the shelf, and the pieces a dose is made of.

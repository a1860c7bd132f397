//! As-needed (PRN) doses: what is ordered, what may be given when, and whether it helped.

pub mod barred;
pub mod effect;
pub mod excess;
pub mod giving;
pub mod lifted;
pub mod limits;
pub mod order;

//! Tapers: plans, the level that follows from the signatures, reductions, and the doses laid out from them.

pub mod draft;
pub mod level;
pub mod plan;
pub mod rationale;
pub mod reduction;
pub mod schedule;

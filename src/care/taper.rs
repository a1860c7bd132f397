//! Tapers: plans, protocols that make them, the level that follows from the signatures, and reductions.

pub mod plan;

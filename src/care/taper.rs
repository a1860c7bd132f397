//! Tapers: plans and the protocols that make them, the level that follows from the signatures, reductions, and the doses laid
//! out from them.

pub mod amendment;
pub mod baseline;
pub mod cross;
pub mod daily;
pub mod dependence;
pub mod draft;
pub mod ending;
pub mod fact;
pub mod follow_up;
pub mod guideline;
pub mod late;
pub mod late_start;
pub mod level;
pub mod order;
pub mod plan;
pub mod preview;
pub mod protocol;
pub mod rationale;
pub mod reduction;
pub mod risks;
pub mod schedule;
pub mod snapshot;
pub mod statement;
pub mod stock;
pub mod telephone;

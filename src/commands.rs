//! Commands: what can be asked of the binary, one file each.

pub mod plan;

//! The hall: what every page shares, from who is asking to the parts that are drawn.

pub mod parts;

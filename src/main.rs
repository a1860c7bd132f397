//! The front door: `stepdown serve | demo | migrate | person | plan`.

fn main() {}

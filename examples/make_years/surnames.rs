//! Surnames of people who do not exist.

const PARTS: [&str; 16] =
    ["bal", "cor", "dun", "fen", "gar", "hol", "jes", "kim", "lor", "mun", "nev", "pol", "quin", "ros", "tam", "vex"];

/// About as unlike each other as those of a town, for a name that is easily taken for another is warned of: among a thousand,
/// each has some two others within two letters. Each of the first 4,096 is its own.
pub fn surname(n: u32) -> String {
    // An odd step comes by all of them before it comes by one again.
    let n = n.wrapping_mul(1_567) as usize;
    let part = |n: usize| PARTS[n % PARTS.len()];
    format!("In{}{}{}", part(n >> 8), part(n >> 4), part(n))
}

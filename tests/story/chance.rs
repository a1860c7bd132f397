//! All that is left to chance in a story, from its seed alone: the same seed tells the same story for ever.

use chrono::TimeDelta;
use uuid::Builder;

/// SplitMix64 (Steele, Lea and Flood 2014). Ours, because a seed must mean the same with every version of every library.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `most`, which is above 0.
    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// From one number to another, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + (self.next() % (most - least + 1) as u64) as i64
    }

    pub fn percent(&mut self, so_many: u64) -> bool {
        self.next() % 100 < so_many
    }

    pub fn minutes(&mut self, least: i64, most: i64) -> TimeDelta {
        TimeDelta::minutes(self.between(least, most))
    }

    /// One of several; there is at least one.
    pub fn pick<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len())]
    }

    /// One of several, where there is any.
    pub fn find<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        (!several.is_empty()).then(|| self.pick(several))
    }

    /// One of several by its weight.
    pub fn weighed<'a, T>(&mut self, several: &'a [(u32, T)]) -> &'a T {
        let all: u32 = several.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(all as usize) as u32;
        let found = several.iter().find(|(weight, _)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        &found.expect("the weights add up").1
    }

    /// The id that a page draws for its form.
    pub fn id(&mut self) -> String {
        let halves = [self.next().to_be_bytes(), self.next().to_be_bytes()].concat();
        let bytes = <[u8; 16]>::try_from(halves).expect("twice 8 bytes");
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

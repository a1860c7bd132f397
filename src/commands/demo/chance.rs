//! Chance that can be repeated: the same seed and the same words give the same number.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Builder;

/// A seed from which everything in the demo follows.
#[derive(Debug, Clone, Copy)]
pub struct Chance(pub u64);

impl Chance {
    fn bytes(self, words: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.0.to_be_bytes());
        hash.update(words.as_bytes());
        hash.finalize().into()
    }

    /// A number below `limit`.
    pub fn below(self, limit: u64, words: &str) -> u64 {
        let bytes = self.bytes(words);
        let number = u64::from_be_bytes(bytes[..8].try_into().expect("eight of 32 bytes"));
        number % limit.max(1)
    }

    /// An id such as the program makes for a form drawn at that time.
    pub fn id(self, at: DateTime<Utc>, words: &str) -> String {
        let bytes = self.bytes(words);
        let ten: &[u8; 10] = bytes[..10].try_into().expect("ten of 32 bytes");
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, ten).into_uuid().to_string()
    }
}

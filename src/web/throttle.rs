//! Slows who guesses passwords, and never locks a nurse out for good.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::error::PageError;
use super::hall::{Hall, acting};
use crate::store::sessions;

/// So many slips cost nothing.
const FREE: i64 = 3;
/// The longest that anybody ever waits.
const LONGEST_SECONDS: i64 = 30;
/// Slips older than this are forgotten.
const FORGOTTEN_MINUTES: i64 = 30;

/// Who tries to get in: a username, or a person signing, from an address. Only its hash is stored: a password typed
/// into the wrong field must not end up in the database.
pub struct Attempt {
    subject: String,
}

impl Attempt {
    pub fn new(who: &str, address: &str) -> Attempt {
        let who = Sha256::new().chain_update(who.to_lowercase()).chain_update([0]);
        let digest = who.chain_update(network(address)).finalize();
        Attempt { subject: digest.iter().map(|byte| format!("{byte:02x}")).collect() }
    }

    /// Counts the attempt before it is known how it ends, so that a hundred at once gain nothing; or says how many
    /// seconds are still to wait.
    pub async fn begin(&self, hall: &Hall) -> Result<Result<(), i64>, PageError> {
        let subject = self.subject.clone();
        let begun = acting(&hall.db, move |conn, now| {
            let wait = match sessions::failures_find(conn, &subject)? {
                Some((failures, at)) => seconds_left(failures, at, now),
                None => 0,
            };
            if wait == 0 {
                sessions::failure_add(conn, &subject, forgotten_before(now), now)?;
            }
            Ok(wait)
        });
        Ok(match begun.await?? {
            0 => Ok(()),
            wait => Err(wait),
        })
    }

    /// It was the right password after all.
    pub async fn succeed(&self, hall: &Hall) -> Result<(), PageError> {
        let subject = self.subject.clone();
        Ok(acting(&hall.db, move |conn, now| Ok(sessions::failures_forget(conn, &subject, forgotten_before(now))?))
            .await??)
    }
}

fn forgotten_before(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::minutes(FORGOTTEN_MINUTES)
}

/// One machine has as many addresses of IPv6 as it likes, but they begin alike.
fn network(address: &str) -> String {
    match address.parse().map(|ip: IpAddr| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => ip.segments()[..4].iter().map(|part| format!("{part:x}:")).collect(),
        Ok(ip) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

fn seconds_left(failures: i64, failed_at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    let ends = failed_at + TimeDelta::seconds(delay(failures));
    // A clock that was set back must not make anybody wait longer than the longest.
    (ends - now).num_seconds().clamp(0, LONGEST_SECONDS)
}

/// 1, 2, 4 … seconds after the free slips, never more than the longest.
fn delay(failures: i64) -> i64 {
    match u32::try_from(failures - FREE) {
        Ok(more) => 1_i64.checked_shl(more).map_or(LONGEST_SECONDS, |seconds| seconds.clamp(1, LONGEST_SECONDS)),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_never_becomes_a_lock() {
        let delays: Vec<i64> = (0..=9).map(delay).collect();
        assert_eq!(delays, [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]);
        assert!((0..100_000).all(|failures| (0..=LONGEST_SECONDS).contains(&delay(failures))));
    }

    #[test]
    fn neighbours_of_one_network_slow_each_other_where_one_machine_has_many_addresses() {
        let subject = |address| Attempt::new("nora", address).subject;
        assert_eq!(subject("2001:db8:1:2::5"), subject("2001:db8:1:2:ffff::9"));
        assert_ne!(subject("2001:db8:1:2::5"), subject("2001:db8:1:3::5"));
        assert_ne!(subject("192.168.1.20"), subject("192.168.1.21"));
        assert_eq!(subject("::ffff:192.168.1.20"), subject("192.168.1.20"));
    }

    #[test]
    fn a_clock_set_back_makes_nobody_wait_longer() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(seconds_left(3, now + TimeDelta::hours(5), now), LONGEST_SECONDS);
        assert_eq!(seconds_left(3, now - TimeDelta::seconds(1), now), 0);
    }
}

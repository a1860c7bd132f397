//! Which packs may still be on the shelf. Nobody writes down from which pack a piece is taken, so the oldest counts as
//! used first: the newest packs that came in, as many as make up what is on hand.

use chrono::NaiveDate;

use super::book::Pack;
use super::parts::Parts;

/// What came in of one pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    pub pack: Pack,
    pub parts: Parts,
}

/// Whether what came is all that can still be there.
pub fn reach(came: &[Came], on_hand: Parts) -> bool {
    came.iter().map(|one| one.parts.0).sum::<u64>() >= on_hand.0
}

/// The packs that may still be there, each lot once, the newest first.
pub fn on_shelf(newest_first: &[Came], on_hand: Parts) -> Vec<&Pack> {
    let (mut left, mut packs) = (on_hand.0, Vec::new());
    for came in newest_first {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(came.parts.0);
        if !packs.contains(&&came.pack) {
            packs.push(&came.pack);
        }
    }
    packs
}

/// Those of which nothing may be given any more.
pub fn expired<'a>(packs: &[&'a Pack], today: NaiveDate) -> Vec<&'a Pack> {
    packs.iter().copied().filter(|pack| pack.expires_on < today).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(lot: &str, expires_on: &str, parts: u64) -> Came {
        let expires_on = expires_on.parse().expect("a day");
        Came { pack: Pack { lot: lot.into(), expires_on }, parts: Parts(parts) }
    }

    #[test]
    fn the_oldest_packs_count_as_used_first() {
        let came = [came("C", "2027-05-31", 20), came("B", "2026-11-20", 20), came("A", "2026-10-31", 20)];
        let lots = |on_hand| on_shelf(&came, Parts(on_hand)).iter().map(|pack| pack.lot.as_str()).collect::<String>();
        assert_eq!([0, 1, 20, 21, 60, 99].map(lots), ["", "C", "C", "CB", "CBA", "CBA"]);
        let there = on_shelf(&came, Parts(30));
        let today = "2026-11-21".parse().expect("a day");
        assert_eq!(expired(&there, today), [&came[1].pack]);
    }
}

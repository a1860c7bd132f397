//! The register's laws, attacked with any sequence of acts.

use proptest::prelude::*;
use stepdown::care::register::book::{Book, Ending, Kind, Line};
use stepdown::care::register::parts::Parts;

fn line(kind: Kind, parts: u64) -> Line {
    Line { kind, parts: Parts(parts) }
}

#[derive(Debug, Clone)]
enum Act {
    Enter(Kind, u64),
    Record(Kind, u64),
    Count(u64),
    Resolve(usize, bool),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let on_purpose = [Kind::Received, Kind::Wasted, Kind::Returned, Kind::Destroyed, Kind::MovedOut, Kind::MovedIn];
    let act = prop_oneof![
        (prop::sample::select(on_purpose.to_vec()), 0u64..60).prop_map(|(kind, parts)| Act::Enter(kind, parts)),
        (prop::sample::select(vec![Kind::Given, Kind::Wasted]), 1u64..9).prop_map(|(kind, n)| Act::Record(kind, n)),
        (0u64..80).prop_map(Act::Count),
        (0usize..4, any::<bool>()).prop_map(|(which, adjusted)| Act::Resolve(which, adjusted)),
    ];
    prop::collection::vec(act, 0..40)
}

proptest! {
    /// P11, after any sequence of acts: the balance is the sum of the entries, and only open differences hold it
    /// below zero.
    #[test]
    fn the_balance_is_the_sum_of_its_entries(acts in acts()) {
        let (mut book, mut entries, mut open) = (Book::default(), Vec::new(), Vec::<i64>::new());
        for act in acts {
            match act {
                Act::Enter(kind, parts) => if let Ok(after) = book.enter(line(kind, parts)) {
                    entries.push(kind.signed(Parts(parts)));
                    prop_assert!(kind.signed(Parts(1)) > 0 || after.balance >= 0);
                    book = after;
                },
                Act::Record(kind, parts) => {
                    let written = book.record(line(kind, parts));
                    entries.push(kind.signed(Parts(parts)));
                    open.extend(written.lacking.map(|lacking| lacking.0 as i64));
                    book = written.after;
                }
                Act::Count(found) => if let Some(difference) = book.count(Parts(found)) {
                    open.push(difference);
                    book = book.differing(difference);
                    prop_assert_eq!(book.on_hand(), Parts(found));
                },
                Act::Resolve(which, adjusted) => if which < open.len() {
                    let ending = if adjusted { Ending::Adjusted } else { Ending::Explained };
                    if let Ok((after, written)) = book.resolve(open[which], ending) {
                        open.remove(which);
                        entries.extend(written.map(|line| line.kind.signed(line.parts)));
                        prop_assert!(!adjusted || after.on_hand() == book.on_hand());
                        book = after;
                    }
                },
            }
            prop_assert_eq!(book.balance, entries.iter().sum::<i64>());
            prop_assert_eq!(book.open, open.iter().sum::<i64>());
            prop_assert!(book.balance + book.open >= 0);
        }
    }
}

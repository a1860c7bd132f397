//! One register as a book: a balance that only entries move, and the differences that nobody has explained yet.
//!
//! The balance is the sum of the entries. What is really on the shelf, as far as anybody knows, is the balance and the
//! open differences together, and that is never below nothing. So a dose that was given can always be written down, also
//! from stock that nobody booked in: the book then lacks it openly, until a supervisor has explained the difference.
//! Sources: 42 CFR 483.45(b) (records of receipt and disposition that allow an accurate reconciliation).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::parts::Parts;
use crate::care::calendar::Day;
use crate::care::refusal::Refusal;

/// What an entry says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Received,
    Given,
    Wasted,
    Returned,
    Destroyed,
    MovedOut,
    MovedIn,
    /// A difference written off.
    Lost,
    /// A difference written on.
    Found,
    /// A correction put back what an entry had taken.
    PutBack,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Received,
        Kind::Given,
        Kind::Wasted,
        Kind::Returned,
        Kind::Destroyed,
        Kind::MovedOut,
        Kind::MovedIn,
        Kind::Lost,
        Kind::Found,
        Kind::PutBack,
    ];

    /// The word as stored.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Received => "received",
            Kind::Given => "given",
            Kind::Wasted => "wasted",
            Kind::Returned => "returned",
            Kind::Destroyed => "destroyed",
            Kind::MovedOut => "moved_out",
            Kind::MovedIn => "moved_in",
            Kind::Lost => "lost",
            Kind::Found => "found",
            Kind::PutBack => "put_back",
        }
    }

    pub fn of_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub fn text(self) -> &'static str {
        match self {
            Kind::Received => "Received",
            Kind::Given => "Given",
            Kind::Wasted => "Wasted",
            Kind::Returned => "Returned",
            Kind::Destroyed => "Destroyed",
            Kind::MovedOut => "Moved out",
            Kind::MovedIn => "Moved in",
            Kind::Lost => "Written off",
            Kind::Found => "Written on",
            Kind::PutBack => "Put back",
        }
    }

    fn adds(self) -> bool {
        matches!(self, Kind::Received | Kind::MovedIn | Kind::Found | Kind::PutBack)
    }

    /// What it does to the balance.
    pub fn signed(self, parts: Parts) -> i64 {
        let parts =
            i64::try_from(parts.0).expect("Parts::parse and the pieces of a dose stay far below the largest number");
        if self.adds() { parts } else { -parts }
    }
}

/// One line that somebody writes into a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: Kind,
    pub parts: Parts,
}

/// A register as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Book {
    /// The sum of the entries.
    pub balance: i64,
    /// The sum of the open differences: what was counted or used, less what the book said.
    pub open: i64,
}

/// What a line does: the balance after it, and a difference that it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub after: Book,
    /// Used, and not in the book.
    pub lacking: Option<Parts>,
}

/// How a difference ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The book follows what was counted: the difference is written on or off.
    Adjusted,
    /// An entry that was missing has been made since: the book is right as it stands.
    Explained,
}

impl Ending {
    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Ending::Adjusted => "adjusted",
            Ending::Explained => "explained",
        }
    }

    pub fn of_word(word: &str) -> Option<Ending> {
        [Ending::Adjusted, Ending::Explained].into_iter().find(|ending| ending.word() == word)
    }
}

/// How a difference came to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Two people counted.
    Count,
    /// A dose was given that the book did not have.
    Dose,
}

impl Found {
    /// The word as stored.
    pub fn word(self) -> &'static str {
        match self {
            Found::Count => "count",
            Found::Dose => "dose",
        }
    }

    pub fn of_word(word: &str) -> Option<Found> {
        [Found::Count, Found::Dose].into_iter().find(|found| found.word() == word)
    }
}

impl Book {
    /// What is on the shelf, as far as anybody knows.
    pub fn on_hand(self) -> Parts {
        Parts(u64::try_from(self.balance + self.open).unwrap_or(0))
    }

    /// Something that only happens on purpose, and so never beyond what there is: receive, waste, return, destroy, move.
    pub fn enter(self, line: Line) -> Result<Book, Refusal> {
        if line.parts.is_zero() {
            return Err(Refusal::CountNothing);
        }
        let after = self.with(line);
        // Also where open differences hide it: nobody returns what the book never had.
        if line.kind.signed(line.parts) < 0 && (after.balance < 0 || after.balance + after.open < 0) {
            return Err(Refusal::RegisterShort);
        }
        Ok(after)
    }

    /// Something that has happened already, and so can always be written down: given, or wasted at the bedside.
    pub fn record(self, line: Line) -> Written {
        let after = self.with(line);
        let missing = -(after.balance + after.open);
        match u64::try_from(missing) {
            Ok(lacking) if lacking > 0 => {
                Written { after: Book { open: after.open + missing, ..after }, lacking: Some(Parts(lacking)) }
            }
            _ => Written { after, lacking: None },
        }
    }

    /// Wasted, and nobody saw it: the book holds it, and the difference that says that it is not there.
    pub fn unseen(self, parts: Parts) -> Option<i64> {
        let gone = Kind::Found.signed(parts.min(self.on_hand()));
        (gone != 0).then_some(-gone)
    }

    /// What a record took is put back, because it was corrected.
    pub fn put_back(self, parts: Parts) -> Book {
        self.with(Line { kind: Kind::PutBack, parts })
    }

    /// The difference that a count opens; none where it found what is on hand.
    pub fn count(self, found: Parts) -> Option<i64> {
        let found = Kind::Found.signed(found);
        let difference = found - self.balance - self.open;
        (difference != 0).then_some(difference)
    }

    /// With a difference open.
    pub fn differing(self, difference: i64) -> Book {
        Book { open: self.open + difference, ..self }
    }

    /// A supervisor ends a difference, and the line that follows from it.
    pub fn resolve(self, difference: i64, ending: Ending) -> Result<(Book, Option<Line>), Refusal> {
        let closed = self.differing(-difference);
        match ending {
            Ending::Explained if closed.balance + closed.open < 0 => Err(Refusal::DifferenceUnexplained),
            Ending::Explained => Ok((closed, None)),
            Ending::Adjusted => {
                let kind = if difference < 0 { Kind::Lost } else { Kind::Found };
                let line = Line { kind, parts: Parts(difference.unsigned_abs()) };
                Ok((closed.with(line), Some(line)))
            }
        }
    }

    fn with(self, line: Line) -> Book {
        Book { balance: self.balance + line.kind.signed(line.parts), ..self }
    }
}

/// The pack that came: its lot as printed, and the last day on which it may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    pub lot: String,
    pub expires_on: NaiveDate,
}

impl Pack {
    /// Nothing comes in that may not go out.
    pub fn received(lot: &str, expires_on: NaiveDate, today: NaiveDate) -> Result<Pack, Refusal> {
        let lot = lot.trim();
        let plain = |c: char| c.is_ascii_graphic();
        if lot.is_empty() || lot.len() > 20 || !lot.chars().all(plain) {
            return Err(Refusal::LotUnreadable);
        }
        if expires_on < today {
            return Err(Refusal::PackExpired { on: Day(expires_on) });
        }
        Ok(Pack { lot: lot.to_owned(), expires_on })
    }
}

impl From<(String, NaiveDate)> for Pack {
    fn from((lot, expires_on): (String, NaiveDate)) -> Pack {
        Pack { lot, expires_on }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: Kind, parts: u64) -> Line {
        Line { kind, parts: Parts(parts) }
    }

    #[test]
    fn nothing_leaves_on_purpose_that_is_not_there() {
        let book = Book { balance: 3, open: 0 };
        for kind in [Kind::Wasted, Kind::Returned, Kind::Destroyed, Kind::MovedOut] {
            assert_eq!(book.enter(line(kind, 4)), Err(Refusal::RegisterShort));
            assert_eq!(book.enter(line(kind, 3)), Ok(Book { balance: 0, open: 0 }));
        }
        assert_eq!(book.enter(line(Kind::Received, 0)), Err(Refusal::CountNothing));
    }

    #[test]
    fn what_was_given_is_written_also_where_the_book_lacks_it() {
        let written = Book { balance: 1, open: 0 }.record(line(Kind::Given, 3));
        assert_eq!(written, Written { after: Book { balance: -2, open: 2 }, lacking: Some(Parts(2)) });
        assert_eq!(written.after.on_hand(), Parts::ZERO);
    }

    #[test]
    fn a_missing_receipt_explains_what_was_lacking() {
        let short = Book { balance: -2, open: 2 };
        assert_eq!(short.resolve(2, Ending::Explained), Err(Refusal::DifferenceUnexplained));
        let booked = short.enter(line(Kind::Received, 28)).unwrap();
        assert_eq!(booked.resolve(2, Ending::Explained), Ok((Book { balance: 26, open: 0 }, None)));
    }

    #[test]
    fn a_difference_that_was_counted_once_is_not_counted_again() {
        let book = Book { balance: 20, open: 0 };
        assert_eq!(book.count(Parts(18)), Some(-2));
        let differing = book.differing(-2);
        assert_eq!((differing.count(Parts(18)), differing.count(Parts(17))), (None, Some(-1)));
        let (after, written) = differing.resolve(-2, Ending::Adjusted).unwrap();
        assert_eq!((after, written), (Book { balance: 18, open: 0 }, Some(line(Kind::Lost, 2))));
    }

    #[test]
    fn what_nobody_saw_wasted_is_a_difference_and_no_entry() {
        let book = Book { balance: 3, open: 0 };
        let differing = book.differing(book.unseen(Parts(1)).unwrap());
        assert_eq!((differing.balance, differing.on_hand()), (3, Parts(2)));
        assert_eq!(Book { balance: 0, open: 0 }.unseen(Parts(1)), None);
        assert_eq!(Book { balance: 1, open: 0 }.unseen(Parts(4)), Some(-1), "never below nothing");
        let (after, line) = differing.resolve(-1, Ending::Adjusted).unwrap();
        assert_eq!((after, line.map(|line| line.kind)), (Book { balance: 2, open: 0 }, Some(Kind::Lost)));
    }

    #[test]
    fn an_expired_pack_is_not_taken_in() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-21");
        assert!(Pack::received("B1042", today, today).is_ok());
        let expired = Pack::received("B1042", day("2026-11-20"), today);
        assert_eq!(expired, Err(Refusal::PackExpired { on: Day(day("2026-11-20")) }));
        assert_eq!(Pack::received(" ", today, today), Err(Refusal::LotUnreadable));
    }
}

//! What somebody enters on purpose: what came in, and what left without being given.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Holder;
use super::book::{Book, Kind, Line, Pack};
use super::parts::Parts;
use crate::care::calendar::parse_day;
use crate::care::medicine::product::Product;
use crate::care::people::one_of_several;
use crate::care::refusal::Refusal;
use crate::care::round::administration::note;
use crate::care::witness::Watched;

one_of_several! {
    /// Whoever keeps the registers of a facility: a nurse or a supervisor.
    Keeper: Nurse Supervisor
}

/// What is entered on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Receive,
    Waste,
    Return,
    Destroy,
    Move,
}

impl What {
    pub const ALL: [What; 5] = [What::Receive, What::Waste, What::Return, What::Destroy, What::Move];

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            What::Receive => "receive",
            What::Waste => "waste",
            What::Return => "return",
            What::Destroy => "destroy",
            What::Move => "move",
        }
    }

    pub fn of_word(word: &str) -> Option<What> {
        What::ALL.into_iter().find(|one| one.word() == word)
    }

    pub fn kind(self) -> Kind {
        match self {
            What::Receive => Kind::Received,
            What::Waste => Kind::Wasted,
            What::Return => Kind::Returned,
            What::Destroy => Kind::Destroyed,
            What::Move => Kind::MovedOut,
        }
    }

    /// What of it a facility may want to be seen by a second person.
    pub fn watched(self) -> Watched {
        match self {
            What::Receive | What::Move => Watched::Receive,
            What::Waste | What::Return | What::Destroy => Watched::Waste,
        }
    }
}

/// What is entered, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterAsk {
    pub what: What,
    pub count: String,
    /// Of what is received, as printed on the pack.
    pub lot: String,
    pub expires_on: String,
    /// From whom it came, or why it leaves.
    pub note: String,
    /// Whose register it moves to.
    pub to: Option<Holder>,
}

impl EnterAsk {
    /// Whose register it comes into. Only what moves comes into another one, whatever else was posted.
    pub fn moves_to(&self) -> Option<&Holder> {
        self.to.as_ref().filter(|_| self.what == What::Move)
    }
}

/// A register as somebody writes into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterCase<'a> {
    pub product: &'a Product,
    /// It may be halved here.
    pub halved: bool,
    pub holder: &'a Holder,
    pub book: Book,
    /// The packs that may be on the shelf.
    pub packs: Vec<Pack>,
    pub today: NaiveDate,
}

/// What goes into the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    pub line: Line,
    pub after: Book,
    pub pack: Option<Pack>,
    pub note: String,
}

impl EnterCase<'_> {
    pub fn enter(&self, ask: &EnterAsk) -> Result<Entered, Refusal> {
        // Nobody delivers a half; one that is left from before leaves, whether the product is still halved here or not.
        let halved = self.halved || (ask.what != What::Receive && self.product.may_be_halved());
        let parts = Parts::parse(&ask.count, self.product, halved)?;
        let line = Line { kind: ask.what.kind(), parts };
        let pack = match ask.what {
            What::Receive => Some(self.pack(ask)?),
            What::Move => self.pack_to_move(&ask.lot)?,
            _ => None,
        };
        let note = note(&ask.note)?;
        if note.is_empty() {
            return Err(Refusal::EntryNote);
        }
        if ask.what == What::Move {
            self.elsewhere(ask.to.as_ref())?;
        }
        Ok(Entered { line, after: self.book.enter(line)?, pack, note })
    }

    fn pack(&self, ask: &EnterAsk) -> Result<Pack, Refusal> {
        let expires_on = parse_day(&ask.expires_on).map_err(|_| Refusal::ExpiryMissing)?;
        Pack::received(&ask.lot, expires_on, self.today)
    }

    /// The pack that is moved goes along: the only one there, or the one that was chosen. Where no lot is known, none.
    fn pack_to_move(&self, lot: &str) -> Result<Option<Pack>, Refusal> {
        let chosen = self.packs.iter().find(|pack| pack.lot == lot.trim());
        match &self.packs[..] {
            _ if chosen.is_some() => Ok(chosen.cloned()),
            [] => Ok(None),
            [only] if lot.trim().is_empty() => Ok(Some(only.clone())),
            all => {
                let lots = all.iter().map(|pack| pack.lot.as_str()).collect::<Vec<_>>().join(", ");
                Err(Refusal::LotToMove { lots })
            }
        }
    }

    /// It goes to the box of another unit.
    fn elsewhere(&self, to: Option<&Holder>) -> Result<(), Refusal> {
        match to {
            Some(Holder::Unit(_)) if to != Some(self.holder) => Ok(()),
            _ => Err(Refusal::MoveNowhere),
        }
    }
}

/// So many characters say something.
const SHORTEST_REASON: usize = 20;

/// Why a difference ends: what was looked at, in words.
pub fn difference_reason(typed: &str) -> Result<String, Refusal> {
    let reason = note(typed)?;
    if reason.chars().count() < SHORTEST_REASON { Err(Refusal::DifferenceReason) } else { Ok(reason) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::medicine::product::Products;

    fn entered(ask: &EnterAsk) -> Result<Entered, Refusal> {
        let case = EnterCase {
            product: Products::ours().product("197527").expect("clonazepam 0.5 mg tablets"),
            halved: true,
            holder: &Holder::Unit("east".into()),
            book: Book { balance: 4, open: 0 },
            packs: packs(&["B1042"]),
            today: "2026-11-21".parse().expect("a day"),
        };
        case.enter(ask)
    }

    fn packs(lots: &[&str]) -> Vec<Pack> {
        let expires_on = "2027-05-31".parse().expect("a day");
        lots.iter().map(|lot| Pack { lot: (*lot).to_owned(), expires_on }).collect()
    }

    #[test]
    fn what_is_moved_takes_its_lot_along() {
        let holder = Holder::Unit("east".into());
        let moved = |lots: &[&str], lot: &str| {
            let case = EnterCase {
                product: Products::ours().product("197527").expect("clonazepam 0.5 mg tablets"),
                halved: true,
                holder: &holder,
                book: Book { balance: 4, open: 0 },
                packs: packs(lots),
                today: "2026-11-21".parse().expect("a day"),
            };
            let to = Some(Holder::Unit("west".into()));
            let done = case.enter(&EnterAsk { to, lot: lot.into(), ..ask(What::Move, "1") });
            done.map(|done| done.pack.map(|pack| pack.lot))
        };
        assert_eq!(moved(&["B1042"], ""), Ok(Some("B1042".to_owned())));
        assert_eq!(moved(&["B1042", "C7"], "C7"), Ok(Some("C7".to_owned())));
        assert_eq!(moved(&["B1042", "C7"], ""), Err(Refusal::LotToMove { lots: "B1042, C7".to_owned() }));
        assert_eq!(moved(&["B1042"], "X"), Err(Refusal::LotToMove { lots: "B1042".to_owned() }));
        assert_eq!(moved(&[], ""), Ok(None), "nobody knows a lot of what was found");
    }

    fn ask(what: What, count: &str) -> EnterAsk {
        EnterAsk {
            what,
            count: count.into(),
            lot: "B1042".into(),
            expires_on: "2027-05-31".into(),
            note: "Brook Street Pharmacy, delivery 77410".into(),
            to: None,
        }
    }

    #[test]
    fn what_comes_in_has_a_lot_and_a_last_day() {
        let received = entered(&ask(What::Receive, "28")).expect("a usual delivery");
        assert_eq!((received.after.balance, received.pack.map(|pack| pack.lot)), (60, Some("B1042".into())));
        let expired = EnterAsk { expires_on: "2026-11-20".into(), ..ask(What::Receive, "28") };
        assert!(matches!(entered(&expired), Err(Refusal::PackExpired { .. })));
        let undated = EnterAsk { expires_on: "soon".into(), ..ask(What::Receive, "28") };
        assert_eq!(entered(&undated), Err(Refusal::ExpiryMissing));
    }

    #[test]
    fn what_leaves_is_there_and_says_why() {
        assert_eq!(entered(&ask(What::Waste, "0.5")).map(|done| (done.after.balance, done.pack)), Ok((3, None)));
        assert_eq!(entered(&ask(What::Destroy, "2.5")), Err(Refusal::RegisterShort));
        let silent = EnterAsk { note: "  ".into(), ..ask(What::Return, "1") };
        assert_eq!(entered(&silent), Err(Refusal::EntryNote));
    }

    #[test]
    fn what_is_moved_goes_to_the_box_of_another_unit() {
        let to = |holder: Option<Holder>| entered(&EnterAsk { to: holder, ..ask(What::Move, "1") });
        assert!(to(Some(Holder::Unit("west".into()))).is_ok());
        for nowhere in [None, Some(Holder::Unit("east".into())), Some(Holder::Resident("ada".into()))] {
            assert_eq!(to(nowhere), Err(Refusal::MoveNowhere));
        }
    }
}

//! What goes wrong in a story: each seed switches some of it on.

use crate::chance::Chance;

/// The kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Two people do the same thing at the same page.
    Rivals,
    /// A page lies open, and is sent hours or days later.
    StalePages,
    /// The same form is sent twice.
    DoublePosts,
    /// Nobody signs for days.
    LateSignatures,
    /// People lose their role, or their account.
    LeavingStaff,
    Absences,
    /// Urgent and telephone orders, steps back.
    Orders,
    Pauses,
    /// Other steps while pages lie open.
    Amendments,
    SevereSigns,
    /// Stops outside the steps.
    Stops,
    /// The machine's clock jumps.
    ClockJumps,
    /// The program dies before an act is saved, or after it, before its answer.
    Deaths,
    /// The mail server refuses, hangs, or loses its answer.
    BadMail,
    /// Two bells ring in the same house.
    TwoBells,
    /// Too little stock, wrong counts.
    BadStock,
    /// Records that were wrong.
    Mistakes,
    /// The system is down for hours, and what stands on paper is typed in afterwards.
    Paper,
    /// A copy of the database is put back.
    Restores,
}

impl Trouble {
    pub const ALL: [Trouble; 19] = [
        Trouble::Rivals,
        Trouble::StalePages,
        Trouble::DoublePosts,
        Trouble::LateSignatures,
        Trouble::LeavingStaff,
        Trouble::Absences,
        Trouble::Orders,
        Trouble::Pauses,
        Trouble::Amendments,
        Trouble::SevereSigns,
        Trouble::Stops,
        Trouble::ClockJumps,
        Trouble::Deaths,
        Trouble::BadMail,
        Trouble::TwoBells,
        Trouble::BadStock,
        Trouble::Mistakes,
        Trouble::Paper,
        Trouble::Restores,
    ];
}

#[derive(Debug, Clone)]
pub struct Troubles(pub Vec<Trouble>);

impl Troubles {
    /// About half of them.
    pub fn drawn(chance: &mut Chance) -> Troubles {
        Troubles(Trouble::ALL.into_iter().filter(|_| chance.percent(50)).collect())
    }

    pub fn on(&self, trouble: Trouble) -> bool {
        self.0.contains(&trouble)
    }
}

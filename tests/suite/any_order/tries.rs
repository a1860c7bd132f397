//! What people may try with a plan, in any order, and how long after the try before.

use proptest::prelude::*;

use super::changed::Change;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// By a pharmacist; or by whoever drafted the steps or approved them.
    Sign {
        later: u32,
        by_maker: bool,
    },
    Withdraw,
    Pause,
    Hold {
        days: u32,
    },
    HoldByPrescriber {
        days: u32,
        by_telephone: bool,
    },
    EndHold,
    SendBack,
    Answer,
    Amend(Change),
    ApproveAmendment,
    DropAmendment,
    StepBack {
        to: u32,
        by_telephone: bool,
    },
    /// Suspend, or lower one slot to this share of eighths.
    Order {
        eighths: u64,
        by_telephone: bool,
    },
    Review,
    Affirm,
    AskStop,
    Stop,
    DeclineStop,
    Finish,
    SevereSign {
        withhold: bool,
    },
    Release,
    Leave {
        hours_ago: i64,
    },
    Return {
        same: bool,
        hours_ago: i64,
    },
    /// A nurse records every dose that may be recorded now; or leaves all but the first.
    Record {
        all: bool,
    },
    /// The machine's clock is set back.
    ClockBack {
        hours: i64,
    },
}

pub fn in_any_order() -> impl Strategy<Value = Vec<(i64, Try)>> {
    let hours = prop_oneof![3 => 0i64..30, 2 => 30i64..200, 1 => 200i64..700];
    let alone = (hours, one()).prop_map(|one| vec![one]);
    let turn = prop_oneof![6 => alone, 1 => ordered_while_signed_ahead(), 1 => away_for_a_while()];
    prop::collection::vec(turn, 1..45).prop_map(|turns| turns.concat())
}

/// What is signed and still ahead is overtaken, and somebody decides the level.
fn ordered_while_signed_ahead() -> impl Strategy<Value = Vec<(i64, Try)>> {
    let order = (0u64..8).prop_map(|eighths| Try::Order { eighths, by_telephone: false });
    let overtaken = prop_oneof![3 => order, 1 => by_the_prescriber(), 1 => away()];
    let back = (0u32..6).prop_map(|to| Try::StepBack { to, by_telephone: true });
    (0u32..9, 0i64..20, overtaken, 0i64..20, back).prop_map(|(later, first, overtaken, second, back)| {
        vec![(40, Try::Sign { later, by_maker: false }), (first, overtaken), (second, back)]
    })
}

/// Away for hours or days, back, and the next reduction is signed as soon as the rules allow.
fn away_for_a_while() -> impl Strategy<Value = Vec<(i64, Try)>> {
    (1i64..90, any::<bool>(), 0i64..200, 0u32..3).prop_map(|(away, same, until, later)| {
        let back = Try::Return { same, hours_ago: 0 };
        vec![(3, Try::Leave { hours_ago: 0 }), (away, back), (until, Try::Sign { later, by_maker: false })]
    })
}

fn one() -> impl Strategy<Value = Try> {
    prop_oneof![12 => on_the_way(), 5 => by_the_prescriber(), 3 => away(), 8 => records()]
}

fn on_the_way() -> impl Strategy<Value = Try> {
    prop_oneof![
        12 => (0u32..9).prop_map(|later| Try::Sign { later, by_maker: false }),
        1 => (0u32..9).prop_map(|later| Try::Sign { later, by_maker: true }),
        2 => Just(Try::Withdraw),
        2 => Just(Try::Pause),
        1 => (0u32..40).prop_map(|days| Try::Hold { days }),
        1 => Just(Try::EndHold),
        1 => Just(Try::SendBack),
        1 => Just(Try::Answer),
        1 => any::<bool>().prop_map(|withhold| Try::SevereSign { withhold }),
        3 => Just(Try::Release),
    ]
}

fn by_the_prescriber() -> impl Strategy<Value = Try> {
    let changes = prop::sample::select(vec![Change::Slower, Change::OneMore, Change::StayHere, Change::StepInForce]);
    prop_oneof![
        2 => changes.prop_map(Try::Amend),
        3 => Just(Try::ApproveAmendment),
        1 => Just(Try::DropAmendment),
        3 => (0u32..6, any::<bool>()).prop_map(|(to, by_telephone)| Try::StepBack { to, by_telephone }),
        2 => (0u64..9, any::<bool>()).prop_map(|(eighths, by_telephone)| Try::Order { eighths, by_telephone }),
        1 => (0u32..40, any::<bool>()).prop_map(|(days, by_telephone)| Try::HoldByPrescriber { days, by_telephone }),
        1 => Just(Try::Review),
        1 => Just(Try::Affirm),
        1 => Just(Try::AskStop),
        1 => prop::sample::select(vec![Try::Stop, Try::DeclineStop, Try::DeclineStop, Try::DeclineStop]),
        1 => Just(Try::Finish),
    ]
}

fn away() -> impl Strategy<Value = Try> {
    prop_oneof![
        1 => (0i64..200).prop_map(|hours_ago| Try::Leave { hours_ago }),
        2 => (any::<bool>(), 0i64..60).prop_map(|(same, hours_ago)| Try::Return { same, hours_ago }),
    ]
}

fn records() -> impl Strategy<Value = Try> {
    prop_oneof![
        6 => any::<bool>().prop_map(|all| Try::Record { all }),
        1 => (1i64..60).prop_map(|hours| Try::ClockBack { hours }),
    ]
}

//! The medication error rate as surveyors count it, 42 CFR 483.45(f)(1) (F759), over what is recorded.
//!
//! Errors are counted of the doses given and of those ordered and not given; at 5 percent it fails, and no rate is rounded up
//! (CMS State Operations Manual, Appendix PP, F759). What F759 counts on an observed round is counted here over the records:
//!
//! - **A dose counts** that was given, whole, in part or handed over; that was given as needed; that was given in error; and that
//!   was ordered and not given: refused, withheld, not available, without a record.
//! - **None counts** where nothing was ordered: a planned 0 mg, an absence, a level that nobody has decided, a dose withheld
//!   because a prescriber said so. What an order barred counts as without a record until somebody records it as withheld.
//! - **An error is** what was given in error; a dose without a record, because nobody can say that it was given; and one that was
//!   not available, for whatever reason: to have it is the facility's duty (42 CFR 483.45(a)).
//! - **No error is** a refusal, which is the resident's right, nor a dose withheld, or left in part, with a reason, which is a
//!   judgement.
//! - **A dose given after its window** is an error only where the wrong time can cause discomfort or endanger (Appendix PP, F759).
//!   A person judges that: such doses are told apart, and the rate that counts every one of them stands beside the other.

use super::round::outcome::{BY_PRESCRIBER, Outcome};

/// So many doses of a hundred fail (42 CFR 483.45(f)(1): "not 5 percent or greater").
pub const FAILS_AT_PERCENT: u64 = 5;

/// Doses of one kind, as they are counted and found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Recorded(Outcome),
    AsNeeded,
    InError,
    NoRecord,
}

impl Part {
    /// In the order in which they are told: what was given, then what was not.
    pub const ALL: [Part; 10] = [
        Part::Recorded(Outcome::Given),
        Part::Recorded(Outcome::SelfAdministered),
        Part::Recorded(Outcome::GivenInPart),
        Part::AsNeeded,
        Part::InError,
        Part::Recorded(Outcome::Refused),
        Part::Recorded(Outcome::Withheld),
        Part::Recorded(Outcome::NotAvailable),
        Part::NoRecord,
        Part::Recorded(Outcome::Absent),
    ];

    /// As a line begins: "Given in error".
    pub fn title(self) -> &'static str {
        match self {
            Part::Recorded(outcome) => outcome.title(),
            Part::AsNeeded => "As needed (PRN)",
            Part::InError => "Given in error",
            Part::NoRecord => "No record",
        }
    }

    /// As a sentence says it of some: "3 without a record".
    pub fn of_some(self) -> &'static str {
        match self {
            Part::Recorded(outcome) => outcome.text(),
            Part::AsNeeded => "as needed",
            Part::InError => "given in error",
            Part::NoRecord => "without a record",
        }
    }

    /// Something was ordered, or given.
    fn counts(self) -> bool {
        self != Part::Recorded(Outcome::Absent)
    }

    /// Every dose of it that counts is an error.
    fn errs(self) -> bool {
        matches!(self, Part::InError | Part::NoRecord | Part::Recorded(Outcome::NotAvailable))
    }
}

/// Whether a recorded dose was ordered: it was given, or its level was decided and no prescriber took it back.
pub fn was_ordered(outcome: Outcome, reason: &str, undecided: bool) -> bool {
    outcome.takes() || !(undecided || (outcome == Outcome::Withheld && reason == BY_PRESCRIBER))
}

/// How many doses there were of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub doses: u32,
    /// Of them, those that were not ordered.
    pub unordered: u32,
    /// Of them, those given after their window.
    pub late: u32,
}

/// The doses of some days, each in exactly one part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counted([Count; Part::ALL.len()]);

impl Counted {
    pub fn of(&self, part: Part) -> Count {
        self.0[place(part)]
    }

    pub fn of_mut(&mut self, part: Part) -> &mut Count {
        &mut self.0[place(part)]
    }

    /// Of a part, the doses that count.
    pub fn counting(&self, part: Part) -> u32 {
        let Count { doses, unordered, .. } = self.of(part);
        if part.counts() { doses.saturating_sub(unordered) } else { 0 }
    }

    /// Of a part, the errors: never more than count.
    pub fn errors(&self, part: Part) -> u32 {
        if part.errs() { self.counting(part) } else { 0 }
    }

    /// The doses given after their window; none of them is counted as an error for it.
    pub fn late(&self) -> u32 {
        Part::ALL.into_iter().map(|part| self.of(part).late).sum()
    }

    pub fn rate(&self) -> ErrorRate {
        let sum = |count: &dyn Fn(Part) -> u32| Part::ALL.into_iter().map(|part| u64::from(count(part))).sum();
        ErrorRate { errors: sum(&|part| self.errors(part)), of: sum(&|part| self.counting(part)) }
    }

    /// The same with every dose given after its window as one error more.
    pub fn rate_with_late(&self) -> ErrorRate {
        let ErrorRate { errors, of } = self.rate();
        ErrorRate { errors: errors + u64::from(self.late()), of }
    }
}

/// Where a part stands among all.
fn place(part: Part) -> usize {
    Part::ALL.iter().position(|one| *one == part).unwrap_or(Part::ALL.len() - 1)
}

/// So many errors of so many doses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorRate {
    pub errors: u64,
    /// The doses given, and those ordered and not given: the surveyor's "opportunities".
    pub of: u64,
}

impl ErrorRate {
    /// Hundredths of a percent, cut and never rounded; none where no dose was due or given.
    pub fn hundredths(self) -> Option<u64> {
        self.errors.saturating_mul(10_000).checked_div(self.of)
    }

    /// 5 percent or more; none where there is no rate.
    pub fn fails(self) -> Option<bool> {
        (self.of > 0).then(|| self.errors.saturating_mul(100) >= self.of.saturating_mul(FAILS_AT_PERCENT))
    }

    /// `4.76%`; none where there is no rate.
    pub fn text(self) -> Option<String> {
        self.hundredths().map(|cut| format!("{}.{:02}%", cut / 100, cut % 100))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(errors: u64, of: u64) -> ErrorRate {
        ErrorRate { errors, of }
    }

    /// Clinical reference 5.2.
    #[test]
    fn one_of_twenty_fails_and_one_of_twenty_one_does_not() {
        let told = |errors, of| (rate(errors, of).text(), rate(errors, of).fails());
        assert_eq!(told(1, 20), (Some("5.00%".to_owned()), Some(true)));
        assert_eq!(told(1, 21), (Some("4.76%".to_owned()), Some(false)));
        assert_eq!(told(2, 40), (Some("5.00%".to_owned()), Some(true)));
        assert_eq!(told(0, 0), (None, None));
        assert_eq!(told(0, 7), (Some("0.00%".to_owned()), Some(false)));
        assert_eq!(told(49_999, 1_000_000), (Some("4.99%".to_owned()), Some(false)), "4.9999 is not 5");
        assert_eq!(told(7, 7), (Some("100.00%".to_owned()), Some(true)));
    }

    #[test]
    fn every_part_has_a_place_of_its_own() {
        for (nth, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(place(part), nth, "{part:?}");
        }
        for outcome in Outcome::ALL {
            assert!(Part::ALL.contains(&Part::Recorded(outcome)), "{outcome:?}");
        }
    }

    #[test]
    fn what_was_not_ordered_is_neither_counted_nor_an_error() {
        assert!(!was_ordered(Outcome::Withheld, "W4", false) && !was_ordered(Outcome::NotAvailable, "N1", true));
        assert!(was_ordered(Outcome::Withheld, "W1", false) && was_ordered(Outcome::Given, "", true));
        let mut counted = Counted::default();
        *counted.of_mut(Part::Recorded(Outcome::Absent)) = Count { doses: 9, ..Count::default() };
        *counted.of_mut(Part::NoRecord) = Count { doses: 3, unordered: 2, ..Count::default() };
        *counted.of_mut(Part::Recorded(Outcome::Given)) = Count { doses: 20, late: 4, ..Count::default() };
        *counted.of_mut(Part::Recorded(Outcome::Withheld)) = Count { doses: 2, unordered: 1, ..Count::default() };
        assert_eq!(counted.rate(), rate(1, 22));
        assert_eq!(counted.rate_with_late(), rate(5, 22));
    }

    fn counts() -> impl Strategy<Value = Counted> {
        let one = (0..40u32, 0..40u32, 0..40u32).prop_map(|(doses, unordered, late)| {
            let unordered = unordered.min(doses);
            Count { doses, unordered, late: late.min(doses - unordered) }
        });
        prop::collection::vec(one, Part::ALL.len()).prop_map(|all| {
            let mut counted = Counted::default();
            all.into_iter().zip(Part::ALL).for_each(|(count, part)| *counted.of_mut(part) = count);
            counted
        })
    }

    proptest! {
        #[test]
        fn it_never_rounds_up_and_fails_exactly_from_one_of_twenty_on(errors in 0..5_000_000u64, others in 0..5_000_000u64) {
            let rate = rate(errors, errors + others);
            prop_assume!(rate.of > 0);
            let cut = rate.hundredths().unwrap();
            prop_assert!(cut * rate.of <= errors * 10_000 && errors * 10_000 < (cut + 1) * rate.of);
            prop_assert_eq!(rate.fails(), Some(errors * 20 >= rate.of));
            prop_assert_eq!(rate.fails(), Some(cut >= 500), "what is shown says the same");
        }

        #[test]
        fn there_are_never_more_errors_than_doses(counted in counts()) {
            let rate = counted.rate();
            prop_assert!(rate.errors <= rate.of);
            for part in Part::ALL {
                prop_assert!(counted.errors(part) <= counted.counting(part) && counted.counting(part) <= counted.of(part).doses);
            }
        }
    }
}

//! Laws of the taper alert, against a naive second telling of its rule.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use stepdown::care::round::outcome::Outcome;
use stepdown::care::round::taper_alert::{Because, DoseSeen, HowNot, NotGiven, TaperAlert};

/// What became of one dose: given, refused, not available or without a record; and whether that is known.
type Drawn = (u8, bool);

/// One dose every so many hours.
fn doses(every: i64, all: &[Drawn]) -> Vec<DoseSeen> {
    let first: DateTime<Utc> = "2026-11-01T07:00:00Z".parse().unwrap();
    let dose = |(nth, (how, known)): (usize, &Drawn)| {
        let due_at = first + TimeDelta::hours(every * nth as i64);
        let how = match how {
            0 => Some(HowNot::Recorded(Outcome::NotAvailable)),
            1 => Some(HowNot::NoRecord),
            2 | 3 => Some(HowNot::Recorded(Outcome::Refused)),
            _ => None,
        };
        DoseSeen {
            dose: format!("{nth:03}"),
            on: due_at.date_naive(),
            due_at,
            not_given: how.map(|how| NotGiven { how, since: due_at }),
            known: *known,
        }
    };
    all.iter().enumerate().map(dose).collect()
}

fn missed(dose: &DoseSeen) -> bool {
    dose.not_given.is_some()
}

fn within(one: &DoseSeen, other: &DoseSeen) -> bool {
    (other.on - one.on).num_days().abs() <= 6
}

/// Every pair, every three and every single dose, asked one by one: what the last of them raises.
fn raised_at(doses: &[DoseSeen], nth: usize) -> BTreeSet<Because> {
    let (one, mut because) = (&doses[nth], BTreeSet::new());
    if !missed(one) {
        return because;
    }
    if !one.known && one.not_given.map(|not| not.how) == Some(HowNot::Recorded(Outcome::NotAvailable)) {
        because.insert(Because::NotAvailable);
    }
    let before = nth.checked_sub(1).map(|before| &doses[before]).filter(|before| missed(before) && within(before, one));
    if before.is_some_and(|before| !before.known || !one.known) {
        because.insert(Because::TwoInARow);
    }
    let week: Vec<&DoseSeen> = doses[..=nth].iter().filter(|other| missed(other) && within(other, one)).collect();
    if week.len() >= 3 && week.iter().any(|other| !other.known) {
        because.insert(Because::ThreeInAWeek);
    }
    because
}

fn told_again(doses: &[DoseSeen]) -> BTreeSet<Because> {
    (0..doses.len()).flat_map(|nth| raised_at(doses, nth)).collect()
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    prop::collection::vec((0_u8..12, prop::bool::weighted(0.2)), 0..40)
}

proptest! {
    #[test]
    fn it_stands_just_where_a_naive_telling_finds_it(all in drawn(), every in 4_i64..49) {
        let doses = doses(every, &all);
        let found = TaperAlert::of(&doses).map(|alert| alert.because).unwrap_or_default();
        prop_assert_eq!(found, told_again(&doses));
    }

    #[test]
    fn it_holds_the_doses_around_what_raised_it_that_nobody_has_acknowledged_and_no_other(
        all in drawn(), every in 4_i64..49
    ) {
        let doses = doses(every, &all);
        if let Some(alert) = TaperAlert::of(&doses) {
            let raising: Vec<&DoseSeen> =
                (0..doses.len()).filter(|nth| !raised_at(&doses, *nth).is_empty()).map(|nth| &doses[nth]).collect();
            let about = |one: &&DoseSeen| missed(one) && !one.known && raising.iter().any(|other| within(one, other));
            let told: Vec<String> = doses.iter().filter(about).map(|one| one.dose.clone()).collect();
            prop_assert!(!alert.doses.is_empty());
            prop_assert_eq!(alert.doses, told);
        }
    }

    #[test]
    fn an_answer_settles_it_and_only_another_dose_not_given_raises_it_again(all in drawn(), every in 4_i64..49) {
        let mut doses = doses(every, &all);
        if let Some(alert) = TaperAlert::of(&doses) {
            for dose in &mut doses {
                dose.known |= alert.doses.contains(&dose.dose);
            }
            prop_assert_eq!(TaperAlert::of(&doses), None);
            let last = doses.last().cloned().unwrap();
            let later = |not_given| DoseSeen {
                dose: "later".into(), due_at: last.due_at + TimeDelta::hours(1), known: false, not_given, ..last.clone()
            };
            let mut given = doses.clone();
            given.push(later(None));
            prop_assert_eq!(TaperAlert::of(&given), None);
        }
    }

    #[test]
    fn doses_given_later_neither_raise_it_nor_take_it_back(all in drawn(), more in 1_usize..20) {
        let before = TaperAlert::of(&doses(12, &all));
        let given = all.iter().copied().chain(std::iter::repeat_n((9, false), more)).collect::<Vec<_>>();
        prop_assert_eq!(TaperAlert::of(&doses(12, &given)), before);
    }

    #[test]
    fn the_order_in_which_doses_are_read_makes_no_difference(all in drawn()) {
        let mut doses = doses(8, &all);
        let found = TaperAlert::of(&doses);
        doses.reverse();
        prop_assert_eq!(TaperAlert::of(&doses), found);
    }
}

//! The rule of gradual dose reductions: the fixtures of the published reading, the days on which it turns, and its laws.

use chrono::NaiveDate;
use proptest::prelude::*;
use stepdown::care::calendar::{days_after, days_before};
use stepdown::care::gradual::rules::{Between, GradualRules};
use stepdown::care::gradual::standing::{Attempt, Case, Contraindication, Counting, Made, Standing};
use stepdown::care::gradual::year::{quarter_of, year_last};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn attempt(on: NaiveDate) -> Attempt {
    Attempt { on, made: Made::Elsewhere { note: String::new() } }
}

fn attempts(days: &[&str]) -> Vec<Attempt> {
    days.iter().map(|on| attempt(day(on))).collect()
}

/// How it stands on a day, of what began on a day.
fn standing(since: &str, days: &[&str], excused: &[(&str, &str)], rules: &GradualRules, today: &str) -> Standing {
    let (attempts, today) = (attempts(days), day(today));
    let contraindications: Vec<Contraindication> =
        excused.iter().map(|(on, again_on)| Contraindication { on: day(on), again_on: day(again_on) }).collect();
    let attempts: Vec<Attempt> = attempts.into_iter().filter(|one| one.on <= today).collect();
    Case { since: day(since), rules, attempts: &attempts, contraindications: &contraindications, today }.standing()
}

fn federal() -> GradualRules {
    GradualRules::default()
}

fn yearly() -> GradualRules {
    GradualRules { yearly: true, ..federal() }
}

const START: &str = "2026-01-15";
/// The last day of the first year, and the day after it.
const LAST: &str = "2027-01-14";
const AFTER: &str = "2027-01-15";

/// The fixtures of clinical.md 6.4.
#[test]
fn two_attempts_in_different_quarters_a_month_apart_are_enough() {
    let met = standing(START, &["2026-03-01", "2026-04-20"], &[], &federal(), "2026-04-20");
    assert_eq!(met, Standing::Met { next_by: None });
    assert_eq!(standing(START, &["2026-03-01", "2026-04-20"], &[], &federal(), "2031-01-01"), met, "and stay so");
}

#[test]
fn two_attempts_in_different_quarters_less_than_a_month_apart_are_not() {
    let days = ["2026-04-10", "2026-04-20"];
    let counts_from = day("2026-05-10").max(day("2026-04-17"));
    assert_eq!(standing(START, &days, &[], &federal(), LAST), Standing::Wanted { by: day(LAST), counts_from });
    assert_eq!(standing(START, &days, &[], &federal(), AFTER), Standing::Late { since: day(AFTER), counts_from });
    assert_eq!(counting(&days), [Counting::Counts, Counting::TooSoon { counted: day("2026-04-10") }]);
}

#[test]
fn two_attempts_in_one_quarter_are_not() {
    let days = ["2026-02-01", "2026-03-20"];
    let late = standing(START, &days, &[], &federal(), AFTER);
    assert_eq!(late, Standing::Late { since: day(AFTER), counts_from: day("2026-04-17") });
    assert_eq!(counting(&days), [Counting::Counts, Counting::SameQuarter { counted: day("2026-02-01") }]);
}

#[test]
fn one_attempt_and_a_contraindication_are_enough_until_somebody_looks_again() {
    let excused = [("2026-06-01", "2027-06-01")];
    let stands = |today| standing(START, &["2026-03-01"], &excused, &federal(), today);
    let wanted = Standing::Wanted { by: day(LAST), counts_from: day("2026-04-17") };
    assert_eq!(stands("2026-05-31"), wanted, "not before it was noted");
    for today in ["2026-06-01", LAST, AFTER, "2027-05-31"] {
        assert_eq!(stands(today), Standing::Contraindicated { again_on: day("2027-06-01") }, "{today}");
    }
    let (by, counts_from) = (day("2027-06-01"), day("2026-04-17"));
    assert_eq!(stands("2027-06-01"), Standing::Wanted { by, counts_from }, "the day to look again");
    assert_eq!(stands("2027-06-02"), Standing::Late { since: day("2027-06-02"), counts_from });
}

fn counting(days: &[&str]) -> Vec<Counting> {
    let (rules, attempts) = (federal(), attempts(days));
    let today = day("2030-01-01");
    Case { since: day(START), rules: &rules, attempts: &attempts, contraindications: &[], today }.counting()
}

#[test]
fn the_first_attempt_is_wanted_while_there_is_time_for_the_second() {
    let by = day("2026-10-15");
    assert_eq!(days_after(by, 1), quarter_of(day(START), day(LAST)).first);
    let none = |today| standing(START, &[], &[], &federal(), today);
    assert_eq!(none(START), Standing::Wanted { by, counts_from: day(START) });
    assert_eq!(none("2026-10-15"), Standing::Wanted { by, counts_from: day(START) });
    assert_eq!(none("2026-10-16"), Standing::Late { since: day("2026-10-16"), counts_from: day(START) });
    let late = standing(START, &["2026-10-16"], &[], &federal(), "2026-11-01");
    assert_eq!(late, Standing::Late { since: day("2026-10-16"), counts_from: day(AFTER) }, "the second comes too late");
    let caught_up = standing(START, &["2026-10-16", "2027-01-15"], &[], &federal(), "2027-01-15");
    assert_eq!(caught_up, Standing::Met { next_by: None });
}

#[test]
fn an_attempt_too_soon_does_not_spoil_the_one_after_it() {
    let met = standing(START, &["2026-04-10", "2026-04-20", "2026-05-10"], &[], &federal(), "2026-05-10");
    assert_eq!(met, Standing::Met { next_by: None });
}

#[test]
fn a_month_ends_with_the_shorter_month_also_in_leap_years() {
    let of = |since, days: &[&str]| standing(since, days, &[], &federal(), "2030-01-01");
    assert_eq!(of("2025-11-15", &["2026-01-31", "2026-02-28"]), Standing::Met { next_by: None });
    assert_eq!(of("2027-11-15", &["2028-01-31", "2028-02-29"]), Standing::Met { next_by: None });
    assert!(matches!(of("2027-11-15", &["2028-01-31", "2028-02-28"]), Standing::Late { .. }));
}

#[test]
fn what_began_on_29_february_has_a_whole_first_year() {
    let since = "2028-02-29";
    let last = Standing::Wanted { by: day("2029-02-27"), counts_from: day("2028-05-31") };
    assert_eq!(standing(since, &["2028-02-29"], &[], &federal(), "2029-02-27"), last);
    assert!(matches!(standing(since, &["2028-02-29"], &[], &federal(), "2029-02-28"), Standing::Late { .. }));
}

#[test]
fn the_yearly_reminder_is_the_facilitys_own() {
    let days = ["2026-03-01", "2026-04-20"];
    assert_eq!(standing(START, &days, &[], &federal(), "2028-06-01"), Standing::Met { next_by: None });
    let stands = |days: &[&str], today| standing(START, days, &[], &yearly(), today);
    let by = day("2028-01-14");
    assert_eq!(stands(&days, LAST), Standing::Met { next_by: Some(by) });
    assert_eq!(stands(&days, AFTER), Standing::Wanted { by, counts_from: day(AFTER) });
    assert_eq!(stands(&days, "2028-01-15"), Standing::Late { since: day("2028-01-15"), counts_from: day(AFTER) });
    let third = [days[0], days[1], "2027-09-09"];
    assert_eq!(stands(&third, "2027-09-09"), Standing::Met { next_by: Some(day("2029-01-14")) });
}

#[test]
fn what_a_facility_asks_for_is_its_own_to_say() {
    let anywhere = GradualRules { quarters_differ: false, between: Between::Days(14), ..federal() };
    assert_eq!(standing(START, &["2026-02-01", "2026-02-15"], &[], &anywhere, AFTER), Standing::Met { next_by: None });
    let four = GradualRules { attempts: 4, ..federal() };
    let days = ["2026-02-01", "2026-05-01", "2026-08-01", "2026-11-01"];
    assert_eq!(standing(START, &days, &[], &four, AFTER), Standing::Met { next_by: None });
    assert!(matches!(standing(START, &days[1..], &[], &four, AFTER), Standing::Late { .. }));
}

fn rules() -> impl Strategy<Value = GradualRules> {
    let between = prop_oneof![Just(Between::Month), (1_u32..=90).prop_map(Between::Days)];
    (1_u32..=4, any::<bool>(), between, any::<bool>(), 30_u32..=730).prop_map(
        |(attempts, quarters_differ, between, yearly, contraindication_days)| GradualRules {
            attempts,
            quarters_differ,
            between,
            yearly,
            contraindication_days,
        },
    )
}

/// A start near a leap day or not, and the days of attempts after it.
fn history() -> impl Strategy<Value = (NaiveDate, Vec<Attempt>)> {
    let days = proptest::collection::btree_set(0_u32..1200, 0..9);
    (0_u32..2000, days).prop_map(|(start, days)| {
        let since = days_after(day("2023-10-01"), start);
        (since, days.into_iter().map(|on| attempt(days_after(since, on))).collect())
    })
}

/// The most attempts that may count together, by trying every choice of them.
fn most(since: NaiveDate, rules: &GradualRules, attempts: &[Attempt]) -> u32 {
    let fits = |chosen: &[NaiveDate]| {
        chosen.windows(2).all(|pair| {
            let quarters = !rules.quarters_differ || quarter_of(since, pair[0]) != quarter_of(since, pair[1]);
            quarters && pair[1] >= rules.between.after(pair[0])
        })
    };
    let choices = (0_u32..1 << attempts.len()).map(|choice| {
        let chosen = attempts.iter().enumerate().filter(|(at, _)| choice >> at & 1 == 1);
        chosen.map(|(_, attempt)| attempt.on).collect::<Vec<_>>()
    });
    choices.filter(|chosen| fits(chosen)).map(|chosen| chosen.len() as u32).max().unwrap_or(0).min(rules.attempts)
}

proptest! {
    #[test]
    fn no_other_choice_of_attempts_counts_more((since, attempts) in history(), rules in rules()) {
        let today = days_after(since, 1300);
        let case = Case { since, rules: &rules, attempts: &attempts, contraindications: &[], today };
        prop_assert_eq!(case.counted().len() as u32, most(since, &rules, &attempts));
    }

    #[test]
    fn who_meets_every_deadline_is_never_late((since, _) in history(), rules in rules(), lead in 0_u32..5) {
        let empty = Case { since, rules: &rules, attempts: &[], contraindications: &[], today: since };
        let deadlines = empty.deadlines();
        prop_assert_eq!(deadlines.len() as u32, rules.attempts);
        let made: Vec<Attempt> = deadlines.iter().map(|by| attempt(*by)).collect();
        for today in since.iter_days().take_while(|today| *today <= year_last(since, 0)) {
            let so_far: Vec<Attempt> = made.iter().filter(|one| one.on <= today).cloned().collect();
            let case = Case { attempts: &so_far, today, ..empty };
            prop_assert!(!matches!(case.standing(), Standing::Late { .. }), "{today} {:?}", case.standing());
        }
        let all = Case { attempts: &made, today: days_after(year_last(since, 0), lead), ..empty };
        prop_assert!(matches!(all.standing(), Standing::Met { .. } | Standing::Wanted { .. }), "{:?}", all.standing());
        prop_assert_eq!(all.counted().len() as u32, rules.attempts);
    }

    #[test]
    fn a_day_late_is_late_since_the_day_after((since, attempts) in history(), rules in rules(), today in 0_u32..1300) {
        let today = days_after(since, today);
        let so_far: Vec<Attempt> = attempts.into_iter().filter(|one| one.on <= today).collect();
        let case = Case { since, rules: &rules, attempts: &so_far, contraindications: &[], today };
        match case.standing() {
            Standing::Late { since: late, .. } => {
                prop_assert!(late <= today);
                let eve = Case { today: days_before(late, 1), ..case };
                let known: Vec<Attempt> = so_far.iter().filter(|one| one.on < late).cloned().collect();
                let eve = Case { attempts: &known, ..eve };
                prop_assert!(!matches!(eve.standing(), Standing::Late { .. }), "{:?}", eve.standing());
            }
            Standing::Wanted { by, .. } => prop_assert!(by >= today),
            Standing::Met { next_by: Some(by) } => prop_assert!(by >= today),
            _ => {}
        }
    }

    #[test]
    fn one_more_attempt_never_makes_it_worse((since, attempts) in history(), rules in rules(), more in 0_u32..1200) {
        let today = days_after(since, 1300);
        let case = Case { since, rules: &rules, attempts: &attempts, contraindications: &[], today };
        let mut further = attempts.clone();
        further.push(attempt(days_after(since, more)));
        further.sort_by_key(|one| one.on);
        let after = Case { attempts: &further, ..case };
        prop_assert!(after.counted().len() >= case.counted().len());
        if matches!(case.standing(), Standing::Met { .. }) {
            prop_assert!(matches!(after.standing(), Standing::Met { .. }), "{:?}", after.standing());
        }
    }

    #[test]
    fn while_a_contraindication_stands_nothing_is_late((since, attempts) in history(), rules in rules(), on in 0_u32..1000, days in 1_u32..730) {
        let on = days_after(since, on);
        let excused = [Contraindication { on, again_on: days_after(on, days) }];
        let today = days_after(on, days - 1);
        let so_far: Vec<Attempt> = attempts.into_iter().filter(|one| one.on <= today).collect();
        let case = Case { since, rules: &rules, attempts: &so_far, contraindications: &excused, today };
        let asked = matches!(case.standing(), Standing::Late { .. } | Standing::Wanted { .. });
        prop_assert!(!asked, "{:?}", case.standing());
    }
}

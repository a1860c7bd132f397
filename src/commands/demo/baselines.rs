//! What the prescribers of Alder House found out before each taper, all plainly invented.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};

use super::residents::{Taper, Today};
use crate::care::calendar::{days_after, days_before};
use crate::care::taper::baseline::Baseline;
use crate::care::taper::baseline::entry::{self, Bounds};

/// What is the same for most.
const USUAL: [(&str, &str); 14] = [
    ("days_a_week", "7"),
    ("route", "no_misuse"),
    ("earlier", "no"),
    ("sedatives", "no"),
    ("opioids", "no"),
    ("alcohol", "no"),
    ("seizures", "no"),
    ("epilepsy", "no"),
    ("illness", "no"),
    ("pregnancy", "not_applicable"),
    ("support", "yes"),
    ("education", "yes"),
    ("agreed_by", "resident"),
    ("agreed_how", "in_person"),
];

/// What is otherwise for some, told apart by the day on which their taper began.
const OTHERWISE: [&[(&str, &str)]; 4] = [
    &[
        ("since", "2019-04"),
        ("earlier", "yes"),
        ("earlier_words", "Stopped within a week in 2022; did not sleep, and began again."),
        ("illness", "yes"),
        ("illness_words", "panic disorder, quiet since 2021"),
    ],
    &[
        ("since", "2021-11-03"),
        ("opioids", "yes"),
        ("opioids_words", "codeine 30 mg at night, for the hip"),
        ("alcohol", "not_known"),
    ],
    &[
        ("since", "2015-06"),
        ("alcohol", "yes"),
        ("alcohol_words", "a glass of sherry on Sundays"),
        ("agreed_by", "representative"),
        ("agreed_name", "Mrs E. Marlow, daughter"),
        ("agreed_how", "by_telephone"),
    ],
    &[("since", "2023-02"), ("seizures", "not_known"), ("seizures_words", "records of the hospital are asked for")],
];

/// The baseline of a taper that begins on a day. The draft that waits for its prescriber still lacks some answers.
pub fn baseline(taper: &Taper, begins_on: NaiveDate) -> Baseline {
    let before = |days| days_before(begins_on, days).to_string();
    let until = begins_on.checked_add_months(Months::new(15)).unwrap_or(begins_on).format("%Y-%m").to_string();
    let dated = [
        ("support_words", "Sleep and relaxation group on Wednesdays, J. Ward".to_owned()),
        ("support_until", until),
        ("agreed_on", before(3)),
        ("expires_on", days_after(begins_on, 180).to_string()),
        ("taken_off_name", "Lena Hoek RN".to_owned()),
        ("taken_off_on", before(1)),
    ];
    let otherwise = OTHERWISE[taper.began_days_ago as usize % OTHERWISE.len()];
    let mut fields: HashMap<&str, String> =
        USUAL.iter().chain(otherwise).map(|(field, value)| (*field, (*value).to_owned())).chain(dated).collect();
    if taper.today == Today::Draft {
        fields.retain(|field, _| {
            !["education", "alcohol", "alcohol_words"].contains(field) && !field.starts_with("taken_off")
        });
    }
    let bounds = Bounds { born_on: NaiveDate::MIN, today: begins_on };
    let value = |field: &str| fields.get(field).map(String::as_str).unwrap_or_default();
    entry::read(value, bounds).expect("the baselines of the demo are well written")
}

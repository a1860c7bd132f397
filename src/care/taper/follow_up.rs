//! What goes on after the passage to 0 mg: scores for four weeks, and support for months. Withdrawal may come late.

use chrono::NaiveDate;

use super::baseline::Baseline;
use super::baseline::since::Month;
use super::level::{Course, Footing};
use super::schedule::follow_up_until;

/// Support should last this long after the last step. "Several months" is all that sources say; the number
/// is ours.
pub const SUPPORT_AFTER_MONTHS: u32 = 3;

/// The month up to which support is wanted.
pub fn support_wanted(nothing_from: NaiveDate) -> Month {
    Month::of(nothing_from).after(SUPPORT_AFTER_MONTHS)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The last day of daily scores; it may be past.
    pub scores_until: NaiveDate,
    pub support: Support,
    /// Nothing is given from this day on.
    pub nothing_from: NaiveDate,
}

/// How the support that the baseline names reaches into the months after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// Long enough.
    Lasts { until: Month, words: String },
    /// It ends, or has ended, before it should.
    EndsEarly { until: Month, words: String },
    /// None; the words say why.
    None { words: String },
    /// The baseline does not say.
    Unknown,
}

/// While scores or support are wanted after 0 mg; none before, and none afterwards.
pub fn follow_up(course: &Course, baseline: Option<&Baseline>, today: NaiveDate) -> Option<FollowUp> {
    let scores_until = follow_up_until(course)?;
    let stage = course.stage_on(today).filter(|stage| stage.step.daily().is_zero())?;
    if !matches!(stage.footing, Footing::Planned | Footing::Stopped) {
        return None;
    }
    let nothing_from = stage.from.on;
    let wanted = support_wanted(nothing_from);
    (today <= scores_until || Month::of(today) <= wanted).then(|| FollowUp {
        scores_until,
        support: support(baseline, wanted),
        nothing_from,
    })
}

fn support(baseline: Option<&Baseline>, wanted: Month) -> Support {
    let Some(known) = baseline.and_then(|known| known.support.as_ref()) else { return Support::Unknown };
    let words = known.words.clone();
    match known.until.filter(|_| known.arranged) {
        None => Support::None { words },
        Some(until) if until < wanted => Support::EndsEarly { until, words },
        Some(until) => Support::Lasts { until, words },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::calendar::parse_day;
    use crate::care::taper::baseline;

    fn said(arranged: bool, until: &str) -> Support {
        let known = baseline::Support { arranged, words: "CBT".into(), until: until.parse().ok() };
        let baseline = Baseline { support: Some(known), ..Baseline::default() };
        support(Some(&baseline), support_wanted(parse_day("2026-11-20").unwrap()))
    }

    #[test]
    fn support_reaches_three_months_beyond_the_last_dose_or_is_said_to_end_early() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        let words = || "CBT".to_owned();
        assert_eq!(said(true, "2027-02"), Support::Lasts { until: month("2027-02"), words: words() });
        assert_eq!(said(true, "2027-01"), Support::EndsEarly { until: month("2027-01"), words: words() });
        assert_eq!(said(false, ""), Support::None { words: words() });
        assert_eq!(support(None, month("2027-02")), Support::Unknown);
    }
}

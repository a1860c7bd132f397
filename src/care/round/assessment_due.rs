//! When a resident in a taper should be scored: before each reduction, after each change of level, and after 0 mg.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::care::calendar::{Slot, Zone, days_after};
use crate::care::taper::level::{Course, Footing, Stage};
use crate::care::taper::plan::Step;

/// A signature rests on a complete score that is not older than this.
pub const FRESH: TimeDelta = TimeDelta::hours(72);

/// So many days ahead somebody may want to know of the next one.
const DAYS_AHEAD: u32 = 28;

/// When a facility wants its residents scored. The days are the longest window of any source (clinical reference 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreRule {
    /// The id of the scale; empty: no scores are asked for.
    pub scale: String,
    /// Every day, for so many days from each change of level on.
    pub change_days: u32,
    /// Every day, for so many days from the first day of 0 mg on.
    pub zero_days: u32,
    /// The time of day from which a score is due.
    pub time: Slot,
}

impl Default for ScoreRule {
    fn default() -> ScoreRule {
        let time = chrono::NaiveTime::from_hms_opt(10, 0, 0).map_or(Slot::MIDNIGHT, Slot::of);
        ScoreRule { scale: String::new(), change_days: 14, zero_days: 28, time }
    }
}

/// What the rule has to know of one taper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watched {
    /// The first day of each level after the baseline, and whether it is 0 mg; in the order of the days.
    pub changes: Vec<(NaiveDate, bool)>,
    /// The first day on which the waiting reduction can be signed, and the day it is due.
    pub signable: Option<(NaiveDate, NaiveDate)>,
}

/// When the resident was last scored on the facility's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastScored {
    /// Complete, or incomplete with a reason.
    pub at: Option<DateTime<Utc>>,
    pub complete_at: Option<DateTime<Utc>>,
}

/// Why a score is wanted, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A reduction may be signed, and is due on a day.
    BeforeReduction { due_on: NaiveDate },
    /// The level changed on a day.
    AfterChange { on: NaiveDate },
    /// 0 mg since a day.
    AfterZero { on: NaiveDate },
}

/// How a score that is wanted stands, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Late,
    Now,
    Next,
}

/// A score that is wanted: the next one, at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssessmentDue {
    pub standing: Standing,
    pub at: DateTime<Utc>,
    pub on: NaiveDate,
    pub why: Why,
}

impl Watched {
    /// A plan that was approved, on its way. An absence is no change of level, nor is a return to the same one.
    pub fn of(course: &Course, sign_ahead_days: u32) -> Watched {
        let decided = |stage: &&Stage| !matches!(stage.footing, Footing::Away | Footing::Undecided);
        let levels: Vec<&Stage> = course.stages.iter().filter(decided).collect();
        let changed = levels.windows(2).filter(|pair| pair[0].step.cycle != pair[1].step.cycle);
        Watched {
            changes: changed.map(|pair| (pair[1].from.on, is_zero(&pair[1].step))).collect(),
            signable: course.opens_on(sign_ahead_days).zip(course.due_on()).filter(|_| may_go_on(course)),
        }
    }
}

fn is_zero(step: &Step) -> bool {
    step.cycle.iter().all(|day| day.daily().is_zero())
}

/// Nothing of the plan waits for somebody else first.
fn may_go_on(course: &Course) -> bool {
    !course.sent_back && course.amendment.is_none() && course.stop_asked.is_none() && course.alarms.is_empty()
}

impl ScoreRule {
    pub fn is_on(&self) -> bool {
        !self.scale.is_empty()
    }

    /// The next score that is wanted of a resident who is here, today or later. One a day is enough, for whatever reason, complete or
    /// not; but a signature still wants a complete one.
    pub fn next_due(
        &self,
        watched: &Watched,
        last: LastScored,
        zone: Zone,
        grace: TimeDelta,
        now: DateTime<Utc>,
    ) -> Option<AssessmentDue> {
        let today = zone.day(now);
        let scored_on = last.at.map(|at| zone.day(at));
        let days = (0..=DAYS_AHEAD).map(|ahead| days_after(today, ahead)).filter(|on| Some(*on) != scored_on);
        let wanted = |on: NaiveDate| {
            let at = zone.at(on, self.time);
            let why = self.why_on(watched, last, on, at.max(now))?;
            Some(AssessmentDue { standing: standing(at, grace, now), at, on, why })
        };
        days.filter(|_| self.is_on()).find_map(wanted)
    }

    fn why_on(&self, watched: &Watched, last: LastScored, on: NaiveDate, at: DateTime<Utc>) -> Option<Why> {
        let fresh = last.complete_at.is_some_and(|scored| at - scored <= FRESH);
        if let Some((_, due_on)) = watched.signable.filter(|(from, _)| *from <= on && !fresh) {
            return Some(Why::BeforeReduction { due_on });
        }
        let (from, zero) = *watched.changes.iter().rfind(|(from, _)| *from <= on)?;
        let (days, why) = match zero {
            true => (self.zero_days, Why::AfterZero { on: from }),
            false => (self.change_days, Why::AfterChange { on: from }),
        };
        ((on - from).num_days() < i64::from(days)).then_some(why)
    }
}

fn standing(at: DateTime<Utc>, grace: TimeDelta, now: DateTime<Utc>) -> Standing {
    if now < at {
        Standing::Next
    } else if now <= at + grace {
        Standing::Now
    } else {
        Standing::Late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00Z").parse().unwrap()
    }

    fn rule() -> ScoreRule {
        ScoreRule { scale: "ciwa-b".to_owned(), ..ScoreRule::default() }
    }

    fn next(watched: &Watched, last: LastScored, now: &str) -> Option<(Standing, NaiveDate, Why)> {
        let due = rule().next_due(watched, last, Zone::UTC, TimeDelta::hours(2), at(now))?;
        Some((due.standing, due.on, due.why))
    }

    fn changed(on: &str, zero: bool) -> Watched {
        Watched { changes: vec![(day(on), zero)], signable: None }
    }

    fn complete(text: &str) -> LastScored {
        LastScored { at: Some(at(text)), complete_at: Some(at(text)) }
    }

    #[test]
    fn a_change_is_followed_for_14_days_and_0_mg_for_28() {
        for (zero, days) in [(false, 14), (true, 28)] {
            let watched = changed("2026-11-01", zero);
            let wanted = |nth: u32| {
                let now = format!("{}T11:00", days_after(day("2026-11-01"), nth));
                next(&watched, LastScored::default(), &now).is_some()
            };
            assert!((0..days).all(wanted), "{days}");
            assert!(!wanted(days), "{days}");
        }
    }

    #[test]
    fn the_day_of_the_change_counts_and_the_day_before_does_not() {
        let watched = changed("2026-11-20", false);
        let why = Why::AfterChange { on: day("2026-11-20") };
        assert_eq!(
            next(&watched, LastScored::default(), "2026-11-19T23:59"),
            Some((Standing::Next, day("2026-11-20"), why))
        );
    }

    #[test]
    fn a_score_is_next_then_now_then_late() {
        let watched = changed("2026-11-20", false);
        let stands = |time: &str| next(&watched, LastScored::default(), &format!("2026-11-20T{time}")).unwrap().0;
        assert_eq!(
            ["09:59", "10:00", "12:00", "12:01"].map(stands),
            [Standing::Next, Standing::Now, Standing::Now, Standing::Late]
        );
    }

    #[test]
    fn one_score_settles_its_day_complete_or_not() {
        let watched = changed("2026-11-20", false);
        let tomorrow = |last| next(&watched, last, "2026-11-20T12:30").unwrap();
        let incomplete = LastScored { at: Some(at("2026-11-20T06:00")), complete_at: None };
        for last in [complete("2026-11-20T06:00"), incomplete] {
            let (standing, on, _) = tomorrow(last);
            assert_eq!((standing, on), (Standing::Next, day("2026-11-21")));
        }
    }

    #[test]
    fn before_a_reduction_a_complete_score_of_72_hours_is_wanted() {
        let signable = Some((day("2026-11-20"), day("2026-11-27")));
        let watched = Watched { signable, ..Watched::default() };
        let why = Why::BeforeReduction { due_on: day("2026-11-27") };
        let on = |last, now| {
            next(&watched, last, now).map(|(standing, on, found)| {
                assert_eq!(found, why);
                (standing, on)
            })
        };
        assert_eq!(on(LastScored::default(), "2026-11-19T11:00"), Some((Standing::Next, day("2026-11-20"))));
        assert_eq!(on(LastScored::default(), "2026-11-20T11:00"), Some((Standing::Now, day("2026-11-20"))));
        let last = complete("2026-11-17T11:00");
        assert_eq!(on(last, "2026-11-20T11:00"), Some((Standing::Next, day("2026-11-21"))), "72 hours to the minute");
        assert_eq!(on(last, "2026-11-20T11:01"), Some((Standing::Now, day("2026-11-20"))));
        let incomplete = LastScored { at: Some(at("2026-11-20T09:00")), ..last };
        assert_eq!(
            on(incomplete, "2026-11-20T11:01"),
            Some((Standing::Next, day("2026-11-21"))),
            "asked again tomorrow"
        );
    }

    #[test]
    fn without_a_scale_nothing_is_wanted() {
        let due = ScoreRule::default().next_due(
            &changed("2026-11-20", true),
            LastScored::default(),
            Zone::UTC,
            TimeDelta::zero(),
            at("2026-11-20T11:00"),
        );
        assert_eq!(due, None);
    }

    #[test]
    fn a_change_back_up_is_watched_like_any_other_and_after_0_mg_the_newest_counts() {
        let watched = Watched { changes: vec![(day("2026-11-01"), true), (day("2026-11-10"), false)], signable: None };
        let why = |now| next(&watched, LastScored::default(), now).map(|(_, _, why)| why);
        assert_eq!(why("2026-11-09T11:00"), Some(Why::AfterZero { on: day("2026-11-01") }));
        assert_eq!(why("2026-11-12T11:00"), Some(Why::AfterChange { on: day("2026-11-10") }));
        assert_eq!(why("2026-11-24T11:00"), None);
    }
}

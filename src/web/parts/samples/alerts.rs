//! An invented taper alert, for the samples of pages that show one.

use super::{administration, dose, now, today};
use crate::care::calendar::days_before;
use crate::care::round::outcome::Outcome;
use crate::care::round::taper_alert::{Because, TaperAlert};
use crate::care::round::vomit::Vomited;
use crate::store::doses::{DoseFile, Fate};
use crate::store::taper_alerts::StandingAlert;

/// Of doses that were not given, one an evening up to yesterday; none: nobody recorded it.
pub fn standing(outcomes: &[Option<Outcome>], note: &str) -> StandingAlert {
    let fate = |(before, outcome): (usize, &Option<Outcome>)| {
        let dose = dose("margit", days_before(today(), 1 + before as u32), "20:00", 750, "approval");
        Fate { standing: outcome.map(|outcome| administration(&dose, outcome, note)), vomited: Vec::new(), dose }
    };
    let mut doses: Vec<Fate> = outcomes.iter().enumerate().map(fate).collect();
    doses.reverse();
    StandingAlert {
        plan: "plan".to_owned(),
        resident: "margit".to_owned(),
        alert: TaperAlert {
            because: [Because::TwoInARow].into(),
            raised_by: doses.last().map_or(now(), |fate| fate.dose.due_at),
            since: now() - chrono::TimeDelta::hours(10),
            doses: doses.iter().map(|fate| fate.dose.id.clone()).collect(),
        },
        doses,
    }
}

/// A quarter of an hour after a dose.
pub fn vomited(dose: &DoseFile, seen: &str) -> Vomited {
    let vomited_at = dose.due_at + chrono::TimeDelta::minutes(15);
    Vomited {
        id: "vomit".to_owned(),
        of_dose: dose.id.clone(),
        vomited_at,
        seen: seen.to_owned(),
        noted_by: "nurse".to_owned(),
        noted_at: vomited_at,
    }
}

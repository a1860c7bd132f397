//! Invented assessments, for the samples of pages that show some.

use chrono::TimeDelta;

use super::now;
use crate::care::scale::Scale;
use crate::care::scale::companions::Pressure;
use crate::care::scale::score::Answers;
use crate::store::assessments::Assessment;

/// Margit’s withdrawal score of a week ago, with so many points.
pub fn assessment(total: i32) -> Assessment {
    let scale = &Scale::ours()[0];
    let mut left = total;
    let next = |(_, item): (&_, &crate::care::scale::Item)| {
        let answer = left.min(4);
        left -= answer;
        (item.id.clone(), answer)
    };
    let answers: Answers = scale.scored().map(next).collect();
    scored(scale, &answers, "")
}

/// One that was broken off.
pub fn incomplete(reason: &str) -> Assessment {
    scored(&Scale::ours()[0], &Answers::from([("irritable".to_owned(), 2)]), reason)
}

fn scored(scale: &Scale, answers: &Answers, reason: &str) -> Assessment {
    let score = scale.score(answers, reason).expect("the samples are well scored");
    let at = now() - TimeDelta::days(7);
    Assessment {
        id: "assessment".to_owned(),
        n: 48_219,
        facility: "alder".to_owned(),
        unit: "willow".to_owned(),
        resident: "margit".to_owned(),
        scale: scale.id.clone(),
        scale_version: scale.version.clone(),
        scale_name: scale.name.clone(),
        items: score.items,
        total: score.total,
        most: score.most,
        band: score.band,
        incomplete_reason: score.incomplete_reason,
        pulse: Some(88),
        pressure: Some(Pressure { systolic: 132, diastolic: 84 }),
        note: String::new(),
        assessed_at: at,
        recorded_at: at,
        recorded_by: "nurse".to_owned(),
    }
}

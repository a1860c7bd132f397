//! P11, told a second time and naively: where residents lived along one line of time, as each move was written down, and
//! that whatever was given left the box of that unit.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use serde_json::Value;
use stepdown::on_either;
use stepdown::store::history::{Fact, FactsAsk, facts_page};

use crate::world::World;

/// Everything that was given, or not, with where its resident lived as the row says it; of a correction, the row before.
const GIVEN: &str = "
    SELECT a.id, a.n, a.resident, a.unit, a.given_at, w.unit AS was_in, w.given_at AS was_at
        FROM administrations a LEFT JOIN administrations w ON w.id = a.corrects
            AND EXISTS (SELECT 1 FROM corrections c WHERE c.administration = w.id AND c.replacement = a.id)
    UNION ALL SELECT id, n, resident, unit, given_at, NULL, NULL FROM as_needed_doses
    UNION ALL SELECT id, n, resident, unit, given_at, NULL, NULL FROM incidents";

#[derive(diesel::QueryableByName)]
struct Given {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Text)]
    resident: String,
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = Timestamp)]
    given_at: NaiveDateTime,
    #[diesel(sql_type = Nullable<Text>)]
    was_in: Option<String>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    was_at: Option<NaiveDateTime>,
}

impl World {
    /// The unit in which a resident lived at an instant, as far as facts below a number tell.
    pub fn lived(&self, resident: &str, then: DateTime<Utc>, below: i64) -> String {
        lived(&self.moves(resident), then, below)
    }

    /// What the history says of where a resident lives, the first first.
    fn moves(&self, resident: &str) -> Vec<Fact> {
        let ask = FactsAsk {
            facility: self.house.facility.id.clone(),
            subject: Some(resident.to_owned()),
            kinds: ["admit_resident", "change_resident", "transfer_resident"].map(str::to_owned).to_vec(),
            limit: i64::MAX,
            ..FactsAsk::default()
        };
        let mut facts = self.read(|conn| facts_page(conn, &ask));
        facts.reverse();
        facts
    }

    /// What was given was given where its resident lived then. A correction that tells of no other time changes nothing of that.
    /// What is given now is given where they live now, though a move lies ahead of a clock that was set back.
    pub fn given_where_they_lived(&self) -> Result<(), String> {
        let given: Vec<Given> = self.read(|conn| Ok(on_either!(conn, |c| diesel::sql_query(GIVEN).load(c))?));
        for resident in &self.house.residents {
            let moves = self.moves(resident);
            for one in given.iter().filter(|one| one.resident == *resident) {
                let same = one.was_at.is_some_and(|was| (one.given_at - was).abs() < TimeDelta::minutes(1));
                let told = one.was_in.clone().filter(|_| same);
                let given_now = self.known.saved.get(&one.id).is_some_and(|now| one.given_at.and_utc() >= *now);
                let then = if given_now { DateTime::<Utc>::MAX_UTC } else { one.given_at.and_utc() };
                let told = told.unwrap_or_else(|| lived(&moves, then, one.n));
                if one.unit != told {
                    let (at, n, unit) = (one.given_at, one.n, &one.unit);
                    return Err(format!("P11: {resident} lived in {told} at {at}, and {n} says {unit}"));
                }
            }
        }
        Ok(())
    }
}

fn lived(facts: &[Fact], then: DateTime<Utc>, below: i64) -> String {
    let mut line: Vec<(DateTime<Utc>, String)> = Vec::new();
    for fact in facts.iter().filter(|fact| fact.n < below) {
        let body: Value = serde_json::from_str(&fact.body).expect("a fact is JSON");
        let text = |path: &str| body.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let moved_at = text("/transfer/moved_at").map(|at| at.parse().expect("an instant"));
        let at = moved_at.unwrap_or(if line.is_empty() { DateTime::UNIX_EPOCH } else { fact.done_at });
        let unit = text("/after/unit").or_else(|| text("/unit")).expect("whoever is taken in lives somewhere");
        if text("/before/unit").as_ref() != Some(&unit) {
            // What was thought of later is not so any more.
            line.retain(|(since, _)| *since < at);
            line.push((at, unit));
        }
    }
    line.into_iter().rfind(|(since, _)| *since <= then).map(|(_, unit)| unit).expect("somebody who was taken in")
}

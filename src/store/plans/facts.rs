//! What was decided about plans: each fact a row, written once.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::care::calendar::{Moment, Slot};
use crate::care::taper::fact::{PlanAct, PlanFact, Telephone};
use crate::care::taper::plan::Plan;
use crate::on_either;
use crate::store::db::Conn;
use crate::store::schema::plan_facts;
use crate::store::{StoreError, small};

/// Without what was on the screen, which is long and seldom asked for.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_facts, treat_none_as_default_value = false)]
struct FactRow {
    id: String,
    plan: String,
    seq: i64,
    kind: String,
    version: i64,
    n: Option<i64>,
    step: Option<i64>,
    effective_on: Option<NaiveDate>,
    from_slot: Option<String>,
    reassess_on: Option<NaiveDate>,
    about: Option<String>,
    said: Option<bool>,
    regimen: Option<String>,
    rationale: String,
    ordered_by: Option<String>,
    called_at: Option<NaiveDateTime>,
    heard_by: Option<String>,
    decided_by: String,
    decided_at: NaiveDateTime,
    decided_on: NaiveDate,
    ahead_on: Option<NaiveDate>,
    ahead_slot: Option<String>,
}

impl TryFrom<FactRow> for PlanFact {
    type Error = StoreError;
    fn try_from(row: FactRow) -> Result<PlanFact, StoreError> {
        let act = row.act()?.ok_or_else(|| StoreError::Corrupt(format!("plan fact {}", row.id)))?;
        let called = row.ordered_by.zip(row.called_at).zip(row.heard_by);
        let telephone = called.map(|((prescriber, called_at), heard_by)| Telephone {
            prescriber,
            called_at: called_at.and_utc(),
            heard_by,
        });
        let (seq, at, on) = (small(row.seq)?, row.decided_at.and_utc(), row.decided_on);
        let ahead_from = moment(row.ahead_on, row.ahead_slot.as_deref());
        let (by, rationale) = (row.decided_by, row.rationale);
        Ok(PlanFact { id: row.id, seq, by, at, on, ahead_from, rationale, telephone, act })
    }
}

impl FactRow {
    /// None where a column that its kind needs is missing.
    fn act(&self) -> Result<Option<PlanAct>, StoreError> {
        let version = small(self.version)?;
        let n = self.n.map(small).transpose()?;
        let step = self.step.map(small).transpose()?;
        Ok(match self.kind.as_str() {
            "approved" => Some(PlanAct::Approved { version }),
            "amended" => Some(PlanAct::Amended { version }),
            "dropped" => Some(PlanAct::Dropped { version }),
            "held" => n.zip(self.reassess_on).map(|(n, reassess_on)| PlanAct::Held { n, reassess_on }),
            "hold_ended" => n.map(|n| PlanAct::HoldEnded { n }),
            "returned" => n.map(|n| PlanAct::Returned { n }),
            "withdrawn" => n.map(|n| PlanAct::Withdrawn { n }),
            "paused" => n.map(|n| PlanAct::Paused { n }),
            "stop_asked" => Some(PlanAct::StopAsked),
            "stop_declined" => Some(PlanAct::StopDeclined),
            "finished" => Some(PlanAct::Finished),
            "signed" => {
                let to = n.zip(step).zip(self.effective_on);
                to.map(|((n, step), effective_on)| PlanAct::Signed { n, step, effective_on })
            }
            "stepped_back" => step.zip(self.from()).map(|(step, from)| PlanAct::SteppedBack { step, from }),
            "stopped" => self.from().map(|from| PlanAct::Stopped { from }),
            "ordered" => {
                let regimen = self.regimen.as_deref().and_then(|text| serde_json::from_str(text).ok());
                regimen.zip(self.from()).map(|(regimen, from)| PlanAct::Ordered { regimen, from })
            }
            _ => self.act_about(),
        })
    }

    /// The kinds that are about a severe sign, an absence or an order.
    fn act_about(&self) -> Option<PlanAct> {
        let about = self.about.clone()?;
        match self.kind.as_str() {
            "reviewed" => Some(PlanAct::Reviewed { of: about }),
            "affirmed" => Some(PlanAct::Affirmed { of: about }),
            "released" => Some(PlanAct::Released { sign: about }),
            "alarmed" => self.said.map(|withhold| PlanAct::Alarmed { sign: about, withhold }),
            "left" => self.from().map(|from| PlanAct::Left { absence: about, from }),
            "came_back" => {
                let back = self.from().zip(self.said);
                back.map(|(from, settled)| PlanAct::CameBack { absence: about, from, settled })
            }
            _ => None,
        }
    }

    fn from(&self) -> Option<Moment> {
        moment(self.effective_on, self.from_slot.as_deref())
    }
}

fn moment(on: Option<NaiveDate>, slot: Option<&str>) -> Option<Moment> {
    let slot: Slot = slot?.parse().ok()?;
    on.map(|on| Moment { on, slot })
}

/// The columns that only some kinds have.
#[derive(Default)]
struct Columns {
    step: Option<u32>,
    reassess_on: Option<NaiveDate>,
    about: Option<String>,
    said: Option<bool>,
    regimen: Option<String>,
}

impl Columns {
    fn of(act: &PlanAct) -> Columns {
        let none = Columns::default();
        match act.clone() {
            PlanAct::Signed { step, .. } | PlanAct::SteppedBack { step, .. } => Columns { step: Some(step), ..none },
            PlanAct::Held { reassess_on, .. } => Columns { reassess_on: Some(reassess_on), ..none },
            PlanAct::Ordered { regimen, .. } => {
                let text = serde_json::to_string(&regimen).expect("a regimen is JSON");
                Columns { regimen: Some(text), ..none }
            }
            PlanAct::Reviewed { of: about }
            | PlanAct::Affirmed { of: about }
            | PlanAct::Released { sign: about }
            | PlanAct::Left { absence: about, .. } => Columns { about: Some(about), ..none },
            PlanAct::Alarmed { sign: about, withhold: said }
            | PlanAct::CameBack { absence: about, settled: said, .. } => {
                Columns { about: Some(about), said: Some(said), ..none }
            }
            _ => none,
        }
    }
}

/// Writes a fact down. Its place in the order is unique, so of two rivals one has to look again.
pub fn plan_fact_insert(conn: &mut Conn, plan: &Plan, fact: &PlanFact, statement: &str) -> Result<(), StoreError> {
    let columns = Columns::of(&fact.act);
    let from = fact.act.from();
    let at_a_slot = !matches!(fact.act, PlanAct::Signed { .. });
    let row = FactRow {
        id: fact.id.clone(),
        plan: plan.id.clone(),
        seq: i64::from(fact.seq),
        kind: fact.act.kind().to_owned(),
        version: i64::from(fact.act.version().unwrap_or(plan.version)),
        n: fact.act.n().map(i64::from),
        step: columns.step.map(i64::from),
        effective_on: from.map(|from| from.on),
        from_slot: from.filter(|_| at_a_slot).map(|from| from.slot.to_string()),
        reassess_on: columns.reassess_on,
        about: columns.about,
        said: columns.said,
        regimen: columns.regimen,
        rationale: fact.rationale.clone(),
        ordered_by: fact.telephone.as_ref().map(|order| order.prescriber.clone()),
        called_at: fact.telephone.as_ref().map(|order| order.called_at.naive_utc()),
        heard_by: fact.telephone.as_ref().map(|order| order.heard_by.clone()),
        decided_by: fact.by.clone(),
        decided_at: fact.at.naive_utc(),
        decided_on: fact.on,
        ahead_on: fact.ahead_from.map(|from| from.on),
        ahead_slot: fact.ahead_from.map(|from| from.slot.to_string()),
    };
    on_either!(conn, |c| diesel::insert_into(plan_facts::table)
        .values((&row, plan_facts::statement.eq(statement)))
        .execute(c))?;
    Ok(())
}

/// The fact with an id, and its plan.
pub fn plan_fact_find(conn: &mut Conn, id: &str) -> Result<Option<(String, PlanFact)>, StoreError> {
    let row: Option<FactRow> = plan_facts::table.find(id).select(FactRow::as_select()).first(conn).optional()?;
    row.map(|row| Ok((row.plan.clone(), row.try_into()?))).transpose()
}

/// The facts of some plans, by the plans' ids, in their order.
pub(super) fn facts_of(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, Vec<PlanFact>>, StoreError> {
    let rows: Vec<FactRow> = plan_facts::table
        .filter(plan_facts::plan.eq_any(ids))
        .order((plan_facts::plan, plan_facts::seq))
        .select(FactRow::as_select())
        .load(conn)?;
    let mut facts: HashMap<String, Vec<PlanFact>> = HashMap::new();
    for row in rows {
        facts.entry(row.plan.clone()).or_default().push(row.try_into()?);
    }
    Ok(facts)
}

/// What was on the screen when a fact was decided: JSON, empty where nothing was kept.
pub fn statement_load(conn: &mut Conn, fact: &str) -> Result<String, StoreError> {
    Ok(plan_facts::table.find(fact).select(plan_facts::statement).first(conn)?)
}

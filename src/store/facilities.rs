//! Facilities, their units, and what stands on their shelves.

mod witnessed;

use std::collections::HashMap;

use diesel::prelude::*;

use super::db::Conn;
use super::schema::{facilities, plans, stocked_products, units};
use super::{StoreError, point, small};
use crate::care::calendar::Slot;
use crate::care::facility::{Emergency, Facility, Unit};
use crate::care::gradual::rules::{Between, GradualRules};
use crate::care::medicine::product::{Product, Products};
use crate::care::medicine::shelves::Shelves;
use crate::care::medicine::tablets::Shelf;
use crate::care::register::{HeldBy, RegisterRules};
use crate::care::round::assessment_due::ScoreRule;
use crate::care::round::due::Windows;
use crate::care::round::identity::asked::Identify;
use crate::care::round::sedation::SedationRule;
use crate::care::taper::plan::Medicine;
use crate::on_either;

#[derive(Queryable)]
pub(super) struct FacilityRow {
    id: String,
    name: String,
    zone: String,
    early_minutes: i64,
    late_minutes: i64,
    no_record_minutes: i64,
    horizon_days: i64,
    sign_ahead_days: i64,
    idle_minutes: i64,
    mail_from: String,
    revision: i64,
    gradual_attempts: i64,
    gradual_quarters: bool,
    gradual_between_days: i64,
    gradual_yearly: bool,
    gradual_contraindication_days: i64,
    effect_minutes: i64,
    score_scale: String,
    score_change_days: i64,
    score_zero_days: i64,
    score_time: String,
    sedation_asked: bool,
    sedation_withhold: i64,
    away_days: i64,
    emergency_number: String,
    emergency_contact: String,
    register_holder: String,
    witnessed: String,
    correction_hours: i64,
    identify: String,
}

impl FacilityRow {
    fn register(&self) -> Result<RegisterRules, StoreError> {
        let corrupt = || StoreError::Corrupt(format!("register of facility {}", self.id));
        let (witness, witness_of) = witnessed::read(&self.witnessed).ok_or_else(corrupt)?;
        let held_by = HeldBy::of_word(&self.register_holder).ok_or_else(corrupt)?;
        Ok(RegisterRules { held_by, witness, witness_of })
    }

    fn gradual(&self) -> Result<GradualRules, StoreError> {
        let between = small(self.gradual_between_days)?;
        Ok(GradualRules {
            attempts: small(self.gradual_attempts)?,
            quarters_differ: self.gradual_quarters,
            between: if between == 0 { Between::Month } else { Between::Days(between) },
            yearly: self.gradual_yearly,
            contraindication_days: small(self.gradual_contraindication_days)?,
        })
    }
}

impl TryFrom<FacilityRow> for Facility {
    type Error = StoreError;
    fn try_from(row: FacilityRow) -> Result<Facility, StoreError> {
        let zone = row.zone.parse().map_err(|_| StoreError::Corrupt(format!("zone of facility {}", row.id)))?;
        let windows = Windows { early_minutes: small(row.early_minutes)?, late_minutes: small(row.late_minutes)? };
        let time = row.score_time.parse().map_err(|_| StoreError::Corrupt(format!("clock of facility {}", row.id)))?;
        let register = row.register()?;
        let identify = Identify::of_word(&row.identify)
            .ok_or_else(|| StoreError::Corrupt(format!("identifiers of facility {}", row.id)))?;
        Ok(Facility {
            zone,
            windows,
            gradual: row.gradual()?,
            scores: ScoreRule {
                scale: row.score_scale,
                change_days: small(row.score_change_days)?,
                zero_days: small(row.score_zero_days)?,
                time,
            },
            sedation: SedationRule { asked: row.sedation_asked, withhold: point(row.sedation_withhold)? },
            no_record_minutes: small(row.no_record_minutes)?,
            horizon_days: small(row.horizon_days)?,
            sign_ahead_days: small(row.sign_ahead_days)?,
            idle_minutes: small(row.idle_minutes)?,
            effect_minutes: small(row.effect_minutes)?,
            away_days: small(row.away_days)?,
            correction_hours: small(row.correction_hours)?,
            register,
            identify,
            emergency: Emergency { number: row.emergency_number, contact: row.emergency_contact },
            id: row.id,
            name: row.name,
            mail_from: row.mail_from,
            revision: row.revision,
        })
    }
}

#[derive(Queryable)]
struct UnitRow {
    id: String,
    facility: String,
    name: String,
    mailbox: String,
    rounds: String,
    revision: i64,
}

impl TryFrom<UnitRow> for Unit {
    type Error = StoreError;
    fn try_from(row: UnitRow) -> Result<Unit, StoreError> {
        let rounds: Result<Vec<Slot>, _> = row.rounds.split_whitespace().map(str::parse).collect();
        let rounds = rounds.map_err(|_| StoreError::Corrupt(format!("rounds of unit {}", row.id)))?;
        Ok(Unit {
            id: row.id,
            facility: row.facility,
            name: row.name,
            mailbox: row.mailbox,
            rounds,
            revision: row.revision,
        })
    }
}

/// One facility; must exist.
pub fn facility_load(conn: &mut Conn, id: &str) -> Result<Facility, StoreError> {
    facilities::table.find(id).first::<FacilityRow>(conn)?.try_into()
}

/// Touching the row makes rivals over one facility wait for each other.
pub fn facility_hold(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    diesel::update(facilities::table.find(id)).set(facilities::name.eq(facilities::name)).execute(conn)?;
    Ok(())
}

/// The ids of all facilities, also in a database that is still to be migrated.
pub fn facility_ids(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(facilities::table.order(facilities::id).select(facilities::id).load(conn)?)
}

/// Every facility, in the order of their ids.
pub fn facilities_all(conn: &mut Conn) -> Result<Vec<Facility>, StoreError> {
    let rows: Vec<FacilityRow> = facilities::table.order(facilities::id).load(conn)?;
    rows.into_iter().map(Facility::try_from).collect()
}

/// A new facility with the settings it was given.
pub fn facility_insert(conn: &mut Conn, facility: &Facility) -> Result<(), StoreError> {
    diesel::insert_into(facilities::table)
        .values((facilities::id.eq(&facility.id), facilities::revision.eq(0), settings_of(facility)))
        .execute(conn)?;
    Ok(())
}

/// New settings, if nobody changed them since they were read.
pub fn facility_change(conn: &mut Conn, facility: &Facility) -> Result<(), StoreError> {
    let unmoved = facilities::table.find(&facility.id).filter(facilities::revision.eq(facility.revision));
    let moved = diesel::update(unmoved)
        .set((facilities::revision.eq(facility.revision + 1), settings_of(facility)))
        .execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

type Setting<C, V> = diesel::dsl::Eq<C, V>;
type Settings<'a> = (
    Setting<facilities::name, &'a str>,
    Setting<facilities::zone, &'static str>,
    Setting<facilities::early_minutes, i64>,
    Setting<facilities::late_minutes, i64>,
    Setting<facilities::no_record_minutes, i64>,
    Setting<facilities::horizon_days, i64>,
    Setting<facilities::sign_ahead_days, i64>,
    Setting<facilities::idle_minutes, i64>,
    Setting<facilities::mail_from, &'a str>,
    Setting<facilities::effect_minutes, i64>,
    Setting<facilities::away_days, i64>,
    Setting<facilities::emergency_number, &'a str>,
    Setting<facilities::emergency_contact, &'a str>,
    GradualSettings,
    ScoreSettings<'a>,
    RegisterSettings,
);
type GradualSettings = (
    Setting<facilities::gradual_attempts, i64>,
    Setting<facilities::gradual_quarters, bool>,
    Setting<facilities::gradual_between_days, i64>,
    Setting<facilities::gradual_yearly, bool>,
    Setting<facilities::gradual_contraindication_days, i64>,
);
type ScoreSettings<'a> = (
    Setting<facilities::score_scale, &'a str>,
    Setting<facilities::score_change_days, i64>,
    Setting<facilities::score_zero_days, i64>,
    Setting<facilities::score_time, String>,
    Setting<facilities::sedation_asked, bool>,
    Setting<facilities::sedation_withhold, i64>,
    Setting<facilities::identify, &'static str>,
);

type RegisterSettings = (
    Setting<facilities::register_holder, &'static str>,
    Setting<facilities::witnessed, String>,
    Setting<facilities::correction_hours, i64>,
);

fn settings_of(facility: &Facility) -> Settings<'_> {
    (
        facilities::name.eq(facility.name.as_str()),
        facilities::zone.eq(facility.zone.name()),
        facilities::early_minutes.eq(i64::from(facility.windows.early_minutes)),
        facilities::late_minutes.eq(i64::from(facility.windows.late_minutes)),
        facilities::no_record_minutes.eq(i64::from(facility.no_record_minutes)),
        facilities::horizon_days.eq(i64::from(facility.horizon_days)),
        facilities::sign_ahead_days.eq(i64::from(facility.sign_ahead_days)),
        facilities::idle_minutes.eq(i64::from(facility.idle_minutes)),
        facilities::mail_from.eq(facility.mail_from.as_str()),
        facilities::effect_minutes.eq(i64::from(facility.effect_minutes)),
        facilities::away_days.eq(i64::from(facility.away_days)),
        facilities::emergency_number.eq(facility.emergency.number.as_str()),
        facilities::emergency_contact.eq(facility.emergency.contact.as_str()),
        gradual_settings_of(&facility.gradual),
        score_settings_of(facility),
        register_settings_of(facility),
    )
}

fn gradual_settings_of(rules: &GradualRules) -> GradualSettings {
    let between = if let Between::Days(days) = rules.between { days } else { 0 };
    (
        facilities::gradual_attempts.eq(i64::from(rules.attempts)),
        facilities::gradual_quarters.eq(rules.quarters_differ),
        facilities::gradual_between_days.eq(i64::from(between)),
        facilities::gradual_yearly.eq(rules.yearly),
        facilities::gradual_contraindication_days.eq(i64::from(rules.contraindication_days)),
    )
}

fn score_settings_of(Facility { scores, sedation, identify, .. }: &Facility) -> ScoreSettings<'_> {
    (
        facilities::score_scale.eq(scores.scale.as_str()),
        facilities::score_change_days.eq(i64::from(scores.change_days)),
        facilities::score_zero_days.eq(i64::from(scores.zero_days)),
        facilities::score_time.eq(scores.time.to_string()),
        facilities::sedation_asked.eq(sedation.asked),
        facilities::sedation_withhold.eq(i64::from(sedation.withhold)),
        facilities::identify.eq(identify.word()),
    )
}

fn register_settings_of(facility: &Facility) -> RegisterSettings {
    let rules = &facility.register;
    (
        facilities::register_holder.eq(rules.held_by.word()),
        facilities::witnessed.eq(witnessed::text(rules)),
        facilities::correction_hours.eq(i64::from(facility.correction_hours)),
    )
}

/// A unit of some facilities with its own: the one asked for, or the first where none is.
pub fn unit_chosen(conn: &mut Conn, mine: &[Facility], asked: Option<&str>) -> Result<(Facility, Unit), StoreError> {
    for facility in mine {
        let units = units_of(conn, &facility.id)?;
        if let Some(unit) = units.into_iter().find(|unit| asked.is_none_or(|id| unit.id == id)) {
            return Ok((facility.clone(), unit));
        }
    }
    Err(StoreError::Missing)
}

/// One unit; must exist.
pub fn unit_load(conn: &mut Conn, id: &str) -> Result<Unit, StoreError> {
    units::table.find(id).first::<UnitRow>(conn)?.try_into()
}

/// The units of a facility, in the order of their names.
pub fn units_of(conn: &mut Conn, facility: &str) -> Result<Vec<Unit>, StoreError> {
    let rows: Vec<UnitRow> = units::table.filter(units::facility.eq(facility)).order(units::name).load(conn)?;
    rows.into_iter().map(Unit::try_from).collect()
}

/// A new unit.
pub fn unit_insert(conn: &mut Conn, unit: &Unit) -> Result<(), StoreError> {
    diesel::insert_into(units::table)
        .values((
            units::id.eq(&unit.id),
            units::facility.eq(&unit.facility),
            units::name.eq(&unit.name),
            units::mailbox.eq(&unit.mailbox),
            units::rounds.eq(rounds_text(unit)),
            units::revision.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// A unit as it was edited, if nobody changed it since it was read.
pub fn unit_change(conn: &mut Conn, unit: &Unit) -> Result<(), StoreError> {
    let unmoved = units::table.find(&unit.id).filter(units::revision.eq(unit.revision));
    let moved = diesel::update(unmoved)
        .set((
            units::name.eq(&unit.name),
            units::mailbox.eq(&unit.mailbox),
            units::rounds.eq(rounds_text(unit)),
            units::revision.eq(unit.revision + 1),
        ))
        .execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

fn rounds_text(unit: &Unit) -> String {
    let rounds: Vec<String> = unit.rounds.iter().map(Slot::to_string).collect();
    rounds.join(" ")
}

/// The products a facility stocks, by their codes, and whether each is halved there.
pub fn stock_of(conn: &mut Conn, facility: &str) -> Result<Vec<(String, bool)>, StoreError> {
    let stocked = stocked_products::table
        .filter(stocked_products::facility.eq(facility))
        .order(stocked_products::product)
        .select((stocked_products::product, stocked_products::halved));
    Ok(on_either!(conn, |c| stocked.load(c))?)
}

/// The whole list of what a facility stocks, in place of what it was.
pub fn stock_replace(conn: &mut Conn, facility: &str, stock: &[(String, bool)]) -> Result<(), StoreError> {
    diesel::delete(stocked_products::table.filter(stocked_products::facility.eq(facility))).execute(conn)?;
    let row = |(product, halved): &(String, bool)| {
        let of = stocked_products::facility.eq(facility.to_owned());
        (of, stocked_products::product.eq(product.clone()), stocked_products::halved.eq(*halved))
    };
    let rows: Vec<_> = stock.iter().map(row).collect();
    on_either!(conn, |c| diesel::insert_into(stocked_products::table).values(&rows).execute(c))?;
    Ok(())
}

/// What a facility makes its doses from, by medicine: one question for a whole plan or round.
pub fn shelves_load(conn: &mut Conn, facility: &str) -> Result<Shelves, StoreError> {
    let mut stocked: HashMap<Medicine, Vec<(Product, bool)>> = HashMap::new();
    for (code, halved) in stock_of(conn, facility)? {
        if let Some(product) = Products::ours().product(&code) {
            stocked.entry(product.medicine.clone()).or_default().push((product.clone(), halved));
        }
    }
    Ok(stocked.into_iter().map(|(medicine, products)| (medicine, Shelf::of(products))).collect())
}

/// The medicines that anybody may have been given: those that a facility stocks, and then all others that are known.
pub fn medicines_known(conn: &mut Conn, facility: &str) -> Result<Vec<Medicine>, StoreError> {
    let stocked: Vec<Medicine> = shelves_load(conn, facility)?.medicines().cloned().collect();
    let others = Products::ours().medicines().into_iter().filter(|one| !stocked.contains(one)).cloned();
    Ok(stocked.iter().cloned().chain(others).collect())
}

/// What a facility makes the doses of a medicine from. A code that no product has any more is left out.
pub fn shelf_load(conn: &mut Conn, facility: &str, medicine: &Medicine) -> Result<Shelf, StoreError> {
    let stock = stock_of(conn, facility)?;
    let products = Products::ours();
    let stocked = stock.into_iter().filter_map(|(code, halved)| Some((products.product(&code)?.clone(), halved)));
    Ok(Shelf::of(stocked.filter(|(product, _)| product.medicine == *medicine)))
}

/// Whether any plan of a facility is running.
pub fn has_running_plans(conn: &mut Conn, facility: &str) -> Result<bool, StoreError> {
    let running = plans::table.filter(plans::facility.eq(facility).and(plans::state.eq("running")));
    let first: Option<String> = running.select(plans::id).first(conn).optional()?;
    Ok(first.is_some())
}

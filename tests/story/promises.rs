//! The promises that rows keep among themselves, asked of the database as it lies there.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::RunQueryDsl;
use stepdown::acts::ActError;
use stepdown::care::amount::Amount;
use stepdown::care::calendar::days_before;
use stepdown::on_either;
use stepdown::store::as_needed::{dose_find, order_load};
use stepdown::store::downtime::pack_load;
use stepdown::store::facilities::unit_load;
use stepdown::store::history::{Proof, facts_verify};
use stepdown::store::registers::day_load;
use stepdown::store::taper_alerts::alerts_load;
use stepdown::store::{Conn, StoreError};

use crate::founding::{MEDICINES, surname};
use crate::page::{Claim, Page};
use crate::world::World;

/// What must be counted as none, by promise.
const NONE: [(&str, &str); 13] = [
    ("P6: two records of a dose stand", "
        SELECT count(*) AS n FROM (SELECT a.dose FROM administrations a
            WHERE NOT EXISTS (SELECT 1 FROM corrections c WHERE c.administration = a.id)
            GROUP BY a.dose HAVING count(*) > 1) t"),
    ("P6: a dose says it is recorded and is not, or the other way round", "
        SELECT count(*) AS n FROM doses d WHERE d.recorded <> EXISTS (SELECT 1 FROM administrations a
            WHERE a.dose = d.id AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.administration = a.id))"),
    ("P8: a witness is the one who acts", "
        SELECT (SELECT count(*) FROM administrations WHERE witnessed_by = recorded_by)
             + (SELECT count(*) FROM as_needed_doses WHERE witnessed_by = recorded_by)
             + (SELECT count(*) FROM register_entries WHERE witnessed_by = entered_by)
             + (SELECT count(*) FROM register_counts WHERE witnessed_by = counted_by) AS n"),
    ("P10: what was taken does not add up to what was given", "
        SELECT count(*) AS n FROM (SELECT a.id, a.given_ug, sum(-e.parts * CASE r.product
                WHEN '197527' THEN 250 WHEN '197528' THEN 500 WHEN '349194' THEN 62.5
                WHEN '197900' THEN 250 WHEN '197901' THEN 500 END) AS taken
            FROM administrations a JOIN register_entries e ON e.administration = a.id AND e.kind = 'given'
            JOIN registers r ON r.id = e.register GROUP BY a.id, a.given_ug) t
        WHERE t.taken > t.given_ug + 250"),
    ("P11: a balance is not the sum of its entries", "
        SELECT count(*) AS n FROM registers r WHERE r.balance <>
            (SELECT coalesce(sum(e.parts), 0) FROM register_entries e WHERE e.register = r.id)"),
    ("P11: a register is below nothing without an open difference", "
        SELECT count(*) AS n FROM registers r WHERE r.balance + r.open_difference < 0"),
    ("P11: open differences do not add up", "
        SELECT count(*) AS n FROM registers r WHERE r.open_difference <> (SELECT coalesce(sum(d.difference), 0)
            FROM discrepancies d LEFT JOIN discrepancy_endings x ON x.discrepancy = d.id
            WHERE d.register = r.id AND x.id IS NULL)"),
    ("P11: entries are not numbered without a gap", "
        SELECT count(*) AS n FROM registers r WHERE r.last_seq <>
            (SELECT count(DISTINCT e.seq) FROM register_entries e WHERE e.register = r.id)"),
    ("P11: what was given left the box of another unit than the one it was given in", "
        SELECT count(*) AS n FROM register_entries e JOIN registers r ON r.id = e.register
            LEFT JOIN administrations a ON a.id = e.administration LEFT JOIN as_needed_doses d ON d.id = e.as_needed_dose
            LEFT JOIN incidents i ON i.id = e.incident
            WHERE r.unit IS NOT NULL AND r.unit <> coalesce(a.unit, d.unit, i.unit)"),
    ("P12: two letters of one subject, kind and recipient", "
        SELECT count(*) AS n FROM (SELECT 1 AS one FROM letters GROUP BY subject, kind, recipient HAVING count(*) > 1) t"),
    ("P16: the history of a resident runs backwards", "
        SELECT count(*) AS n FROM (SELECT done_at, lag(done_at) OVER (PARTITION BY resident ORDER BY n) AS before
            FROM history WHERE resident IS NOT NULL AND kind IN ('record_dose', 'correct_dose', 'record_as_needed',
            'record_assessment', 'record_incident', 'note_vomit')) t WHERE t.done_at < t.before"),
    ("P17: two running plans of one resident and medicine", "
        SELECT count(*) AS n FROM (SELECT 1 AS one FROM plan_medicines WHERE running GROUP BY resident, medicine
            HAVING count(*) > 1) t"),
    ("P15: the history has a gap", "SELECT max(n) - count(*) AS n FROM history"),
];

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

fn counted(conn: &mut Conn, sql: &str) -> Result<i64, StoreError> {
    let found: Count = on_either!(conn, |c| diesel::sql_query(sql).get_result(c))?;
    Ok(found.n)
}

#[derive(diesel::QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    said: String,
}

/// Tables whose rows never change, with what identifies a row.
const WRITTEN_ONCE: [&str; 24] = [
    "administrations",
    "corrections",
    "plan_facts",
    "assessments",
    "register_entries",
    "register_counts",
    "discrepancies",
    "discrepancy_endings",
    "as_needed_doses",
    "as_needed_strikes",
    "as_needed_effects",
    "incidents",
    "severe_signs",
    "absences",
    "absence_ends",
    "as_needed_ends",
    "days_looked_through",
    "gradual_notes",
    "incident_answers",
    "incident_strikes",
    "severe_sign_acknowledgements",
    "severe_sign_releases",
    "taper_alert_acknowledgements",
    "vomits",
];

/// P7: rows as they were when they were first seen.
#[derive(Default, Clone)]
pub struct Kept(BTreeMap<(&'static str, String), String>);

impl Kept {
    /// P9, asked when an as-needed dose was answered "saved".
    pub fn after(&self, world: &World, page: &Page) -> Result<(), String> {
        let Claim::AsNeeded { of_order } = &page.claim else { return Ok(()) };
        let (dose, order) = world.read(|conn| Ok((dose_find(conn, &page.form)?, order_load(conn, of_order)?.order)));
        let dose = dose.ok_or_else(|| format!("P15: {page:?} was saved, and there is no dose"))?;
        let (until, from) = (dose.given_at, dose.given_at - TimeDelta::hours(24));
        let text = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S").to_string();
        let medicine = &order.medicine.0;
        let span = format!("medicine = '{medicine}' AND given_at > '{}' AND given_at <= '{}'", text(from), text(until));
        let sql = format!(
            "
            SELECT CAST((SELECT coalesce(sum(given_ug), 0) FROM as_needed_doses d WHERE resident = '{0}' AND {span}
                AND NOT EXISTS (SELECT 1 FROM as_needed_strikes s WHERE s.of_dose = d.id))
                + (SELECT coalesce(sum(given_ug), 0) FROM administrations a WHERE resident = '{0}' AND {span}
                AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.administration = a.id)) AS BIGINT) AS n",
            order.resident
        );
        let taken = Amount::from_ug(world.read(|conn| counted(conn, &sql)).unsigned_abs());
        if taken > order.most {
            return Err(format!(
                "P9: {page:?} was saved, and {taken} were taken in 24 hours of at most {}",
                order.most
            ));
        }
        Ok(())
    }

    /// P7: nothing that was written is changed or gone.
    fn nothing_changed(&mut self, conn: &mut Conn) -> Result<Result<(), String>, StoreError> {
        let mut gone: BTreeMap<_, _> = std::mem::take(&mut self.0);
        for table in WRITTEN_ONCE {
            for Text { id, said } in rows(conn, table)? {
                let key = (table, id);
                if let Some(was) = gone.remove(&key).filter(|was| *was != said) {
                    return Ok(Err(format!("P7: {key:?} was {was}, and is {said}")));
                }
                self.0.insert(key, said);
            }
        }
        Ok(gone.into_iter().next().map_or(Ok(()), |(key, was)| Err(format!("P7: {key:?} is gone, and was {was}"))))
    }
}

/// The rows of a table as JSON.
fn rows(conn: &mut Conn, table: &str) -> Result<Vec<Text>, StoreError> {
    let columns = match conn {
        Conn::Sqlite(conn) => {
            let sql = format!("SELECT name AS id, '' AS said FROM pragma_table_info('{table}')");
            let names: Vec<Text> = diesel::sql_query(sql).load(conn)?;
            let all: Vec<String> = names.iter().map(|one| format!("'{0}', \"{0}\"", one.id)).collect();
            format!("json_object({})", all.join(", "))
        }
        Conn::Postgres(_) => "row_to_json(t)::text".to_owned(),
    };
    let sql = format!("SELECT id, {columns} AS said FROM {table} t");
    Ok(on_either!(conn, |c| diesel::sql_query(&sql).load(c))?)
}

impl World {
    /// Everything that can be asked of the rows.
    pub fn promises_hold(&mut self) {
        for (promise, sql) in NONE {
            let found = self.read(|conn| counted(conn, sql));
            let held = if found == 0 { Ok(()) } else { Err(format!("{promise} ({found})")) };
            self.must(held);
        }
        let named = self.no_name_in_a_letter();
        self.must(named);
        let seen = self.marks_hide_no_alert();
        self.must(seen);
        let (printed, agree) = (self.packs_print_what_is_there(), self.registers_agree());
        self.must(printed);
        self.must(agree);
        let lived = self.given_where_they_lived();
        self.must(lived);
        let mut kept = std::mem::take(&mut self.kept);
        let unchanged = self.read(|conn| kept.nothing_changed(conn));
        self.kept = kept;
        self.must(unchanged);
        for resident in self.house.residents.clone() {
            let followed = self.follow_plans_of(&resident);
            self.must(followed);
        }
    }

    /// P7: the history is the chain that was written, from its first fact to its last.
    pub fn chain_stands(&mut self) {
        let walked =
            self.read(|conn| Ok(facts_verify(conn, &Proof::default())?.map_err(|fault| format!("P7: {fault}"))));
        self.must(walked.map(|_| ()));
    }

    /// A downtime pack prints exactly the doses that lie ready for its unit, each with its amount.
    fn packs_print_what_is_there(&self) -> Result<(), String> {
        let (facility, now) = (&self.house.facility, self.clock.now());
        for unit in &self.house.units {
            let text = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S").to_string();
            let (from, until) = (text(now - TimeDelta::hours(24)), text(now + TimeDelta::hours(72)));
            let sql = format!(
                "SELECT d.id, CAST(d.amount_ug AS TEXT) AS said FROM doses d JOIN residents r ON r.id = d.resident
                    WHERE r.unit = '{unit}' AND NOT d.void AND NOT d.recorded AND (d.amount_ug > 0 OR d.undecided)
                    AND d.due_at >= '{from}' AND d.due_at <= '{until}'"
            );
            let (pack, ready) = self.read(|conn| {
                let found = unit_load(conn, unit)?;
                let ready: Vec<Text> = on_either!(conn, |c| diesel::sql_query(&sql).load(c))?;
                Ok((pack_load(conn, facility, &found, now)?, ready))
            });
            let doses = || pack.beds.iter().flat_map(|bed| &bed.doses);
            let printed: BTreeMap<_, _> = doses().map(|dose| (dose.id.clone(), dose.amount.ug().to_string())).collect();
            let ready: BTreeMap<_, _> = ready.into_iter().map(|row| (row.id, row.said)).collect();
            if printed != ready {
                let rows = self.read(|conn| rows(conn, "doses"));
                let differs = |id: &String| printed.get(id) != ready.get(id);
                let of_pack = doses().filter(|dose| differs(&dose.id)).map(|dose| format!("printed: {dose:?}"));
                let of_rows = rows.iter().filter(|row| differs(&row.id)).map(|row| format!("row: {}", row.said));
                let wrong: Vec<_> = of_pack.chain(of_rows).collect();
                return Err(format!("at {now} the pack of {unit} and the rows differ: {wrong:#?}"));
            }
        }
        Ok(())
    }

    /// MAR and register agree for every dose of today and of the day before.
    fn registers_agree(&self) -> Result<(), String> {
        let (facility, today) = (&self.house.facility, self.today());
        for unit in &self.house.units {
            for on in [days_before(today, 1), today] {
                let day = self.read(|conn| day_load(conn, facility, unit, on));
                if let Some(wrong) = day.doses.iter().find(|dose| dose.verdict().disagrees()) {
                    return Err(format!("P11: of {on} in {unit} MAR and register disagree: {wrong:?}"));
                }
            }
        }
        Ok(())
    }

    /// The same alerts stand, whether every dose is looked at or only those since the marks.
    fn marks_hide_no_alert(&self) -> Result<(), String> {
        let facility = self.house.facility.clone();
        let compared = self.db().write(move |conn, now| {
            let told = |conn: &mut Conn| -> Result<Vec<_>, StoreError> {
                let alerts = alerts_load(conn, &facility, None, now)?;
                Ok(alerts.into_iter().map(|one| (one.plan, one.alert)).collect())
            };
            let with = told(conn)?;
            on_either!(conn, |c| diesel::sql_query("DELETE FROM alert_marks").execute(c)).map_err(StoreError::from)?;
            let without = told(conn)?;
            // Rolled back: the marks stay.
            Err::<(), ActError>(StoreError::Broke(format!("{}", with == without)).into())
        });
        match compared {
            Err(ActError::Store(StoreError::Broke(same))) if same == "true" => Ok(()),
            other => Err(format!("a mark hides an alert: {other:?}")),
        }
    }

    /// P13: no resident's name, no medicine and no dose in a letter.
    fn no_name_in_a_letter(&self) -> Result<(), String> {
        let letters: Vec<Text> = self.read(|conn| {
            let sql = "SELECT id, title || ' ' || body AS said FROM letters";
            Ok(on_either!(conn, |c| diesel::sql_query(sql).load(c))?)
        });
        let names: Vec<String> = (0..self.house.residents.len()).map(|n| surname(n).to_lowercase()).collect();
        let named = |text: &str| {
            let medicines = MEDICINES.iter().map(|(medicine, _)| *medicine);
            names.iter().map(String::as_str).chain(medicines).any(|name| text.contains(name)) || text.contains(" mg")
        };
        let found = letters.iter().find(|letter| named(&letter.said.to_lowercase()));
        found.map_or(Ok(()), |letter| Err(format!("P13: {}", letter.said)))
    }
}

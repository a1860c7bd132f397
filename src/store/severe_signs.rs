//! Severe signs, who has acknowledged them, and which prescriber released what they hold.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::StoreError;
use super::db::Conn;
use super::schema::{severe_sign_acknowledgements, severe_sign_releases, severe_signs};
use crate::care::severe_sign::{Acknowledgement, Release, SevereSign, Sign, SignFile, Withheld};

#[derive(Queryable, Insertable)]
#[diesel(table_name = severe_signs)]
struct SignRow {
    id: String,
    facility: String,
    unit: String,
    resident: String,
    sign: String,
    note: String,
    seen_at: NaiveDateTime,
    recorded_at: NaiveDateTime,
    recorded_by: String,
}

impl TryFrom<SignRow> for SevereSign {
    type Error = StoreError;
    fn try_from(row: SignRow) -> Result<SevereSign, StoreError> {
        let sign = Sign::of_word(&row.sign).ok_or_else(|| StoreError::Corrupt(format!("severe sign {}", row.id)))?;
        Ok(SevereSign {
            id: row.id,
            facility: row.facility,
            unit: row.unit,
            resident: row.resident,
            sign,
            note: row.note,
            seen_at: row.seen_at.and_utc(),
            recorded_at: row.recorded_at.and_utc(),
            recorded_by: row.recorded_by,
        })
    }
}

impl From<&SevereSign> for SignRow {
    fn from(sign: &SevereSign) -> SignRow {
        SignRow {
            id: sign.id.clone(),
            facility: sign.facility.clone(),
            unit: sign.unit.clone(),
            resident: sign.resident.clone(),
            sign: sign.sign.word().to_owned(),
            note: sign.note.clone(),
            seen_at: sign.seen_at.naive_utc(),
            recorded_at: sign.recorded_at.naive_utc(),
            recorded_by: sign.recorded_by.clone(),
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = severe_sign_acknowledgements)]
struct AcknowledgementRow {
    id: String,
    of_sign: String,
    acknowledged_by: String,
    acknowledged_at: NaiveDateTime,
}

impl From<AcknowledgementRow> for Acknowledgement {
    fn from(row: AcknowledgementRow) -> Acknowledgement {
        Acknowledgement {
            id: row.id,
            of_sign: row.of_sign,
            acknowledged_by: row.acknowledged_by,
            acknowledged_at: row.acknowledged_at.and_utc(),
        }
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = severe_sign_releases)]
struct ReleaseRow {
    id: String,
    of_sign: String,
    rationale: String,
    released_by: String,
    released_at: NaiveDateTime,
}

impl From<ReleaseRow> for Release {
    fn from(row: ReleaseRow) -> Release {
        Release {
            id: row.id,
            of_sign: row.of_sign,
            rationale: row.rationale,
            released_by: row.released_by,
            released_at: row.released_at.and_utc(),
        }
    }
}

/// A sign that was seen.
pub fn sign_insert(conn: &mut Conn, sign: &SevereSign) -> Result<(), StoreError> {
    diesel::insert_into(severe_signs::table).values(SignRow::from(sign)).execute(conn)?;
    Ok(())
}

/// Somebody knows of it. Each person says so once.
pub fn acknowledgement_insert(conn: &mut Conn, acknowledgement: &Acknowledgement) -> Result<(), StoreError> {
    let row = AcknowledgementRow {
        id: acknowledgement.id.clone(),
        of_sign: acknowledgement.of_sign.clone(),
        acknowledged_by: acknowledgement.acknowledged_by.clone(),
        acknowledged_at: acknowledgement.acknowledged_at.naive_utc(),
    };
    diesel::insert_into(severe_sign_acknowledgements::table).values(row).execute(conn)?;
    Ok(())
}

/// A prescriber has decided. The database lets one release stand for each sign.
pub fn release_insert(conn: &mut Conn, release: &Release) -> Result<(), StoreError> {
    let row = ReleaseRow {
        id: release.id.clone(),
        of_sign: release.of_sign.clone(),
        rationale: release.rationale.clone(),
        released_by: release.released_by.clone(),
        released_at: release.released_at.naive_utc(),
    };
    diesel::insert_into(severe_sign_releases::table).values(row).execute(conn)?;
    Ok(())
}

/// One sign; must exist.
pub fn sign_load(conn: &mut Conn, id: &str) -> Result<SignFile, StoreError> {
    sign_find(conn, id)?.ok_or(StoreError::Missing)
}

/// A sign, if there is one by that id.
pub fn sign_find(conn: &mut Conn, id: &str) -> Result<Option<SignFile>, StoreError> {
    let rows = severe_signs::table.filter(severe_signs::id.eq(id)).load(conn)?;
    Ok(files_of(conn, rows)?.pop())
}

/// Every sign of a resident, the newest first.
pub fn signs_of_resident(conn: &mut Conn, resident: &str) -> Result<Vec<SignFile>, StoreError> {
    let theirs = severe_signs::table.filter(severe_signs::resident.eq(resident));
    let rows = theirs.order((severe_signs::recorded_at.desc(), severe_signs::id.desc())).load(conn)?;
    files_of(conn, rows)
}

/// The signs of a resident that were seen since an instant, the newest first.
pub fn signs_of_resident_since(
    conn: &mut Conn,
    resident: &str,
    since: DateTime<Utc>,
) -> Result<Vec<SignFile>, StoreError> {
    let theirs = severe_signs::table.filter(severe_signs::resident.eq(resident));
    let then = theirs.filter(severe_signs::seen_at.ge(since.naive_utc()));
    let rows = then.order((severe_signs::seen_at.desc(), severe_signs::id.desc())).load(conn)?;
    files_of(conn, rows)
}

/// The signs of some facilities that no prescriber has released, the oldest first.
pub fn signs_open_in(conn: &mut Conn, facilities: &[String]) -> Result<Vec<SignFile>, StoreError> {
    let released = severe_sign_releases::table.select(severe_sign_releases::of_sign);
    let open = severe_signs::table
        .filter(severe_signs::facility.eq_any(facilities))
        .filter(severe_signs::id.ne_all(released))
        .order((severe_signs::recorded_at, severe_signs::id));
    let rows = open.load(conn)?;
    files_of(conn, rows)
}

/// The open signs of one resident, the oldest first.
pub fn signs_open_of(conn: &mut Conn, resident: &str) -> Result<Vec<SevereSign>, StoreError> {
    let released = severe_sign_releases::table.select(severe_sign_releases::of_sign);
    let rows: Vec<SignRow> = severe_signs::table
        .filter(severe_signs::resident.eq(resident))
        .filter(severe_signs::id.ne_all(released))
        .order((severe_signs::recorded_at, severe_signs::id))
        .load(conn)?;
    rows.into_iter().map(SevereSign::try_from).collect()
}

/// Whether a severe sign stops every sedative of a resident at this moment.
pub fn withheld_load(conn: &mut Conn, resident: &str) -> Result<Option<Withheld>, StoreError> {
    Ok(Withheld::by(&signs_open_of(conn, resident)?))
}

/// What was written at the release before this one.
pub fn last_rationale_find(conn: &mut Conn, resident: &str) -> Result<Option<String>, StoreError> {
    let theirs = severe_signs::table.filter(severe_signs::resident.eq(resident)).select(severe_signs::id);
    Ok(severe_sign_releases::table
        .filter(severe_sign_releases::of_sign.eq_any(theirs))
        .order(severe_sign_releases::released_at.desc())
        .select(severe_sign_releases::rationale)
        .first(conn)
        .optional()?)
}

fn files_of(conn: &mut Conn, rows: Vec<SignRow>) -> Result<Vec<SignFile>, StoreError> {
    let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
    let of_these = severe_sign_acknowledgements::of_sign.eq_any(&ids);
    let acknowledged: Vec<AcknowledgementRow> = severe_sign_acknowledgements::table
        .filter(of_these)
        .order((severe_sign_acknowledgements::acknowledged_at, severe_sign_acknowledgements::id))
        .load(conn)?;
    let released: Vec<ReleaseRow> =
        severe_sign_releases::table.filter(severe_sign_releases::of_sign.eq_any(&ids)).load(conn)?;
    let mut by_sign: HashMap<String, Vec<Acknowledgement>> = HashMap::new();
    for row in acknowledged {
        by_sign.entry(row.of_sign.clone()).or_default().push(row.into());
    }
    let mut releases: HashMap<String, ReleaseRow> =
        released.into_iter().map(|row| (row.of_sign.clone(), row)).collect();
    let file = |row: SignRow| {
        let acknowledged = by_sign.remove(&row.id).unwrap_or_default();
        let released = releases.remove(&row.id).map(Release::from);
        Ok(SignFile { sign: row.try_into()?, acknowledged, released })
    };
    rows.into_iter().map(file).collect()
}

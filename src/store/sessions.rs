//! Sessions and failed sign-ins: the hash of a key, the person behind it, and when it was last used.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::StoreError;
use super::db::Conn;
use super::facilities::FacilityRow;
use super::people::{in_force, memberships_read, secret_hold};
use super::schema::{facilities, memberships, people, sessions, throttles};
use crate::care::people::Visitor;
use crate::on_either;

type VisitorRow = (String, String, String, NaiveDateTime, NaiveDateTime, bool);
type RoleRow = (String, String, FacilityRow);

/// Who stands behind a session, with the roles they hold now; nobody once they are disabled.
pub fn visitor_find(conn: &mut Conn, token_hash: &str, now: DateTime<Utc>) -> Result<Option<Visitor>, StoreError> {
    let theirs = memberships::table.on(memberships::person.eq(people::id).and(in_force(now.naive_utc())));
    let rows: Vec<(VisitorRow, Option<RoleRow>)> = sessions::table
        .inner_join(people::table)
        .left_join(theirs)
        .left_join(facilities::table.on(facilities::id.nullable().eq(memberships::facility.nullable())))
        .filter(sessions::token_hash.eq(token_hash).and(people::disabled_at.is_null()))
        .select((
            (people::id, people::name, people::username, sessions::began_at, sessions::seen_at, people::own_password),
            (memberships::id, memberships::role, facilities::all_columns).nullable(),
        ))
        .load(conn)?;
    let Some((person, name, username, began_at, seen_at, own_password)) = rows.first().map(|(who, _)| who.clone())
    else {
        return Ok(None);
    };
    let memberships = memberships_read(rows.into_iter().filter_map(|(_, role)| role))?;
    let (began_at, seen_at) = (began_at.and_utc(), seen_at.and_utc());
    Ok(Some(Visitor { person, name, username, memberships, began_at, seen_at, own_password }))
}

/// A new session of somebody whose password still has the hash that was looked at; none where it was replaced meanwhile. Those of anybody that ended by themselves long ago are cleared away on the way.
pub fn session_begin(
    conn: &mut Conn,
    token_hash: &str,
    (person, secret): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if !secret_hold(conn, person, secret)? {
        return Ok(false);
    }
    let long_ago = (now - chrono::TimeDelta::days(2)).naive_utc();
    diesel::delete(sessions::table.filter(sessions::seen_at.lt(long_ago))).execute(conn)?;
    let at = now.naive_utc();
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::person.eq(person),
            sessions::began_at.eq(at),
            sessions::seen_at.eq(at),
        ))
        .execute(conn)?;
    Ok(true)
}

/// Notes that a session is in use.
pub fn session_seen(conn: &mut Conn, token_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(token_hash)).set(sessions::seen_at.eq(now.naive_utc())).execute(conn)?;
    Ok(())
}

/// Ends one session.
pub fn session_end(conn: &mut Conn, token_hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.find(token_hash)).execute(conn)?;
    Ok(())
}

/// Ends every session of a person: they were disabled, or their password changed.
pub fn sessions_end(conn: &mut Conn, person: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::person.eq(person))).execute(conn)?;
    Ok(())
}

/// Ends the other sessions of a person; false where the one they came with has ended itself.
pub fn other_sessions_end(conn: &mut Conn, person: &str, token_hash: &str) -> Result<bool, StoreError> {
    let theirs = sessions::table.filter(sessions::person.eq(person));
    diesel::delete(theirs.filter(sessions::token_hash.ne(token_hash))).execute(conn)?;
    let stays: Option<String> = theirs.select(sessions::token_hash).first(conn).optional()?;
    Ok(stays.is_some())
}

/// How often it failed in a row, and when last.
pub fn failures_find(conn: &mut Conn, subject: &str) -> Result<Option<(i64, DateTime<Utc>)>, StoreError> {
    let row: Option<(i64, NaiveDateTime)> =
        throttles::table.find(subject).select((throttles::failures, throttles::failed_at)).first(conn).optional()?;
    Ok(row.map(|(failures, at)| (failures, at.and_utc())))
}

/// One more failure, or the first again when the last ones are older than `forgotten_before`.
pub fn failure_add(
    conn: &mut Conn,
    subject: &str,
    forgotten_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let forgotten = forgotten_before.naive_utc();
    // Only their own: whoever guesses must not make the writer look through all of them.
    diesel::delete(throttles::table.find(subject).filter(throttles::failed_at.lt(forgotten))).execute(conn)?;
    let first = (throttles::subject.eq(subject), throttles::failures.eq(1), throttles::failed_at.eq(now.naive_utc()));
    let more = (throttles::failures.eq(throttles::failures + 1), throttles::failed_at.eq(now.naive_utc()));
    on_either!(conn, |c| diesel::insert_into(throttles::table)
        .values(first)
        .on_conflict(throttles::subject)
        .do_update()
        .set(more)
        .execute(c))?;
    Ok(())
}

/// Somebody got in: what failed before is forgotten, and with it what failed of anybody before `forgotten_before`.
pub fn failures_forget(conn: &mut Conn, subject: &str, forgotten_before: DateTime<Utc>) -> Result<(), StoreError> {
    let forgotten = throttles::failed_at.lt(forgotten_before.naive_utc());
    diesel::delete(throttles::table.filter(throttles::subject.eq(subject).or(forgotten))).execute(conn)?;
    Ok(())
}

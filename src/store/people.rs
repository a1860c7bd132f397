//! People, their memberships, and whether they may act at this moment.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;

use super::StoreError;
use super::db::Conn;
use super::facilities::FacilityRow;
use super::schema::{facilities, history, memberships, people};
use crate::care::facility::Facility;
use crate::care::people::{Engagement, Membership, Person, Role};
use crate::care::staff::intake::Taken;
use crate::care::taper::fact::PlanFact;
use crate::on_either;

#[derive(Queryable)]
struct PersonRow {
    id: String,
    username: String,
    name: String,
    registration: String,
    email: String,
    disabled_at: Option<NaiveDateTime>,
    revision: i64,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Person {
        Person {
            id: row.id,
            username: row.username,
            name: row.name,
            registration: row.registration,
            email: row.email,
            disabled_at: row.disabled_at.map(|at| at.and_utc()),
            revision: row.revision,
        }
    }
}

/// Every column but the password's hash, which only signing in and signing read.
const COLUMNS: (
    people::id,
    people::username,
    people::name,
    people::registration,
    people::email,
    people::disabled_at,
    people::revision,
) = (
    people::id,
    people::username,
    people::name,
    people::registration,
    people::email,
    people::disabled_at,
    people::revision,
);

/// One person; must exist.
pub fn person_load(conn: &mut Conn, id: &str) -> Result<Person, StoreError> {
    Ok(people::table.find(id).select(COLUMNS).first::<PersonRow>(conn)?.into())
}

/// The person of a username, in whatever case it was typed.
pub fn person_find(conn: &mut Conn, username: &str) -> Result<Option<Person>, StoreError> {
    let named = people::table.filter(people::username.eq(username.to_lowercase()));
    Ok(named.select(COLUMNS).first::<PersonRow>(conn).optional()?.map(Person::from))
}

/// Whether nobody has an account yet.
pub fn nobody_yet(conn: &mut Conn) -> Result<bool, StoreError> {
    let first: Option<String> = people::table.select(people::id).first(conn).optional()?;
    Ok(first.is_none())
}

/// The printed name of a person; must exist.
pub fn name_load(conn: &mut Conn, id: &str) -> Result<String, StoreError> {
    Ok(people::table.find(id).select(people::name).first(conn)?)
}

/// The printed names of some people, by their ids.
pub fn names_of(conn: &mut Conn, ids: &BTreeSet<&str>) -> Result<HashMap<String, String>, StoreError> {
    let named = people::table.filter(people::id.eq_any(ids)).select((people::id, people::name));
    Ok(named.load::<(String, String)>(conn)?.into_iter().collect())
}

/// The id and the password's hash of somebody who may sign in, by username.
pub fn secret_find(conn: &mut Conn, username: &str) -> Result<Option<(String, String)>, StoreError> {
    let active = people::table.filter(people::username.eq(username.to_lowercase()).and(people::disabled_at.is_null()));
    Ok(active.select((people::id, people::password_hash)).first(conn).optional()?)
}

/// The password's hash of a person who is not disabled.
pub fn secret_of(conn: &mut Conn, person: &str) -> Result<Option<String>, StoreError> {
    let active = people::table.find(person).filter(people::disabled_at.is_null());
    Ok(active.select(people::password_hash).first(conn).optional()?)
}

/// Whether a hash is still that of a person who is not disabled. From here to the end of the act it stays so.
pub fn secret_hold(conn: &mut Conn, person: &str, hash: &str) -> Result<bool, StoreError> {
    let theirs = people::table.find(person).filter(people::disabled_at.is_null().and(people::password_hash.eq(hash)));
    let held = diesel::update(theirs).set(people::password_hash.eq(people::password_hash)).execute(conn)?;
    Ok(held == 1)
}

/// No password fits it: whoever has it cannot sign in yet.
pub const NO_PASSWORD: &str = "-";

/// A password as it is kept.
pub struct Secret<'a> {
    pub hash: &'a str,
    /// Its person chose it; any other opens the door once, to choose one.
    pub own: bool,
}

/// Whether somebody chose the password they have.
pub fn own_password_load(conn: &mut Conn, person: &str) -> Result<bool, StoreError> {
    Ok(people::table.find(person).select(people::own_password).first(conn)?)
}

/// The usernames and registrations that there are.
pub fn accounts_taken(conn: &mut Conn) -> Result<Taken, StoreError> {
    let rows: Vec<(String, String)> = people::table.select((people::username, people::registration)).load(conn)?;
    let (usernames, registrations): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let registrations = registrations.into_iter().filter(|number| !number.is_empty()).collect();
    Ok(Taken { usernames: usernames.into_iter().collect(), registrations })
}

/// Who of a facility was never given a password.
pub fn without_password(conn: &mut Conn, facility: &str) -> Result<BTreeSet<String>, StoreError> {
    let waiting = memberships::table
        .inner_join(people::table)
        .filter(memberships::facility.eq(facility).and(people::password_hash.eq(NO_PASSWORD)));
    Ok(waiting.select(people::id).load::<String>(conn)?.into_iter().collect())
}

/// Whether another account has the registration number of this one.
pub fn registration_taken(conn: &mut Conn, person: &Person) -> Result<bool, StoreError> {
    if person.registration.is_empty() {
        return Ok(false);
    }
    let same = people::table.filter(people::registration.eq(&person.registration).and(people::id.ne(&person.id)));
    let other: Option<String> = same.select(people::id).first(conn).optional()?;
    Ok(other.is_some())
}

/// A new person. A username or a registration that is taken is a unique violation.
pub fn person_insert(conn: &mut Conn, person: &Person, secret: &Secret) -> Result<(), StoreError> {
    diesel::insert_into(people::table)
        .values((
            people::id.eq(&person.id),
            people::username.eq(&person.username),
            people::name.eq(&person.name),
            people::registration.eq(&person.registration),
            people::email.eq(&person.email),
            people::password_hash.eq(secret.hash),
            people::own_password.eq(secret.own),
            people::disabled_at.eq(person.disabled_at.map(|at| at.naive_utc())),
            people::revision.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// A person as they were edited, if nobody changed them since they were read.
pub fn person_change(conn: &mut Conn, person: &Person) -> Result<(), StoreError> {
    let unmoved = people::table.find(&person.id).filter(people::revision.eq(person.revision));
    let moved = diesel::update(unmoved)
        .set((
            people::name.eq(&person.name),
            people::registration.eq(&person.registration),
            people::email.eq(&person.email),
            people::disabled_at.eq(person.disabled_at.map(|at| at.naive_utc())),
            people::revision.eq(person.revision + 1),
        ))
        .execute(conn)?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

/// A new password.
pub fn password_set(conn: &mut Conn, person: &str, secret: &Secret) -> Result<(), StoreError> {
    let anew = (people::password_hash.eq(secret.hash), people::own_password.eq(secret.own));
    diesel::update(people::table.find(person)).set(anew).execute(conn)?;
    Ok(())
}

type EngagementRow = (String, String, String, String, Option<NaiveDateTime>, Option<NaiveDateTime>);

fn engagement((id, person, facility, role, ends_at, ended_at): EngagementRow) -> Result<Engagement, StoreError> {
    let role = role_of(&role, &id)?;
    let [ends_at, ended_at] = [ends_at, ended_at].map(|at| at.map(|at| at.and_utc()));
    Ok(Engagement { id, person, facility, role, ends_at, ended_at })
}

/// What `Engagement::in_force` says, asked of rows.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn in_force(now: NaiveDateTime) -> _ {
    memberships::ended_at.is_null().and(memberships::ends_at.is_null().or(memberships::ends_at.gt(now)))
}

fn role_of(word: &str, membership: &str) -> Result<Role, StoreError> {
    Role::of_word(word).ok_or_else(|| StoreError::Corrupt(format!("role of membership {membership}")))
}

/// Everybody who has or had a role in a facility, by name, with every role they have or had there.
pub fn staff_of(conn: &mut Conn, facility: &str) -> Result<Vec<(Person, Vec<Engagement>)>, StoreError> {
    let here: Vec<EngagementRow> = memberships::table.filter(memberships::facility.eq(facility)).load(conn)?;
    let ids: Vec<&String> = here.iter().map(|(_, person, ..)| person).collect();
    let rows: Vec<PersonRow> = people::table.filter(people::id.eq_any(ids)).select(COLUMNS).load(conn)?;
    let engagements: Vec<Engagement> = here.into_iter().map(engagement).collect::<Result<_, _>>()?;
    let mut staff: Vec<(Person, Vec<Engagement>)> =
        rows.into_iter().map(|row| with_roles(row.into(), &engagements)).collect();
    staff.sort_by_key(|(person, _)| (person.name.to_lowercase(), person.id.clone()));
    Ok(staff)
}

fn with_roles(person: Person, engagements: &[Engagement]) -> (Person, Vec<Engagement>) {
    let mut theirs: Vec<Engagement> = engagements.iter().filter(|one| one.person == person.id).cloned().collect();
    theirs.sort_by_key(|one| one.role);
    (person, theirs)
}

/// Every role a person has or had, anywhere.
pub fn engagements_of(conn: &mut Conn, person: &str) -> Result<Vec<Engagement>, StoreError> {
    let rows: Vec<EngagementRow> =
        memberships::table.filter(memberships::person.eq(person)).order(memberships::role).load(conn)?;
    rows.into_iter().map(engagement).collect()
}

/// A role given, until it is ended or until an instant; a role that had ended begins anew.
pub fn engagement_save(conn: &mut Conn, engagement: &Engagement) -> Result<(), StoreError> {
    let [ends_at, ended_at] = [engagement.ends_at, engagement.ended_at].map(|at| at.map(|at| at.naive_utc()));
    let term = (memberships::ends_at.eq(ends_at), memberships::ended_at.eq(ended_at));
    let known = memberships::table.filter(
        memberships::person
            .eq(&engagement.person)
            .and(memberships::facility.eq(&engagement.facility))
            .and(memberships::role.eq(engagement.role.word())),
    );
    if diesel::update(known).set(term).execute(conn)? == 0 {
        diesel::insert_into(memberships::table)
            .values((
                memberships::id.eq(&engagement.id),
                memberships::person.eq(&engagement.person),
                memberships::facility.eq(&engagement.facility),
                memberships::role.eq(engagement.role.word()),
                term,
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Roles with the settings of their facilities; by the facility's name, then by role.
pub(super) fn memberships_read(
    rows: impl Iterator<Item = (String, String, FacilityRow)>,
) -> Result<Vec<Membership>, StoreError> {
    let mut all: Vec<Membership> = rows
        .map(|(id, role, facility)| Ok(Membership { role: role_of(&role, &id)?, facility: facility.try_into()? }))
        .collect::<Result<_, StoreError>>()?;
    all.sort_by_key(|one| (one.facility.name.clone(), one.facility.id.clone(), one.role));
    Ok(all)
}

/// Whether a person holds a role in a facility now: not disabled, and the membership has not ended.
pub fn standing_find(
    conn: &mut Conn,
    person: &str,
    facility: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(standing_load(conn, person, facility, role, now)?.is_some())
}

/// Whether whoever ordered something is a prescriber of the facility still.
pub fn prescribes_here(
    conn: &mut Conn,
    order: &PlanFact,
    facility: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    standing_find(conn, order.decided_by(), facility, Role::Prescriber, now)
}

/// A facility with its settings, where a person holds a role in it now; none where they do not.
pub fn standing_load(
    conn: &mut Conn,
    person: &str,
    facility: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Option<Facility>, StoreError> {
    let held = memberships::person.eq(person).and(memberships::facility.eq(facility));
    let asked = memberships::table
        .inner_join(people::table)
        .inner_join(facilities::table)
        .filter(held.and(memberships::role.eq(role.word())))
        .filter(in_force(now.naive_utc()).and(people::disabled_at.is_null()))
        .select(facilities::all_columns);
    let row: Option<FacilityRow> = on_either!(conn, |c| asked.first(c)).optional()?;
    row.map(Facility::try_from).transpose()
}

/// Whether a person holds any role in a facility now.
pub fn works_here(conn: &mut Conn, person: &str, facility: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    holds_any(conn, person, facility, &Role::ALL, now)
}

/// Whether a person holds one of these roles in a facility now.
pub fn holds_any(
    conn: &mut Conn,
    person: &str,
    facility: &str,
    roles: &[Role],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    // All that they hold, so that it is one question whatever is asked for.
    let asked = memberships::table
        .inner_join(people::table)
        .filter(memberships::person.eq(person).and(memberships::facility.eq(facility)))
        .filter(in_force(now.naive_utc()).and(people::disabled_at.is_null()))
        .select(memberships::role);
    let held: Vec<String> = on_either!(conn, |c| asked.load(c))?;
    Ok(roles.iter().any(|role| held.iter().any(|word| word == role.word())))
}

/// What the facts about an account say of its password.
#[derive(Deserialize)]
struct Access {
    #[serde(default)]
    opened: bool,
    #[serde(default)]
    password_set: bool,
}

/// Who opened somebody's account since an instant, or set a password for it: the history tells it.
pub fn let_in_by(conn: &mut Conn, person: &str, since: DateTime<Utc>) -> Result<BTreeSet<String>, StoreError> {
    let of_accounts = history::kind.eq("let_in_nurse").or(history::kind.eq("manage_people"));
    let rows: Vec<(i64, NaiveDateTime, Option<String>, String)> = history::table
        .filter(history::subject.eq(person).and(of_accounts))
        .order(history::n)
        .select((history::n, history::done_at, history::done_by, history::body))
        .load(conn)?;
    let mut by = BTreeSet::new();
    for (nth, (n, done_at, done_by, body)) in rows.into_iter().enumerate() {
        let corrupt = |_| StoreError::Corrupt(format!("fact {n} of the history"));
        let access: Access = serde_json::from_str(&body).map_err(corrupt)?;
        // An account begins with whoever added it.
        let gave = nth == 0 || access.opened || access.password_set;
        by.extend(done_by.filter(|_| gave && done_at > since.naive_utc()));
    }
    Ok(by)
}

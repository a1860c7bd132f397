//! The supervisor's overview: what is overdue, what waits and for whom, what could not be done, and whether all is well below.

mod agency;
mod laid;
mod packs;
mod register;
mod rounds;
mod samples;
mod view;
mod waiting;

use std::collections::HashMap;

use actix_web::web::{Data, Query};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

use self::packs::{FolderLost, PackBehind, packs_behind};
pub use self::view::View;
use crate::care::calendar::{Slot, days_after, days_before};
use crate::care::error_rate::Counted;
use crate::care::facility::{Facility, Unit};
use crate::care::gap::Gap;
use crate::care::leap::{SetBack, WentAhead};
use crate::care::people::{Engagement, Person, Role, Supervisor};
use crate::care::resident::Resident;
use crate::care::resident::transfer::Residence;
use crate::store::audit::{self, DosesAsk, GivenOnDay, UnrecordedOnDay};
use crate::store::db::Conn;
use crate::store::doses::{self, Administration, DoseFile};
use crate::store::downtime::last_entry;
use crate::store::letters::{gaps_of, went_ahead_find};
use crate::store::moves::residences_in;
use crate::store::plans::{self, PlanFile, PlanState};
use crate::store::registers::{
    Discrepancy, GivenUnseen, Outlooks, RegisterFile, Unbooked, discrepancies_open, given_unseen_since, outlooks_of,
    registers_of, unbooked_since,
};
use crate::store::taper_alerts::{StandingAlert, alerts_load};
use crate::store::{StoreError, bells, facilities, people, residents};
use crate::web::links::Menu;
use crate::web::parts::incident::OpenIncidents;
use crate::web::parts::registered::{Holders, holders_load};
use crate::web::parts::severe::OpenSigns;
use crate::web::proved::{Verified, Walk};
use crate::web::{Answer, Hall, Page, Signed, looking};

/// So many days before today are shown as bars.
const BAR_DAYS: u64 = 14;

/// The error rate is told of so many days, today among them.
const RATE_DAYS: u32 = 30;

/// Doses are compared with the register so far back.
const UNBOOKED_DAYS: i64 = 7;

/// A dose that nobody saw given is shown until a supervisor has looked through its day, and no longer than this.
const UNSEEN_DAYS: i64 = 31;

/// Letters that failed are counted for so long.
const LETTER_DAYS: i64 = 7;

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

/// What the page is made of, all of one moment of the database.
struct Found {
    facility: Facility,
    now: DateTime<Utc>,
    today: NaiveDate,
    units: Vec<Unit>,
    residents: HashMap<String, Resident>,
    staff: Vec<(Person, Vec<Engagement>)>,
    /// From before the first dose that may still be overdue to the last one laid out.
    doses: Vec<DoseFile>,
    standings: HashMap<String, Administration>,
    /// Where everybody lived since the first of these doses, by the resident.
    lived: HashMap<String, Residence>,
    plans: Vec<PlanFile>,
    /// Plans that ended while an order of theirs waits for somebody.
    owing: Vec<PlanFile>,
    /// Doses without a record, counted no further than is needed.
    unrecorded: usize,
    bars: Bars,
    /// What became of the doses of the last days.
    counted: Counted,
    letters_failed: usize,
    signs: OpenSigns,
    alerts: Vec<StandingAlert>,
    incidents: OpenIncidents,
    register: Unexplained,
    bell: Option<DateTime<Utc>>,
    /// Why the bell cannot work out letters, where it cannot.
    unreckoned: Option<String>,
    /// The clock went ahead, and nobody has said yet that it is right.
    ahead: Option<WentAhead>,
    /// The clock was set back, and has not come again to where it was.
    set_back: Option<SetBack>,
    /// Of what the database knows nothing, since it was put back from a copy.
    gaps: Vec<Gap>,
    /// Downtime packs that do not lie where they should, or are old.
    packs_behind: Vec<PackBehind>,
    /// Folders into which none can be laid.
    folders_lost: Vec<FolderLost>,
    /// Whoever looks may open the settings.
    administers: bool,
    verified: Verified,
}

/// What the bars are drawn from.
struct Bars {
    from: NaiveDate,
    given: Vec<GivenOnDay>,
    on_time: Vec<GivenOnDay>,
    unrecorded: Vec<UnrecordedOnDay>,
}

pub async fn show(hall: Data<Hall>, supervisor: Signed<Supervisor>, asked: Query<Asked>) -> Answer {
    let facility = supervisor.chosen(asked.facility.as_deref().filter(|id| !id.is_empty()))?.clone();
    let shell = supervisor.shell(&facility, Menu::Overview);
    let others: Vec<Facility> = supervisor.facilities().cloned().collect();
    let administers = supervisor.is(Role::Administrator, &facility.id);
    let (walk, now) = (hall.walk.clone(), supervisor.now());
    let (found, entry) = looking(&hall.db, move |conn| {
        let entry = last_entry(conn, &facility.id)?;
        Ok((find(conn, facility, &walk, now)?, entry))
    })
    .await?;
    let (packs_behind, folders_lost) = packs_behind(&hall.downtime, &found, entry, now).await;
    let unreckoned = hall.unreckoned.why(&found.facility.id);
    let found = Found { packs_behind, folders_lost, unreckoned, administers, ..found };
    Page::new(View::new(shell, &found, &others)).answer()
}

fn find(conn: &mut Conn, facility: Facility, walk: &Walk, now: DateTime<Utc>) -> Result<Found, StoreError> {
    let today = facility.zone.day(now);
    let residents = residents::residents_of(conn, std::slice::from_ref(&facility.id))?;
    let doses = doses_around(conn, &facility, today, now)?;
    let since = doses.first().map_or(now, |dose| dose.due_at);
    let recorded: Vec<String> = doses.iter().filter(|dose| dose.recorded).map(|dose| dose.id.clone()).collect();
    let running = plans::plan_ids(conn, std::slice::from_ref(&facility.id), PlanState::Running)?;
    let owing = plans::ended_plans_owing(conn, std::slice::from_ref(&facility.id))?;
    let everyone = DosesAsk { facility: facility.id.clone(), ..DosesAsk::default() };
    Ok(Found {
        now,
        today,
        units: facilities::units_of(conn, &facility.id)?,
        residents: residents.into_iter().map(|resident| (resident.id.clone(), resident)).collect(),
        staff: people::staff_of(conn, &facility.id)?,
        standings: doses::standings_of(conn, &recorded)?,
        lived: residences_in(conn, &facility.id, since)?,
        doses,
        plans: plans::plans_load(conn, &running)?,
        owing: plans::plans_load(conn, &owing)?,
        unrecorded: audit::unrecorded_count(conn, &everyone, facility.no_record_before(now))?,
        bars: bars(conn, &facility, today, now)?,
        counted: audit::doses_counted(conn, &facility, None, (days_before(today, RATE_DAYS - 1), today), now)?,
        letters_failed: audit::letters_failed(conn, &facility.id, now - TimeDelta::days(LETTER_DAYS))?,
        signs: OpenSigns::load(conn, std::slice::from_ref(&facility), now)?,
        alerts: alerts_load(conn, &facility, None, now)?,
        incidents: OpenIncidents::load(conn, std::slice::from_ref(&facility), now)?,
        register: unexplained(conn, &facility, now)?,
        bell: bells::bell_find(conn)?,
        unreckoned: None,
        ahead: went_ahead_find(conn, &facility.id)?,
        set_back: bells::set_back_find(conn, now)?,
        gaps: gaps_of(conn, &facility.id)?,
        packs_behind: Vec::new(),
        folders_lost: Vec::new(),
        administers: false,
        verified: walk.look(conn, now)?,
        facility,
    })
}

/// What the registers do not explain.
#[derive(Default)]
struct Unexplained {
    registers: Vec<RegisterFile>,
    holders: Holders,
    open: Vec<Discrepancy>,
    unbooked: Vec<Unbooked>,
    /// Given where a witness was wanted, and nobody saw it.
    unseen: Vec<GivenUnseen>,
    /// What has to be ordered today at the latest.
    outlooks: Option<Outlooks>,
}

fn unexplained(conn: &mut Conn, facility: &Facility, now: DateTime<Utc>) -> Result<Unexplained, StoreError> {
    let open = discrepancies_open(conn, &facility.id)?;
    let unbooked = unbooked_since(conn, &facility.id, now - TimeDelta::days(UNBOOKED_DAYS))?;
    let unseen = given_unseen_since(conn, facility, now - TimeDelta::days(UNSEEN_DAYS))?;
    let registers = registers_of(conn, &facility.id)?;
    // Who keeps no register at all is not reminded of every dose.
    let unbooked = if registers.is_empty() { Vec::new() } else { unbooked };
    let outlooks = if registers.is_empty() { None } else { Some(outlooks_of(conn, facility, now)?) };
    Ok(Unexplained { holders: holders_load(conn, facility)?, registers, open, unbooked, unseen, outlooks })
}

/// The doses of today and of the days ahead, and those of before midnight that may still be overdue.
fn doses_around(
    conn: &mut Conn,
    facility: &Facility,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Vec<DoseFile>, StoreError> {
    let begins = facility.zone.at(today, Slot::MIDNIGHT).min(facility.no_record_before(now));
    let ends = facility.zone.at(days_after(today, facility.horizon_days + 1), Slot::MIDNIGHT);
    doses::doses_due_between(conn, &facility.id, begins, ends)
}

fn bars(conn: &mut Conn, facility: &Facility, today: NaiveDate, now: DateTime<Utc>) -> Result<Bars, StoreError> {
    let from = today.checked_sub_days(Days::new(BAR_DAYS)).unwrap_or(today);
    let days = (from, today.pred_opt().unwrap_or(today));
    Ok(Bars {
        from,
        given: audit::given_by_day(conn, &facility.id, days, None)?,
        on_time: audit::given_by_day(conn, &facility.id, days, Some(facility.windows))?,
        unrecorded: audit::unrecorded_by_day(conn, &facility.id, days, facility.no_record_before(now))?,
    })
}

impl Found {
    fn resident(&self, id: &str) -> Option<&Resident> {
        self.residents.get(id)
    }

    fn unit(&self, id: &str) -> &str {
        self.units.iter().find(|unit| unit.id == id).map_or("", |unit| &unit.name)
    }

    fn person(&self, id: &str) -> &str {
        self.staff.iter().find(|(person, _)| person.id == id).map_or("somebody who left", |(person, _)| &person.name)
    }

    /// The day a dose belongs to is today.
    fn doses_today(&self) -> impl Iterator<Item = &DoseFile> {
        self.doses.iter().filter(|dose| dose.key.on == self.today && !dose.level.amount.is_zero())
    }
}

//! An agency nurse at night: a supervisor lets them in until the end of a shift, and out again before it.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};

use super::{open_check, registration};
use crate::care::calendar::{Zone, moment_text};
use crate::care::people::{Engagement, Person, Role, Staff};
use crate::care::refusal::Refusal;

/// So long at most. No shift is longer, and within a day an administrator can be asked, who lets people in for good.
pub const LONGEST_HOURS: i64 = 24;

/// The end that a form offers: that of a long shift which begins now.
const USUAL_HOURS: i64 = 12;

/// The end of a long shift that begins now, on the nearest whole hour of the ward’s clock.
pub fn usual_end(zone: Zone, now: DateTime<Utc>) -> NaiveDateTime {
    let end = zone.local(now + TimeDelta::hours(USUAL_HOURS) + TimeDelta::minutes(30));
    end.date().and_hms_opt(end.hour(), 0, 0).unwrap_or(end)
}

/// What a supervisor asks to be given.
#[derive(Debug, Clone)]
pub struct Access {
    pub role: Role,
    pub ends_at: Option<DateTime<Utc>>,
}

impl Access {
    /// Until when a nurse is let in: always until some moment, and a near one.
    pub fn end(&self, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        if self.role != Role::Nurse {
            return Err(Refusal::NurseOnly);
        }
        let latest = now + TimeDelta::hours(LONGEST_HOURS);
        let shift = self.ends_at.filter(|end| (now + TimeDelta::seconds(1)..=latest).contains(end));
        shift.ok_or_else(|| Refusal::ShiftEnd { latest: moment_text(zone, latest) })
    }
}

/// Somebody who has an account, as far as the supervisor’s facility is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub person: &'a Person,
    /// Somebody gave them a password, so that they can sign in.
    pub has_password: bool,
    /// Their role of nurse here, if they ever had it.
    pub nurse: Option<&'a Engagement>,
}

impl Known<'_> {
    /// Until when they are let in. It shortens nothing that stands, and brings back nothing that an administrator took.
    pub fn let_in(
        &self,
        by: &Staff,
        access: &Access,
        zone: Zone,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, Refusal> {
        let ends_at = access.end(zone, now)?;
        if self.person.id == by.person {
            return Err(Refusal::LetsInSelf);
        }
        open_check(self.person)?;
        let name = self.person.name.clone();
        match self.nurse.map(|nurse| (nurse.ends_at, nurse.in_force(now))) {
            Some((None, true)) => Err(Refusal::NurseAlready { name }),
            Some((None, false)) => Err(Refusal::NurseTakenBack { name }),
            Some((Some(until), true)) if until >= ends_at => {
                Err(Refusal::NurseLonger { name, until: moment_text(zone, until) })
            }
            _ if !self.has_password => Err(Refusal::NoPasswordYet { name }),
            _ => Ok(ends_at),
        }
    }
}

/// The registration number of a nurse who is new here. An administrator may leave it out; at night nobody else looks.
pub fn card_number(typed: &str) -> Result<String, Refusal> {
    registration(typed)
        .and_then(|number| if number.is_empty() { Err(Refusal::RegistrationMissing) } else { Ok(number) })
}

/// Whether a role ends with the shift. What an administrator gave for weeks is not a supervisor’s to end.
pub fn is_for_a_shift(held: &Engagement, now: DateTime<Utc>) -> bool {
    held.ends_at.is_some_and(|end| end <= now + TimeDelta::hours(LONGEST_HOURS))
}

/// A nurse’s access that ends with the shift ends now; none where it is over already.
pub fn let_out(held: &Engagement, now: DateTime<Utc>) -> Result<Option<Engagement>, Refusal> {
    if held.role != Role::Nurse || !is_for_a_shift(held, now) {
        return Err(Refusal::NurseOnly);
    }
    Ok(held.in_force(now).then(|| Engagement { ended_at: Some(now), ..held.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn nurse(ends_at: Option<DateTime<Utc>>, ended_at: Option<DateTime<Utc>>) -> Engagement {
        let (id, person, facility) = ("m".to_owned(), "amara".to_owned(), "alder".to_owned());
        Engagement { id, person, facility, role: Role::Nurse, ends_at, ended_at }
    }

    fn asked(person: &str, held: Option<&Engagement>, until: &str) -> Result<DateTime<Utc>, Refusal> {
        let person = Person {
            id: person.into(),
            username: person.into(),
            name: "Amara Diallo".into(),
            registration: String::new(),
            email: String::new(),
            disabled_at: None,
            revision: 0,
        };
        let by = Staff { person: "sue".into(), name: "Sue".into(), facility: "alder".into() };
        let access = Access { role: Role::Nurse, ends_at: Some(at(until)) };
        let known = Known { person: &person, has_password: true, nurse: held };
        known.let_in(&by, &access, Zone::UTC, at("2026-11-20T22:00:00Z"))
    }

    const MORNING: &str = "2026-11-21T08:00:00Z";

    #[test]
    fn a_form_offers_the_nearest_hour_twelve_hours_on_by_the_wards_clock() {
        let berlin: Zone = "Europe/Berlin".parse().unwrap();
        let end = |zone, now| usual_end(zone, at(now)).to_string();
        assert_eq!(end(Zone::UTC, "2026-11-20T21:50:10Z"), "2026-11-21 10:00:00");
        assert_eq!(end(Zone::UTC, "2026-11-20T22:29:59Z"), "2026-11-21 10:00:00");
        assert_eq!(end(berlin, "2026-10-24T20:00:00Z"), "2026-10-25 09:00:00", "the clocks go back that night");
        assert_eq!(end("Asia/Kolkata".parse().unwrap(), "2026-11-20T16:30:00Z"), "2026-11-21 10:00:00");
    }

    #[test]
    fn a_shift_has_an_end_to_come_within_a_day_and_is_a_nurses() {
        let now = at("2026-11-20T22:00:00Z");
        let end = |role, ends_at: Option<&str>| Access { role, ends_at: ends_at.map(at) }.end(Zone::UTC, now);
        assert_eq!(end(Role::Nurse, Some(MORNING)), Ok(at(MORNING)));
        assert_eq!(end(Role::Nurse, Some("2026-11-21T22:00:00Z")), Ok(at("2026-11-21T22:00:00Z")));
        for wrong in [None, Some("2026-11-20T22:00:00Z"), Some("2026-11-21T22:00:01Z")] {
            let refused = Refusal::ShiftEnd { latest: moment_text(Zone::UTC, at("2026-11-21T22:00:00Z")) };
            assert_eq!(end(Role::Nurse, wrong), Err(refused), "{wrong:?}");
        }
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Nurse) {
            assert_eq!(end(role, Some(MORNING)), Err(Refusal::NurseOnly));
        }
    }

    #[test]
    fn it_lengthens_what_a_supervisor_gave_and_touches_nothing_else() {
        let (soon, late) = (Some(at("2026-11-21T02:00:00Z")), Some(at("2026-11-21T09:00:00Z")));
        let code = |held: Option<Engagement>| asked("amara", held.as_ref(), MORNING).map_err(|why| why.code());
        let over = Some(at("2026-11-20T20:00:00Z"));
        for held in [None, Some(nurse(soon, None)), Some(nurse(late, over)), Some(nurse(over, None))] {
            assert_eq!(code(held), Ok(at(MORNING)));
        }
        assert_eq!(code(Some(nurse(None, None))), Err("nurse_already"));
        assert_eq!(code(Some(nurse(None, over))), Err("nurse_taken_back"));
        assert_eq!(code(Some(nurse(late, None))), Err("nurse_longer"));
        assert_eq!(asked("sue", None, MORNING), Err(Refusal::LetsInSelf));
    }

    #[test]
    fn only_what_ends_by_itself_is_ended_before() {
        let (now, end) = (at("2026-11-21T01:00:00Z"), Some(at(MORNING)));
        assert_eq!(let_out(&nurse(end, None), now), Ok(Some(nurse(end, Some(now)))));
        assert_eq!(let_out(&nurse(end, Some(at("2026-11-20T23:00:00Z"))), now), Ok(None));
        assert_eq!(let_out(&nurse(None, None), now), Err(Refusal::NurseOnly));
        let for_months = nurse(Some(at("2027-03-31T12:00:00Z")), None);
        assert_eq!(let_out(&for_months, now), Err(Refusal::NurseOnly), "an administrator gave it");
        let lent = Engagement { role: Role::Supervisor, ..nurse(end, None) };
        assert_eq!(let_out(&lent, now), Err(Refusal::NurseOnly));
    }
}

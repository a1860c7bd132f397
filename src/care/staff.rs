//! What the administrator may do with accounts and roles, and what an account must be.

pub mod agency;
pub mod intake;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::people::{Engagement, Person, Role};
use super::refusal::Refusal;
use super::written::on_one_line;

/// The shortest password. Length is what counts: no rule asks for odd characters (NIST SP 800-63B, 5.1.1).
pub const SHORTEST_PASSWORD: usize = 10;
const LONGEST_PASSWORD: usize = 200;

/// Reads a username: small letters, digits, dots, hyphens and underscores.
pub fn username(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim().to_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if (2..=60).contains(&name.len()) && name.chars().all(plain) { Ok(name) } else { Err(Refusal::UsernameUnreadable) }
}

/// Reads a printed name, or the name of a house or a ward.
pub fn name(typed: &str) -> Result<String, Refusal> {
    let name = on_one_line(typed).ok_or(Refusal::NameMissing)?;
    if (1..=80).contains(&name.chars().count()) { Ok(name) } else { Err(Refusal::NameMissing) }
}

/// Reads a number in a professional register; empty for who has none.
pub fn registration(typed: &str) -> Result<String, Refusal> {
    let number = on_one_line(typed).ok_or(Refusal::RegistrationUnreadable)?.to_uppercase();
    if number.chars().count() <= 40 { Ok(number) } else { Err(Refusal::RegistrationTooLong) }
}

/// Reads a mail address; empty where letters have nowhere to go.
pub fn email(typed: &str) -> Result<String, Refusal> {
    let address = typed.trim();
    let plausible = |(local, domain): (&str, &str)| {
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    };
    let printable =
        address.len() <= 120 && address.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | ';'));
    let one_at = address.matches('@').count() == 1;
    let good = address.is_empty() || (printable && one_at && address.split_once('@').is_some_and(plausible));
    if good { Ok(address.to_owned()) } else { Err(Refusal::EmailUnreadable) }
}

/// Whether a new password will do for a username.
pub fn password_check(password: &str, username: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&length) {
        return Err(Refusal::PasswordShort);
    }
    if !username.is_empty() && password.to_lowercase().contains(username) {
        return Err(Refusal::PasswordTells);
    }
    let first = password.chars().next();
    if password.chars().all(|c| Some(c) == first) { Err(Refusal::PasswordTells) } else { Ok(()) }
}

/// A role may end later, never in the past.
pub fn end_check(ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if ends_at.is_some_and(|end| end <= now) { Err(Refusal::EndsInPast) } else { Ok(()) }
}

/// Whoever works somewhere by the shift is still a matter of that house so many days after the last one.
const BY_THE_SHIFT_DAYS: i64 = 90;

/// An account belongs to every facility its person works in: no one administrator closes it, or takes it over by a
/// new password, while the person has a role elsewhere, or comes there by the shift.
pub fn only_here_check(engagements: &[Engagement], facility: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let lately = now - TimeDelta::days(BY_THE_SHIFT_DAYS);
    let by_the_shift = |one: &Engagement| one.ends_at.is_some_and(|end| end > lately);
    let elsewhere = |one: &&Engagement| one.facility != facility && (one.in_force(now) || by_the_shift(one));
    if engagements.iter().any(|one| elsewhere(&one)) { Err(Refusal::WorksElsewhere) } else { Ok(()) }
}

/// A closed account is opened again before anything else is done with it.
pub fn open_check(person: &Person) -> Result<(), Refusal> {
    if person.disabled_at.is_some() { Err(Refusal::AccountClosed) } else { Ok(()) }
}

/// A new account has a username and a registration number that no other has.
pub fn newcomer_check(same_username: Option<&Person>, registration_taken: bool) -> Result<(), Refusal> {
    if let Some(known) = same_username {
        open_check(known)?;
        return Err(Refusal::UsernameTaken);
    }
    if registration_taken { Err(Refusal::RegistrationTaken) } else { Ok(()) }
}

/// The facilities that an account is a matter of: where its person works now, or else where they have worked.
pub fn houses(engagements: &[Engagement], now: DateTime<Utc>) -> BTreeSet<&str> {
    let working: BTreeSet<&str> =
        engagements.iter().filter(|one| one.in_force(now)).map(|one| one.facility.as_str()).collect();
    if working.is_empty() { engagements.iter().map(|one| one.facility.as_str()).collect() } else { working }
}

/// A facility never loses its last administrator, nor keeps only some whose role ends by itself: nobody could let
/// anybody in again.
pub fn administrator_left_check(
    staff: &[(Person, Vec<Engagement>)],
    leaving: &str,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let administers = |one: &Engagement| one.role == Role::Administrator && one.in_force(now);
    let able = |person: &Person| person.disabled_at.is_none();
    let for_good = |one: &Engagement| administers(one) && one.ends_at.is_none();
    let mut others = staff.iter().filter(|(person, _)| person.id != leaving && able(person));
    let leaves =
        staff.iter().any(|(person, roles)| person.id == leaving && able(person) && roles.iter().any(administers));
    let stays = others.any(|(_, roles)| roles.iter().any(for_good));
    if leaves && !stays { Err(Refusal::LastAdministrator) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_plain_and_small() {
        assert_eq!(username(" A.Diallo "), Ok("a.diallo".to_owned()));
        for odd in ["", "a", "a b", "a@b", "ä.diallo", &"x".repeat(61)] {
            assert_eq!(username(odd), Err(Refusal::UsernameUnreadable), "{odd}");
        }
    }

    #[test]
    fn a_mail_address_has_one_at_sign_and_a_domain() {
        for good in ["", "p@alder.example", "first.last+round@mail.alder.example"] {
            assert_eq!(email(good), Ok(good.to_owned()));
        }
        for odd in
            ["p", "@alder.example", "p@alder", "p@@alder.example", "p@.example", "a@b.c,d@e.f", "P <p@a.b>", "p\n@a.b"]
        {
            assert_eq!(email(odd), Err(Refusal::EmailUnreadable), "{odd}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_username() {
        assert_eq!(password_check("willow tree four", "a.diallo"), Ok(()));
        assert_eq!(password_check("short", "a.diallo"), Err(Refusal::PasswordShort));
        assert_eq!(password_check(&"ab".repeat(101), "x"), Err(Refusal::PasswordShort));
        assert_eq!(password_check("A.Diallo-2026", "a.diallo"), Err(Refusal::PasswordTells));
        assert_eq!(password_check("aaaaaaaaaaaa", "x1"), Err(Refusal::PasswordTells));
    }

    #[test]
    fn the_last_administrator_stays() {
        let now = DateTime::UNIX_EPOCH;
        let person = |id: &str| Person {
            id: id.into(),
            username: id.into(),
            name: id.into(),
            registration: String::new(),
            email: String::new(),
            disabled_at: None,
            revision: 0,
        };
        let role = |person: &str, role| Engagement {
            id: format!("{person}-{role:?}"),
            person: person.into(),
            facility: "alder".into(),
            role,
            ends_at: None,
            ended_at: None,
        };
        let alone = vec![
            (person("ada"), vec![role("ada", Role::Administrator)]),
            (person("bea"), vec![role("bea", Role::Nurse)]),
        ];
        assert_eq!(administrator_left_check(&alone, "ada", now), Err(Refusal::LastAdministrator));
        assert_eq!(administrator_left_check(&alone, "bea", now), Ok(()));
        let two = vec![alone[0].clone(), (person("cy"), vec![role("cy", Role::Administrator)])];
        assert_eq!(administrator_left_check(&two, "ada", now), Ok(()));
        let tonight =
            Engagement { ends_at: Some(now + chrono::TimeDelta::hours(8)), ..role("cy", Role::Administrator) };
        let lent = vec![alone[0].clone(), (person("cy"), vec![tonight])];
        assert_eq!(administrator_left_check(&lent, "ada", now), Err(Refusal::LastAdministrator), "cy is gone tomorrow");
        assert_eq!(administrator_left_check(&lent, "cy", now), Ok(()));
    }
}

//! Who is let in as a nurse until the end of a shift, at this moment.

use super::Found;
use crate::care::calendar::moment_text;
use crate::care::people::Role;

/// Somebody whose access ends by itself.
pub struct Guest {
    pub name: String,
    /// `21 Nov 2026 08:00`
    pub until: String,
}

/// By name.
pub fn guests(found: &Found) -> Vec<Guest> {
    let open = found.staff.iter().filter(|(person, _)| person.disabled_at.is_none());
    let nurses = open.filter_map(|(person, roles)| {
        let nurse = roles.iter().find(|one| one.role == Role::Nurse && one.in_force(found.now))?;
        let until = moment_text(found.facility.zone, nurse.ends_at?);
        Some(Guest { name: person.name.clone(), until })
    });
    nurses.collect()
}

//! Where the people of a facility are, and one’s own account.

/// The people of a facility.
pub fn people(facility: &str) -> String {
    format!("/people?facility={facility}")
}

/// The people of a facility, where something was just saved: of whom, by their username; empty for several.
pub fn people_saved(facility: &str, saved: &str, username: &str) -> String {
    format!("/people?facility={facility}&saved={saved}&who={username}")
}

/// The agency nurses of a facility.
pub fn agency(facility: &str) -> String {
    format!("/agency?facility={facility}")
}

/// The same, where something was just saved: of whom, by their username or id.
pub fn agency_saved(facility: &str, saved: &str, who: &str) -> String {
    format!("/agency?facility={facility}&saved={saved}&who={who}")
}

/// The same, with somebody filled in who comes again.
pub fn agency_again(facility: &str, username: &str) -> String {
    format!("/agency?facility={facility}&again={username}#again")
}

/// Where everybody changes their own password, and goes on from there.
pub fn own_password(next: &str) -> String {
    serde_urlencoded::to_string([("next", next)])
        .map_or_else(|_| "/password".to_owned(), |on| format!("/password?{on}"))
}

/// The same, where it was just saved.
pub fn own_password_saved(next: &str) -> String {
    let on = serde_urlencoded::to_string([("saved", "yes"), ("next", next)]);
    on.map_or_else(|_| "/password?saved=yes".to_owned(), |on| format!("/password?{on}"))
}

/// A person, as a facility of theirs knows them.
pub fn person(id: &str, facility: &str) -> String {
    format!("/people/{id}?facility={facility}")
}

/// A person, where something was just saved of them.
pub fn person_saved(id: &str, facility: &str, saved: &str) -> String {
    format!("/people/{id}?facility={facility}&saved={saved}")
}

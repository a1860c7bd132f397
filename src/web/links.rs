//! The addresses of the house, written once.

mod history;
mod people;
mod register;

use chrono::NaiveDate;

pub use self::history::{DosesOf, error_rate, fact, history, unscheduled};
pub use self::people::{
    agency, agency_again, agency_saved, own_password, own_password_saved, people, people_saved, person, person_saved,
};
pub use self::register::{
    count, counted, enter, order_list, order_list_csv, receive, register, register_csv, register_day, register_day_csv,
    register_of, register_settings, registers_of,
};
use crate::care::calendar::Slot;
use crate::care::people::Role;
use crate::care::round::mar::Month;

/// A way on: where, and what the reader is told it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub text: String,
    pub href: String,
}

impl Link {
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Link {
        Link { text: text.into(), href: href.into() }
    }
}

/// The pages that stand in a menu, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    Round,
    Assessments,
    Reductions,
    Plans,
    Overview,
    Residents,
    Register,
    Gradual,
    History,
    Agency,
    People,
    Products,
    Settings,
    Letters,
}

impl Menu {
    pub fn text(self) -> &'static str {
        match self {
            Menu::Round => "Round",
            Menu::Assessments => "Assessments",
            Menu::Reductions => "Reductions",
            Menu::Plans => "Plans",
            Menu::Overview => "Overview",
            Menu::Residents => "Residents",
            Menu::Register => "Register",
            Menu::Gradual => "GDR",
            Menu::History => "History",
            Menu::Letters => "Letters",
            Menu::Agency => "Agency",
            Menu::People => "People",
            Menu::Products => "Products",
            Menu::Settings => "Settings",
        }
    }

    pub fn href(self) -> String {
        match self {
            Menu::Gradual => "/gradual-reductions".to_owned(),
            _ => format!("/{}", self.text().to_lowercase()),
        }
    }

    /// What a role finds in its menu; a page that a role cannot use is not in it. The first is the role's own page.
    pub fn of(role: Role) -> &'static [Menu] {
        match role {
            Role::Nurse => &[Menu::Round, Menu::Assessments, Menu::Residents, Menu::Register],
            Role::Pharmacist => &[Menu::Reductions, Menu::Residents, Menu::Register, Menu::Gradual, Menu::History],
            Role::Prescriber => &[Menu::Plans, Menu::Residents, Menu::Gradual, Menu::History],
            Role::Supervisor => &[
                Menu::Overview,
                Menu::Residents,
                Menu::Register,
                Menu::Gradual,
                Menu::History,
                Menu::Agency,
                Menu::Letters,
            ],
            Role::Administrator => &[Menu::People, Menu::Products, Menu::Settings, Menu::Letters],
        }
    }

    /// The menus of several roles in one, in the order of the enum.
    pub fn of_all(roles: impl IntoIterator<Item = Role>) -> Vec<Menu> {
        let mut all: Vec<Menu> = roles.into_iter().flat_map(Menu::of).copied().collect();
        all.sort();
        all.dedup();
        all
    }
}

/// A round of a unit on a day; where the unit has no rounds, the whole day.
pub fn round(unit: &str, on: NaiveDate, round: Option<Slot>) -> String {
    match round {
        Some(round) => format!("/round?unit={unit}&round={round}&on={on}"),
        None => format!("/round?unit={unit}&on={on}"),
    }
}

/// The round of this hour in a unit, with a dose that was just recorded, at its resident.
pub fn round_after(unit: &str, recorded: &str, resident: &str) -> String {
    format!("/round?unit={unit}&recorded={recorded}#resident-{resident}")
}

pub fn dose(id: &str) -> String {
    format!("/doses/{id}")
}

/// Where what was recorded of a dose is corrected.
pub fn correction(dose: &str) -> String {
    format!("/doses/{dose}/correction")
}

/// Where it is noted that somebody vomited after a dose.
pub fn vomit(dose: &str) -> String {
    format!("/doses/{dose}/vomit")
}

pub fn resident(id: &str) -> String {
    format!("/residents/{id}")
}

/// A resident's medication administration record of a month.
pub fn mar(resident: &str, month: Month) -> String {
    format!("/residents/{resident}/mar?month={month}")
}

/// The medication administration records of everybody in a unit.
pub fn unit_mar(unit: &str, month: Month) -> String {
    format!("/units/{unit}/mar?month={month}")
}

/// The downtime pack of a unit, made when it is asked for.
pub fn downtime(unit: &str) -> String {
    format!("/units/{unit}/downtime")
}

/// Where a nurse types in what stands on a unit's paper.
pub fn paper(unit: &str) -> String {
    format!("/units/{unit}/paper")
}

/// Where somebody at the bedside says what severe sign they see.
pub fn record_severe_sign(resident: &str) -> String {
    format!("/residents/{resident}/severe-sign")
}

/// A severe sign: what is held, and who knows.
pub fn severe_sign(id: &str) -> String {
    format!("/severe-signs/{id}")
}

/// Where an as-needed dose that was recorded in error is struck.
pub fn strike_as_needed(dose: &str) -> String {
    format!("/as-needed/doses/{dose}/strike")
}

/// Where a nurse writes down what a resident was given in error.
pub fn given_in_error(resident: &str) -> String {
    format!("/residents/{resident}/given-in-error")
}

/// Where what was given as needed is typed in.
pub fn paper_as_needed(unit: &str) -> String {
    format!("/units/{unit}/paper/as-needed")
}

/// Where an incident that was itself an error is struck.
pub fn strike_incident(id: &str) -> String {
    format!("/incidents/{id}/strike")
}

/// An incident: what was given in error, and what was answered.
pub fn incident(id: &str) -> String {
    format!("/incidents/{id}")
}

/// The gradual dose reductions of a resident.
pub fn gradual_reduction(resident: &str) -> String {
    format!("/residents/{resident}/gradual-reduction")
}

/// Where a resident is scored; on a scale, or on the one of the facility.
pub fn score(resident: &str, scale: &str) -> String {
    match scale {
        "" => format!("/residents/{resident}/assessments/new"),
        scale => format!("/residents/{resident}/assessments/new?scale={scale}"),
    }
}

/// Where a scoring of a resident is sent.
pub fn assessments_of(resident: &str) -> String {
    format!("/residents/{resident}/assessments")
}

pub fn assessment(id: &str) -> String {
    format!("/assessments/{id}")
}

/// Where it is written down that somebody moved to another room.
pub fn transfer(resident: &str) -> String {
    format!("/residents/{resident}/transfer")
}

/// Where a photo of a resident is put in, and seen as large as it is kept.
pub fn photo(resident: &str) -> String {
    format!("/residents/{resident}/photo")
}

/// The photo itself.
pub fn photo_itself(resident: &str) -> String {
    format!("/residents/{resident}/photo.jpg")
}

/// The labels of everybody in a unit, to print.
pub fn labels_of_unit(unit: &str) -> String {
    format!("/units/{unit}/labels")
}

/// Labels of a resident, to print.
pub fn labels(resident: &str) -> String {
    format!("/residents/{resident}/labels")
}

/// Where it is written down that somebody left or came back.
pub fn absence(resident: &str) -> String {
    format!("/residents/{resident}/absence")
}

pub fn plan(id: &str) -> String {
    format!("/plans/{id}")
}

/// What is known before a taper.
pub fn baseline(plan: &str) -> String {
    format!("/plans/{plan}/baseline")
}

/// Where a prescriber submits other steps for a running plan.
pub fn amend(plan: &str) -> String {
    format!("/plans/{plan}/amend")
}

/// One version of a plan, beside the one before it.
pub fn version(plan: &str, version: u32) -> String {
    format!("/plans/{plan}/versions/{version}")
}

/// A plan's taper alert: which doses were not given, and what was done about it.
pub fn taper_alert(plan: &str) -> String {
    format!("/plans/{plan}/alert")
}

/// Where a plan is stopped or finished.
pub fn ending(plan: &str) -> String {
    format!("/plans/{plan}/end")
}

pub fn reduction(plan: &str, n: i64) -> String {
    format!("/plans/{plan}/reductions/{n}")
}

/// Where a nurse pauses a signed reduction.
pub fn pause(plan: &str, n: u32) -> String {
    format!("/plans/{plan}/reductions/{n}/pause")
}

/// Where a prescriber orders a medicine as needed for a resident.
pub fn order_as_needed(resident: &str) -> String {
    format!("/residents/{resident}/as-needed/new")
}

/// Where a nurse gives a dose of an as-needed order.
pub fn give_as_needed(order: &str) -> String {
    format!("/as-needed/{order}/give")
}

/// Where it is scanned who is given such a dose.
pub fn identify_as_needed(order: &str) -> String {
    format!("/as-needed/{order}/identity")
}

/// Where a prescriber ends an as-needed order.
pub fn end_as_needed(order: &str) -> String {
    format!("/as-needed/{order}/end")
}

/// Where a nurse notes what an as-needed dose did.
pub fn effect(dose: &str) -> String {
    format!("/as-needed/doses/{dose}/effect")
}

/// The maxima of medicines in a facility.
pub fn limits(facility: &str) -> String {
    format!("/settings/limits?facility={facility}")
}

/// The barcodes of a facility's packs.
pub fn pack_codes(facility: &str) -> String {
    format!("/products/barcodes?facility={facility}")
}

/// The letters of a facility's MAR.
pub fn mar_letters(facility: &str) -> String {
    format!("/settings/mar-letters?facility={facility}")
}

/// Where a prescriber steps back, suspends, lowers or holds, and a hold is ended.
pub fn decide(plan: &str) -> String {
    format!("/plans/{plan}/decide")
}

/// Where a nurse writes down what a prescriber orders by telephone.
pub fn telephone(plan: &str) -> String {
    format!("/plans/{plan}/telephone")
}

/// An order, to be reviewed or confirmed.
pub fn order(plan: &str, fact: &str) -> String {
    format!("/plans/{plan}/orders/{fact}")
}

/// Where a supervisor resolves a difference.
pub fn resolve(discrepancy: &str) -> String {
    format!("/discrepancies/{discrepancy}/ending")
}

/// A unit's settings; `new` for one that is not there yet.
pub fn unit(id: &str, facility: &str) -> String {
    format!("/settings/units/{id}?facility={facility}")
}

/// The settings of a facility.
pub fn settings(facility: &str) -> String {
    format!("/settings?facility={facility}")
}

/// Where a stranger signs in, to be led on to `next` afterwards.
pub fn sign_in(next: &str) -> String {
    match serde_urlencoded::to_string([("next", next)]) {
        Ok(query) if next != "/" => format!("/sign-in?{query}"),
        _ => "/sign-in".to_owned(),
    }
}

/// Where somebody signs in again whose form came after their session had ended.
pub const SIGN_IN_AGAIN: &str = "/sign-in?why=ended";

/// An address of this house to go on to after signing in; anything that might lead elsewhere becomes the front page.
pub fn safe_next(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 500
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !next.starts_with("/sign-");
    if ours { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_led_out_of_the_house() {
        assert_eq!(safe_next("/plans/7/reductions/2?x=1"), "/plans/7/reductions/2?x=1");
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/a\r\nb", "/sign-out"]
        {
            assert_eq!(safe_next(foreign), "/", "{foreign}");
        }
    }

    #[test]
    fn every_role_has_its_own_page_first() {
        assert_eq!(Menu::of(Role::Nurse)[0].href(), "/round");
        assert_eq!(Menu::of(Role::Pharmacist)[0].href(), "/reductions");
        let both = Menu::of_all([Role::Supervisor, Role::Nurse]);
        use Menu::{Agency, Assessments, Gradual, History, Letters, Overview, Register, Residents, Round};
        assert_eq!(both, [Round, Assessments, Overview, Residents, Register, Gradual, History, Agency, Letters]);
        assert_eq!(Menu::Gradual.href(), "/gradual-reductions");
    }
}

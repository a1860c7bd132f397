//! The resident's banner: the only dark band there is, on every page where something is done to one resident.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::icon::Icon;
use super::severe::OpenSign;
use crate::care::calendar::{Zone, day_text};
use crate::care::name_alert::Surnames;
use crate::care::resident::{Allergies, Resident};
use crate::care::severe_sign::SevereSign;
use crate::store::{Conn, StoreError, absences, facilities, photos, severe_signs};
use crate::web::links;

/// Who the page is about.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/banner.html")]
pub struct Banner {
    surname: String,
    forename: String,
    born: String,
    room: String,
    number: String,
    /// Where the photo is, and the page on which it is seen larger; none where there is none.
    photo: Option<Portrait>,
    allergies: Allergies,
    alike: Vec<Alike>,
    /// Where a severe sign is recorded: the same way on every page about a resident.
    record_sign: String,
    signs: Vec<OpenSign>,
}

/// It renders as escaped markup.
impl HtmlSafe for Banner {}

/// A small picture of somebody, that leads to a larger one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    pub src: String,
    pub href: String,
    /// Whom it shows.
    pub name: String,
}

impl Portrait {
    pub fn of(resident: &Resident) -> Portrait {
        Portrait { src: links::photo_itself(&resident.id), href: links::photo(&resident.id), name: resident.name() }
    }
}

/// Another resident whose surname is within two letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// `HALVERSON, Mary`
    pub name: String,
    pub room: String,
}

impl Banner {
    /// `unit` is the name of the resident's unit, `today` the civil day there.
    pub fn new(resident: &Resident, unit: &str, today: NaiveDate) -> Banner {
        Banner {
            surname: resident.surname.to_uppercase(),
            forename: resident.forename.clone(),
            born: format!("{} ({}\u{a0}y)", day_text(resident.born_on), resident.age_on(today)),
            room: format!("{unit} {}", resident.room),
            number: resident.number.clone(),
            photo: None,
            allergies: resident.allergies.clone(),
            alike: Vec::new(),
            record_sign: links::record_severe_sign(&resident.id),
            signs: Vec::new(),
        }
    }

    /// The banner of one resident, with a warning of everybody who lives in the facility and whose name is alike.
    pub fn load(conn: &mut Conn, resident: &Resident, today: NaiveDate) -> Result<Banner, StoreError> {
        let units = facilities::units_of(conn, &resident.facility)?;
        let name = |id: &str| units.iter().find(|unit| unit.id == id).map_or("", |unit| unit.name.as_str());
        let others = absences::residents_here(conn, &resident.facility)?;
        let zone = facilities::facility_load(conn, &resident.facility)?.zone;
        let open = severe_signs::signs_open_of(conn, &resident.id)?;
        let pictured = photos::digest_find(conn, &resident.id)?.is_some();
        let banner = Banner::new(resident, name(&resident.unit), today).alarmed(&open, zone, today);
        Ok(banner
            .pictured(resident, pictured)
            .warning_of(resident, others.iter().map(|other| (other, name(&other.unit)))))
    }

    /// Shows the severe signs of the resident that no prescriber has released.
    pub fn alarmed(self, open: &[SevereSign], zone: Zone, today: NaiveDate) -> Banner {
        Banner { signs: open.iter().map(|sign| OpenSign::of(sign, zone, today)).collect(), ..self }
    }

    /// Shows the resident's photo, where there is one.
    pub fn pictured(self, resident: &Resident, photo: bool) -> Banner {
        Banner { photo: photo.then(|| Portrait::of(resident)), ..self }
    }

    /// On the page that shows it larger, the photo is left out.
    pub fn without_the_photo(self) -> Banner {
        Banner { photo: None, ..self }
    }

    /// On the page where a severe sign is recorded, the way there is left out.
    pub fn without_the_way_to_signs(self) -> Banner {
        Banner { record_sign: String::new(), ..self }
    }

    /// Warns of the others among them, each with the name of their unit, whose surname is within two letters.
    pub fn warning_of<'a>(
        self,
        resident: &Resident,
        others: impl IntoIterator<Item = (&'a Resident, &'a str)>,
    ) -> Banner {
        let others: Vec<(&Resident, &str)> = others.into_iter().collect();
        let unit = |of: &Resident| others.iter().find(|(other, _)| other.id == of.id).map_or("", |(_, unit)| *unit);
        let alike = |other: &Resident| Alike { name: other.name(), room: format!("{} {}", unit(other), other.room) };
        let surnames = Surnames::of(others.iter().map(|(other, _)| *other));
        Banner { alike: surnames.like(resident).map(alike).collect(), ..self }
    }

    /// The four allergy states, a name alert, a photo, and names that test the layout.
    pub fn samples() -> Vec<Banner> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default();
        let margit = |allergies| resident("Halvorsen", "Margit", "4", allergies);
        let mary = resident("Halverson", "Mary", "10", Allergies::NoneKnown);
        let known = margit(Allergies::Known { list: "penicillin (rash)".to_owned() });
        let longest = Allergies::Known { list: "latex, ".repeat(40) };
        let hostile = resident(&"W".repeat(80), "<script>", "\"><b>", longest);
        let usual = |resident: &Resident| Banner::new(resident, "Willow", today);
        vec![
            usual(&known).warning_of(&known, [(&mary, "Willow"), (&known, "Willow")]).pictured(&known, true),
            usual(&margit(Allergies::NoneKnown)),
            usual(&margit(Allergies::NotRecorded)),
            usual(&margit(Allergies::Unavailable)),
            usual(&hostile).pictured(&hostile, true),
        ]
    }
}

fn resident(surname: &str, forename: &str, room: &str, allergies: Allergies) -> Resident {
    Resident {
        id: surname.to_owned(),
        facility: "alder".to_owned(),
        unit: "willow".to_owned(),
        number: "AH-0417".to_owned(),
        surname: surname.to_owned(),
        forename: forename.to_owned(),
        born_on: NaiveDate::from_ymd_opt(1941, 3, 14).unwrap_or_default(),
        room: room.to_owned(),
        allergies,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_knowing_is_never_shown_as_no_allergies() {
        let drawn: Vec<String> = Banner::samples().iter().map(ToString::to_string).collect();
        assert!(drawn[0].contains("Known allergies") && drawn[0].contains("penicillin (rash)"));
        assert!(drawn[1].contains("No known allergies"));
        assert!(drawn[2].contains("Allergies not recorded") && !drawn[2].contains("No known"));
        assert!(drawn[3].contains("Allergies unavailable") && !drawn[3].contains("No known"));
    }

    #[test]
    fn a_look_alike_name_is_announced() {
        let drawn = Banner::samples()[0].to_string();
        assert!(drawn.contains("Name alert: <b>HALVERSON, Mary</b> is in Willow 10. Check the date of birth."));
    }

    #[test]
    fn nothing_typed_becomes_markup() {
        let drawn = Banner::samples()[4].to_string();
        assert!(!drawn.contains("<script>") && drawn.contains("&#60;script&#62;"), "{drawn}");
    }
}

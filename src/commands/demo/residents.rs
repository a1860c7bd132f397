//! The residents of the demo, all plainly invented, and their tapers.

/// What is known of allergies: `Some("")` none, `None` not recorded.
pub type Allergy = Option<&'static str>;

/// Surname, forename, birthday, unit, room, number, allergies, and the taper that runs.
pub struct Inhabitant {
    pub surname: &'static str,
    pub forename: &'static str,
    pub born_on: &'static str,
    pub unit: &'static str,
    pub room: &'static str,
    pub number: &'static str,
    pub allergy: Allergy,
    pub taper: Option<Taper>,
}

/// A taper that began some days before the demo's day.
pub struct Taper {
    pub medicine: &'static str,
    /// Slots and amounts of the baseline.
    pub doses: &'static [(&'static str, &'static str)],
    pub protocol: &'static str,
    pub settings: &'static [(&'static str, &'static str)],
    /// The baseline began so many days ago, the first reduction was planned so many days later.
    pub began_days_ago: u32,
    pub first_after_days: u32,
    pub indication: &'static str,
    pub reason: &'static str,
    pub today: Today,
}

/// How the taper stands on the demo's day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Today {
    /// The pharmacist signs whenever a reduction comes due.
    Signed,
    /// The reduction that is due next has not been signed.
    Waits,
    /// The pharmacist decided to hold.
    Held,
    /// A draft that waits for its prescriber.
    Draft,
}

const fn taper(
    medicine: &'static str,
    doses: &'static [(&'static str, &'static str)],
    protocol: &'static str,
    settings: &'static [(&'static str, &'static str)],
    days: (u32, u32),
    today: Today,
) -> Option<Taper> {
    let (began_days_ago, first_after_days) = days;
    let (indication, reason) = reasons(began_days_ago);
    Some(Taper { medicine, doses, protocol, settings, began_days_ago, first_after_days, indication, reason, today })
}

/// Why somebody tapers; told apart by nothing but the day, so that pages do not all read the same.
const fn reasons(days: u32) -> (&'static str, &'static str) {
    match days % 4 {
        0 => ("Panic disorder", "Two falls since summer. Resident agrees to try; daughter told."),
        1 => ("Insomnia after bereavement", "Drowsy at breakfast most days; sleeps better since moving rooms."),
        2 => ("Generalised anxiety", "Memory worse over the year; resident asks to come off it slowly."),
        _ => ("Anxiety, started in hospital", "Never reviewed since discharge; no anxiety recorded for months."),
    }
}

/// The two rounds that most doses belong to.
const MORN: &str = "08:00";
const EVE: &str = "20:00";

pub const RESIDENTS: &[Inhabitant] = &[
    Inhabitant {
        surname: "Kowalczyk",
        forename: "Jan",
        born_on: "1944-05-09",
        unit: "Willow",
        room: "1",
        number: "AH-0288",
        allergy: Some("codeine (vomiting)"),
        taper: taper(
            "lorazepam",
            &[("07:00", "1 mg"), (EVE, "1 mg")],
            "percent-of-current",
            &[("round", "nearest")],
            (77, 14),
            Today::Signed,
        ),
    },
    Inhabitant {
        surname: "Tremayne",
        forename: "Iris",
        born_on: "1947-08-23",
        unit: "Willow",
        room: "2",
        number: "AH-0401",
        allergy: Some("sulfonamides, latex"),
        taper: taper("diazepam", &[("07:00", "5 mg"), (EVE, "5 mg")], "fixed-by-band", &[], (98, 14), Today::Signed),
    },
    Inhabitant {
        surname: "Bellamy",
        forename: "Joan",
        born_on: "1940-10-19",
        unit: "Willow",
        room: "3",
        number: "AH-0364",
        allergy: Some("trimethoprim (rash)"),
        taper: taper(
            "lorazepam",
            &[(MORN, "0.5 mg"), (EVE, "1 mg")],
            "percent-of-initial",
            &[],
            (40, 20),
            Today::Waits,
        ),
    },
    Inhabitant {
        surname: "Halvorsen",
        forename: "Margit",
        born_on: "1941-03-14",
        unit: "Willow",
        room: "4",
        number: "AH-0417",
        allergy: Some("penicillin (rash)"),
        taper: taper(
            "clonazepam",
            &[(MORN, "1 mg"), (EVE, "1 mg")],
            "percent-of-initial",
            &[("percent", "7"), ("days", "21")],
            (88, 14),
            Today::Waits,
        ),
    },
    Inhabitant {
        surname: "Sørensen",
        forename: "Nils",
        born_on: "1949-04-25",
        unit: "Willow",
        room: "5",
        number: "AH-0440",
        allergy: Some(""),
        taper: taper(
            "diazepam",
            &[(MORN, "10 mg")],
            "percent-of-initial",
            &[("percent", "10")],
            (21, 28),
            Today::Signed,
        ),
    },
    Inhabitant {
        surname: "Nakagawa",
        forename: "Tomiko",
        born_on: "1950-01-30",
        unit: "Willow",
        room: "6",
        number: "AH-0433",
        allergy: Some(""),
        taper: taper(
            "lorazepam",
            &[(MORN, "1 mg"), ("14:00", "1 mg"), (EVE, "1 mg")],
            "label-fixed",
            &[("cut", "0.2 mg"), ("days", "14")],
            (60, 14),
            Today::Held,
        ),
    },
    Inhabitant {
        surname: "Okonjo",
        forename: "Bernard",
        born_on: "1938-09-02",
        unit: "Willow",
        room: "7",
        number: "AH-0355",
        allergy: Some(""),
        taper: taper("diazepam", &[(MORN, "5 mg"), ("14:00", "5 mg")], "fixed-by-band", &[], (70, 14), Today::Signed),
    },
    Inhabitant {
        surname: "Varga",
        forename: "Ilona",
        born_on: "1945-12-02",
        unit: "Willow",
        room: "8",
        number: "AH-0418",
        allergy: Some(""),
        taper: taper("diazepam", &[(MORN, "4 mg"), (EVE, "5 mg")], "fixed-by-band", &[], (64, 14), Today::Signed),
    },
    Inhabitant {
        surname: "de Waal",
        forename: "Pieter",
        born_on: "1945-06-17",
        unit: "Willow",
        room: "9",
        number: "AH-0429",
        allergy: Some(""),
        taper: taper(
            "clonazepam",
            &[("09:30", "0.5 mg"), (EVE, "0.5 mg")],
            "percent-of-initial",
            &[],
            (45, 14),
            Today::Signed,
        ),
    },
    Inhabitant {
        surname: "Halverson",
        forename: "Mary",
        born_on: "1939-11-02",
        unit: "Willow",
        room: "10",
        number: "AH-0392",
        allergy: Some(""),
        taper: taper("diazepam", &[(MORN, "7 mg")], "fixed-by-band", &[], (40, 28), Today::Signed),
    },
    Inhabitant {
        surname: "Abernathy",
        forename: "Ruth",
        born_on: "1942-02-06",
        unit: "Willow",
        room: "11",
        number: "AH-0376",
        allergy: Some(""),
        taper: taper(
            "clonazepam",
            &[(MORN, "1 mg"), (EVE, "1 mg")],
            "clonazepam-fixed",
            &[("hold_days", "14")],
            (58, 14),
            Today::Signed,
        ),
    },
    Inhabitant {
        surname: "Fairweather",
        forename: "Douglas",
        born_on: "1936-12-11",
        unit: "Willow",
        room: "12",
        number: "AH-0310",
        allergy: Some("aspirin (wheeze)"),
        taper: taper(
            "diazepam",
            &[("09:00", "2 mg"), (EVE, "2 mg")],
            "percent-of-initial",
            &[],
            (36, 14),
            Today::Signed,
        ),
    },
    Inhabitant {
        surname: "Moretti",
        forename: "Lucia",
        born_on: "1946-11-29",
        unit: "Rowan",
        room: "1",
        number: "AH-0398",
        allergy: Some("penicillin (anaphylaxis)"),
        taper: taper("lorazepam", &[(MORN, "1 mg"), (EVE, "1 mg")], "percent-of-initial", &[], (33, 14), Today::Waits),
    },
    Inhabitant {
        surname: "Amundsen",
        forename: "Grete",
        born_on: "1943-07-07",
        unit: "Rowan",
        room: "2",
        number: "AH-0372",
        allergy: Some(""),
        taper: None,
    },
    Inhabitant {
        surname: "Brandt",
        forename: "Elke",
        born_on: "1948-07-21",
        unit: "Rowan",
        room: "3",
        number: "AH-0451",
        allergy: None,
        taper: taper(
            "diazepam",
            &[(MORN, "5 mg"), ("14:00", "5 mg"), ("22:00", "5 mg")],
            "percent-of-initial",
            &[("percent", "10")],
            (0, 17),
            Today::Draft,
        ),
    },
    Inhabitant {
        surname: "Castellanos",
        forename: "Rafael",
        born_on: "1941-01-12",
        unit: "Rowan",
        room: "4",
        number: "AH-0326",
        allergy: Some("ibuprofen (rash)"),
        taper: None,
    },
    Inhabitant {
        surname: "O’Brien",
        forename: "Fintan",
        born_on: "1937-01-08",
        unit: "Rowan",
        room: "5",
        number: "AH-0333",
        allergy: Some(""),
        taper: taper("clonazepam", &[(MORN, "0.5 mg"), (EVE, "0.5 mg")], "label-fixed", &[], (30, 23), Today::Signed),
    },
    Inhabitant {
        surname: "Dubois",
        forename: "Solange",
        born_on: "1944-09-27",
        unit: "Rowan",
        room: "6",
        number: "AH-0384",
        allergy: Some(""),
        taper: None,
    },
    Inhabitant {
        surname: "Ekwueme",
        forename: "Chidi",
        born_on: "1939-05-30",
        unit: "Rowan",
        room: "7",
        number: "AH-0341",
        allergy: Some("morphine (itch)"),
        taper: None,
    },
    Inhabitant {
        surname: "Singh",
        forename: "Harjit",
        born_on: "1943-03-03",
        unit: "Rowan",
        room: "8",
        number: "AH-0347",
        allergy: Some(""),
        taper: taper("diazepam", &[(MORN, "6 mg"), (EVE, "6 mg")], "fixed-by-band", &[], (44, 28), Today::Waits),
    },
    Inhabitant {
        surname: "Greenwood",
        forename: "Edith",
        born_on: "1935-10-03",
        unit: "Rowan",
        room: "9",
        number: "AH-0302",
        allergy: Some(""),
        taper: None,
    },
    Inhabitant {
        surname: "Ivanova",
        forename: "Nadezhda",
        born_on: "1947-02-18",
        unit: "Rowan",
        room: "10",
        number: "AH-0409",
        allergy: Some("latex"),
        taper: None,
    },
    Inhabitant {
        surname: "Pelletier",
        forename: "Claude",
        born_on: "1951-09-14",
        unit: "Rowan",
        room: "11",
        number: "AH-0446",
        allergy: Some(""),
        taper: taper(
            "diazepam",
            &[(MORN, "6 mg"), ("14:00", "6 mg"), (EVE, "6 mg")],
            "fixed-by-band",
            &[],
            (52, 14),
            Today::Held,
        ),
    },
    Inhabitant {
        surname: "Quigley",
        forename: "Maeve",
        born_on: "1940-04-16",
        unit: "Rowan",
        room: "12",
        number: "AH-0315",
        allergy: Some(""),
        taper: None,
    },
];

//! What Alder House noted about psychotropic medicines: some in time, some late, some contraindicated.

use chrono::{DateTime, NaiveDate, Utc};

use super::months::Months;
use super::residents::{Inhabitant, RESIDENTS, Today};
use crate::acts::ActError;
use crate::acts::begin_gradual::{BeginGradual, begin_gradual};
use crate::acts::note_attempt::{NoteAttempt, note_attempt};
use crate::acts::note_contraindication::{NoteContraindication, note_contraindication};
use crate::care::calendar::{days_after, days_before};
use crate::care::gradual::note::{Class, Keeper};
use crate::care::people::{Confirmed, Pharmacist, Prescriber};
use crate::store::Conn;

/// A medicine of a resident: since so many days, with attempts elsewhere so many days ago, and what excuses it.
struct Taken {
    /// The number of the resident.
    who: &'static str,
    medicine: &'static str,
    class: Class,
    days: u32,
    attempts: &'static [(u32, &'static str)],
    excuse: Option<(u32, &'static str)>,
}

const TAKEN: &[Taken] = &[
    Taken { who: "AH-0288", medicine: "lorazepam", class: Class::AntiAnxiety, days: 170, attempts: &[], excuse: None },
    Taken {
        who: "AH-0417",
        medicine: "clonazepam",
        class: Class::AntiAnxiety,
        days: 330,
        attempts: &[(205, "From 2.5 mg to 2 mg daily at Birch Court; slept less for a week, then settled.")],
        excuse: None,
    },
    Taken { who: "AH-0401", medicine: "diazepam", class: Class::AntiAnxiety, days: 300, attempts: &[], excuse: None },
    Taken {
        who: "AH-0384",
        medicine: "zopiclone",
        class: Class::Hypnotic,
        days: 400,
        attempts: &[(300, "Halved at the hospital before she came; awake half of the nights since, kept at half.")],
        excuse: None,
    },
    Taken {
        who: "AH-0302",
        medicine: "sertraline",
        class: Class::Antidepressant,
        days: 520,
        attempts: &[(380, "From 100 mg to 50 mg in March; stopped eating within three weeks, back to 100 mg.")],
        excuse: Some((
            120,
            "Lost 6 kg within weeks when it was lowered in spring and spoke of not wanting to live; eats with the others again.",
        )),
    },
    Taken {
        who: "AH-0409",
        medicine: "quetiapine",
        class: Class::Antipsychotic,
        days: 250,
        attempts: &[],
        excuse: None,
    },
    Taken {
        who: "AH-0315",
        medicine: "mirtazapine",
        class: Class::Antidepressant,
        days: 40,
        attempts: &[],
        excuse: None,
    },
];

impl Months {
    /// Notes everything on the demo's morning.
    pub fn note_gradual(&self, conn: &mut Conn) -> Result<(), ActError> {
        let at = self.now;
        for (nth, (who, medicine)) in (0..).zip(self.tapered()) {
            self.note_start(conn, who, (medicine, class_of(medicine), 95 + nth * 23), at)?;
        }
        let today = self.facility.zone.day(at);
        for taken in TAKEN {
            let Some(who) = RESIDENTS.iter().find(|who| who.number == taken.who) else { continue };
            self.note_taken(conn, who, taken, today, at)?;
        }
        Ok(())
    }

    /// Residents whose medicine is tapered here, but those of the list above and the last two: nobody noted their start.
    fn tapered(&self) -> Vec<(&'static Inhabitant, &'static str)> {
        let listed = |who: &Inhabitant| TAKEN.iter().any(|taken| taken.who == who.number);
        let running = RESIDENTS.iter().filter(|who| !listed(who)).filter_map(|who| Some((who, who.taper.as_ref()?)));
        let mut all: Vec<_> = running
            .filter(|(_, taper)| taper.today != Today::Draft)
            .map(|(who, taper)| (who, taper.medicine))
            .collect();
        all.truncate(all.len().saturating_sub(2));
        all
    }

    fn note_start(
        &self,
        conn: &mut Conn,
        who: &Inhabitant,
        (medicine, class, days): (&str, Class, u32),
        at: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let begun = BeginGradual {
            form: self.chance.id(at, &format!("gradual start {} {medicine}", who.number)),
            resident: self.resident_id(who),
            medicine: medicine.to_owned(),
            on: days_before(self.today(), days),
            class,
            known_from: "Admission letter, and the family doctor on the telephone.".to_owned(),
        };
        begin_gradual(conn, &Keeper::from(Pharmacist(self.by("p.venkatesan"))), &begun, at)
    }

    fn note_taken(
        &self,
        conn: &mut Conn,
        who: &Inhabitant,
        taken: &Taken,
        today: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let (doctor, pharmacist) = (Prescriber(self.by("h.marsh")), Keeper::from(Pharmacist(self.by("p.venkatesan"))));
        let resident = self.resident_id(who);
        let medicine = taken.medicine.to_owned();
        let form = |what: &str| self.chance.id(at, &format!("gradual {what} {} {}", taken.who, taken.medicine));
        self.note_start(conn, who, (taken.medicine, taken.class, taken.days), at)?;
        for (days, how) in taken.attempts {
            let (form, on) = (form(&format!("attempt {days}")), days_before(today, *days));
            let (resident, medicine, how) = (resident.clone(), medicine.clone(), (*how).to_owned());
            note_attempt(conn, &pharmacist, &NoteAttempt { form, resident, medicine, on, how }, at)?;
        }
        if let Some((days, rationale)) = taken.excuse {
            let confirmed = Confirmed { person: doctor.0.person.clone() };
            let on = days_before(today, days);
            let (form, again_on, rationale) = (form("excuse"), days_after(on, 365), rationale.to_owned());
            let ask = NoteContraindication { form, resident, medicine, on, again_on, rationale };
            note_contraindication(conn, &doctor, &confirmed, &ask, at)?;
        }
        Ok(())
    }
}

fn class_of(medicine: &str) -> Class {
    if medicine == "lorazepam" { Class::Hypnotic } else { Class::AntiAnxiety }
}

//! All that a letter can say: counts, units, facilities, dates and times of rounds, and a link. There is no place in
//! these types for a resident's name, a medicine, a dose, a room or a number, so none can get into a letter.

use std::fmt;

use chrono::NaiveDate;

use crate::care::calendar::Slot;
use crate::care::facility::{Facility, Unit};

/// The name of a unit or a facility, on one line. It is made of nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    pub fn of_unit(unit: &Unit) -> Place {
        Place(one_line(&unit.name))
    }

    pub fn of_facility(facility: &Facility) -> Place {
        Place(one_line(&facility.name))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Nothing that ends a line or hides: a name cannot begin another header.
fn one_line(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() || "\u{2028}\u{2029}".contains(c) { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page of this house by its path, which tells nothing about anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// A unit's round on a day; whatever is due now where the unit's id is not a plain number drawn by chance, and so
    /// might say something.
    pub fn round(unit: &str, on: NaiveDate, round: Slot) -> Link {
        match uuid::Uuid::try_parse(unit) {
            Ok(id) => Link(format!("/round?unit={}&round={round}&on={on}", id.hyphenated())),
            Err(_) => Link("/round".to_owned()),
        }
    }

    /// A reduction's own page, or the queue, likewise.
    pub fn reduction(plan: &str, n: u32) -> Link {
        match uuid::Uuid::try_parse(plan) {
            Ok(id) => Link(format!("/plans/{}/reductions/{n}", id.hyphenated())),
            Err(_) => Link("/reductions".to_owned()),
        }
    }

    /// A plan's own page, or the list of plans, likewise.
    pub fn plan(plan: &str) -> Link {
        match uuid::Uuid::try_parse(plan) {
            Ok(id) => Link(format!("/plans/{}", id.hyphenated())),
            Err(_) => Link("/plans".to_owned()),
        }
    }

    /// A severe sign's own page, or the residents, likewise.
    pub fn severe_sign(sign: &str) -> Link {
        match uuid::Uuid::try_parse(sign) {
            Ok(id) => Link(format!("/severe-signs/{}", id.hyphenated())),
            Err(_) => Link("/residents".to_owned()),
        }
    }

    /// The page of a plan's taper alert, or the list of plans, likewise.
    pub fn taper_alert(plan: &str) -> Link {
        match uuid::Uuid::try_parse(plan) {
            Ok(id) => Link(format!("/plans/{}/alert", id.hyphenated())),
            Err(_) => Link("/plans".to_owned()),
        }
    }

    /// An incident's own page, or the residents, likewise.
    pub fn incident(incident: &str) -> Link {
        match uuid::Uuid::try_parse(incident) {
            Ok(id) => Link(format!("/incidents/{}", id.hyphenated())),
            Err(_) => Link("/residents".to_owned()),
        }
    }

    /// An order's own page; likewise, where both ids are plain numbers drawn by chance.
    pub fn order(plan: &str, order: &str) -> Link {
        match (uuid::Uuid::try_parse(plan), uuid::Uuid::try_parse(order)) {
            (Ok(plan), Ok(order)) => Link(format!("/plans/{}/orders/{}", plan.hyphenated(), order.hyphenated())),
            _ => Link::plan(plan),
        }
    }

    /// The effects that a unit's round asks for; of the reader's first unit where its id might say something.
    pub fn effects(unit: &str) -> Link {
        match uuid::Uuid::try_parse(unit) {
            Ok(id) => Link(format!("/round?unit={}#effects-h", id.hyphenated())),
            Err(_) => Link("/round#effects-h".to_owned()),
        }
    }

    /// Whom to score.
    pub fn assessments() -> Link {
        Link("/assessments".to_owned())
    }

    pub fn overview() -> Link {
        Link("/overview".to_owned())
    }

    pub fn path(&self) -> &str {
        &self.0
    }
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// So many doses of a unit's round are waiting.
    RoundDue {
        unit: Place,
        on: NaiveDate,
        round: Slot,
        doses: u32,
    },
    /// So many doses of a slot have no record.
    NoRecord {
        unit: Place,
        on: NaiveDate,
        slot: Slot,
        doses: u32,
    },
    /// A reduction can be signed, and is planned for a day.
    SignatureAhead {
        facility: Place,
        due_on: NaiveDate,
    },
    /// A reduction waits: the day of the letter, the planned day, and how many days have passed since it.
    SignatureWanted {
        facility: Place,
        on: NaiveDate,
        due_on: NaiveDate,
        days: u32,
    },
    /// It is the day to look again.
    HoldEnds {
        facility: Place,
        on: NaiveDate,
    },
    /// A reduction was paused on a day.
    Paused {
        facility: Place,
        on: NaiveDate,
    },
    /// A plan waits for its prescriber's answer: the day of the letter.
    SentBack {
        facility: Place,
        on: NaiveDate,
    },
    /// A severe sign was recorded in a unit, at a day and time; nobody has acknowledged it for so many hours.
    SevereSign {
        unit: Place,
        on: NaiveDate,
        at: Slot,
        hours: i64,
    },
    /// Doses of a taper were not given: the day of the letter.
    TaperAlert {
        facility: Place,
        on: NaiveDate,
    },
    /// Something was given in error in a unit, and wants an answer: the day of the letter.
    Incident {
        unit: Place,
        on: NaiveDate,
    },
    /// An abrupt stop waits for a pharmacist: the day of the letter.
    StopAsked {
        facility: Place,
        on: NaiveDate,
    },
    /// Other steps wait for a prescriber: the day of the letter.
    Amended {
        facility: Place,
        on: NaiveDate,
    },
    /// A prescriber ordered less, or nothing, for a resident's safety: the day of the letter.
    UrgentOrder {
        facility: Place,
        on: NaiveDate,
    },
    /// A prescriber stepped back on a day.
    SteppedBack {
        facility: Place,
        on: NaiveDate,
    },
    /// A telephone order waits for its prescriber: the day of the letter.
    Unconfirmed {
        facility: Place,
        on: NaiveDate,
    },
    /// So many residents of a unit are to be scored on a day.
    AssessmentDue {
        unit: Place,
        on: NaiveDate,
        residents: u32,
    },
    /// An urgent order stands, and no prescriber has decided the level since.
    OrderStands {
        facility: Place,
        on: NaiveDate,
    },
    /// Somebody came back; that was written down at a day and time, and no prescriber has decided their dose for so many
    /// hours.
    DecisionNeeded {
        facility: Place,
        on: NaiveDate,
        at: Slot,
        hours: i64,
    },
    /// Whether so many as-needed doses of a unit helped is asked from a moment on.
    EffectWanted {
        unit: Place,
        on: NaiveDate,
        at: Slot,
        doses: u32,
    },
    Digest {
        facility: Place,
        on: NaiveDate,
        tally: Tally,
    },
}

/// How a facility stands, in counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Doses that nobody recorded, after the grace period.
    pub no_record: u32,
    /// Reductions past their planned day and not signed.
    pub waiting: u32,
    /// The days the oldest of them has waited.
    pub longest_wait: u32,
    /// Plans of which nothing can be signed: sent back, amended or to be stopped, and not answered.
    pub unanswered: u32,
    /// The days the oldest of these has waited.
    pub longest_unanswered: u32,
    /// Reductions held until a day.
    pub held: u32,
    /// Differences of registers that nobody has resolved.
    pub differences: u32,
    /// Letters of the last day that did not arrive.
    pub undelivered: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(one_line("Willow\r\nBcc: everybody@example.org\u{2028}x"), "Willow Bcc: everybody@example.org x");
    }

    #[test]
    fn a_link_to_a_plan_tells_nothing() {
        let id = "0193f2a0-7c1e-7aaa-8bbb-0123456789ab";
        assert_eq!(Link::reduction(id, 3).path(), format!("/plans/{id}/reductions/3"));
        assert_eq!(Link::reduction("mary-smith", 3).path(), "/reductions");
    }
}

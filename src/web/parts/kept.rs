//! A signature as it was kept: the whole statement that was on the screen, word for word, on paper too.

use askama::Template;
use askama::filters::HtmlSafe;

use super::checks::Checks;
use super::evidence::Evidence;
use super::icon::Icon;
use crate::care::calendar::{Slot, Zone, day_text};
use crate::care::medicine::Medicine;
use crate::care::taper::statement::{Statement, dose_text};

#[derive(Debug, Template)]
#[template(path = "parts/kept.html")]
pub struct Kept {
    signer: String,
    at: String,
    meaning: String,
    resident: String,
    medicine: String,
    change: String,
    /// Empty in signatures from before it was kept.
    percent: String,
    doses: Vec<DoseLine>,
    effective_on: String,
    version: u32,
    rationale: String,
    flags_reason: String,
    checks: Checks,
    /// None in signatures from before it was kept.
    evidence: Option<Evidence>,
}

#[derive(Debug, Clone)]
struct DoseLine {
    slot: String,
    from: String,
    to: String,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Kept {}

impl Kept {
    /// The statement as the store kept it; nothing where none was.
    pub fn read(text: &str, zone: Zone) -> Option<Kept> {
        serde_json::from_str::<Option<Statement>>(text).ok().flatten().map(|statement| Kept::new(&statement, zone))
    }

    pub fn new(statement: &Statement, zone: Zone) -> Kept {
        let at = zone.local(statement.signed_at);
        let registration = match statement.registration.as_str() {
            "" => String::new(),
            number => format!(", registration {number}"),
        };
        let medicine = Medicine(statement.medicine.clone());
        let heading = Some(&medicine);
        Kept {
            signer: format!("{}, pharmacist{registration}", statement.signer),
            at: format!("{} {}", day_text(at.date()), at.format("%H:%M")),
            meaning: statement.meaning.clone(),
            resident: format!(
                "{}, no. {}, born {}",
                statement.resident,
                statement.resident_number,
                day_text(statement.born_on)
            ),
            medicine: statement.medicine.clone(),
            change: match &statement.change {
                Some(change) => format!("from {} to {} daily", change.from, change.to),
                None => format!("from {} to {} daily", statement.from.told(heading), statement.to.told(heading)),
            },
            percent: statement.change.as_ref().map(|change| change.percent.clone()).unwrap_or_default(),
            doses: doses(statement),
            effective_on: day_text(statement.effective_on),
            version: statement.plan_version,
            rationale: statement.rationale.clone(),
            flags_reason: statement.flags_reason.clone(),
            checks: Checks::new(&statement.checks, "Needed a reason"),
            evidence: statement.snapshot.as_ref().map(|snapshot| Evidence::new(snapshot, zone)),
        }
    }
}

fn doses(statement: &Statement) -> Vec<DoseLine> {
    let lines = statement.from.lines_with(&statement.to);
    let named = lines.iter().any(|(_, medicine)| medicine.0 != statement.medicine);
    let (before, after) = statement.change.as_ref().map(|change| change.rhythms.clone()).unwrap_or_default();
    let line = |(slot, medicine): &(Slot, Medicine)| DoseLine {
        slot: if named { format!("{slot} {medicine}") } else { slot.to_string() },
        from: dose_text(statement.from.amount(*slot, medicine), before.as_deref()),
        to: dose_text(statement.to.amount(*slot, medicine), after.as_deref()),
    };
    lines.iter().map(line).collect()
}

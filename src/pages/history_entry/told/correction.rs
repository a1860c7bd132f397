//! A correction of what was recorded of a dose, told in sentences.

use serde::Deserialize;

use super::Told;
use crate::store::doses::Correction;
use crate::store::history::Fact;

/// The part of a fact that says which record it corrects, and why.
#[derive(Deserialize)]
struct Wrote {
    correction: Correction,
}

/// Says of a correction what it is, and why it was made; what happened really is told already.
pub fn tell(fact: &Fact, told: &mut Told) {
    let Ok(Wrote { correction }) = serde_json::from_str(&fact.body) else { return };
    match correction.replacement {
        Some(_) => told.title = told.title.replacen("Recorded as", "Corrected to", 1),
        None => {
            told.sentences.push("Recorded in error: nothing stands in its place, and the dose is open again.".into())
        }
    }
    told.sentences.push(format!("Why it was corrected: “{}”", correction.reason));
}

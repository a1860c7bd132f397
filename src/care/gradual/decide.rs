//! What may be noted about a medicine, and when the rules say no.

use chrono::NaiveDate;

use super::note::{Class, Note, Noted};
use super::rules::GradualRules;
use super::treatment::Treatment;
use crate::care::calendar::{Day, days_after};
use crate::care::people::{Confirmed, Prescriber, Role};
use crate::care::refusal::Refusal;
use crate::care::taper::rationale::{of_this_resident, reason};

/// A note that may be written, with its text.
pub type Written = (Noted, String);

impl Treatment {
    /// The medicine is taken since a day; where that is known already, it is put right.
    pub fn begin(&self, on: NaiveDate, class: Class, known_from: &str, today: NaiveDate) -> Result<Written, Refusal> {
        past(on, today)?;
        if let Some(spell) = self.spell(today) {
            if let Some(ended_on) = spell.ended_on.filter(|ended_on| on <= *ended_on) {
                return Err(Refusal::GradualBeforeEnd { ended_on: Day(ended_on) });
            }
            if (spell.since, spell.class, spell.ended_on) == (on, class, None) {
                return Err(Refusal::GradualKnown { since: Day(on) });
            }
        }
        Ok((Noted::Begun { on, class }, reason(known_from)?))
    }

    /// The dose was lowered elsewhere on a day.
    pub fn attempt(&self, on: NaiveDate, how: &str, today: NaiveDate) -> Result<Written, Refusal> {
        self.while_taken(on, today)?;
        let twice = |note: &&Note| note.noted == Noted::Attempted { on };
        if self.standing_notes().any(|note| twice(&note)) {
            return Err(Refusal::GradualTwice { on: Day(on) });
        }
        Ok((Noted::Attempted { on }, reason(how)?))
    }

    /// A prescriber judges a reduction contraindicated, until a day on which somebody looks again.
    pub fn contraindicate(
        &self,
        (by, confirmed): (&Prescriber, &Confirmed),
        (on, again_on): (NaiveDate, NaiveDate),
        rationale: &str,
        rules: &GradualRules,
        today: NaiveDate,
    ) -> Result<Written, Refusal> {
        if confirmed.person != by.0.person {
            return Err(Refusal::WrongPassword);
        }
        self.while_taken(on, today)?;
        let (earliest, latest) = (days_after(today, 1), days_after(on, rules.contraindication_days));
        if again_on < earliest || again_on > latest {
            return Err(Refusal::GradualAgain { earliest: Day(earliest), latest: Day(latest) });
        }
        let before = self.notes.iter().rev().find(|note| matches!(note.noted, Noted::Contraindicated { .. }));
        let rationale = of_this_resident(rationale, before.map(|note| note.rationale.as_str()))?;
        Ok((Noted::Contraindicated { on, again_on }, rationale))
    }

    /// The medicine was taken for the last time on a day.
    pub fn end(&self, on: NaiveDate, why: &str, today: NaiveDate) -> Result<Written, Refusal> {
        self.while_taken(on, today)?;
        Ok((Noted::Ended { on }, reason(why)?))
    }

    /// A note was wrong: it stays readable, and no longer counts. Only prescribers strike out a contraindication.
    pub fn strike(&self, by: Role, id: &str, why: &str) -> Result<Written, Refusal> {
        let note = self.standing_notes().find(|note| note.id == id).ok_or(Refusal::GradualNote)?;
        if matches!(note.noted, Noted::Contraindicated { .. }) && by != Role::Prescriber {
            return Err(Refusal::GradualPrescriber);
        }
        Ok((Noted::Struck { note: note.id.clone() }, reason(why)?))
    }

    /// Something can be noted of a day only while the medicine is taken.
    fn while_taken(&self, on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
        past(on, today)?;
        let medicine = || self.medicine.to_string();
        let spell = self.spell(today).ok_or_else(|| Refusal::GradualNotBegun { medicine: medicine() })?;
        if on < spell.since {
            return Err(Refusal::GradualBeforeStart { medicine: medicine(), since: Day(spell.since) });
        }
        match spell.ended_on {
            Some(ended_on) => Err(Refusal::GradualEnded { medicine: medicine(), ended_on: Day(ended_on) }),
            None => Ok(()),
        }
    }
}

fn past(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on > today { Err(Refusal::GradualFuture) } else { Ok(()) }
}

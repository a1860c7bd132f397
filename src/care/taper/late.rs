//! What a plan says of a dose that was missed or comes late: what to do, and how many hours lie between two doses at the
//! least. A prescriber writes it into the plan; where nothing is written, the usual holds.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::rationale::tidy;
use crate::care::calendar::Slot;
use crate::care::refusal::Refusal;

/// What patient leaflets commonly say of a missed dose, in our words and labelled as ours; a prescriber’s own word takes its
/// place.
pub const USUAL_INSTRUCTION: &str = "Give it when it is noticed, unless it is nearly time for the next dose: then leave \
                                     it out. Never give two doses at once, and nothing more to make up for it.";

/// From how many hours to how many the least interval may be; the database checks the same.
pub const LEAST_HOURS: RangeInclusive<u32> = 1..=24;

const LONGEST_INSTRUCTION: usize = 400;
const DAY_MINUTES: i64 = 24 * 60;

/// The plan's word on missed and late doses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateRule {
    pub instruction: String,
    /// Between a late dose and those beside it, whole hours.
    pub least_hours: u32,
}

impl LateRule {
    /// Half the shortest time between two doses, up to whole hours: a rule of ours, and no published figure. A plan says
    /// otherwise where its prescriber does.
    pub fn usual(slots: &BTreeSet<Slot>) -> LateRule {
        LateRule { instruction: USUAL_INSTRUCTION.to_owned(), least_hours: usual_hours(slots) }
    }

    /// As it was typed; what is left empty is as usual.
    pub fn read(instruction: &str, hours: &str, slots: &BTreeSet<Slot>) -> Result<LateRule, Refusal> {
        let usual = LateRule::usual(slots);
        Ok(LateRule {
            instruction: read_instruction(instruction, usual.instruction)?,
            least_hours: read_hours(hours, usual.least_hours)?,
        })
    }

    /// `at least 6 h between two doses`
    pub fn interval(&self) -> String {
        format!("at least {}\u{a0}h between two doses", self.least_hours)
    }
}

/// What to do with a missed dose, as it was typed.
pub fn read_instruction(text: &str, usual: String) -> Result<String, Refusal> {
    let text = tidy(text);
    match text.chars().count() {
        0 => Ok(usual),
        1..=LONGEST_INSTRUCTION => Ok(text),
        _ => Err(Refusal::MissedDoseLong),
    }
}

/// The least interval, as it was typed.
pub fn read_hours(text: &str, usual: u32) -> Result<u32, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(usual);
    }
    let plain = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let hours = if plain { text.parse().ok() } else { None };
    hours.filter(|hours| LEAST_HOURS.contains(hours)).ok_or(Refusal::LeastHours)
}

fn usual_hours(slots: &BTreeSet<Slot>) -> u32 {
    let minutes: Vec<i64> = slots.iter().map(|slot| slot.minute()).collect();
    let Some(first) = minutes.first() else { return *LEAST_HOURS.end() };
    let next = minutes.iter().skip(1).copied().chain([first + DAY_MINUTES]);
    let shortest = minutes.iter().zip(next).map(|(one, next)| next - one).min().unwrap_or(DAY_MINUTES);
    u32::try_from((shortest + 119) / 120).unwrap_or(*LEAST_HOURS.start()).max(*LEAST_HOURS.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(text: &str) -> BTreeSet<Slot> {
        text.split_whitespace().filter_map(|slot| slot.parse().ok()).collect()
    }

    #[test]
    fn the_usual_interval_is_half_the_shortest_time_between_two_doses() {
        let hours = |text: &str| LateRule::usual(&slots(text)).least_hours;
        assert_eq!(hours("22:00"), 12, "once a day");
        assert_eq!(hours("08:00 20:00"), 6);
        assert_eq!(hours("08:00 14:00 22:00"), 3);
        assert_eq!(hours("06:00 22:00"), 4, "over midnight");
        assert_eq!(hours("08:00 11:00"), 2, "up to whole hours");
        assert_eq!(hours("08:00 08:30"), 1);
    }

    #[test]
    fn what_is_typed_holds_and_what_is_left_empty_is_as_usual() {
        let twice = slots("08:00 20:00");
        assert_eq!(LateRule::read(" \u{a0}", "", &twice), Ok(LateRule::usual(&twice)));
        let typed = LateRule { instruction: "Call me.".to_owned(), least_hours: 8 };
        assert_eq!(LateRule::read(" Call me. ", " 8 ", &twice), Ok(typed));
        for hours in ["0", "25", "4.5", "-1", "six", "٤"] {
            assert_eq!(LateRule::read("", hours, &twice), Err(Refusal::LeastHours), "{hours}");
        }
        assert_eq!(LateRule::read(&"x".repeat(401), "", &twice), Err(Refusal::MissedDoseLong));
    }
}

//! Whether an as-needed dose helped: asked for a while after it was given, written down once.

use serde::{Deserialize, Serialize};

use crate::care::refusal::Refusal;
use crate::care::taper::rationale::tidy;

/// What the nurse found when they went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Helped,
    HelpedLittle,
    NoHelp,
    TooSleepy,
    Asleep,
}

impl Effect {
    pub const ALL: [Effect; 5] =
        [Effect::Helped, Effect::HelpedLittle, Effect::NoHelp, Effect::Asleep, Effect::TooSleepy];

    /// The word as stored and as posted.
    pub fn word(self) -> &'static str {
        match self {
            Effect::Helped => "helped",
            Effect::HelpedLittle => "helped_little",
            Effect::NoHelp => "no_help",
            Effect::TooSleepy => "too_sleepy",
            Effect::Asleep => "asleep",
        }
    }

    pub fn of_word(word: &str) -> Option<Effect> {
        Effect::ALL.into_iter().find(|effect| effect.word() == word)
    }

    /// As a label begins.
    pub fn title(self) -> &'static str {
        match self {
            Effect::Helped => "Helped",
            Effect::HelpedLittle => "Helped a little",
            Effect::NoHelp => "Did not help",
            Effect::TooSleepy => "Too sleepy",
            Effect::Asleep => "Asleep, breathing easily",
        }
    }
}

/// An effect that stands already, in words for the person who was second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    pub effect: Effect,
    pub by: String,
    pub at: String,
}

/// What the nurse says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectAsk {
    pub effect: Option<Effect>,
    pub note: String,
}

const LONGEST_NOTE: usize = 500;

/// The effect goes into the record once. What did not go as hoped needs a few words, so that the next nurse knows.
pub fn note(standing: Option<&Stood>, ask: &EffectAsk) -> Result<(Effect, String), Refusal> {
    if let Some(Stood { effect, by, at }) = standing {
        let what = effect.title().to_lowercase();
        return Err(Refusal::EffectNoted { what, by: by.clone(), at: at.clone() });
    }
    let effect = ask.effect.ok_or(Refusal::EffectMissing)?;
    let note = tidy(&ask.note);
    if note.chars().count() > LONGEST_NOTE {
        return Err(Refusal::NoteTooLong);
    }
    if effect == Effect::TooSleepy && note.is_empty() {
        return Err(Refusal::EffectNote);
    }
    Ok((effect, note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_is_noted_once_and_sleepiness_is_described() {
        let ask = |effect, note: &str| EffectAsk { effect, note: note.to_owned() };
        assert_eq!(note(None, &ask(None, "")), Err(Refusal::EffectMissing));
        assert_eq!(note(None, &ask(Some(Effect::Helped), " ")), Ok((Effect::Helped, String::new())));
        assert_eq!(note(None, &ask(Some(Effect::TooSleepy), " ")), Err(Refusal::EffectNote));
        let stood = Stood { effect: Effect::NoHelp, by: "Tom".into(), at: "08:50".into() };
        assert!(matches!(note(Some(&stood), &ask(Some(Effect::Helped), "")), Err(Refusal::EffectNoted { .. })));
    }
}

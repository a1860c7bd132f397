//! The rules that protocols' files can say, and whether what a file says can be followed.

use serde::Deserialize;

use super::parameter::Settings;
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

/// How steps are made. Each value is the name of a parameter, or written out: `0.5 mg`, `14`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Rule {
    /// The reduction depends on the current dose; from the highest band to the one above 0.
    Bands { bands: Vec<Band> },
    /// The same amount off every dose of the day.
    OffEachDose { cut: String, days: String },
    /// A share of the current or of the first daily dose.
    Percent {
        of: String,
        percent: String,
        days: String,
        round: String,
        /// No reduction is smaller than this; left out: as small as the percentage says.
        #[serde(default)]
        floor: Option<String>,
    },
    /// A share that changes on the way down, from the highest phase to the one above 0 % of the first dose.
    Phases { of: String, round: String, phases: Vec<Phase> },
    /// Steps of equal size in the share of receptors occupied, which is dose / (dose + `half_at`).
    Occupancy { half_at: String, steps: String, days: String, round: String },
    /// A share of the first dose until the smallest dose; then every step has more nights without.
    Nights { percent: String, days: String, round: String, more: String, nights_days: String },
    /// The prescriber types every step.
    Typed,
}

/// While the daily dose is above `above`: reductions of `cut`, `days` apart, which never pass `above`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Band {
    pub above: String,
    pub cut: String,
    pub days: String,
    /// How long the dose `above` itself is kept; left out: as long as the band below says.
    #[serde(default)]
    pub hold: Option<String>,
}

/// While the daily dose is above `above` percent of the first: reductions of `percent`, which never pass it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phase {
    pub above: String,
    pub percent: String,
    pub days: String,
}

/// Of which dose a percentage is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    Current,
    Initial,
}

impl Share {
    pub fn of(term: &str, settings: &Settings) -> Result<Share, Refusal> {
        match settings.word(term)? {
            "current" => Ok(Share::Current),
            "initial" => Ok(Share::Initial),
            word => Err(unreadable(format!("{word} is neither current nor initial"))),
        }
    }
}

/// Where an amount cannot be made: never more off than asked, or the nearest that can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    Up,
    Nearest,
}

impl Round {
    pub fn of(term: &str, settings: &Settings) -> Result<Round, Refusal> {
        match settings.word(term)? {
            "up" => Ok(Round::Up),
            "nearest" => Ok(Round::Nearest),
            word => Err(unreadable(format!("{word} is neither up nor nearest"))),
        }
    }
}

impl Rule {
    /// Every value is a parameter of the right unit or written out, and every reduction takes something away.
    pub fn is_sound(&self, settings: &Settings) -> Result<(), Refusal> {
        match self {
            Rule::Bands { bands } => bands_are_sound(bands, settings),
            Rule::OffEachDose { cut, days } => settings.days(days).and(is_a_cut(cut, settings)),
            Rule::Percent { of, percent, days, round, floor } => {
                settings.percent(percent).and(settings.days(days))?;
                floor.as_deref().map_or(Ok(()), |floor| is_a_cut(floor, settings))?;
                match Share::of(of, settings).and(Round::of(round, settings))? {
                    Round::Nearest if floor.is_some() => Err(unreadable("a floor goes with round up")),
                    _ => Ok(()),
                }
            }
            Rule::Phases { of, round, phases } => {
                Share::of(of, settings).and(Round::of(round, settings))?;
                phases_are_sound(phases, settings)
            }
            Rule::Occupancy { half_at, steps, days, round } => {
                is_a_cut(half_at, settings)?;
                settings.count(steps).and(settings.days(days))?;
                Round::of(round, settings).and(Ok(()))
            }
            Rule::Nights { percent, days, round, more, nights_days } => {
                settings.percent(percent).and(settings.count(more))?;
                settings.days(days).and(settings.days(nights_days))?;
                Round::of(round, settings).and(Ok(()))
            }
            Rule::Typed => Ok(()),
        }
    }
}

/// Bands stand from the highest down to 0, and each reduces.
fn bands_are_sound(bands: &[Band], settings: &Settings) -> Result<(), Refusal> {
    let mut above = None;
    for band in bands {
        is_a_cut(&band.cut, settings)?;
        settings.days(&band.days)?;
        band.hold.as_deref().map(|hold| settings.days(hold)).transpose()?;
        let from = settings.amount(&band.above)?;
        if above.replace(from).is_some_and(|higher| higher <= from) {
            return Err(unreadable("bands stand from the highest down"));
        }
    }
    if above == Some(Amount::ZERO) { Ok(()) } else { Err(unreadable("the last band must be above 0 mg")) }
}

/// Phases stand from the highest share of the first dose down to 0, and each reduces.
fn phases_are_sound(phases: &[Phase], settings: &Settings) -> Result<(), Refusal> {
    let mut above = None;
    for phase in phases {
        settings.percent(&phase.percent).and(settings.days(&phase.days))?;
        let from = settings.share(&phase.above)?;
        if above.replace(from).is_some_and(|higher| higher <= from) {
            return Err(unreadable("phases stand from the highest down"));
        }
    }
    if above == Some(0) { Ok(()) } else { Err(unreadable("the last phase must be above 0 %")) }
}

fn is_a_cut(term: &str, settings: &Settings) -> Result<(), Refusal> {
    if settings.amount(term)?.is_zero() { Err(unreadable(format!("{term} takes nothing away"))) } else { Ok(()) }
}

fn unreadable(problem: impl Into<String>) -> Refusal {
    Refusal::ProtocolUnreadable { problem: problem.into() }
}

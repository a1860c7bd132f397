//! Protocols: published rules that make a taper's steps, each a data file with its citation, parameters and version.

pub mod draft;
pub mod parameter;
mod percent;
mod rules;
pub mod split;
pub mod typed;
pub mod walk;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use self::parameter::{Parameter, Settings};
use crate::care::amount::Amount;
use crate::care::refusal::Refusal;

/// A published rule that makes steps, as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    pub id: String,
    pub name: String,
    /// Where the rule is published, and how far it was read there.
    pub citation: String,
    pub version: String,
    /// Those it is written for; empty: any.
    #[serde(default)]
    pub medicines: Vec<String>,
    /// The most a day that it is written for.
    #[serde(default)]
    daily_at_most: Option<String>,
    /// Which dose gives way where a day cannot be divided evenly.
    #[serde(default)]
    pub drops_first: DropsFirst,
    rule: Rule,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

/// The dose that gives way first where a day cannot be divided evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DropsFirst {
    /// From the middle of the day outwards, the night dose last.
    #[default]
    Daytime,
    /// The night dose first.
    Night,
}

impl DropsFirst {
    pub fn word(self) -> &'static str {
        match self {
            DropsFirst::Daytime => "daytime",
            DropsFirst::Night => "night",
        }
    }
}

/// How steps are made. Each value is the name of a parameter, or written out: `0.5 mg`, `14`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Rule {
    /// The reduction depends on the current dose; from the highest band to the one above 0.
    Bands { bands: Vec<Band> },
    /// The same amount off every dose of the day.
    OffEachDose { cut: String, days: String },
    /// A share of the current or of the first daily dose.
    Percent { of: Share, percent: String, days: String, round: String },
    /// The prescriber types every step.
    Typed,
}

/// While the daily dose is above `above`: reductions of `cut`, `days` apart, which never pass `above`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Band {
    above: String,
    cut: String,
    days: String,
    /// How long the dose `above` itself is kept; left out: as long as the band below says.
    #[serde(default)]
    hold: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Share {
    Current,
    Initial,
}

impl Protocol {
    /// The protocols that come with Stepdown.
    pub fn ours() -> &'static [Protocol] {
        static OURS: LazyLock<Vec<Protocol>> = LazyLock::new(|| {
            let files = [
                include_str!("../../../data/protocols/clonazepam-fixed.toml"),
                include_str!("../../../data/protocols/percent-of-current.toml"),
                include_str!("../../../data/protocols/percent-of-initial.toml"),
                include_str!("../../../data/protocols/fixed-by-band.toml"),
                include_str!("../../../data/protocols/label-fixed.toml"),
                include_str!("../../../data/protocols/table.toml"),
                include_str!("../../../data/protocols/by-hand.toml"),
            ];
            files.map(|file| Protocol::read(file).expect("a test reads the protocols we ship")).into()
        });
        &OURS
    }

    /// Reads a protocol's file; a facility's own is read the same way.
    pub fn read(text: &str) -> Result<Protocol, Refusal> {
        let unreadable = |problem: String| Refusal::ProtocolUnreadable { problem };
        let protocol: Protocol = toml::from_str(text).map_err(|error| unreadable(error.message().to_owned()))?;
        let sentence = |refusal: Refusal| unreadable(refusal.to_string());
        protocol.most().map_err(sentence)?;
        let defaults = Settings::of(&protocol.parameters, &BTreeMap::new()).map_err(sentence)?;
        protocol.is_sound(&defaults)?;
        Ok(protocol)
    }

    /// Whether its steps are typed.
    pub fn is_typed(&self) -> bool {
        self.rule == Rule::Typed
    }

    /// The most a day that it is written for.
    fn most(&self) -> Result<Option<Amount>, Refusal> {
        self.daily_at_most.as_deref().map(Amount::parse).transpose()
    }

    /// Every value of the rule is a parameter of the right unit or written out, and every reduction takes something away.
    fn is_sound(&self, settings: &Settings) -> Result<(), Refusal> {
        match &self.rule {
            Rule::Bands { bands } => bands_are_sound(bands, settings),
            Rule::OffEachDose { cut, days } => settings.days(days).and(is_a_cut(cut, settings)),
            Rule::Percent { percent, days, round, .. } => {
                settings.percent(percent).and(settings.days(days))?;
                let problem = format!("{round} is neither up nor nearest");
                let known = ["up", "nearest"].contains(&settings.word(round)?);
                known.then_some(()).ok_or(Refusal::ProtocolUnreadable { problem })
            }
            Rule::Typed => Ok(()),
        }
    }
}

/// Bands stand from the highest down to 0, and each reduces.
fn bands_are_sound(bands: &[Band], settings: &Settings) -> Result<(), Refusal> {
    let unreadable = |problem: &str| Err(Refusal::ProtocolUnreadable { problem: problem.to_owned() });
    let mut above = None;
    for band in bands {
        is_a_cut(&band.cut, settings)?;
        settings.days(&band.days)?;
        band.hold.as_deref().map(|hold| settings.days(hold)).transpose()?;
        let from = settings.amount(&band.above)?;
        if above.replace(from).is_some_and(|higher| higher <= from) {
            return unreadable("bands stand from the highest down");
        }
    }
    if above == Some(Amount::ZERO) { Ok(()) } else { unreadable("the last band must be above 0 mg") }
}

fn is_a_cut(term: &str, settings: &Settings) -> Result<(), Refusal> {
    let problem = format!("{term} takes nothing away");
    if settings.amount(term)?.is_zero() { Err(Refusal::ProtocolUnreadable { problem }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocols_we_ship_are_read_and_cite_their_source() {
        assert_eq!(Protocol::ours().len(), 7);
        assert!(Protocol::ours().iter().all(|protocol| protocol.citation.len() > 20));
    }

    #[test]
    fn a_file_that_says_something_impossible_is_refused() {
        let label = include_str!("../../../data/protocols/label-fixed.toml");
        assert!(Protocol::read(label).is_ok());
        for (was, is) in [
            ("cut = \"cut\"", "cut = \"nothing\""),
            ("cut = \"cut\"", "cut = \"0 mg\""),
            ("cut = \"cut\"", "cut = \"days\""),
            ("default = \"3\"", "default = \"2\""),
            ("default = \"3\"", "default = \"three\""),
            ("unit = \"days\"", "unit = \"weeks\""),
            ("version = \"1\"", "version = \"1\"\ncolour = \"red\""),
            ("kind = \"off-each-dose\"", "kind = \"by-moonlight\""),
            ("version = \"1\"", "version = \"1\"\ndaily_at_most = \"much\""),
        ] {
            let changed = label.replacen(was, is, 1);
            assert_ne!(changed, label);
            assert!(matches!(Protocol::read(&changed), Err(Refusal::ProtocolUnreadable { .. })), "{is}");
        }
    }
}

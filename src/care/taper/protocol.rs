//! Protocols: published rules that make a taper's steps, each a data file with its citation, parameters and version.

pub mod draft;
mod nights;
mod occupancy;
pub mod parameter;
mod percent;
mod rule;
mod rules;
pub mod split;
pub mod typed;
pub mod walk;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use self::parameter::{Parameter, Settings};
use self::rule::Rule;
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

impl Protocol {
    /// The protocols that come with Stepdown.
    pub fn ours() -> &'static [Protocol] {
        static OURS: LazyLock<Vec<Protocol>> = LazyLock::new(|| {
            let files = [
                include_str!("../../../data/protocols/clonazepam-fixed.toml"),
                include_str!("../../../data/protocols/percent-of-current.toml"),
                include_str!("../../../data/protocols/percent-of-current-with-floor.toml"),
                include_str!("../../../data/protocols/percent-of-initial.toml"),
                include_str!("../../../data/protocols/faster-then-slower.toml"),
                include_str!("../../../data/protocols/receptor-occupancy.toml"),
                include_str!("../../../data/protocols/nights-without.toml"),
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
        protocol.rule.is_sound(&defaults)?;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocols_we_ship_are_read_and_cite_their_source() {
        assert_eq!(Protocol::ours().len(), 11);
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

//! A protocol's parameters: what may be chosen, within which limits, and what was chosen.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::care::amount::{Amount, thousandths};
use crate::care::refusal::Refusal;

/// Something about a protocol that the prescriber chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub name: String,
    pub meaning: String,
    pub unit: Unit,
    pub default: String,
    #[serde(default)]
    pub least: Option<String>,
    #[serde(default)]
    pub most: Option<String>,
    /// The only values there are; empty: everything between `least` and `most`.
    #[serde(default)]
    pub one_of: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    #[serde(rename = "mg")]
    Milligrams,
    #[serde(rename = "days")]
    Days,
    #[serde(rename = "%")]
    Percent,
    #[serde(rename = "number")]
    Number,
    #[serde(rename = "word")]
    Word,
}

/// What was chosen for one parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Amount(Amount),
    Days(u32),
    /// Thousandths of a percent.
    Percent(u64),
    Number(u32),
    Word(String),
}

impl Value {
    fn read(unit: Unit, text: &str) -> Option<Value> {
        let text = text.trim();
        match unit {
            Unit::Milligrams => Amount::parse(text).ok().map(Value::Amount),
            Unit::Days => whole(text).map(Value::Days),
            Unit::Percent => thousandths(text.trim_end_matches('%').trim_end()).map(Value::Percent),
            Unit::Number => whole(text).map(Value::Number),
            Unit::Word => Some(Value::Word(text.to_owned())),
        }
    }
}

/// As a plan keeps it: `0.125 mg`, `14`, `12.5`, `nearest`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Amount(amount) => write!(f, "{} mg", amount.number()),
            Value::Days(number) | Value::Number(number) => write!(f, "{number}"),
            Value::Percent(thousandths) => f.write_str(&Amount::from_ug(*thousandths).number()),
            Value::Word(word) => f.write_str(word),
        }
    }
}

fn whole(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl Parameter {
    /// What may be chosen, in words: `from 5 to 10 %`, `14 or 7 days`.
    pub fn limits(&self) -> String {
        let unit = match self.unit {
            Unit::Days => " days",
            Unit::Percent => " %",
            Unit::Milligrams | Unit::Number | Unit::Word => "",
        };
        match (&self.one_of[..], &self.least, &self.most) {
            ([], Some(least), Some(most)) => format!("from {least} to {most}{unit}"),
            ([], Some(least), None) => format!("at least {least}{unit}"),
            ([], None, Some(most)) => format!("at most {most}{unit}"),
            ([], None, None) => format!("any number{unit}"),
            (words, ..) => format!("{}{unit}", words.join(" or ")),
        }
    }

    fn choose(&self, text: &str) -> Result<Value, Refusal> {
        let read = |text: &String| Value::read(self.unit, text);
        let wrong = || Refusal::SettingWrong {
            name: self.name.clone(),
            text: text.chars().take(40).collect(),
            limits: self.limits(),
        };
        let value = Value::read(self.unit, text).ok_or_else(wrong)?;
        let least = self.least.as_ref().and_then(read).is_none_or(|least| least <= value);
        let most = self.most.as_ref().and_then(read).is_none_or(|most| value <= most);
        let one = self.one_of.is_empty() || self.one_of.iter().filter_map(read).any(|one| one == value);
        if least && most && one { Ok(value) } else { Err(wrong()) }
    }
}

/// What was chosen for every parameter of a protocol, each within its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, Value>);

impl Settings {
    /// The parameters as chosen, the rest at their defaults.
    pub fn of(parameters: &[Parameter], chosen: &BTreeMap<String, String>) -> Result<Settings, Refusal> {
        let known = |name: &String| parameters.iter().any(|parameter| parameter.name == *name);
        if let Some(name) = chosen.keys().find(|name| !known(name)) {
            return Err(Refusal::SettingUnknown { name: name.chars().take(40).collect() });
        }
        let value = |parameter: &Parameter| {
            let text = chosen.get(&parameter.name).unwrap_or(&parameter.default);
            Ok((parameter.name.clone(), parameter.choose(text)?))
        };
        parameters.iter().map(value).collect::<Result<_, _>>().map(Settings)
    }

    /// As a plan keeps them.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.0.iter().map(|(name, value)| (name.clone(), value.to_string())).collect()
    }

    /// The amount that a rule names, or writes out.
    pub(super) fn amount(&self, term: &str) -> Result<Amount, Refusal> {
        match self.value(term, Unit::Milligrams) {
            Some(Value::Amount(amount)) => Ok(amount),
            _ => Err(not_a(term, "an amount")),
        }
    }

    pub(super) fn days(&self, term: &str) -> Result<u32, Refusal> {
        match self.value(term, Unit::Days) {
            Some(Value::Days(days)) if days > 0 => Ok(days),
            _ => Err(not_a(term, "a number of days")),
        }
    }

    /// How many of something; at least one.
    pub(super) fn count(&self, term: &str) -> Result<u32, Refusal> {
        match self.value(term, Unit::Number) {
            Some(Value::Number(number)) if number > 0 => Ok(number),
            _ => Err(not_a(term, "a number")),
        }
    }

    /// A share of the first dose, which may be nothing. Thousandths of a percent.
    pub(super) fn share(&self, term: &str) -> Result<u64, Refusal> {
        match self.value(term, Unit::Percent) {
            Some(Value::Percent(thousandths)) if thousandths < 100_000 => Ok(thousandths),
            _ => Err(not_a(term, "a share of the first dose")),
        }
    }

    /// Thousandths of a percent.
    pub(super) fn percent(&self, term: &str) -> Result<u64, Refusal> {
        match self.value(term, Unit::Percent) {
            Some(Value::Percent(thousandths)) if (1..=100_000).contains(&thousandths) => Ok(thousandths),
            _ => Err(not_a(term, "a percentage")),
        }
    }

    pub(super) fn word<'a>(&'a self, term: &'a str) -> Result<&'a str, Refusal> {
        match self.0.get(term) {
            Some(Value::Word(word)) => Ok(word),
            Some(_) => Err(not_a(term, "a word")),
            None => Ok(term),
        }
    }

    fn value(&self, term: &str, unit: Unit) -> Option<Value> {
        self.0.get(term).cloned().or_else(|| Value::read(unit, term))
    }
}

/// A rule says something that its file does not bear out.
fn not_a(term: &str, kind: &str) -> Refusal {
    Refusal::ProtocolUnreadable { problem: format!("{term} is not {kind}") }
}

#[cfg(test)]
mod tests {
    use super::super::Protocol;
    use super::*;

    fn settings(id: &str, name: &str, text: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let chosen = BTreeMap::from([(name.to_owned(), text.to_owned())]);
        let protocol = Protocol::ours().iter().find(|protocol| protocol.id == id).unwrap();
        Settings::of(&protocol.parameters, &chosen).map(|settings| settings.texts())
    }

    #[test]
    fn what_was_chosen_is_kept_in_one_notation() {
        assert_eq!(settings("label-fixed", "cut", "0.250mg").unwrap()["cut"], "0.25 mg");
        assert_eq!(settings("percent-of-initial", "percent", "12.50 %").unwrap()["percent"], "12.5");
        assert_eq!(settings("clonazepam-fixed", "hold_days", "7").unwrap()["hold_days"], "7");
        assert_eq!(settings("percent-of-current", "days", "21").unwrap()["round"], "up");
    }

    #[test]
    fn what_lies_outside_the_limits_is_refused_with_the_limits() {
        for (id, name, text) in [
            ("clonazepam-fixed", "hold_days", "10"),
            ("percent-of-current", "percent", "11"),
            ("percent-of-current", "percent", "4.999"),
            ("percent-of-current", "percent", "ten"),
            ("percent-of-current", "percent", "-5"),
            ("percent-of-current", "days", "0"),
            ("percent-of-current", "days", "14.5"),
            ("percent-of-current", "round", "down"),
            ("label-fixed", "cut", ".125"),
            ("label-fixed", "cut", "0 mg"),
            ("label-fixed", "days", ""),
        ] {
            let refused = settings(id, name, text).unwrap_err();
            assert!(matches!(refused, Refusal::SettingWrong { .. }), "{name} {text}");
        }
        assert!(matches!(settings("table", "days", "14"), Err(Refusal::SettingUnknown { .. })));
    }
}

//! What a second person has to see, as it lies in one column: a line of words for every medicine, then one for each
//! medicine that has a rule of its own: `clonazepam: give waste`.

use std::collections::BTreeMap;

use crate::care::medicine::Medicine;
use crate::care::register::RegisterRules;
use crate::care::witness::{Watched, WitnessPolicy};

/// None where it cannot be read.
pub fn read(text: &str) -> Option<(WitnessPolicy, BTreeMap<Medicine, WitnessPolicy>)> {
    let mut lines = text.split('\n');
    let everywhere = policy(lines.next()?)?;
    let of = |line: &str| {
        let (medicine, words) = line.split_once(": ")?;
        Some((Medicine(medicine.to_owned()), policy(words)?))
    };
    Some((everywhere, lines.map(of).collect::<Option<_>>()?))
}

fn policy(words: &str) -> Option<WitnessPolicy> {
    words.split_whitespace().map(Watched::of_word).collect::<Option<_>>().map(WitnessPolicy)
}

pub fn text(rules: &RegisterRules) -> String {
    let of = |(medicine, policy): (&Medicine, &WitnessPolicy)| format!("{medicine}: {}", words(policy));
    let lines = std::iter::once(words(&rules.witness)).chain(rules.witness_of.iter().map(of));
    lines.collect::<Vec<_>>().join("\n")
}

fn words(policy: &WitnessPolicy) -> String {
    policy.0.iter().map(|watched| watched.word()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let of = [(Medicine("clonazepam".into()), WitnessPolicy(Watched::ALL.to_vec()))];
        let nothing = (Medicine("diazepam".into()), WitnessPolicy(Vec::new()));
        let witness_of: BTreeMap<_, _> = of.into_iter().chain([nothing]).collect();
        let rules = RegisterRules { witness_of: witness_of.clone(), ..RegisterRules::default() };
        assert_eq!(read(&text(&rules)), Some((rules.witness.clone(), witness_of)));
        assert_eq!(read("waste count receive").map(|(all, of)| (all.0.len(), of.len())), Some((3, 0)));
        assert_eq!(read("waste\nclonazepam give"), None);
    }
}

//! A witness: a second person who saw what was done, and says so with their own password.

use serde::{Deserialize, Serialize};

use super::{Watched, WitnessPolicy};
use crate::care::people::{Confirmed, Role, Staff};
use crate::care::refusal::Refusal;

/// Who may be a witness: whoever handles or checks medicines here.
pub const WITNESSES: [Role; 3] = [Role::Nurse, Role::Supervisor, Role::Pharmacist];

/// A second person who gave their password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Second {
    pub who: Confirmed,
    /// The printed name.
    pub name: String,
    /// They hold one of the roles of `WITNESSES` here, at this moment.
    pub may_witness: bool,
}

/// A witness's signature: whose, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The person's id.
    pub person: String,
    /// The printed name, as it was then.
    pub name: String,
    /// `saw it given`
    pub meaning: String,
}

impl WitnessPolicy {
    /// The signature beside the actor's. Who came without being asked for is checked just the same.
    pub fn signed(&self, by: &Staff, done: &[Watched], second: Option<&Second>) -> Result<Option<Witness>, Refusal> {
        match second {
            None if done.iter().any(|one| self.asks(*one)) => Err(Refusal::WitnessMissing),
            None => Ok(None),
            Some(second) if second.who.person == by.person => Err(Refusal::WitnessSelf),
            Some(second) if !second.may_witness => Err(Refusal::WitnessStranger),
            Some(Second { who, name, .. }) => {
                Ok(Some(Witness { person: who.person.clone(), name: name.clone(), meaning: meaning(done) }))
            }
        }
    }
}

fn meaning(done: &[Watched]) -> String {
    done.iter().map(|one| one.meaning()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(done: &[Watched], second: Option<(&str, bool)>) -> Result<Option<Witness>, Refusal> {
        let by = Staff { person: "nurse".into(), name: "N".into(), facility: "alder".into() };
        let second = second.map(|(who, may_witness)| Second {
            who: Confirmed { person: who.into() },
            name: who.into(),
            may_witness,
        });
        WitnessPolicy::default().signed(&by, done, second.as_ref())
    }

    #[test]
    fn a_witness_is_wanted_where_the_policy_says_so() {
        assert_eq!(signed(&[Watched::Give], None), Ok(None));
        assert_eq!(signed(&[Watched::Give, Watched::Waste], None), Err(Refusal::WitnessMissing));
        let seen = signed(&[Watched::Give, Watched::Waste], Some(("tom", true))).unwrap().unwrap();
        assert_eq!(
            (seen.person.as_str(), seen.meaning.as_str()),
            ("tom", "saw it given, saw it wasted, returned or destroyed")
        );
    }

    #[test]
    fn nobody_is_a_witness_of_themselves_and_no_stranger_is_one() {
        for done in [Watched::Give, Watched::Waste] {
            assert_eq!(signed(&[done], Some(("nurse", true))), Err(Refusal::WitnessSelf));
            assert_eq!(signed(&[done], Some(("cook", false))), Err(Refusal::WitnessStranger));
        }
    }
}

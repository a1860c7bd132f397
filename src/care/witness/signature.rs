//! A witness: a second person who saw what was done, and says so with their own password.

use serde::{Deserialize, Serialize};

use super::{Watched, WitnessPolicy};
use crate::care::people::{Confirmed, Role, Staff};
use crate::care::refusal::Refusal;
use crate::care::round::administration::note;

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

/// Who saw it; or why nobody could, where something had to be wasted and nobody else was in the house.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    pub witness: Option<Witness>,
    /// What is wasted is then an open difference: a supervisor looks into it.
    pub alone: Option<String>,
}

/// So many characters say why.
const SHORTEST_REASON: usize = 20;

impl WitnessPolicy {
    /// What a dose wants to be seen. A nurse who is alone is never made to invent a witness: what is wasted may stay
    /// unseen, with the reason. Giving may not: where two are to give, two give.
    pub fn seen(&self, by: &Staff, done: &[Watched], second: Option<&Second>, alone: &str) -> Result<Seen, Refusal> {
        let only_waste = done.iter().all(|one| *one == Watched::Waste || !self.asks(*one));
        let wastes = self.asks(Watched::Waste) && done.contains(&Watched::Waste);
        if second.is_some() || !(only_waste && wastes) {
            return Ok(Seen { witness: self.signed(by, done, second)?, alone: None });
        }
        match note(alone)? {
            reason if reason.is_empty() => Err(Refusal::WasteUnseen),
            reason if reason.chars().count() < SHORTEST_REASON => Err(Refusal::AloneReason),
            reason => Ok(Seen { witness: None, alone: Some(reason) }),
        }
    }

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

    fn nurse() -> Staff {
        Staff { person: "nurse".into(), name: "N".into(), facility: "alder".into() }
    }

    fn second((who, may_witness): (&str, bool)) -> Second {
        Second { who: Confirmed { person: who.into() }, name: who.into(), may_witness }
    }

    fn signed(done: &[Watched], who: Option<(&str, bool)>) -> Result<Option<Witness>, Refusal> {
        WitnessPolicy::default().signed(&nurse(), done, who.map(second).as_ref())
    }

    #[test]
    fn a_nurse_alone_says_why_and_invents_no_witness() {
        let seen = |policy: &[Watched], done: &[Watched], alone| {
            WitnessPolicy(policy.to_vec()).seen(&nurse(), done, None, alone)
        };
        let (waste, both) = ([Watched::Waste], [Watched::Give, Watched::Waste]);
        let why = "Night shift, nobody else is in the house until seven.";
        assert_eq!(seen(&waste, &both, ""), Err(Refusal::WasteUnseen));
        assert_eq!(seen(&waste, &both, "alone"), Err(Refusal::AloneReason));
        assert_eq!(seen(&waste, &both, why), Ok(Seen { witness: None, alone: Some(why.to_owned()) }));
        assert_eq!(seen(&both, &both, why), Err(Refusal::WitnessMissing), "where two are to give, two give");
        assert_eq!(seen(&[], &both, why), Ok(Seen::default()), "nobody asks");
        let policy = WitnessPolicy(waste.to_vec());
        let tom = second(("tom", true));
        let with = policy.seen(&nurse(), &both, Some(&tom), why).map(|seen| (seen.witness.is_some(), seen.alone));
        assert_eq!(with, Ok((true, None)), "whoever came signs");
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

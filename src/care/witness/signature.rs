//! A witness: a second person who saw what was done, and says so with their own password.

use std::collections::BTreeSet;

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
    /// Who opened their account or set its password since `NEW_HOURS` ago: whoever did could have come in as them.
    pub let_in_by: BTreeSet<String>,
}

/// For so long an account is no witness beside whoever opened it. By then somebody else has seen who works under that name.
pub const NEW_HOURS: i64 = 24;

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

/// Who saw it; or why nobody could, where a second person was wanted and nobody else was in the house.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    pub witness: Option<Witness>,
    alone: Option<Alone>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Alone {
    why: String,
    of: Vec<Watched>,
}

impl Seen {
    /// Why nobody saw this of it; none where somebody did, or nobody had to. What was wasted unseen is an open difference,
    /// what was given unseen stands on the supervisor's page until they have looked through the day.
    pub fn unseen(&self, watched: Watched) -> Option<&str> {
        self.alone.as_ref().filter(|alone| alone.of.contains(&watched)).map(|alone| alone.why.as_str())
    }
}

impl Seen {
    /// Where the dose was given by somebody else than whoever writes it down.
    pub fn beside(self, giver: &str) -> Result<Seen, Refusal> {
        beside(self.witness.as_ref(), Some(giver))?;
        Ok(self)
    }
}

/// Nobody witnesses what they gave.
pub fn beside(witness: Option<&Witness>, giver: Option<&str>) -> Result<(), Refusal> {
    match witness {
        Some(witness) if giver == Some(&witness.person) => Err(Refusal::WitnessGave),
        _ => Ok(()),
    }
}

/// So many characters say why.
const SHORTEST_REASON: usize = 20;

impl WitnessPolicy {
    /// What a dose wants to be seen. A nurse who is alone is never made to invent a witness, and no resident is left
    /// without a dose because nobody else is in the house: it is said why nobody saw it.
    pub fn seen(&self, by: &Staff, done: &[Watched], second: Option<&Second>, alone: &str) -> Result<Seen, Refusal> {
        let of: Vec<Watched> = done.iter().copied().filter(|one| self.asks(*one)).collect();
        if second.is_some() || of.is_empty() {
            return Ok(Seen { witness: self.signed(by, done, second)?, alone: None });
        }
        match note(alone)? {
            why if why.is_empty() && of.contains(&Watched::Waste) => Err(Refusal::WasteUnseen),
            why if why.is_empty() => Err(Refusal::GivenUnseen),
            why if why.chars().count() < SHORTEST_REASON => Err(Refusal::AloneReason),
            why => Ok(Seen { witness: None, alone: Some(Alone { why, of }) }),
        }
    }

    /// The signature beside the actor's. Who came without being asked for is checked just the same.
    pub fn signed(&self, by: &Staff, done: &[Watched], second: Option<&Second>) -> Result<Option<Witness>, Refusal> {
        match second {
            None if done.iter().any(|one| self.asks(*one)) => Err(Refusal::WitnessMissing),
            None => Ok(None),
            Some(second) if second.who.person == by.person => Err(Refusal::WitnessSelf),
            Some(second) if !second.may_witness => Err(Refusal::WitnessStranger),
            Some(second) if second.let_in_by.contains(&by.person) => Err(Refusal::WitnessLetIn),
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
        let let_in_by = BTreeSet::from(["supervisor".to_owned()]);
        Second { who: Confirmed { person: who.into() }, name: who.into(), may_witness, let_in_by }
    }

    fn signed(done: &[Watched], who: Option<(&str, bool)>) -> Result<Option<Witness>, Refusal> {
        WitnessPolicy::default().signed(&nurse(), done, who.map(second).as_ref())
    }

    #[test]
    fn a_new_account_is_no_witness_beside_whoever_opened_it() {
        let waste = |by: &str| {
            let by = Staff { person: by.into(), ..nurse() };
            WitnessPolicy::default().signed(&by, &[Watched::Waste], Some(&second(("amara", true)))).map(|_| ())
        };
        assert_eq!((waste("nurse"), waste("supervisor")), (Ok(()), Err(Refusal::WitnessLetIn)));
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
        let unseen = |policy: &[Watched], done: &[Watched]| {
            let seen = seen(policy, done, why).unwrap();
            assert_eq!(seen.witness, None);
            Watched::ALL.into_iter().filter(|one| seen.unseen(*one) == Some(why)).collect::<Vec<_>>()
        };
        assert_eq!(unseen(&waste, &both), [Watched::Waste], "giving is nobody's to see here");
        assert_eq!(unseen(&both, &both), both);
        assert_eq!(unseen(&both, &[Watched::Give]), [Watched::Give], "no dose is kept back for want of a witness");
        assert_eq!(seen(&both, &[Watched::Give], ""), Err(Refusal::GivenUnseen));
        assert_eq!(seen(&[], &both, why), Ok(Seen::default()), "nobody asks");
        let policy = WitnessPolicy(waste.to_vec());
        let tom = second(("tom", true));
        let with = policy.seen(&nurse(), &both, Some(&tom), why).unwrap();
        assert_eq!((with.witness.is_some(), with.unseen(Watched::Waste)), (true, None), "whoever came signs");
        assert!(with.clone().beside("nora").is_ok());
        assert_eq!(with.beside("tom"), Err(Refusal::WitnessGave), "nobody witnesses what they gave");
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

//! Surnames that are easily taken for one another.

use super::resident::Resident;

/// Two surnames within two letters of each other: HALVORSEN and HALVERSON.
///
/// Look-alike names are a known cause of doses given to the wrong person (NHS Common User Interface, patient banner).
const FEW: usize = 2;

/// A surname as it is compared: whatever its case, letters and digits alone.
#[derive(Debug, Clone)]
struct Surname {
    letters: Vec<char>,
    /// One bit for each letter that it holds; some share one.
    marks: u64,
}

impl Surname {
    fn of(name: &str) -> Surname {
        let letters: Vec<char> = name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect();
        let marks = letters.iter().fold(0, |marks, letter| marks | 1 << (u32::from(*letter) % u64::BITS));
        Surname { letters, marks }
    }

    fn is_alike(&self, other: &Surname) -> bool {
        self.may_be_alike(other) && strsim::generic_levenshtein(&self.letters, &other.letters) <= FEW
    }

    /// Quickly no for most: of two that are alike, neither holds more than a few letters that the other does not.
    fn may_be_alike(&self, other: &Surname) -> bool {
        let few = |marks: u64| marks.count_ones() as usize <= FEW;
        self.letters.len().abs_diff(other.letters.len()) <= FEW
            && few(self.marks & !other.marks)
            && few(other.marks & !self.marks)
    }
}

/// People among whom names are compared.
pub struct Surnames<'a>(Vec<(&'a Resident, Surname)>);

impl<'a> Surnames<'a> {
    pub fn of(all: impl IntoIterator<Item = &'a Resident>) -> Surnames<'a> {
        Surnames(all.into_iter().map(|one| (one, Surname::of(&one.surname))).collect())
    }

    /// The others whose surname is easily taken for a resident's.
    pub fn like(&self, resident: &Resident) -> impl Iterator<Item = &'a Resident> {
        let (surname, id) = (Surname::of(&resident.surname), resident.id.clone());
        let others = self.0.iter().filter(move |(other, _)| other.id != id);
        others.filter(move |(_, other)| other.is_alike(&surname)).map(|(other, _)| *other)
    }

    /// Their names in one line.
    pub fn like_in_words(&self, resident: &Resident) -> String {
        self.like(resident).map(Resident::name).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        Surname::of(one).is_alike(&Surname::of(other))
    }

    #[test]
    fn surnames_within_two_letters_are_alike() {
        assert!(alike("HALVORSEN", "Halverson"));
        assert!(alike("O’Brien", "OBrian"));
        assert!(alike("Singh", "Singh"));
        assert!(!alike("Kowalczyk", "Tremayne"));
        assert!(!alike("Brandt", "Brandstetter"));
    }

    proptest! {
        #[test]
        fn whoever_is_alike_is_never_passed_over_quickly(one in "[a-eäßжλ]{0,7}", other in "[a-eäßжλ]{0,7}") {
            let (one, other) = (Surname::of(&one), Surname::of(&other));
            let apart = strsim::generic_levenshtein(&one.letters, &other.letters);
            prop_assert_eq!(one.is_alike(&other), apart <= FEW);
            prop_assert_eq!(other.is_alike(&one), apart <= FEW);
        }
    }
}

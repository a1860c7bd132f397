//! Names that are easily taken for one another.

/// A surname as it is compared: whatever its case, letters and digits alone. Made once where it is compared with many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded(Vec<char>);

impl Folded {
    pub fn of(name: &str) -> Folded {
        Folded(name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect())
    }

    /// Within two letters of each other: HALVORSEN and HALVERSON.
    ///
    /// Look-alike names are a known cause of doses given to the wrong person (NHS Common User Interface, patient banner).
    pub fn is_alike(&self, other: &Folded) -> bool {
        self.0.len().abs_diff(other.0.len()) <= FEW && letters_apart(&self.0, &other.0) <= FEW
    }
}

/// Two surnames within two letters of each other, whatever their case.
pub fn alike(one: &str, other: &str) -> bool {
    Folded::of(one).is_alike(&Folded::of(other))
}

/// So many letters are easily overlooked.
const FEW: usize = 2;

/// The fewest letters to change, add or leave out (Levenshtein); of more than a few, only that they are more.
fn letters_apart(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
        // What is far apart so far comes no nearer.
        if row.iter().all(|apart| *apart > FEW) {
            return FEW + 1;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_within_two_letters_are_alike() {
        assert!(alike("HALVORSEN", "Halverson"));
        assert!(alike("O’Brien", "OBrian"));
        assert!(alike("Singh", "Singh"));
        assert!(!alike("Kowalczyk", "Tremayne"));
        assert!(!alike("Brandt", "Brandstetter"));
    }
}

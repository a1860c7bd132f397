//! Names that are easily taken for one another.

/// Two surnames within two letters of each other, whatever their case: HALVORSEN and HALVERSON.
///
/// Look-alike names are a known cause of doses given to the wrong person (NHS Common User Interface, patient banner).
pub fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (folded(one), folded(other));
    one.len().abs_diff(other.len()) <= 2 && letters_apart(&one, &other) <= 2
}

fn folded(name: &str) -> Vec<char> {
    name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The fewest letters to change, add or leave out (Levenshtein).
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

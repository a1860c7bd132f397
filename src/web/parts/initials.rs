//! Who recorded a dose, where there is room for two or three letters only.

/// `AD` for Amara Diallo RN: letters of any script, and none for a qualification.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let names: Vec<&str> = words.iter().copied().filter(|word| !is_qualification(word)).collect();
    // A name typed in capitals throughout has no qualification that could be told apart.
    let shown = if names.is_empty() { words } else { names };
    shown.iter().filter_map(|word| word.chars().next()).take(3).flat_map(char::to_uppercase).collect()
}

fn is_qualification(word: &str) -> bool {
    (2..=4).contains(&word.chars().count()) && word.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_up_to_three_names() {
        assert_eq!(initials("Amara Diallo RN"), "AD");
        assert_eq!(initials("  élodie  de la Tour"), "ÉDL");
        assert_eq!(initials("ANNA LEE"), "AL");
        assert_eq!(initials(""), "");
    }
}

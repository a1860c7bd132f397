//! Who recorded a dose, where there is room for two or three letters only.

/// `AD` for Amara Diallo; letters of any script.
pub fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(3).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_up_to_three_names() {
        assert_eq!(initials("Amara Diallo"), "AD");
        assert_eq!(initials("  élodie  de la Tour"), "ÉDL");
        assert_eq!(initials(""), "");
    }
}

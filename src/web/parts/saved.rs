//! What was just saved of an account, said once by the page that follows: the address brings a word for it.

/// What was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    Added,
    TakenIn,
    Given,
    LetIn,
    LetOut,
    Ended,
    Changed,
    Password,
    Closed,
    Opened,
}

impl Saved {
    const ALL: [Saved; 10] = [
        Saved::Added,
        Saved::TakenIn,
        Saved::Given,
        Saved::LetIn,
        Saved::LetOut,
        Saved::Ended,
        Saved::Changed,
        Saved::Password,
        Saved::Closed,
        Saved::Opened,
    ];

    /// As it stands in an address.
    pub fn word(self) -> &'static str {
        match self {
            Saved::Added => "added",
            Saved::TakenIn => "taken-in",
            Saved::Given => "given",
            Saved::LetIn => "let-in",
            Saved::LetOut => "let-out",
            Saved::Ended => "ended",
            Saved::Changed => "changed",
            Saved::Password => "password",
            Saved::Closed => "closed",
            Saved::Opened => "opened",
        }
    }

    /// Any other word says nothing.
    pub fn of_word(word: Option<&str>) -> Option<Saved> {
        Saved::ALL.into_iter().find(|one| Some(one.word()) == word)
    }

    /// What the page says, of somebody by name.
    pub fn sentence(self, name: &str) -> String {
        match self {
            Saved::Added => format!("Saved: {name} was added."),
            Saved::TakenIn => "Saved: everybody on the list was let in.".to_owned(),
            Saved::Given => format!("Saved: {name} was given the role."),
            Saved::LetIn => format!("Saved: {name} is let in as a nurse. Until when stands below."),
            Saved::LetOut => format!("Saved: the access of {name} was ended."),
            Saved::Ended => format!("Saved: the role of {name} was ended."),
            Saved::Changed => "Saved: name, registration number and e-mail stand as they are here.".to_owned(),
            Saved::Password => {
                format!("Saved: {name} has the new password. It opens the door once, and they choose one of their own.")
            }
            Saved::Closed => format!("Saved: the account of {name} was closed."),
            Saved::Opened => format!("Saved: the account of {name} is open again."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_says_what_was_saved_and_no_other_word_does() {
        for saved in Saved::ALL {
            assert_eq!(Saved::of_word(Some(saved.word())), Some(saved));
            assert!(saved.sentence("Amara Diallo").starts_with("Saved: "));
        }
        assert_eq!((Saved::of_word(Some("anything")), Saved::of_word(None)), (None, None));
    }
}

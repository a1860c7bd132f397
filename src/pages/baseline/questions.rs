//! The questions of the form: what is asked, in words that are plain without the guideline, and what may be answered.

use crate::care::taper::baseline::{How, Pregnancy, Route, Said};
use crate::web::Choice;

/// One question with its answers, and a line for the words that belong to it.
pub struct Question {
    pub name: &'static str,
    pub legend: &'static str,
    pub hint: &'static str,
    pub choices: Vec<Choice>,
    pub words: Option<Words>,
}

pub struct Words {
    pub name: &'static str,
    pub label: &'static str,
}

fn asked(name: &'static str, legend: &'static str, hint: &'static str, choices: Vec<Choice>) -> Question {
    Question { name, legend, hint, choices, words: None }
}

impl Question {
    fn with_words(self, name: &'static str, label: &'static str) -> Question {
        Question { words: Some(Words { name, label }), ..self }
    }
}

fn known() -> Vec<Choice> {
    Said::ALL.map(|said| Choice::new(said.word(), said.text())).into()
}

fn yes_or_no() -> Vec<Choice> {
    [Said::Yes, Said::No].map(|said| Choice::new(said.word(), said.text())).into()
}

/// How many days of a week, as a list: the table of dependence turns at four.
pub fn days_a_week() -> Vec<Choice> {
    let words = |days: u8| match days {
        1 => "1 day a week, or less".to_owned(),
        7 => "Every day".to_owned(),
        days => format!("{days} days a week"),
    };
    let none = std::iter::once(Choice::new("", "Choose"));
    none.chain((1..=7).map(|days| Choice::new(days.to_string(), words(days)))).collect()
}

pub fn of_the_use() -> Vec<Question> {
    let routes = Route::ALL.map(|route| Choice::new(route.word(), route.text())).into();
    vec![
        asked("route", "Is it misused?", "Any other way than the one prescribed.", routes),
        asked("earlier", "Has the resident tried to come off it before?", "", known())
            .with_words("earlier_words", "When, how, and what came of it"),
    ]
}

pub fn beside_it() -> Vec<Question> {
    vec![
        asked("sedatives", "Other sedatives", "Hypnotics, antihistamines, gabapentinoids, antipsychotics.", known())
            .with_words("sedatives_words", "Which, and how much"),
        asked("opioids", "Opioids", "Patches and cough mixtures too.", known())
            .with_words("opioids_words", "Which, and how much"),
        asked("alcohol", "Alcohol", "", known()).with_words("alcohol_words", "How much, and how often"),
    ]
}

pub fn of_the_resident() -> Vec<Question> {
    let pregnancy = Pregnancy::ALL.map(|one| Choice::new(one.word(), one.text())).into();
    vec![
        asked("seizures", "Seizures in the past", "Also from withdrawal or fever.", known())
            .with_words("seizures_words", "When, and why if known"),
        asked("epilepsy", "Is the medicine taken for epilepsy?", "", yes_or_no())
            .with_words("epilepsy_words", "The specialist who treats it"),
        asked("illness", "Anxiety, or another illness that bears on the taper", "", known())
            .with_words("illness_words", "Which"),
        asked("pregnancy", "Pregnancy", "", pregnancy),
    ]
}

pub fn support() -> Question {
    asked(
        "support",
        "Is psychological support arranged?",
        "For the whole taper and some months after it, for example cognitive behavioural therapy.",
        yes_or_no(),
    )
    .with_words("support_words", "What and with whom; or why there is none")
}

pub fn education() -> Question {
    let hint = "The resident, or who cares for them: what withdrawal is like, and whom to call.";
    asked("education", "Were they told what to expect?", hint, yes_or_no())
}

pub fn agreed_by() -> Question {
    let choices = vec![Choice::new("resident", "The resident"), Choice::new("representative", "Their representative")];
    asked("agreed_by", "Who agreed to the taper?", "", choices)
        .with_words("agreed_name", "The representative’s name, if it was not the resident")
}

pub fn agreed_how() -> Question {
    asked("agreed_how", "How did they agree?", "", How::ALL.map(|how| Choice::new(how.word(), how.text())).into())
}

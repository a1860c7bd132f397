//! One scoring: what was answered, and the total, which exists only where every scored item was answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Item, Part, Scale};
use crate::care::refusal::Refusal;
use crate::care::taper::rationale::tidy;

/// What was answered, by the ids of the items. A blank is not in it: it is never 0.
pub type Answers = BTreeMap<String, i32>;

/// An item as it was on the screen, with what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub item: String,
    pub label: String,
    /// None: it was not answered.
    pub answer: Option<i32>,
    /// The word of the answer; empty for a number.
    pub word: String,
    /// What the points mean where they run against the words.
    pub reversed: String,
    pub scored: bool,
}

/// A scoring, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    pub items: Vec<Answered>,
    /// None where a scored item is missing.
    pub total: Option<i32>,
    pub most: i32,
    /// None where there is no total, or the scale has no words for totals.
    pub band: Option<String>,
    /// Why it is incomplete; empty where it is complete.
    pub incomplete_reason: String,
}

/// A reason shorter than this says nothing.
const LEAST_REASON: usize = 5;
const MOST_REASON: usize = 500;

impl Scale {
    /// Counts the answers. What is missing has to be missing for a reason, and then there is no total and no band.
    pub fn score(&self, answers: &Answers, incomplete_reason: &str) -> Result<Score, Refusal> {
        if let Some(unknown) = answers.keys().find(|id| !self.items().any(|(_, item)| item.id == **id)) {
            return Err(Refusal::QuestionUnknown { item: unknown.chars().take(40).collect() });
        }
        let items: Vec<Answered> =
            self.items().map(|(part, item)| answered(part, item, answers)).collect::<Result<_, _>>()?;
        let total = total(&items);
        let band = total.and_then(|total| self.band(total)).map(str::to_owned);
        let missing = items.iter().filter(|item| item.scored && item.answer.is_none()).count();
        let incomplete_reason = reason_for_missing(missing, incomplete_reason)?;
        Ok(Score { items, total, most: self.range().1, band, incomplete_reason })
    }
}

impl Item {
    /// Reads one answer as it was posted; a blank is none.
    pub fn read(&self, part: &Part, text: &str) -> Result<Option<i32>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let answer = text.parse().ok().filter(|_| plain).ok_or_else(|| out_of_range(part, self, text))?;
        within(part, self, answer).map(Some)
    }
}

fn answered(part: &Part, item: &Item, answers: &Answers) -> Result<Answered, Refusal> {
    let answer = answers.get(&item.id).map(|answer| within(part, item, *answer)).transpose()?;
    let word = answer.and_then(|answer| part.points().find(|(point, _)| *point == answer));
    Ok(Answered {
        item: item.id.clone(),
        label: item.label.clone(),
        answer,
        word: word.filter(|_| item.reversed.is_empty()).map(|(_, word)| word.to_owned()).unwrap_or_default(),
        reversed: item.reversed.clone(),
        scored: part.is_scored(),
    })
}

fn within(part: &Part, item: &Item, answer: i32) -> Result<i32, Refusal> {
    let (least, most) = part.bounds(item);
    if (least..=most).contains(&answer) { Ok(answer) } else { Err(out_of_range(part, item, &answer.to_string())) }
}

fn out_of_range(part: &Part, item: &Item, text: &str) -> Refusal {
    let (least, most) = part.bounds(item);
    Refusal::AnswerOutOfRange { item: item.label.clone(), text: text.chars().take(20).collect(), least, most }
}

fn total(items: &[Answered]) -> Option<i32> {
    items.iter().filter(|item| item.scored).map(|item| item.answer).sum()
}

fn reason_for_missing(missing: usize, reason: &str) -> Result<String, Refusal> {
    let reason = tidy(reason);
    match reason.chars().count() {
        _ if missing == 0 => Ok(String::new()),
        LEAST_REASON..=MOST_REASON => Ok(reason),
        _ => Err(Refusal::ItemsMissing { missing }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ciwa() -> &'static Scale {
        Scale::ours().iter().find(|scale| scale.id == "ciwa-b").unwrap()
    }

    /// Every scored item answered, so that they come to a total.
    fn coming_to(total: i32) -> Answers {
        let mut left = total;
        let next = |(_, item): (&Part, &Item)| {
            let answer = left.min(4);
            left -= answer;
            (item.id.clone(), answer)
        };
        ciwa().scored().map(next).collect()
    }

    #[test]
    fn totals_and_bands_at_their_boundaries() {
        let band = |total| {
            let score = ciwa().score(&coming_to(total), "").unwrap();
            assert_eq!((score.total, score.most), (Some(total), 80));
            score.band.unwrap()
        };
        assert_eq!([0, 1, 20, 21].map(band), ["none", "mild", "mild", "moderate"]);
        assert_eq!([40, 41, 60, 61, 80].map(band), ["moderate", "severe", "severe", "very severe", "very severe"]);
    }

    #[test]
    fn a_total_of_81_is_impossible() {
        let highest: Answers = ciwa().items().map(|(part, item)| (item.id.clone(), part.bounds(item).1)).collect();
        assert_eq!(ciwa().score(&highest, "").unwrap().total, Some(80), "what is only recorded adds nothing");
        for (_, item) in ciwa().scored() {
            let mut more = highest.clone();
            more.insert(item.id.clone(), 5);
            assert!(matches!(ciwa().score(&more, ""), Err(Refusal::AnswerOutOfRange { .. })), "{}", item.id);
        }
    }

    #[test]
    fn one_item_missing_means_no_total_and_no_band_and_a_reason() {
        for (_, item) in ciwa().scored() {
            let mut answers = coming_to(80);
            answers.remove(&item.id);
            assert_eq!(ciwa().score(&answers, "  "), Err(Refusal::ItemsMissing { missing: 1 }));
            let score = ciwa().score(&answers, "Fell asleep before the end.").unwrap();
            assert_eq!((score.total, score.band), (None, None), "{}", item.id);
        }
    }

    #[test]
    fn what_is_only_recorded_may_be_missing() {
        let score = ciwa().score(&coming_to(7), "a reason that nobody needs").unwrap();
        assert_eq!((score.total, score.incomplete_reason.as_str()), (Some(7), ""));
        let mut slept = coming_to(7);
        slept.insert("hours_slept".to_owned(), 25);
        assert!(matches!(ciwa().score(&slept, ""), Err(Refusal::AnswerOutOfRange { most: 24, .. })));
    }

    #[test]
    fn an_answer_is_a_whole_number_of_its_item_and_nothing_else() {
        let (part, item) = ciwa().scored().next().unwrap();
        assert_eq!(item.read(part, " 4 "), Ok(Some(4)));
        assert_eq!(item.read(part, ""), Ok(None));
        for odd in ["5", "-1", "1.5", "+1", "٣", "0x1", "many", "99999999999", "-", "1 2"] {
            assert!(item.read(part, odd).is_err(), "{odd}");
        }
        let (part, item) = Scale::sedation().scored().next().unwrap();
        assert_eq!(item.read(part, "-5"), Ok(Some(-5)));
        assert!(item.read(part, "-6").is_err());
    }

    #[test]
    fn a_question_that_the_scale_does_not_ask_is_refused() {
        let mut answers = coming_to(1);
        answers.insert("pulse".to_owned(), 1);
        assert!(matches!(ciwa().score(&answers, ""), Err(Refusal::QuestionUnknown { .. })));
    }

    #[test]
    fn the_words_of_the_screen_are_kept_with_the_answers() {
        let items = ciwa().score(&coming_to(80), "").unwrap().items;
        let word = |id: &str| items.iter().find(|item| item.item == id).unwrap().word.clone();
        assert_eq!((word("irritable").as_str(), word("tremor").as_str()), ("Very much so", "Extreme"));
        assert_eq!(word("unrestful_sleep"), "", "its points run against the words");
    }
}

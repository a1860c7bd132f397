//! A lane under the dose: one line of marks on the chart's own days.

use chrono::NaiveDate;

use super::frame::Frame;
use crate::web::parts::missed::Missed;
use crate::web::parts::pixels::Px;

/// A named line of boxes.
#[derive(Debug)]
pub struct Lane {
    pub name: &'static str,
    pub y: Px,
    pub boxes: Vec<LetterBox>,
}

/// A letter, or the number of doses that lie too close together for letters of their own.
#[derive(Debug, PartialEq, Eq)]
pub struct LetterBox {
    pub x: Px,
    pub words: String,
}

/// How near two boxes may come.
const APART: Px = Px::of(18);
/// How far a box may give way to its neighbour.
const GIVES_WAY: Px = Px::of(10);

impl Lane {
    pub fn not_given(doses: &[(NaiveDate, Missed)], nth: i64, frame: &Frame) -> Lane {
        let mut shown: Vec<_> = doses.iter().filter(|(on, _)| frame.shows(*on)).collect();
        shown.sort_by_key(|(on, _)| *on);
        Lane { name: "Not given", y: frame.lane(nth), boxes: boxes(&shown, frame) }
    }

    pub fn crowded(&self) -> bool {
        self.boxes.iter().any(|letter| letter.words.starts_with(|first: char| first.is_ascii_digit()))
    }
}

/// Boxes that touch would be misread: the later one gives way a little, or is counted with its neighbour.
fn boxes(doses: &[&(NaiveDate, Missed)], frame: &Frame) -> Vec<LetterBox> {
    let mut groups: Vec<(Px, Vec<Missed>)> = Vec::new();
    for (on, missed) in doses {
        let x = frame.x(*on);
        match groups.last_mut() {
            Some((last, group)) if *last + APART > x + GIVES_WAY || *last + APART > frame.right => group.push(*missed),
            Some((last, _)) => {
                let x = x.max(*last + APART);
                groups.push((x, vec![*missed]));
            }
            None => groups.push((x, vec![*missed])),
        }
    }
    groups.into_iter().map(|(x, group)| LetterBox { x, words: letter_or_number(&group) }).collect()
}

fn letter_or_number(group: &[Missed]) -> String {
    match group {
        [one] => one.letter().to_string(),
        many => many.len().to_string(),
    }
}

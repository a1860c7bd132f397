//! A lane under the dose: one line of marks on the chart's own days.

use chrono::NaiveDate;

use super::frame::Frame;
use crate::care::medicine::Medicine;
use crate::web::parts::missed::Missed;
use crate::web::parts::pixels::Px;

/// A named line of boxes.
#[derive(Debug)]
pub struct Lane {
    pub name: &'static str,
    pub y: Px,
    pub boxes: Vec<LetterBox>,
    pub diamonds: Vec<Diamond>,
}

/// An as-needed dose, or several that lie too close together for diamonds of their own: then `more` is their number.
#[derive(Debug, PartialEq, Eq)]
pub struct Diamond {
    pub x: Px,
    pub more: Option<usize>,
}

/// A letter, or the number of doses that lie too close together for letters of their own.
#[derive(Debug, PartialEq, Eq)]
pub struct LetterBox {
    pub x: Px,
    pub words: String,
}

/// How near the middles of two boxes may come.
const APART: Px = Px::of(17);
/// How far a box may stand from its day before it would mislead.
const GIVES_WAY: Px = Px::of(12);

impl Lane {
    pub fn not_given(doses: &[(NaiveDate, Missed)], nth: i64, frame: &Frame) -> Lane {
        let mut shown: Vec<_> = doses.iter().filter(|(on, _)| frame.shows(*on)).collect();
        shown.sort_by_key(|(on, _)| *on);
        let crowds = crowds(shown.iter().map(|(on, missed)| (frame.x(*on), *missed)));
        let boxes = crowds.iter().flat_map(|crowd| crowd.spread(frame).unwrap_or_else(|| crowd.counted()));
        Lane { name: "Not given", y: frame.lane(nth), boxes: boxes.collect(), diamonds: Vec::new() }
    }

    pub fn as_needed(doses: &[(NaiveDate, Medicine)], nth: i64, frame: &Frame) -> Lane {
        let mut days: Vec<Px> = doses.iter().filter(|(on, _)| frame.shows(*on)).map(|(on, _)| frame.x(*on)).collect();
        days.sort_unstable();
        let mut groups: Vec<(Px, usize)> = Vec::new();
        for day in days {
            match groups.last_mut() {
                Some((first, count)) if day < *first + APART => *count += 1,
                _ => groups.push((day, 1)),
            }
        }
        let diamond = |(x, count): (Px, usize)| Diamond { x, more: (count > 1).then_some(count) };
        let diamonds = groups.into_iter().map(diamond).collect();
        Lane { name: "As needed", y: frame.lane(nth), boxes: Vec::new(), diamonds }
    }

    /// Whether some boxes hold numbers, which the legend must explain.
    pub fn counts(&self) -> bool {
        self.diamonds.iter().any(|diamond| diamond.more.is_some())
            || self.boxes.iter().any(|letter| letter.words.starts_with(|first: char| first.is_ascii_digit()))
    }
}

/// Doses whose boxes would touch, in the order of their days.
struct Crowd(Vec<(Px, Missed)>);

/// Each dose joins the crowd before it as long as they would touch, side by side around their middle.
fn crowds(doses: impl Iterator<Item = (Px, Missed)>) -> Vec<Crowd> {
    let mut crowds: Vec<Crowd> = Vec::new();
    for dose in doses {
        let mut crowd = Crowd(vec![dose]);
        while let Some(mut before) = crowds.pop_if(|before| before.place(before.0.len()) > crowd.place(0)) {
            before.0.append(&mut crowd.0);
            crowd = before;
        }
        crowds.push(crowd);
    }
    crowds
}

impl Crowd {
    /// The middle of the nth box, when all stand side by side around the middle of their days.
    fn place(&self, nth: usize) -> Px {
        let count = self.0.len() as i64;
        let sum = self.0.iter().fold(Px::of(0), |sum, (x, _)| sum + *x);
        sum.share(1, count) + APART.share(2 * nth as i64 - count + 1, 2)
    }

    /// Letters side by side; none where one would stand too far from its day, or outside the frame.
    fn spread(&self, frame: &Frame) -> Option<Vec<LetterBox>> {
        let places = self.0.iter().enumerate().map(|(nth, (day, missed))| (self.place(nth), *day, *missed));
        let near = |(place, day, missed): (Px, Px, Missed)| {
            let moved = if place > day { place - day } else { day - place };
            let inside = place >= frame.left && place <= frame.right;
            let letter = LetterBox { x: place, words: missed.letter().to_string() };
            (moved <= GIVES_WAY && (inside || self.0.len() == 1)).then_some(letter)
        };
        places.map(near).collect()
    }

    /// Those that would touch are counted together, at the day of the first.
    fn counted(&self) -> Vec<LetterBox> {
        let mut groups: Vec<(Px, Vec<Missed>)> = Vec::new();
        for (day, missed) in &self.0 {
            match groups.last_mut() {
                Some((first, group)) if *day < *first + APART => group.push(*missed),
                _ => groups.push((*day, vec![*missed])),
            }
        }
        groups.into_iter().map(|(x, group)| LetterBox { x, words: letter_or_number(&group) }).collect()
    }
}

fn letter_or_number(group: &[Missed]) -> String {
    match group {
        [one] => one.letter().to_string(),
        many => many.len().to_string(),
    }
}

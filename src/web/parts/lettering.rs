//! Words in a drawing: each is set only where it covers no other word and no line.

use std::fmt;

use super::pixels::Px;

/// A rectangle of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub left: Px,
    pub right: Px,
    pub top: Px,
    pub bottom: Px,
}

impl Bounds {
    /// The ground a line from one point to another needs around itself.
    pub fn around(from: (Px, Px), to: (Px, Px)) -> Bounds {
        let edge = Px::of(2);
        let (left, right) = (from.0.min(to.0) - edge, from.0.max(to.0) + edge);
        Bounds { left, right, top: from.1.min(to.1) - edge, bottom: from.1.max(to.1) + edge }
    }

    fn meets(&self, other: &Bounds) -> bool {
        let across = self.left < other.right && other.left < self.right;
        across && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(&self, other: &Bounds) -> bool {
        let across = self.left <= other.left && other.right <= self.right;
        across && self.top <= other.top && other.bottom <= self.bottom
    }
}

/// Which point of the words stands at their `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        })
    }
}

/// A line of words, 13 pixels high, standing on `y`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub class: &'static str,
    pub anchor: Anchor,
    pub x: Px,
    pub y: Px,
    pub words: String,
    /// Distance wanted from other words, to the left and to the right.
    room: Px,
}

impl Label {
    pub fn new(class: &'static str, anchor: Anchor, x: Px, y: Px, words: impl Into<String>) -> Label {
        Label { class, anchor, x, y, words: words.into(), room: Px::of(0) }
    }

    /// Words that would run together with their neighbours keep their distance.
    pub fn with_room(self, room: Px) -> Label {
        Label { room, ..self }
    }

    /// How wide the words are about to be: bold letters of a usual sans-serif, rather too wide than too narrow.
    pub fn width(words: &str) -> Px {
        Px::tenths(words.chars().map(ems).sum::<i64>() * 130 / 1000)
    }

    pub fn bounds(&self) -> Bounds {
        let width = Label::width(&self.words);
        let left = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width.half(),
            Anchor::End => self.x - width,
        };
        Bounds { left, right: left + width, top: self.y - Px::of(11), bottom: self.y + Px::of(5) }
    }
}

/// Thousandths of the height of the type.
const fn ems(letter: char) -> i64 {
    match letter {
        ' ' | '\u{a0}' => 260,
        '.' | ',' | ':' | 'i' | 'j' | 'l' | 'I' => 300,
        'f' | 'r' | 't' => 380,
        'm' | 'w' | 'M' | 'W' => 880,
        'A'..='Z' => 680,
        _ => 585,
    }
}

/// The words set so far, and the ground that lines and other things have taken.
#[derive(Debug)]
pub struct Lettering {
    sheet: Bounds,
    taken: Vec<Bounds>,
    labels: Vec<Label>,
}

impl Lettering {
    pub fn on(sheet: Bounds) -> Lettering {
        Lettering { sheet, taken: Vec::new(), labels: Vec::new() }
    }

    /// Nothing is to be written here.
    pub fn keep_clear(&mut self, bounds: Bounds) {
        self.taken.push(bounds);
    }

    /// Sets words that must be there, whatever they cover.
    pub fn set(&mut self, label: Label) {
        self.labels.push(label);
    }

    /// Sets the first of these that finds free ground; says whether one did.
    pub fn set_if_free(&mut self, choices: impl IntoIterator<Item = Label>) -> bool {
        let free = choices.into_iter().find(|label| self.is_free(label));
        let found = free.is_some();
        self.labels.extend(free);
        found
    }

    fn is_free(&self, label: &Label) -> bool {
        let bounds = label.bounds();
        let wanted = Bounds { left: bounds.left - label.room, right: bounds.right + label.room, ..bounds };
        let covers_words = self.labels.iter().any(|other| other.bounds().meets(&wanted));
        self.sheet.holds(&bounds) && !covers_words && !self.taken.iter().any(|taken| taken.meets(&bounds))
    }

    pub fn into_labels(self) -> Vec<Label> {
        self.labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Lettering {
        Lettering::on(Bounds { left: Px::of(0), right: Px::of(100), top: Px::of(0), bottom: Px::of(100) })
    }

    fn words(x: i64, y: i64) -> Label {
        Label::new("", Anchor::Middle, Px::of(x), Px::of(y), "0.5\u{a0}mg")
    }

    #[test]
    fn words_give_way_to_words_and_to_lines() {
        let mut lettering = sheet();
        lettering.keep_clear(Bounds::around((Px::of(0), Px::of(80)), (Px::of(100), Px::of(80))));
        assert!(lettering.set_if_free([words(50, 50)]));
        assert!(!lettering.set_if_free([words(60, 55)]), "on the first words");
        assert!(!lettering.set_if_free([words(50, 85)]), "on the line");
        assert!(!lettering.set_if_free([words(5, 20)]), "over the edge of the sheet");
        assert!(lettering.set_if_free([words(60, 55), words(50, 20)]), "the second choice is free");
    }
}

//! The score lane: totals on the chart's own days, higher is worse, so that a rise can be seen under the step it follows.

use chrono::NaiveDate;

use super::frame::Frame;
use crate::web::parts::lettering::{Anchor, Bounds, Label, Lettering};
use crate::web::parts::pixels::Px;

/// Complete scores of one scale.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScoreFacts {
    /// The highest total of the scale.
    pub most: i32,
    /// In order of time; of several on one day the last.
    pub totals: Vec<(NaiveDate, i32)>,
}

/// The lane as it is drawn.
#[derive(Debug)]
pub struct ScoreLane {
    most: i32,
    pub top: Px,
    pub foot: Px,
    pub dots: Vec<Dot>,
}

#[derive(Debug, Clone, Copy)]
pub struct Dot {
    pub x: Px,
    pub y: Px,
    total: i32,
}

impl ScoreLane {
    /// None where nothing was scored in the days of the frame.
    pub fn of(facts: &ScoreFacts, frame: &Frame) -> Option<ScoreLane> {
        let (top, foot) = frame.score?;
        let room = foot - top - Px::of(16);
        let dot = |(on, total): &(NaiveDate, i32)| {
            let y = foot - room.share(i64::from(*total), i64::from(facts.most.max(1)));
            Dot { x: frame.x(*on), y, total: *total }
        };
        let shown = facts.totals.iter().filter(|(on, _)| frame.shows(*on));
        let dots: Vec<Dot> = shown.map(dot).collect();
        (!dots.is_empty()).then_some(ScoreLane { most: facts.most, top, foot, dots })
    }

    /// From score to score.
    pub fn line(&self) -> String {
        let points: Vec<String> = self.dots.iter().map(|dot| format!("{} {}", dot.x, dot.y)).collect();
        format!("M{}", points.join("L"))
    }

    /// Every score but the newest, which is drawn full.
    pub fn earlier(&self) -> &[Dot] {
        &self.dots[..self.dots.len().saturating_sub(1)]
    }

    pub fn last(&self) -> Option<&Dot> {
        self.dots.last()
    }

    /// The name of the lane and the foot of its axis.
    pub fn axis(&self, margin: Px, lane: &'static str, axis: &'static str) -> [Label; 2] {
        let name = format!("Score of {}", self.most);
        [
            Label::new(lane, Anchor::End, margin, self.top + Px::of(14), name),
            Label::new(axis, Anchor::End, margin, self.foot + Px::tenths(45), "0"),
        ]
    }

    /// The totals above their dots, the newest first, as far as there is room.
    pub fn letter(&self, lettering: &mut Lettering) {
        for dot in &self.dots {
            let half = Px::of(5);
            lettering.keep_clear(Bounds::around((dot.x - half, dot.y - half), (dot.x + half, dot.y + half)));
        }
        for dot in self.dots.iter().rev() {
            let label = |anchor, x, y| Label::new("c-sv", anchor, x, y, dot.total.to_string());
            let above = label(Anchor::Middle, dot.x, dot.y - Px::of(9));
            let beside = label(Anchor::End, dot.x + Px::of(2), dot.y - Px::of(11));
            lettering.set_if_free([above, beside]);
        }
    }
}

//! Which words stand where in the chart: the ones that keep people safe first, the rest where ground is free.

use super::frame::Frame;
use super::lane::Lane;
use super::score::ScoreLane;
use super::stairs::{Stairs, Tread};
use super::words::staying;
use super::{Band, ChartFacts, Flag};
use crate::care::calendar::day_text;
use crate::web::parts::lettering::{Anchor, Bounds, Label, Lettering};
use crate::web::parts::pixels::Px;

/// Words of what is signed, of what is not, of a lane, of an axis.
const SIGNED: &str = "c-ts";
const PLANNED: &str = "c-tp";
const LANE: &str = "c-tl";
const AXIS: &str = "";

/// What has been drawn and is to be named.
pub struct Drawn<'a> {
    pub facts: &'a ChartFacts,
    pub frame: &'a Frame,
    pub stairs: &'a Stairs,
    /// The bands through all lanes, by what stands in them.
    pub bands: [(&'static str, &'a [Band]); 2],
    pub lanes: &'a [Lane],
    pub score: Option<&'a ScoreLane>,
    pub today: Option<&'a Flag>,
}

/// Every word of the drawing at its place.
pub fn labels(drawn: &Drawn) -> Vec<Label> {
    let mut labels = axis_labels(drawn);
    let mut lettering = Lettering::on(drawn.frame.sheet());
    keep_lines_clear(&mut lettering, drawn);
    staying_label(&mut lettering, drawn);
    if let Some(score) = drawn.score {
        score.letter(&mut lettering);
    }
    let Stairs { signed, planned, .. } = drawn.stairs;
    for tread in signed.last().into_iter().chain(signed.first().filter(|_| signed.len() > 1)) {
        set_above(&mut lettering, tread, SIGNED);
    }
    if let Some(next) = planned.first() {
        set_below(&mut lettering, next, drawn.frame);
    }
    drawn.bands.iter().for_each(|(words, bands)| band_labels(&mut lettering, drawn.frame, words, bands));
    for tread in signed.iter().rev().skip(1).rev().skip(1) {
        set_above(&mut lettering, tread, SIGNED);
    }
    for tread in planned.iter().skip(1).filter(|tread| !tread.amount.is_zero()) {
        set_below(&mut lettering, tread, drawn.frame);
    }
    end_label(&mut lettering, drawn);
    labels.extend(lettering.into_labels());
    labels
}

fn axis_labels(drawn: &Drawn) -> Vec<Label> {
    let frame = drawn.frame;
    let margin = frame.left - Px::of(10);
    let beside = |class, y: Px, words: String| Label::new(class, Anchor::End, margin, y, words);
    let amounts = frame.amounts().into_iter();
    let amounts = amounts.map(|mark| beside(AXIS, frame.y(mark) + Px::tenths(45), mark.to_string()));
    let lanes = drawn.lanes.iter().map(|lane| beside(LANE, lane.y + Px::tenths(45), lane.name.into()));
    let heading = if drawn.facts.equivalents.is_some() { "In diazepam" } else { "Daily dose" };
    let heading = beside(LANE, frame.top - Px::of(12), heading.into());
    let days = frame.days_marked().into_iter();
    let days = days
        .map(|(on, words)| Label::new(AXIS, Anchor::Start, frame.x(on) + Px::of(5), frame.foot + Px::of(19), words));
    let on_the_sheet = |label: &Label| label.bounds().right <= frame.width;
    let score = drawn.score.into_iter().flat_map(|score| score.axis(margin, LANE, AXIS));
    amounts.chain(lanes).chain(score).chain([heading]).chain(days).filter(on_the_sheet).collect()
}

fn keep_lines_clear(lettering: &mut Lettering, drawn: &Drawn) {
    let frame = drawn.frame;
    drawn.stairs.lines().into_iter().for_each(|line| lettering.keep_clear(line));
    if drawn.today.is_some() {
        let x = drawn.stairs.today;
        lettering.keep_clear(Bounds::around((x, frame.top), (x, frame.foot)));
    }
    if let Some(flag) = drawn.today {
        lettering.keep_clear(Bounds { left: flag.x, right: flag.x + Flag::WIDTH, top: Px::of(0), bottom: Px::of(27) });
    }
    for lane in drawn.lanes {
        lettering.keep_clear(Bounds::around((frame.left, lane.y - Px::of(9)), (frame.right, lane.y + Px::of(9))));
    }
}

/// The one message that must not be missed: nothing falls without a signature.
fn staying_label(lettering: &mut Lettering, drawn: &Drawn) {
    let (Some(level), Some(stays)) = (drawn.stairs.level(), staying(drawn.facts)) else { return };
    let right = drawn.frame.right;
    lettering.keep_clear(Bounds::around((drawn.stairs.known, level.y), (right, level.y)));
    // Two medicines are said in full beside the chart: here the words must fit.
    let words = match &drawn.facts.equivalents {
        Some(_) => "Not signed: stays as it is".to_owned(),
        None => format!("Not signed: stays at {}", stays.words),
    };
    lettering.set(Label::new(SIGNED, Anchor::End, right, level.y - Px::of(9), words));
}

fn set_above(lettering: &mut Lettering, tread: &Tread, class: &'static str) {
    let above = tread.y - Px::of(8);
    lettering.set_if_free(choices(tread, class, [above, above]));
}

/// Under its tread, or above it where the axis is too near.
fn set_below(lettering: &mut Lettering, tread: &Tread, frame: &Frame) {
    let (below, above) = (tread.y + Px::of(17), tread.y - Px::of(8));
    let heights = if below < frame.floor { [below, above] } else { [above, above] };
    lettering.set_if_free(choices(tread, PLANNED, heights));
}

/// The amount with its unit if the tread is as long, else its number alone. A tread too short even for that is named on
/// its usual side only, so that the names of many follow one line.
fn choices(tread: &Tread, class: &'static str, heights: [Px; 2]) -> Vec<Label> {
    let length = tread.right - tread.left;
    let (whole, number) = (tread.amount.to_string(), tread.amount.number());
    if length < Label::width(&number) {
        let middle = tread.left + length.half();
        return vec![Label::new(class, Anchor::Middle, middle, heights[0], number).with_room(Px::of(12))];
    }
    let long_enough = length >= Label::width(&whole) + Px::of(4);
    let words = if long_enough { vec![whole, number] } else { vec![number] };
    let places = |y: Px| words.iter().flat_map(move |words| along(tread, class, y, words));
    heights.into_iter().flat_map(places).collect()
}

/// In the middle of the tread, or else at either end.
fn along(tread: &Tread, class: &'static str, y: Px, words: &str) -> [Label; 3] {
    let label = |anchor, x| Label::new(class, anchor, x, y, words);
    let middle = tread.left + (tread.right - tread.left).half();
    let (left, right) = (tread.left + Px::of(4), tread.right - Px::of(4));
    [label(Anchor::Middle, middle), label(Anchor::Start, left), label(Anchor::End, right)]
}

/// At the head of the band, or at its foot where a level stands at the head; the legend names a narrower band.
fn band_labels(lettering: &mut Lettering, frame: &Frame, words: &'static str, bands: &[Band]) {
    let heights = [frame.top + Px::of(15), frame.floor - Px::of(8)];
    for band in bands.iter().filter(|band| band.width + Px::of(12) >= Label::width(words)) {
        let middle = band.x + band.width.half();
        lettering.set_if_free(heights.map(|y| Label::new(PLANNED, Anchor::Middle, middle, y, words)));
    }
}

/// The day on which the plan would be at 0 mg, as low above the last steps as there is room.
fn end_label(lettering: &mut Lettering, drawn: &Drawn) {
    let Some(end) = drawn.facts.planned.iter().max_by_key(|level| level.on) else { return };
    if !end.amount.is_zero() || !drawn.frame.shows(end.on) {
        return;
    }
    let words = format!("Planned end {}", day_text(end.on));
    let heights = (2..16).map(|nth| drawn.frame.floor - Px::of(8 * nth));
    lettering.set_if_free(heights.map(|y| Label::new(PLANNED, Anchor::End, drawn.frame.right, y, words.clone())));
}

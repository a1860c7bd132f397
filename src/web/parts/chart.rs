//! The staircase chart: what was signed, what is only planned, and where the dose stays until somebody signs.

mod frame;
mod lane;
mod level;
mod naming;
mod samples;
mod score;
mod stairs;
mod words;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;

use super::lettering::Label;
use super::missed::Missed;
use super::pixels::Px;
use crate::care::calendar::days_after;
use crate::care::taper::plan::Medicine;
use frame::Frame;
use lane::Lane;
pub use level::{Equivalents, Level};
use naming::Drawn;
pub use score::ScoreFacts;
use score::ScoreLane;
use stairs::Stairs;
pub use words::ChartRow;

/// How much room the page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// Beside a form.
    Narrow,
    /// Across the page.
    Wide,
}

/// What a chart shows. Each level lasts from its day until the next.
#[derive(Debug, Clone)]
pub struct ChartFacts {
    /// Tells this chart from others on its page; a plain word.
    pub name: &'static str,
    pub medicine: Medicine,
    /// Of a cross-taper: its levels are drawn in diazepam, because the amounts of two medicines do not compare.
    pub equivalents: Option<Equivalents>,
    pub resident: String,
    /// The first and the last day of the time axis.
    pub from_on: NaiveDate,
    pub until_on: NaiveDate,
    pub today: NaiveDate,
    /// Levels that are signed; one that begins after today is signed ahead.
    pub signed: Vec<Level>,
    /// Steps that nobody has signed.
    pub planned: Vec<Level>,
    /// Whether the last signed level goes on until a signature.
    pub waits: bool,
    /// Whether the first planned step is the one this page asks to sign.
    pub asks: bool,
    pub holds: Vec<(NaiveDate, NaiveDate)>,
    /// From the day they left until the day they came back; none: still away.
    pub away: Vec<(NaiveDate, Option<NaiveDate>)>,
    pub not_given: Vec<(NaiveDate, Missed)>,
    /// As-needed doses, each with its medicine.
    pub as_needed: Vec<(NaiveDate, Medicine)>,
    pub scores: ScoreFacts,
    pub breadth: Breadth,
}

/// A hold or an absence, through all lanes.
#[derive(Debug)]
struct Band {
    x: Px,
    width: Px,
}

/// The flag over the line of today.
#[derive(Debug)]
struct Flag {
    x: Px,
    words: String,
}

impl Flag {
    const WIDTH: Px = Px::of(108);

    fn middle(&self) -> Px {
        self.x + Flag::WIDTH.half()
    }
}

/// The drawing, its legend and its words.
#[derive(Debug, Template)]
#[template(path = "parts/chart.html")]
pub struct Chart {
    name: &'static str,
    title: String,
    description: String,
    frame: Frame,
    stairs: Stairs,
    holds: Vec<Band>,
    away: Vec<Band>,
    lanes: Vec<Lane>,
    score: Option<ScoreLane>,
    today: Option<Flag>,
    labels: Vec<Label>,
    waits: bool,
    asks: bool,
    letters: String,
    /// What was given as needed; empty where nothing was.
    as_needed: String,
    rows: Vec<ChartRow>,
    /// What the amounts are counted in, where that is not the medicine itself.
    counted: Option<String>,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Chart {}

impl Chart {
    pub fn new(facts: &ChartFacts) -> Chart {
        // A plan of which nothing is in force has no doses that could be missed.
        let has_doses = !facts.signed.is_empty();
        let takes_more = !facts.as_needed.is_empty();
        let frame = Frame::of(facts, i64::from(has_doses) + i64::from(takes_more));
        let stairs = Stairs::of(facts, &frame);
        let not_given = has_doses.then(|| Lane::not_given(&facts.not_given, 0, &frame));
        let as_needed = takes_more.then(|| Lane::as_needed(&facts.as_needed, i64::from(has_doses), &frame));
        let lanes: Vec<Lane> = not_given.into_iter().chain(as_needed).collect();
        let holds = bands(facts.holds.iter().copied(), &frame);
        let back = |until: Option<NaiveDate>| until.unwrap_or_else(|| days_after(facts.today, 1));
        let away = bands(facts.away.iter().map(|(from, until)| (*from, back(*until))), &frame);
        let today = flag(facts, &frame);
        let score = ScoreLane::of(&facts.scores, &frame);
        let bands = [("Hold", &holds[..]), ("Away", &away[..])];
        let drawn = Drawn {
            facts,
            frame: &frame,
            stairs: &stairs,
            bands,
            lanes: &lanes,
            score: score.as_ref(),
            today: today.as_ref(),
        };
        Chart {
            name: facts.name,
            title: words::title(facts),
            description: words::description(facts),
            labels: naming::labels(&drawn),
            waits: facts.waits,
            asks: facts.asks,
            as_needed: words::medicines(facts),
            letters: Missed::key(facts.not_given.iter().map(|(_, missed)| *missed)),
            rows: words::rows(facts),
            counted: words::counted(facts),
            frame,
            stairs,
            holds,
            away,
            lanes,
            score,
            today,
        }
    }

    /// The same facts for a table, by day.
    pub fn rows(&self) -> &[ChartRow] {
        &self.rows
    }

    /// Where the marks of the time axis stand.
    fn day_marks(&self) -> impl Iterator<Item = Px> {
        self.frame.days_marked().into_iter().map(|(on, _)| self.frame.x(on))
    }

    /// Where the marks of the dose axis stand above 0 mg.
    fn amount_marks(&self) -> impl Iterator<Item = Px> {
        self.frame.amounts().into_iter().skip(1).map(|amount| self.frame.y(amount))
    }

    /// Each signed reduction, tied to the lanes under it; not where they would run into a wall.
    fn drops(&self) -> impl Iterator<Item = (Px, Px)> {
        let signed = self.stairs.signed.iter().skip(1);
        signed.filter(|tread| tread.right - tread.left >= Px::of(8)).map(|tread| (tread.left, tread.y))
    }

    /// The corner of the step that the page asks to sign.
    fn asked(&self) -> Option<(Px, Px)> {
        self.stairs.planned.first().filter(|_| self.asks).map(|tread| (tread.left, tread.y))
    }

    fn staying_line(&self) -> Option<String> {
        self.stairs.staying_line(&self.frame).filter(|_| self.waits)
    }

    fn first_letter(&self) -> &str {
        self.letters.get(..1).unwrap_or("")
    }

    fn counts(&self) -> bool {
        self.lanes.iter().any(Lane::counts)
    }
}

fn bands(spans: impl Iterator<Item = (NaiveDate, NaiveDate)>, frame: &Frame) -> Vec<Band> {
    let band = |(from, until)| Band { x: frame.x(from), width: frame.x(until) - frame.x(from) };
    spans.map(band).filter(|band| band.width > Px::of(0)).collect()
}

/// The flag leans inwards at both edges, so that it covers no name of a lane.
fn flag(facts: &ChartFacts, frame: &Frame) -> Option<Flag> {
    let x = (frame.x(facts.today) - Flag::WIDTH.half()).max(frame.left).min(frame.width - Flag::WIDTH);
    let words = facts.today.format("Today %d\u{a0}%b").to_string();
    frame.shows(facts.today).then_some(Flag { x, words })
}

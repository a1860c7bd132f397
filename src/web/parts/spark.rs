//! A sparkline: the last few totals, the newest as a number.

use askama::Template;
use askama::filters::HtmlSafe;

use super::pixels::Px;

/// So many totals are drawn.
pub const DRAWN: usize = 6;

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/spark.html")]
pub struct Spark {
    line: String,
    x: Px,
    y: Px,
    last: i32,
    told: String,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Spark {}

impl Spark {
    /// Of totals from `lowest` on, the oldest first; one alone makes no line.
    pub fn new(totals: &[i32], (lowest, most): (i32, i32)) -> Option<Spark> {
        let totals = &totals[totals.len().saturating_sub(DRAWN)..];
        let last = *totals.last().filter(|_| totals.len() > 1)?;
        // Small totals are not drawn large: at least a quarter of the scale stands above the foot.
        let quarter = lowest + (most - lowest) / 4;
        let top = totals.iter().copied().chain([quarter]).max().unwrap_or(most);
        let place = |(nth, total): (usize, &i32)| {
            let x = Px::of(6) + Px::of(92).share(nth as i64, totals.len() as i64 - 1);
            let y = Px::of(42) - Px::of(36).share(i64::from(total - lowest), i64::from(top - lowest));
            (x, y)
        };
        let points: Vec<(Px, Px)> = totals.iter().enumerate().map(place).collect();
        let (x, y) = *points.last()?;
        let line: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
        let told: Vec<String> = totals.iter().map(i32::to_string).collect();
        Some(Spark { line: format!("M{}", line.join("L")), x, y, last, told: told.join(", ") })
    }

    pub fn samples() -> Vec<(&'static str, Spark)> {
        let samples = [("two", vec![0, 80]), ("usual", vec![9, 11, 12, 10, 14, 19]), ("flat", vec![0; 9])];
        samples.into_iter().filter_map(|(name, totals)| Some((name, Spark::new(&totals, (0, 80))?))).collect()
    }
}

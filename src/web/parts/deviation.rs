//! How long before or after its time a dose was given, drawn against the window in which that is on time.

use askama::Template;
use askama::filters::HtmlSafe;

use super::pixels::Px;

#[derive(Debug, Template)]
#[template(path = "parts/deviation.html")]
pub struct Deviation {
    words: String,
    outside: bool,
    /// Where the window begins and how wide it is; where the dose is.
    window: (Px, Px),
    given: Px,
}

const MIDDLE: Px = Px::of(52);
/// From the middle to the edge that the mark of a dose may reach.
const REACH: Px = Px::of(46);

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Deviation {}

impl Deviation {
    /// `minutes` after the slot (less than 0 is before it); the window reaches as many minutes to either side.
    pub fn new(minutes: i64, window_minutes: i64) -> Deviation {
        let window = place(window_minutes, window_minutes) - MIDDLE;
        Deviation {
            words: minutes_text(minutes),
            outside: minutes.saturating_abs() > window_minutes,
            window: (MIDDLE - window, window + window),
            given: place(minutes, window_minutes),
        }
    }

    pub fn samples() -> Vec<(&'static str, Deviation)> {
        let sample = |name, minutes| (name, Deviation::new(minutes, 60));
        vec![
            sample("empty", 0),
            sample("usual", 6),
            sample("early", -2),
            sample("late", 91),
            sample("longest", -9 * 1440),
        ]
    }
}

/// The drawing spans twice the window; what lies further off stands at its edge.
fn place(minutes: i64, window_minutes: i64) -> Px {
    let span = window_minutes.clamp(1, 10_000) * 2;
    MIDDLE + REACH.share(minutes.clamp(-span, span), span)
}

/// `0 min`, `+6 min`, `−2 min`, `+3 h 5 min`, `+2 days`: whole minutes up to two hours, then as a person would say it.
fn minutes_text(minutes: i64) -> String {
    let sign = match minutes {
        0 => "",
        ..0 => "\u{2212}",
        _ => "+",
    };
    let apart = minutes.unsigned_abs();
    match (apart / 1440, apart / 60, apart % 60) {
        (0, ..=1, _) => format!("{sign}{apart}\u{a0}min"),
        (0, hours, 0) => format!("{sign}{hours}\u{a0}h"),
        (0, hours, rest) => format!("{sign}{hours}\u{a0}h\u{a0}{rest}\u{a0}min"),
        (1, ..) => format!("{sign}1\u{a0}day"),
        (days, ..) => format!("{sign}{days}\u{a0}days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deviation_is_told_as_a_person_would_say_it() {
        assert_eq!(minutes_text(0), "0\u{a0}min");
        assert_eq!(minutes_text(6), "+6\u{a0}min");
        assert_eq!(minutes_text(-2), "\u{2212}2\u{a0}min");
        assert_eq!(minutes_text(91), "+91\u{a0}min");
        assert_eq!(minutes_text(185), "+3\u{a0}h\u{a0}5\u{a0}min");
        assert_eq!(minutes_text(-2 * 1440 - 7), "\u{2212}2\u{a0}days");
    }

    #[test]
    fn the_edge_of_the_window_is_still_on_time() {
        assert!(!Deviation::new(60, 60).outside);
        assert!(!Deviation::new(-60, 60).outside);
        assert!(Deviation::new(61, 60).outside);
    }
}

//! How long it is until a dose, or since: told as a person would say it.

use chrono::TimeDelta;

/// `48 min`, `1 h 12 min`, `3 days`, with spaces that do not break; earlier or later is for the sentence around it.
pub fn span_text(span: TimeDelta) -> String {
    let minutes = span.num_minutes().unsigned_abs();
    match (minutes / 1440, minutes / 60, minutes % 60) {
        (0, 0, minutes) => format!("{minutes}\u{a0}min"),
        (0, hours, 0) => format!("{hours}\u{a0}h"),
        (0, hours, rest) => format!("{hours}\u{a0}h\u{a0}{rest}\u{a0}min"),
        (1, ..) => "1\u{a0}day".to_owned(),
        (days, ..) => format!("{days}\u{a0}days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_whole_minutes_hours_or_days() {
        let told = |minutes| span_text(TimeDelta::minutes(minutes)).replace('\u{a0}', " ");
        assert_eq!(told(0), "0 min");
        assert_eq!(told(72), "1 h 12 min");
        assert_eq!(told(-120), "2 h");
        assert_eq!(told(1440 + 59), "1 day");
        assert_eq!(told(3 * 1440), "3 days");
    }
}

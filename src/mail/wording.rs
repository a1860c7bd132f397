//! A letter's title and body, from its template: the first line is the title. What can be said is what a `Message` holds.

use askama::Template;
use chrono::NaiveDate;

use crate::care::calendar::Slot;
use crate::care::letter::Letter;
use crate::care::letter::message::{Message, Place, Tally};

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub title: String,
    pub body: String,
}

/// Writes a letter. `public_url` is the address under which people reach this house: `https://stepdown.example`.
pub fn written(letter: &Letter, public_url: &str) -> Written {
    let link = format!("{}{}", public_url.trim_end_matches('/'), letter.link.path());
    let text = text_of(&letter.message, link).expect("a template written to a string cannot fail");
    let (title, body) = text.split_once('\n').unwrap_or((&text, ""));
    Written { title: title.trim().to_owned(), body: format!("{}\n", body.trim()) }
}

fn text_of(message: &Message, link: String) -> Result<String, askama::Error> {
    match message {
        Message::RoundDue { unit, on, round, doses } => {
            let (doses, count) = (doses_text(*doses), *doses);
            RoundDue { unit, on: Day(*on), round: *round, doses, count, link }.render()
        }
        Message::NoRecord { unit, on, slot, doses } => {
            let (doses, count) = (doses_text(*doses), *doses);
            NoRecord { unit, on: Day(*on), slot: *slot, doses, count, link }.render()
        }
        Message::SignatureAhead { facility, due_on } => {
            SignatureAhead { facility, due_on: Day(*due_on), link }.render()
        }
        Message::SignatureWanted { facility, on, due_on, days } => {
            SignatureWanted { facility, on: Day(*on), due_on: Day(*due_on), days: *days, link }.render()
        }
        Message::HoldEnds { facility, on } => HoldEnds { facility, on: Day(*on), link }.render(),
        Message::Paused { facility, on } => Paused { facility, on: Day(*on), link }.render(),
        Message::SentBack { facility, on } => SentBack { facility, on: Day(*on), link }.render(),
        Message::SevereSign { unit, on, at, hours } => {
            SevereSign { unit, on: Day(*on), at: *at, hours: *hours, link }.render()
        }
        Message::TaperAlert { facility, on } => TaperAlert { facility, on: Day(*on), link }.render(),
        Message::Incident { unit, on } => Incident { unit, on: Day(*on), link }.render(),
        Message::StopAsked { facility, on } => StopAsked { facility, on: Day(*on), link }.render(),
        Message::Amended { facility, on } => Amended { facility, on: Day(*on), link }.render(),
        Message::OrderStands { facility, on } => OrderStands { facility, on: Day(*on), link }.render(),
        Message::UrgentOrder { facility, on } => UrgentOrder { facility, on: Day(*on), link }.render(),
        Message::SteppedBack { facility, on } => SteppedBack { facility, on: Day(*on), link }.render(),
        Message::Unconfirmed { facility, on } => Unconfirmed { facility, on: Day(*on), link }.render(),
        Message::AssessmentDue { unit, on, residents } => {
            let count = *residents;
            let residents = if count == 1 { "1 resident".to_owned() } else { format!("{count} residents") };
            AssessmentDue { unit, on: Day(*on), residents, count, link }.render()
        }
        Message::DecisionNeeded { facility, on, at, hours } => {
            DecisionNeeded { facility, on: Day(*on), at: *at, hours: *hours, link }.render()
        }
        Message::EffectWanted { unit, on, at, doses } => {
            let (doses, count) = (doses_text(*doses), *doses);
            EffectWanted { unit, on: Day(*on), at: *at, doses, count, link }.render()
        }
        Message::Digest { facility, on, tally } => Digest { facility, on: Day(*on), tally: *tally, link }.render(),
    }
}

fn doses_text(count: u32) -> String {
    if count == 1 { "1 dose".to_owned() } else { format!("{count} doses") }
}

/// `20 Nov 2026`, with plain spaces: mail titles are plain text.
struct Day(NaiveDate);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%d %b %Y"))
    }
}

#[derive(Template)]
#[template(path = "letters/round_due.txt")]
struct RoundDue<'a> {
    unit: &'a Place,
    on: Day,
    round: Slot,
    doses: String,
    count: u32,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/no_record.txt")]
struct NoRecord<'a> {
    unit: &'a Place,
    on: Day,
    slot: Slot,
    doses: String,
    count: u32,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/signature_ahead.txt")]
struct SignatureAhead<'a> {
    facility: &'a Place,
    due_on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/signature_wanted.txt")]
struct SignatureWanted<'a> {
    facility: &'a Place,
    on: Day,
    due_on: Day,
    days: u32,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/hold_ends.txt")]
struct HoldEnds<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/paused.txt")]
struct Paused<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/sent_back.txt")]
struct SentBack<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/incident.txt")]
struct Incident<'a> {
    unit: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/severe_sign.txt")]
struct SevereSign<'a> {
    unit: &'a Place,
    on: Day,
    at: Slot,
    hours: i64,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/taper_alert.txt")]
struct TaperAlert<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/stop_asked.txt")]
struct StopAsked<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/urgent_order.txt")]
struct UrgentOrder<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/amended.txt")]
struct Amended<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/stepped_back.txt")]
struct SteppedBack<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/unconfirmed.txt")]
struct Unconfirmed<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/assessment_due.txt")]
struct AssessmentDue<'a> {
    unit: &'a Place,
    on: Day,
    residents: String,
    count: u32,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/order_stands.txt")]
struct OrderStands<'a> {
    facility: &'a Place,
    on: Day,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/decision_needed.txt")]
struct DecisionNeeded<'a> {
    facility: &'a Place,
    on: Day,
    at: Slot,
    hours: i64,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/effect_wanted.txt")]
struct EffectWanted<'a> {
    unit: &'a Place,
    on: Day,
    at: Slot,
    doses: String,
    count: u32,
    link: String,
}

#[derive(Template)]
#[template(path = "letters/digest.txt")]
struct Digest<'a> {
    facility: &'a Place,
    on: Day,
    tally: Tally,
    link: String,
}

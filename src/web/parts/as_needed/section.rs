//! The section “As needed (PRN)” of a resident: the orders, and the doses given lately with what they did.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{DateTime, Utc};

use super::{GivenDose, Ordered, Orders, Said};
use crate::care::calendar::{Zone, day_text};
use crate::web::links;
use crate::web::parts::{Icon, Tag};

/// What the reader may do here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader {
    pub nurse: bool,
    pub prescriber: bool,
    /// A nurse or a supervisor.
    pub corrects: bool,
}

#[derive(Template)]
#[template(path = "parts/as_needed.html")]
pub struct Section {
    cards: Vec<Card>,
    doses: Vec<Line>,
    new: Option<String>,
}

/// Rendered from a template of its own, which escapes.
impl HtmlSafe for Section {}

struct Card {
    said: Said,
    give: Option<String>,
    end: Option<String>,
    ended: Option<String>,
}

struct Line {
    when: String,
    dose: String,
    why: String,
    effect: Option<Tag>,
    note: String,
    ask: Option<String>,
    /// Why it was struck; and where it can be.
    struck: Option<String>,
    strike: Option<String>,
    by: String,
    href: String,
    number: i64,
}

impl Section {
    pub fn new(orders: &Orders, resident: &str, reader: Reader, zone: Zone, now: DateTime<Utc>) -> Section {
        Section {
            cards: orders.orders.iter().map(|ordered| card(ordered, reader, zone, now)).collect(),
            doses: orders.given.iter().map(|given| line(given, reader, zone)).collect(),
            new: reader.prescriber.then(|| links::order_as_needed(resident)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.cards.is_empty() && self.doses.is_empty() && self.new.is_none()
    }
}

fn card(ordered: &Ordered, reader: Reader, zone: Zone, now: DateTime<Utc>) -> Card {
    let file = &ordered.file;
    let open = file.end.is_none() && zone.day(now) <= file.order.ends_on;
    let ended = file.end.as_ref().map(|end| {
        let at = zone.local(end.ended_at);
        format!("Ended on {} {} by {}: {}", day_text(at.date()), at.format("%H:%M"), ordered.ended_by, end.reason)
    });
    Card {
        said: Said::new(ordered, zone, now),
        give: (reader.nurse && open).then(|| links::give_as_needed(&file.order.id)),
        end: (reader.prescriber && open).then(|| links::end_as_needed(&file.order.id)),
        ended,
    }
}

fn line(given: &GivenDose, reader: Reader, zone: Zone) -> Line {
    let dose = &given.dose;
    let at = zone.local(dose.given_at);
    let effect = given.effect.as_ref();
    Line {
        when: format!("{} {}", day_text(at.date()), at.format("%H:%M")),
        dose: format!("{} {}", dose.medicine, dose.given),
        why: dose.why.clone(),
        effect: effect.map(|noted| Tag::effect(noted.effect)),
        note: effect.map(|noted| noted.note.clone()).unwrap_or_default(),
        ask: (reader.nurse && effect.is_none() && given.struck.is_none()).then(|| links::effect(&dose.id)),
        struck: given.struck.as_ref().map(|strike| strike.reason.clone()),
        strike: (reader.corrects && given.struck.is_none()).then(|| links::strike_as_needed(&dose.id)),
        by: given.by.clone(),
        href: links::fact(dose.n),
        number: dose.n,
    }
}

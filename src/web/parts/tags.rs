//! Status tags: always a shape and a word. Only what is overdue is filled, so that it is seen.

use askama::Template;
use askama::filters::HtmlSafe;

use super::icon::Icon;
use crate::care::round::as_needed::effect::Effect;
use crate::care::round::outcome::Outcome;

/// A small label that says how something stands.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(source = r#"<span class="tag tag-{{ look }}">{{ icon }}{{ text }}</span>"#, ext = "html")]
pub struct Tag {
    look: &'static str,
    icon: Icon,
    text: String,
}

/// It renders as escaped markup.
impl HtmlSafe for Tag {}

impl Tag {
    /// For a status that is not in the table below; `look` is the stylesheet's `tag-…`.
    pub fn new(look: &'static str, icon: Icon, text: impl Into<String>) -> Tag {
        Tag { look, icon, text: text.into() }
    }

    /// The one filled tag: `1 h 12 min late`.
    pub fn overdue(how_late: impl Into<String>) -> Tag {
        Tag::new("over", Icon::Overdue, how_late)
    }

    pub fn due_now() -> Tag {
        Tag::new("due", Icon::Due, "Due now")
    }

    pub fn due_soon(when: impl Into<String>) -> Tag {
        Tag::new("soon", Icon::Soon, when)
    }

    pub fn given(text: impl Into<String>) -> Tag {
        Tag::new("ok", Icon::Given, text)
    }

    pub fn given_in_part(text: impl Into<String>) -> Tag {
        Tag::new("warn", Icon::Given, text)
    }

    pub fn refused(text: impl Into<String>) -> Tag {
        Tag::new("not", Icon::Refused, text)
    }

    pub fn withheld(text: impl Into<String>) -> Tag {
        Tag::new("not", Icon::Withheld, text)
    }

    pub fn not_available(text: impl Into<String>) -> Tag {
        Tag::new("not", Icon::NotAvailable, text)
    }

    pub fn absent(text: impl Into<String>) -> Tag {
        Tag::new("not", Icon::Absent, text)
    }

    /// What happened to a dose, in words that begin with it: `Given 07:58 AD`.
    pub fn outcome(outcome: Outcome, text: impl Into<String>) -> Tag {
        match outcome {
            Outcome::Given | Outcome::SelfAdministered => Tag::given(text),
            Outcome::GivenInPart => Tag::given_in_part(text),
            Outcome::Refused => Tag::refused(text),
            Outcome::Withheld => Tag::withheld(text),
            Outcome::NotAvailable => Tag::not_available(text),
            Outcome::Absent => Tag::absent(text),
        }
    }

    /// Nobody recorded the dose: something that should be there is not.
    pub fn no_record() -> Tag {
        Tag::new("gap", Icon::NoRecord, "No record")
    }

    pub fn signed(text: impl Into<String>) -> Tag {
        Tag::new("signed", Icon::Signed, text)
    }

    /// Planned, drafted, not signed: not in effect.
    pub fn unsigned(text: impl Into<String>) -> Tag {
        Tag::new("unsigned", Icon::Unsigned, text)
    }

    pub fn hold(text: impl Into<String>) -> Tag {
        Tag::new("warn", Icon::Hold, text)
    }

    pub fn flag(text: impl Into<String>) -> Tag {
        Tag::new("warn", Icon::Flag, text)
    }

    pub fn needs_reason(text: impl Into<String>) -> Tag {
        Tag::new("warn", Icon::Pen, text)
    }

    pub fn discrepancy(text: impl Into<String>) -> Tag {
        Tag::new("bad", Icon::Unequal, text)
    }

    /// What an as-needed dose did.
    pub fn effect(effect: Effect) -> Tag {
        match effect {
            Effect::Helped | Effect::Asleep => Tag::given(effect.title()),
            Effect::HelpedLittle | Effect::NoHelp => Tag::flag(effect.title()),
            Effect::TooSleepy => Tag::new("bad", Icon::Withheld, effect.title()),
        }
    }

    pub fn verified(text: impl Into<String>) -> Tag {
        Tag::new("ok", Icon::Verified, text)
    }
}

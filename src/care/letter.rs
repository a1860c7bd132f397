//! A letter exists because what it is about exists: found by comparing what is with what should be, not by remembering.

mod alerts;
pub mod compare;
mod effects;
pub mod handful;
mod hourly;
mod incidents;
pub mod matters;
pub mod message;
mod orders;
mod rules;
mod signs;
mod turns;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::calendar::Slot;
use message::{Link, Message};
pub use rules::letters_wanted;

/// Why a letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The doses of a unit's round come due.
    RoundDue,
    /// Doses have no record after the grace period.
    NoRecord,
    /// A reduction wants a pharmacist's signature.
    SignatureWanted,
    /// The day to look again at a hold has come.
    HoldEnds,
    /// A nurse paused a signed reduction before its first dose.
    Paused,
    /// A pharmacist sent a plan back to its prescriber.
    SentBack,
    /// A severe sign was recorded, and nobody has acknowledged it.
    SevereSign,
    /// So many doses of a taper were not given that people must know.
    TaperAlert,
    /// Something was given in error, and wants an answer.
    Incident,
    /// A prescriber asked for an abrupt stop.
    StopAsked,
    /// Other steps of a plan wait for a prescriber's approval.
    Amended,
    /// Somebody came back, and no prescriber has decided their dose.
    DecisionNeeded,
    /// A prescriber suspended or lowered for safety; a pharmacist reviews it.
    UrgentOrder,
    /// A prescriber stepped back, or decided the level anew.
    SteppedBack,
    /// A telephone order that its prescriber has not confirmed.
    Unconfirmed,
    /// Residents of a unit are to be scored.
    AssessmentDue,
    /// It is time to ask whether as-needed doses helped.
    EffectWanted,
    /// How the facility stands, every morning.
    Digest,
}

impl Kind {
    pub const ALL: [Kind; 18] = [
        Kind::RoundDue,
        Kind::NoRecord,
        Kind::SignatureWanted,
        Kind::HoldEnds,
        Kind::Paused,
        Kind::SentBack,
        Kind::SevereSign,
        Kind::TaperAlert,
        Kind::Incident,
        Kind::StopAsked,
        Kind::Amended,
        Kind::DecisionNeeded,
        Kind::UrgentOrder,
        Kind::SteppedBack,
        Kind::Unconfirmed,
        Kind::AssessmentDue,
        Kind::EffectWanted,
        Kind::Digest,
    ];

    /// The word of the kind, as stored.
    pub fn word(self) -> &'static str {
        match self {
            Kind::RoundDue => "round_due",
            Kind::NoRecord => "no_record",
            Kind::SignatureWanted => "signature_wanted",
            Kind::HoldEnds => "hold_ends",
            Kind::Paused => "paused",
            Kind::SentBack => "sent_back",
            Kind::SevereSign => "severe_sign",
            Kind::TaperAlert => "taper_alert",
            Kind::Incident => "incident",
            Kind::StopAsked => "stop_asked",
            Kind::Amended => "amended",
            Kind::DecisionNeeded => "decision_needed",
            Kind::UrgentOrder => "urgent_order",
            Kind::SteppedBack => "stepped_back",
            Kind::Unconfirmed => "unconfirmed",
            Kind::AssessmentDue => "assessment_due",
            Kind::EffectWanted => "effect_wanted",
            Kind::Digest => "digest",
        }
    }

    pub fn of_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// As pages name it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::RoundDue => "Round due",
            Kind::NoRecord => "No record",
            Kind::SignatureWanted => "Signature wanted",
            Kind::HoldEnds => "Hold ends",
            Kind::Paused => "Reduction paused",
            Kind::SentBack => "Plan sent back",
            Kind::SevereSign => "Severe sign",
            Kind::TaperAlert => "Taper alert",
            Kind::Incident => "Given in error",
            Kind::StopAsked => "Stop to countersign",
            Kind::Amended => "Amendment to approve",
            Kind::DecisionNeeded => "Decision needed",
            Kind::UrgentOrder => "Urgent order",
            Kind::SteppedBack => "Step back",
            Kind::Unconfirmed => "Telephone order unconfirmed",
            Kind::AssessmentDue => "Assessments due",
            Kind::EffectWanted => "Effect wanted",
            Kind::Digest => "Daily digest",
        }
    }
}

/// What a letter is about. A letter that comes daily has its day in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject<'a> {
    Round {
        on: NaiveDate,
        round: Slot,
        unit: &'a str,
    },
    Slot {
        on: NaiveDate,
        slot: Slot,
        unit: &'a str,
    },
    ReductionAhead {
        n: u32,
        plan: &'a str,
    },
    ReductionOn {
        n: u32,
        on: NaiveDate,
        plan: &'a str,
    },
    Hold {
        until: NaiveDate,
        plan: &'a str,
    },
    Paused {
        n: u32,
        plan: &'a str,
    },
    SentBack {
        n: u32,
        on: NaiveDate,
        plan: &'a str,
    },
    UrgentOrder {
        seq: u32,
        on: NaiveDate,
        plan: &'a str,
    },
    SteppedBack {
        seq: u32,
        plan: &'a str,
    },
    Unconfirmed {
        seq: u32,
        on: NaiveDate,
        plan: &'a str,
    },
    /// The hours count from 0, since the sign was recorded.
    SevereSign {
        hour: i64,
        sign: &'a str,
    },
    /// The time at which the dose was due that raised it.
    TaperAlert {
        raised_by: DateTime<Utc>,
        on: NaiveDate,
        plan: &'a str,
    },
    Incident {
        on: NaiveDate,
        incident: &'a str,
    },
    StopAsked {
        seq: u32,
        on: NaiveDate,
        plan: &'a str,
    },
    Amended {
        version: u32,
        on: NaiveDate,
        plan: &'a str,
    },
    Assessments {
        on: NaiveDate,
        unit: &'a str,
    },
    /// An urgent order, the decision `seq`, still stands on a day.
    OrderStands {
        seq: u32,
        on: NaiveDate,
        plan: &'a str,
    },
    /// The hours count from 0, since the return, the decision `seq`, was written down.
    DecisionNeeded {
        seq: u32,
        hour: i64,
        plan: &'a str,
    },
    Effects {
        on: NaiveDate,
        at: Slot,
        unit: &'a str,
    },
    Day {
        on: NaiveDate,
        facility: &'a str,
    },
}

impl Subject<'_> {
    /// The one text of the subject. The id stands last, so that whatever is in it the text says one thing only.
    pub fn key(&self) -> String {
        match self {
            Subject::Round { on, round, unit } => format!("round/{on}/{round}/unit/{unit}"),
            Subject::Slot { on, slot, unit } => format!("slot/{on}/{slot}/unit/{unit}"),
            Subject::ReductionAhead { n, plan } => format!("reduction/{n}/ahead/plan/{plan}"),
            Subject::ReductionOn { n, on, plan } => format!("reduction/{n}/{on}/plan/{plan}"),
            Subject::Hold { until, plan } => format!("hold/{until}/plan/{plan}"),
            Subject::Paused { n, plan } => format!("paused/{n}/plan/{plan}"),
            Subject::SentBack { n, on, plan } => format!("returned/{n}/{on}/plan/{plan}"),
            Subject::UrgentOrder { seq, on, plan } => format!("order/{seq}/{on}/plan/{plan}"),
            Subject::SteppedBack { seq, plan } => format!("step-back/{seq}/plan/{plan}"),
            Subject::Unconfirmed { seq, on, plan } => format!("call/{seq}/{on}/plan/{plan}"),
            Subject::SevereSign { hour, sign } => format!("severe/{hour}/sign/{sign}"),
            Subject::TaperAlert { raised_by, on, plan } => {
                format!("alert/{}/{on}/plan/{plan}", raised_by.format("%Y-%m-%dT%H:%MZ"))
            }
            Subject::Incident { on, incident } => format!("error/{on}/incident/{incident}"),
            Subject::StopAsked { seq, on, plan } => format!("stop/{seq}/{on}/plan/{plan}"),
            Subject::OrderStands { seq, on, plan } => format!("order-stands/{seq}/{on}/plan/{plan}"),
            Subject::Amended { version, on, plan } => format!("amended/{version}/{on}/plan/{plan}"),
            Subject::Assessments { on, unit } => format!("assessments/{on}/unit/{unit}"),
            Subject::DecisionNeeded { seq, hour, plan } => format!("decision/{seq}/{hour}/plan/{plan}"),
            Subject::Effects { on, at, unit } => format!("effects/{on}/{at}/unit/{unit}"),
            Subject::Day { on, facility } => format!("day/{on}/facility/{facility}"),
        }
    }
}

/// Whose letter it is, as far as one has to look to see whether its subject still stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    Unit(String),
    Plan(String),
    Sign(String),
    Incident(String),
    Facility,
}

impl Concern {
    /// Reads the end of a subject's key.
    pub fn of(subject: &str) -> Concern {
        let id = |of: &str| subject.split_once(of).map(|(_, id)| id.to_owned());
        let of_unit = ["round/", "slot/", "assessments/", "effects/"].iter().any(|kind| subject.starts_with(kind));
        let unit = id("/unit/").filter(|_| of_unit);
        let sign = id("/sign/").filter(|_| subject.starts_with("severe/"));
        let incident = id("/incident/").filter(|_| subject.starts_with("error/"));
        let own = unit.map(Concern::Unit).or(sign.map(Concern::Sign)).or(incident.map(Concern::Incident));
        own.or(id("/plan/").map(Concern::Plan)).unwrap_or(Concern::Facility)
    }

    pub fn plan(&self) -> Option<&String> {
        if let Concern::Plan(id) = self { Some(id) } else { None }
    }

    pub fn sign(&self) -> Option<&String> {
        if let Concern::Sign(id) = self { Some(id) } else { None }
    }

    pub fn incident(&self) -> Option<&String> {
        if let Concern::Incident(id) = self { Some(id) } else { None }
    }
}

/// One e-mail that should exist: about what, of which kind, to whom, and from when until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub kind: Kind,
    /// A `Subject`'s key.
    pub subject: String,
    /// An e-mail address; empty where nobody is known, so that the letter fails where a supervisor sees it.
    pub recipient: String,
    pub wanted_at: DateTime<Utc>,
    /// From then on it is not sent any more.
    pub expires_at: DateTime<Utc>,
    pub message: Message,
    pub link: Link,
}

impl Letter {
    /// Derived from subject, kind and recipient, so that one letter has one id for ever, whoever wants it and however
    /// often; also its Message-ID.
    pub fn id(&self) -> String {
        let name = format!("{} {} {}", self.subject, self.kind.word(), self.recipient);
        uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
    }
}

/// Whoever sends a letter has it to themselves for so long; longer than any mail server is waited for.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);

/// The minutes to wait after each attempt that failed for now; after the last one the letter is given up.
const DELAYS: [i64; 8] = [1, 2, 4, 8, 15, 30, 60, 120];

/// How long a letter waits when the mail server could not be reached at all.
pub const DELAY_AWAY: TimeDelta = TimeDelta::minutes(1);

/// No letter waits longer than this for its next try.
pub const LONGEST_DELAY: TimeDelta = TimeDelta::minutes(120);

/// Whether somebody has a letter to themselves. A lease that ends later than any lease can was given by a clock that was
/// ahead, and holds no more.
pub fn in_hand(lease_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    lease_until.is_some_and(|until| now < until && until <= now + LEASE)
}

/// Whether a letter waits for its next try; not where a clock that was ahead put it off for longer than any try is.
pub fn put_off(try_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < try_at && try_at <= now + LONGEST_DELAY
}

/// How long to wait after so many attempts; none when it is time to give up.
pub fn delay_after(attempts: u32) -> Option<TimeDelta> {
    let index = usize::try_from(attempts).ok()?.saturating_sub(1);
    DELAYS.get(index).copied().map(TimeDelta::minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_tells_whose_it_is_whatever_stands_in_the_id() {
        let on = NaiveDate::MIN;
        let round = Subject::Round { on, round: Slot::MIDNIGHT, unit: "a/plan/b" }.key();
        assert_eq!(Concern::of(&round), Concern::Unit("a/plan/b".into()));
        let assessments = Subject::Assessments { on, unit: "c" }.key();
        assert_eq!(Concern::of(&assessments), Concern::Unit("c".into()));
        let effects = Subject::Effects { on, at: Slot::MIDNIGHT, unit: "c" }.key();
        assert_eq!(Concern::of(&effects), Concern::Unit("c".into()));
        let hold = Subject::Hold { until: on, plan: "x/unit/y" }.key();
        assert_eq!(Concern::of(&hold), Concern::Plan("x/unit/y".into()));
        let severe = Subject::SevereSign { hour: 3, sign: "x/plan/y" }.key();
        assert_eq!(Concern::of(&severe), Concern::Sign("x/plan/y".into()));
        let error = Subject::Incident { on, incident: "x/plan/y" }.key();
        assert_eq!(Concern::of(&error), Concern::Incident("x/plan/y".into()));
        assert_eq!(Concern::of(&Subject::Day { on, facility: "alder" }.key()), Concern::Facility);
    }

    #[test]
    fn the_delays_grow_and_end() {
        let delays: Vec<TimeDelta> = (1..).map_while(delay_after).collect();
        assert!(delays.is_sorted() && delays.len() == DELAYS.len());
        assert_eq!(delay_after(9), None);
        assert_eq!(delays.last(), Some(&LONGEST_DELAY));
    }

    #[test]
    fn what_a_clock_that_was_ahead_put_off_is_not_put_off_when_the_clock_is_right_again() {
        let now = DateTime::from_timestamp(1_795_161_600, 0).expect("a time");
        let held = |ahead: TimeDelta| in_hand(Some(now + ahead), now);
        assert!(held(LEASE) && held(TimeDelta::seconds(1)));
        assert!(!held(TimeDelta::zero()) && !held(TimeDelta::hours(1)) && !held(TimeDelta::days(1)));
        assert!(!in_hand(None, now));
        let off = |ahead: TimeDelta| put_off(now + ahead, now);
        assert!(off(LONGEST_DELAY) && off(TimeDelta::seconds(1)));
        assert!(!off(TimeDelta::zero()) && !off(TimeDelta::days(1)));
    }
}

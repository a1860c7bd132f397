//! Which letters should exist now: a comparison with the time, never a timer, so that a clock may stop, jump or go back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::matters::{Matters, OpenReduction, UnitAssessments, UnitSlot, address, reachable};
use super::message::{Link, Message, Place, Tally};
use super::turns::DAYS_UNTIL_DEPUTIES;
use super::{Kind, Letter, Subject, alerts, effects, incidents, orders, signs, turns};
use crate::care::calendar::{Slot, days_after, days_before};
use crate::care::facility::Unit;
use crate::care::people::Role;
use crate::care::round::due::round_of;

/// Every letter that should exist now, each once.
pub fn letters_wanted(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    let found = [
        rounds_due(matters),
        no_records(matters),
        reductions(matters, now),
        turns::letters(matters, now),
        signs::letters(matters, now),
        alerts::letters(matters, now),
        incidents::letters(matters, now),
        orders::letters(matters, now),
        assessments_due(matters),
        effects::letters(matters),
        digests(matters, now),
    ];
    let mut seen = BTreeSet::new();
    let letters = found.into_iter().flatten().filter(|letter| letter.wanted_at <= now && now < letter.expires_at);
    letters.filter(|letter| seen.insert(letter.id())).collect()
}

/// One for each unit and round, from its first slot until the window of its last one closes, while a dose is open.
fn rounds_due(matters: &Matters) -> Vec<Letter> {
    let mut rounds: BTreeMap<(&str, NaiveDate, Slot), Vec<&UnitSlot>> = BTreeMap::new();
    for slot in &matters.slots {
        let Some(unit) = matters.unit(&slot.unit) else { continue };
        rounds.entry((&slot.unit, slot.on, called_to(matters, unit, slot.slot))).or_default().push(slot);
    }
    rounds.into_iter().filter_map(|((unit, on, round), slots)| round_due(matters, unit, on, round, &slots)).collect()
}

/// A slot of a unit without rounds is a round of its own.
fn round_for(unit: &Unit, slot: Slot) -> Slot {
    round_of(slot, &unit.rounds).unwrap_or(slot)
}

/// Nobody is called to a round at 03:00 and then not at 08:00: a slot outside the window of its round is called for alone.
fn called_to(matters: &Matters, unit: &Unit, slot: Slot) -> Slot {
    let round = round_for(unit, slot);
    let windows = matters.facility.windows;
    let (early, late) = (i64::from(windows.early_minutes), i64::from(windows.late_minutes));
    let away = slot.minute() - round.minute();
    if (-early..=late).contains(&away) { round } else { slot }
}

fn round_due(matters: &Matters, unit: &str, on: NaiveDate, round: Slot, slots: &[&UnitSlot]) -> Option<Letter> {
    let unit = matters.unit(unit)?;
    let doses: u32 = slots.iter().map(|slot| slot.open).sum();
    let (first, last) = (slots.iter().map(|s| s.due_at).min()?, slots.iter().map(|s| s.due_at).max()?);
    (doses > 0).then(|| Letter {
        kind: Kind::RoundDue,
        subject: Subject::Round { on, round, unit: &unit.id }.key(),
        recipient: address(&unit.mailbox),
        wanted_at: first,
        expires_at: matters.facility.windows.closes_at(last),
        message: Message::RoundDue { unit: Place::of_unit(unit), on, round, doses },
        link: Link::round(&unit.id, on, round_for(unit, round)),
    })
}

/// One for each unit and slot: to the unit when the grace period is over, to the supervisors when it is over again.
fn no_records(matters: &Matters) -> Vec<Letter> {
    matters.slots.iter().filter(|slot| slot.open > 0).flat_map(|slot| no_record(matters, slot)).collect()
}

fn no_record(matters: &Matters, slot: &UnitSlot) -> Vec<Letter> {
    let Some(unit) = matters.unit(&slot.unit) else { return Vec::new() };
    let letter = |recipient: String, wanted_at: DateTime<Utc>| Letter {
        kind: Kind::NoRecord,
        subject: Subject::Slot { on: slot.on, slot: slot.slot, unit: &unit.id }.key(),
        recipient,
        wanted_at,
        expires_at: wanted_at + TimeDelta::days(1),
        message: Message::NoRecord { unit: Place::of_unit(unit), on: slot.on, slot: slot.slot, doses: slot.open },
        link: Link::round(&unit.id, slot.on, round_for(unit, slot.slot)),
    };
    let first = matters.facility.no_record_at(slot.due_at);
    let again = matters.facility.no_record_at(first);
    let to_unit = letter(address(&unit.mailbox), first);
    let to_supervisors = matters.supervisors().into_iter().map(|supervisor| letter(supervisor, again));
    std::iter::once(to_unit).chain(to_supervisors).collect()
}

/// A reduction that waits: once when it can be signed, then daily from the last day on which a signature is in time.
/// A hold is not disturbed before its day; on that day it asks its question.
fn reductions(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    let day = matters.letter_day(now);
    matters.reductions.iter().flat_map(|reduction| about_reduction(matters, reduction, day)).collect()
}

fn about_reduction(matters: &Matters, reduction: &OpenReduction, day: NaiveDate) -> Vec<Letter> {
    let daily_from = days_before(reduction.due_on, 1).max(reduction.opens_on);
    match reduction.held_until {
        Some(until) if day < until => Vec::new(),
        Some(until) if day == until => hold_ends(matters, reduction, until),
        _ if day >= daily_from => signature_wanted(matters, reduction, day),
        _ => signature_ahead(matters, reduction, daily_from),
    }
}

fn signature_ahead(matters: &Matters, reduction: &OpenReduction, until: NaiveDate) -> Vec<Letter> {
    let opens_on = reduction.held_until.map_or(reduction.opens_on, |held| reduction.opens_on.max(days_after(held, 1)));
    let facility = Place::of_facility(&matters.facility);
    let message = Message::SignatureAhead { facility, due_on: reduction.due_on };
    let subject = Subject::ReductionAhead { n: reduction.n, plan: &reduction.plan };
    matters.to_signers(reduction, opens_on, until, Kind::SignatureWanted, &subject, &message)
}

fn signature_wanted(matters: &Matters, reduction: &OpenReduction, on: NaiveDate) -> Vec<Letter> {
    let (due_on, days) = (reduction.due_on, reduction.days_waited(on));
    let message = Message::SignatureWanted { facility: Place::of_facility(&matters.facility), on, due_on, days };
    let subject = Subject::ReductionOn { n: reduction.n, on, plan: &reduction.plan };
    matters.to_signers(reduction, on, days_after(on, 1), Kind::SignatureWanted, &subject, &message)
}

fn hold_ends(matters: &Matters, reduction: &OpenReduction, until: NaiveDate) -> Vec<Letter> {
    let message = Message::HoldEnds { facility: Place::of_facility(&matters.facility), on: until };
    let subject = Subject::Hold { until, plan: &reduction.plan };
    let mut letters = matters.to_signers(reduction, until, days_after(until, 1), Kind::HoldEnds, &subject, &message);
    let to_prescriber = letters.first().cloned().into_iter().flat_map(|letter| {
        let prescribers = matters.prescribers(reduction.prescriber.as_ref());
        prescribers.into_iter().map(move |recipient| Letter { recipient, ..letter.clone() })
    });
    letters.extend(to_prescriber.collect::<Vec<_>>());
    letters
}

/// One for each unit and day, as long as somebody is still to be scored on it.
fn assessments_due(matters: &Matters) -> Vec<Letter> {
    matters.assessments.iter().filter_map(|due| assessment_due(matters, due)).collect()
}

fn assessment_due(matters: &Matters, due: &UnitAssessments) -> Option<Letter> {
    let unit = matters.unit(&due.unit)?;
    Some(Letter {
        kind: Kind::AssessmentDue,
        subject: Subject::Assessments { on: due.on, unit: &unit.id }.key(),
        recipient: address(&unit.mailbox),
        wanted_at: due.due_at,
        expires_at: matters.facility.zone.at(days_after(due.on, 1), Slot::MIDNIGHT),
        message: Message::AssessmentDue { unit: Place::of_unit(unit), on: due.on, residents: due.residents },
        link: Link::assessments(),
    })
}

/// To every supervisor, every morning, also when all is well: a letter that fails to come says something too.
fn digests(matters: &Matters, now: DateTime<Utc>) -> Vec<Letter> {
    let on = matters.letter_day(now);
    let tally = matters.tally(on);
    let digest = |recipient: String| Letter {
        kind: Kind::Digest,
        subject: Subject::Day { on, facility: &matters.facility.id }.key(),
        recipient,
        wanted_at: matters.morning(on),
        expires_at: matters.morning(days_after(on, 1)),
        message: Message::Digest { facility: Place::of_facility(&matters.facility), on, tally },
        link: Link::overview(),
    };
    matters.supervisors().into_iter().map(digest).collect()
}

impl Matters {
    fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    fn tally(&self, on: NaiveDate) -> Tally {
        let waited =
            || self.reductions.iter().filter(|r| r.held_until.is_none_or(|until| until <= on) && r.due_on <= on);
        let unanswered = || self.turns.iter().filter_map(|turn| turn.days_unanswered(self.facility.zone, on));
        Tally {
            no_record: self.counts.no_record,
            waiting: waited().count() as u32,
            longest_wait: waited().map(|r| r.days_waited(on)).max().unwrap_or(0),
            unanswered: unanswered().count() as u32,
            longest_unanswered: unanswered().max().unwrap_or(0),
            held: self.reductions.iter().filter(|r| r.held_until.is_some_and(|until| until > on)).count() as u32,
            differences: self.counts.differences,
            undelivered: self.counts.undelivered,
        }
    }

    fn to_signers(
        &self,
        reduction: &OpenReduction,
        from: NaiveDate,
        until: NaiveDate,
        kind: Kind,
        subject: &Subject<'_>,
        message: &Message,
    ) -> Vec<Letter> {
        let letter = |recipient: String| Letter {
            kind,
            subject: subject.key(),
            recipient,
            wanted_at: self.morning(from),
            expires_at: self.morning(until),
            message: message.clone(),
            link: Link::reduction(&reduction.plan, reduction.n),
        };
        self.signers(reduction, from).into_iter().map(letter).collect()
    }

    /// The pharmacist who decided on this plan before, or all who may sign it. Once it has waited for days, all of them
    /// and the supervisors; the supervisors at once where nobody can sign.
    fn signers(&self, reduction: &OpenReduction, on: NaiveDate) -> Vec<String> {
        let may_sign = |person: &str| !reduction.makers.contains(person);
        let pharmacists = || self.addressees.iter().filter(|a| a.role == Role::Pharmacist && may_sign(&a.person));
        let decider = reduction.deciders.iter().find_map(|person| pharmacists().find(|a| a.person == *person));
        let own = decider.filter(|a| !a.email.is_empty());
        let late = reduction.days_waited(on) >= DAYS_UNTIL_DEPUTIES;
        let mut to = match own {
            Some(own) if !late => vec![address(&own.email)],
            _ => reachable(pharmacists().map(|a| a.email.as_str())),
        };
        if late || to.iter().all(String::is_empty) {
            to.retain(|one| !one.is_empty());
            to.extend(self.supervisors());
        }
        to
    }
}

//! How the overview is shown.

use askama::Template;
use chrono::{DateTime, Utc};

use super::agency::{Guest, guests};
use super::laid::{Laid, laid};
use super::packs::{FolderLost, packs};
use super::register::{RegisterLine, lines};
use super::rounds::{Overdue, RoundLine, TARGET, UnitBars, bars, overdue, rounds};
use super::waiting::{PlanLine, holds, waiting};
use super::{Found, RATE_DAYS};
use crate::care::calendar::{Zone, day_text, moment_text};
use crate::care::facility::Facility;
use crate::care::gap::Gap;
use crate::care::leap::{SetBack, WentAhead};
use crate::care::ringing::Silence;
use crate::mail::sender;
use crate::store::audit::MOST_COUNTED;
use crate::web::parts::Icon;
use crate::web::parts::alerts::Alerts;
use crate::web::parts::error_rate::RateView;
use crate::web::parts::incident::OpenIncidents;
use crate::web::parts::orders::{Orders, Wants};
use crate::web::parts::severe::OpenSigns;
use crate::web::proved::Verified;
use crate::web::{Link, Shell, links};

#[derive(Template)]
#[template(path = "pages/overview.html")]
pub struct View {
    shell: Shell,
    /// The other facilities of whoever supervises several.
    facilities: Vec<Link>,
    history: Chain,
    /// What has to be put right before anything else is believed.
    faults: Vec<String>,
    no_sender: Option<NoSender>,
    signs: OpenSigns,
    alerts: Alerts,
    incidents: OpenIncidents,
    facts: Vec<Figure>,
    overdue: Vec<Overdue>,
    rounds: Vec<RoundLine>,
    window: String,
    target: u8,
    bars: Vec<UnitBars>,
    rate: RateView,
    rate_days: u32,
    rate_href: String,
    waiting: Vec<PlanLine>,
    holds: Vec<PlanLine>,
    register: Vec<RegisterLine>,
    /// Urgent orders, steps back and telephone orders that wait for somebody.
    orders: Orders,
    laid: Vec<Laid>,
    laid_whole: String,
    bell: String,
    /// Who is let in for a shift at this moment, and where more are.
    agency: Vec<Guest>,
    agency_href: String,
    /// The downtime pack of each unit.
    packs: Vec<Link>,
}

/// No letter leaves for want of a sender that can be read.
pub struct NoSender {
    why: &'static str,
    /// For whoever may set one.
    settings: Option<String>,
}

/// A number that leads to what it counts.
pub struct Figure {
    /// `hot`, `warm`, or nothing where there is nothing to look at.
    heat: &'static str,
    icon: Icon,
    count: String,
    text: &'static str,
    href: String,
}

/// Whether the history is what was written.
pub struct Chain {
    whole: bool,
    title: String,
    text: String,
}

impl View {
    pub(super) fn new(mut shell: Shell, found: &Found, facilities: &[Facility]) -> View {
        let (overdue, waiting, holds, laid) = (overdue(found), waiting(found), holds(found), laid(found));
        let zone = found.facility.zone;
        let history = chain(&found.verified, zone);
        if history.whole {
            shell.verified = Some(clock(found.verified.at, zone));
        }
        View {
            facilities: other_facilities(facilities, &found.facility),
            faults: faults(found, &laid),
            no_sender: no_sender(found),
            signs: found.signs.clone(),
            alerts: Alerts::new(&found.alerts, |id| found.resident(id), |id| found.unit(id).to_owned()),
            incidents: found.incidents.clone(),
            facts: figures(found, overdue.len(), waiting.len(), holds.len()),
            rounds: rounds(found),
            window: window(&found.facility),
            target: TARGET,
            bars: bars(found),
            rate: RateView::new(&found.counted),
            rate_days: RATE_DAYS,
            rate_href: links::error_rate(&found.facility.id),
            laid_whole: laid_whole(&laid, found),
            bell: bell_text(found.bell, zone),
            agency: guests(found),
            agency_href: links::agency(&found.facility.id),
            packs: packs(found),
            orders: orders(found),
            register: lines(found),
            history,
            overdue,
            waiting,
            holds,
            laid,
            shell,
        }
    }
}

fn orders(found: &Found) -> Orders {
    let wants = [Wants::Review, Wants::Confirmation, Wants::Notice];
    let (files, today) = (found.plans.iter().chain(&found.owing), |_: &str| found.today);
    Orders::new(files, |id| found.resident(id), |id| found.person(id), &wants, found.now, today).only_to_see()
}

fn other_facilities(facilities: &[Facility], here: &Facility) -> Vec<Link> {
    let others = facilities.iter().filter(|one| one.id != here.id);
    others.map(|one| Link::new(&one.name, format!("/overview?facility={}", one.id))).collect()
}

fn figures(found: &Found, overdue: usize, waiting: usize, holds: usize) -> Vec<Figure> {
    let figure = |heat, icon, count: usize, one: &'static str, many: &'static str, href: String| Figure {
        heat: if count == 0 { "" } else { heat },
        icon,
        count: if count > MOST_COUNTED { format!("{MOST_COUNTED}+") } else { count.to_string() },
        text: if count == 1 { one } else { many },
        href,
    };
    let no_record = format!("/history?facility={}&outcome=no_record", found.facility.id);
    let letters = format!("/letters?facility={}", found.facility.id);
    let register = found.register.open.len();
    vec![
        figure("hot", Icon::Overdue, overdue, "overdue dose now", "overdue doses now", "#over".into()),
        figure("warm", Icon::Pen, waiting, "decision wanted", "decisions wanted", "#waiting".into()),
        figure("", Icon::Hold, holds, "resident on hold", "residents on hold", "#holds".into()),
        figure("hot", Icon::Flag, found.letters_failed, "letter failed in 7 days", "letters failed in 7 days", letters),
        figure("hot", Icon::NoRecord, found.unrecorded, "dose with no record", "doses with no record", no_record),
        figure("hot", Icon::Unequal, register, "register difference", "register differences", "#register".into()),
    ]
}

/// What is broken underneath, in words that say what it means for the residents.
fn faults(found: &Found, laid: &[Laid]) -> Vec<String> {
    let gaps = laid.iter().filter(|one| one.gap.is_some()).count();
    let gap = match gaps {
        0 => None,
        1 => Some(
            "One running plan has days without doses. Give that resident the last signed dose from paper.".to_owned(),
        ),
        many => Some(format!(
            "{many} running plans have days without doses. Give these residents the last signed dose from paper."
        )),
    };
    let bell = Silence::of(found.bell, found.now)
        .map(|_| "The bell is silent: no letters go out, and no doses are laid out for the days ahead.".to_owned());
    let unreckoned = found.unreckoned.as_ref().map(|why| {
        format!(
            "The letters of this facility cannot be worked out: no new reminder is written. Tell whoever looks after this \
             system: {why}."
        )
    });
    let gaps = found.gaps.iter().filter(|gap| gap.open).map(|gap| gap_text(gap, found.facility.zone));
    let clock = found.ahead.map(|ahead| ahead_text(&ahead, found));
    let behind = found.set_back.map(|set_back| behind_text(&set_back, found));
    let fault = found.verified.fault.as_ref().map(|fault| {
        format!("The history is not what was written. {fault} Keep the last backup, and tell whoever looks after this system.")
    });
    let packs = found.packs_behind.iter().map(|pack| pack.told(found.facility.zone));
    let folders = found.folders_lost.iter().map(FolderLost::told);
    gaps.chain([fault, gap, bell, unreckoned, clock, behind].into_iter().flatten())
        .chain(folders)
        .chain(packs)
        .collect()
}

fn no_sender(found: &Found) -> Option<NoSender> {
    let (from, id) = (&found.facility.mail_from, &found.facility.id);
    sender(from).err()?;
    let why = if from.is_empty() { "No sender is set for letters" } else { "The sender of letters cannot be read" };
    Some(NoSender { why, settings: found.administers.then(|| format!("/settings?facility={id}")) })
}

fn gap_text(gap: &Gap, zone: Zone) -> String {
    format!("{} Reminders by e-mail wait for a person: open Letters and say what is sent.", gap.told(zone))
}

fn ahead_text(ahead: &WentAhead, found: &Found) -> String {
    format!(
        "{} Reminders by e-mail and the packs for downtime wait until you say under Letters that the time is right, or the \
         clock is set right. If it is wrong, have doses recorded on paper meanwhile.",
        ahead.told(found.facility.zone, found.now)
    )
}

fn behind_text(set_back: &SetBack, found: &Found) -> String {
    let zone = found.facility.zone;
    let (told, from) = (set_back.told(zone, found.now), moment_text(zone, set_back.from));
    format!(
        "{told} If that is wrong, have it set right, and doses recorded on paper meanwhile. If it is right, say so under \
         Letters. Reminders by e-mail go out by this clock. What was recorded is all here; some of it may show a later \
         time than now. This notice ends by itself at {from}."
    )
}

fn chain(verified: &Verified, zone: Zone) -> Chain {
    let at = clock(verified.at, zone);
    match (&verified.fault, verified.to_the_end) {
        (Some(_), _) => Chain {
            whole: false,
            title: "History NOT verified".to_owned(),
            text: format!("Whole only up to entry {}", verified.n),
        },
        (None, false) => Chain {
            whole: false,
            title: format!("History being verified, {at}"),
            text: format!("Whole so far up to entry {}. Refresh to go on", verified.n),
        },
        (None, true) => Chain {
            whole: true,
            title: format!("History verified {at}"),
            text: format!("{} entries, no gaps, every seal as it was written", grouped(verified.n)),
        },
    }
}

/// `All 24 running plans: doses exist up to 04 Dec 2026 at least.`
fn laid_whole(laid: &[Laid], found: &Found) -> String {
    let least = found.plans.iter().map(|file| file.laid_until).min().flatten();
    match (laid.len(), least) {
        (0, _) => "No plan is running.".to_owned(),
        (1, Some(day)) => format!("The running plan has doses up to {}.", day_text(day)),
        (many, Some(day)) => format!("All {many} running plans have doses up to {} at least.", day_text(day)),
        (_, None) => "A running plan has no doses.".to_owned(),
    }
}

fn bell_text(rang: Option<DateTime<Utc>>, zone: Zone) -> String {
    match rang {
        Some(at) => format!("The bell last rang {} {}.", day_text(zone.day(at)), clock(at, zone)),
        None => "The bell has never rung.".to_owned(),
    }
}

fn window(facility: &Facility) -> String {
    let windows = facility.windows;
    if windows.early_minutes == windows.late_minutes {
        format!("{} min", windows.late_minutes)
    } else {
        format!("{} min before and {} min after", windows.early_minutes, windows.late_minutes)
    }
}

/// `48 211`, with spaces that do not break.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let parts: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    parts.join("\u{a0}")
}

fn clock(at: DateTime<Utc>, zone: Zone) -> String {
    zone.local(at).format("%H:%M").to_string()
}

impl View {
    /// Whether every bar's scale starts at the same mark, which the page then says.
    fn scale(&self) -> String {
        let starts: Vec<u8> = self.bars.iter().map(|unit| unit.bars.starts_at()).filter(|start| *start > 0).collect();
        match starts.first() {
            Some(start) if starts.len() == self.bars.len() => format!(" The scale starts at {start}%."),
            Some(start) => format!(" Where a scale does not start at 0%, it starts at {start}%."),
            None => String::new(),
        }
    }
}

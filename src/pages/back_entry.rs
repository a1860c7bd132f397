//! What stands on a unit’s paper after the system was down, typed in page by page, each dose beside what is recorded of it.

pub mod as_needed;
mod lines;
mod samples;
mod view;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

pub use self::view::View;
use crate::acts::enter_paper::{EnterPaper, Entered, enter_paper};
use crate::care::calendar::parse_moment;
use crate::care::facility::{Facility, Unit};
use crate::care::people::Nurse;
use crate::care::refusal::Refusal;
use crate::store::paper::{Paper, Printed, paper_load, printed_find};
use crate::store::{Conn, StoreError, facilities};
use crate::web::parts::stock::StockFields;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, acting, links, looking, see_other,
};

/// A page of the paper is larger than other forms.
pub const LARGEST_PAGE: usize = 256 * 1024;
/// So many doses stand on one page of ours.
const DOSES_A_PAGE: usize = 12;
/// A pack is good for three days; nobody works from paper for longer than a week.
const LONGEST_OUTAGE: TimeDelta = TimeDelta::days(7);

/// Which paper: when the system was down, on the facility’s clock, and from which pack.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    from: String,
    until: String,
    /// The last entry that the pack holds, as its head says; empty: not known.
    entry: String,
    page: usize,
    /// So many lines were saved just now.
    saved: usize,
}

/// The paper that was asked for.
#[derive(Debug, Clone, Copy)]
struct Outage {
    span: (DateTime<Utc>, DateTime<Utc>),
    entry: Option<i64>,
}

struct Facts {
    facility: Facility,
    unit: Unit,
    asked: Asked,
    /// None: not asked yet, or not so that it can be looked for.
    paper: Option<(Outage, Paper)>,
    errors: Errors,
    now: DateTime<Utc>,
}

pub async fn show(nurse: Signed<Nurse>, hall: Data<Hall>, id: Path<String>, asked: Query<Asked>) -> Answer {
    let facts = load(&nurse, &hall, &id, asked.into_inner()).await?;
    let wrong = !facts.errors.is_empty();
    let view = View::new(&facts, shell(&nurse, &facts)?, Form::new(nurse.csrf(), nurse.now()));
    if wrong { Page::refused(view, false).answer() } else { Page::new(view).answer() }
}

fn shell(nurse: &Signed<Nurse>, facts: &Facts) -> Result<Shell, PageError> {
    let shell = nurse.shell(nurse.facility(&facts.facility.id)?, Menu::Round);
    let round = links::round(&facts.unit.id, facts.facility.zone.day(facts.now), None);
    Ok(shell.back_to(format!("{} round", facts.unit.name), round))
}

async fn load(nurse: &Signed<Nurse>, hall: &Hall, unit: &str, asked: Asked) -> Result<Facts, PageError> {
    let mine: Vec<Facility> = nurse.facilities().cloned().collect();
    let (unit, now) = (unit.to_owned(), nurse.now());
    looking(&hall.db, move |conn| find(conn, &mine, &unit, asked, now)).await
}

fn find(conn: &mut Conn, mine: &[Facility], unit: &str, asked: Asked, now: DateTime<Utc>) -> Result<Facts, StoreError> {
    let unit = facilities::unit_load(conn, unit)?;
    let facility = mine.iter().find(|one| one.id == unit.facility).cloned().ok_or(StoreError::Missing)?;
    let mut errors = Errors::none();
    let outage = if asked.from.is_empty() { None } else { asked.outage(&facility, now, &mut errors) };
    let mut paper = None;
    if let Some(outage) = outage {
        match printed(conn, &facility, outage.entry)? {
            Ok(pack) => paper = Some((outage, paper_load(conn, &facility, &unit, outage.span, pack, now)?)),
            Err(refusal) => errors.push(refusal.field(), refusal.to_string()),
        }
    }
    Ok(Facts { facility, unit, asked, paper, errors, now })
}

/// The pack that was printed, where anybody knows which.
fn printed(
    conn: &mut Conn,
    facility: &Facility,
    entry: Option<i64>,
) -> Result<Result<Option<Printed>, Refusal>, StoreError> {
    let Some(entry) = entry else { return Ok(Ok(None)) };
    Ok(printed_find(conn, &facility.id, entry)?.map(Some).ok_or(Refusal::PackEntryUnknown))
}

impl Asked {
    fn outage(&self, facility: &Facility, now: DateTime<Utc>, errors: &mut Errors) -> Option<Outage> {
        let from = errors.keep("from", parse_moment(&self.from)).map(|at| facility.zone.instant(at));
        let until = errors.keep("until", parse_moment(&self.until)).map(|at| facility.zone.last_instant(at));
        let typed = self.entry.replace([',', ' ', '\u{a0}', '\u{202f}'], "");
        let entry = match typed.as_str() {
            "" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| Refusal::PackEntryUnknown),
        };
        let entry = errors.keep("entry", entry);
        let (from, until, entry) = (from?, until?, entry?);
        if until <= from || until > now || until - from > LONGEST_OUTAGE {
            errors.push("until", Refusal::OutageSpan.to_string());
            return None;
        }
        Some(Outage { span: (from, until), entry })
    }

    fn address(&self, unit: &str, page: usize, saved: usize) -> String {
        let query = [
            ("from", self.from.clone()),
            ("until", self.until.clone()),
            ("entry", self.entry.clone()),
            ("page", page.to_string()),
            ("saved", saved.to_string()),
        ];
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("{}?{query}", links::paper(unit))
    }
}

/// The form says again which paper it belongs to; its lines stand in fields of their own, one for each dose.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(flatten)]
    asked: AskedAgain,
    #[serde(flatten)]
    stock: StockFields,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct AskedAgain {
    from: String,
    until: String,
    entry: String,
    page: String,
}

impl Sent {
    fn asked(&self) -> Asked {
        let AskedAgain { from, until, entry, page } = &self.asked;
        let page = page.parse().unwrap_or(0);
        Asked { from: from.clone(), until: until.clone(), entry: entry.clone(), page, saved: 0 }
    }
}

pub async fn enter(
    nurse: Signed<Nurse>,
    hall: Data<Hall>,
    request: HttpRequest,
    id: Path<String>,
    sent: Protected<Sent>,
) -> Answer {
    let facts = load(&nurse, &hall, &id, sent.asked()).await?;
    let by = nurse.at(&facts.facility.id)?;
    let lines = lines::filled(&sent.typed);
    let Some((Outage { span, entry }, _)) = facts.paper else {
        let errors = facts.errors.clone();
        return again(&nurse, &facts, &sent, errors, false);
    };
    if lines.is_empty() {
        return again(&nurse, &facts, &sent, Refusal::NoLineFilled.into(), false);
    }
    let witness = match hall.witness(&sent.stock, &hall.address(&request)).await? {
        Ok(witness) => witness,
        Err(errors) => return again(&nurse, &facts, &sent, errors, false),
    };
    let (form, unit, alone) = (sent.id()?, facts.unit.id.clone(), sent.stock.alone.clone());
    let ask = EnterPaper { form, unit, span, entry, lines, witness, alone };
    let wrong = match acting(&hall.db, move |conn, now| enter_paper(conn, &by, &ask, now)).await? {
        Ok(Entered::Saved(lines)) => return Ok(see_other(facts.asked.address(&id, facts.asked.page, lines))),
        Ok(Entered::Wrong(wrong)) => wrong,
        Err(refusal) => vec![(String::new(), refusal)],
    };
    let moved = wrong.iter().any(|(_, refusal)| refusal.moved());
    let facts = load(&nurse, &hall, &id, sent.asked()).await?;
    again(&nurse, &facts, &sent, lines::errors(&facts, &wrong), moved)
}

/// The page again with all that was typed, and what is wrong; beside a dose that somebody recorded meanwhile stands their record.
fn again(nurse: &Signed<Nurse>, facts: &Facts, sent: &Protected<Sent>, errors: Errors, moved: bool) -> Answer {
    let form = Form::again(nurse.csrf(), nurse.now(), sent, errors);
    Page::refused(View::new(facts, shell(nurse, facts)?, form), moved).answer()
}

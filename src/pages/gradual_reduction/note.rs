//! What somebody sends to be noted: a start, an attempt made elsewhere, a contraindication, an end, a note struck out.

use actix_web::web::{Data, Path};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::view::{Kind, View};
use super::{Keepers, load, shell};
use crate::acts::ActError;
use crate::acts::begin_gradual::{BeginGradual, begin_gradual};
use crate::acts::end_gradual::{EndGradual, end_gradual};
use crate::acts::note_attempt::{NoteAttempt, note_attempt};
use crate::acts::note_contraindication::{NoteContraindication, note_contraindication};
use crate::acts::strike_gradual::{StrikeGradual, strike_gradual};
use crate::care::calendar::parse_day;
use crate::care::gradual::note::{Class, Keeper};
use crate::care::people::{Pharmacist, Prescriber, Role, Supervisor};
use crate::store::Conn;
use crate::web::{Answer, Errors, Form, Hall, Page, PageError, Protected, Signed, deciding, links, see_other};

/// A note as it is sent. A field that its kind does not have stays empty.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Sent {
    medicine: String,
    on: String,
    class: String,
    again_on: String,
    note: String,
    rationale: String,
    password: String,
}

type Act = Box<dyn Fn(&mut Conn, DateTime<Utc>) -> Result<(), ActError> + Send>;

pub async fn note(
    reader: Signed<Keepers>,
    hall: Data<Hall>,
    path: Path<(String, String)>,
    sent: Protected<Sent>,
) -> Answer {
    let (resident, what) = path.into_inner();
    let kind = Kind::of_word(&what).ok_or(PageError::Missing)?;
    let facts = load(&hall, &reader, &resident).await?;
    let asked = Asked { form: sent.id()?, resident: resident.clone(), sent: &sent };
    let act = match kind {
        Kind::Contraindication => contraindication(&reader, &hall, &facts.facility.id, &asked).await?,
        _ => asked.act(kind, keeper(&reader, &facts.facility.id)?),
    };
    let Err(errors) = deciding(&hall.db, act).await? else {
        return Ok(see_other(links::gradual_reduction(&resident)));
    };
    let form = |of: Kind| match of == kind {
        true => Form::again(reader.csrf(), hall.db.now(), &sent, errors.clone()),
        false => Form::new(reader.csrf(), hall.db.now()),
    };
    Page::refused(View::new(&facts, shell(&reader, &facts), form), errors.moved()).answer()
}

/// In the first of these roles that they hold here.
fn keeper(reader: &Signed<Keepers>, facility: &str) -> Result<Keeper, PageError> {
    let prescriber = reader.acting_as::<Prescriber>(facility).map(Keeper::from);
    let pharmacist = || reader.acting_as::<Pharmacist>(facility).map(Keeper::from);
    let supervisor = || reader.acting_as::<Supervisor>(facility).map(Keeper::from);
    prescriber.or_else(pharmacist).or_else(supervisor).ok_or(PageError::Missing)
}

/// The form's id and fields, with whom they are about.
struct Asked<'a> {
    form: String,
    resident: String,
    sent: &'a Sent,
}

impl Asked<'_> {
    fn act(&self, kind: Kind, by: Keeper) -> Result<Act, Errors> {
        match kind {
            Kind::Start => self.start(by),
            Kind::Attempt => self.attempt(by),
            Kind::End => self.end(by),
            _ => Ok(self.strike(by)),
        }
    }

    fn day(&self, field: &str, typed: &str) -> Result<NaiveDate, Errors> {
        let mut errors = Errors::none();
        errors.keep(field, parse_day(typed)).ok_or(errors)
    }

    fn start(&self, by: Keeper) -> Result<Act, Errors> {
        let mut errors = Errors::none();
        let on = errors.keep("on", parse_day(&self.sent.on));
        let class = errors.keep("class", Class::of_word(&self.sent.class));
        let (Some(on), Some(class)) = (on, class) else { return Err(errors) };
        let ask = BeginGradual {
            form: self.form.clone(),
            resident: self.resident.clone(),
            medicine: self.sent.medicine.clone(),
            on,
            class,
            known_from: self.sent.rationale.clone(),
        };
        Ok(Box::new(move |conn, now| begin_gradual(conn, &by, &ask, now)))
    }

    fn attempt(&self, by: Keeper) -> Result<Act, Errors> {
        let ask = NoteAttempt {
            form: self.form.clone(),
            resident: self.resident.clone(),
            medicine: self.sent.medicine.clone(),
            on: self.day("on", &self.sent.on)?,
            how: self.sent.rationale.clone(),
        };
        Ok(Box::new(move |conn, now| note_attempt(conn, &by, &ask, now)))
    }

    fn end(&self, by: Keeper) -> Result<Act, Errors> {
        let ask = EndGradual {
            form: self.form.clone(),
            resident: self.resident.clone(),
            medicine: self.sent.medicine.clone(),
            on: self.day("on", &self.sent.on)?,
            why: self.sent.rationale.clone(),
        };
        Ok(Box::new(move |conn, now| end_gradual(conn, &by, &ask, now)))
    }

    fn strike(&self, by: Keeper) -> Act {
        let ask = StrikeGradual {
            form: self.form.clone(),
            resident: self.resident.clone(),
            note: self.sent.note.clone(),
            why: self.sent.rationale.clone(),
        };
        Box::new(move |conn, now| strike_gradual(conn, &by, &ask, now))
    }

    fn contraindication(&self) -> Result<NoteContraindication, Errors> {
        let mut errors = Errors::none();
        let on = errors.keep("on", parse_day(&self.sent.on));
        let again_on = errors.keep("again_on", parse_day(&self.sent.again_on));
        let (Some(on), Some(again_on)) = (on, again_on) else { return Err(errors) };
        Ok(NoteContraindication {
            form: self.form.clone(),
            resident: self.resident.clone(),
            medicine: self.sent.medicine.clone(),
            on,
            again_on,
            rationale: self.sent.rationale.clone(),
        })
    }
}

/// A prescriber's alone, and with the password again.
async fn contraindication(
    reader: &Signed<Keepers>,
    hall: &Hall,
    facility: &str,
    asked: &Asked<'_>,
) -> Result<Result<Act, Errors>, PageError> {
    let by = reader.acting_as::<Prescriber>(facility).ok_or(PageError::NotAllowed { roles: &[Role::Prescriber] })?;
    let confirmed = match hall.confirmed(reader.person(), &asked.sent.password).await? {
        Ok(confirmed) => confirmed,
        Err(errors) => return Ok(Err(errors)),
    };
    let ask = match asked.contraindication() {
        Ok(ask) => ask,
        Err(errors) => return Ok(Err(errors)),
    };
    Ok(Ok(Box::new(move |conn, now| note_contraindication(conn, &by, &confirmed, &ask, now))))
}

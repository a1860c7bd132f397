//! One reduction: the evidence first, then the pharmacist's decision; afterwards what was signed, word for word.

mod decide;
mod lines;
mod samples;
mod view;

use actix_web::web::{Data, Path};
use chrono::NaiveDate;

pub use self::decide::{hold, send_back, sign, withdraw};
use self::view::Decisive;
pub use self::view::View;
use crate::care::medicine::conversion::Conversion;
use crate::care::people::{Nurse, Pharmacist, Prescriber, Role, Staff, Supervisor};
use crate::care::taper::level::{Reduction, Standing};
use crate::care::taper::snapshot::Snapshot;
use crate::store::StoreError;
use crate::store::db::Conn;
use crate::store::doses::{Administration, Correction, corrected_since};
use crate::store::dossiers::{Dossier, dossier_load};
use crate::store::evidence::{Evidence, evidence_load};
use crate::store::history::fact_find_by_id;
use crate::store::people::person_load;
use crate::store::plans::statement_load;
use crate::store::snapshots::snapshot_load;
use crate::web::parts::Banner;
use crate::web::parts::conversion::ConversionView;
use crate::web::{Answer, Form, Hall, Menu, Page, PageError, Permitted, Signed, links, looking};

type Readers = (Pharmacist, Prescriber, Nurse, Supervisor);

/// Everything one reduction's page shows, read at one moment.
struct Sight {
    dossier: Dossier,
    banner: Banner,
    n: u32,
    reduction: Reduction,
    /// Of the reduction, where it is the one that waits.
    evidence: Option<Evidence>,
    /// The day whose checks are shown: the one that was chosen, if it can take effect then, else the earliest.
    checked_on: Option<NaiveDate>,
    /// What a decision rests on, with its evidence.
    snapshot: Option<Snapshot>,
    /// Of a swap: what was confirmed, and what the tables say.
    swap: Option<ConversionView>,
    /// What the signature kept, where there is or was one.
    statement: Option<String>,
    /// Of what it rested on: what was corrected since.
    corrected: Vec<(Administration, Correction)>,
    /// How the reader's name stands beside a signature.
    registration: String,
}

pub async fn show(hall: Data<Hall>, reader: Signed<Readers>, path: Path<(String, u32)>) -> Answer {
    let (plan, n) = path.into_inner();
    let sight = sight(&hall, &reader, plan, n, None).await?;
    let forms = Decisive::fresh(reader.csrf(), reader.now());
    Page::new(page(&reader, &sight, forms)).answer()
}

fn page<R: Permitted>(reader: &Signed<R>, sight: &Sight, forms: Decisive) -> View {
    let facility = &sight.dossier.found.facility;
    let by = Staff {
        person: reader.person().to_owned(),
        name: reader.visitor().name.clone(),
        facility: facility.id.clone(),
    };
    let pharmacist = reader.is(Role::Pharmacist, &facility.id);
    let (text, href) = match pharmacist {
        true => ("Reductions waiting", Menu::Reductions.href()),
        false => ("The whole plan", links::plan(&sight.dossier.found.file.plan.id)),
    };
    let shell = reader.shell(facility, Menu::Reductions).back_to(text, href);
    let pausing = reader.is(Role::Nurse, &facility.id).then(|| Form::new(reader.csrf(), reader.now()).named("pause"));
    View::new(shell, sight, pharmacist.then_some(&by), pausing, forms, reader.now())
}

async fn sight<R: Permitted>(
    hall: &Data<Hall>,
    reader: &Signed<R>,
    plan: String,
    n: u32,
    chosen: Option<NaiveDate>,
) -> Result<Sight, PageError> {
    let readable: Vec<String> = reader.facilities().map(|facility| facility.id.clone()).collect();
    let (now, person, catalogue) = (reader.now(), reader.person().to_owned(), hall.catalogue.clone());
    looking(&hall.db, move |conn| {
        let dossier = dossier_load(conn, &readable, &plan, n, now)?;
        let found = &dossier.found;
        let reduction = found.case.course.reduction(n).cloned().ok_or(StoreError::Missing)?;
        let waits = reduction.standing == Standing::Waiting;
        let window = found.case.window();
        let can_be = |on: &NaiveDate| window.is_some_and(|(earliest, latest)| (earliest..=latest).contains(on));
        let earliest = || window.map(|(earliest, _)| earliest).or_else(|| found.case.course.due_on());
        let checked_on = chosen.filter(can_be).or_else(earliest).filter(|_| waits);
        let evidence = match checked_on {
            Some(on) => evidence_load(conn, found, on, now)?,
            None => None,
        };
        let signature = found.file.facts.iter().find(|fact| fact.act.kind() == "signed" && fact.act.n() == Some(n));
        let swaps = |conversion: &&Conversion| reduction.from.regimen().medicines().contains(&conversion.from);
        let conversion = found.file.plan.conversion.as_ref().filter(swaps);
        Ok(Sight {
            snapshot: evidence.as_ref().map(|evidence| snapshot_load(conn, found, evidence, now)).transpose()?,
            swap: conversion.map(|conversion| ConversionView::new(conversion, &catalogue, &dossier.names)),
            banner: Banner::load(conn, &dossier.resident, found.case.today)?,
            statement: signature.map(|fact| statement_load(conn, &fact.id)).transpose()?,
            corrected: signature.map(|fact| corrected(conn, &plan, &fact.id)).transpose()?.unwrap_or_default(),
            registration: person_load(conn, &person)?.registration,
            n,
            reduction,
            checked_on,
            evidence,
            dossier,
        })
    })
    .await
}

fn corrected(conn: &mut Conn, plan: &str, signature: &str) -> Result<Vec<(Administration, Correction)>, StoreError> {
    match fact_find_by_id(conn, signature)? {
        Some(fact) => corrected_since(conn, plan, fact.n),
        None => Ok(Vec::new()),
    }
}

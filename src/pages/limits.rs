//! How much of each medicine any 24 hours may hold in a facility: published maxima, and the facility's own.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::limit_medicine::{LimitMedicine, limit_medicine};
use crate::care::amount::Amount;
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::medicine::limit::Limit;
use crate::care::medicine::product::Products;
use crate::care::people::{Administrator, Role};
use crate::care::refusal::Refusal;
use crate::store::facilities::facility_load;
use crate::store::{Conn, StoreError, as_needed};
use crate::web::parts::samples;
use crate::web::{
    Answer, Choice, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, deciding, links, looking,
    see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ask {
    facility: String,
    medicine: String,
    most: String,
    source: String,
    revision: i64,
}

pub async fn show(administrator: Signed<Administrator>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let id = administrator.chosen(asked.facility.as_deref())?.id.clone();
    let form = Form::new(administrator.csrf(), administrator.now());
    Page::new(view(&administrator, &hall, &id, form).await?).answer()
}

pub async fn limit(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<Ask>) -> Answer {
    let id = administrator.facility(&sent.facility)?.id.clone();
    let (by, form) = (administrator.at(&id)?, sent.id()?);
    let revision = sent.revision;
    let act = read(&sent).map(|(medicine, limit)| {
        let ask = LimitMedicine { form, revision, medicine, limit };
        move |conn: &mut Conn, now| limit_medicine(conn, &by, &ask, now)
    });
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::limits(&id))) };
    let moved = errors.moved();
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, errors);
    Page::refused(view(&administrator, &hall, &id, form).await?, moved).answer()
}

/// A maximum, or none: with amount and source both empty the published one holds again.
fn read(ask: &Ask) -> Result<(Medicine, Option<Limit>), Errors> {
    let mut errors = Errors::none();
    let medicine = errors.keep("medicine", Products::ours().medicine(&ask.medicine));
    if ask.most.trim().is_empty() && ask.source.trim().is_empty() {
        return medicine.map(|medicine| (medicine, None)).ok_or(errors);
    }
    let most = errors.keep("most", Amount::parse(&ask.most));
    let (Some(medicine), Some(most)) = (medicine, most) else { return Err(errors) };
    let limit = Limit::own(medicine.clone(), most, &ask.source)?;
    Ok((medicine, Some(limit)))
}

struct Row {
    medicine: String,
    most: String,
    source: String,
    own: bool,
}

/// The facility's own maxima, and the published ones of all other medicines.
fn rows(conn: &mut Conn, facility: &str) -> Result<Vec<Row>, StoreError> {
    let own = as_needed::limits_of(conn, facility)?;
    let medicines = Products::ours().medicines();
    let row = |medicine: &Medicine| {
        let own = own.iter().find(|limit| limit.medicine == *medicine).cloned();
        let (is_own, limit) = (own.is_some(), own.or_else(|| Limit::published(medicine))?);
        Some(Row { medicine: medicine.to_string(), most: limit.most.to_string(), source: limit.source, own: is_own })
    };
    Ok(medicines.into_iter().filter_map(row).collect())
}

async fn view(administrator: &Signed<Administrator>, hall: &Hall, id: &str, form: Form) -> Result<View, PageError> {
    let id = id.to_owned();
    let (facility, rows) = looking(&hall.db, move |conn| Ok((facility_load(conn, &id)?, rows(conn, &id)?))).await?;
    let shell = administrator.shell(&facility, Menu::Settings).back_to("Settings", links::settings(&facility.id));
    Ok(View::new(shell, &facility, rows, form))
}

#[derive(Template)]
#[template(path = "pages/limits.html")]
pub struct View {
    shell: Shell,
    /// The action page's place for a banner: this page is about nobody.
    banner: &'static str,
    facility: String,
    rows: Vec<Row>,
    medicines: Vec<Choice>,
    form: Form,
}

impl View {
    fn new(shell: Shell, facility: &Facility, rows: Vec<Row>, form: Form) -> View {
        let choices = Products::ours().medicines();
        let choices = choices.into_iter().map(|medicine| Choice::new(&medicine.0, &medicine.0));
        View {
            shell,
            banner: "",
            facility: facility.id.clone(),
            rows,
            medicines: [Choice::new("", "Choose a medicine")].into_iter().chain(choices).collect(),
            form: form.with("revision", facility.revision.to_string()),
        }
    }

    /// Published maxima alone; one of the facility's own, with everything wrong, and hostile words.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Administrator, Menu::Settings).back_to("Settings", "/settings");
        let form = || Form::new("proof", samples::now());
        let row = |source: &str, own| Row {
            medicine: "clonazepam".to_owned(),
            most: Amount::from_ug(4_000).to_string(),
            source: source.to_owned(),
            own,
        };
        let facility = samples::facility();
        let wrong = form().with("source", samples::HOSTILE).spoiled(Refusal::LimitMissing.into());
        vec![
            View::new(shell(), &facility, Vec::new(), form()),
            View::new(shell(), &facility, vec![row("FDA label", false)], form()),
            View::new(shell(), &facility, vec![row(samples::HOSTILE, true)], wrong),
        ]
    }
}

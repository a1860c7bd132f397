//! How a facility keeps its registers: when it orders.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::acts::plan_ordering::{PlanOrdering, plan_ordering};
use crate::care::facility::{Facility, number_between};
use crate::care::people::{Administrator, Role};
use crate::care::register::ordering::{COVER_DAYS, LEAD_DAYS, OrderRules};
use crate::store::Conn;
use crate::store::facilities::facility_load;
use crate::store::registers::order_rules_load;
use crate::web::parts::samples;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Shell, Signed, deciding, links, looking, see_other,
};

#[derive(Deserialize)]
pub struct Asked {
    facility: Option<String>,
}

/// The days of ordering, as typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Ordering {
    facility: String,
    revision: i64,
    lead_days: String,
    cover_days: String,
}

pub async fn show(administrator: Signed<Administrator>, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let id = administrator.chosen(asked.facility.as_deref())?.id.clone();
    let form = Form::new(administrator.csrf(), administrator.now());
    Page::new(view(&administrator, &hall, &id, form).await?).answer()
}

pub async fn order(administrator: Signed<Administrator>, hall: Data<Hall>, sent: Protected<Ordering>) -> Answer {
    let id = administrator.facility(&sent.facility)?.id.clone();
    let (by, form, revision) = (administrator.at(&id)?, sent.id()?, sent.revision);
    let act = read(&sent).map(|rules| {
        let ask = PlanOrdering { form, revision, rules };
        move |conn: &mut Conn, now| plan_ordering(conn, &by, &ask, now)
    });
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::register_settings(&id))) };
    let moved = errors.moved();
    let form = Form::again(administrator.csrf(), administrator.now(), &sent, errors);
    Page::refused(view(&administrator, &hall, &id, form).await?, moved).answer()
}

fn read(sent: &Ordering) -> Result<OrderRules, Errors> {
    let mut errors = Errors::none();
    let lead_days = errors.keep("lead_days", number_between(&sent.lead_days, LEAD_DAYS));
    let cover_days = errors.keep("cover_days", number_between(&sent.cover_days, COVER_DAYS));
    let both = lead_days.zip(cover_days);
    both.map(|(lead_days, cover_days)| OrderRules { lead_days, cover_days }).ok_or(errors)
}

async fn view(administrator: &Signed<Administrator>, hall: &Hall, id: &str, form: Form) -> Result<View, PageError> {
    let id = id.to_owned();
    let found = looking(&hall.db, move |conn| Ok((facility_load(conn, &id)?, order_rules_load(conn, &id)?)));
    let (facility, rules) = found.await?;
    let shell = administrator.shell(&facility, Menu::Settings).back_to("Settings", links::settings(&facility.id));
    Ok(View::new(shell, &facility, rules, form))
}

#[derive(Template)]
#[template(path = "pages/register_settings.html")]
pub struct View {
    shell: Shell,
    /// The action page's place for a banner: this page is about nobody.
    banner: &'static str,
    facility: String,
    form: Form,
}

impl View {
    fn new(shell: Shell, facility: &Facility, rules: OrderRules, form: Form) -> View {
        let form = form
            .with("lead_days", rules.lead_days.to_string())
            .with("cover_days", rules.cover_days.to_string())
            .with("revision", facility.revision.to_string());
        View { shell, banner: "", facility: facility.id.clone(), form }
    }

    /// Our own numbers; and something that is no number.
    pub fn samples() -> Vec<View> {
        let shell = || Shell::sample(Role::Administrator, Menu::Settings).back_to("Settings", "/settings");
        let form = || Form::new("proof", samples::now());
        let sent = Ordering { lead_days: samples::HOSTILE.to_owned(), ..Ordering::default() };
        let errors = read(&sent).expect_err("these are no numbers");
        let wrong = form().with("lead_days", samples::HOSTILE).spoiled(errors);
        let view = |form| View::new(shell(), &samples::facility(), OrderRules::default(), form);
        vec![view(form()), view(wrong)]
    }
}

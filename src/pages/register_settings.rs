//! How a facility keeps its registers: when it orders, and what of a medicine a second person has to see.

mod view;

use actix_web::web::{Data, Query};
use serde::Deserialize;

pub use self::view::View;
use crate::acts::plan_ordering::{PlanOrdering, plan_ordering};
use crate::acts::witness_medicine::{WitnessMedicine, witness_medicine};
use crate::care::facility::number_between;
use crate::care::medicine::Medicine;
use crate::care::medicine::product::Products;
use crate::care::people::Administrator;
use crate::care::register::ordering::{COVER_DAYS, LEAD_DAYS, OrderRules};
use crate::care::witness::{Watched, WitnessPolicy};
use crate::store::Conn;
use crate::store::facilities::facility_load;
use crate::store::registers::order_rules_load;
use crate::web::{
    Answer, Errors, Form, Hall, Menu, Page, PageError, Protected, Signed, deciding, links, looking, see_other,
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

/// What of a medicine a second person sees, as chosen. A box that is not ticked is not sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Witnessing {
    facility: String,
    revision: i64,
    medicine: String,
    as_every: String,
    witness_give: String,
    witness_waste: String,
    witness_count: String,
    witness_receive: String,
}

/// Both forms of the page; one of them may have come back.
struct Forms {
    ordering: Form,
    witnessing: Form,
}

type Me = Signed<Administrator>;

impl Forms {
    fn fresh(me: &Me) -> Forms {
        Forms { ordering: Form::new(me.csrf(), me.now()), witnessing: Form::new(me.csrf(), me.now()) }
    }
}

pub async fn show(me: Me, hall: Data<Hall>, asked: Query<Asked>) -> Answer {
    let id = me.chosen(asked.facility.as_deref())?.id.clone();
    Page::new(view(&me, &hall, &id, Forms::fresh(&me)).await?).answer()
}

pub async fn order(me: Me, hall: Data<Hall>, sent: Protected<Ordering>) -> Answer {
    let id = me.facility(&sent.facility)?.id.clone();
    let (by, form, revision) = (me.at(&id)?, sent.id()?, sent.revision);
    let act = days(&sent).map(|rules| {
        let ask = PlanOrdering { form, revision, rules };
        move |conn: &mut Conn, now| plan_ordering(conn, &by, &ask, now)
    });
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::register_settings(&id))) };
    let moved = errors.moved();
    let forms = Forms { ordering: Form::again(me.csrf(), me.now(), &sent, errors), ..Forms::fresh(&me) };
    Page::refused(view(&me, &hall, &id, forms).await?, moved).answer()
}

pub async fn witness(me: Me, hall: Data<Hall>, sent: Protected<Witnessing>) -> Answer {
    let id = me.facility(&sent.facility)?.id.clone();
    let (by, form, revision) = (me.at(&id)?, sent.id()?, sent.revision);
    let act = policy(&sent).map(|(medicine, policy)| {
        let ask = WitnessMedicine { form, revision, medicine, policy };
        move |conn: &mut Conn, now| witness_medicine(conn, &by, &ask, now)
    });
    let Err(errors) = deciding(&hall.db, act).await? else { return Ok(see_other(links::register_settings(&id))) };
    let moved = errors.moved();
    let forms = Forms { witnessing: Form::again(me.csrf(), me.now(), &sent, errors), ..Forms::fresh(&me) };
    Page::refused(view(&me, &hall, &id, forms).await?, moved).answer()
}

fn days(sent: &Ordering) -> Result<OrderRules, Errors> {
    let mut errors = Errors::none();
    let lead_days = errors.keep("lead_days", number_between(&sent.lead_days, LEAD_DAYS));
    let cover_days = errors.keep("cover_days", number_between(&sent.cover_days, COVER_DAYS));
    let both = lead_days.zip(cover_days);
    both.map(|(lead_days, cover_days)| OrderRules { lead_days, cover_days }).ok_or(errors)
}

/// None: as for every medicine.
fn policy(sent: &Witnessing) -> Result<(Medicine, Option<WitnessPolicy>), Errors> {
    let medicine = Products::ours().medicine(&sent.medicine)?;
    let ticked = |watched: &Watched| match watched {
        Watched::Give => sent.witness_give == "yes",
        Watched::Waste => sent.witness_waste == "yes",
        Watched::Count => sent.witness_count == "yes",
        Watched::Receive => sent.witness_receive == "yes",
    };
    let own = || WitnessPolicy(Watched::ALL.into_iter().filter(ticked).collect());
    Ok((medicine, (sent.as_every != "yes").then(own)))
}

async fn view(me: &Me, hall: &Hall, id: &str, forms: Forms) -> Result<View, PageError> {
    let id = id.to_owned();
    let found = looking(&hall.db, move |conn| Ok((facility_load(conn, &id)?, order_rules_load(conn, &id)?)));
    let (facility, rules) = found.await?;
    let shell = me.shell(&facility, Menu::Settings).back_to("Settings", links::settings(&facility.id));
    Ok(View::new(shell, &facility, rules, forms))
}

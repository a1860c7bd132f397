//! What was given in error, and doses that were not given: written down, and answered.

use stepdown::acts::acknowledge_alert::{AcknowledgeAlert, acknowledge_alert};
use stepdown::acts::answer_incident::{AnswerIncident, answer_incident};
use stepdown::acts::record_incident::{RecordIncident, record_incident};
use stepdown::acts::strike_incident::{StrikeIncident, strike_incident};
use stepdown::care::incident::{Answerer, IncidentAsk, Mistake, NOT_KNOWN};
use stepdown::care::people::{Nurse, Prescriber, Role, Staff, Supervisor};
use stepdown::care::register::source::StockAsk;
use stepdown::care::round::correction::Corrector;
use stepdown::care::severe_sign::Called;
use stepdown::store::incidents::incidents_open;
use stepdown::store::taper_alerts::{StandingAlert, alerts_load};

use crate::founding::MEDICINES;
use crate::page::Page;
use crate::world::World;

pub fn records(world: &mut World) -> Option<Page> {
    let (resident, by, form) = (world.resident(), world.somebody(Role::Nurse), world.chance.id());
    let known = world.chance.percent(80).then(|| world.somebody(Role::Nurse).person);
    let incident = IncidentAsk {
        mistake: Some(*world.chance.pick(&Mistake::ALL)),
        medicine: world.chance.pick(&MEDICINES).0.into(),
        amount: (*world.chance.pick(&["0.25", "0.5", "1"])).to_owned(),
        given_at: String::new(),
        given_by: known.unwrap_or_else(|| NOT_KNOWN.to_owned()),
        what: world.why(),
        done: world.why(),
    };
    let (stock, witness) = (StockAsk::default(), world.witness(&by));
    let ask = RecordIncident {
        form: form.clone(),
        resident: resident.clone(),
        incident,
        supply: String::new(),
        stock,
        witness,
    };
    let staff = Nurse(by.clone());
    let run = move |conn: &mut _, now| record_incident(conn, &staff, &ask, now);
    Some(Page::new("record_incident", &form, (&by, Role::Nurse), run).about(&resident))
}

pub fn answers(world: &mut World) -> Option<Page> {
    let facility = [world.facility()];
    let open = world.read(|conn| incidents_open(conn, &facility));
    let incident = world.chance.find(&open)?.incident.clone();
    let role = *world.chance.pick(&[Role::Prescriber, Role::Supervisor]);
    let (by, form) = (world.somebody(role), world.chance.id());
    let answerer: Answerer = match role {
        Role::Prescriber => Prescriber(by.clone()).into(),
        _ => Supervisor(by.clone()).into(),
    };
    let ask = AnswerIncident { form: form.clone(), of_incident: incident.id, said: world.why() };
    let run = move |conn: &mut _, now| answer_incident(conn, &answerer, &ask, now);
    Some(Page::new("answer_incident", &form, (&by, role), run).about(&incident.resident))
}

pub fn acknowledges_alert(world: &mut World) -> Option<Page> {
    let alerts = alerts(world);
    let alert = world.chance.find(&alerts)?.clone();
    let by = world.somebody(Role::Supervisor);
    acknowledges(world, alert, by)
}

/// Nearly every alert that stands, by somebody who works here.
pub fn acknowledges_alerts(world: &mut World) -> Vec<Page> {
    let mut alerts = alerts(world);
    alerts.retain(|_| world.chance.percent(90));
    let pages = alerts.into_iter().map(|alert| {
        let by = world.at_work(Role::Supervisor);
        acknowledges(world, alert, by)
    });
    pages.flatten().collect()
}

fn alerts(world: &World) -> Vec<StandingAlert> {
    let (facility, now) = (&world.house.facility, world.clock.now());
    world.read(|conn| alerts_load(conn, facility, None, now))
}

fn acknowledges(world: &mut World, alert: StandingAlert, by: Staff) -> Option<Page> {
    let (form, done) = (world.chance.id(), world.why());
    let called = Called::of(by.clone(), |role| role == Role::Supervisor)?;
    let doses = alert.doses.iter().map(|fate| fate.dose.id.clone()).collect();
    let ask = AcknowledgeAlert { form: form.clone(), plan: alert.plan, doses, done };
    let run = move |conn: &mut _, now| acknowledge_alert(conn, &called, &ask, now);
    Some(Page::new("acknowledge_alert", &form, (&by, Role::Supervisor), run).about(&alert.resident))
}

/// What was written down as given in error was not so.
pub fn strikes(world: &mut World) -> Option<Page> {
    let facility = [world.facility()];
    let open = world.read(|conn| incidents_open(conn, &facility));
    let incident = world.chance.find(&open)?.incident.clone();
    let role = *world.chance.pick(&[Role::Nurse, Role::Supervisor]);
    let (by, form) = (world.somebody(role), world.chance.id());
    let corrector: Corrector = match role {
        Role::Supervisor => Supervisor(by.clone()).into(),
        _ => Nurse(by.clone()).into(),
    };
    let (why, witness) = (world.why(), world.witness(&by));
    let ask = StrikeIncident { form: form.clone(), of_incident: incident.id, why, witness };
    let run = move |conn: &mut _, now| strike_incident(conn, &corrector, &ask, now);
    Some(Page::new("strike_incident", &form, (&by, role), run).about(&incident.resident))
}

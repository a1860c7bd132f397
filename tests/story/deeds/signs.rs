//! Severe signs: seen, acknowledged, released.

use stepdown::acts::acknowledge_sign::{AcknowledgeSign, acknowledge_sign};
use stepdown::acts::record_severe_sign::{RecordSevereSign, record_severe_sign};
use stepdown::acts::release_reductions::{ReleaseReductions, release_reductions};
use stepdown::care::people::{Prescriber, Role};
use stepdown::care::severe_sign::{Called, Onlooker, Sign, SignAsk};
use stepdown::store::severe_signs::signs_open_in;

use super::confirmed;
use crate::page::Page;
use crate::world::World;

pub fn sees(world: &mut World) -> Option<Page> {
    let (resident, by, form) = (world.resident(), world.somebody(Role::Nurse), world.chance.id());
    let sign = SignAsk { sign: Some(*world.chance.pick(&Sign::ALL)), note: String::new(), seen_at: String::new() };
    let ask = RecordSevereSign { form: form.clone(), resident: resident.clone(), sign };
    let onlooker = Onlooker::of(by.clone(), |role| role == Role::Nurse)?;
    let run = move |conn: &mut _, now| record_severe_sign(conn, &onlooker, &ask, now);
    Some(Page::new("record_severe_sign", &form, (&by, Role::Nurse), run).about(&resident))
}

/// The one who is called acknowledges it, or a prescriber releases what it stops.
pub fn releases(world: &mut World) -> Option<Page> {
    let facility = [world.facility()];
    let open = world.read(|conn| signs_open_in(conn, &facility));
    let sign = world.chance.find(&open)?.sign.clone();
    let (by, form) = (world.somebody(Role::Prescriber), world.chance.id());
    if world.chance.percent(40) {
        let called = Called::of(by.clone(), |role| role == Role::Prescriber)?;
        let ask = AcknowledgeSign { form: form.clone(), of_sign: sign.id };
        let run = move |conn: &mut _, now| acknowledge_sign(conn, &called, &ask, now);
        return Some(Page::new("acknowledge_sign", &form, (&by, Role::Prescriber), run).about(&sign.resident));
    }
    let (staff, yes, rationale) = (Prescriber(by.clone()), confirmed(&by), world.why());
    let ask = ReleaseReductions { form: form.clone(), of_sign: sign.id, rationale };
    let run = move |conn: &mut _, now| release_reductions(conn, &staff, &yes, &ask, now);
    Some(Page::new("release_reductions", &form, (&by, Role::Prescriber), run).about(&sign.resident))
}

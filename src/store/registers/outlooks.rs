//! How long every supply of a facility lasts, read at one moment: the running plans beside what the registers hold.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::ordering::order_rules_load;
use super::{RegisterFile, registers_held, registers_of};
use crate::care::calendar::{Slot, days_after, days_before};
use crate::care::facility::Facility;
use crate::care::medicine::Medicine;
use crate::care::medicine::product::Products;
use crate::care::register::Holder;
use crate::care::register::needs::{Need, Span, USED_DAYS, as_planned, signed, used_again};
use crate::care::register::ordering::{FORESEEN_DAYS, Needs, OrderRules, Outlook};
use crate::care::register::source::Supply;
use crate::care::taper::schedule::DoseKey;
use crate::store::absences::residents_gone;
use crate::store::as_needed::{self, AsNeededDose};
use crate::store::db::Conn;
use crate::store::plans::{PlanFile, PlanState, plan_ids, plans_load};
use crate::store::{StoreError, doses, facilities, residents};

/// The outlooks of a facility, and by which rules it orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlooks {
    pub rules: OrderRules,
    pub today: NaiveDate,
    /// By holder and medicine: of every register, and of every running plan of somebody who lives here. Who died or was
    /// discharged needs nothing, unless they come back.
    pub all: Vec<Outlook>,
}

impl Outlooks {
    pub fn of(&self, holder: &Holder, medicine: &Medicine) -> Option<&Outlook> {
        self.all.iter().find(|one| one.holder == *holder && one.medicine == *medicine)
    }

    /// Those of which something has to be ordered today at the latest, the most urgent first.
    pub fn due(&self) -> Vec<&Outlook> {
        let mut due: Vec<(NaiveDate, &Outlook)> = self.all.iter().filter_map(|one| self.due_one(one)).collect();
        due.sort_by_key(|(by, _)| *by);
        due.into_iter().map(|(_, one)| one).collect()
    }

    /// Whoever keeps no register of a medicine is not reminded of it.
    fn due_one<'a>(&self, one: &'a Outlook) -> Option<(NaiveDate, &'a Outlook)> {
        let by = one.order_by(self.rules)?;
        (one.is_counted() && by <= self.today).then_some((by, one))
    }
}

/// Of every holder of a facility.
pub fn outlooks_of(conn: &mut Conn, facility: &Facility, now: DateTime<Utc>) -> Result<Outlooks, StoreError> {
    let registers = registers_of(conn, &facility.id)?;
    let running = plan_ids(conn, std::slice::from_ref(&facility.id), PlanState::Running)?;
    let files = plans_load(conn, &running)?;
    outlooks(conn, facility, files, (&registers, None), now)
}

/// Of one holder alone.
pub fn outlooks_held(
    conn: &mut Conn,
    facility: &Facility,
    holder: &Holder,
    now: DateTime<Utc>,
) -> Result<Outlooks, StoreError> {
    let registers = registers_held(conn, holder)?;
    let running = plan_ids(conn, std::slice::from_ref(&facility.id), PlanState::Running)?;
    let units = residents::units_of_residents(conn, &facility.id)?;
    let mut files = plans_load(conn, &running)?;
    files.retain(|file| holder_of(facility, &units, file) == *holder);
    outlooks(conn, facility, files, (&registers, Some(holder)), now)
}

fn holder_of(facility: &Facility, units: &HashMap<String, String>, file: &PlanFile) -> Holder {
    let resident = &file.plan.resident;
    facility.register.held_by.holder(resident, units.get(resident).map_or("", String::as_str))
}

/// What one holder needs of one medicine, and has of it.
#[derive(Default)]
struct Gathered {
    today: Vec<Need>,
    signed: Vec<Need>,
    planned: Vec<Need>,
    /// As needed, lately.
    used: Vec<Need>,
    supply: Supply,
}

type Gathering = BTreeMap<(Holder, Medicine), Gathered>;

fn outlooks(
    conn: &mut Conn,
    facility: &Facility,
    files: Vec<PlanFile>,
    (registers, whose): (&[RegisterFile], Option<&Holder>),
    now: DateTime<Utc>,
) -> Result<Outlooks, StoreError> {
    let today = facility.zone.day(now);
    let rules = order_rules_load(conn, &facility.id)?;
    let recorded = recorded_on(conn, facility, today)?;
    let units = residents::units_of_residents(conn, &facility.id)?;
    let shelves = facilities::shelves_load(conn, &facility.id)?;
    let gone = residents_gone(conn, &facility.id)?;
    let until = days_after(today, FORESEEN_DAYS - 1);
    let mut gathering = Gathering::new();
    for file in files.iter().filter(|file| !gone.contains(&file.plan.resident)) {
        let recorded = recorded.get(&file.plan.id).cloned().unwrap_or_default();
        let span = Span { from: today, until, recorded: &recorded };
        gather(&mut gathering, &holder_of(facility, &units, file), file, span);
    }
    for (holder, need) in used_lately(conn, facility, (&units, &gone), today)? {
        if whose.is_none_or(|whose| *whose == holder) {
            gathering.entry((holder, need.key.medicine.clone())).or_default().used.push(need);
        }
    }
    registers.iter().for_each(|register| stock(&mut gathering, register));
    let cover_until = rules.cover_until(today);
    let outlook = |((holder, medicine), mut of): ((Holder, Medicine), Gathered)| {
        let again = used_again(&of.used, today, until);
        of.signed.extend(again.iter().cloned());
        of.planned.extend(again);
        of.signed.sort();
        of.planned.sort();
        let needs = Needs { today: &of.today, signed: &of.signed, planned: &of.planned, used: &of.used };
        Outlook::new((holder, medicine.clone()), shelves.of(&medicine), of.supply, needs, cover_until)
    };
    Ok(Outlooks { rules, today, all: gathering.into_iter().map(outlook).collect() })
}

fn gather(gathering: &mut Gathering, holder: &Holder, file: &PlanFile, span: Span) {
    let course = file.course();
    let today = Span { until: span.from, recorded: &BTreeSet::new(), ..span };
    let mut kept = |needs: Vec<Need>, into: fn(&mut Gathered) -> &mut Vec<Need>| {
        for need in needs {
            into(gathering.entry((holder.clone(), need.key.medicine.clone())).or_default()).push(need);
        }
    };
    kept(signed(&course, today), |of| &mut of.today);
    kept(signed(&course, span), |of| &mut of.signed);
    kept(as_planned(&file.plan, &course, span), |of| &mut of.planned);
}

fn stock(gathering: &mut Gathering, register: &RegisterFile) {
    let Some(product) = Products::ours().product(&register.product) else { return };
    let of = gathering.entry((register.holder.clone(), product.medicine.clone())).or_default();
    of.supply.0.insert(register.product.clone(), register.book.on_hand());
}

/// What was given lately of the as-needed orders that run, and from whose supply; nothing of who is `gone` comes again.
fn used_lately(
    conn: &mut Conn,
    facility: &Facility,
    (units, gone): (&HashMap<String, String>, &HashSet<String>),
    today: NaiveDate,
) -> Result<Vec<(Holder, Need)>, StoreError> {
    let since = facility.zone.at(days_before(today, USED_DAYS - 1), Slot::MIDNIGHT);
    let used = |dose: AsNeededDose| {
        let unit = units.get(&dose.resident).map_or("", String::as_str);
        let local = facility.zone.local(dose.given_at);
        let key = DoseKey { on: local.date(), slot: Slot::of(local.time()), medicine: dose.medicine };
        (facility.register.held_by.holder(&dose.resident, unit), Need { key, amount: dose.given })
    };
    let doses = as_needed::doses_of_running_orders(conn, &facility.id, since, today)?;
    Ok(doses.into_iter().filter(|dose| !gone.contains(&dose.resident)).map(used).collect())
}

/// The doses of a day that somebody has recorded already, by plan: they are not needed any more.
fn recorded_on(
    conn: &mut Conn,
    facility: &Facility,
    on: NaiveDate,
) -> Result<HashMap<String, BTreeSet<DoseKey>>, StoreError> {
    let (from, until) = (facility.zone.at(on, Slot::MIDNIGHT), facility.zone.at(days_after(on, 1), Slot::MIDNIGHT));
    let mut recorded = HashMap::<String, BTreeSet<DoseKey>>::new();
    for dose in doses::doses_due_between(conn, &facility.id, from, until)? {
        if dose.recorded && dose.key.on == on {
            recorded.entry(dose.plan).or_default().insert(dose.key);
        }
    }
    Ok(recorded)
}

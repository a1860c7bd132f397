//! A cross-taper as it runs: two medicines at one time of day, what its signature keeps, and other steps on the way.

use stepdown::care::amount::Amount;
use stepdown::care::exact::Exact;
use stepdown::care::taper::plan::Plan;
use stepdown::care::taper::statement::Statement;
use stepdown::store::plans::{PlanFile, plan_load, statement_load};

use crate::amend_plan::{amend, approve as approve_version};
use crate::browser_like::{PASSWORD, Served};
use crate::cross_taper::{crossing, saved, says, slot};
use crate::desk::{approve, decide, doses_on, id_of, laid, lay_out, rationale, sign, waiting, written};
use crate::house::{House, at, on_both};
use crate::ward::day;

const FIRST_SWAP: &str = "2026-11-23";

/// Approved, and its first passage signed: half of the night's clonazepam gives way to 5 mg of diazepam on 23 November.
fn running(house: &House) -> (Served, String) {
    let served = crossing(house);
    let plan = saved(&served, &[("halves", "yes")]);
    assert_eq!(approve(&served.signed_in("prescriber"), &plan).status, 303);
    let signed = sign(&served.signed_in("pharmacist"), &format!("{plan}/reductions/1"), 1);
    assert_eq!(signed.status, 303, "{}", signed.text());
    (served, plan)
}

fn file(house: &House, plan: &str) -> PlanFile {
    house.db.read(|conn| plan_load(conn, id_of(plan))).unwrap()
}

fn morning_of(house: &House, plan: &str, on: &str) {
    house.clock.set(at(&format!("{on}T09:00:00Z")));
    lay_out(house, plan);
}

#[test]
fn both_medicines_of_one_time_of_day_are_on_the_round_and_each_is_recorded_for_itself() {
    on_both(|house| {
        let (served, plan) = running(house);
        morning_of(house, &plan, FIRST_SWAP);
        house.clock.set(at("2026-11-23T20:00:00Z"));
        let nurse = served.signed_in("nurse");
        let due = laid(house, &plan, day(FIRST_SWAP)).into_iter();
        let night: Vec<_> =
            due.filter(|dose| dose.key.on == day(FIRST_SWAP) && dose.key.slot == slot("20:00")).collect();
        let told = [("clonazepam", "0.5 mg"), ("diazepam", "5 mg")];
        assert_eq!(night.len(), 2);
        for (dose, (medicine, amount)) in night.iter().zip(told) {
            let round = nurse.get("/round");
            let rows = round.all(".due");
            let row = |row: &&String| row.contains("20:00") && row.contains(medicine) && row.contains(amount);
            assert!(rows.iter().any(|text| row(&text)), "{medicine}: {rows:?}");
            let address = format!("/doses/{}", dose.id);
            let page = nurse.get(&address);
            assert!(page.all(".drug").concat().contains(medicine), "{medicine}: {}", page.text());
            assert_eq!(page.all(".dose-xl"), [amount]);
            let given = nurse.fill(&page, &format!("{address}/administration"), &[("outcome", "given")]);
            assert_eq!(given.status, 303, "{}", given.text());
        }
        for (medicine, ug) in [("clonazepam", 500), ("diazepam", 5_000)] {
            let kept =
                format!("administrations WHERE outcome = 'given' AND medicine = '{medicine}' AND given_ug = {ug}");
            assert_eq!(house.count(&kept), 1, "{medicine}");
        }
        let done = nurse.get("/round").all(".due-done").concat();
        assert!(done.contains("clonazepam") && done.contains("diazepam"), "{done}");
    });
}

#[test]
fn the_signature_says_and_keeps_both_medicines() {
    on_both(|house| {
        let (served, plan) = running(house);
        let fact = file(house, &plan).facts.into_iter().find(|fact| fact.act.kind() == "signed").unwrap();
        let text = house.db.read(|conn| statement_load(conn, &fact.id)).unwrap();
        let kept: Statement = serde_json::from_str(&text).unwrap();
        let meaning = kept.meaning.replace('\u{a0}', " ");
        let words =
            "may be changed from 2 mg clonazepam to 1.5 mg clonazepam and 5 mg diazepam daily from the 08:00 dose";
        assert!(meaning.contains(words), "a swap reduces nothing: {meaning}");
        let names = |regimen: &stepdown::care::taper::plan::Regimen| {
            regimen.medicines().into_iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            (names(&kept.from), names(&kept.to)),
            (vec!["clonazepam".into()], vec!["clonazepam".into(), "diazepam".into()])
        );
        let snapshot = kept.snapshot.unwrap();
        let made: Vec<_> = snapshot.pieces.iter().map(|made| (made.medicine.to_string(), made.amount.ug())).collect();
        assert!(made.contains(&("diazepam".into(), 5_000)) && made.contains(&("clonazepam".into(), 500)), "{made:?}");
        assert!(snapshot.pieces.iter().all(|made| made.pieces.is_some()), "{made:?}");
        for medicine in ["clonazepam", "diazepam"] {
            assert!(
                snapshot.stock.iter().any(|product| product.to_lowercase().contains(medicine)),
                "{:?}",
                snapshot.stock
            );
        }
        let shown = served.signed_in("nurse").get(&format!("{plan}/reductions/1"));
        says(&shown, "from 2 mg clonazepam to 1.5 mg clonazepam and 5 mg diazepam daily");
        // Once both are given, the days of the next signature tell of both.
        morning_of(house, &plan, "2026-11-28");
        let next = served.signed_in("pharmacist").get(&waiting(&served.signed_in("pharmacist"), &plan));
        let days = next.all(".days tbody tr").concat();
        assert!(days.contains("clonazepam") && days.contains("diazepam"), "{days}");
    });
}

/// What the plan comes to a day, in the new medicine: 20 mg as long as anything is swapped.
fn measures(plan: &Plan) -> Vec<Exact> {
    plan.steps.iter().map(|step| plan.average(step)).collect()
}

/// The reductions are made slower and each swap lasts two weeks; what was confirmed is what it was.
const OTHER: [(&str, &str); 3] =
    [("swap_days", "14"), ("protocol", "percent-of-initial"), ("percent-of-initial.percent", "10")];

#[test]
fn a_running_cross_taper_is_amended_under_the_conversion_that_was_confirmed() {
    on_both(|house| {
        let (served, plan) = running(house);
        morning_of(house, &plan, FIRST_SWAP);
        house.clock.set(at("2026-11-23T12:00:00Z"));
        let before = file(house, &plan).plan;
        let second = served.signed_in("second");
        let page = second.get(&format!("{plan}/amend"));
        says(&page, "To stay at 20 mg diazepam daily");
        let submitted = amend(&second, &plan, "submit", &OTHER);
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        assert_eq!(file(house, &plan).plan, before, "submitted is not approved");
        let approved = approve_version(&served.signed_in("prescriber"), &plan, 2, PASSWORD);
        assert_eq!(approved.status, 303, "{}", approved.text());
        let after = file(house, &plan).plan;
        assert_eq!((after.version, &after.conversion), (2, &before.conversion), "confirmed once, by the same person");
        assert_eq!(after.steps[..2], before.steps[..2], "what is in force stays as it was signed");
        let regimens = |plan: &Plan, swaps: std::ops::Range<usize>| -> Vec<_> {
            plan.steps[swaps].iter().map(|step| step.cycle.clone()).collect()
        };
        assert_eq!(regimens(&after, 2..5), regimens(&before, 2..5), "the swaps to come are the same doses");
        assert!(after.steps[2..5].iter().all(|step| step.least_days == Some(14)));
        let whole = Exact::from(Amount::from_ug(20_000));
        assert!(measures(&after)[..5].iter().all(|day| *day == whole), "constant through the swaps");
        assert!(measures(&after)[5] < whole && measures(&after)[5] > measures(&before)[5], "then slower than before");
        // The next swap is signed under the new version, and not by a maker of it.
        morning_of(house, &plan, "2026-11-28");
        let deputy = served.signed_in("deputy");
        let next = waiting(&deputy, &plan);
        let signed =
            decide(&deputy, &next, "signature", &[("rationale", &rationale(4)), ("flags_reason", &rationale(5))]);
        assert_eq!(signed.status, 303, "{}", signed.text());
        assert_eq!(doses_on(house, &plan, "2026-11-30"), [1_000, 0, 10_000]);
    });
}

#[test]
fn an_amendment_that_touches_a_swap_in_force_or_its_days_wrongly_saves_nothing() {
    on_both(|house| {
        let (served, plan) = running(house);
        morning_of(house, &plan, FIRST_SWAP);
        let (prescriber, before) = (served.signed_in("prescriber"), written(house));
        for (field, wrong, words) in [
            ("dose_1_1", "0.5 mg", "Step 1 is or was in force and stays as it was signed"),
            ("dose_3_1", "0.5 mg", "stays as it was"),
            ("swap_days", "1", "Each swap lasts from 3 to 28 days"),
            ("goal", "50 mg", "goal"),
        ] {
            let refused = amend(&prescriber, &plan, "submit", &[(field, wrong)]);
            assert_eq!(refused.status, 422, "{field}: {}", refused.text());
            says(&refused, words);
        }
        assert_eq!(written(house), before);
    });
}

/// The diazepam of the night was given when the prescriber goes back to clonazepam alone: that begins with the next dose.
#[test]
fn a_step_back_doubles_nothing_that_was_given_at_the_same_slot() {
    on_both(|house| {
        let (served, plan) = running(house);
        morning_of(house, &plan, FIRST_SWAP);
        house.clock.set(at("2026-11-23T20:00:00Z"));
        let night: Vec<_> =
            laid(house, &plan, day(FIRST_SWAP)).into_iter().filter(|dose| dose.key.on == day(FIRST_SWAP)).collect();
        let diazepam = night.iter().find(|dose| dose.key.medicine.0 == "diazepam").unwrap();
        let (nurse, address) = (served.signed_in("nurse"), format!("/doses/{}", diazepam.id));
        let given = nurse.fill(&nurse.get(&address), &format!("{address}/administration"), &[("outcome", "given")]);
        assert_eq!(given.status, 303, "{}", given.text());
        house.clock.set(at("2026-11-23T20:10:00Z"));
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("{plan}/decide"));
        says(&page, "from the 08:00 dose on 24 Nov 2026");
        let back = crate::deciding::decide(&prescriber, &plan, "step-back", &[("step", "0")]);
        assert_eq!(back.status, 303, "{}", back.text());
        let clonazepam = "doses WHERE medicine = 'clonazepam' AND slot = '20:00' AND NOT void";
        assert_eq!(house.count(&format!("{clonazepam} AND on_date = '{FIRST_SWAP}' AND amount_ug = 500")), 1);
        assert_eq!(house.count(&format!("{clonazepam} AND on_date = '2026-11-24' AND amount_ug = 1000")), 1);
    });
}

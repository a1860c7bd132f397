//! Sixteen clients at a thousand doses: of each dose exactly one record, and every loser is told whose.

use std::collections::BTreeMap;

use stepdown::store::doses;
use uuid::Uuid;

use super::{SATURDAY, action, another_nurse, furnished, recorded};
use crate::browser_like::{Served, Shown, Visitor};
use crate::house::{House, at, beside, on_both};
use crate::ward;

#[test]
fn sixteen_clients_at_a_thousand_doses_make_a_thousand_records_and_every_loser_is_told() {
    on_both(|house| {
        let (served, doses) = a_thousand_doses(house);
        let outcomes = beside(16, |client| {
            let nurse = served.signed_in(&format!("nurse{client}"));
            let csrf = nurse.get("/residents").attribute("input[name=csrf]", "value").unwrap();
            let mine = doses.iter().enumerate().filter(|(nth, _)| nth % 8 == client % 8);
            mine.map(|(_, dose)| (dose.clone(), rival(&nurse, &csrf, dose))).collect::<Vec<_>>()
        });
        let answers: Vec<(String, Shown)> = outcomes.into_iter().flatten().collect();
        let won = answers.iter().filter(|(_, answer)| answer.status == 303).count();
        assert_eq!((answers.len(), won), (2000, 1000));
        assert_eq!((recorded(house), house.count("(SELECT DISTINCT dose FROM administrations) AS d")), (1000, 1000));
        assert_eq!(house.count("history WHERE kind = 'record_dose'"), 1000);
        let winners = winners(house, &doses);
        for (dose, lost) in answers.iter().filter(|(_, answer)| answer.status != 303) {
            assert_eq!(lost.status, 409);
            let told = format!("{} saved it at 20:30", winners[dose]);
            assert!(lost.body.contains(&told), "{told}: {}", lost.text());
        }
    });
}

fn rival(nurse: &Visitor, csrf: &str, dose: &str) -> Shown {
    let form = Uuid::now_v7().to_string();
    let fields = [
        ("csrf", csrf),
        ("form", &form),
        ("revision", "0"),
        ("shown", "0.5"),
        ("outcome", "refused"),
        ("reason", "R1"),
    ];
    nurse.post(&action(dose), &fields)
}

/// Two weeks of open doses of thirty-six residents, and sixteen nurses.
fn a_thousand_doses(house: &House) -> (Served, Vec<String>) {
    furnished(house);
    (0..16).for_each(|n| another_nurse(house, &format!("nurse{n}"), &format!("Nurse No. {n}")));
    for n in 0..35 {
        let resident = ward::resident(house, &format!("Surname{n}"), "Ann", &format!("R-{n}"), &n.to_string());
        ward::plan(house, &resident, SATURDAY);
    }
    house.clock.set(at("2026-12-04T20:30:00Z"));
    let open = house.db.read(|conn| doses::doses_open_before(conn, "alder", at("2026-12-04T20:30:00Z"))).unwrap();
    assert!(open.len() >= 1000, "{}", open.len());
    (Served::start(house), open.into_iter().take(1000).map(|dose| dose.id).collect())
}

fn winners(house: &House, doses: &[String]) -> BTreeMap<String, String> {
    let standings = house.db.read(|conn| doses::standings_of(conn, doses)).unwrap();
    let name = |by: &str| format!("Nurse No. {}", by.trim_start_matches("nurse"));
    standings.into_values().map(|standing| (standing.dose, name(&standing.recorded_by))).collect()
}

//! A dose handed to the resident, who takes it alone: given, with the limits of a dose given, and told apart everywhere.

use crate::browser_like::Served;
use crate::house::{House, RESIDENT, on_both};
use crate::ward;

fn saturday(house: &House, time: &str) -> (Served, String) {
    let (served, plan) = ward::served_on_saturday(house, time);
    (served, ward::dose_on_saturday(&plan, "08:00"))
}

#[test]
fn a_dose_handed_to_the_resident_is_given_and_told_apart_on_every_page() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:10:00");
        let (nurse, chief) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let action = format!("{dose}/administration");
        let recorded = nurse.fill(&nurse.get(&dose), &action, &[("outcome", "self_administered")]);
        assert_eq!(recorded.status, 303, "{}", recorded.text());
        assert_eq!(house.count("administrations WHERE outcome = 'given' AND handed AND given_ug = planned_ug"), 1);
        assert!(nurse.get(&dose).text().contains("Recorded as given to self-administer at 08:10"));
        assert!(
            nurse.get("/round?unit=east&round=08:00&on=2026-11-21").text().contains("Given to self-administer 08:10")
        );
        let mar = nurse.get(&format!("/residents/{RESIDENT}/mar?month=2026-11"));
        assert!(mar.text().contains("S NN") && mar.text().contains("given to self-administer"), "{}", mar.text());
        let matches = |outcome: &str| chief.get(&format!("/history?outcome={outcome}")).all("table .tag");
        assert_eq!(matches("self_administered"), ["Given to self-administer"]);
        assert_eq!((matches("given"), matches("")), (Vec::new(), vec!["Given to self-administer".to_owned()]));
        let csv = chief.get("/history.csv").body;
        assert!(csv.contains("given to self-administer"), "{csv}");
    });
}

#[test]
fn what_bars_a_dose_from_being_given_bars_it_from_being_handed_over() {
    on_both(|house| {
        let (served, dose) = saturday(house, "08:10:00");
        house.plain_sql("UPDATE facilities SET sedation_asked = true WHERE id = 'alder'").unwrap();
        let nurse = served.signed_in("nurse");
        let action = format!("{dose}/administration");
        let unsaid = nurse.fill(&nurse.get(&dose), &action, &[("outcome", "self_administered")]);
        assert_eq!((unsaid.status, house.count("administrations")), (422, 0), "{}", unsaid.text());
        assert!(unsaid.text().contains("how awake the resident is"), "{}", unsaid.text());
    });
}

//! How often a recorded dose asks the database: on a server each question is a way there and back.

use stepdown::acts::record_dose::record_dose;
use stepdown::care::people::Nurse;
use stepdown::store::sessions::visitor_find;

use super::{SATURDAY, furnished};
use crate::ear::Ear;
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

/// Who may and where, the resident held, the dose, its registers, the shelf; the dose claimed, the end of the history, the
/// fact, the record; and where a register counts it, its entry and its balance.
const UNCOUNTED: usize = 9;
const COUNTED: usize = 11;

#[test]
fn a_recorded_dose_asks_the_database_no_oftener_than_it_must() {
    on_both(|house| {
        let plan = furnished(house);
        house.clock.set(at(&format!("{SATURDAY}T08:05:00Z")));
        assert_asked(house, UNCOUNTED, &plan, "08:00");
        house
            .plain_sql(&format!(
                "INSERT INTO registers (id, facility, resident, product, balance, open_difference, last_seq)
            VALUES ('register', 'alder', '{RESIDENT}', '197527', 60, 0, 0)"
            ))
            .unwrap();
        house.clock.set(at(&format!("{SATURDAY}T20:05:00Z")));
        assert_asked(house, COUNTED, &plan, "20:00");
    });
}

fn assert_asked(house: &House, often: usize, plan: &str, slot: &str) {
    let (ask, ear, now) = (ward::giving(house, plan, SATURDAY, slot), Ear::default(), house.clock.now());
    let mut conn = ear.listening(house);
    ear.heard();
    record_dose(&mut conn, &Nurse(ward::staff("nurse")), &ask, now).unwrap();
    let heard = ear.heard();
    assert_eq!(heard.len(), often, "{}", heard.join("\n"));
}

/// One list in a question, `IN (…)`, once cost a third of all the time that doses took to be saved.
#[test]
fn what_is_asked_with_every_dose_is_kept_ready_but_for_what_changes_a_row() {
    on_both(|house| {
        let plan = furnished(house);
        house.clock.set(at(&format!("{SATURDAY}T08:05:00Z")));
        let (ask, ear) = (ward::giving(house, &plan, SATURDAY, "08:00"), Ear::default());
        let mut conn = ear.listening(house);
        ear.heard();
        record_dose(&mut conn, &Nurse(ward::staff("nurse")), &ask, house.clock.now()).unwrap();
        let anew = ear.not_kept();
        assert_eq!(anew.len(), 2, "{}", anew.join("\n"));
        assert!(anew.iter().all(|query| query.starts_with("UPDATE")), "{}", anew.join("\n"));
    });
}

#[test]
fn who_is_asking_is_one_question() {
    on_both(|house| {
        furnished(house);
        let ear = Ear::default();
        let mut conn = ear.listening(house);
        ear.heard();
        visitor_find(&mut conn, "nobody's", house.clock.now()).unwrap();
        assert_eq!(ear.heard().len(), 1);
    });
}

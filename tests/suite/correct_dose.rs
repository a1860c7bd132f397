//! Correcting what was recorded of a dose: the record stays as it was written, one stands, and registers follow.

mod any_order;
mod pages;
mod pieces;

use stepdown::acts::ActError;
use stepdown::acts::correct_dose::{CorrectDose, correct_dose};
use stepdown::care::calendar::days_after;
use stepdown::care::people::{Confirmed, Nurse, Supervisor};
use stepdown::care::refusal::Refusal;
use stepdown::care::register::source::StockAsk;
use stepdown::care::register::taking::OtherHalf;
use stepdown::care::round::administration::RecordAsk;
use stepdown::care::round::correction::{Corrector, Instead};
use stepdown::care::round::outcome::Outcome;
use stepdown::care::taper::plan::Medicine;
use stepdown::store::doses::{self, Administration, Correction, DoseFile};
use stepdown::store::{absences, audit, evidence, registers};

use crate::house::{FACILITY, House, RESIDENT, at, beside, on_both};
use crate::shelf::{adds_up, differences, dose, entries, receive, record, record_ask, register, staff, witness};
use crate::ward;

pub const SATURDAY: &str = "2026-11-21";

/// 0.5 mg at 08:00 and 20:00 from Saturday on; it is Saturday morning.
pub fn furnished(house: &House) -> String {
    ward::furnish(house);
    let plan = ward::plan(house, RESIDENT, SATURDAY);
    house.clock.set(at("2026-11-21T08:00:00Z"));
    plan
}

pub fn nurse() -> Corrector {
    Nurse(staff("nurse")).into()
}

pub fn supervisor() -> Corrector {
    Supervisor(staff("chief")).into()
}

/// What happened really, as the page would send it.
pub fn told(dose: &DoseFile, outcome: Outcome, part: &str) -> Instead {
    Instead::Record(record_ask(dose, outcome, part))
}

pub fn ask(record: &str, instead: Instead) -> CorrectDose {
    CorrectDose {
        form: ward::id(),
        record: record.into(),
        instead,
        stock: StockAsk::default(),
        why: "The wrong tile was touched.".into(),
        witness: witness(),
    }
}

pub fn corrected(house: &House, by: &Corrector, ask: &CorrectDose) -> Result<Correction, ActError> {
    let (by, ask) = (by.clone(), ask.clone());
    house.db.write(move |conn, now| correct_dose(conn, &by, &ask, now))
}

pub fn standing(house: &House, dose: &DoseFile) -> Option<Administration> {
    let records = house.db.read(|conn| doses::dose_records(conn, &dose.id)).unwrap();
    let found = house.db.read(|conn| doses::standings_of(conn, std::slice::from_ref(&dose.id))).unwrap();
    assert_eq!(records.standing(), found.get(&dose.id), "both ways of asking what stands agree");
    records.standing().cloned()
}

fn kinds(house: &House, book: &str) -> Vec<(&'static str, i64)> {
    entries(house, book).iter().rev().map(|entry| (entry.kind.word(), entry.parts)).collect()
}

#[test]
fn what_happened_really_takes_the_place_of_the_record_and_its_pieces_are_put_back() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "10");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let correction = corrected(house, &nurse(), &ask(&first, told(&morning, Outcome::Refused, ""))).unwrap();
        let stands = standing(house, &morning).unwrap();
        assert_eq!((stands.outcome, stands.given.ug(), stands.n), (Outcome::Refused, 0, correction.n));
        assert_eq!((stands.corrects, correction.replacement), (Some(first.clone()), Some(stands.id)));
        assert_eq!(kinds(house, &book), [("received", 20), ("given", -2), ("put_back", 2)]);
        let back = entries(house, &book).remove(0);
        assert_eq!(back.reverses, Some(entries(house, &book)[1].id.clone()));
        adds_up(house, &book);
        assert_eq!(house.count("administrations WHERE outcome = 'given' AND given_ug = 500"), 1);
        let fact = "history WHERE kind = 'correct_dose' AND body LIKE '%The wrong tile%' AND body LIKE '%put_back%'";
        assert_eq!(house.count(fact), 1);
    });
}

#[test]
fn a_record_made_in_error_opens_the_dose_and_it_is_recorded_anew() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "10");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        corrected(house, &nurse(), &ask(&first, Instead::Nothing)).unwrap();
        assert_eq!((standing(house, &morning), register(house, &book).book.balance), (None, 20));
        let open = dose(house, &plan, SATURDAY, "08:00");
        assert!(!open.recorded && open.revision > morning.revision);
        // A page that was open since before is old.
        let stale = record(house, &morning, (Outcome::Given, ""), StockAsk::default());
        assert!(matches!(stale, Err(ActError::Refused(Refusal::DoseChanged { .. }))), "{stale:?}");
        let again = record(house, &open, (Outcome::GivenInPart, "0.25"), StockAsk::default()).unwrap();
        let stands = standing(house, &morning).unwrap();
        assert_eq!((stands.id, stands.corrects), (again, Some(first)));
        assert_eq!(kinds(house, &book)[3..], [("given", -1), ("wasted", -1)]);
        adds_up(house, &book);
    });
}

#[test]
fn a_half_that_was_kept_was_wasted_really() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "10");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Refused, ""), StockAsk::default()).unwrap();
        let stock = StockAsk { spoiled: true, other_half: Some(OtherHalf::Kept), ..StockAsk::default() };
        let spoiled = CorrectDose { stock, ..ask(&first, told(&morning, Outcome::Refused, "")) };
        corrected(house, &nurse(), &spoiled).unwrap();
        assert_eq!(kinds(house, &book), [("received", 20), ("wasted", -2)]);
        adds_up(house, &book);
    });
}

/// What was lacking when the dose was first recorded stays a question for the supervisor.
#[test]
fn a_difference_that_the_record_opened_stays_open() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "0.5");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        corrected(house, &nurse(), &ask(&first, told(&morning, Outcome::Refused, ""))).unwrap();
        assert!(differences(house, &book).iter().all(|file| file.ended.is_none() && file.opened.difference == 1));
        assert_eq!(register(house, &book).book.balance, 1);
        adds_up(house, &book);
    });
}

/// A dose that was given before anybody counted is not taken out of a register that began later.
#[test]
fn what_no_register_counted_then_is_taken_from_none_now() {
    on_both(|house| {
        let plan = furnished(house);
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let book = receive(house, "10");
        corrected(house, &nurse(), &ask(&first, told(&morning, Outcome::Given, ""))).unwrap();
        assert_eq!(register(house, &book).book.balance, 20);
    });
}

#[test]
fn whoever_recorded_it_corrects_it_within_the_hours_and_a_supervisor_after() {
    on_both(|house| {
        let plan = furnished(house);
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        house
            .plain_sql(
                "INSERT INTO memberships (id, person, facility, role) VALUES ('m-n', 'deputy', 'alder', 'nurse')",
            )
            .unwrap();
        let refuse = told(&morning, Outcome::Refused, "");
        let other: Corrector = Nurse(staff("deputy")).into();
        assert_eq!(
            corrected(house, &other, &ask(&first, refuse.clone())),
            Err(Refusal::CorrectionNotOwn.into()),
            "somebody else’s record"
        );
        house.clock.set(at("2026-11-21T19:00:00Z"));
        let second = corrected(house, &nurse(), &ask(&first, refuse.clone())).unwrap();
        // A correction does not begin the hours anew.
        house.clock.set(at("2026-11-21T20:01:00Z"));
        let third = ask(&second.id, refuse);
        assert_eq!(corrected(house, &nurse(), &third), Err(Refusal::CorrectionTooLate { hours: 12 }.into()));
        house.clock.set(at("2026-12-21T20:01:00Z"));
        assert!(corrected(house, &supervisor(), &third).is_ok());
        assert_eq!((house.count("corrections"), house.count("administrations")), (2, 3));
    });
}

/// Whoever gave a dose has given it, whoever corrects what was written of it; and did not watch themselves.
#[test]
fn a_supervisor_who_corrects_a_record_did_not_give_the_dose_and_its_giver_is_no_witness() {
    on_both(|house| {
        let plan = furnished(house);
        let morning = dose(house, &plan, SATURDAY, "08:00");
        receive(house, "10");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let spoiled = StockAsk { spoiled: true, ..StockAsk::default() };
        let refused = CorrectDose { stock: spoiled, ..ask(&first, told(&morning, Outcome::Refused, "")) };
        let seen_by = |person: &str| {
            let witness = Some(Confirmed { person: person.to_owned() });
            corrected(house, &supervisor(), &CorrectDose { witness, ..refused.clone() })
        };
        assert_eq!(seen_by("nurse"), Err(Refusal::WitnessGave.into()));
        seen_by("pharmacist").unwrap();
        let stands = standing(house, &morning).unwrap();
        assert_eq!((stands.recorded_by.as_str(), stands.giver()), ("chief", "nurse"));
    });
}

/// A correction invents no witness, and nobody witnesses what they write themselves.
#[test]
fn who_saw_a_dose_given_is_kept_and_whoever_saw_it_is_no_witness_of_their_own_correction() {
    on_both(|house| {
        let plan = furnished(house);
        let morning = dose(house, &plan, SATURDAY, "08:00");
        house.plain_sql("UPDATE facilities SET witnessed = 'give' WHERE id = 'alder'").unwrap();
        receive(house, "10");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let seen_by = standing(house, &morning).unwrap().witnessed_by.unwrap();
        let again = |record: &str| {
            let Instead::Record(told) = told(&morning, Outcome::Given, "") else { unreachable!() };
            let instead = Instead::Record(RecordAsk { note: "Took it with water.".into(), ..told });
            CorrectDose { witness: None, ..ask(record, instead) }
        };
        let second = corrected(house, &nurse(), &again(&first)).unwrap();
        let stands = standing(house, &morning).unwrap();
        assert_eq!((stands.witnessed_by.as_deref(), stands.unwitnessed), (Some(seen_by.as_str()), None));
        let role =
            "INSERT INTO memberships (id, person, facility, role) VALUES ('saw', '{who}', 'alder', 'supervisor')";
        house.plain_sql(&role.replace("{who}", &seen_by)).unwrap();
        let whoever_saw: Corrector = Supervisor(staff(&seen_by)).into();
        corrected(house, &whoever_saw, &again(&second.id)).unwrap();
        let stands = standing(house, &morning).unwrap();
        assert!(stands.witnessed_by.is_none() && stands.unwitnessed.is_some_and(|why| why.contains("saw it")));
    });
}

#[test]
fn of_two_who_correct_one_record_the_second_is_told_who_did() {
    on_both(|house| {
        let plan = furnished(house);
        let book = receive(house, "10");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let asks = [told(&morning, Outcome::Refused, ""), Instead::Nothing].map(|instead| ask(&first, instead));
        let by = [nurse(), supervisor()];
        let answers = beside(2, |n| corrected(house, &by[n], &asks[n]));
        let told = |answer: &&Result<_, _>| matches!(answer, Err(ActError::Refused(Refusal::CorrectedAlready { .. })));
        assert_eq!((answers.iter().filter(told).count(), house.count("corrections")), (1, 1), "{answers:?}");
        adds_up(house, &book);
        // The one who won gets the first answer again, however often the page is sent.
        let won = answers.iter().position(Result::is_ok).unwrap();
        assert_eq!(corrected(house, &by[won], &asks[won]), answers[won].clone());
        assert_eq!(house.count("corrections"), 1);
    });
}

#[test]
fn what_is_missing_or_wrong_is_said_and_nothing_is_corrected() {
    on_both(|house| {
        let plan = furnished(house);
        receive(house, "10");
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        let said = record_ask(&morning, Outcome::Refused, "");
        let with = |change: fn(&mut RecordAsk)| {
            let mut said = said.clone();
            change(&mut said);
            ask(&first, Instead::Record(said))
        };
        let unsaid = CorrectDose { why: " \u{a0} ".into(), ..ask(&first, Instead::Nothing) };
        let wrong = [
            (unsaid, "correction_reason"),
            (with(|said| said.outcome = None), "outcome_missing"),
            (with(|said| said.reason = "W1".into()), "reason_for_outcome"),
            (with(|said| said.given_at = "09:30".into()), "given_in_future"),
            (with(|said| said.given_at = "06:00".into()), "given_too_early"),
            (with(|said| said.outcome = Some(Outcome::GivenInPart)), "part_missing"),
            (CorrectDose { form: first.clone(), ..ask(&first, Instead::Nothing) }, "form_reused"),
        ];
        for (ask, code) in wrong {
            let refused = corrected(house, &nurse(), &ask);
            assert!(matches!(&refused, Err(ActError::Refused(why)) if why.code() == code), "{code}: {refused:?}");
        }
        assert!(matches!(corrected(house, &nurse(), &ask("nobody’s", Instead::Nothing)), Err(ActError::Store(_))));
        assert_eq!((house.count("corrections"), house.count("administrations")), (0, 1));
    });
}

/// Whatever counts or lists doses counts what stands.
#[test]
fn figures_lists_and_evidence_follow_what_stands() {
    on_both(|house| {
        let plan = furnished(house);
        let (today, since) = (ward::day(SATURDAY), at("2026-11-01T00:00:00Z"));
        let morning = dose(house, &plan, SATURDAY, "08:00");
        let figures = |house: &House| {
            let now = at("2026-11-21T12:00:00Z");
            let standing = Some(true);
            let ask = audit::DosesAsk { facility: FACILITY.into(), standing, ..audit::DosesAsk::default() };
            let read = |conn: &mut stepdown::store::Conn| {
                Ok::<_, stepdown::store::StoreError>((
                    audit::given_by_day(conn, FACILITY, (today, days_after(today, 1)), None)?.len(),
                    audit::records_count(conn, &ask)?,
                    registers::unbooked_since(conn, FACILITY, since)?.len(),
                    evidence::adherence_load(conn, &plan, today, now)?.given,
                    doses::last_given_find(conn, RESIDENT, &Medicine("clonazepam".into()), now)?.is_some(),
                    absences::last_taken_of(conn, RESIDENT)?.len(),
                ))
            };
            house.db.read(read).unwrap()
        };
        let first = record(house, &morning, (Outcome::Given, ""), StockAsk::default()).unwrap();
        assert_eq!(figures(house), (1, 1, 1, 1, true, 1));
        let second = corrected(house, &nurse(), &ask(&first, told(&morning, Outcome::Refused, ""))).unwrap();
        assert_eq!(figures(house), (0, 1, 0, 0, false, 0));
        let third = corrected(house, &supervisor(), &ask(&second.id, told(&morning, Outcome::Given, ""))).unwrap();
        assert_eq!(figures(house), (1, 1, 1, 1, true, 1));
        corrected(house, &supervisor(), &ask(&third.id, Instead::Nothing)).unwrap();
        assert_eq!(figures(house), (0, 0, 0, 0, false, 0));
    });
}

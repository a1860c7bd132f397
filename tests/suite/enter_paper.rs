//! What stands on paper after the system was down is typed in page by page: all of it or nothing, never over a record.

mod lines;

use stepdown::acts::ActError;
use stepdown::acts::correct_dose::CorrectDose;
use stepdown::care::people::{Confirmed, Supervisor};
use stepdown::care::refusal::Refusal;
use stepdown::care::round::as_needed::limits::Kind;
use stepdown::care::round::outcome::Outcome;
use stepdown::store::as_needed::{case_load, order_load};
use stepdown::store::doses::{dose_load, fates_between};
use stepdown::store::evidence::adherence_load;
use stepdown::store::facilities::facility_load;

use crate::as_needed::ordered;
use crate::browser_like::{PASSWORD, Served, Shown, Visitor, settle};
use crate::correct_dose::{ask, corrected, standing, told};
use crate::desk;
use crate::house::{FACILITY, House, RESIDENT, at, beside, on_both};
use crate::pages::keeps_the_laws;
use crate::shelf;
use crate::ward;

const PAPER: &str = "/units/east/paper";
const RECORDING: &str = "/units/east/paper/lines";

/// A reduction was signed on Friday after the pack was printed; the system was down on Saturday from 06:00 to 21:00. Two
/// residents have doses of 0.5 mg at 08:00 and 20:00 on paper; of the first the level is 0.25 mg since Saturday.
pub struct Outage {
    pub served: Served,
    pub query: String,
    pub morning: [String; 2],
    pub evening: [String; 2],
}

pub fn outage(house: &House) -> Outage {
    settle(house);
    for sql in [
        "INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)",
        "INSERT INTO people (id, username, name, registration, email, password_hash)
         SELECT 'tom', 'tom', 'Tom Fielding RN', '', '', password_hash FROM people WHERE id = 'nurse'",
        "INSERT INTO memberships (id, person, facility, role) VALUES ('m-tom', 'tom', 'alder', 'nurse')",
    ] {
        house.plain_sql(sql).unwrap();
    }
    let other = ward::resident(house, "Beech", "Bea", "2", "14");
    let plans = [ward::plan(house, RESIDENT, "2026-11-21"), ward::plan(house, &other, "2026-11-21")];
    house.clock.set(at("2026-12-04T10:00:00Z"));
    plans.iter().for_each(|plan| desk::lay_out(house, plan));
    let entry = house.count("history");
    house.clock.set(at("2026-12-04T10:30:00Z"));
    ward::sign(house, &plans[0], 1, "2026-12-05");
    house.clock.set(at("2026-12-05T21:30:00Z"));
    // What nobody recorded of the day before is no matter here.
    house.plain_sql("UPDATE doses SET due_at = '2026-11-21 00:00:00' WHERE due_at < '2026-12-05 06:00:00'").unwrap();
    let query = format!("{PAPER}?from=2026-12-05T06:00&until=2026-12-05T21:00&entry={entry}");
    let dose = |plan: &String, slot: &str| {
        let doses = desk::laid(house, plan, "2026-12-05".parse().unwrap());
        doses.iter().find(|dose| dose.key.slot.to_string() == slot).unwrap().id.clone()
    };
    let of = |slot: &str| [dose(&plans[0], slot), dose(&plans[1], slot)];
    Outage { morning: of("08:00"), evening: of("20:00"), query, served: Served::start(house) }
}

pub fn line(dose: &str, outcome: &str, given_at: &str, given_by: &str) -> Vec<(String, String)> {
    let field = |name: &str, value: &str| (format!("{name}-{dose}"), value.to_owned());
    vec![field("outcome", outcome), field("given_at", given_at), field("given_by", given_by)]
}

pub fn enter(nurse: &Visitor, page: &Shown, lines: &[Vec<(String, String)>]) -> Shown {
    let fields: Vec<(&str, &str)> =
        lines.iter().flatten().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    nurse.fill(page, RECORDING, &fields)
}

/// The paper has a column for it where the facility asks before each dose.
#[test]
fn how_awake_a_resident_was_is_typed_in_from_paper() {
    on_both(|house| {
        let Outage { served, query, morning, .. } = outage(house);
        let nurse = served.signed_in("nurse");
        assert!(!nurse.get(&query).has("select[name^='sedation-']"), "this facility does not ask");
        house.plain_sql("UPDATE facilities SET sedation_asked = true").unwrap();
        let page = nurse.get(&query);
        assert!(page.has("select[name^='sedation-']"));
        let sedated =
            [line(&morning[1], "given", "08:10", "tom"), vec![(format!("sedation-{}", morning[1]), "-1".into())]];
        assert_eq!(enter(&nurse, &page, &[sedated.concat()]).status, 303);
        assert_eq!(house.count("administrations WHERE sedation = -1 AND given_by = 'tom'"), 1);
    });
}

#[test]
fn a_page_of_the_paper_is_recorded_with_who_gave_it_and_who_typed_it_in() {
    on_both(|house| {
        let Outage { served, query, morning, evening } = outage(house);
        let register = shelf::receive(house, "20");
        // Whoever gave them may have no role here any more when they are typed in.
        house.plain_sql("UPDATE memberships SET ended_at = '2026-12-05 21:00:00' WHERE id = 'm-tom'").unwrap();
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&query);
        keeps_the_laws("a paper", &page.body);
        let who = page.all("h3");
        assert_eq!(
            who,
            [
                "08:00 ASH, Ada, room 12",
                "08:00 BEECH, Bea, room 14",
                "20:00 ASH, Ada, room 12",
                "20:00 BEECH, Bea, room 14"
            ]
        );
        assert!(page.text().contains("The paper said 0.5 mg; the level was 0.25 mg."), "{}", page.text());
        let mut refused = line(&evening[1], "refused", "", "nurse");
        refused.push((format!("reason-{}", evening[1]), "R1".into()));
        let lines = [
            line(&morning[0], "given", "08:10", "tom"),
            line(&morning[1], "given", "08:20", "tom"),
            line(&evening[0], "given_as_level", "20:05", "nurse"),
            refused,
        ];
        let saved = enter(&nurse, &page, &lines);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let printed =
            "outcome = 'given' AND given_ug = 500 AND given_by = 'tom' AND recorded_by = 'nurse' AND reason = 'L5'";
        assert_eq!(house.count(&format!("administrations WHERE {printed}")), 2);
        assert_eq!(house.count("administrations WHERE given_ug = 250 AND given_by = 'nurse'"), 1);
        let under = "SELECT 1 FROM plan_facts WHERE plan_facts.id = authorised_by AND kind =";
        assert_eq!(house.count(&format!("administrations WHERE given_ug = 250 AND EXISTS ({under} 'signed')")), 1);
        assert_eq!(house.count(&format!("administrations WHERE given_ug = 500 AND EXISTS ({under} 'approved')")), 2);
        assert_eq!(house.count("history WHERE kind = 'enter_paper' AND body LIKE '%\"given_by\":\"tom\"%'"), 2);
        assert_eq!(shelf::register(house, &register).book.balance, 40 - 2 - 1, "a whole tablet and a half");
        let after = nurse.get(saved.location());
        keeps_the_laws("a paper after it was entered", &after.body);
        assert!(
            after.text().contains("4 lines are recorded.") && !after.has("select[name^=outcome]"),
            "{}",
            after.text()
        );
        let supervisor = served.signed_in("supervisor");
        assert!(supervisor.get("/history").text().contains("Tom Fielding RN, typed in from paper by Nora Nurse"));
        let file = supervisor.get("/history.csv").body;
        assert_eq!(file.matches(",Tom Fielding RN,Nora Nurse,yes,").count(), 2, "given by, recorded by: {file}");
        let dose = nurse.get(&format!("/doses/{}", morning[0]));
        assert!(
            dose.text().contains("Given by Tom Fielding RN, as the paper says. Saved by Nora Nurse"),
            "{}",
            dose.text()
        );
    });
}

#[test]
fn one_wrong_line_saves_no_line_and_everything_typed_comes_back() {
    on_both(|house| {
        let Outage { served, query, morning, evening } = outage(house);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&query);
        let mut part = line(&evening[1], "given_in_part", "20:00", "tom");
        part.extend([(format!("part-{}", evening[1]), "0.5".into()), (format!("reason-{}", evening[1]), "P1".into())]);
        let lines = [
            line(&morning[0], "given", "08:10", "tom"),
            line(&morning[1], "given", "", "tom"),
            line(&evening[0], "given", "22:00", "nobody"),
            part,
        ];
        let wrong = enter(&nurse, &page, &lines);
        assert_eq!(wrong.status, 422, "{}", wrong.text());
        keeps_the_laws("a paper with wrong lines", &wrong.body);
        assert_eq!(wrong.all(".summary a").len(), 3, "{}", wrong.text());
        assert_eq!(wrong.attribute(&format!("#given_at-{}", morning[0]), "value").as_deref(), Some("08:10"));
        assert_eq!((house.count("administrations"), house.count("history WHERE kind = 'enter_paper'")), (0, 0));
        assert_eq!(enter(&nurse, &page, &[]).status, 422, "no line is filled in");
    });
}

#[test]
fn what_somebody_recorded_meanwhile_stands_beside_the_line_and_nothing_is_written_over() {
    on_both(|house| {
        let Outage { served, query, morning, evening } = outage(house);
        let (nurse, tom) = (served.signed_in("nurse"), served.signed_in("tom"));
        let (hers, his) = (nurse.get(&query), tom.get(&query));
        let both = [line(&morning[1], "given", "08:10", "tom"), line(&evening[1], "given", "20:10", "tom")];
        assert_eq!(enter(&tom, &his, &both[..1]).status, 303);
        let late = enter(&nurse, &hers, &both);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("Tom Fielding RN recorded this dose as given"), "{}", late.text());
        assert!(late.text().contains("Given at 08:10, 0.5 mg of 0.5 mg."), "{}", late.text());
        assert_eq!(house.count("administrations"), 1, "nothing of hers was saved");
        let again = enter(&nurse, &late, &[]);
        assert_eq!(again.status, 303, "what she typed of the other line is still there: {}", again.text());
        assert_eq!(enter(&nurse, &late, &[]).status, 303, "a double post gets the first answer");
        let count = house.count("administrations");
        let other = enter(&nurse, &late, &[line(&evening[1], "absent", "20:10", "tom")]);
        assert!(other.status >= 400, "another outcome than was saved: {}", other.text());
        assert!(other.text().contains("already used for another entry"), "{}", other.text());
        assert_eq!(house.count("administrations"), count);
        assert_eq!(house.count("administrations"), 2);
    });
}

#[test]
fn of_two_who_type_the_same_page_exactly_one_record_stands() {
    on_both(|house| {
        let Outage { served, query, morning, evening } = outage(house);
        let typists = ["nurse", "tom"].map(|who| served.signed_in(who));
        let pages: Vec<Shown> = typists.iter().map(|who| who.get(&query)).collect();
        let lines = [line(&morning[1], "given", "08:10", "tom"), line(&evening[1], "given", "20:10", "tom")];
        let mut answers = beside(2, |n| enter(&typists[n], &pages[n], &lines).status);
        answers.sort();
        assert_eq!(answers, [303, 409]);
        assert_eq!((house.count("administrations"), house.count("history WHERE kind = 'enter_paper'")), (2, 2));
    });
}

#[test]
fn the_paper_is_asked_for_by_its_pack() {
    on_both(|house| {
        let Outage { served, query, .. } = outage(house);
        let nurse = served.signed_in("nurse");
        assert_eq!(nurse.get(PAPER).status, 200);
        for (asked, sentence) in [
            ("from=2026-12-05T06:00&until=2026-12-05T22:00", "when it was back"),
            ("from=2026-12-05T06:00&until=2026-12-05T05:00", "when it was back"),
            ("from=yesterday&until=2026-12-05T21:00", "is not a date and time"),
            ("from=2026-12-05T06:00&until=2026-12-05T21:00&entry=99999", "No entry of this facility has this number"),
            ("from=2026-12-05T06:00&until=2026-12-05T21:00&entry=twelve", "No entry of this facility has this number"),
        ] {
            let wrong = nurse.get(&format!("{PAPER}?{asked}"));
            assert_eq!(wrong.status, 422, "{asked}");
            assert!(wrong.text().contains(sentence), "{asked}: {}", wrong.text());
            keeps_the_laws(asked, &wrong.body);
        }
        assert!(!nurse.get(query.split("&entry").next().unwrap()).text().contains("The paper said"));
        assert_eq!(served.signed_in("stranger").get(&query).status, 404);
        assert_eq!(served.signed_in("pharmacist").get(&query).status, 403);
    });
}

/// A witness and the unused half on paper, as on the page of a dose.
#[test]
fn what_has_to_be_seen_wants_its_witness_on_paper_too() {
    on_both(|house| {
        let Outage { served, query, morning, evening } = outage(house);
        let register = shelf::receive(house, "20");
        house.plain_sql("UPDATE facilities SET witnessed = 'give waste' WHERE id = 'alder'").unwrap();
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&query);
        keeps_the_laws("a paper with a witness", &page.body);
        let first = [line(&morning[1], "given", "08:20", "tom")];
        let with = |typed: &[(&str, &str)], lines: &[Vec<(String, String)>]| {
            let typed = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            enter(&nurse, &nurse.get(&query), &[lines, &[typed]].concat())
        };
        let missing = enter(&nurse, &page, &first);
        assert_eq!(missing.status, 422);
        assert!(missing.text().contains("A witness is wanted for this here."), "{}", missing.text());
        keeps_the_laws("a paper without its witness", &missing.body);
        let by = |who| [("second_username", who), ("second_password", PASSWORD)];
        assert!(with(&by("tom"), &first).text().contains("Whoever gave it is not its witness."));
        assert!(with(&by("nurse"), &first).text().contains("Nobody is their own witness."));
        assert_eq!(house.count("administrations"), 0);
        assert_eq!(with(&by("pharmacist"), &first).status, 303);
        assert_eq!(house.count("administrations WHERE witnessed_by = 'pharmacist' AND given_by = 'tom'"), 1);
        let mut half = line(&evening[0], "given_as_level", "20:05", "tom");
        half.push((format!("left-{}", evening[0]), "wasted".into()));
        let alone = [("alone", "Nobody else was in the house that evening.")];
        assert_eq!(with(&alone, &[half]).status, 303);
        assert_eq!(house.count("administrations WHERE unwitnessed LIKE 'Nobody else%'"), 1);
        let book = shelf::register(house, &register).book;
        assert_eq!((book.balance, book.on_hand().0), (40 - 1, 40 - 2), "the waste nobody saw is an open difference");
    });
}

#[test]
fn whoever_gave_it_is_no_witness_of_its_correction() {
    on_both(|house| {
        let Outage { served, query, evening, .. } = outage(house);
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&query);
        assert_eq!(enter(&nurse, &page, &[line(&evening[1], "given", "20:05", "tom")]).status, 303);
        let dose = house.db.read(|conn| dose_load(conn, &evening[1])).unwrap();
        let record = standing(house, &dose).unwrap().id;
        let saw = |who: &str| {
            let witness = Some(Confirmed { person: who.to_owned() });
            CorrectDose { witness, ..ask(&record, told(&dose, Outcome::Refused, "")) }
        };
        let supervisor = Supervisor(shelf::staff("supervisor")).into();
        let by_tom = corrected(house, &supervisor, &saw("tom"));
        assert!(matches!(by_tom, Err(ActError::Refused(Refusal::WitnessGave))), "{by_tom:?}");
        assert!(corrected(house, &supervisor, &saw("nurse")).is_ok());
    });
}

/// The pack says 0.5 mg; while the system was down a prescriber's order had come to 0 mg. What was given counts all the same.
#[test]
fn what_paper_gave_against_a_level_of_nothing_counts_in_what_was_taken() {
    on_both(|house| {
        let Outage { served, query, evening, .. } = outage(house);
        house.plain_sql(&format!("UPDATE doses SET amount_ug = 0 WHERE id = '{}'", evening[0])).unwrap();
        let nurse = served.signed_in("nurse");
        let page = nurse.get(&query);
        let saved = enter(&nurse, &page, &[line(&evening[0], "given", "20:05", "tom")]);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let dose = house.db.read(|conn| dose_load(conn, &evening[0])).unwrap();
        let day = dose.key.on;
        let fates = house.db.read(|conn| fates_between(conn, &dose.plan, (day, day))).unwrap();
        let given: Vec<u64> = fates.iter().filter_map(|one| one.standing.as_ref()).map(|one| one.given.ug()).collect();
        assert_eq!(given, [500]);
        let now = house.clock.now();
        let counted = house.db.read(|conn| adherence_load(conn, &dose.plan, day, now)).unwrap();
        assert_eq!((counted.given, counted.planned), (1, 2));
        let order = ordered(&served, &[("ends_on", "2026-12-12")]);
        let order = order.split('/').nth(2).unwrap();
        let case = house.db.read(|conn| {
            let (file, facility) = (order_load(conn, order)?, facility_load(conn, FACILITY)?);
            case_load(conn, &file, &facility, now)
        });
        let taken = case.unwrap().taken;
        let scheduled = taken.iter().filter(|one| one.kind == Kind::Scheduled && one.at == at("2026-12-05T20:05:00Z"));
        assert_eq!(scheduled.map(|one| one.amount.ug()).collect::<Vec<_>>(), [500]);
    });
}

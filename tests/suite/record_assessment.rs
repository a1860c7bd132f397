//! Scoring a resident over HTTP: the server counts, a blank is never 0, and what is out of range is not saved.

use stepdown::care::scale::Scale;

use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::house::{House, RESIDENT, at, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

const NEW: &str = "/residents/resident-1/assessments/new?scale=ciwa-b";
const ACTION: &str = "/residents/resident-1/assessments";

fn ciwa_b() -> &'static Scale {
    Scale::ours().iter().find(|scale| scale.id == "ciwa-b").unwrap()
}

/// Every scored item answered, so that they come to a total.
pub fn coming_to(total: i32) -> Vec<(String, String)> {
    let mut left = total;
    let next = |(_, item): (&_, &stepdown::care::scale::Item)| {
        let answer = left.min(4);
        left -= answer;
        (format!("item-{}", item.id), answer.to_string())
    };
    ciwa_b().scored().map(next).collect()
}

pub fn send(nurse: &Visitor, fields: &[(String, String)]) -> Shown {
    let page = nurse.get(NEW);
    assert_eq!(page.status, 200, "{}", page.text());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    nurse.fill(&page, ACTION, &fields)
}

fn with(fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    let kept = fields.into_iter().filter(|(field, _)| field != name);
    kept.chain([(name.to_owned(), value.to_owned())]).collect()
}

fn served(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        settle(house);
        law(house, &Served::start(house));
    });
}

#[test]
fn a_score_is_counted_by_the_server_and_shown_with_its_band() {
    served(|house, served| {
        let nurse = served.signed_in("nurse");
        let page = nurse.get(NEW);
        keeps_the_laws("an empty scale", &page.body);
        assert!(!page.has("input[type=radio][checked]"), "nothing is chosen when the page opens");
        for (total, band) in [(0, "none"), (1, "mild"), (20, "mild"), (21, "moderate"), (40, "moderate")] {
            let saved = send(&nurse, &coming_to(total));
            assert_eq!(saved.status, 303, "{}", saved.text());
            let shown = nurse.get(saved.location());
            assert_eq!(shown.all("h1"), [format!("Saved: {total} of 80, {band}")]);
        }
        for (total, band) in [(41, "severe"), (60, "severe"), (61, "very severe"), (80, "very severe")] {
            let saved = send(&nurse, &coming_to(total));
            assert_eq!(nurse.get(saved.location()).all("h1"), [format!("Saved: {total} of 80, {band}")]);
        }
        assert_eq!(house.count("assessments WHERE total IS NOT NULL AND recorded_by = 'nurse'"), 9);
        assert_eq!(house.count("history WHERE kind = 'record_assessment'"), 9);
    });
}

#[test]
fn the_next_page_marks_the_last_score_and_the_saved_one_says_what_changed() {
    served(|house, served| {
        let nurse = served.signed_in("nurse");
        let more = [("pulse", "88"), ("pressure", "132/84"), ("note", "Slept in the chair.")];
        let first = more.iter().fold(coming_to(14), |fields, (name, value)| with(fields, name, value));
        assert_eq!(send(&nurse, &first).status, 303);
        house.clock.set(at("2026-11-21T08:12:00Z"));
        let nurse = served.signed_in("nurse");
        let page = nurse.get(NEW);
        assert!(page.text().contains("Last scored 14 of 80 on 20 Nov 2026 by Nora Nurse"), "{}", page.text());
        assert_eq!(page.all(".pt.was").len(), 20, "one point of each scored item is marked");
        let saved = send(&nurse, &with(coming_to(14), "item-sweating", "3"));
        let shown = nurse.get(saved.location());
        keeps_the_laws("a saved assessment", &shown.body);
        assert_eq!(shown.all(".facts-in dd"), ["17", "21 Nov 2026", "14", "20 Nov 2026", "+3", "in 1 day"]);
        assert_eq!(shown.all(".cols tbody th"), ["Sweating"]);
        assert!(shown.text().contains("pulse 88, 132/84 mm Hg"), "{}", shown.text());
    });
}

#[test]
fn a_missing_item_is_asked_for_and_nothing_is_saved() {
    served(|house, served| {
        let nurse = served.signed_in("nurse");
        let mut fields = coming_to(30);
        fields.retain(|(name, _)| name != "item-weak");
        let refused = send(&nurse, &fields);
        assert_eq!(refused.status, 422);
        keeps_the_laws("a scale with an item missing", &refused.body);
        assert!(refused.text().contains("Nothing has been saved."), "{}", refused.text());
        assert!(refused.has("a[href='#item-weak']") && refused.has("#item-weak"), "it leads to the item");
        assert_eq!(refused.all("input[type=radio][checked]").len(), 19, "what was answered stays");
        assert_eq!(house.count("assessments"), 0);
        fields.push(("incomplete_reason".to_owned(), "Did not want to say, and fell asleep.".to_owned()));
        let saved = send(&nurse, &fields);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let shown = nurse.get(saved.location());
        assert_eq!(shown.all("h1"), ["Saved without a total"]);
        assert!(shown.text().contains("Did not want to say, and fell asleep."));
        assert_eq!(house.count("assessments WHERE total IS NULL AND band = ''"), 1);
    });
}

#[test]
fn a_score_of_5_and_other_odd_answers_are_refused() {
    served(|house, served| {
        let nurse = served.signed_in("nurse");
        for (field, odd, says) in [
            ("item-irritable", "5", "“5” is no answer to “Irritable”. Choose a whole number from 0 to 4."),
            ("item-tremor", "-1", "“-1” is no answer"),
            ("item-upset", "many", "“many” is no answer"),
            ("item-hours_slept", "25", "Choose a whole number from 0 to 24."),
            ("pulse", "7", "beats a minute"),
            ("pressure", "80/120", "the higher first"),
            ("assessed_at", "08:13", "within the last 12 hours"),
        ] {
            let refused = send(&nurse, &with(coming_to(3), field, odd));
            assert_eq!(refused.status, 422, "{field} {odd}");
            assert!(refused.text().contains(says), "{field} {odd}: {}", refused.text());
        }
        assert_eq!((house.count("assessments"), house.count("history")), (0, 0));
    });
}

#[test]
fn a_double_tap_makes_one_assessment() {
    served(|house, served| {
        let nurse = served.signed_in("nurse");
        let page = nurse.get(NEW);
        let fields = coming_to(12);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (one, two) = (nurse.fill(&page, ACTION, &fields), nurse.fill(&page, ACTION, &fields));
        assert_eq!((one.status, one.location()), (303, two.location()));
        assert_eq!(house.count("assessments"), 1);
    });
}

#[test]
fn who_is_no_nurse_here_neither_scores_nor_looks_in() {
    served(|house, served| {
        let nurse = served.signed_in("nurse");
        let saved = send(&nurse, &coming_to(12)).location().to_owned();
        let stranger = served.signed_in("stranger");
        assert_eq!((stranger.get(NEW).status, stranger.get(&saved).status), (404, 404));
        let supervisor = served.signed_in("supervisor");
        assert_eq!((supervisor.get(NEW).status, supervisor.get(&saved).status), (403, 200));
        assert_eq!(nurse.get("/residents/resident-1/assessments/new?scale=ciwa-ar").status, 404);
        assert_eq!(house.count("assessments"), 1);
    });
}

#[test]
fn what_was_scored_is_never_changed_or_removed() {
    served(|house, served| {
        send(&served.signed_in("nurse"), &coming_to(12));
        for sql in ["UPDATE assessments SET total = 3", "UPDATE assessments SET note = 'x'", "DELETE FROM assessments"]
        {
            let refused = house.plain_sql(sql).unwrap_err();
            assert!(refused.to_string().contains("write-once"), "{sql}: {refused}");
        }
    });
}

/// The database itself knows that a total and a reason for having none exclude each other.
#[test]
fn a_total_is_there_or_the_reason_why_not() {
    served(|house, served| {
        send(&served.signed_in("nurse"), &coming_to(12));
        let row = |total: &str, reason: &str| {
            format!(
                "INSERT INTO assessments SELECT 'other', 99, facility, unit, resident, scale, scale_version, scale_name,
                 items, {total}, most, '', '{reason}', pulse, systolic, diastolic, note, assessed_at, recorded_at,
                 recorded_by FROM assessments"
            )
        };
        for (total, reason) in [("NULL", ""), ("12", "asleep"), ("81", "")] {
            assert!(house.plain_sql(&row(total, reason)).is_err(), "{total} {reason}");
        }
    });
}

#[test]
fn nurses_see_whom_to_score_and_whom_no_longer() {
    served(|house, served| {
        house
            .plain_sql("INSERT INTO stocked_products (facility, product, halved) VALUES ('alder', '197527', true)")
            .unwrap();
        let nurse = served.signed_in("nurse");
        assert!(nurse.get("/assessments").text().contains("Scores are not asked for here."));
        house.plain_sql("UPDATE facilities SET score_scale = 'ciwa-b'").unwrap();
        ward::plan(house, RESIDENT, "2026-11-20");
        assert!(nurse.get("/assessments").has("#next"), "the first score is wanted before the first reduction");
        house.clock.set(at("2026-11-28T10:30:00Z"));
        let nurse = served.signed_in("nurse");
        let page = nurse.get("/assessments");
        keeps_the_laws("whom to score", &page.body);
        assert_eq!(page.all("#now li b"), ["ASH"], "{}", page.text());
        assert_eq!(page.attribute("#now .btn", "href").as_deref(), Some(NEW));
        house.clock.set(at("2026-11-28T12:30:00Z"));
        let nurse = served.signed_in("nurse");
        assert!(nurse.get("/assessments").has("#late"));
        send(&nurse, &coming_to(5));
        let page = nurse.get("/assessments");
        assert!(!page.has("#late") && !page.has("#now"), "{}", page.text());
    });
}

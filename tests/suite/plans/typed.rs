//! What is typed into a draft: what is refused, what comes back, and steps by hand.

use crate::desk::{DRAFT, baseline_by, draft_with, open, propose, written};
use crate::house::{RESIDENT, on_both};

/// MediTrak 109, medTimer 925: what is easily misread is never guessed at. Every bad field says so, and nothing is saved.
#[test]
fn every_bad_field_of_a_draft_is_named_and_saves_nothing() {
    let huge = "9".repeat(3_000);
    let long = "why ".repeat(1_000);
    let bad = [
        ("medicine", "", "medicine"),
        ("medicine", "<script>alert(1)</script>", "medicine"),
        ("medicine", "diazepam", "protocol"),
        ("slot_1", "8am", "slot_1"),
        ("slot_1", "", "slot_1"),
        ("slot_1", "20:00", "slot_2"),
        ("dose_1", ".5 mg", "dose_1"),
        ("dose_1", "1,5 mg", "dose_1"),
        ("dose_1", "500 µg", "dose_1"),
        ("dose_1", "-1", "dose_1"),
        ("dose_1", &huge, "dose_1"),
        ("protocol", "", "protocol"),
        ("protocol", "by-moonlight", "protocol"),
        ("clonazepam-fixed.hold_days", "10", "clonazepam-fixed.hold_days"),
        ("clonazepam-fixed.hold_days", "'; DROP TABLE plans; --", "clonazepam-fixed.hold_days"),
        ("baseline_on", "", "baseline_on"),
        ("baseline_on", "20 Nov 2026", "baseline_on"),
        ("baseline_on", "2026-11-19", "baseline_on"),
        ("baseline_on", "1926-11-20", "baseline_on"),
        ("first_reduction_on", "2026-11-20", "first_reduction_on"),
        ("first_reduction_on", "2026-02-30", "first_reduction_on"),
        ("first_reduction_on", "9999-12-31", "first_reduction_on"),
        ("goal", "2 mg", "goal"),
        ("goal", "nothing", "goal"),
        ("goal", "0.3 mg", "goal"),
        ("indication", &long, "indication"),
        ("why", &long, "why"),
    ];
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let before = written(house);
        for (field, value, named) in bad {
            for wish in ["preview", "check"] {
                let refused = propose(&prescriber, wish, &[(field, value)]);
                assert_eq!(refused.status, 422, "{field} {value}: {}", refused.text());
                assert!(refused.has(".summary"), "{field} {value}");
                let error = format!("[id='{named}-error']");
                assert!(refused.has(&error), "{field} {value}: {:?}", refused.all(".err"));
                assert!(refused.all("title").concat().starts_with("Error: "), "{field}");
                assert!(!refused.body.contains("<script>"), "{field}");
            }
        }
        let nothing = propose(&prescriber, "check", &[("dose_1", ""), ("dose_2", "0 mg")]);
        assert!(nothing.status == 422 && nothing.has("#dose_1-error"), "{}", nothing.text());
        assert_eq!(written(house), before, "a refusal saves nothing");
    });
}

#[test]
fn what_was_typed_stands_in_the_form_that_comes_back() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let refused = propose(&prescriber, "check", &[("dose_1", ".5 mg"), ("why", "Two falls & \"tired\" <b>")]);
        let kept = refused.fields("/plans/new");
        let value = |name: &str| kept.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
        for (name, typed) in draft_with(&[("dose_1", ".5 mg"), ("why", "Two falls & \"tired\" <b>")]) {
            assert_eq!(value(name).map(str::trim), Some(typed), "{name}");
        }
    });
}

#[test]
fn steps_are_typed_by_hand_or_taken_over_from_a_protocol_and_edited() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let taken = propose(&prescriber, "by_hand", &[]);
        assert_eq!(taken.status, 200, "{}", taken.text());
        let form = taken.fields("/plans/new");
        let value = |name: &str| form.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
        assert_eq!(value("protocol"), Some("by-hand"));
        assert_eq!(
            (value("days_1"), value("dose_1_1"), value("dose_1_2")),
            (Some("14"), Some("0.75 mg"), Some("0.75 mg"))
        );
        let edited = [("do", "check"), ("dose_1_1", "0.875 mg"), ("days_1", "21")];
        let saved = prescriber.fill(&taken, "/plans/new", &edited);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let rows = prescriber.get(saved.location()).all(".steps-n tbody tr");
        assert!(rows[1].contains("from 2 mg to 1.625 mg") && rows[1].contains("21 days"), "{}", rows[1]);
        let again = prescriber.get(&format!("{}/edit", saved.location()));
        let kept = again.fields(&format!("{}/edit", saved.location()));
        assert!(kept.contains(&("dose_1_1".into(), "0.875 mg".into())), "{kept:?}");
    });
}

#[test]
fn typed_steps_that_rise_repeat_or_stop_short_are_refused() {
    let typed = [
        (vec![("days_1", "14"), ("daily_1", "2.5 mg"), ("daily_2", "0")], "never rises"),
        (vec![("days_1", "14"), ("daily_1", "2 mg"), ("daily_2", "0")], "the same as the step before"),
        (vec![("days_1", "14"), ("daily_1", "1 mg")], "the goal is 0 mg"),
        (vec![("days_1", ""), ("daily_1", "1 mg"), ("daily_2", "0")], "least number of days"),
        (vec![("days_1", "0"), ("daily_1", "1 mg"), ("daily_2", "0")], "least number of days"),
        (vec![("days_1", "abc"), ("daily_1", "1 mg"), ("daily_2", "0")], "least number of days"),
        (vec![("days_1", "14"), ("daily_1", "1 mg"), ("dose_1_1", "0.5 mg"), ("daily_2", "0")], "one or the other"),
        (vec![("days_1", "14"), ("daily_2", "0")], "has no dose"),
        (vec![("days_1", "14"), ("dose_1_2", "0.5 mg"), ("daily_2", "0")], "Step 1 has no dose at 08:00"),
        (
            vec![
                ("slot_3", "12:00"),
                ("days_1", "14"),
                ("dose_1_1", "0.5 mg"),
                ("dose_1_2", "0.5 mg"),
                ("dose_1_3", "0.5 mg"),
            ],
            "a dose at 12:00, where there is none today",
        ),
        (
            vec![
                ("slot_3", ""),
                ("days_1", "14"),
                ("dose_1_1", "0.5 mg"),
                ("dose_1_2", "0.5 mg"),
                ("dose_1_3", "0.5 mg"),
            ],
            "24-hour clock",
        ),
        (vec![], "needs its steps typed"),
    ];
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        for (steps, told) in &typed {
            let fields = [vec![("protocol", "by-hand")], steps.clone()].concat();
            let refused = propose(&prescriber, "check", &fields);
            assert_eq!(refused.status, 422, "{steps:?}");
            assert!(refused.text().contains(told), "{steps:?}: {:?}", refused.all(".err"));
        }
        assert_eq!(house.count("plans"), 0);
    });
}

/// Back, another dose, and the same button: whoever does so may not read that it was saved while it was not.
#[test]
fn a_page_sent_again_with_other_content_is_not_answered_as_saved() {
    on_both(|house| {
        let served = open(house);
        let prescriber = served.signed_in("prescriber");
        let page = prescriber.get(&format!("/plans/new?resident={RESIDENT}"));
        let saved = [DRAFT.to_vec(), vec![("do", "save")]].concat();
        assert_eq!(prescriber.fill(&page, "/plans/new", &saved).status, 303);
        let other: Vec<_> =
            saved.iter().map(|&(name, value)| (name, if name == "dose_2" { "0.5 mg" } else { value })).collect();
        let refused = prescriber.fill(&page, "/plans/new", &other);
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert_eq!(prescriber.fill(&page, "/plans/new", &saved).status, 303, "the same again is the first answer");
        let form = page.fields("/plans/new").into_iter().find(|(name, _)| name == "form").unwrap();
        let plan = format!("/plans/{}", form.1);
        let baseline = prescriber.get(&format!("{plan}/baseline"));
        let fields = baseline_by("2026-11-20".parse().unwrap());
        let answers = |days: &'static str| -> Vec<(&str, &str)> {
            fields
                .iter()
                .map(|(name, value)| (name.as_str(), if name == "days_a_week" { days } else { value }))
                .collect()
        };
        let send = |days| prescriber.fill(&baseline, &format!("{plan}/baseline"), &answers(days)).status;
        assert_eq!([send("7"), send("6"), send("7")], [303, 409, 303]);
    });
}

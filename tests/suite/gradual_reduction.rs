//! Gradual dose reductions at their pages: what is noted, by whom, what is refused, what the reports and the history say.

use crate::browser_like::{PASSWORD, Served, Shown, Visitor};
use crate::desk;
use crate::house::{House, RESIDENT, at, on_both};
use crate::ward;

const PAGE: &str = "/residents/resident-1/gradual-reduction";
const WHY: &str = "Stopped eating when it was lowered in spring, lost 6 kg; eats with the others again.";

/// A house on the morning of 20 November 2026.
fn open(law: impl Fn(&House, &Served)) {
    on_both(|house| {
        let served = desk::open(house);
        law(house, &served);
    });
}

/// Sends one note from the page.
fn note(by: &Visitor, what: &str, fields: &[(&str, &str)]) -> Shown {
    let page = by.get(PAGE);
    by.fill(&page, &format!("{PAGE}/{what}"), fields)
}

fn start(by: &Visitor, medicine: &str, on: &str) {
    let fields = [("medicine", medicine), ("on", on), ("class", "hypnotic"), ("rationale", "Admission letter.")];
    let noted = note(by, "start", &fields);
    assert_eq!((noted.status, noted.location()), (303, PAGE), "{}", noted.text());
}

fn attempt(by: &Visitor, medicine: &str, on: &str) -> Shown {
    let how = format!("Lowered by a quarter on {on}, borne well.");
    note(by, "attempt", &[("medicine", medicine), ("on", on), ("rationale", &how)])
}

fn contraindicate(by: &Visitor, medicine: &str, on: &str, again_on: &str, rationale: &str) -> Shown {
    let fields =
        [("medicine", medicine), ("on", on), ("again_on", again_on), ("rationale", rationale), ("password", PASSWORD)];
    note(by, "contraindication", &fields)
}

/// How much was noted: to see that a refusal saved nothing.
fn noted(house: &House) -> (i64, i64) {
    (house.count("gradual_notes"), house.count("history"))
}

/// The fixtures of clinical.md 6.4, at the page, for what began on 15 January.
#[test]
fn the_page_says_whether_the_attempts_are_enough() {
    let fixtures = [
        (["2026-03-01", "2026-04-20"], "Met", "Met: 2 of 2 attempts count."),
        (["2026-04-10", "2026-04-20"], "By 14 Jan 2027", "does not count: too soon after 10 Apr 2026"),
        (["2026-02-01", "2026-03-20"], "By 14 Jan 2027", "does not count: quarter 1 of year 1, as that of 01 Feb 2026"),
    ];
    for (days, tag, words) in fixtures {
        open(|_, served| {
            let pharmacist = served.signed_in("pharmacist");
            start(&pharmacist, "Zopiclone ", "2026-01-15");
            for on in days {
                assert_eq!(attempt(&pharmacist, "zopiclone", on).status, 303);
            }
            let page = pharmacist.get(PAGE);
            assert_eq!(page.all("h2 .tag"), [tag], "{days:?}");
            assert!(page.text().contains(words), "{days:?}: {}", page.text());
            assert!(page.text().contains("15 Jan 2026 to 16 Apr 2026"), "{}", page.text());
        });
    }
}

#[test]
fn one_attempt_and_a_signed_contraindication_are_enough_until_its_day() {
    open(|house, served| {
        let prescriber = served.signed_in("prescriber");
        start(&prescriber, "zopiclone", "2026-01-15");
        attempt(&prescriber, "zopiclone", "2026-03-01");
        let signed = contraindicate(&prescriber, "zopiclone", "2026-11-20", "2027-06-01", WHY);
        assert_eq!((signed.status, signed.location()), (303, PAGE), "{}", signed.text());
        let page = prescriber.get(PAGE);
        assert_eq!(page.all("h2 .tag"), ["Contraindicated until 01 Jun 2027"]);
        assert!(page.text().contains(WHY) && page.text().contains("Pat Prescriber, 20 Nov 2026"), "{}", page.text());
        house.clock.set(at("2027-06-02T09:00:00Z"));
        let later = served.signed_in("supervisor").get("/gradual-reductions");
        assert_eq!(later.all(".tag"), ["Late since 02 Jun 2027"], "{}", later.text());
    });
}

#[test]
fn a_contraindication_is_a_prescribers_with_the_password_and_a_true_rationale() {
    open(|house, served| {
        let prescriber = served.signed_in("prescriber");
        start(&prescriber, "zopiclone", "2026-01-15");
        let before = noted(house);
        let (on, again) = ("2026-11-20", "2027-11-20");
        let bad = [
            (on, again, "", "rationale"),
            (on, again, "Contraindicated.", "rationale"),
            (on, again, "Clinically contraindicated, benefit outweighs risk, continue.", "rationale"),
            (on, "2026-11-20", WHY, "again_on"),
            (on, "2027-11-21", WHY, "again_on"),
            (on, "soon", WHY, "again_on"),
            ("2026-11-21", again, WHY, "on"),
            ("2026-01-14", "2026-12-24", WHY, "on"),
        ];
        for (on, again_on, rationale, field) in bad {
            let refused = contraindicate(&prescriber, "zopiclone", on, again_on, rationale);
            assert_eq!(refused.status, 422, "{on} {again_on} {rationale}");
            let control = format!("#contraindication-{field}[aria-invalid=true]");
            assert!(refused.has(".summary") && refused.attribute(&control, "name").is_some(), "{}", refused.text());
            assert!(refused.attribute("details[open] form", "action").unwrap().ends_with("/contraindication"));
        }
        let page = prescriber.get(PAGE);
        let address = format!("{PAGE}/contraindication");
        let wrong = [("rationale", WHY), ("password", "not mine")];
        assert!(prescriber.fill(&page, &address, &wrong).text().contains("That is not your password."));
        for other in ["pharmacist", "supervisor"] {
            let other = served.signed_in(other);
            assert!(!other.get(PAGE).text().contains("Sign the contraindication"));
            let csrf = other.get(PAGE).attribute("input[name=csrf]", "value").unwrap();
            let fields = [("csrf", csrf.as_str()), ("form", &ward::id()), ("password", PASSWORD)];
            assert_eq!(other.post(&address, &fields).status, 403);
        }
        assert_eq!(noted(house), before);
    });
}

#[test]
fn everything_else_that_cannot_be_noted_is_refused_in_words() {
    open(|house, served| {
        let supervisor = served.signed_in("supervisor");
        start(&supervisor, "zopiclone", "2026-01-15");
        attempt(&supervisor, "zopiclone", "2026-03-01");
        let before = noted(house);
        let bad: [(&str, [&str; 5], &str); 9] = [
            ("start", ["", "2026-01-01", "hypnotic", "A letter.", ""], "Write the name of the medicine"),
            ("start", ["<b>", "2026-01-01", "hypnotic", "A letter.", ""], "Write the name of the medicine"),
            ("start", ["sertraline", "2026-01-01", "", "A letter.", ""], "Choose what kind"),
            ("start", ["sertraline", "2026-11-21", "hypnotic", "A letter.", ""], "still to come"),
            ("start", ["zopiclone", "2026-01-15", "hypnotic", "A letter.", ""], "recorded already"),
            ("attempt", ["zopiclone", "2026-03-01", "", "Lowered again.", ""], "An attempt on 01 Mar 2026 is recorded"),
            ("attempt", ["zopiclone", "2026-01-14", "", "Lowered then.", ""], "is taken since 15 Jan 2026"),
            ("end", ["zopiclone", "2026-04-01", "", "", ""], "Write the reason"),
            ("strike", ["", "", "", "It was wrong.", "nothing"], "Choose a note"),
        ];
        for (what, [medicine, on, class, rationale, which], words) in bad {
            let fields =
                [("medicine", medicine), ("on", on), ("class", class), ("rationale", rationale), ("note", which)];
            let refused = note(&supervisor, what, &fields);
            assert_eq!(refused.status, 422, "{what} {fields:?}");
            assert!(
                refused.text().contains(words) && refused.text().contains("Nothing has been noted"),
                "{}",
                refused.text()
            );
        }
        assert_eq!(noted(house), before);
    });
}

#[test]
fn a_wrong_note_is_struck_out_stays_readable_and_counts_no_more() {
    open(|house, served| {
        let prescriber = served.signed_in("prescriber");
        start(&prescriber, "zopiclone", "2026-01-15");
        attempt(&prescriber, "zopiclone", "2026-03-01");
        contraindicate(&prescriber, "zopiclone", "2026-11-20", "2027-06-01", WHY);
        let supervisor = served.signed_in("supervisor");
        let notes = |by: &Visitor| by.get(PAGE).attributes("#strike-note option", "value");
        assert_eq!((notes(&prescriber).len(), notes(&supervisor).len()), (4, 3), "one to choose none");
        let excuse = notes(&prescriber).pop().unwrap();
        let refused = note(&supervisor, "strike", &[("note", &excuse), ("rationale", "It was wrong.")]);
        assert!(refused.text().contains("Only a prescriber strikes out"), "{}", refused.text());
        let wrong = notes(&prescriber)[2].clone();
        let struck = note(&supervisor, "strike", &[("note", &wrong), ("rationale", "That was another resident.")]);
        assert_eq!(struck.status, 303, "{}", struck.text());
        let page = supervisor.get(PAGE);
        assert!(page.all("del")[0].contains("Attempt elsewhere"), "{}", page.text());
        assert!(page.text().contains("That was another resident.") && !page.text().contains("counts, quarter"));
        let again = note(&supervisor, "strike", &[("note", &wrong), ("rationale", "That was another resident.")]);
        assert_eq!(again.status, 422);
        assert_eq!(house.count("gradual_notes"), 4);
        assert!(house.plain_sql("UPDATE gradual_notes SET rationale = 'x'").is_err());
        assert!(house.plain_sql("DELETE FROM gradual_notes").is_err());
    });
}

#[test]
fn a_signed_reduction_that_took_effect_is_an_attempt_by_itself() {
    open(|house, served| {
        let plan = ward::plan(house, RESIDENT, "2026-11-21");
        house.clock.set(at("2026-12-04T09:00:00Z"));
        ward::sign(house, &plan, 1, "2026-12-05");
        let unknown = served.signed_in("supervisor").get("/gradual-reductions");
        assert_eq!(unknown.all(".tag"), ["Start not recorded"]);
        let pharmacist = served.signed_in("pharmacist");
        assert_eq!(pharmacist.get(PAGE).attribute("#start-medicine", "value").as_deref(), Some("clonazepam"));
        assert_eq!(pharmacist.get(PAGE).attribute("#start-on", "value").as_deref(), Some("2021-05-01"));
        start(&pharmacist, "clonazepam", "2026-11-01");
        assert!(!pharmacist.get(PAGE).text().contains("Reduced here"), "signed is not yet in force");
        house.clock.set(at("2026-12-05T09:00:00Z"));
        let page = served.signed_in("pharmacist").get(PAGE);
        assert!(
            page.text().contains("Reduced here from 1 mg to 0.5 mg daily counts, quarter 1 of year 1"),
            "{}",
            page.text()
        );
        assert_eq!(page.attributes("td a", "href"), [format!("/plans/{plan}/reductions/1")], "once");
        assert_eq!(page.all(".q-made"), ["05 Dec 2026, counts"]);
    });
}

#[test]
fn a_repeated_form_notes_once_and_another_facilitys_resident_is_missing() {
    open(|house, served| {
        let supervisor = served.signed_in("supervisor");
        let page = supervisor.get(PAGE);
        let fields = [
            ("medicine", "zopiclone"),
            ("on", "2026-01-15"),
            ("class", "hypnotic"),
            ("rationale", "Admission letter."),
        ];
        for _ in 0..2 {
            assert_eq!(supervisor.fill(&page, &format!("{PAGE}/start"), &fields).status, 303);
        }
        assert_eq!(house.count("gradual_notes"), 1);
        let afar = served.signed_in("afar");
        assert_eq!(afar.get(PAGE).status, 404);
        assert_eq!(afar.get("/gradual-reductions?facility=alder").status, 404);
        assert_eq!(afar.get("/gradual-reductions.csv?facility=alder").status, 404);
        for (what, status) in [("start", 404), ("contraindication", 404), ("nothing", 404)] {
            let csrf = afar.get("/plans").attribute("input[name=csrf]", "value").unwrap();
            let fields = [("csrf", csrf.as_str()), ("form", &ward::id()), ("medicine", "zopiclone")];
            assert_eq!(afar.post(&format!("{PAGE}/{what}"), &fields).status, status, "{what}");
        }
        let nurse = served.signed_in("nurse");
        assert_eq!((nurse.get(PAGE).status, nurse.get("/gradual-reductions").status), (403, 403));
        assert!(!nurse.get(&format!("/residents/{RESIDENT}")).text().contains("Gradual dose"));
        assert!(supervisor.get(&format!("/residents/{RESIDENT}")).text().contains("Gradual dose reductions"));
    });
}

#[test]
fn the_facilitys_report_is_sorted_filtered_and_downloaded() {
    open(|house, served| {
        let prescriber = served.signed_in("prescriber");
        for (medicine, on) in [("late", "2025-06-01"), ("later", "2026-11-01"), ("excused", "2025-06-02")] {
            start(&prescriber, &format!("{medicine} medicine"), on);
        }
        let run = "=cmd, who walked into the road at night when it was lowered, and cried";
        contraindicate(&prescriber, "excused medicine", "2026-11-20", "2027-06-01", run);
        let pharmacist = served.signed_in("pharmacist");
        let page = pharmacist.get("/gradual-reductions");
        let medicines = ["late medicine", "later medicine", "excused medicine"];
        assert_eq!(page.all("td .drug"), medicines);
        assert!(page.text().contains("42 CFR 483.45(e)"));
        let late = pharmacist.get("/gradual-reductions?facility=alder&only=late");
        assert_eq!(late.all("td .drug"), medicines[..1]);
        let file = pharmacist.get("/gradual-reductions.csv?facility=alder");
        assert!(
            file.header("content-disposition").unwrap().contains("alder-house-gradual-dose-reductions-2026-11-20.csv")
        );
        let lines: Vec<&str> = file.body.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[1].contains("late medicine,hypnotic,2025-06-01,2026-05-31,late,2026-03-02,"), "{}", lines[1]);
        assert!(
            lines[3].contains("contraindicated,2027-06-01") && lines[3].contains("Pat Prescriber: =cmd"),
            "{}",
            lines[3]
        );
        let _ = house;
    });
}

#[test]
fn the_history_tells_each_note_in_words() {
    open(|house, served| {
        let prescriber = served.signed_in("prescriber");
        start(&prescriber, "zopiclone", "2026-01-15");
        attempt(&prescriber, "zopiclone", "2026-03-01");
        contraindicate(&prescriber, "zopiclone", "2026-11-20", "2027-06-01", WHY);
        let end = [("medicine", "zopiclone"), ("on", "2026-11-20"), ("rationale", "Stopped by the hospital.")];
        assert_eq!(note(&prescriber, "end", &end).status, 303);
        assert_eq!(prescriber.get(PAGE).all("h2 .tag"), ["No longer taken"]);
        let text = prescriber.get(&format!("/history/{}", house.count("history"))).text();
        for words in [
            "Start of zopiclone noted by Pat Prescriber, prescriber",
            "Taken since 15 Jan 2026, as a hypnotic medicine.",
            "Attempt to reduce zopiclone noted",
            "Reduction of zopiclone signed as contraindicated",
            WHY,
            "Taken for the last time on 20 Nov 2026.",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    });
}

#[test]
fn the_settings_decide_what_is_asked_for() {
    open(|house, served| {
        let pharmacist = served.signed_in("pharmacist");
        start(&pharmacist, "zopiclone", "2026-01-15");
        for on in ["2026-02-01", "2026-02-20"] {
            attempt(&pharmacist, "zopiclone", on);
        }
        assert_eq!(pharmacist.get(PAGE).all("h2 .tag"), ["By 14 Jan 2027"]);
        let administrator = served.signed_in("administrator");
        let page = administrator.get("/settings");
        assert!(page.text().contains("This is not a federal rule."));
        let wrong =
            [("gradual_attempts", "5"), ("gradual_between_days", "91"), ("gradual_contraindication_days", "29")];
        assert_eq!(administrator.fill(&page, "/settings", &wrong).all(".summary li").len(), 3);
        let mut fields: Vec<(String, String)> = page.fields("/settings");
        fields.retain(|(name, _)| name != "gradual_quarters" && name != "gradual_between_days");
        fields.push(("gradual_between_days".to_owned(), "14".to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(administrator.post("/settings", &fields).status, 303);
        assert_eq!(house.count("facilities WHERE gradual_between_days = 14 AND NOT gradual_quarters"), 1);
        let page = pharmacist.get(PAGE);
        assert_eq!(page.all("h2 .tag"), ["Met"], "{}", page.text());
        assert!(page.text().contains("2 attempts in the first year, at least 14 days apart"));
        assert!(administrator.get("/settings").attribute("#gradual_quarters", "checked").is_none());
    });
}

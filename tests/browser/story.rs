//! The story: a plan is drafted, approved, signed, given, refused and audited, as its people would, on every page they pass.

use std::path::Path;

use crate::ground::{Demo, Driver, Tools};
use crate::window::Window;

/// The resident of the story, who has no taper when it begins.
const SHE: &str = "AMUNDSEN";

const RATIONALE: &str = "Slept six hours on most nights, walks steadily, and asks to go on with it.";

#[tokio::test]
async fn a_plan_is_drafted_approved_signed_given_and_audited() {
    let Some(tools) = Tools::found() else { return };
    let folder = tempfile::tempdir().unwrap();
    let driver = Driver::start(&tools, folder.path());
    let demo = Demo::at("2026-11-20T08:12", folder.path());
    let mut window = Window::open(&driver, &tools, &demo).await;
    strangers_come_to_the_door(&window).await;
    the_prescriber_drafts_and_approves(&window).await;
    the_pharmacist_signs(&window).await;
    the_nurse_records_a_refusal(&window).await;
    two_nurses_meet_at_one_dose(&window).await;
    drop(demo);
    let week_later = Demo::at("2026-11-27T08:05", folder.path());
    window.turn_to(&week_later);
    the_nurse_gives_the_lower_dose(&window).await;
    the_supervisor_audits(&window, folder.path()).await;
    the_administrator_looks_after_the_house(&window).await;
    window.nothing_was_wrong();
}

async fn strangers_come_to_the_door(window: &Window) {
    window.go("/round").await;
    assert!(window.path().await.starts_with("/sign-in"), "a stranger is led to the door");
    window.look("the door").await;
    window.fill("username", "a.diallo").await;
    window.fill("password", "wrong").await;
    window.press("Sign in").await;
    window.look("the door, after a wrong password").await;
}

async fn the_prescriber_drafts_and_approves(window: &Window) {
    window.sign_in("h.marsh").await;
    window.look("the plans").await;
    window.press("New plan").await;
    window.look("whom a plan is for").await;
    window.pick("resident", SHE).await;
    window.press("Begin a plan").await;
    window.look("an empty plan").await;
    window.press("Check and approve plan").await;
    window.says("Nothing has been saved");
    window.look("a plan with everything missing").await;
    window.pick("medicine", "clonazepam").await;
    for (field, value) in [("slot_1", "08:00"), ("dose_1", "0.5 mg"), ("slot_2", "20:00"), ("dose_2", "0.5 mg")] {
        window.fill(field, value).await;
    }
    window.set("baseline_on", "2026-11-20");
    window.set("first_reduction_on", "2026-11-27");
    window.fill("goal", "0 mg").await;
    window.fill("indication", "Anxiety after a bereavement").await;
    window.fill("why", "Drowsy at breakfast; she asks to come off it.").await;
    window.choose("protocol", "clonazepam-fixed").await;
    window.press("Preview the steps").await;
    window.says("Preview");
    window.look("the preview").await;
    window.press("Check and approve plan").await;
    window.says("Baseline: 16 things missing");
    window.look("the plan without its baseline").await;
    she_is_asked_how_it_began(window).await;
    window.look("the plan before its approval").await;
    window.fill("password", "alder-house").await;
    window.press("Approve the plan").await;
    window.look("the plan once approved").await;
}

/// What is known before the taper: first with a slip, then whole.
async fn she_is_asked_how_it_began(window: &Window) {
    window.press("Fill in the baseline").await;
    window.look("an empty baseline").await;
    window.fill("since", "2019-04").await;
    window.pick("days_a_week", "Every day").await;
    for (question, answer) in [
        ("route", "no_misuse"),
        ("earlier", "no"),
        ("sedatives", "no"),
        ("opioids", "yes"),
        ("alcohol", "no"),
        ("seizures", "no"),
        ("epilepsy", "no"),
        ("illness", "no"),
        ("pregnancy", "not_applicable"),
        ("support", "yes"),
        ("education", "yes"),
        ("agreed_by", "resident"),
        ("agreed_how", "in_person"),
    ] {
        window.choose(question, answer).await;
    }
    window.fill("support_words", "A weekly talk with J. Ward").await;
    window.fill("support_until", "2027-09").await;
    window.fill("taken_off_name", "Lena Hoek RN").await;
    for (field, day) in [("agreed_on", "2026-11-18"), ("expires_on", "2027-05-19"), ("taken_off_on", "2026-11-19")] {
        window.set(field, day);
    }
    window.press("Save the baseline").await;
    window.says("Nothing has been saved");
    window.look("a baseline with a yes that says nothing").await;
    window.fill("opioids_words", "codeine 30 mg at night").await;
    window.press("Save the baseline").await;
    window.says("codeine 30 mg at night");
}

async fn the_pharmacist_signs(window: &Window) {
    window.sign_in("p.venkatesan").await;
    window.look("the reductions").await;
    window.press(&format!("reduction for {SHE}")).await;
    window.press("Sign the reduction").await;
    window.look("a reduction, about to be signed").await;
    window.fill("rationale", "   ").await;
    window.press("Sign reduction to").await;
    window.says("Nothing has changed by this");
    window.look("a signature refused").await;
    window.set("effective_on", "2026-11-27");
    window.fill_if_there("flags_reason", "The smallest cut that the shelf allows, after weeks of good sleep.").await;
    window.fill("rationale", RATIONALE).await;
    window.fill("password", "alder-house").await;
    window.press("Sign reduction to").await;
    window.go("/residents").await;
    window.look("the residents").await;
    window.press(SHE).await;
    window.look("a resident").await;
}

/// A week later the dose has followed the signature; one key records it.
async fn the_nurse_gives_the_lower_dose(window: &Window) {
    window.sign_in("a.diallo").await;
    window.go_to_the_round("Rowan", "08:00").await;
    window.look("the round after a week in which nobody recorded").await;
    window.press(SHE).await;
    window.look("her page").await;
    window.press("MAR").await;
    window.says("no record");
    window.look("her MAR").await;
    window.press("Whole unit").await;
    window.look("the MAR of the unit").await;
    window.go_to_the_round("Rowan", "08:00").await;
    window.press(&format!("Record {SHE}, Grete, clonazepam 0.375 mg")).await;
    window.says("from 0.5 mg");
    window.says("to 0.375 mg");
    window.look("a dose").await;
    window.tab_to("Record as given now");
    window.enter().await;
    assert!(window.path().await.starts_with("/round"), "after recording the round goes on");
    window.look("the round, with one dose recorded").await;
}

async fn the_nurse_records_a_refusal(window: &Window) {
    window.sign_in("a.diallo").await;
    window.go_to_the_round("Rowan", "08:00").await;
    window.look("the round").await;
    window.press("Record SINGH").await;
    window.choose("outcome", "refused").await;
    window.press("Record as refused").await;
    window.says("Nothing has been recorded");
    window.look("a refusal without its reason").await;
    window.choose("outcome", "refused").await;
    window.choose("reason", "R1").await;
    window.press("Record as refused").await;
    assert!(window.path().await.starts_with("/round"), "the refusal is recorded:\n{}", window.told());
}

/// The same nurse twice stands for two: one dose, two open pages.
async fn two_nurses_meet_at_one_dose(window: &Window) {
    window.go_to_the_round("Willow", "08:00").await;
    window.press("Record ABERNATHY").await;
    let dose = window.path().await;
    let first = window.beside().await;
    window.go(&dose).await;
    window.press("Record as given now").await;
    window.back_to(first).await;
    window.press("Record as given now").await;
    window.says("Nothing you entered has been saved");
    window.look("two records of one dose").await;
    window.go(&dose).await;
    window.look("a dose that is recorded").await;
}

async fn the_supervisor_audits(window: &Window, folder: &Path) {
    window.sign_in("c.ashby").await;
    window.look("the overview").await;
    window.go("/history").await;
    window.look("the history").await;
    window.pick("resident", SHE).await;
    window.press("Show records").await;
    window.says("0.375 mg");
    let file = window.download("CSV", folder).await;
    let hers = file.lines().filter(|line| line.to_uppercase().contains(SHE)).count();
    assert!(hers > 0 && hers == file.lines().count() - 1, "the file holds what the page was asked for:\n{file}");
    window.follow("td a.link").await;
    window.look("an entry").await;
    window.go("/round").await;
    window.look("a page of another role").await;
    window.go("/nowhere").await;
    window.look("no page").await;
}

async fn the_administrator_looks_after_the_house(window: &Window) {
    window.sign_in("r.tan").await;
    for page in ["/people", "/products", "/settings", "/settings/mar-letters", "/letters"] {
        window.go(page).await;
        window.look(page).await;
    }
}

//! The other story: a taper that follows its resident. Scored, held, amended, signed, alarmed, stepped back, away and back;
//! and another that goes over to a second medicine.

use crate::ground::{Demo, Driver, Tools};
use crate::window::Window;

/// His reduction waits for a signature when the story begins.
const HE: &str = "SINGH";

#[tokio::test]
async fn a_taper_follows_its_resident() {
    let Some(tools) = Tools::found() else { return };
    let folder = tempfile::tempdir().unwrap();
    let driver = Driver::start(&tools, folder.path());
    let demo = Demo::at("2026-11-20T08:12", folder.path());
    let mut window = Window::open(&driver, &tools, &demo).await;
    let his = the_nurse_scores_him_high(&window).await;
    the_pharmacist_holds(&window).await;
    the_prescriber_amends_slower(&window).await;
    drop(demo);
    let week_later = Demo::at("2026-11-28T09:05", folder.path());
    window.turn_to(&week_later);
    the_pharmacist_signs_the_slower_step(&window).await;
    a_severe_sign_stops_it_until_it_is_released(&window, &his).await;
    the_prescriber_steps_back(&window, &his).await;
    something_is_ordered_as_needed_and_given(&window, &his).await;
    he_is_away_and_back(&window, &his).await;
    another_goes_over_to_diazepam(&window).await;
    window.nothing_was_wrong();
}

/// Answers where his pages begin.
async fn the_nurse_scores_him_high(window: &Window) -> String {
    window.sign_in("a.diallo").await;
    window.go("/residents").await;
    window.press(HE).await;
    let his = window.path().await;
    window.go(&format!("{his}/assessments/new?scale=ciwa-b")).await;
    window.look("a score, not begun").await;
    window.press("Save assessment").await;
    window.says("Nothing has been saved");
    window.look("a score with everything missing").await;
    window.ask("document.querySelectorAll('input[type=radio][value=\"3\"]').forEach(point => point.click())");
    window.press("Save assessment").await;
    window.says("60 of 80");
    window.look("a score, saved").await;
    his
}

async fn the_pharmacist_holds(window: &Window) {
    window.sign_in("p.venkatesan").await;
    window.press(&format!("reduction for {HE}")).await;
    window.press("and look again").await;
    window.look("a reduction, about to be held").await;
    window.set("reassess_on", "2026-11-27");
    window.fill("rationale", "Shaky since the last change, sleeps four hours, asks to go slower.").await;
    window.fill("password", "alder-house").await;
    window.press("Sign hold at 11 mg daily").await;
    window.says("hold");
}

async fn the_prescriber_amends_slower(window: &Window) {
    window.sign_in("h.marsh").await;
    window.go_to_the_plan(HE).await;
    window.press("Amend from here").await;
    window.look("an amendment, not begun").await;
    window.fill("rationale", "His daughter and he ask for two weeks at each step, after the bad nights.").await;
    window.set("first_reduction_on", "2026-11-28");
    window.choose("protocol", "percent-of-initial").await;
    window.press("Preview both versions").await;
    window.says("Both versions, side by side");
    window.look("both versions").await;
    window.press("Submit version 2 for approval").await;
    window.look("what is submitted").await;
    window.fill("password", "alder-house").await;
    window.press("Approve version 2").await;
    window.says("11 mg");
}

async fn the_pharmacist_signs_the_slower_step(window: &Window) {
    window.sign_in("p.venkatesan").await;
    window.press(&format!("reduction for {HE}")).await;
    window.press("Sign the reduction").await;
    window.set("effective_on", "2026-11-30");
    for reason in ["flags_reason", "score_reason"] {
        window.fill_if_there(reason, "Looked at with his nurse: slower than planned, and he agrees to it.").await;
    }
    window.fill("rationale", "Sleeps six hours again since the hold, and wants to try the smaller step.").await;
    window.fill("password", "alder-house").await;
    window.press("Sign reduction to").await;
    window.says("The checks on this page are now those of this day");
    window.look("the checks of another day").await;
    window.fill("password", "alder-house").await;
    window.press("Sign reduction to").await;
    window.says("30 Nov 2026");
    window.look("a reduction, signed ahead").await;
}

async fn a_severe_sign_stops_it_until_it_is_released(window: &Window, his: &str) {
    window.sign_in("a.diallo").await;
    window.go(his).await;
    window.press("Severe sign").await;
    window.look("a severe sign, about to be recorded").await;
    window.choose("sign", "seizure").await;
    window.press("Record the severe sign").await;
    let sign = window.path().await;
    window.says("Seizure");
    window.look("a severe sign").await;
    window.sign_in("h.marsh").await;
    window.go(&sign).await;
    window.look("a severe sign, before its release").await;
    window.fill("rationale", "Seen by the ambulance: no second fit, awake, goes on at this dose.").await;
    window.fill("password", "alder-house").await;
    window.press("Release after seizure").await;
    window.says("Released by");
}

async fn the_prescriber_steps_back(window: &Window, his: &str) {
    window.go(his).await;
    window.go_to_the_plan(HE).await;
    window.press("Decide the dose").await;
    window.look("what a prescriber may decide").await;
    window.press("To an earlier step").await;
    window.ask("document.querySelector('input[name=step]').click()");
    window.fill("rationale", "After the fit he is to be where he was well, for some weeks at least.").await;
    window.fill("password", "alder-house").await;
    window.press("Step back from").await;
    window.says("12 mg");
    window.look("an order").await;
}

async fn something_is_ordered_as_needed_and_given(window: &Window, his: &str) {
    window.go(his).await;
    window.press("Order as needed").await;
    window.look("an as-needed order, not begun").await;
    window.pick("medicine", "lorazepam").await;
    for (field, words) in [
        ("amount", "0.5 mg"),
        ("reason", "Panic that talking does not settle"),
        ("least_minutes", "240"),
        ("most", "2 mg"),
    ] {
        window.fill(field, words).await;
    }
    window.set("ends_on", "");
    window.fill("password", "alder-house").await;
    window.press("Order as needed").await;
    window.says("Nothing has been ordered");
    window.look("an as-needed order without an end").await;
    window.set("ends_on", "2026-12-05");
    window.fill("password", "alder-house").await;
    window.press("Order as needed").await;
    window.look("a resident with an as-needed order").await;
    window.sign_in("a.diallo").await;
    window.go(his).await;
    window.press("Give").await;
    window.look("an as-needed dose").await;
    window.fill("why", "Pacing, cannot be talked down").await;
    window.press("Record 0.5 mg as given").await;
    window.says("0.5 mg");
}

async fn he_is_away_and_back(window: &Window, his: &str) {
    window.go(his).await;
    window.press("Away").await;
    window.look("an absence, about to be recorded").await;
    window.choose("kind", "hospital").await;
    window.press("Record the absence").await;
    window.go(his).await;
    window.look("a resident who is away").await;
    window.go(&format!("{his}/absence")).await;
    window.look("a return, about to be recorded").await;
}

/// A cross-taper is drafted; the converted doses count once somebody has confirmed them.
async fn another_goes_over_to_diazepam(window: &Window) {
    window.sign_in("h.marsh").await;
    window.press("New plan").await;
    window.pick("resident", "AMUNDSEN").await;
    window.press("Begin a plan").await;
    window.pick("medicine", "lorazepam").await;
    for (field, value) in [("slot_1", "08:00"), ("dose_1", "0.5 mg"), ("slot_2", "20:00"), ("dose_2", "1 mg")] {
        window.fill(field, value).await;
    }
    window.set("first_reduction_on", "2026-12-07");
    window.fill("goal", "0 mg").await;
    window.fill("indication", "Anxiety after a bereavement").await;
    window.fill("why", "Wakes between the doses; a longer acting medicine first.").await;
    window.choose("protocol", "percent-of-initial").await;
    window.pick("to", "diazepam").await;
    window.press("Show what the tables say").await;
    window.says("so none of them decides");
    window.look("a cross-taper, the tables side by side").await;
    window.choose("table", "ashton-2002").await;
    for (field, value) in [("converted_1", "5 mg"), ("converted_2", "10 mg"), ("swap_days", "7")] {
        window.fill(field, value).await;
    }
    window.press("Check and approve plan").await;
    window.says("Nothing has been saved");
    window.look("a conversion that nobody confirmed").await;
    window.ask("document.querySelector('[name=confirmed]').click()");
    window.press("Check and approve plan").await;
    window.says("5 mg");
    window.look("a cross-taper, drafted").await;
}

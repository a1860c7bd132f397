//! The third story: every tablet is accounted for. Given in two taps, put right, wasted before a witness, counted, scanned,
//! given in error, and typed in from paper.

use crate::ground::{Demo, Driver, Tools};
use crate::window::Window;

/// Her morning dose is open when the story begins.
const SHE: &str = "ABERNATHY";

#[tokio::test]
async fn every_tablet_is_accounted_for() {
    let Some(tools) = Tools::found() else { return };
    let folder = tempfile::tempdir().unwrap();
    let driver = Driver::start(&tools, folder.path());
    let demo = Demo::at("2026-11-20T08:12", folder.path());
    let window = Window::open(&driver, &tools, &demo).await;
    window.sign_in("a.diallo").await;
    a_dose_is_given_in_two_taps_and_put_right(&window).await;
    a_refused_dose_is_wasted_before_a_witness(&window).await;
    a_tablet_comes_in_and_everything_is_counted(&window).await;
    something_is_given_in_error_and_answered(&window).await;
    a_dose_is_scanned(&window).await;
    what_stood_on_paper_is_typed_in(&window).await;
    window.nothing_was_wrong();
}

/// One tap opens it, the next records it; then the round is at the same resident, and offers to undo.
async fn a_dose_is_given_in_two_taps_and_put_right(window: &Window) {
    window.go_to_the_round("Willow", "08:00").await;
    window.press(&format!("Record {SHE}")).await;
    window.press("Record as given now").await;
    let round = window.path().await;
    assert!(round.starts_with("/round") && round.contains("#resident-"), "{round}");
    window.press("Undo").await;
    window.look("a correction").await;
    window.choose("outcome", "refused").await;
    window.choose("reason", "R1").await;
    window.press("Save the correction").await;
    window.says("Nothing has been corrected");
    window.look("a correction without its reason").await;
    window.fill("why", "The wrong tile: she turned her head away.").await;
    window.press("Save the correction").await;
    window.go_to_the_round("Willow", "08:00").await;
    window.press(SHE).await;
    assert_eq!(
        window.ask("!!document.querySelector('del')").as_bool(),
        Some(true),
        "the first record stays, struck through"
    );
    window.look("a resident with a corrected record").await;
}

async fn a_refused_dose_is_wasted_before_a_witness(window: &Window) {
    window.go_to_the_round("Willow", "08:00").await;
    window.follow("main a.btn[href^='/doses/']").await;
    window.choose("outcome", "refused").await;
    window.choose("reason", "R1").await;
    window.ask("document.querySelector('[name=spoiled]').click()");
    witnessed_by(window, "a.diallo", "alder-house").await;
    window.press("Record as refused").await;
    window.says("Nobody is their own witness");
    window.look("a witness who is the actor").await;
    witnessed_by(window, "t.fielding", "not-his-password").await;
    window.press("Record as refused").await;
    window.says("do not belong together");
    witnessed_by(window, "t.fielding", "alder-house").await;
    window.press("Record as refused").await;
    assert!(window.path().await.starts_with("/round"), "it is wasted:\n{}", window.told());
}

async fn witnessed_by(window: &Window, username: &str, password: &str) {
    window.fill("second_username", username).await;
    window.fill("second_password", password).await;
}

async fn a_tablet_comes_in_and_everything_is_counted(window: &Window) {
    window.go("/register").await;
    window.look("the registers of a unit").await;
    window.press("Receive").await;
    window.look("something to be received").await;
    window.ask("document.querySelectorAll('main select').forEach(list => { if (!list.value) list.selectedIndex = 1 })");
    window.fill("count", "28").await;
    window.fill("lot", "B1234").await;
    window.set("expires_on", "2026-11-19");
    window.fill("note", "Brook Street Pharmacy, delivery 77512").await;
    witnessed_by(window, "t.fielding", "alder-house").await;
    window.press("Enter as received").await;
    window.says("This pack expired on");
    window.look("a pack that has expired").await;
    window.set("expires_on", "2028-01-31");
    witnessed_by(window, "t.fielding", "alder-house").await;
    window.press("Enter as received").await;
    window.look("a register").await;
    window.go("/register").await;
    window.press("Count now").await;
    window.look("a count, not begun").await;
    counted(window, "12a");
    window.press("On to the second person").await;
    window.says("is not a count");
    window.look("a count that cannot be read").await;
    counted(window, "30");
    window.press("On to the second person").await;
    window.says("Second count");
    window.look("a second count").await;
    counted(window, "30");
    witnessed_by(window, "t.fielding", "alder-house").await;
    window.press("Save the count").await;
    window.look("the registers, with what the count found").await;
    window.press("Doses and register").await;
    window.look("a day of doses beside the register").await;
}

/// The same figure for every product.
fn counted(window: &Window, figure: &str) {
    window.ask(&format!("document.querySelectorAll('main fieldset input[type=text]').forEach(one => {{ if (one.name !== 'second_username') one.value = '{figure}' }})"));
}

async fn something_is_given_in_error_and_answered(window: &Window) {
    window.go("/residents").await;
    window.press(SHE).await;
    window.press("Record what was given in error").await;
    window.look("what was given in error, not said yet").await;
    window.choose("mistake", "given_twice").await;
    window.pick("medicine", "clonazepam").await;
    window.fill("amount", "0.5 mg").await;
    window.pick("given_by", "Not known").await;
    window.fill("what", "The night nurse had given it; the cup was not cleared away.").await;
    window.press("Record as given in error").await;
    window.says("Nothing has been recorded");
    window.fill("done", "Watched every 15 minutes; Dr Marsh called at 08:05.").await;
    window.press("Record as given in error").await;
    window.says("Wants an answer of a prescriber");
    let incident = window.path().await;
    window.look("an incident").await;
    window.sign_in("h.marsh").await;
    window.go(&incident).await;
    window.fill("said", "Rousable and calm; the next dose as planned.").await;
    window.press("Answer as prescriber").await;
    window.says("Wants an answer of a supervisor");
    window.sign_in("c.ashby").await;
    window.says("Given in error");
    window.go(&incident).await;
    window.fill("said", "Cups are cleared away at once, from today.").await;
    window.press("Answer as supervisor").await;
    window.says("Answered");
}

/// A scanner types, and ends with Enter: nothing is recorded by that.
async fn a_dose_is_scanned(window: &Window) {
    window.sign_in("r.tan").await;
    window.go("/settings").await;
    window.pick("identify", "label").await;
    window.press("Change settings").await;
    window.sign_in("a.diallo").await;
    window.go_to_the_round("Willow", "08:00").await;
    window.follow("main a.btn[href^='/doses/']").await;
    let dose = window.path().await;
    window.look("a dose to be scanned").await;
    scan(window, "AH-9999").await;
    window.look("a label of nobody").await;
    window.go(&dose).await;
    let number = window.ask("document.body.innerText.match(/AH-\\d{4}/)[0]");
    scan(window, number.as_str().unwrap()).await;
    window.says("Everything is scanned");
    window.press("Record as given now").await;
    assert!(window.path().await.starts_with("/round"), "{}", window.told());
}

async fn scan(window: &Window, typed: &str) {
    window.fill("scan", typed).await;
    window.enter().await;
}

async fn what_stood_on_paper_is_typed_in(window: &Window) {
    window.go_to_the_round("Rowan", "08:00").await;
    window.press("enter what stands on paper").await;
    window.look("the paper, not asked for yet").await;
    window.set("from", "2026-11-20T06:00");
    window.set("until", "2026-11-20T08:10");
    window.press("Show these doses").await;
    window.look("the paper").await;
    window.ask(
        "(() => { const line = [...document.querySelectorAll('main section')].find(one => one.querySelector('select'));
        line.querySelector('select[name*=outcome]').value = 'given';
        const by = line.querySelector('select[name*=given_by]');
        by.value = [...by.options].find(one => one.text.includes('Fielding')).value;
        line.querySelector('input[name*=given_at]').value = '07:55'; })()",
    );
    window.press("Record the lines filled in").await;
    window.says("recorded");
    window.look("the paper, one line of it recorded").await;
}

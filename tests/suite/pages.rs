//! Every page with every sample: labels, headings, escaping, and no dose that could be misread.

use std::collections::BTreeSet;

use askama::Template;
use scraper::{ElementRef, Html, Selector};
use stepdown::pages;

/// Renders the samples of pages, each under the name of its page.
macro_rules! samples {
    ($($page:ident),* $(,)?) => {
        vec![$((stringify!($page), pages::$page::View::samples().iter().map(|view| view.render().unwrap()).collect())),*]
    };
}

#[test]
fn every_page_keeps_the_laws_of_a_page_with_every_sample() {
    let all: Vec<(&str, Vec<String>)> = samples![
        absence,
        agency,
        as_needed_effect,
        as_needed_end,
        as_needed_give,
        as_needed_order,
        as_needed_strike,
        assessment,
        assessment_saved,
        assessments,
        back_entry,
        baseline,
        correct,
        decide,
        dose,
        ending,
        error_rate,
        gradual_reduction,
        gradual_reductions,
        history,
        history_entry,
        incident,
        incident_new,
        incident_strike,
        labels,
        letters,
        limits,
        mar,
        mar_letters,
        order,
        order_list,
        overview,
        own_password,
        pack_codes,
        pause,
        people,
        person,
        photo,
        plan,
        plan_edit,
        plan_version,
        plans,
        products,
        reduction,
        reductions,
        register,
        register_count,
        register_day,
        register_enter,
        register_settings,
        registers,
        resident,
        resident_edit,
        residents_list,
        residents,
        round,
        settings,
        severe_sign,
        severe_sign_new,
        sign_in,
        taper_alert,
        staff_list,
        transfer,
        unit,
        unit_mar,
        unscheduled,
        vomit
    ];
    for (page, drawn) in all {
        assert!(drawn.len() >= 2, "{page} needs more samples");
        for (n, drawn) in drawn.iter().enumerate() {
            keeps_the_laws(&format!("{page}, sample {n}"), drawn);
        }
    }
}

#[test]
fn two_records_of_one_dose_are_shown_by_the_laws_of_a_page() {
    for (n, view) in pages::dose::Conflict::samples().iter().enumerate() {
        keeps_the_laws(&format!("conflict, sample {n}"), &view.render().unwrap());
    }
}

#[test]
fn the_as_needed_part_of_a_paper_is_shown_by_the_laws_of_a_page() {
    for (n, view) in pages::back_entry::as_needed::View::samples().iter().enumerate() {
        keeps_the_laws(&format!("as-needed paper, sample {n}"), &view.render().unwrap());
    }
}

#[test]
fn the_samples_show_a_taper_in_every_state() {
    let states = [
        ("plan", "Approve the plan"),
        ("plan", "Baseline: 16 things missing"),
        ("plan", "Baseline: 1 thing missing"),
        ("plan", "Nothing is recorded of the time before the taper."),
        ("plan", "Continues after"),
        ("reduction", "Risks known before the taper"),
        ("plan", "This draft cannot be approved as it is."),
        ("plan", "The steps cannot be worked out"),
        ("plan", "Cannot be made"),
        ("plan", "cannot be made from what is in stock"),
        ("plan", "Signed, not yet in effect"),
        ("plan", "On hold"),
        ("plan", "A pharmacist sent this plan back."),
        ("plan", "Version 2 approved"),
        ("plan", "Complete"),
        ("plan", "The plan is NOT approved"),
        ("plan_edit", "Edit these steps by hand"),
        ("plan_edit", "Nothing has been saved"),
        ("plan_edit", "The draft is no longer the one you opened."),
        ("plan_edit", "does not reach its goal"),
        ("plans", "There is no plan yet."),
        ("plans", "Its baseline lies in the past"),
        ("reduction", "Sign the reduction"),
        ("reduction", "cannot be made from what is in stock"),
        ("reduction", "so another pharmacist"),
        ("reduction", "can be signed from"),
        ("reduction", "Withdraw the signature"),
        ("reduction", "Signed, in effect"),
        ("reduction", "No longer asked for"),
        ("reduction", "Pause"),
        ("reduction", "What you wrote was not saved."),
        ("reductions", "No reduction waits for a signature."),
        ("reductions", "None of this kind."),
        ("reductions", "Your plan: another signs"),
        ("reductions", "Step date passed"),
        ("reductions", "Next 3 days"),
        ("reductions", "Sent back"),
    ];
    let all: Vec<(&str, Vec<String>)> = samples![plan, plan_edit, plans, reduction, reductions];
    let shown =
        |page, words| all.iter().any(|(name, drawn)| *name == page && drawn.iter().any(|one| one.contains(words)));
    let missing: Vec<_> = states.into_iter().filter(|(page, words)| !shown(*page, *words)).collect();
    assert!(missing.is_empty(), "no sample shows {missing:?}");
}

#[test]
fn choosing_whom_a_plan_is_for_keeps_the_laws_of_a_page() {
    for (n, view) in pages::plan_edit::Choose::samples().iter().enumerate() {
        keeps_the_laws(&format!("choose, sample {n}"), &view.render().unwrap());
    }
}

#[test]
fn amending_a_plan_keeps_the_laws_of_a_page() {
    let drawn: Vec<String> =
        pages::plan_edit::amend::View::samples().iter().map(|view| view.render().unwrap()).collect();
    for (n, drawn) in drawn.iter().enumerate() {
        keeps_the_laws(&format!("amend, sample {n}"), drawn);
    }
    for words in
        ["What stays as it was signed", "side by side", "cannot be amended now", "was not saved", "sent this plan back"]
    {
        assert!(drawn.iter().any(|one| one.contains(words)), "no sample shows {words}");
    }
}

/// What is true of every page, whatever it shows.
pub fn keeps_the_laws(name: &str, drawn: &str) {
    let page = Html::parse_document(drawn);
    every_control_has_a_label(name, &page);
    every_id_is_there_once_and_everything_described_is_there(name, &page);
    headings_begin_with_one_h1_and_skip_no_level(name, &page);
    nothing_has_a_style_or_a_script_of_its_own(name, &page);
    every_form_carries_its_proof(name, &page);
    no_dose_could_be_misread(name, &page);
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn every_control_has_a_label(name: &str, page: &Html) {
    let ids: BTreeSet<&str> = select(page, "label[for]").iter().filter_map(|label| label.attr("for")).collect();
    for control in select(page, "input:not([type=hidden]), select, textarea") {
        let inside = control.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "label");
        let id = control.attr("id").unwrap_or_default();
        let named = ["aria-label", "aria-labelledby"].iter().any(|name| control.attr(name).is_some());
        assert!(inside || ids.contains(id) || named, "{name}: a control without a label: {}", control.html());
    }
    for button in select(page, "button, a[href]") {
        let picture = Selector::parse("img[alt]").unwrap();
        let pictured = button.select(&picture).any(|one| one.attr("alt").is_some_and(|alt| !alt.is_empty()));
        let said =
            !button.text().collect::<String>().trim().is_empty() || button.attr("aria-label").is_some() || pictured;
        assert!(said, "{name}: nothing is said by {}", button.html());
    }
}

fn every_id_is_there_once_and_everything_described_is_there(name: &str, page: &Html) {
    let mut ids = BTreeSet::new();
    for element in select(page, "[id]") {
        let id = element.attr("id").unwrap();
        assert!(ids.insert(id), "{name}: the id {id} is there twice");
    }
    for (selector, attribute) in
        [("[aria-describedby]", "aria-describedby"), ("[aria-labelledby]", "aria-labelledby"), ("label[for]", "for")]
    {
        for element in select(page, selector) {
            for id in element.attr(attribute).unwrap().split_whitespace() {
                assert!(ids.contains(id), "{name}: {attribute} leads to {id}, which is not there");
            }
        }
    }
    for link in select(page, "a[href^='#']") {
        let id = link.attr("href").unwrap().trim_start_matches('#');
        assert!(ids.contains(id), "{name}: a link leads to {id}, which is not there");
    }
}

fn headings_begin_with_one_h1_and_skip_no_level(name: &str, page: &Html) {
    let headings = select(page, "main h1, main h2, main h3, main h4");
    let levels: Vec<u8> = headings.iter().map(|heading| heading.value().name().as_bytes()[1] - b'0').collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}: {levels:?}");
    // The summary of errors stands before the h1; after it no level is skipped.
    let from_first = &levels[levels.iter().position(|level| *level == 1).unwrap()..];
    assert!(from_first.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {levels:?}");
    assert_eq!(select(page, "main").len(), 1, "{name}: one main");
    let title: String = select(page, "title")[0].text().collect();
    assert!(title.ends_with(" – Stepdown") && !title.starts_with(' '), "{name}: {title}");
}

fn nothing_has_a_style_or_a_script_of_its_own(name: &str, page: &Html) {
    for element in select(page, "*") {
        let foreign = element.value().attrs().find(|(key, _)| *key == "style" || key.starts_with("on"));
        assert!(foreign.is_none(), "{name}: {}", element.html());
    }
    assert!(select(page, "script, style, iframe, object, embed").is_empty(), "{name}");
    for picture in select(page, "img") {
        let (src, alt) = (picture.attr("src").unwrap_or_default(), picture.attr("alt").unwrap_or_default());
        assert!(src.starts_with('/') && !src.starts_with("//") && !alt.is_empty(), "{name}: {}", picture.html());
    }
}

fn every_form_carries_its_proof(name: &str, page: &Html) {
    let proof = Selector::parse("input[type=hidden][name=csrf]").unwrap();
    for form in select(page, "form[method=post]") {
        assert!(form.select(&proof).next().is_some(), "{name}: {}", form.html());
    }
}

/// ISMP's error-prone dose designations: a trailing zero, a naked point, a comma, a µ.
pub fn no_dose_could_be_misread(name: &str, page: &Html) {
    let text: String = select(page, "body")[0].text().collect::<Vec<_>>().concat();
    for (at, _) in text.match_indices("mg") {
        let before = text[..at].trim_end_matches(['\u{a0}', ' ']);
        let number: Vec<char> = before.chars().rev().take_while(|c| c.is_ascii_digit() || ".,".contains(*c)).collect();
        let number: String = number.into_iter().rev().collect();
        let trailing = number.contains('.') && number.ends_with('0');
        let naked = number.starts_with('.') || number.ends_with('.');
        assert!(!trailing && !naked && !number.contains(','), "{name}: {number} mg");
    }
    assert!(!text.contains(['µ', 'μ']) && !text.contains("mcg"), "{name}");
}

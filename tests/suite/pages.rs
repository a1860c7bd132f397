//! Every page with every sample: labels, headings, escaping, and no dose that could be misread.

use std::collections::BTreeSet;

use askama::Template;
use scraper::{ElementRef, Html, Selector};
use stepdown::pages;

/// Renders the samples of pages, each under the name of its page.
macro_rules! samples {
    ($($page:ident),* $(,)?) => {
        [$((stringify!($page), pages::$page::View::samples().iter().map(|view| view.render().unwrap()).collect())),*]
    };
}

fn all() -> Vec<(&'static str, Vec<String>)> {
    samples![letters, people, person, settings, sign_in, unit].into()
}

fn every_sample(law: impl Fn(&str, &Html)) {
    for (page, drawn) in all() {
        assert!(drawn.len() >= 2, "{page} needs more samples");
        for (n, drawn) in drawn.iter().enumerate() {
            law(&format!("{page}, sample {n}"), &Html::parse_document(drawn));
        }
    }
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

#[test]
fn every_control_has_a_label() {
    every_sample(|name, page| {
        let ids: BTreeSet<&str> = select(page, "label[for]").iter().filter_map(|label| label.attr("for")).collect();
        for control in select(page, "input:not([type=hidden]), select, textarea") {
            let inside = control.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "label");
            let id = control.attr("id").unwrap_or_default();
            assert!(inside || ids.contains(id) || control.attr("aria-label").is_some(), "{name}: {}", control.html());
        }
        for button in select(page, "button, a[href]") {
            assert!(!button.text().collect::<String>().trim().is_empty(), "{name}: {}", button.html());
        }
    });
}

#[test]
fn every_id_is_there_once_and_everything_described_is_there() {
    every_sample(|name, page| {
        let mut ids = BTreeSet::new();
        for element in select(page, "[id]") {
            assert!(ids.insert(element.attr("id").unwrap()), "{name}: {} twice", element.attr("id").unwrap());
        }
        for (selector, attribute) in [
            ("[aria-describedby]", "aria-describedby"),
            ("[aria-labelledby]", "aria-labelledby"),
            ("label[for]", "for"),
        ] {
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
    });
}

#[test]
fn headings_begin_with_one_h1_and_skip_no_level() {
    every_sample(|name, page| {
        let body = select(page, "main h1, main h2, main h3, main h4");
        let levels: Vec<u8> = body.iter().map(|heading| heading.value().name().as_bytes()[1] - b'0').collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}: {levels:?}");
        // The summary of errors may stand before the h1; after it no level is skipped.
        let from_first = &levels[levels.iter().position(|level| *level == 1).unwrap()..];
        assert!(from_first.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {levels:?}");
        assert_eq!(select(page, "main").len(), 1, "{name}");
        assert!(!select(page, "title")[0].text().collect::<String>().starts_with(" –"), "{name}");
    });
}

#[test]
fn no_page_has_a_style_or_a_script_of_its_own() {
    every_sample(|name, page| {
        for element in select(page, "*") {
            let foreign = element.value().attrs().find(|(key, _)| *key == "style" || key.starts_with("on"));
            assert!(foreign.is_none(), "{name}: {}", element.html());
        }
        assert!(select(page, "script, style, iframe, object, img[src^=http]").is_empty(), "{name}");
    });
}

#[test]
fn every_form_carries_its_proof() {
    every_sample(|name, page| {
        for form in select(page, "form[method=post]") {
            let proof = Selector::parse("input[type=hidden][name=csrf]").unwrap();
            assert!(form.select(&proof).next().is_some(), "{name}: {}", form.html());
        }
    });
}

/// ISMP's error-prone dose designations: a trailing zero, a naked point, a comma, a µ.
#[test]
fn no_dose_could_be_misread() {
    every_sample(|name, page| {
        let text: String = page.root_element().text().collect::<Vec<_>>().join(" ");
        for (at, _) in text.match_indices("mg") {
            let before = text[..at].trim_end_matches(['\u{a0}', ' ']);
            let number: String = before.chars().rev().take_while(|c| c.is_ascii_digit() || ".,".contains(*c)).collect();
            let number: String = number.chars().rev().collect();
            let trailing = number.contains('.') && number.ends_with('0');
            let naked = number.starts_with('.') || number.ends_with('.');
            assert!(!trailing && !naked && !number.contains(','), "{name}: {number} mg");
        }
        assert!(!text.contains('µ') && !text.contains('μ') && !text.contains("mcg"), "{name}");
    });
}

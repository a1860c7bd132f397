//! Labels: what is drawn in bars reads as what was meant, and is the resident to whoever scans it before a dose.

use proptest::prelude::*;
use scraper::{Html, Selector};
use stepdown::care::resident::label::bars::{Bars, QUIET};

use crate::browser_like::Shown;
use crate::house::on_both;
use crate::pages::keeps_the_laws;
use crate::ward;

/// What a scanner sees of each symbol, dark modules as ones: the standard's own table, the stop last.
const SEEN: &str = "\
11011001100 11001101100 11001100110 10010011000 10010001100 10001001100 10011001000 10011000100 10001100100 11001001000 \
11001000100 11000100100 10110011100 10011011100 10011001110 10111001100 10011101100 10011100110 11001110010 11001011100 \
11001001110 11011100100 11001110100 11101101110 11101001100 11100101100 11100100110 11101100100 11100110100 11100110010 \
11011011000 11011000110 11000110110 10100011000 10001011000 10001000110 10110001000 10001101000 10001100010 11010001000 \
11000101000 11000100010 10110111000 10110001110 10001101110 10111011000 10111000110 10001110110 11101110110 11010001110 \
11000101110 11011101000 11011100010 11011101110 11101011000 11101000110 11100010110 11101101000 11101100010 11100011010 \
11101111010 11001000010 11110001010 10100110000 10100001100 10010110000 10010000110 10000101100 10000100110 10110010000 \
10110000100 10011010000 10011000010 10000110100 10000110010 11000010010 11001010000 11110111010 11000010100 10001111010 \
10100111100 10010111100 10010011110 10111100100 10011110100 10011110010 11110100100 11110010100 11110010010 11011011110 \
11011110110 11110110110 10101111000 10100011110 10001011110 10111101000 10111100010 11110101000 11110100010 10111011110 \
10111101110 11101011110 11110101110 11010000100 11010010000 11010011100";

/// Reads bars as a scanner does: dark or light, module by module, from the first dark one on.
fn scanned(bars: &[(u32, u32)], modules: u32) -> String {
    let dark = |module: u32| bars.iter().any(|(at, wide)| (*at..at + wide).contains(&module));
    let row: String = (QUIET..modules - QUIET).map(|module| if dark(module) { '1' } else { '0' }).collect();
    let row = row.strip_suffix("1100011101011").expect("the stop stands at the end");
    let symbols: Vec<u32> = (0..row.len())
        .step_by(11)
        .map(|from| u32::try_from(SEEN.split(' ').position(|seen| seen == &row[from..from + 11]).unwrap()).unwrap())
        .collect();
    let (check, said) = symbols.split_last().unwrap();
    let weighted: u32 = said.iter().skip(1).zip(1..).map(|(value, place)| value * place).sum();
    assert_eq!((said[0] + weighted) % 103, *check, "the check symbol");
    let letter = |value: &u32| char::from_u32(value + 32).unwrap().to_string();
    let pair = |value: &u32| format!("{value:02}");
    let read: &dyn Fn(&u32) -> String = if said[0] == 105 { &pair } else { &letter };
    said[1..].iter().map(read).collect()
}

/// What is drawn on a page: the bars of every label, and the modules of its drawing.
fn drawn(page: &Shown) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let (svg, path) = (Selector::parse(".slip svg").unwrap(), Selector::parse("path").unwrap());
    let read = |path: &str| -> Vec<(u32, u32)> {
        let bars = path.split('M').skip(1).map(|bar| {
            let (at, rest) = bar.split_once(" 0h").unwrap();
            (at.parse().unwrap(), rest.split_once('v').unwrap().0.parse().unwrap())
        });
        bars.collect()
    };
    html.select(&svg)
        .map(|one| {
            let modules = one.attr("viewBox").unwrap().split(' ').nth(2).unwrap().parse().unwrap();
            scanned(&read(one.select(&path).next().unwrap().attr("d").unwrap()), modules)
        })
        .collect()
}

proptest! {
    #[test]
    fn what_is_drawn_reads_as_what_was_meant(text in "[ -~]{1,16}|([0-9]{2}){1,16}") {
        let bars = Bars::of(&text).expect("it is short, and on a keyboard");
        prop_assert_eq!(scanned(&bars.bars(), bars.modules()), text);
    }
}

#[test]
fn a_printed_label_is_the_resident_to_whoever_scans_it_before_a_dose() {
    on_both(|house| {
        let (served, _) = ward::served_on_saturday(house, "08:05:00");
        house.plain_sql("UPDATE facilities SET identify = 'resident'").unwrap();
        house.plain_sql("UPDATE residents SET number = 'AH-0417'").unwrap();
        ward::resident(house, "Beech", "Bo", "Ä number that nobody can scan", "7");
        let nurse = served.signed_in("nurse");
        let page = nurse.get("/units/east/labels");
        keeps_the_laws("labels of a unit", &page.body);
        assert_eq!(drawn(&page), ["AH-0417", "1940-01-02"], "where the number cannot be drawn, the date of birth is");
        for said in ["ASH , Ada", "3 Feb 1941", "East 12", "AH-0417"] {
            assert!(page.text().contains(said), "{said}: {}", page.text());
        }
        let own = drawn(&nurse.get("/residents/resident-1/labels"));
        assert_eq!(own, ["AH-0417"; 6]);
        let dose = nurse.get("/round?unit=east&round=08:00&on=2026-11-21").attributes("a.btn", "href").remove(0);
        let scan = format!("{dose}/identity");
        let shown = nurse.fill(&nurse.get(&dose), &scan, &[("scan", &own[0])]);
        assert!(shown.text().contains("Everything is scanned"), "{}", shown.text());
        for (who, page) in [("stranger", "/units/east/labels"), ("stranger", "/residents/resident-1/labels")] {
            assert_eq!(served.signed_in(who).get(page).status, 404);
        }
        assert_eq!(served.signed_in("pharmacist").get("/units/east/labels").status, 403);
    });
}

//! The drawn parts: every sample of every part keeps the rules of the page, and the chart says what it shows.

use askama::Template;
use scraper::{ElementRef, Html, Selector};

use stepdown::care::amount::Amount;
use stepdown::care::calendar::day_text;
use stepdown::web::parts::chart::{Chart, ChartFacts, Level};
use stepdown::web::parts::conversion::ConversionView;
use stepdown::web::parts::corrected_since::CorrectedSince;
use stepdown::web::parts::deviation::Deviation;
use stepdown::web::parts::missed::Missed;
use stepdown::web::parts::on_time::{OnTime, OnTimeFacts};
use stepdown::web::parts::pieces::{MakeUp, Shapes};
use stepdown::web::parts::progress::Progress;
use stepdown::web::parts::side_by_side::SideBySide;
use stepdown::web::parts::spark::Spark;
use stepdown::web::parts::step_pair::StepPair;
use stepdown::web::parts::stock::StockView;
use stepdown::web::parts::strip::{Square, Strip, StripFacts};
use stepdown::web::parts::struck::Struck;

fn rendered<T: Template>(part: &str, samples: Vec<(&'static str, T)>) -> Vec<(String, String)> {
    samples.into_iter().map(|(name, view)| (format!("{part}, {name}"), view.render().expect("it renders"))).collect()
}

/// Every part with every sample: its name and its HTML.
fn every_part() -> Vec<(String, String)> {
    let mut parts = rendered("chart", Chart::samples());
    parts.extend(rendered("strip", Strip::samples()));
    parts.extend(rendered("conversion", ConversionView::samples()));
    parts.extend(rendered("progress", Progress::samples()));
    parts.extend(rendered("deviation", Deviation::samples()));
    parts.extend(rendered("step pair", StepPair::samples()));
    parts.extend(rendered("side by side", SideBySide::samples()));
    parts.extend(rendered("shapes", Shapes::samples()));
    parts.extend(rendered("stock", StockView::samples()));
    parts.extend(rendered("struck", Struck::samples()));
    parts.extend(rendered("corrected since", CorrectedSince::samples()));
    parts.extend(rendered("make-up", MakeUp::samples()));
    parts.extend(rendered("on time", OnTime::samples()));
    parts.extend(rendered("spark", Spark::samples()));
    parts
}

fn found<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(css).expect("the selector is well written");
    page.select(&selector).collect()
}

fn text(element: &ElementRef) -> String {
    element.text().collect()
}

fn number(element: &ElementRef, name: &str) -> f64 {
    element.attr(name).expect(name).parse().expect("a number")
}

/// The numbers of a path or a view box, in order.
fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'));
    parts.filter(|part| !part.is_empty()).map(|part| part.parse().expect("a number")).collect()
}

fn chart(facts: &ChartFacts) -> Html {
    Html::parse_fragment(&Chart::new(facts).render().expect("it renders"))
}

fn sample(name: &str) -> ChartFacts {
    ChartFacts::samples().into_iter().find(|(found, _)| *found == name).expect("a sample of that name").1
}

#[test]
fn no_part_brings_a_style_a_script_or_a_handler() {
    for (name, html) in every_part() {
        let page = Html::parse_fragment(&html);
        assert!(found(&page, "script, style, img, [style], [onclick], [onerror]").is_empty(), "{name}: {html}");
    }
}

#[test]
fn hostile_words_stay_words() {
    let page = chart(&sample("hostile"));
    let title = found(&page, "svg.chart > title").first().map(text).expect("a title");
    assert!(title.contains("</title><script>alert('\"')</script>&amp;"), "{title}");
    assert_eq!(found(&page, "svg.chart > desc").len(), 1);
}

#[test]
fn amounts_have_a_leading_zero_and_no_trailing_one() {
    for (name, html) in every_part() {
        let page = Html::parse_fragment(&html);
        for words in found(&page, "text, desc, .dose, .pill, span").iter().map(text) {
            let tokens = words.split(|c: char| !(c.is_ascii_digit() || c == '.'));
            for token in tokens.map(|token| token.trim_end_matches('.')) {
                assert!(!token.starts_with('.'), "{name}: {token} in {words}");
                assert!(!token.contains('.') || !token.ends_with('0'), "{name}: {token} in {words}");
            }
        }
    }
}

/// Boxes of words as wide as a usual sans-serif sets them in bold, computed apart from the drawing's own reckoning.
#[test]
fn no_words_of_the_chart_cover_others() {
    for (name, html) in rendered("chart", Chart::samples()) {
        let page = Html::parse_fragment(&html);
        let boxes: Vec<_> = found(&page, "svg.chart > text").iter().map(bounds).collect();
        for (nth, one) in boxes.iter().enumerate() {
            for other in &boxes[nth + 1..] {
                let apart = one.1 <= other.0 || other.1 <= one.0 || one.3 <= other.2 || other.3 <= one.2;
                assert!(apart, "{name}: {} on {}", one.4, other.4);
            }
        }
    }
}

/// Left, right, top, bottom, and the words.
fn bounds(element: &ElementRef) -> (f64, f64, f64, f64, String) {
    let words = text(element);
    let (x, y) = (number(element, "x"), number(element, "y"));
    let narrow = words.chars().filter(|c| ".,:il \u{a0}".contains(*c)).count() as f64;
    let width = narrow * 3.6 + (words.chars().count() as f64 - narrow) * 7.4;
    let left = match element.attr("text-anchor") {
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        _ => x,
    };
    (left, left + width, y - 9.0, y + 2.0, words)
}

#[test]
fn words_stay_on_the_sheet() {
    for (name, html) in rendered("chart", Chart::samples()) {
        let page = Html::parse_fragment(&html);
        let sheet = numbers(found(&page, "svg.chart")[0].attr("viewBox").expect("a view box"));
        for (left, right, top, bottom, words) in found(&page, "svg.chart > text").iter().map(bounds) {
            let inside = left >= 0.0 && right <= sheet[2] && top >= 0.0 && bottom <= sheet[3];
            assert!(inside, "{name}: {words} at {left} to {right}");
        }
    }
}

#[test]
fn the_staircase_never_runs_back_in_time() {
    for (name, html) in rendered("chart", Chart::samples()) {
        let page = Html::parse_fragment(&html);
        for path in found(&page, "svg.chart > .c-step, svg.chart > .c-proj, svg.chart > .c-signed") {
            let line = path.attr("d").expect("a line");
            let across: Vec<f64> = line.split('H').skip(1).map(|part| numbers(part)[0]).collect();
            assert!(across.windows(2).all(|pair| pair[0] <= pair[1]), "{name}: {line}");
        }
    }
}

#[test]
fn every_number_of_the_facts_is_told() {
    for (name, facts) in ChartFacts::samples() {
        let page = chart(&facts);
        let told = text(&found(&page, "svg.chart > desc")[0]);
        let tell = |words: String| assert!(told.contains(&words), "{name}: {words} is not in {told}");
        for level in facts.signed.iter().chain(&facts.planned) {
            let counted = facts.equivalents.as_ref().map(|_| format!(" ({} in diazepam)", level.amount));
            tell(format!("{}{} from {}", level.words, counted.unwrap_or_default(), day_text(level.on)));
        }
        facts.holds.iter().for_each(|(from, until)| tell(format!("{} to {}", day_text(*from), day_text(*until))));
        facts.away.iter().for_each(|(from, _)| tell(day_text(*from)));
        facts.not_given.iter().for_each(|(on, missed)| tell(format!("{} {}", day_text(*on), missed.words())));
        facts.as_needed.iter().for_each(|(on, medicine)| tell(format!("{} {medicine}", day_text(*on))));
        tell(day_text(facts.today));
    }
}

#[test]
fn the_table_tells_what_the_drawing_tells() {
    for (name, facts) in ChartFacts::samples() {
        let rows = Chart::new(&facts).rows().to_vec();
        let under = facts.not_given.len() + facts.as_needed.len() + facts.scores.totals.len();
        let expected = facts.signed.len() + facts.planned.len() + facts.holds.len() + facts.away.len() + under;
        assert_eq!(rows.len(), expected, "{name}");
        let planned = rows.iter().filter(|row| row.what == "Planned, not signed").count();
        assert_eq!(planned, facts.planned.len(), "{name}");
    }
}

#[test]
fn what_is_not_signed_is_only_ever_dashed() {
    let page = chart(&sample("draft"));
    assert!(found(&page, ".c-step, .c-signed, .c-stay").is_empty(), "nothing of a draft is in effect");
    assert_eq!(found(&page, "svg.chart > .c-proj").len(), 1);
}

#[test]
fn an_unsigned_reduction_leaves_the_dose_where_it_is() {
    let page = chart(&sample("usual"));
    let said: Vec<String> = found(&page, "svg.chart > text.c-ts").iter().map(text).collect();
    assert!(said.contains(&"Not signed: stays at 1.5\u{a0}mg".to_owned()), "{said:?}");
    let stays = found(&page, "svg.chart > .c-stay")[0].attr("d").map(numbers).expect("a line");
    assert_eq!(stays.last(), Some(&1102.0), "the dotted line runs to the end");
}

#[test]
fn a_chart_of_no_step_and_of_one_step_is_still_a_chart() {
    let none = chart(&sample("empty"));
    assert!(text(&found(&none, "desc")[0]).contains("Nothing is signed."));
    assert!(found(&none, "svg.chart > .c-step").is_empty());
    let one = chart(&sample("one step"));
    assert_eq!(found(&one, "svg.chart > .c-step").len(), 1);
    assert!(found(&one, "svg.chart > .c-proj").is_empty());
}

#[test]
fn a_chart_of_a_single_day_is_drawn() {
    let facts = sample("usual");
    let page = chart(&ChartFacts { until_on: facts.from_on, ..facts });
    assert_eq!(found(&page, "svg.chart").len(), 1);
}

#[test]
fn a_reduction_signed_ahead_is_solid_and_the_dose_stays_there() {
    let mut facts = sample("usual");
    let next = facts.planned.remove(0);
    facts.signed.push(next);
    let page = chart(&facts);
    let said: Vec<String> = found(&page, "svg.chart > text.c-ts").iter().map(text).collect();
    assert!(said.contains(&"Not signed: stays at 1.375\u{a0}mg".to_owned()), "{said:?}");
    let solid = numbers(found(&page, "svg.chart > .c-step")[0].attr("d").expect("a line"));
    let today = numbers(found(&page, "svg.chart > .c-today")[0].attr("d").expect("a line"));
    assert!(*solid.last().expect("a point") > today[0], "the signed line runs on to its day");
}

#[test]
fn three_hundred_steps_name_some_of_their_levels() {
    let page = chart(&sample("longest"));
    let named = found(&page, "svg.chart > text.c-ts, svg.chart > text.c-tp").len();
    assert!((10..80).contains(&named), "{named} words");
}

#[test]
fn the_dose_axis_suits_small_and_large_amounts() {
    for (ug, marks) in [
        (125, vec!["0", "0.025", "0.05", "0.075", "0.1", "0.125"]),
        (2_000, vec!["0", "0.5", "1", "1.5", "2"]),
        (6_000, vec!["0", "2", "4", "6"]),
        (100_000, vec!["0", "20", "40", "60", "80", "100"]),
    ] {
        let facts = sample("one step");
        let on = facts.from_on;
        let page = chart(&ChartFacts { signed: vec![Level::plain(on, Amount::from_ug(ug))], ..facts });
        let axis: Vec<String> = found(&page, "svg.chart > text:not([class])").iter().map(text).collect();
        let axis: Vec<&str> = axis.iter().filter_map(|words| words.strip_suffix("\u{a0}mg")).collect();
        assert_eq!(axis, marks);
    }
}

#[test]
fn doses_missed_close_together_are_counted_and_none_is_lost() {
    for (name, facts) in ChartFacts::samples() {
        let page = chart(&facts);
        let boxes = found(&page, "svg.chart > .c-misst");
        let count = |element: &ElementRef| text(element).parse::<usize>().unwrap_or(1);
        let shown = facts.not_given.iter().filter(|(on, _)| (facts.from_on..=facts.until_on).contains(on)).count();
        assert_eq!(boxes.iter().map(count).sum::<usize>(), shown, "{name}");
        let places: Vec<f64> = boxes.iter().map(|element| number(element, "x")).collect();
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 17.0), "{name}: {places:?}");
    }
}

#[test]
fn the_strip_says_in_words_what_it_shows_in_squares() {
    for (name, facts) in StripFacts::samples().into_iter().filter(|(name, _)| *name != "empty") {
        let page = Html::parse_fragment(&Strip::new(&facts).render().expect("it renders"));
        let told = found(&page, "svg.strip")[0].attr("aria-label").expect("words").to_owned();
        let squares = || facts.lines.iter().flat_map(|line| &line.squares);
        let count = |wanted: fn(&&Square) -> bool| squares().filter(wanted).count();
        assert_eq!(found(&page, ".s-g").len(), count(|square| **square == Square::Given), "{name}");
        assert_eq!(found(&page, ".s-n").len(), count(|square| matches!(square, Square::Missed(_))), "{name}");
        let refused = count(|square| **square == Square::Missed(Missed::Refused));
        assert_eq!(told.matches(" refused.").count(), refused, "{name}: {told}");
    }
}

#[test]
fn a_round_has_a_segment_for_each_dose_and_they_fill_the_bar() {
    let parts = rendered("progress", Progress::samples());
    let page = Html::parse_fragment(&parts[1].1);
    let segments = found(&page, "rect");
    assert_eq!(segments.len(), 13);
    let last = segments.last().expect("a segment");
    assert!((number(last, "x") + number(last, "width") - 100.0).abs() < 0.05);
    let told = found(&page, "svg")[0].attr("aria-label").expect("words").to_owned();
    assert_eq!(told, "4 of 13 recorded: 3 given, 1 not given, 2 overdue, 7 to come");
}

#[test]
fn a_bad_day_is_not_drawn_below_the_floor() {
    for (name, facts) in OnTimeFacts::samples() {
        let view = OnTime::new(&facts);
        let page = Html::parse_fragment(&view.render().expect("it renders"));
        assert!(found(&page, "rect").iter().all(|bar| number(bar, "height") >= 0.0), "{name}");
        let told = text(&found(&page, "desc")[0]);
        for percent in facts.percents.iter().flatten() {
            assert!(told.contains(&format!("{percent}%")), "{name}: {told}");
        }
    }
}

#[test]
fn a_part_is_put_into_a_page_as_it_is_with_or_without_a_word() {
    #[derive(Template)]
    #[template(source = "<main>{{ part }}{{ part|safe }}</main>", ext = "html")]
    struct Page {
        part: StepPair,
    }
    let pair = StepPair::new(Amount::from_ug(1_500), Amount::from_ug(1_375));
    let page = Page { part: pair }.render().expect("it renders");
    assert_eq!(page.matches("<div class=\"drop\">").count(), 2, "{page}");
}

/// A shape that the stylesheet does not know would be drawn black.
#[test]
fn the_stylesheet_knows_every_class_of_every_part() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/style");
    let files = std::fs::read_dir(folder).expect("the stylesheets").map(|file| file.expect("a file").path());
    let style: String = files.map(|path| std::fs::read_to_string(path).expect("a stylesheet")).collect();
    for (name, html) in every_part() {
        let page = Html::parse_fragment(&html);
        for class in found(&page, "[class]").iter().flat_map(|element| element.value().classes()) {
            let rule = style.match_indices(&format!(".{class}")).any(|(at, found)| {
                !style[at + found.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '-')
            });
            assert!(rule, "{name}: .{class}");
        }
    }
}

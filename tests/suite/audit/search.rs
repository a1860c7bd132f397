//! Searching the records: every filter alone and together, page by page, while records arrive.

use chrono::NaiveDate;
use stepdown::care::round::outcome::Outcome;
use stepdown::store::audit::{DosesAsk, MOST_COUNTED, records_count, records_page};
use stepdown::store::doses::{Administration, doses_due_between};

use super::{lived, record};
use crate::house::{FACILITY, House, at, on_both};

/// One of the searches that the filters can make, as the address says it, as the store is asked, and as a reader without an
/// index would look for it.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub ask: DosesAsk,
}

impl Search {
    pub fn finds(&self, record: &Administration) -> bool {
        let ask = &self.ask;
        let same = |asked: &Option<String>, value: &str| asked.as_ref().is_none_or(|asked| asked == value);
        same(&ask.resident, &record.resident)
            && same(&ask.unit, &record.unit)
            && (same(&ask.person, &record.recorded_by) || same(&ask.person, record.giver()))
            && ask.outcome.is_none_or(|outcome| outcome == record.outcome)
            && ask.from.is_none_or(|from| record.on >= from)
            && ask.until.is_none_or(|until| record.on <= until)
            && ask.late_over.is_none_or(|minutes| record.late_minutes() > i64::from(minutes))
    }

    /// The numbers, the newest first.
    pub fn expected(&self, all: &[Administration]) -> Vec<i64> {
        let mut found: Vec<i64> = all.iter().filter(|record| self.finds(record)).map(|record| record.n).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        found
    }

    pub fn address(&self, path: &str) -> String {
        let ask = &self.ask;
        let fields = [
            ("resident", ask.resident.clone()),
            ("unit", ask.unit.clone()),
            ("person", ask.person.clone()),
            ("outcome", ask.outcome.map(|outcome| outcome.word().to_owned())),
            ("from", ask.from.map(|day| day.to_string())),
            ("to", ask.until.map(|day| day.to_string())),
            ("late", ask.late_over.map(|minutes| minutes.to_string())),
        ];
        let said: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        format!("{path}?{}", serde_urlencoded::to_string(said).unwrap())
    }
}

/// Every filter, alone and together with every other.
pub fn searches() -> Vec<Search> {
    let text = |value: &str| Some(value.to_owned());
    let day = |value: &str| value.parse::<NaiveDate>().ok();
    let mut all = vec![Search { ask: DosesAsk { facility: FACILITY.into(), ..DosesAsk::default() } }];
    let mut also = |change: &[&dyn Fn(&mut DosesAsk)]| {
        let more: Vec<Search> = all
            .iter()
            .flat_map(|search| {
                change.iter().map(|change| {
                    let mut search = search.clone();
                    change(&mut search.ask);
                    search
                })
            })
            .collect();
        all.extend(more);
    };
    also(&[&|ask| ask.resident = text("resident-2"), &|ask| ask.resident = text("resident-1")]);
    also(&[&|ask| ask.unit = text("west")]);
    also(&[&|ask| ask.person = text("nurse-2")]);
    also(&[&|ask| ask.outcome = Some(Outcome::Given), &|ask| ask.outcome = Some(Outcome::Refused)]);
    also(&[&|ask| ask.from = day("2026-11-04")]);
    also(&[&|ask| ask.until = day("2026-11-07")]);
    also(&[&|ask| ask.late_over = Some(30), &|ask| ask.late_over = Some(120)]);
    all
}

/// All pages of a search, so many records each.
fn walked(house: &House, ask: &DosesAsk, limit: usize) -> Vec<i64> {
    let (mut all, mut before): (Vec<i64>, _) = (Vec::new(), None);
    loop {
        let page = house.db.read(|conn| records_page(conn, ask, before, limit)).unwrap();
        all.extend(page.iter().map(|record| record.n));
        assert!(all.len() < 10_000, "the pages never end");
        if page.len() < limit {
            return all;
        }
        before = all.last().copied();
    }
}

#[test]
fn every_filter_alone_and_together_finds_what_a_reader_without_an_index_finds() {
    on_both(|house| {
        let all = lived(house);
        let searches = searches();
        assert!(searches.len() > 400, "{}", searches.len());
        let mut found = 0;
        for search in &searches {
            let expected = search.expected(&all);
            assert_eq!(walked(house, &search.ask, 7), expected, "{search:?}");
            let counted = house.db.read(|conn| records_count(conn, &search.ask)).unwrap();
            assert_eq!(counted, expected.len().min(MOST_COUNTED + 1), "{search:?}");
            found += usize::from(!expected.is_empty());
        }
        assert!(found > searches.len() / 4, "most searches should find something: {found} of {}", searches.len());
    });
}

#[test]
fn paging_never_repeats_nor_skips_while_records_arrive() {
    on_both(|house| {
        let before = lived(house);
        let ask = DosesAsk { facility: FACILITY.into(), ..DosesAsk::default() };
        let due = house
            .db
            .read(|conn| doses_due_between(conn, FACILITY, at("2026-11-11T00:00:00Z"), at("2026-11-14T00:00:00Z")));
        let mut coming = due.unwrap().into_iter();
        let (mut seen, mut below) = (Vec::new(), None);
        loop {
            let page = house.db.read(|conn| records_page(conn, &ask, below, 5)).unwrap();
            seen.extend(page.iter().map(|record| record.n));
            assert!(seen.len() < 10_000, "the pages never end");
            let Some(last) = page.last() else { break };
            below = Some(last.n);
            if let Some(dose) = coming.next() {
                record(house, &dose, "nurse", Outcome::Given, 1, "");
            }
        }
        let mut expected: Vec<i64> = before.iter().map(|record| record.n).collect();
        expected.reverse();
        assert_eq!(seen, expected);
    });
}

//! Scales: published questions with points, each a data file with its citation, its bands and its version.

mod check;
pub mod companions;
pub mod kept;
pub mod score;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::care::refusal::Refusal;

/// A scale as its file says it. Scores are evidence, never a command: nothing here changes a dose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub id: String,
    /// `CIWA-B`
    pub name: String,
    /// What scoring it is called: `Withdrawal assessment`.
    pub title: String,
    pub kind: ScaleKind,
    pub version: String,
    /// What the nurse is told before the first item.
    pub asks: String,
    /// Where the scale is published, and how far it was read there.
    pub citation: String,
    pub parts: Vec<Part>,
    /// None: a total of this scale has no word of its own.
    #[serde(default)]
    pub bands: Option<Bands>,
}

/// What a scale is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScaleKind {
    Withdrawal,
    Sedation,
}

/// Items that are asked in one way, under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub title: String,
    /// The words of the points, from the lowest up. Without words the items are numbers, recorded and not scored.
    #[serde(default)]
    pub words: Vec<String>,
    /// The lowest point.
    #[serde(default)]
    pub lowest: i32,
    /// Seen by whoever scores, not asked.
    #[serde(default)]
    pub observed: bool,
    pub items: Vec<Item>,
}

/// One question, in a few words of our own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub id: String,
    pub label: String,
    /// How to look.
    #[serde(default)]
    pub hint: String,
    /// What its points mean where they run against the words: more is still worse. The facility confirms the direction.
    #[serde(default)]
    pub reversed: String,
    /// The largest number, where it is recorded and not scored.
    #[serde(default)]
    pub most: Option<i32>,
}

/// The words for totals.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    pub source: String,
    /// From the lowest total up; each reaches to where the next begins.
    pub words: Vec<Band>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    pub from: i32,
    pub word: String,
}

impl Scale {
    /// The scales that come with Stepdown.
    pub fn ours() -> &'static [Scale] {
        static OURS: LazyLock<Vec<Scale>> = LazyLock::new(|| {
            let files = [include_str!("../../data/scales/ciwa-b.toml"), include_str!("../../data/scales/rass.toml")];
            files.map(|file| Scale::read(file).expect("a test reads the scales we ship")).into()
        });
        &OURS
    }

    /// The scale on which sedation is asked at the dose.
    pub fn sedation() -> &'static Scale {
        Scale::ours().iter().find(|scale| scale.kind == ScaleKind::Sedation).expect("a test reads the scales we ship")
    }

    /// Reads a scale's file; a facility's own is read the same way.
    pub fn read(text: &str) -> Result<Scale, Refusal> {
        let unreadable = |problem: String| Refusal::ScaleUnreadable { problem };
        let scale: Scale = toml::from_str(text).map_err(|error| unreadable(error.message().to_owned()))?;
        check::is_sound(&scale).map_err(unreadable)?;
        Ok(scale)
    }

    /// Every item with the part it stands in, in the order in which they are asked.
    pub fn items(&self) -> impl Iterator<Item = (&Part, &Item)> {
        self.parts.iter().flat_map(|part| part.items.iter().map(move |item| (part, item)))
    }

    /// The items that make the total.
    pub fn scored(&self) -> impl Iterator<Item = (&Part, &Item)> {
        self.items().filter(|(part, _)| part.is_scored())
    }

    /// The lowest and the highest total.
    pub fn range(&self) -> (i32, i32) {
        let ends = self.scored().map(|(part, _)| (part.lowest, part.highest()));
        ends.fold((0, 0), |(low, high), (lowest, highest)| (low + lowest, high + highest))
    }

    /// The word for a total.
    pub fn band(&self, total: i32) -> Option<&str> {
        let words = &self.bands.as_ref()?.words;
        words.iter().rev().find(|band| band.from <= total).map(|band| band.word.as_str())
    }
}

impl Part {
    pub fn is_scored(&self) -> bool {
        !self.words.is_empty()
    }

    pub fn highest(&self) -> i32 {
        self.lowest + self.words.len() as i32 - 1
    }

    /// Each point with its word, from the lowest up.
    pub fn points(&self) -> impl DoubleEndedIterator<Item = (i32, &str)> {
        self.words.iter().enumerate().map(|(nth, word)| (self.lowest + nth as i32, word.as_str()))
    }

    /// The least and the most that an item of this part may be.
    pub fn bounds(&self, item: &Item) -> (i32, i32) {
        if self.is_scored() { (self.lowest, self.highest()) } else { (0, item.most.unwrap_or(0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ciwa_b() -> &'static Scale {
        Scale::ours().iter().find(|scale| scale.id == "ciwa-b").unwrap()
    }

    #[test]
    fn the_scales_we_ship_are_read_and_cite_their_source() {
        assert_eq!(Scale::ours().len(), 2);
        assert!(Scale::ours().iter().all(|scale| scale.citation.len() > 20));
        assert_eq!(Scale::sedation().id, "rass");
    }

    /// Programs that call other questions by this name have 10 items of 0 to 7, or 21 of them.
    #[test]
    fn ciwa_b_has_20_scored_items_3_of_them_observed_2_reversed_and_2_more_that_are_only_recorded() {
        let scale = ciwa_b();
        assert_eq!((scale.items().count(), scale.scored().count()), (22, 20));
        assert_eq!(scale.scored().filter(|(part, _)| part.observed).count(), 3);
        assert_eq!(scale.items().filter(|(_, item)| !item.reversed.is_empty()).count(), 2);
        assert!(scale.scored().all(|(part, item)| part.bounds(item) == (0, 4)));
        assert_eq!(scale.range(), (0, 80));
        assert!(scale.bands.as_ref().is_some_and(|bands| !bands.source.is_empty()));
    }

    #[test]
    fn bands_begin_where_the_one_below_ends() {
        let scale = ciwa_b();
        let words = [0, 1, 20, 21, 40, 41, 60, 61, 80].map(|total| scale.band(total).unwrap());
        let severe = ["severe", "severe", "very severe", "very severe"];
        assert_eq!(words[..5], ["none", "mild", "mild", "moderate", "moderate"]);
        assert_eq!(words[5..], severe);
    }

    #[test]
    fn sedation_runs_from_minus_5_to_plus_4() {
        let points: Vec<i32> = Scale::sedation().parts[0].points().map(|(point, _)| point).collect();
        assert_eq!(points, (-5..=4).collect::<Vec<_>>());
        assert_eq!(Scale::sedation().parts[0].points().find(|(point, _)| *point == 0).unwrap().1, "Alert and calm");
    }

    #[test]
    fn a_file_that_says_something_impossible_is_refused() {
        let ciwa = include_str!("../../data/scales/ciwa-b.toml");
        for (was, is, says) in [
            ("id = \"ciwa-b\"", "id = \"CIWA B\"", "id"),
            ("id = \"fatigued\"", "id = \"irritable\"", "twice"),
            ("version = \"1\"", "version = \"\"", "version"),
            ("version = \"1\"", "version = \"1\"\ncolour = \"red\"", "colour"),
            ("from = 0, word = \"none\"", "from = 1, word = \"none\"", "begin at 0"),
            ("from = 21", "from = 42", "from the lowest up"),
            ("from = 61", "from = 81", "80"),
            ("most = 24", "least = 24", "least"),
            (", most = 24", "", "largest number"),
            ("kind = \"withdrawal\"", "kind = \"mood\"", "mood"),
            ("\"Not at all\", \"A little\", \"Some\", \"Much\", \"Very much so\"", "\"Yes\"", "two points"),
        ] {
            let changed = ciwa.replacen(was, is, 1);
            assert_ne!(changed, ciwa, "{was}");
            match Scale::read(&changed) {
                Err(Refusal::ScaleUnreadable { problem }) => assert!(problem.contains(says), "{is}: {problem}"),
                other => panic!("{is}: {other:?}"),
            }
        }
    }
}

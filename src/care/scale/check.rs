//! Whether a scale's file says something that can be scored; what is wrong is named.

use std::collections::BTreeSet;

use super::{Bands, Item, Part, Scale};

/// No screen asks more, and no published scale does.
const MOST_ITEMS: usize = 60;
/// No published item has more points, nor points farther from 0.
const MOST_POINTS: usize = 12;
const FARTHEST: u32 = 100;
/// A total of minutes in a day is the largest number that is recorded.
const LARGEST_NUMBER: i32 = 1440;

pub fn is_sound(scale: &Scale) -> Result<(), String> {
    if !is_id(&scale.id) {
        return Err(format!("the id “{}” is not made of small letters, digits and hyphens", scale.id));
    }
    for (name, text) in [
        ("name", &scale.name),
        ("title", &scale.title),
        ("version", &scale.version),
        ("asks", &scale.asks),
        ("citation", &scale.citation),
    ] {
        written(name, text)?;
    }
    scale.parts.iter().try_for_each(part_is_sound)?;
    let mut seen = BTreeSet::new();
    if let Some((_, twice)) = scale.items().find(|(_, item)| !seen.insert(&item.id)) {
        return Err(format!("the item “{}” stands there twice", twice.id));
    }
    match (scale.scored().count(), scale.items().count()) {
        (0, _) => Err("no item is scored".to_owned()),
        (_, items) if items > MOST_ITEMS => Err(format!("it has more than {MOST_ITEMS} items")),
        _ => scale.bands.as_ref().map_or(Ok(()), |bands| bands_are_sound(bands, scale.range())),
    }
}

fn written(name: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err(format!("its {name} is empty")) } else { Ok(()) }
}

fn is_id(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
    plain && (1..=40).contains(&text.len())
}

fn part_is_sound(part: &Part) -> Result<(), String> {
    written("title", &part.title)?;
    part.words.iter().try_for_each(|word| written("words", word))?;
    let title = &part.title;
    match part.words.len() {
        1 => Err(format!("“{title}” has fewer than two points")),
        many if many > MOST_POINTS => Err(format!("“{title}” has more than {MOST_POINTS} points")),
        _ if part.lowest.unsigned_abs() > FARTHEST => Err(format!("“{title}” begins too far from 0")),
        _ if part.items.is_empty() => Err(format!("“{title}” has no items")),
        _ => part.items.iter().try_for_each(|item| item_is_sound(part, item)),
    }
}

fn item_is_sound(part: &Part, item: &Item) -> Result<(), String> {
    if !is_id(&item.id) {
        return Err(format!("the id “{}” of an item is not made of small letters, digits and hyphens", item.id));
    }
    written("label", &item.label)?;
    match item.most {
        None if !part.is_scored() => Err(format!("“{}” is a number without its largest number, most", item.id)),
        Some(_) if part.is_scored() => Err(format!("“{}” has points and a largest number too", item.id)),
        Some(most) if !(1..=LARGEST_NUMBER).contains(&most) => {
            Err(format!("the largest number of “{}” is not from 1 to {LARGEST_NUMBER}", item.id))
        }
        _ => Ok(()),
    }
}

/// Bands stand from the lowest total up, so that every total has exactly one word.
fn bands_are_sound(bands: &Bands, (lowest, highest): (i32, i32)) -> Result<(), String> {
    written("source of the bands", &bands.source)?;
    bands.words.iter().try_for_each(|band| written("word of a band", &band.word))?;
    let first = bands.words.first().map(|band| band.from);
    let last = bands.words.last().map(|band| band.from);
    if first != Some(lowest) {
        return Err(format!("the bands do not begin at {lowest}, the lowest total"));
    }
    if last.is_some_and(|from| from > highest) {
        return Err(format!("a band begins above {highest}, the highest total"));
    }
    let rising = bands.words.windows(2).all(|pair| pair[0].from < pair[1].from);
    if rising { Ok(()) } else { Err("the bands do not stand from the lowest up".to_owned()) }
}

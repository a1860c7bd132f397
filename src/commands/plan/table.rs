//! A taper and the protocols as plain text, for people.

use crate::care::calendar::day_text;
use crate::care::taper::preview::{Preview, StepPreview};
use crate::care::taper::protocol::Protocol;
use crate::care::taper::protocol::draft::Draft;

/// Columns stand this far apart.
const GAP: &str = "   ";

pub fn taper(preview: &Preview, draft: &Draft, protocol: &Protocol) -> String {
    let mut rows = vec![heading(draft)];
    rows.extend(preview.steps.iter().map(row));
    let settings: Vec<String> = draft.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let mut paragraphs = vec![
        [vec![protocol.name.clone()], settings].concat().join(", "),
        aligned(&rows),
        preview.ends_on.map_or_else(
            || "This taper does not reach its goal, so it cannot be approved.".to_owned(),
            |on| {
                format!(
                    "Last step on {}. {} in {} doses until then.",
                    day_text(on),
                    preview.taken(),
                    preview.administrations
                )
            },
        ),
    ];
    paragraphs.extend(bulleted(
        "Stalls",
        preview.stalls.iter().map(|stall| format!("step {}: {}", stall.ordinal, stall.text)),
    ));
    paragraphs.extend(bulleted("Guideline checks not met, each wants a reason", unmet(preview)));
    plain_spaces(&paragraphs.join("\n\n"))
}

fn heading(draft: &Draft) -> Vec<String> {
    let slots = draft.baseline.slots().into_iter().map(|slot| slot.to_string());
    let fixed = ["Step", "From", "Days", "Daily", "Change"].map(str::to_owned);
    fixed.into_iter().chain(slots).collect()
}

fn row(step: &StepPreview) -> Vec<String> {
    let fixed = [
        step.ordinal.to_string(),
        step.starts_on.format("%a %d %b %Y").to_string(),
        step.least_days.map_or("–".to_owned(), |days| days.to_string()),
        step.daily.to_string(),
        step.rhythm.clone().unwrap_or_else(|| format!("from {} to {}, {}", step.from, step.daily, step.cut)),
    ];
    fixed.into_iter().chain(step.doses.iter().map(|(_, pieces)| pieces.to_string())).collect()
}

/// Each check with the steps that do not meet it, in the order in which they first fail.
fn unmet(preview: &Preview) -> impl Iterator<Item = String> {
    let mut unmet: Vec<(&'static str, Vec<u32>)> = Vec::new();
    for (step, check) in preview.steps.iter().flat_map(|step| step.flags().map(move |check| (step.ordinal, check))) {
        match unmet.iter_mut().find(|(title, _)| *title == check.title) {
            Some((_, steps)) => steps.push(step),
            None => unmet.push((check.title, vec![step])),
        }
    }
    unmet.into_iter().map(|(title, steps)| format!("{title}: step {}", runs(&steps)))
}

/// `1, 3 to 5`
fn runs(steps: &[u32]) -> String {
    let runs = steps.chunk_by(|before, after| before + 1 == *after).map(|run| match run {
        [first, .., last] => format!("{first} to {last}"),
        _ => run.iter().map(u32::to_string).collect(),
    });
    runs.collect::<Vec<_>>().join(", ")
}

fn bulleted(title: &str, lines: impl Iterator<Item = String>) -> Option<String> {
    let lines: Vec<String> = lines.map(|line| format!("  {line}")).collect();
    (!lines.is_empty()).then(|| format!("{title}\n{}", lines.join("\n")))
}

/// Rows of cells as columns, each as wide as its widest cell.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let length = |cell: &String| cell.chars().count();
    let widths: Vec<usize> =
        (0..columns).map(|at| rows.iter().filter_map(|row| row.get(at)).map(length).max().unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join(GAP).trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Terminals know no space that does not break.
fn plain_spaces(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

pub fn protocols(protocols: &[Protocol]) -> String {
    let paragraphs: Vec<String> = protocols.iter().map(protocol).collect();
    paragraphs.join("\n\n")
}

fn protocol(protocol: &Protocol) -> String {
    let medicines =
        if protocol.medicines.is_empty() { "any medicine".to_owned() } else { protocol.medicines.join(", ") };
    let mut lines = vec![
        format!("{}: {} ({medicines}, version {})", protocol.id, protocol.name, protocol.version),
        format!("  {}", protocol.citation),
    ];
    lines.extend(protocol.parameters.iter().map(|parameter| {
        let (name, meaning, default) = (&parameter.name, &parameter.meaning, &parameter.default);
        format!("  {name} = {default} ({}): {meaning}", parameter.limits())
    }));
    lines.join("\n")
}

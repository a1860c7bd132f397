//! The house keeps its floors: arrows go down only, the ground knows no clock, and no room grows too large.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every room and the floor it stands on; the commands are the gate, since `serve` opens the whole house.
/// A room may use any floor below its own, none beside it, none above it.
const ROOMS: [(&str, u8); 14] = [
    ("care", 0),
    ("fhir", 1),
    ("clock", 1),
    ("config", 1),
    ("picture", 1),
    ("mail", 2),
    ("paper", 2),
    ("store", 2),
    ("acts", 3),
    ("bell", 4),
    ("web", 4),
    ("pages", 5),
    ("app", 6),
    ("commands", 7),
];
/// In these rooms even brothers are strangers: an act knows no other act, a page no other page.
const STRANGERS: [&str; 3] = ["acts", "commands", "pages"];
/// Everything can be refused, and a refusal quotes what it is about: an arrow to one of these closes no circle.
const REFUSALS: [&str; 2] = ["care::refusal", "web::error"];
/// Words that have no place on the ground floor: it has no clock, no float, no waiting, no disk, no framework.
const NOT_ON_THE_GROUND: [&str; 20] = [
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "f32",
    "f64",
    "async",
    "await",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "println!",
    "actix_web",
    "askama",
    "diesel",
    "lettre",
    "tokio",
    "getrandom",
    "clap",
];
const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 70;
const MIDDLE_FUNCTION: usize = 10;

/// One source file: its path from `src`, its module path (`["store", "db", "writer"]`), and its text without comments.
struct Source {
    path: String,
    module: Vec<String>,
    text: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.iter().map(|file| source(&root, file)).collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn source(root: &Path, file: &Path) -> Source {
    let path = file.strip_prefix(root).unwrap().display().to_string();
    let text = std::fs::read_to_string(file).unwrap();
    let module = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let code = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    Source { path, module, text, code }
}

/// The modules of this crate that a file names, as full paths: `crate::a::b`, `super::b`, `use crate::{a, b::c}`.
fn arrows(source: &Source) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for (start, prefix) in [("crate::", vec![]), ("super::", source.module[..source.module.len() - 1].to_vec())] {
        for (at, _) in source.code.match_indices(start) {
            let before = source.code[..at].chars().next_back();
            // `super::super::` starts a floor higher than its second half; tests inside a file say `use super::*`.
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let mut rest = &source.code[at + start.len()..];
            let mut base = prefix.clone();
            while let Some(further) = rest.strip_prefix("super::") {
                base.pop();
                rest = further;
            }
            for tail in spread(rest) {
                found.insert(base.iter().cloned().chain(tail).collect());
            }
        }
    }
    found
}

/// The paths that `a::b`, `a::{b, c::d}` or `{a, b}` stand for.
fn spread(path: &str) -> Vec<Vec<String>> {
    let word: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if word.is_empty() {
        return match path.strip_prefix('{') {
            Some(inside) => braces(inside).iter().flat_map(|part| spread(part.trim())).collect(),
            None => vec![vec![]],
        };
    }
    match path[word.len()..].strip_prefix("::") {
        Some(rest) => spread(rest).into_iter().map(|tail| [vec![word.clone()], tail].concat()).collect(),
        None => vec![vec![word]],
    }
}

/// What stands between this brace and its partner, split at the commas that are not inside another pair.
fn braces(inside: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in inside.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    parts
}

fn floor(room: &str) -> Option<u8> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_room_has_its_floor() {
    let loose = |source: &&Source| !["lib", "main"].contains(&source.module[0].as_str());
    let unknown = sources()
        .iter()
        .filter(loose)
        .filter(|s| floor(&s.module[0]).is_none())
        .map(|s| s.path.clone())
        .collect::<Vec<_>>();
    assert_none(&unknown);
}

#[test]
fn arrows_go_down_only() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some(mine) = floor(&source.module[0]) else { continue };
        for arrow in arrows(&source) {
            // The one macro of the house is written at the root of the crate, but belongs to the store.
            let room = arrow.first().map(|room| if room == "on_either" { "store" } else { room.as_str() });
            match room.and_then(|room| Some((room, floor(room)?))) {
                Some((room, theirs)) if room != source.module[0] && theirs >= mine => {
                    faults.push(format!("{} reaches for {}", source.path, arrow.join("::")));
                }
                _ => {}
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn acts_pages_and_commands_are_strangers_to_each_other() {
    let all = sources();
    let stranger = |arrow: &[String], source: &Source| {
        let [room, name, ..] = arrow else { return false };
        let is_file = all.iter().any(|other| other.module == [room.clone(), name.clone()]);
        *room == source.module[0] && is_file && source.module.get(1).is_some_and(|mine| mine != name)
    };
    let mut faults = Vec::new();
    for source in all.iter().filter(|source| STRANGERS.contains(&source.module[0].as_str())) {
        for arrow in arrows(source).iter().filter(|arrow| stranger(arrow, source)) {
            faults.push(format!("{} knows {}", source.path, arrow.join("::")));
        }
    }
    assert_none(&faults);
}

/// Which files name which; parents and children apart, since those are one room and its parts.
fn neighbours() -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let all = sources();
    let file_of = |arrow: &[String]| {
        let holds = |module: &&Source| arrow.starts_with(&module.module);
        all.iter().filter(holds).map(|source| source.module.clone()).max_by_key(Vec::len)
    };
    let apart = |a: &[String], b: &[String]| !a.starts_with(b) && !b.starts_with(a);
    let silent = |there: &[String]| REFUSALS.contains(&there.join("::").as_str());
    all.iter()
        .map(|source| {
            let named = arrows(source).iter().filter_map(|arrow| file_of(arrow)).collect::<BTreeSet<_>>();
            (
                source.module.clone(),
                named.into_iter().filter(|there| apart(there, &source.module) && !silent(there)).collect(),
            )
        })
        .collect()
}

#[test]
fn no_arrow_comes_back_in_a_circle() {
    let neighbours = neighbours();
    let reaches = |from: &Vec<String>| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(here) = next.pop() {
            next.extend(
                neighbours.get(&here).into_iter().flatten().filter(|there| seen.insert((*there).clone())).cloned(),
            );
        }
        seen
    };
    let circles: Vec<_> =
        neighbours.keys().filter(|file| reaches(file).contains(*file)).map(|file| file.join("::")).collect();
    assert_none(&circles);
}

#[test]
fn the_ground_floor_knows_no_clock_no_float_no_waiting_and_no_framework() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.module[0] == "care") {
        let words: BTreeSet<&str> = source.code.split(|c: char| !(c.is_alphanumeric() || "_:!".contains(c))).collect();
        for word in NOT_ON_THE_GROUND {
            if words.iter().any(|said| {
                *said == word || said.contains(&format!("{word}::")) || word.contains("::") && said.contains(word)
            }) {
                faults.push(format!("{} says {word}", source.path));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn every_file_says_in_its_first_line_what_the_room_is_for() {
    let silent = sources().iter().filter(|s| !s.text.starts_with("//! ")).map(|s| s.path.clone()).collect::<Vec<_>>();
    assert_none(&silent);
}

/// One line a refusal: a table that a clinician reads as one, and no program.
const TABLE: &str = "care/refusal.rs";

#[test]
fn files_and_functions_stay_small() {
    let mut faults = Vec::new();
    let mut lengths = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines >= LONGEST_FILE && source.path != TABLE {
            faults.push(format!("{} has {lines} lines", source.path));
        }
        for (name, length) in functions(&source.text) {
            lengths.push(length);
            if length >= LONGEST_FUNCTION {
                faults.push(format!("{}: {name} has {length} lines", source.path));
            }
        }
    }
    lengths.sort_unstable();
    if lengths[lengths.len() / 2] >= MIDDLE_FUNCTION {
        faults.push(format!("the middle function has {} lines", lengths[lengths.len() / 2]));
    }
    assert_none(&faults);
}

/// The functions of a formatted file and their lengths: each ends with a brace under the place where its line began.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let begun = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words
            .iter()
            .position(|word| *word == "fn")
            .filter(|at| {
                words[..*at].iter().all(|w| w.starts_with("pub") || ["async", "const"].contains(w) || w.ends_with(')'))
            })
            .and_then(|at| words.get(at + 1).map(|name| name.split(['(', '<']).next().unwrap_or(name).to_owned()))
    };
    let ends = |at: usize| {
        let last = |line: &str| indent(line) == indent(lines[at]) && (line.trim() == "}" || line.ends_with(';'));
        let short = lines[at].ends_with(['}', ';']);
        lines[at..].iter().position(|line| short || last(line)).map_or(1, |length| length + 1)
    };
    let named = |(at, line): (usize, &&str)| begun(line).map(|name| (name, ends(at)));
    lines.iter().enumerate().filter_map(named).collect()
}

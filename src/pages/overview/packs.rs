//! The packs for when the system is down: the way to each, and which of them do not lie where they should.

use chrono::{DateTime, Utc};

use super::Found;
use crate::care::calendar::{Zone, moment_text};
use crate::care::downtime::{Fate, Made, behind};
use crate::paper::{Folder, Lost, Lying, MARK_FILE, file_name, packs_of};
use crate::web::{Link, links};

/// A pack that is missing in a folder, too old to be relied on, or newer than this system.
#[derive(Debug, Clone)]
pub struct PackBehind {
    pub unit: String,
    pub folder: String,
    /// The name of the one that lies there.
    pub name: String,
    pub made: Option<Made>,
    pub fate: Fate,
    /// The last entry of the history here.
    pub entry: i64,
}

impl PackBehind {
    /// What is wrong, and what to do about it.
    pub fn told(&self, zone: Zone) -> String {
        let PackBehind { unit, folder, name, entry, .. } = self;
        let how = self.made.map_or("is missing".to_owned(), |made| format!("is of {}", moment_text(zone, made.at)));
        let theirs = self.made.map_or(0, |made| made.entry);
        match self.fate {
            Fate::Later => format!(
                "The downtime pack of {unit} in {folder} {how} and holds entry {theirs} of the history, while the last one \
                 here is {entry}: this system works on an older copy. The pack is kept, and no fresh one is laid. Print \
                 it: it tells what is missing here. If this is the system that the ward uses, then remove the file {name}; \
                 if a copy is only tried out here, stop it and start it with STEPDOWN_DOWNTIME empty."
            ),
            Fate::Kept => format!(
                "The downtime pack of {unit} in {folder} {how}, and no fresh one is laid until somebody has answered under \
                 Letters. What lies there may tell more than this system: print it."
            ),
            Fate::Stays | Fate::Renewed => format!(
                "The downtime pack of {unit} in {folder} {how}. Load it from this page and print it, and tell whoever \
                 looks after this system."
            ),
        }
    }
}

/// A folder into which nothing can be laid.
#[derive(Debug, Clone)]
pub struct FolderLost {
    pub folder: String,
    pub lost: Lost,
}

impl FolderLost {
    /// What is wrong, and what to do about it.
    pub fn told(&self) -> String {
        let FolderLost { folder, lost } = self;
        let meanwhile = "Load the packs from this page and print them, and tell whoever looks after this system.";
        match lost {
            Lost::NotSetUp => format!(
                "The folder {folder} for downtime packs is not the one that was set up: is the share mounted? No pack is laid \
                 there. {meanwhile} If it is the right folder, put an empty file named {MARK_FILE} into it."
            ),
            Lost::Away => format!("The folder {folder} for downtime packs does not answer. {meanwhile}"),
        }
    }
}

/// Looks into every folder for the pack of every unit: never while the database waits for it. `entry` is the last one of the
/// facility's history.
pub async fn packs_behind(
    folders: &[Folder],
    found: &Found,
    entry: i64,
    now: DateTime<Utc>,
) -> (Vec<PackBehind>, Vec<FolderLost>) {
    let (mut behind, mut lost) = (Vec::new(), Vec::new());
    for folder in folders {
        let units: Vec<String> = found.units.iter().map(|unit| unit.id.clone()).collect();
        let lying = folder.within(move |path| units.iter().map(|unit| packs_of(path, unit)).collect::<Vec<_>>()).await;
        let folder = folder.path.display().to_string();
        match lying {
            Ok(lying) => behind.extend(behind_in(&folder, found, lying, entry, now)),
            Err(why) => lost.push(FolderLost { folder, lost: why }),
        }
    }
    (behind, lost)
}

/// Of what lies in a folder of each unit, what cannot be relied on.
fn behind_in(folder: &str, found: &Found, lying: Vec<Vec<Lying>>, entry: i64, now: DateTime<Utc>) -> Vec<PackBehind> {
    let doubted = found.ahead.is_some() || found.gaps.iter().any(|gap| gap.open);
    let old = found.units.iter().zip(lying).filter_map(|(unit, lying)| {
        let name = file_name(&found.facility.name, &unit.name, &unit.id);
        let here = lying.iter().find(|one| one.name == name).map(|one| one.made);
        let made: Vec<Made> = lying.iter().map(|one| one.made).collect();
        let fate = Fate::of(&made, here, entry, doubted, now);
        let shown = lying.into_iter().max_by_key(|one| (one.made.entry, one.made.at));
        let (name, made) = shown.map_or((name, None), |shown| (shown.name, Some(shown.made)));
        let (unit, folder) = (unit.name.clone(), folder.to_owned());
        (fate == Fate::Later || behind(made, now)).then_some(PackBehind { unit, folder, name, made, fate, entry })
    });
    old.collect()
}

/// The way to the pack of each unit.
pub fn packs(found: &Found) -> Vec<Link> {
    found.units.iter().map(|unit| Link::new(&unit.name, links::downtime(&unit.id))).collect()
}

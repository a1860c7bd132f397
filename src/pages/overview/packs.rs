//! The packs for when the system is down: the way to each, and which of them do not lie where they should.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::Found;
use crate::care::calendar::Zone;
use crate::care::downtime::{Made, behind, moment_text};
use crate::care::facility::{Facility, Unit};
use crate::paper::{file_name, made_find};
use crate::web::{Link, links};

/// A pack that is missing in a folder, or too old to be relied on.
#[derive(Debug, Clone)]
pub struct PackBehind {
    pub unit: String,
    pub folder: String,
    pub made: Option<Made>,
}

impl PackBehind {
    /// What is wrong, and what to do about it.
    pub fn told(&self, zone: Zone) -> String {
        let PackBehind { unit, folder, .. } = self;
        let how = self.made.map_or("is missing".to_owned(), |made| format!("is of {}", moment_text(zone, made.at)));
        format!(
            "The downtime pack of {unit} in {folder} {how}. Load it from this page and print it, and tell whoever looks \
             after this system."
        )
    }
}

/// Looks into every folder for the pack of every unit.
pub fn packs_behind(folders: &[PathBuf], facility: &Facility, units: &[Unit], now: DateTime<Utc>) -> Vec<PackBehind> {
    let in_folder = |folder: &PathBuf| {
        let old = units.iter().filter_map(|unit| {
            let made = made_find(folder, &file_name(&facility.name, &unit.name, &unit.id));
            let pack = PackBehind { unit: unit.name.clone(), folder: folder.display().to_string(), made };
            behind(made, now).then_some(pack)
        });
        old.collect::<Vec<_>>()
    };
    folders.iter().flat_map(in_folder).collect()
}

/// The way to the pack of each unit.
pub fn packs(found: &Found) -> Vec<Link> {
    found.units.iter().map(|unit| Link::new(&unit.name, links::downtime(&unit.id))).collect()
}

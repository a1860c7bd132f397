//! The downtime packs in the ward's folders: made anew where they are behind, and never over one that knows more.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use tokio::task::spawn_blocking;

use super::{Bell, Rung, broke};
use crate::care::downtime::{Fate, Made};
use crate::care::facility::{Facility, Unit};
use crate::paper::{self, Lying};
use crate::store::db::Conn;
use crate::store::downtime::{last_entry, pack_load};
use crate::store::letters::gaps_of;
use crate::store::{StoreError, facilities};

/// A unit whose pack is to lie in every folder.
struct Ward {
    facility: Facility,
    unit: Unit,
    /// The last entry of its facility's history.
    entry: i64,
    /// The database was put back from a copy, and nobody has answered yet what is missing.
    gap: bool,
}

impl Ward {
    /// The name of its file today.
    fn file(&self) -> String {
        paper::file_name(&self.facility.name, &self.unit.name, &self.unit.id)
    }

    fn is_behind(&self, folder: &Path, now: DateTime<Utc>) -> bool {
        let (lying, name) = (paper::packs_of(folder, &self.unit.id), self.file());
        let here = lying.iter().find(|one| one.name == name).map(|one| one.made);
        let made: Vec<Made> = lying.iter().map(|one| one.made).collect();
        Fate::of(&made, here, self.entry, self.gap, now) == Fate::Renewed
    }
}

impl Bell {
    /// Compares the pack that lies in each folder with what it should hold; what is behind is made anew.
    pub(super) async fn lay_packs(&self, rung: &mut Rung) {
        if self.folders.is_empty() {
            return;
        }
        let now = self.db.now();
        let wards = self.read(wards).await;
        for ward in rung.told("the units", wards).unwrap_or_default() {
            let behind = |folder: &&PathBuf| ward.is_behind(folder, now);
            let folders: Vec<PathBuf> = self.folders.iter().filter(behind).cloned().collect();
            if !folders.is_empty() {
                self.lay_pack(ward, folders, rung).await;
            }
        }
    }

    async fn lay_pack(&self, ward: Ward, folders: Vec<PathBuf>, rung: &mut Rung) {
        let (id, name, now) = (ward.unit.id.clone(), ward.file(), self.db.now());
        let of = format!("the downtime pack of unit {id}");
        let pack = self.read(move |conn| pack_load(conn, &ward.facility, &ward.unit, now)).await;
        let Some(pack) = rung.told(&of, pack) else { return };
        let text = paper::pack_text(&pack);
        for folder in folders {
            let (id, name, text) = (id.clone(), name.clone(), text.clone());
            let laid = spawn_blocking(move || {
                let before = paper::packs_of(&folder, &id);
                paper::lay(&folder, &name, &text)?;
                let mut renamed = before.iter().filter(|lying| lying.name != name);
                renamed.try_for_each(|Lying { name, .. }| paper::take_away(&folder, name))
            });
            let laid = laid.await.map_err(broke);
            let laid = laid.and_then(|laid| laid.map_err(|why| StoreError::Io(why.to_string()).into()));
            rung.packs += usize::from(rung.told(&of, laid).is_some());
        }
    }
}

fn wards(conn: &mut Conn) -> Result<Vec<Ward>, StoreError> {
    let mut all = Vec::new();
    for facility in facilities::facilities_all(conn)? {
        let entry = last_entry(conn, &facility.id)?;
        let gap = gaps_of(conn, &facility.id)?.iter().any(|gap| gap.open);
        let units = facilities::units_of(conn, &facility.id)?;
        all.extend(units.into_iter().map(|unit| Ward { facility: facility.clone(), unit, entry, gap }));
    }
    Ok(all)
}

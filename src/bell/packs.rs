//! The downtime packs in the ward's folders: made anew where they are behind, and never over one that knows more.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Bell, Rung};
use crate::care::downtime::{Fate, Made};
use crate::care::facility::{Facility, Unit};
use crate::paper::{self, Folder, Lost, Lying, MARK_FILE};
use crate::store::db::Conn;
use crate::store::downtime::{last_entry, pack_load};
use crate::store::letters::{gaps_of, went_ahead_find};
use crate::store::{StoreError, facilities};

/// A unit whose pack is to lie in every folder.
#[derive(Clone)]
struct Ward {
    facility: Facility,
    unit: Unit,
    /// The last entry of its facility's history.
    entry: i64,
    /// The database was put back from a copy, or the clock went ahead, and nobody has answered yet.
    doubted: bool,
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
        Fate::of(&made, here, self.entry, self.doubted, now) == Fate::Renewed
    }
}

impl Bell {
    /// Compares the pack that lies in each folder with what it should hold; what is behind is made anew.
    pub(super) async fn lay_packs(&self, rung: &mut Rung) {
        if self.folders.is_empty() {
            return;
        }
        let wards = self.read(wards).await;
        let wards = rung.told("the units", wards).unwrap_or_default();
        // One of a moment will do for every folder.
        let mut texts = HashMap::new();
        for folder in &self.folders {
            if let Err(lost) = self.lay_into(folder, &wards, &mut texts, rung).await {
                let path = folder.path.display();
                rung.troubles.push(match lost {
                    Lost::Away => format!("the folder {path} for downtime packs does not answer"),
                    Lost::NotSetUp => format!(
                        "{path} is not the folder that was set up for downtime packs: is the share mounted? If it is the \
                         right one, put an empty file named {MARK_FILE} into it"
                    ),
                });
            }
        }
    }

    async fn lay_into(
        &self,
        folder: &Folder,
        wards: &[Ward],
        texts: &mut HashMap<String, String>,
        rung: &mut Rung,
    ) -> Result<(), Lost> {
        let (now, all) = (self.db.now(), wards.to_vec());
        let look = move |path: &Path| all.into_iter().filter(|ward| ward.is_behind(path, now)).collect::<Vec<_>>();
        for ward in folder.within(look).await? {
            let of = format!("the downtime pack of unit {}", ward.unit.id);
            let text = match texts.get(&ward.unit.id) {
                Some(text) => text.clone(),
                None => {
                    let Some(text) = self.pack_text(&ward, &of, rung).await else { continue };
                    texts.entry(ward.unit.id.clone()).or_insert(text).clone()
                }
            };
            let laid = folder.within(move |path| lay(path, &ward, &text)).await?;
            rung.packs +=
                usize::from(rung.told(&of, laid.map_err(|why| StoreError::Io(why.to_string()).into())).is_some());
        }
        Ok(())
    }

    async fn pack_text(&self, ward: &Ward, of: &str, rung: &mut Rung) -> Option<String> {
        let (now, ward) = (self.db.now(), ward.clone());
        let pack = self.read(move |conn| pack_load(conn, &ward.facility, &ward.unit, now)).await;
        rung.told(of, pack).map(|pack| paper::pack_text(&pack))
    }
}

/// Lays a unit's pack, and takes away those under a name that it had before.
fn lay(folder: &Path, ward: &Ward, text: &str) -> io::Result<()> {
    let (before, name) = (paper::packs_of(folder, &ward.unit.id), ward.file());
    paper::lay(folder, &name, text)?;
    let mut renamed = before.iter().filter(|lying| lying.name != name);
    renamed.try_for_each(|Lying { name, .. }| paper::take_away(folder, name))
}

fn wards(conn: &mut Conn) -> Result<Vec<Ward>, StoreError> {
    let mut all = Vec::new();
    for facility in facilities::facilities_all(conn)? {
        let entry = last_entry(conn, &facility.id)?;
        let gap = gaps_of(conn, &facility.id)?.iter().any(|gap| gap.open);
        // By a clock that nobody trusts a dose that is still to come would be printed as missed.
        let doubted = gap || went_ahead_find(conn, &facility.id)?.is_some();
        let units = facilities::units_of(conn, &facility.id)?;
        all.extend(units.into_iter().map(|unit| Ward { facility: facility.clone(), unit, entry, doubted }));
    }
    Ok(all)
}

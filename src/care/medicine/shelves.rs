//! The shelves of several medicines: a cross-taper, a round and a plan each take from more than one.

use std::collections::BTreeMap;

use super::Medicine;
use super::tablets::Shelf;

/// What doses of several medicines are made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shelves(BTreeMap<Medicine, Shelf>);

impl Shelves {
    /// Where only one medicine is wanted.
    pub fn one(medicine: &Medicine, shelf: Shelf) -> Shelves {
        [(medicine.clone(), shelf)].into_iter().collect()
    }

    /// The medicines of which there is something, in the order of their names.
    pub fn medicines(&self) -> impl Iterator<Item = &Medicine> {
        self.0.keys()
    }

    /// An empty shelf for a medicine of which there is nothing.
    pub fn of(&self, medicine: &Medicine) -> &Shelf {
        static EMPTY: Shelf = Shelf::EMPTY;
        self.0.get(medicine).unwrap_or(&EMPTY)
    }
}

impl FromIterator<(Medicine, Shelf)> for Shelves {
    fn from_iter<I: IntoIterator<Item = (Medicine, Shelf)>>(shelves: I) -> Self {
        Shelves(shelves.into_iter().collect())
    }
}

//! A disk that loses its power: what was synced is there, and of everything since any part may be there or not.

use std::collections::{BTreeMap, BTreeSet};

/// The least that a disk writes whole.
const SECTOR: usize = 512;

/// What changes the disk, and when somebody was told that something is saved.
#[derive(Debug, Clone)]
pub enum Event {
    Made(String),
    Wrote {
        file: String,
        at: usize,
        bytes: Vec<u8>,
    },
    Cut {
        file: String,
        len: usize,
    },
    /// Done, for everything that happened before event `since`, when it was asked for.
    Synced {
        file: String,
        since: usize,
    },
    /// The names in the folder are kept.
    FolderSynced,
    Removed(String),
    Told,
}

/// Numbers that look like chance and are the same again from the same seed (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `end`, without it.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("it is below a usize")
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    /// With the number of its event.
    since: Vec<(usize, Change)>,
}

enum Change {
    Wrote { at: usize, bytes: Vec<u8> },
    Cut(usize),
}

/// How a disk that loses its power treats what was not synced.
#[derive(Clone, Copy)]
enum Mood {
    Nothing,
    Everything,
    /// All up to a change, which is torn.
    UpTo(usize),
    /// Each change is there or not.
    AnyChange,
    /// Each sector of each change is there or not.
    AnySector,
}

/// The disk at one moment of a recording.
pub struct Platter {
    files: Vec<File>,
    /// The names as programs see them, and as they are kept for sure.
    names: BTreeMap<String, usize>,
    kept: BTreeMap<String, usize>,
    /// How often somebody was told that something is saved.
    pub told: usize,
}

impl Platter {
    /// With one file that has been there for long.
    pub fn with(name: &str, content: Vec<u8>) -> Platter {
        let names: BTreeMap<String, usize> = [(name.to_owned(), 0)].into();
        Platter { files: vec![File { synced: content, since: vec![] }], kept: names.clone(), names, told: 0 }
    }

    /// Lives through the nth event.
    pub fn live(&mut self, n: usize, event: &Event) {
        match event {
            Event::Made(name) => {
                if !self.names.contains_key(name) {
                    self.names.insert(name.clone(), self.files.len());
                    self.files.push(File::default());
                }
            }
            Event::Wrote { file, at, bytes } => self.change(n, file, Change::Wrote { at: *at, bytes: bytes.clone() }),
            Event::Cut { file, len } => self.change(n, file, Change::Cut(*len)),
            Event::Synced { file, since } => {
                if let Some(file) = self.names.get(file) {
                    self.files[*file].sync(*since);
                }
            }
            Event::FolderSynced => self.kept = self.names.clone(),
            Event::Removed(name) => {
                self.names.remove(name);
            }
            Event::Told => self.told += 1,
        }
    }

    fn change(&mut self, n: usize, file: &str, change: Change) {
        let file = self.names.get(file).unwrap_or_else(|| panic!("{file} is written and was never made"));
        self.files[*file].since.push((n, change));
    }

    /// The files as they may be found when the power comes back.
    pub fn image(&self, chance: &mut Chance) -> BTreeMap<String, Vec<u8>> {
        let names: BTreeSet<&String> = self.names.keys().chain(self.kept.keys()).collect();
        let mut left = BTreeMap::new();
        for name in names {
            let (now, kept) = (self.names.get(name), self.kept.get(name));
            let found = if chance.coin() { now } else { kept };
            if let Some(file) = found {
                left.insert(name.clone(), self.files[*file].left(chance));
            }
        }
        left
    }
}

impl File {
    fn sync(&mut self, before: usize) {
        let (done, since): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.since).into_iter().partition(|(n, _)| *n < before);
        done.iter().for_each(|(_, change)| change.whole(&mut self.synced));
        self.since = since;
    }

    fn left(&self, chance: &mut Chance) -> Vec<u8> {
        let mut content = self.synced.clone();
        let mood = match chance.below(5) {
            0 => Mood::Nothing,
            1 => Mood::Everything,
            2 => Mood::UpTo(chance.below(self.since.len())),
            3 => Mood::AnyChange,
            _ => Mood::AnySector,
        };
        for (n, (_, change)) in self.since.iter().enumerate() {
            match mood {
                Mood::Nothing => {}
                Mood::Everything => change.whole(&mut content),
                Mood::UpTo(last) if n < last => change.whole(&mut content),
                Mood::UpTo(last) if n > last => {}
                Mood::UpTo(_) | Mood::AnySector => change.torn(&mut content, chance),
                Mood::AnyChange if chance.coin() => change.whole(&mut content),
                Mood::AnyChange => {}
            }
        }
        content
    }
}

impl Change {
    fn whole(&self, content: &mut Vec<u8>) {
        match self {
            Change::Cut(len) => content.resize(*len, 0),
            Change::Wrote { at, bytes } => put(content, *at, bytes),
        }
    }

    /// Each sector of it or none; the file may have grown although what is in it is not there.
    fn torn(&self, content: &mut Vec<u8>, chance: &mut Chance) {
        let Change::Wrote { at, bytes } = self else {
            return if chance.coin() {
                self.whole(content)
            };
        };
        let (old, end) = (content.len(), at + bytes.len());
        if end > old && chance.coin() {
            let filled = if chance.coin() { 0 } else { 0xa5 };
            content.resize(end, filled);
        }
        let mut from = *at;
        while from < end {
            let to = ((from / SECTOR + 1) * SECTOR).min(end);
            if chance.coin() {
                put(content, from, &bytes[from - at..to - at]);
            }
            from = to;
        }
    }
}

fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[at..end].copy_from_slice(bytes);
}

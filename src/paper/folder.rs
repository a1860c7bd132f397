//! The folders of the packs: which one is the ward's, what lies in it, and how a pack is laid there.
//!
//! A folder is on another machine, as a rule: its share may not be mounted, and then what is found in its place is not the
//! ward's; or it may be away, and then whoever looks in may hang for as long as the machine does.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, timeout};

use crate::care::downtime::Made;

/// Lies in every folder that a person has set up. Without it nothing is laid there.
pub const MARK_FILE: &str = "stepdown-downtime.txt";
/// For whoever finds it.
const WORDS: &str =
    "Stepdown lays its downtime packs into the folder with this file, and into no other. Leave it here.\n";
/// A folder that has not answered for so long counts as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest head of a file in which its mark is looked for.
const HEAD: u64 = 1024;
const MARK: &str = "<meta name=\"stepdown-pack\" content=\"";
/// Of the name of every pack.
const BEGINNING: &str = "downtime-";

/// Why nothing is laid into a folder, and nothing found there counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// It is not there, or nobody has set it up: the share may not be mounted.
    NotSetUp,
    /// It does not answer, or somebody's last call to it has not come back.
    Away,
}

/// A folder of packs. One call at a time goes to it, on a thread of its own: one that hangs holds up nobody who asks, takes
/// nobody's place, and keeps no program from ending.
#[derive(Debug, Clone)]
pub struct Folder {
    pub path: PathBuf,
    one: Arc<Semaphore>,
    /// When the call was begun that is under way.
    called_at: Arc<Mutex<Option<Instant>>>,
}

/// The folders by their paths, each to be shared by all who call to it.
pub fn folders_of(paths: Vec<PathBuf>) -> Vec<Folder> {
    let folder = |path| Folder { path, one: Arc::new(Semaphore::new(1)), called_at: Arc::default() };
    paths.into_iter().map(folder).collect()
}

impl Folder {
    /// Does something in the folder, where it is the one that was set up.
    pub async fn within<T: Send + 'static>(&self, work: impl FnOnce(&Path) -> T + Send + 'static) -> Result<T, Lost> {
        self.called(|path| path.join(MARK_FILE).is_file().then(|| work(path))).await?.ok_or(Lost::NotSetUp)
    }

    async fn called<T: Send + 'static>(&self, work: impl FnOnce(&Path) -> T + Send + 'static) -> Result<T, Lost> {
        if self.hangs() {
            return Err(Lost::Away);
        }
        let alone = timeout(PATIENCE, self.one.clone().acquire_owned()).await.map_err(|_| Lost::Away)?;
        let alone = alone.map_err(|_| Lost::Away)?;
        let (folder, (answer, answered)) = (self.clone(), oneshot::channel());
        folder.note(Some(Instant::now()));
        let call = move || {
            // Nobody may be waiting any more.
            let _unheard = answer.send(work(&folder.path));
            folder.note(None);
            drop(alone);
        };
        thread::Builder::new().spawn(call).map_err(|_| Lost::Away)?;
        timeout(PATIENCE, answered).await.map_err(|_| Lost::Away)?.map_err(|_| Lost::Away)
    }

    /// The last call to it has not come back.
    fn hangs(&self) -> bool {
        self.one.available_permits() == 0 && self.called_at().is_some_and(|at| at.elapsed() > PATIENCE)
    }

    fn note(&self, called_at: Option<Instant>) {
        *self.called_at() = called_at;
    }

    fn called_at(&self) -> MutexGuard<'_, Option<Instant>> {
        self.called_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a folder one for packs.
pub fn set_up(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(MARK_FILE), WORDS)
}

/// The name of a unit's file: readable, and never another unit's.
pub fn file_name(facility: &str, unit: &str, id: &str) -> String {
    let plain = |text: &str| {
        let dashed = text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        dashed.take(40).collect::<String>().trim_matches('-').to_owned()
    };
    format!("{BEGINNING}{}-{}{}", plain(facility), plain(unit), ending(id))
}

/// The end of a unit's id tells namesakes apart, and knows its file again after it was renamed.
fn ending(id: &str) -> String {
    let end: String = id.chars().rev().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("-{}.html", end.chars().rev().collect::<String>())
}

/// A pack that lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lying {
    pub name: String,
    pub made: Made,
}

/// The packs of a unit in a folder, under whatever name it or its facility had then; none that cannot be read.
pub fn packs_of(folder: &Path, id: &str) -> Vec<Lying> {
    let ending = ending(id);
    let ours = |name: &String| name.starts_with(BEGINNING) && name.ends_with(&ending);
    let names =
        fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|file| file.file_name().into_string().ok());
    names.filter(ours).filter_map(|name| Some(Lying { made: made_find(folder, &name)?, name })).collect()
}

/// When the pack that lies in a folder was made; none where there is none that can be read.
fn made_find(folder: &Path, name: &str) -> Option<Made> {
    let mut head = Vec::new();
    File::open(folder.join(name)).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    let mark = head.split_once(MARK)?.1;
    Made::of_mark(mark.split_once('"')?.0)
}

/// Lays a pack into a folder that is set up: whole or not at all, and there after a crash. Whoever looks in never sees half
/// of one. No folder is made: where a share is not mounted, its place on this machine's own disk is not the ward's.
pub fn lay(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let unfinished = folder.join(format!(".{name}.part"));
    // Never through a link that somebody laid there, into another file.
    match fs::remove_file(&unfinished) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    let mut file = File::create_new(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let path = folder.join(name);
    fs::rename(&unfinished, &path)?;
    File::open(folder)?.sync_all()?;
    Ok(path)
}

/// Takes away a pack of a unit that has another name by now: nobody should find two.
pub fn take_away(folder: &Path, name: &str) -> io::Result<()> {
    fs::remove_file(folder.join(name))?;
    File::open(folder)?.sync_all()
}

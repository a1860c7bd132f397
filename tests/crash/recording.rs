//! What strace wrote down of a program: everything it did to its database, and every answer it gave, in their order.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::platter::Event;

/// What is said when something is saved: an answer of the server, or the word of a test's own program.
const SAVED: [&str; 2] = ["HTTP/1.1 303", SAID];
/// The word of a test's own program.
pub const SAID: &str = "It is saved.";
/// By these calls something is said.
const SAYING: [&str; 4] = ["write", "writev", "sendto", "sendmsg"];

/// Reads a recording that goes on from another one, of a database in a folder.
pub fn read_on(events: &mut Vec<Event>, trace: &Path, folder: &Path) {
    let text = std::fs::read_to_string(trace).unwrap();
    let mut reader = Reader { folder: folder.display().to_string(), events, begun: HashMap::new() };
    text.lines().for_each(|line| reader.line(line));
}

struct Reader<'a> {
    folder: String,
    events: &'a mut Vec<Event>,
    /// Syncs that a thread has asked for and that are not done yet.
    begun: HashMap<String, Event>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        let Some((thread, said)) = line.trim_start().split_once(char::is_whitespace) else { return };
        let said = said.trim_start();
        if said.starts_with("<... ") {
            self.events.extend(self.begun.remove(thread));
            return;
        }
        let Some((call, rest)) = said.split_once('(') else { return };
        let unfinished = rest.ends_with("<unfinished ...>");
        match self.event(call, rest) {
            Some(event @ (Event::Synced { .. } | Event::FolderSynced)) if unfinished => {
                self.begun.insert(thread.to_owned(), event);
            }
            event => self.events.extend(event),
        }
    }

    fn event(&self, call: &str, rest: &str) -> Option<Event> {
        if SAYING.contains(&call) {
            let saved = texts(rest).iter().any(|text| SAVED.iter().any(|word| text.starts_with(word.as_bytes())));
            return saved.then_some(Event::Told);
        }
        let since = self.events.len();
        match call {
            "openat" if rest.contains("O_CREAT") => Some(Event::Made(self.name(&text(texts(rest).first()?))?)),
            "pwrite64" => {
                let (file, bytes) = (self.name(&of(rest)?)?, texts(rest).into_iter().next()?);
                let at = rest[rest.rfind('"')?..].split([',', ')', ' ']).filter(|word| !word.is_empty()).nth(2)?;
                Some(Event::Wrote { file, at: at.parse().ok()?, bytes })
            }
            "fsync" | "fdatasync" if of(rest)? == self.folder => Some(Event::FolderSynced),
            "fsync" | "fdatasync" => Some(Event::Synced { file: self.name(&of(rest)?)?, since }),
            "ftruncate" => {
                let len = rest.split([',', ')', ' ']).filter(|word| !word.is_empty()).nth(1)?;
                Some(Event::Cut { file: self.name(&of(rest)?)?, len: len.parse().ok()? })
            }
            "unlink" => Some(Event::Removed(self.name(&text(texts(rest).first()?))?)),
            _ => None,
        }
    }

    /// The name of a file of the database; its shared memory is none, and is made anew after every loss.
    fn name(&self, path: &str) -> Option<String> {
        let name = path.strip_prefix(&self.folder)?.strip_prefix('/')?;
        (name.starts_with("stepdown.db") && !name.ends_with("-shm")).then(|| name.to_owned())
    }
}

/// The path of the file that a call is about: `5<\x2f…>`.
fn of(rest: &str) -> Option<String> {
    let (_, path) = rest.split_once('<')?;
    Some(text(&bytes(path.split_once('>')?.0)))
}

/// What stands between quotation marks.
fn texts(rest: &str) -> Vec<Vec<u8>> {
    rest.split('"').skip(1).step_by(2).map(bytes).collect()
}

/// `\x48\x54`.
fn bytes(hex: &str) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or_else(|| panic!("no bytes: {hex}")) as u8;
    hex.as_bytes().chunks(4).map(|one| digit(one[2]) << 4 | digit(one[3])).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The files that a recording speaks of, to see that it speaks of the right ones.
pub fn files(events: &[Event]) -> BTreeSet<&str> {
    let names = events.iter().filter_map(|event| match event {
        Event::Wrote { file, .. } | Event::Synced { file, .. } => Some(file.as_str()),
        _ => None,
    });
    names.collect()
}

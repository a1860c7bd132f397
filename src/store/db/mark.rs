//! A mark beside a file of SQLite: how often its bell had rung. A file that is put back from a copy has rung less often than
//! its mark says; and a mark that was copied along knows when it was born, and so that it is a copy.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::care::ringing::Mark;

/// For whoever finds the file.
const WORDS: &str = "This file belongs to the database beside it and is no part of a backup. By it Stepdown sees that the \
                     database was put back from a copy, and asks a person before it sends letters again.";

pub(super) fn read(database: &Path) -> Mark {
    match told(&beside(database, "-heard")) {
        Ok(mark) => mark,
        Err(why) if why.kind() == ErrorKind::NotFound => Mark::Missing,
        Err(_) => Mark::Unknown,
    }
}

fn told(path: &Path) -> io::Result<Mark> {
    let (mut file, mut text) = (File::open(path)?, String::new());
    (&mut file).take(4096).read_to_string(&mut text)?;
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let rings = value("rings ").and_then(|rings| rings.parse().ok());
    let born = born(&file.metadata()?);
    Ok(match rings {
        Some(rings) if value("born ") == Some(&born) => Mark::Rings(rings),
        _ => Mark::Copied,
    })
}

/// Makes the mark anew, whole and durable, under another name first. If another bell is at it just now, its mark will do.
pub(super) fn keep(database: &Path, rings: i64) -> io::Result<()> {
    made(database, |file| Ok(format!("rings {rings}\nborn {}", born(&file.metadata()?))))
}

/// Makes a mark that is known as a copy's: whatever was counted, the bell sees that the file beside it was put back.
pub(super) fn keep_copied(database: &Path) -> io::Result<()> {
    remove_unfinished(database);
    made(database, |_| Ok("rings 0\nborn elsewhere".to_owned()))
}

fn made(database: &Path, text: impl FnOnce(&File) -> io::Result<String>) -> io::Result<()> {
    let unfinished = unfinished(database);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = match options.open(&unfinished) {
        Ok(file) => write(file, text).and_then(|()| fs::rename(&unfinished, beside(database, "-heard"))),
        Err(why) if why.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(why) => return Err(why),
    };
    if written.is_err() {
        remove_unfinished(database);
    }
    written?;
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn write(mut file: File, text: impl FnOnce(&File) -> io::Result<String>) -> io::Result<()> {
    let text = text(&file)?;
    file.write_all(format!("{text}\n{WORDS}\n").as_bytes())?;
    file.sync_all()
}

/// What a program left that died while it made a mark.
pub(super) fn remove_unfinished(database: &Path) {
    // Mostly there is none.
    let _absent = fs::remove_file(unfinished(database));
}

/// When a file was made, which no copy takes along and no tool can set; where the disk does not keep it, its number there.
fn born(file: &Metadata) -> String {
    let since = file.created().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since.map_or_else(|| number(file), |since| since.as_nanos().to_string())
}

#[cfg(unix)]
fn number(file: &Metadata) -> String {
    format!("number {}", std::os::unix::fs::MetadataExt::ino(file))
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> String {
    "unknown".to_owned()
}

fn unfinished(database: &Path) -> PathBuf {
    beside(database, "-heard.part")
}

pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_kept_and_a_copy_of_it_is_known_as_a_copy() {
        let folder = tempfile::tempdir().expect("a folder");
        let (here, there) = (folder.path().join("a.db"), folder.path().join("b.db"));
        assert_eq!(read(&here), Mark::Missing);
        keep(&here, 7).expect("kept");
        keep(&here, 8).expect("kept");
        assert_eq!(read(&here), Mark::Rings(8));
        fs::copy(beside(&here, "-heard"), beside(&there, "-heard")).expect("copied");
        assert_eq!(read(&there), Mark::Copied);
        keep_copied(&there).expect("kept");
        assert_eq!(read(&there), Mark::Copied);
        fs::rename(beside(&here, "-heard"), beside(&there, "-heard")).expect("moved");
        assert_eq!(read(&there), Mark::Rings(8), "a folder that was moved is no copy");
    }

    /// Whoever copies a whole folder back over itself writes into the files that are there.
    #[test]
    fn an_older_mark_written_into_a_younger_one_is_known_as_a_copy() {
        let folder = tempfile::tempdir().expect("a folder");
        let (here, kept) = (folder.path().join("a.db"), folder.path().join("kept"));
        keep(&here, 7).expect("kept");
        fs::copy(beside(&here, "-heard"), &kept).expect("copied");
        keep(&here, 8).expect("kept");
        fs::write(beside(&here, "-heard"), fs::read(&kept).expect("read")).expect("written");
        assert_eq!(read(&here), Mark::Copied);
        fs::write(beside(&here, "-heard"), "").expect("written");
        assert_eq!(read(&here), Mark::Copied);
    }
}

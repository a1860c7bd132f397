//! A facility's own files beside ours, read once when the house starts. One that is wrong is named, and nothing starts.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::care::catalogue::{Catalogue, FOLDERS, OwnFile};

/// Where a facility's own files lie.
#[derive(Args, Debug, Clone, Default)]
pub struct OwnFiles {
    /// The facility's own protocols, scales and equivalence tables, in the folders protocols/, scales/ and equivalence/ of
    /// *.toml files inside this one. They stand beside ours.
    #[arg(long = "own-files", env = "STEPDOWN_DATA", value_name = "FOLDER", global = true)]
    folder: Option<PathBuf>,
}

impl OwnFiles {
    /// Ours, and what lies in the folder; or a sentence that names the file and what is wrong with it.
    pub fn catalogue(&self) -> Result<Catalogue, String> {
        let folder = self.folder.as_deref().filter(|folder| !folder.as_os_str().is_empty());
        let own = folder.map_or(Ok(Vec::new()), own_files)?;
        Catalogue::with(&own).map_err(|refusal| refusal.to_string())
    }
}

/// Every file of every kind, in the order of their names, so that each start sees the same.
fn own_files(folder: &Path) -> Result<Vec<OwnFile>, String> {
    let mut own = Vec::new();
    for inside in listed(folder)?.iter().filter(|path| path.is_dir()) {
        let name = name(inside);
        let kind = FOLDERS.into_iter().find(|kind| *kind == name);
        let kind = kind.ok_or_else(|| format!("{} holds {name}, not {}.", folder.display(), FOLDERS.join(" or ")))?;
        let files = listed(inside)?.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
        for path in files {
            let text = std::fs::read_to_string(&path).map_err(|why| unread(&path, &why))?;
            own.push(OwnFile { folder: kind, name: self::name(&path), text });
        }
    }
    Ok(own)
}

/// What lies in a folder, hidden things left out.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|why| unread(folder, &why))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut paths = paths.map_err(|why| unread(folder, &why))?;
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn unread(path: &Path, why: &std::io::Error) -> String {
    format!("the facility’s own files, {}, cannot be read: {why}.", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: &str = include_str!("../../data/protocols/label-fixed.toml");

    fn read(inside: &str, text: &str) -> Result<Catalogue, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(inside)).unwrap();
        std::fs::write(folder.path().join(inside).join("alder.toml"), text).unwrap();
        std::fs::write(folder.path().join(inside).join("README.md"), "not a protocol").unwrap();
        OwnFiles { folder: Some(folder.path().to_owned()) }.catalogue()
    }

    #[test]
    fn a_facilitys_own_files_are_read_and_a_wrong_one_is_named() {
        let own = read("protocols", &LABEL.replacen("label-fixed", "alder-fixed", 1)).unwrap();
        assert!(own.protocol("alder-fixed").is_ok());
        assert!(read("protocols", "id = 1").unwrap_err().contains("protocols/alder.toml"));
        assert!(read("protocol", LABEL).unwrap_err().contains("holds protocol, not protocols"));
    }

    #[test]
    fn without_a_folder_there_is_ours_and_a_folder_that_is_not_there_is_said() {
        assert_eq!(OwnFiles::default().catalogue().as_ref(), Ok(Catalogue::ours()));
        let gone = OwnFiles { folder: Some("/no/such/folder".into()) };
        assert!(gone.catalogue().unwrap_err().contains("/no/such/folder"));
    }
}

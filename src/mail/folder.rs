//! Letters as `.eml` files in a folder, where there is no mail server: any mail program opens them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::{MailError, said};

/// Keeps a letter under its id: sent twice, it is one file.
pub(super) async fn keep(folder: &Path, id: &str, mail: Vec<u8>) -> Result<(), MailError> {
    let (folder, id) = (folder.to_owned(), id.to_owned());
    let kept = tokio::task::spawn_blocking(move || write(&folder, &id, &mail)).await;
    match kept {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(MailError::Later(format!("The folder for letters cannot be written: {}.", said(why)))),
        Err(why) => Err(MailError::Later(format!("The letter was not written: {}.", said(why)))),
    }
}

/// First under another name: whoever looks into the folder never sees half a letter.
fn write(folder: &Path, id: &str, mail: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{id}.part"));
    fs::write(&unfinished, mail)?;
    fs::rename(unfinished, path(folder, id))
}

fn path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.eml"))
}

/// The letter as it was written there, if it was.
pub fn eml_find(folder: &Path, id: &str) -> Option<String> {
    let id = uuid::Uuid::try_parse(id).ok()?.hyphenated().to_string();
    fs::read_to_string(path(folder, &id)).ok()
}

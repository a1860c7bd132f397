//! What tapers are planned by: the published protocols that come with Stepdown, and a facility's own beside them.

use std::sync::LazyLock;

use super::refusal::Refusal;
use super::taper::protocol::Protocol;

/// The folder of a facility's own protocols.
pub const PROTOCOLS: &str = "protocols";

/// Every folder that a facility's own files may lie in.
pub const FOLDERS: [&str; 1] = [PROTOCOLS];

/// Everything published that the house knows. Each kind has its ids, and no id stands for two things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    protocols: Vec<Protocol>,
}

/// One of a facility's own files, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// One of `FOLDERS`.
    pub folder: &'static str,
    /// `night-by-night.toml`
    pub name: String,
    pub text: String,
}

impl OwnFile {
    fn refused(&self, why: &Refusal) -> Refusal {
        let problem = match why {
            Refusal::ProtocolUnreadable { problem } => format!("{problem}."),
            why => why.to_string(),
        };
        Refusal::OwnFile { file: format!("{}/{}", self.folder, self.name), problem }
    }
}

impl Catalogue {
    /// What comes with Stepdown.
    pub fn ours() -> &'static Catalogue {
        static OURS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue { protocols: Protocol::ours().to_vec() });
        &OURS
    }

    /// Ours, and a facility's own files beside it. The first that cannot be used is named.
    pub fn with(own: &[OwnFile]) -> Result<Catalogue, Refusal> {
        own.iter().try_fold(Catalogue::ours().clone(), |catalogue, file| {
            catalogue.joined_by(file).map_err(|why| file.refused(&why))
        })
    }

    fn joined_by(mut self, file: &OwnFile) -> Result<Catalogue, Refusal> {
        match file.folder {
            PROTOCOLS => {
                let own = Protocol::read(&file.text)?;
                free(self.protocol(&own.id).is_err(), &own.id)?;
                self.protocols.push(own);
            }
            folder => return Err(Refusal::OwnFolder { folder: folder.to_owned() }),
        }
        Ok(self)
    }

    /// Ours first, then a facility's own in the order of their files.
    pub fn protocols(&self) -> &[Protocol] {
        &self.protocols
    }

    /// A protocol by its id.
    pub fn protocol(&self, id: &str) -> Result<&Protocol, Refusal> {
        let unknown = || Refusal::ProtocolUnknown { text: id.chars().take(40).collect() };
        self.protocols.iter().find(|protocol| protocol.id == id.trim()).ok_or_else(unknown)
    }
}

/// An id of ours is never given another meaning: plans and signatures name it.
fn free(is_free: bool, id: &str) -> Result<(), Refusal> {
    if is_free { Ok(()) } else { Err(Refusal::OwnIdTaken { id: id.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = include_str!("../../data/protocols/label-fixed.toml");

    fn file(text: String) -> OwnFile {
        OwnFile { folder: PROTOCOLS, name: "ours.toml".to_owned(), text }
    }

    #[test]
    fn a_facilitys_own_protocol_stands_beside_ours() {
        let own = file(OWN.replacen("label-fixed", "alder-fixed", 1));
        let catalogue = Catalogue::with(&[own]).unwrap();
        assert_eq!(catalogue.protocols().len(), Catalogue::ours().protocols().len() + 1);
        assert!(catalogue.protocol("alder-fixed").is_ok() && catalogue.protocol("label-fixed").is_ok());
        assert!(Catalogue::ours().protocol("alder-fixed").is_err());
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_what_is_wrong() {
        let twice = vec![file(OWN.replacen("label-fixed", "alder-fixed", 1)); 2];
        for (own, says) in [
            (vec![file("colour = \"red\"".to_owned())], "unknown field"),
            (vec![file(OWN.to_owned())], "“label-fixed” is taken"),
            (twice, "“alder-fixed” is taken"),
        ] {
            let refused = Catalogue::with(&own).unwrap_err().to_string();
            assert!(refused.contains("protocols/ours.toml") && refused.contains(says), "{refused}");
        }
    }
}

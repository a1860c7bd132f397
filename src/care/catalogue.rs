//! What is published: the protocols, scales and equivalence tables that come with Stepdown, and a facility's own.

use std::sync::LazyLock;

use super::medicine::equivalence::Table;
use super::refusal::Refusal;
use super::scale::Scale;
use super::taper::protocol::Protocol;

/// The folder of a facility's own protocols.
pub const PROTOCOLS: &str = "protocols";

/// The folder of a facility's own equivalence tables.
pub const EQUIVALENCE: &str = "equivalence";

/// The folder of a facility's own scales.
pub const SCALES: &str = "scales";

/// Every folder that a facility's own files may lie in.
pub const FOLDERS: [&str; 3] = [PROTOCOLS, SCALES, EQUIVALENCE];

/// Everything published that the house knows. Each kind has its ids, and no id stands for two things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    protocols: Vec<Protocol>,
    tables: Vec<Table>,
    scales: Vec<Scale>,
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
            Refusal::ProtocolUnreadable { problem }
            | Refusal::ScaleUnreadable { problem }
            | Refusal::TableUnreadable { problem } => format!("{problem}."),
            why => why.to_string(),
        };
        Refusal::OwnFile { file: format!("{}/{}", self.folder, self.name), problem }
    }
}

impl Catalogue {
    /// What comes with Stepdown.
    pub fn ours() -> &'static Catalogue {
        static OURS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue {
            protocols: Protocol::ours().to_vec(),
            scales: Scale::ours().to_vec(),
            tables: Table::ours().to_vec(),
        });
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
            EQUIVALENCE => {
                let own = Table::read(&file.text)?;
                free(self.table(&own.id).is_err(), &own.id)?;
                self.tables.push(own);
            }
            SCALES => {
                let own = Scale::read(&file.text)?;
                free(self.scale(&own.id).is_err(), &own.id)?;
                self.scales.push(own);
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

    /// The equivalence tables, ours first.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// An equivalence table by its id.
    pub fn table(&self, id: &str) -> Result<&Table, Refusal> {
        let unknown = || Refusal::TableUnknown { text: id.chars().take(40).collect() };
        self.tables.iter().find(|table| table.id == id.trim()).ok_or_else(unknown)
    }

    /// Ours first, then a facility's own in the order of their files.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// A scale by its id.
    pub fn scale(&self, id: &str) -> Result<&Scale, Refusal> {
        let unknown = || Refusal::ScaleUnknown { text: id.chars().take(40).collect() };
        self.scales.iter().find(|scale| scale.id == id.trim()).ok_or_else(unknown)
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
    fn a_facilitys_own_table_stands_beside_ours() {
        let text = include_str!("../../data/equivalence/va-dod-2021.toml").replacen("va-dod-2021", "alder", 1);
        let own = OwnFile { folder: EQUIVALENCE, name: "alder.toml".to_owned(), text };
        assert!(Catalogue::with(std::slice::from_ref(&own)).unwrap().table("alder").is_ok());
        let refused = Catalogue::with(&[own.clone(), own]).unwrap_err().to_string();
        assert!(refused.contains("equivalence/alder.toml") && refused.contains("“alder” is taken"), "{refused}");
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
    fn a_facilitys_own_scale_stands_beside_ours() {
        let text = include_str!("../../data/scales/ciwa-b.toml");
        let scale = |text: String| OwnFile { folder: SCALES, name: "mood.toml".to_owned(), text };
        let catalogue = Catalogue::with(&[scale(text.replacen("ciwa-b", "alder-mood", 1))]).unwrap();
        assert!(catalogue.scale("alder-mood").is_ok() && catalogue.scale("rass").is_ok());
        let refused = Catalogue::with(&[scale(text.to_owned())]).unwrap_err().to_string();
        assert!(refused.contains("scales/mood.toml") && refused.contains("“ciwa-b” is taken"), "{refused}");
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

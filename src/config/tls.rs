//! The certificate and its key: read and tried before anybody connects, and read again once they are renewed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::Settings;

/// None where neither was given: plain HTTP, or a proxy in front.
pub fn read(settings: &Settings) -> Result<Option<ServerConfig>, Vec<String>> {
    let (cert, key) = match (&settings.tls_cert, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (cert.clone(), key.clone()),
        _ => return Err(vec!["--tls-cert and --tls-key belong together: give both, or neither.".into()]),
    };
    let provider = Arc::new(default_provider());
    let files = Files { cert, key };
    let held = Held { of: files.written(), pair: Arc::new(files.read(&provider)?) };
    let renewed = Renewed { files, provider: Arc::clone(&provider), held: RwLock::new(held) };
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|why| vec![why.to_string()])?;
    Ok(Some(builder.with_no_client_auth().with_cert_resolver(Arc::new(renewed))))
}

/// The certificate as its file stands now. A house is not started anew each time it is renewed, and an old one locks
/// everybody out.
#[derive(Debug)]
struct Renewed {
    files: Files,
    provider: Arc<CryptoProvider>,
    held: RwLock<Held>,
}

#[derive(Debug)]
struct Files {
    cert: PathBuf,
    key: PathBuf,
}

/// When the two files were written; none where one cannot be looked at.
type Written = Option<(SystemTime, SystemTime)>;

#[derive(Debug)]
struct Held {
    of: Written,
    pair: Arc<CertifiedKey>,
}

impl ResolvesServerCert for Renewed {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.newest())
    }
}

impl Renewed {
    /// Two files are looked at for each connection. What is half written, or does not fit together yet, is read again at the
    /// next; until then the one before serves.
    fn newest(&self) -> Arc<CertifiedKey> {
        let written = self.files.written();
        let held = self.held.read().expect("nobody panics while they hold it");
        if written.is_none() || written == held.of {
            return Arc::clone(&held.pair);
        }
        let before = Arc::clone(&held.pair);
        drop(held);
        match self.files.read(&self.provider) {
            Ok(pair) => {
                let pair = Arc::new(pair);
                *self.held.write().expect("nobody panics while they hold it") =
                    Held { of: written, pair: pair.clone() };
                tracing::info!("the renewed certificate is in use");
                pair
            }
            Err(why) => {
                tracing::warn!("the renewed certificate cannot be used yet: {}", why.join(" "));
                before
            }
        }
    }
}

impl Files {
    fn written(&self) -> Written {
        let when = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        when(&self.cert).zip(when(&self.key))
    }

    fn read(&self, provider: &CryptoProvider) -> Result<CertifiedKey, Vec<String>> {
        let mut wrong = Vec::new();
        let chain = chain(&self.cert).map_err(|why| wrong.push(why));
        let key = PrivateKeyDer::from_pem_file(&self.key);
        let key = key.map_err(|why| wrong.push(unread("key", &self.key, &why.to_string())));
        let (Ok(chain), Ok(key)) = (chain, key) else { return Err(wrong) };
        let fitted = CertifiedKey::from_der(chain, key, provider);
        fitted.map_err(|why| vec![format!("the certificate and its key do not belong together: {why}.")])
    }
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match certificates {
        Ok(none) if none.is_empty() => Err(unread("certificate", path, "there is none in it")),
        Ok(chain) => Ok(chain),
        Err(why) => Err(unread("certificate", path, &why.to_string())),
    }
}

fn unread(what: &str, path: &Path, why: &str) -> String {
    format!("the {what} file {} cannot be read: {why}.", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: [&str; 2] =
        [include_str!("../../tests/certificates/server.pem"), include_str!("../../tests/certificates/server.key")];
    const NEW: [&str; 2] =
        [include_str!("../../tests/certificates/renewed.pem"), include_str!("../../tests/certificates/renewed.key")];

    fn first(pem: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
    }

    #[test]
    fn a_renewed_certificate_serves_without_a_new_start_and_half_of_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
        let lay = |cert: &str, key: &str| {
            fs::write(folder.path().join("cert.pem"), cert).unwrap();
            fs::write(folder.path().join("key.pem"), key).unwrap();
        };
        lay(OLD[0], OLD[1]);
        let provider = Arc::new(default_provider());
        let held = Held { of: files.written(), pair: Arc::new(files.read(&provider).unwrap()) };
        let served = Renewed { files, provider, held: RwLock::new(held) };
        assert_eq!(served.newest().cert[0], first(OLD[0]));
        for (cert, key) in [(NEW[0], OLD[1]), ("half of", NEW[1])] {
            lay(cert, key);
            assert_eq!(served.newest().cert[0], first(OLD[0]), "the one before still serves");
        }
        lay(NEW[0], NEW[1]);
        assert_eq!(served.newest().cert[0], first(NEW[0]));
        fs::remove_file(folder.path().join("key.pem")).unwrap();
        assert_eq!(served.newest().cert[0], first(NEW[0]), "while its files are replaced");
    }
}

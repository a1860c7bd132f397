//! The certificate and its key, read and tried before anybody connects.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::Settings;

/// None where neither was given: plain HTTP, or a proxy in front.
pub fn read(settings: &Settings) -> Result<Option<ServerConfig>, Vec<String>> {
    let (cert, key) = match (&settings.tls_cert, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (cert, key),
        _ => return Err(vec!["--tls-cert and --tls-key belong together: give both, or neither.".into()]),
    };
    let mut wrong = Vec::new();
    let chain = chain(cert).map_err(|why| wrong.push(why));
    let key = PrivateKeyDer::from_pem_file(key).map_err(|why| wrong.push(unread("key", key, &why.to_string())));
    match (chain, key) {
        (Ok(chain), Ok(key)) => fitted(chain, key).map(Some).map_err(|why| vec![why]),
        _ => Err(wrong),
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

fn fitted(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<ServerConfig, String> {
    let versions = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = versions.with_safe_default_protocol_versions().map_err(|why| why.to_string())?;
    let fitted = builder.with_no_client_auth().with_single_cert(chain, key);
    fitted.map_err(|why| format!("the certificate and its key do not belong together: {why}."))
}

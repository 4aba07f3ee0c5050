//! Whose certificates are trusted.
//!
//! Mozilla's roots are compiled in and cost nothing. The system's, or those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name, are used instead of them when the user names some, and read on demand when ours
//! do not know who signed a certificate. It decides about roots alone: how a chain is checked is rustls'.

use crate::error::Error;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::sync::Arc;

/// Where the trusted certificates come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Roots {
    /// Mozilla's, compiled in. The system's are read when these do not know the issuer.
    Builtin,
    /// The system's, or the ones of `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    System,
}

/// What a connection trusts. Clones share what they learn of the servers.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Where the certificates came from.
    pub roots: Roots,
    /// They, and the rest of what TLS needs.
    pub tls: ClientConfig,
}

impl Trust {
    /// What the user named, else Mozilla's.
    ///
    /// # Errors
    /// When `SSL_CERT_FILE` or `SSL_CERT_DIR` is set and holds no certificate.
    pub fn by_environment() -> Result<Self, Error> {
        let named = given("SSL_CERT_FILE").or_else(|| given("SSL_CERT_DIR"));
        if named.is_some() { Self::system() } else { Self::builtin() }
    }

    /// Mozilla's.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn builtin() -> Result<Self, Error> {
        Self::new(Roots::Builtin, RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    /// What the user named, else the system's.
    ///
    /// # Errors
    /// When there is no certificate.
    pub fn system() -> Result<Self, Error> {
        Self::new(Roots::System, system()?)
    }

    fn new(roots: Roots, store: RootCertStore) -> Result<Self, Error> {
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| Error::failure("cannot set up TLS").why(e.to_string()))?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self { roots, tls })
    }
}

fn given(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn system() -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    if let (Some(file), None) = (given("SSL_CERT_FILE"), given("SSL_CERT_DIR")) {
        let plain = fs::read_to_string(file).ok().and_then(|text| certificates(&text));
        store.add_parsable_certificates(plain.unwrap_or_default());
    }
    if !store.is_empty() {
        return Ok(store);
    }
    let found = rustls_native_certs::load_native_certs();
    store.add_parsable_certificates(found.certs);
    if store.is_empty() {
        let why = found.errors.first().map_or_else(|| "no certificate found".to_owned(), ToString::to_string);
        let error = Error::failure("cannot read the trusted certificates").why(why);
        return Err(error.hint("check SSL_CERT_FILE and SSL_CERT_DIR, or unset them"));
    }
    Ok(store)
}

/// The certificates of a PEM file that holds nothing unusual; `None` for all others, which are left to
/// rustls' reader. That one looks at each byte by itself, and a system's 150 roots would take as long as
/// everything else that a short command does.
fn certificates(text: &str) -> Option<Vec<CertificateDer<'static>>> {
    // A mark counts at the beginning of a line only: in front of others stands what is commented out.
    let text = format!("\n{text}");
    let sections = text.split("\n-----BEGIN CERTIFICATE-----").skip(1);
    let decoded = sections.map(|section| {
        let (body, _) = section.split_once("\n-----END CERTIFICATE-----")?;
        let letters: String = body.lines().collect();
        STANDARD.decode(letters).ok().map(CertificateDer::from)
    });
    decoded.collect()
}

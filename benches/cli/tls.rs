//! A certificate for the https server, and a file of trusted roots that has it and all the usual ones.
//!
//! Made anew for each run by the `openssl` program: no key lies in the repository, and no crate is
//! needed for it.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Where the systems keep their roots in one file.
const SYSTEM_ROOTS: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

const REQUEST: &str = "\
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = attio-crm benchmark
[extensions]
basicConstraints = critical, CA:FALSE
subjectAltName = IP:127.0.0.1
";

/// What an https server and its clients need.
pub struct Tls {
    /// For the server.
    pub server: Arc<ServerConfig>,
    /// For the clients: the system's roots and the server's certificate.
    pub roots: PathBuf,
}

impl Tls {
    /// Makes them in `folder`.
    pub fn new(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let [request, key, certificate, roots] =
            ["request.cnf", "key.pem", "certificate.pem", "roots.pem"].map(|name| folder.join(name));
        fs::write(&request, REQUEST)?;
        let status = Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "2", "-newkey", "rsa:2048", "-config"])
            .arg(&request)
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .stderr(Stdio::null())
            .status()?;
        if !status.success() {
            return Err(format!("openssl: {status}").into());
        }
        let system = SYSTEM_ROOTS.iter().find_map(|path| fs::read(path).ok());
        let system = system.ok_or("no file of the system's roots")?;
        fs::write(&roots, [system, fs::read(&certificate)?].concat())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from_pem_file(&certificate)?],
                PrivateKeyDer::from_pem_file(&key)?,
            )?;
        Ok(Self { server: Arc::new(server), roots })
    }
}

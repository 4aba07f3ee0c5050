//! TLS with a local authority: the versions of rustls fit together, and strangers are not trusted.

use crate::common::{KEY, Place, finish};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server that answers every request with an empty list, for as many connections as come.
struct Server {
    url: String,
    authority: String,
    requests: Arc<AtomicUsize>,
}

fn serve(name: &str) -> Server {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let chain: Vec<CertificateDer<'static>> = vec![leaf.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(tls, socket.unwrap());
            let mut buffer = [0; 4096];
            // A client that does not trust the certificate ends the handshake here.
            if matches!(stream.read(&mut buffer), Ok(1..)) {
                counter.fetch_add(1, Ordering::SeqCst);
                let body = r#"{"data":[]}"#;
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    Server { url, authority: issuer.pem(), requests }
}

fn search(server: &Server, certificates: Option<impl AsRef<[u8]>>) -> crate::common::Run {
    let place = Place::new();
    let file = place.path().join("roots.pem");
    let mut command = place.command(&["search-companies", "x"]);
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.url);
    if let Some(certificates) = certificates {
        std::fs::write(&file, certificates).unwrap();
        command.env("SSL_CERT_FILE", &file);
    }
    finish(command, b"")
}

#[test]
fn an_authority_named_by_the_user_is_trusted() {
    let server = serve("localhost");
    assert_eq!(search(&server, Some(&server.authority)).json(), serde_json::json!([]));
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
}

#[test]
fn a_file_of_authorities_may_be_written_in_any_way() {
    let server = serve("localhost");
    let pem = server.authority.trim_end();
    let body = pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
    let other = serve("elsewhere.example").authority;
    let ways: [Vec<u8>; 7] = [
        pem.into(),
        pem.replace('\n', "\r\n").into(),
        format!("Our authority\n{pem}\n\n{other}").into(),
        format!("{other}{begin}\n{body}\n{end}").into(),
        format!("{begin}\n  {}\n{end}\n", body[..60].to_owned() + " \n\t" + &body[60..]).into(),
        format!("{begin}\nthis is no certificate\n{end}\n{begin}\nAAAA\n{end}\n{pem}\n").into(),
        [b"Autorit\xe9\n", pem.as_bytes()].concat(),
    ];
    for way in &ways {
        let run = search(&server, Some(way));
        assert_eq!(run.code, 0, "{}: {}", String::from_utf8_lossy(way), run.stderr);
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), ways.len());
}

#[test]
fn an_authority_that_is_commented_out_is_not_trusted() {
    let server = serve("localhost");
    let other = serve("elsewhere.example").authority;
    for mark in ["#", "# ", "x"] {
        let file =
            format!("{other}{}", server.authority.replacen("-----BEGIN", &format!("{mark}-----BEGIN"), 1));
        let error = search(&server, Some(file)).error(1);
        assert!(error["message"].as_str().unwrap().contains("certificate is not trusted"), "{error}");
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

#[test]
fn strangers_are_not() {
    let unknown = serve("localhost");
    let other_name = serve("elsewhere.example");
    for (server, certificates) in [(&unknown, None), (&other_name, Some(other_name.authority.as_str()))] {
        let error = search(server, certificates).error(1);
        assert!(error["message"].as_str().unwrap().contains("certificate is not trusted"), "{error}");
        assert_eq!(server.requests.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn unusable_certificates_fail_closed() {
    let server = serve("localhost");
    for garbage in ["", "garbage"] {
        let error = search(&server, Some(garbage)).error(1);
        assert!(error["hint"].as_str().unwrap().contains("SSL_CERT_FILE"), "{error}");
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

//! Files: up, down, linked and deleted.

use super::{field, planned};
use crate::common::{KEY, NOTHING, Place, Recorder, Run};
use serde_json::json;
use std::path::Path;
use wiremock::matchers::{header_exists, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const BYTES: &[u8] = b"%PDF\r\n--\xff\0";

fn upload(place: &Place) -> Vec<String> {
    let file = place.path().join("offer.pdf");
    std::fs::write(&file, BYTES).unwrap();
    let words = [
        "files",
        "upload",
        "--file",
        file.to_str().unwrap(),
        "--object",
        "companies",
        "--record-id",
        "acme.com",
    ];
    words.map(str::to_owned).to_vec()
}

fn run(place: &Place, args: &[String]) -> Run {
    place.sandbox(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_file_comes_back_as_it_went() {
    let place = Place::new();
    let made = run(&place, &upload(&place)).json();
    assert_eq!(
        (&made["name"], &made["content_size"], &made["content_type"]),
        (&json!("offer.pdf"), &json!(BYTES.len()), &json!("application/pdf"))
    );
    let id = made["file_id"].as_str().unwrap();
    let download = ["files", "download", id, "--to", "copy.pdf"];
    assert_eq!(place.sandbox(&download).json(), json!({"path": "copy.pdf", "content_size": BYTES.len()}));
    let copy = place.path().join("copy.pdf");
    assert_eq!(std::fs::read(&copy).unwrap(), BYTES);
    let piped = place.command(&["--sandbox", "files", "download", id]).output().unwrap();
    assert_eq!((piped.status.code(), piped.stdout.as_slice()), (Some(0), BYTES));

    std::fs::write(&copy, "mine").unwrap();
    place.sandbox(&download).error(2);
    assert_eq!(std::fs::read(&copy).unwrap(), b"mine", "nothing is overwritten unasked");
    assert_eq!(place.sandbox(&[&download[..], &["--overwrite"]].concat()).code, 0);
    assert_eq!(std::fs::read(&copy).unwrap(), BYTES);
    place.sandbox(&["files", "download", id, "--to", "nowhere/copy.pdf"]).error(2);

    let writes: Vec<_> = place.audit().iter().map(|line| line["operation"].clone()).collect();
    assert_eq!(writes, ["files upload"]);
    assert!(!place.audit()[0].to_string().contains("offer"), "no values in the audit log");
}

#[test]
fn a_file_travels_over_the_wire() {
    let (place, server) = (Place::new(), Recorder::new(&[]));
    let args = upload(&place);
    let args = args.iter().map(|word| if word == "acme.com" { "name:Acme" } else { word });
    let made = place.against(&server.base_url, &args.collect::<Vec<_>>()).json();
    let id = made["file_id"].as_str().unwrap();
    let download = place.against(&server.base_url, &["files", "download", id, "--to", "copy"]);
    assert_eq!(download.json()["content_size"], BYTES.len());
    assert_eq!(std::fs::read(place.path().join("copy")).unwrap(), BYTES);
    assert!(server.calls().last().unwrap().contains("signature="), "{:?}", server.calls());
}

#[test]
fn an_upload_is_shown_and_refused_like_any_write() {
    let place = Place::new();
    let acme = field(&place, &["get-company", "acme.com"], "record_id");
    let args = upload(&place);
    let plan = run(&place, &[&args[..], &["--dry-run".to_owned()]].concat()).json();
    assert_eq!(
        plan,
        json!({"method": "POST", "path": "/v2/files/upload", "body": {"object": "companies", "record_id": acme,
            "file": {"name": "offer.pdf", "content_size": BYTES.len()}}})
    );
    run(&place, &[&args[..], &["--read-only".to_owned()]].concat()).error(9);
    std::fs::remove_file(place.path().join("offer.pdf")).unwrap();
    run(&place, &args).error(2);
    assert!(place.audit().is_empty());
}

#[test]
fn folders_and_connected_files() {
    let folder =
        ["files", "create", "--file-type", "folder", "--object", "companies", "--record-id", NOTHING];
    assert_eq!(
        planned(&[&folder[..], &["--name", "Terms"]].concat())["body"],
        json!({"file_type": "folder", "object": "companies", "record_id": NOTHING, "name": "Terms"})
    );
    let place = Place::new();
    place.sandbox(&folder).error(2);
    let connected = [&folder[..3], &["connected-file"], &folder[4..]].concat();
    place.sandbox(&connected).error(2);
    let drive = ["--storage-provider", "google-drive", "--external-provider-file-id", "1"];
    assert_eq!(planned(&[&connected[..], &drive].concat())["body"]["storage_provider"], "google-drive");

    let of_acme = ["--object", "companies", "--record-id", "acme.com"];
    let made = place.sandbox(&[&folder[..4], &of_acme, &["--name", "Terms"]].concat()).json();
    let listed = place.sandbox(&[&["files", "list"], &of_acme[..], &["-o", "ids"]].concat());
    let id = made["file_id"].as_str().unwrap();
    assert!(listed.stdout.lines().any(|line| line == id), "{listed:?}");
    assert_eq!(field(&place, &["files", "get", id], "name"), "Terms");
    assert_eq!(
        place.sandbox(&["files", "delete", id, "--yes"]).json(),
        json!({"file_id": id, "deleted": true})
    );
}

/// A server that answers a download with this link, and refuses everything else.
async fn linking(location: &str) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path(format!("/v2/files/{NOTHING}/download")))
        .and(header_exists("authorization"))
        .respond_with(ResponseTemplate::new(302).insert_header("location", location))
        .mount(&server)
        .await;
    server
}

fn download(place: &Place, server: &MockServer) -> Run {
    place.against(&server.uri(), &["files", "download", NOTHING, "--to", "file", "--read-only", "-v"])
}

fn content(place: &Place) -> Option<Vec<u8>> {
    std::fs::read(Path::new(place.path()).join("file")).ok()
}

#[tokio::test]
async fn the_link_gets_no_key_and_another_try() {
    let storage = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .mount(&storage)
        .await;
    Mock::given(path("/signed"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(BYTES))
        .mount(&storage)
        .await;
    let server = linking(&format!("{}/signed?signature=s3cret", storage.uri())).await;
    let place = Place::new();
    let run = download(&place, &server);
    assert_eq!((run.code, content(&place).as_deref()), (0, Some(BYTES)), "{run:?}");
    assert!(!run.stderr.contains("s3cret"), "who has the link has the file: {run:?}");
    let asked = storage.received_requests().await.unwrap();
    assert_eq!(asked.len(), 2);
    for request in asked {
        assert_eq!(request.url.query(), Some("signature=s3cret"));
        assert!(!format!("{:?}", request.headers).contains(KEY));
        assert!(!request.headers.contains_key("authorization"));
    }
}

#[tokio::test]
async fn a_link_that_leads_astray_is_not_followed() {
    for bad in ["http://files.example.com/x", "ftp://127.0.0.1/x", "", "file:///etc/passwd"] {
        let place = Place::new();
        let error = download(&place, &linking(bad).await);
        assert_eq!((error.code, content(&place)), (1, None), "{bad}: {error:?}");
    }
    let storage = MockServer::start().await; // answers 404
    let place = Place::new();
    assert_eq!(download(&place, &linking(&storage.uri()).await).code, 1);
    assert_eq!(content(&place), None);
}

//! Files: the document does not have them yet, so only statuses and what is known of the answers are judged.

use crate::common::NOTHING;
use http::Request;
use serde_json::{Value, json};

use super::{Walk, id};

pub fn walk(walk: &mut Walk) {
    let acme = walk.company("acme.com");
    let create = "POST /v2/files";
    let folder = json!({ "file_type": "folder", "object": "companies", "record_id": acme, "name": "Terms" });
    let folder = id(&walk.ok(create, &[], folder), "file_id");
    let connected = json!({
        "file_type": "connected-file", "object": "companies", "record_id": acme,
        "storage_provider": "google-drive", "external_provider_file_id": "01ISGX",
    });
    let connected = id(&walk.ok(create, &[], connected), "file_id");
    walk.refused(create, &[], json!({ "file_type": "file" }), 400, "validation_type");

    let (status, made) =
        upload(walk, &[("object", "companies"), ("record_id", &acme), ("parent_folder_id", &folder)]);
    assert_eq!((status, &made["data"]["content_size"]), (201, &json!(3)), "{made}");
    assert_eq!(upload(walk, &[("object", "companies"), ("record_id", NOTHING)]).0, 400);
    let file = id(&made["data"], "file_id");
    download(walk, &file, &connected);

    let all = format!("GET /v2/files?object=companies&record_id={acme}");
    assert_eq!(walk.ok(&all, &[], Value::Null).as_array().unwrap().len(), 4, "one is in the seed");
    let inside =
        walk.ok(&format!("{all}&parent_folder_id={folder}&storage_provider=attio"), &[], Value::Null);
    assert_eq!(inside, json!([made["data"]]));
    walk.refused("GET /v2/files", &[], Value::Null, 400, "validation_type");
    walk.ok("GET /v2/files/{}", &[&folder], Value::Null);
    walk.ok("DELETE /v2/files/{}", &[&folder], Value::Null);
    for route in ["GET /v2/files/{}", "DELETE /v2/files/{}", "GET /v2/files/{}/download"] {
        walk.refused(route, &[&file], Value::Null, 404, "not_found");
    }
}

fn upload(walk: &mut Walk, fields: &[(&str, &str)]) -> (u16, Value) {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
    let body = [body.as_bytes(), b"\x00\xff\n", b"\r\n--b--\r\n"].concat();
    let request = Request::post("/v2/files/upload").header("authorization", "Bearer x");
    let request = request.header("content-type", "multipart/form-data; boundary=b").body(body).unwrap();
    let response = walk.send("POST /v2/files/upload", request);
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

/// The link that a download leads to needs no key, but its signature.
fn download(walk: &mut Walk, file: &str, connected: &str) {
    let download = "GET /v2/files/{}/download";
    let response = walk.send(download, super::request(download, &[file], &Value::Null));
    assert_eq!(response.status(), 302);
    let link = response.headers()["location"].to_str().unwrap().to_owned();
    let get = |link: &str| Request::get(link).body(Vec::new()).unwrap();
    assert_eq!(walk.send("GET /files/{}", get(&link)).body(), b"\x00\xff\n");
    let forged = link.replace("signature=", "signature=0");
    assert_eq!(walk.send("GET /files/{}", get(&forged)).status(), 403);
    walk.refused(download, &[connected], Value::Null, 400, "validation_type");
}

//! Files: every byte comes back, by a link that needs no key.
use attio_crm::sandbox::respond;
use http::{Request, Response};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::workspace::{Workspace, id};

/// A form field: what stands behind `form-data`, and the content.
type Field<'a> = (&'a str, &'a [u8]);

fn send(workspace: &mut Workspace, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    respond(&mut workspace.state, &request, workspace.now)
}

fn upload(workspace: &mut Workspace, content_type: &str, fields: &[Field]) -> (u16, Value) {
    let mut body = Vec::new();
    for (head, content) in fields {
        body.extend(format!("--a b\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--a b--\r\n");
    let request = Request::post("/v2/files/upload").header("authorization", "Bearer x");
    let response = send(workspace, request.header("content-type", content_type).body(body).unwrap());
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

const FORM: &str = "multipart/form-data; boundary=\"a b\"";

#[test]
fn what_was_uploaded_comes_back_to_the_byte_without_a_key() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({}));
    let content: Vec<u8> = (0..=255).chain(*b"\r\n--a\r\n\r\n--").collect();
    let head = "name=\"file\"; filename=\"n.bin\"; filename*=utf-8''%C3%A4%20%22b%22.bin\r\nContent-Type: image/x-odd";
    let fields: [Field; 3] =
        [("name=\"object\"", b"companies"), ("name=\"record_id\"", company.as_bytes()), (head, &content)];
    let (status, made) = upload(&mut workspace, FORM, &fields);
    let made = &made["data"];
    assert_eq!(
        (status, &made["name"], &made["content_size"]),
        (201, &json!("\u{e4} \"b\".bin"), &json!(content.len()))
    );
    assert_eq!((&made["file_type"], &made["storage_provider"]), (&json!("file"), &json!("attio")));

    let path = format!("/v2/files/{}/download", made["id"]["file_id"].as_str().unwrap());
    let keyless = Request::get(&path).body(Vec::new()).unwrap();
    assert_eq!(send(&mut workspace, keyless).status(), 401);
    let with_key = Request::get(&path).header("authorization", "Bearer x").body(Vec::new()).unwrap();
    let redirect = send(&mut workspace, with_key);
    assert_eq!((redirect.status().as_u16(), redirect.body().len()), (302, 0));
    let link = redirect.headers()["location"].to_str().unwrap();
    let get = || Request::get(link).body(Vec::new()).unwrap();
    let bytes = send(&mut workspace, get());
    assert_eq!((bytes.headers()["content-type"].to_str().unwrap(), bytes.body()), ("image/x-odd", &content));
    workspace.now += SignedDuration::from_hours(1);
    assert_eq!(send(&mut workspace, get()).status(), 403, "links expire");
}

#[test]
fn an_upload_that_is_no_complete_form_is_refused() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({}));
    let record: [Field; 2] = [("name=\"object\"", b"companies"), ("name=\"record_id\"", company.as_bytes())];
    let file: Field = ("name=\"file\"; filename=\"a\"", b"x");
    let (status, error) = upload(&mut workspace, FORM, &record);
    assert_eq!((status, &error["validation_errors"][0]["path"]), (400, &json!(["file"])));
    assert_eq!(upload(&mut workspace, FORM, &[record[0], file]).0, 400);
    for content_type in ["application/json", "multipart/form-data", "multipart/form-data; boundary=other"] {
        assert_eq!(
            upload(&mut workspace, content_type, &[record[0], record[1], file]).0,
            400,
            "{content_type}"
        );
    }
    let nowhere: Field = ("name=parent_folder_id", company.as_bytes());
    let (status, error) = upload(&mut workspace, FORM, &[record[0], record[1], file, nowhere]);
    assert_eq!((status, &error["code"]), (400, &json!("value_not_found")));
    let all = format!("/v2/files?object=companies&record_id={company}");
    assert_eq!(workspace.data("GET", &all, Value::Null), json!([]));
}

#[test]
fn a_file_may_have_fifty_megabytes_and_no_byte_more() {
    let mut workspace = Workspace::new();
    let company = workspace.create("companies", json!({}));
    let record: [Field; 2] = [("name=object", b"companies"), ("name=record_id", company.as_bytes())];
    let mut content = vec![b'x'; 50 * 1024 * 1024 + 1];
    let (status, error) =
        upload(&mut workspace, FORM, &[record[0], record[1], ("name=file; filename=a", &content)]);
    assert_eq!((status, &error["code"]), (400, &json!("validation_type")));
    content.pop();
    let (status, made) =
        upload(&mut workspace, FORM, &[record[0], record[1], ("name=file; filename=a", &content)]);
    assert_eq!((status, &made["data"]["content_size"]), (201, &json!(52_428_800)));
}

#[test]
fn folders_are_of_one_record_and_go_with_all_that_is_in_them() {
    let mut workspace = Workspace::new();
    let (here, there) = (workspace.create("companies", json!({})), workspace.create("companies", json!({})));
    let folder = |record: &str, parent: Value| json!({"file_type": "folder", "object": "companies", "record_id": record, "name": "F", "parent_folder_id": parent});
    let outer = workspace.data("POST", "/v2/files", folder(&here, Value::Null))["id"]["file_id"].clone();
    let inner = workspace.data("POST", "/v2/files", folder(&here, outer.clone()))["id"]["file_id"].clone();
    workspace.refused("POST", "/v2/files", folder(&there, outer.clone()), 400, "value_not_found");
    let connected = json!({"file_type": "connected-folder", "object": "companies", "record_id": here,
        "storage_provider": "microsoft-onedrive", "external_provider_file_id": "1", "microsoft_drive_id": "b!2"});
    let connected = workspace.data("POST", "/v2/files", connected);
    assert_eq!(connected["microsoft_drive_id"], "b!2");
    let all = format!("/v2/files?object=companies&record_id={here}");
    assert_eq!(workspace.data("GET", &all, Value::Null).as_array().unwrap().len(), 3);
    let of_box = format!("{all}&storage_provider=box");
    assert_eq!(workspace.data("GET", &of_box, Value::Null), json!([]));
    workspace.data("DELETE", &format!("/v2/files/{}", outer.as_str().unwrap()), Value::Null);
    workspace.refused(
        "GET",
        &format!("/v2/files/{}", inner.as_str().unwrap()),
        Value::Null,
        404,
        "not_found",
    );
    assert_eq!(workspace.data("GET", &all, Value::Null), json!([connected]));
    workspace.data("DELETE", &format!("/v2/objects/companies/records/{here}"), Value::Null);
    assert_eq!(workspace.data("GET", &all, Value::Null), json!([]));
}

#[test]
fn the_seed_has_a_file_that_can_be_read() {
    let mut workspace = Workspace::new();
    let acme = id(&workspace.find("companies", json!({"domains": "acme.com"})));
    let all = format!("/v2/files?object=companies&record_id={acme}");
    let file = workspace.data("GET", &all, Value::Null)[0].clone();
    assert_eq!((&file["name"], &file["content_type"]), (&json!("renewal-terms.txt"), &json!("text/plain")));
    let download = format!("/v2/files/{}/download", file["id"]["file_id"].as_str().unwrap());
    let request = Request::get(download).header("authorization", "Bearer x").body(Vec::new()).unwrap();
    let link = send(&mut workspace, request).headers()["location"].to_str().unwrap().to_owned();
    let bytes = send(&mut workspace, Request::get(link).body(Vec::new()).unwrap()).into_body();
    assert!(bytes.starts_with(b"Term: 12 months\n"));
    assert_eq!(file["content_size"], bytes.len());
}

//! The API key appears nowhere, whatever comes back.

use super::*;
use crate::common::{KEY, NOTHING, Place, finish};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;

/// A server that gives back what it was sent, the key among it, in every place where a text may stand.
fn echo(status: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (mut key, mut length) = (String::new(), 0);
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
                let (name, value) = line.split_once(": ").unwrap_or_default();
                match name.to_ascii_lowercase().as_str() {
                    "authorization" => key = value.trim_start_matches("Bearer ").to_owned(),
                    "content-length" => length = value.parse().unwrap(),
                    _ => {}
                }
            }
            reader.take(length).read_to_end(&mut Vec::new()).unwrap();
            let body = body(status, &key);
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nx-attio-execution-id: {key}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all([head, body].concat().as_bytes());
        }
    });
    base_url
}

fn body(status: u16, key: &str) -> String {
    let text = |text: &str| json!([{"value": text, "attribute_type": "text", "active_from": key}]);
    let id = NOTHING;
    let record = json!({"id": {"workspace_id": key, "object_id": key, "record_id": id}, "created_at": key,
        "web_url": format!("https://app.attio.com/w/company/{id}?{key}"),
        "values": {"name": text(&format!("Authorization: Bearer {key}")), key: text(key),
                   "basic": text(&base64_of(&format!("{key}:"))), "long": text(&"x".repeat(200_000))},
        "title": key, "content_plaintext": key});
    match status {
        200 => json!({"data": [record]}),
        _ => json!({"status_code": status, "type": key, "code": key, "message": format!("bad {key}"),
                    "validation_errors": [{"path": [key]}]}),
    }
    .to_string()
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn no_answer_makes_a_command_print_the_key() {
    let key_in_base64 = base64_of(KEY);
    for status in [200, 400, 403] {
        let server = echo(status);
        let place = Place::new();
        for args in [
            &["search-companies", "acme"][..],
            &["get-company", NOTHING],
            &["list-notes", NOTHING],
            &["update-company", NOTHING, "--name", KEY],
            &["api", "GET", "/v2/self"],
            &["records", "query", "companies"],
        ] {
            let formats: &[&[&str]] = match status {
                200 => &[&["-o", "json"], &["-o", "csv"], &["-o", "table"], &["--raw"]],
                _ => &[&["-o", "json", "-v"], &["-o", "table", "-v"]],
            };
            for format in formats {
                // That the key itself is nowhere is looked after wherever the program is run.
                let run = place.against(&server, &[args, *format].concat());
                assert!(!run.stdout.contains(&key_in_base64[..24]), "{args:?} {format:?}");
            }
        }
        let shown = place.against(&server, &["search-companies", "acme"]);
        assert!([shown.stdout, shown.stderr].concat().contains("[API key]"), "{status}");
    }
}

#[test]
fn an_argument_that_is_the_key_is_not_repeated() {
    let place = Place::new();
    let stray = format!("--{KEY}");
    for args in [
        &[KEY][..],
        &["search-companies", "acme", &stray],
        &["get-company", &format!("../{KEY} x")],
        &["--timeout", KEY, "parse-url", "x"],
        &["parse-url", &format!("https://app.attio.com/{KEY}")],
        &["search-companies", "acme", "--base-url", &format!("http://{KEY}.example.com")],
    ] {
        for format in [&[][..], &["-o", "table"]] {
            let mut command = place.command(&[args, format].concat());
            command.env("ATTIO_API_KEY", KEY);
            let run = finish(command, b"");
            assert!([run.stdout, run.stderr].concat().contains("[API key]"), "{args:?}");
        }
        std::fs::write(place.path().join(".env"), format!("ATTIO_API_KEY={KEY}\n")).unwrap();
        let _ = place.run(args);
    }
}

#[test]
fn bytes_of_arguments_do_not_act() {
    let place = Place::new();
    for text in ["\u{1b}[2J", "\u{9b}2J", "\u{202e}x", "a\u{7}"] {
        for args in [
            &[text][..],
            &["search-companies", "x", "--set", text],
            &["--timeout", text, "self", "get"],
            &["get-company", text],
        ] {
            for format in [&[][..], &["-o", "table"]] {
                let run = place.run(&[args, format].concat());
                assert!(run.code == 2 || run.code == 4, "{run:?}");
                assert!(
                    run.stderr.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')),
                    "{run:?}"
                );
            }
        }
    }
}

//! Exit codes and errors: what a caller sees when a call fails, and how often it was sent.

use crate::common::{KEY, NOTHING, Place, Recorder, Run};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A server that gives every request the same answer.
async fn always(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn attio(status: u16, code: &str, message: &str) -> ResponseTemplate {
    let body =
        json!({"status_code": status, "type": "invalid_request_error", "code": code, "message": message});
    ResponseTemplate::new(status).insert_header("x-attio-execution-id", "exec-1").set_body_json(body)
}

async fn count(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

fn get(server: &MockServer, more: &[&str]) -> Run {
    Place::new().against(&server.uri(), &[&["get-company", NOTHING], more].concat())
}

fn create(server: &MockServer) -> Run {
    Place::new().against(&server.uri(), &["create-note", "--object", "companies", NOTHING, "T", "text"])
}

#[tokio::test]
async fn wrong_input_sends_nothing() {
    let server = always(ResponseTemplate::new(500)).await;
    for args in [
        &["get-company", "../../notes"] as &[&str],
        &["get-company", "https://app.attio.com/ws/person/5a6a8a32-0000-4000-8000-00000000000f"],
        &["get-company", "ann@acme.com"],
        &["get-note", "../objects"],
        &["update-company", NOTHING],
        &["update-person", NOTHING],
        &["update-deal", NOTHING],
        &["create-person", "not-an-address"],
        &["create-company", "X", "--domain", "no domain"],
        &["create-company", "X", "--upsert"],
        &["create-company", "X", "--set-json", "name=\"Y\"", "--allow-duplicate"],
        &["create-company", "X", "--set-json", "a=b"],
        &["create-person", "a@b.com", "--company-id", "acme.com", "--set-json", "company=null"],
        &["update-person", "a@b.com", "--first-name", "A", "--set-json", "name=null"],
        &["create-deal", "X", "--stage", "Lead", "--value", "1,000"],
        &["create-deal", "X", "--stage", "Lead", "--company", "acme.com", "--person", "acme.com"],
        &["update-deal", "../../notes", "--company", "acme.com"],
        &["update-person", "ann@acme.com", "--company-id", "../../notes"],
        &["create-note", "--object", "companies", NOTHING, "T", "--content-file", "/no/such/file"],
        &["create-note", "--object", "companies", NOTHING, "T", "x", "--object", "../x"],
        &["list-notes", "--object", "companies", NOTHING, "--limit", "0"],
        &["search-companies", ""],
        &["search-people", ""],
        &["search-deals", ""],
        &["create-company", ""],
        &["search-companies", "x", "--fuzzy", "--limit", "26"],
        &["search-companies", "x", "--raw", "--fields", "name"],
        &["search-companies", "x", "--rate-limit", "0/min"],
        &["search-companies", "x", "--timeout", "0"],
        &["no-such-command"],
    ] {
        let error = Place::new().against(&server.uri(), args).error(2);
        assert_eq!(error["kind"], "usage", "{args:?}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{args:?}");
        assert!(error["hint"].is_string(), "{args:?}: {error}");
    }
    assert_eq!(count(&server).await, 0);
}

#[test]
fn without_a_key_it_says_so_at_once() {
    let place = Place::new();
    let mut command = place.command(&["search-companies", "x"]);
    command.env("ATTIO_API_KEY", "");
    let error = crate::common::finish(command, b"").error(4);
    assert_eq!(error["kind"], "auth");
    assert_eq!(error["message"], "no API key: ATTIO_API_KEY is set, but empty");
    let error = place.run(&["search-companies", "x"]).error(4);
    assert!(error["hint"].as_str().unwrap().contains("--sandbox"));
}

#[tokio::test]
async fn refusals_have_their_exit_code_and_are_not_repeated() {
    let message = "Attio's own words";
    for (status, code, exit, kind) in [
        (400, "validation_type", 1, "failure"),
        (400, "uniqueness_conflict", 7, "conflict"),
        (401, "unauthorized", 4, "auth"),
        (403, "unauthorized", 4, "auth"),
        (403, "billing_error", 1, "failure"),
        (404, "not_found", 3, "not_found"),
        (409, "slug_conflict", 7, "conflict"),
        (413, "validation_type", 1, "failure"),
        (501, "not_implemented", 1, "failure"),
    ] {
        let server = always(attio(status, code, message)).await;
        let error = get(&server, &[]).error(exit);
        assert_eq!(error["kind"], kind, "{status} {code}");
        assert_eq!(error["status"], status);
        assert_eq!(error["code"], code);
        assert_eq!(error["type"], "invalid_request_error");
        assert_eq!(error["request_id"], "exec-1");
        assert!(error["message"].as_str().unwrap().ends_with(message), "{error}");
        assert_eq!(count(&server).await, 1, "{status}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let server = always(attio(403, "unauthorized", "This API key is not authorised")).await;
    let error = get(&server, &[]).error(4);
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("record_permission:read") && hint.contains("object_configuration:read"), "{hint}");
}

#[tokio::test]
async fn an_outage_is_tried_five_times_and_then_told() {
    let server = always(attio(500, "internal_error", "oops")).await;
    let error = get(&server, &[]).error(5);
    assert_eq!((&error["kind"], &error["retryable"]), (&json!("unavailable"), &json!(true)));
    assert_eq!(error["attempts"], 5);
    assert_eq!(count(&server).await, 5);
}

#[tokio::test]
async fn a_rate_limit_for_ever_ends() {
    let server = always(attio(429, "rate_limit_exceeded", "slow down")).await;
    // The limiter would keep everybody away in real seconds.
    let error = get(&server, &["--rate-limit", "off"]).error(5);
    assert_eq!((&error["status"], &error["kind"]), (&json!(429), &json!("unavailable")));
    assert_eq!(count(&server).await, 5);
}

#[tokio::test]
async fn a_wait_beyond_reason_ends_at_once() {
    for (header, seconds) in [("3600", Some(3600)), ("61", Some(61))] {
        let answer = attio(429, "rate_limit_exceeded", "slow down").insert_header("retry-after", header);
        let server = always(answer).await;
        let error = get(&server, &[]).error(5);
        assert_eq!(error["retry_after_seconds"], json!(seconds));
        assert_eq!(count(&server).await, 1);
    }
}

#[tokio::test]
async fn a_create_that_was_refused_for_the_rate_is_repeated() {
    let server = MockServer::start().await;
    let slow = attio(429, "rate_limit_exceeded", "slow down").insert_header("retry-after", "1");
    Mock::given(any()).respond_with(slow).up_to_n_times(1).mount(&server).await;
    let note = json!({"data": {"id": {"workspace_id": NOTHING, "note_id": NOTHING}, "title": "T"}});
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(note))
        .expect(1)
        .mount(&server)
        .await;
    let args = ["create-note", "--object", "companies", NOTHING, "T", "text", "--rate-limit", "off"];
    let run = Place::new().against(&server.uri(), &args);
    assert_eq!(run.json()["note_id"], NOTHING);
    assert_eq!(count(&server).await, 2);
}

#[test]
fn nobody_listens() {
    // Bound and closed again: nothing listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    for args in [["get-company", NOTHING], ["delete-note", NOTHING]] {
        let error = Place::new().against(&url, &[&args, &["--yes"] as &[_]].concat()).error(5);
        assert_eq!(error["kind"], "unavailable");
    }
}

#[tokio::test]
async fn other_answers_than_attios_are_described() {
    let portal = ResponseTemplate::new(200).set_body_raw("<html>log in\u{1b}[31m</html>", "text/html");
    let server = always(portal).await;
    let error = get(&server, &[]).error(1);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("not JSON from the API") && message.contains("text/html"), "{message}");
    assert_eq!(count(&server).await, 1);
    // To a write it may have been done behind the portal's back.
    assert_eq!(create(&server).error(8)["kind"], "ambiguous_write");
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn a_list_that_repeats_itself_ends() {
    let rows: Vec<Value> = (0..500).map(|n| json!({"id": {"record_id": n}})).collect();
    let server = always(ResponseTemplate::new(200).set_body_json(json!({ "data": rows }))).await;
    let run = Place::new().against(&server.uri(), &["search-deals", "--all", "--raw"]);
    assert_eq!(run.error(1)["message"], "the list does not go on: the same rows came twice");
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn a_plain_text_503_is_an_outage() {
    let server = always(ResponseTemplate::new(503).set_body_string("Service Unavailable")).await;
    let error = get(&server, &[]).error(5);
    assert_eq!(error["status"], 503);
    assert!(error["message"].as_str().unwrap().contains("Service Unavailable"));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = always(ResponseTemplate::new(200)).await;
    for status in [301, 302, 303, 307, 308] {
        let server =
            always(ResponseTemplate::new(status).insert_header("location", other.uri().as_str())).await;
        assert_eq!(get(&server, &[]).error(1)["status"], status);
        assert_eq!(create(&server).error(1)["status"], status);
        assert_eq!(count(&server).await, 2);
    }
    assert_eq!(count(&other).await, 0);
}

#[tokio::test]
async fn the_key_goes_into_one_header_and_nowhere_else() {
    let server = always(attio(500, "internal_error", "oops")).await;
    let place = Place::new();
    let run =
        place.against(&server.uri(), &["create-note", "--object", "companies", NOTHING, "T", "x", "-v"]);
    assert_eq!(run.code, 8);
    let request = &server.received_requests().await.unwrap()[0];
    assert_eq!(request.headers["authorization"], format!("Bearer {KEY}").as_str());
    let agent = concat!("attio-crm/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.headers["user-agent"], agent);
    let mut files = vec![place.state()];
    let mut read = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.display().to_string();
        let content = std::fs::read(&path).unwrap();
        assert!(!name.contains(KEY) && !String::from_utf8_lossy(&content).contains(KEY), "{name}");
        read += 1;
    }
    assert!(read >= 2, "the limiter's file and the audit log");
}

#[tokio::test]
async fn read_only_and_unconfirmed_writes_are_refused() {
    let server = always(ResponseTemplate::new(500)).await;
    for args in [
        &["create-company", "X", "--domain", "x.example.com"] as &[&str],
        &["create-person", "a@x.example.com"],
        &["update-company", NOTHING, "--name", "X"],
        &["create-note", "--object", "companies", NOTHING, "T", "x"],
        &["delete-note", NOTHING, "--yes"],
    ] {
        let error = Place::new().against(&server.uri(), &[args, &["--read-only"]].concat()).error(9);
        assert_eq!(error["kind"], "refused", "{args:?}");
        let place = Place::new();
        let mut command = place.command(args);
        command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", server.uri()).env("ATTIO_READ_ONLY", "1");
        let error = crate::common::finish(command, b"").error(9);
        assert_eq!(error["kind"], "refused", "{args:?}");
        assert!(place.audit().is_empty());
    }
    assert_eq!(Place::new().sandbox(&["sandbox", "reset", "--read-only"]).error(9)["kind"], "refused");
    let error = Place::new().against(&server.uri(), &["delete-note", NOTHING]).error(9);
    assert!(error["message"].as_str().unwrap().contains("--yes"));
    assert_eq!(count(&server).await, 0);
}

#[tokio::test]
async fn dry_run_shows_the_request_and_needs_no_key() {
    let place = Place::new();
    let args = [
        "create-note",
        "--object",
        "companies",
        &NOTHING.to_uppercase(),
        "T",
        "a\nb",
        "--dry-run",
        "--format",
        "markdown",
    ];
    let shown = place.run(&args).json();
    let data = json!({"parent_object": "companies", "parent_record_id": NOTHING, "title": "T",
        "format": "markdown", "content": "a\nb"});
    assert_eq!(shown, json!({"method": "POST", "path": "/v2/notes", "body": {"data": data}}));
    let shown = place.run(&["create-company", "X", "--domain", "X.example.com", "--dry-run"]).json();
    let values = json!({"name": "X", "domains": [{"domain": "x.example.com"}]});
    let expected = json!({"method": "POST", "path": "/v2/objects/companies/records",
        "body": {"data": {"values": values}}});
    assert_eq!(shown, expected);
    let shown = place.run(&["delete-note", NOTHING, "--dry-run"]).json();
    assert_eq!(shown, json!({"method": "DELETE", "path": format!("/v2/notes/{NOTHING}")}));
    assert!(place.audit().is_empty());
}

#[test]
fn people_read_three_lines() {
    let run = Place::new().run(&["get-company", "../../notes", "-o", "table"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: not a reference to a record: \"../../notes\"\n  try: give a UUID, an Attio URL, an email \
         (person), a domain (company) or name:Exact Name\n"
    );
    assert_eq!(run.stdout, "");
}

#[test]
fn wrong_usage_is_told_in_the_format_asked_for() {
    for format in [&["-o", "table"] as &[&str], &["--output=csv"], &["-oids"]] {
        let run = Place::new().run(&[format, &["create-company"]].concat());
        assert_eq!(run.code, 2);
        assert!(run.stderr.starts_with("error: the following required arguments"), "{run:?}");
    }
    assert_eq!(Place::new().run(&["create-company", "-o", "json"]).error(2)["kind"], "usage");
}

#[test]
fn help_is_on_stdout() {
    for args in [&["--help"] as &[&str], &["create-note", "--help"], &["--version"]] {
        let run = Place::new().run(args);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{args:?}");
        assert!(!run.stdout.is_empty());
    }
}

#[test]
fn a_key_in_dotenv_is_used_and_its_base_url_is_not_for_other_keys() {
    let place = Place::new();
    std::fs::write(place.path().join(".env"), "ATTIO_BASE_URL=https://evil.example\nATTIO_API_KEY=theirs\n")
        .unwrap();
    let mut command = place.command(&["get-company", NOTHING]);
    command.env("ATTIO_API_KEY", KEY);
    let error = crate::common::finish(command, b"").error(2);
    assert!(error["message"].as_str().unwrap().contains(".env"), "{error}");
}

#[test]
fn an_audit_log_that_cannot_be_written_stops_the_write() {
    let place = Place::new();
    // A file where the folder should be.
    std::fs::write(place.state(), "").unwrap();
    let error = place
        .against("http://127.0.0.1:9", &["create-note", "--object", "companies", NOTHING, "T", "x"])
        .error(1);
    assert!(error["message"].as_str().unwrap().contains("audit"), "{error}");
}

#[test]
fn json_errors_have_all_their_keys() {
    let error = Place::new().run(&["get-company", "../../notes"]).error(2);
    for key in [
        "kind",
        "message",
        "hint",
        "status",
        "code",
        "type",
        "validation_errors",
        "request_id",
        "retryable",
        "retry_after_seconds",
    ] {
        assert!(error.get(key).is_some(), "{key}");
    }
    assert_eq!(error["status"], Value::Null);
}

#[test]
fn an_endless_answer_is_cut_off() {
    let server = Recorder::new(&["GET /v2/notes=big*"]);
    let error = Place::new().against(&server.base_url, &["get-note", NOTHING]).error(1);
    assert!(error["message"].as_str().unwrap().contains("larger than 64 MiB"), "{error}");
}

#[test]
fn a_server_that_stalls_costs_no_more_than_the_time_limit() {
    for fault in ["hang*", "drip:500*"] {
        let server = Recorder::new(&[&format!("GET /v2/notes={fault}")]);
        let args = ["list-notes", "--object", "companies", NOTHING, "--timeout", "1"];
        let error = Place::new().against(&server.base_url, &args).error(5);
        // Attempts with a time of their own would have been five.
        assert_eq!((&error["kind"], &error["attempts"]), (&json!("unavailable"), &json!(1)), "{fault}");
    }
}

#[test]
fn an_input_that_never_ends_costs_no_more_than_the_time_limit() {
    let place = Place::new();
    let mut command = place.command(&["--sandbox", "create-note", "acme.com", "T", "-", "--timeout", "0.2"]);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let output = std::thread::scope(|scope| {
        let mut child = child;
        let silent = child.stdin.take(); // open, and never written to
        let output = scope.spawn(|| child.wait_with_output().unwrap()).join().unwrap();
        drop(silent);
        output
    });
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("standard input: nothing came for 200ms"));
}

#[cfg(target_os = "linux")]
#[test]
fn who_is_started_to_outlive_the_terminal_does() {
    let server = Recorder::new(&["GET /v2/tasks*=drip:1"]);
    let place = Place::new();
    let mut command = Command::new("sh");
    let script =
        format!("trap '' HUP; exec '{}' tasks list --limit 1 -o ids", env!("CARGO_BIN_EXE_attio-crm"));
    command.args(["-c", &script]).current_dir(place.path()).env_clear().env("ATTIO_STATE_DIR", place.state());
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while server.seen().is_empty() {
        std::thread::yield_now();
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(0), false), "{output:?}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_write_is_not_called_undone() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let server = Recorder::new(&["POST /v2/notes=commit-hang*"]);
        let place = Place::new();
        let mut command = place.command(&["create-note", "--object", "companies", NOTHING, "T", "x"]);
        command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while server.seen().is_empty() {
            std::thread::yield_now();
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{signal}");
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(error["error"]["kind"], "interrupted");
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains("notes create was under way"), "{error}");
        let audit = place.audit();
        assert_eq!(audit.len(), 1, "{signal}");
        assert_eq!((&audit[0]["operation"], &audit[0]["status"]), (&json!("notes create"), &Value::Null));
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::new();
    for command in [
        "search-companies . --all",
        "create-company Pipe --domain pipe.example.com",
        "parse-url https://app.attio.com/w",
    ] {
        let script = format!("\"$0\" --sandbox {command} | true; echo ${{PIPESTATUS[0]}}");
        let mut shell = Command::new("bash");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_attio-crm")]).env("ATTIO_STATE_DIR", place.state());
        let run = crate::common::finish(shell, b"");
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("0\n", ""), "{command}");
    }
    assert_eq!(place.sandbox(&["get-company", "pipe.example.com"]).code, 0, "written all the same");
}

#[cfg(unix)]
#[test]
fn what_was_written_is_told_to_who_interrupts_what_comes_after() {
    let definitions = "GET /v2/objects/companies/attributes";
    let server = Recorder::new(&[&format!("{definitions}=commit-hang*")]);
    let place = Place::new();
    let mut command = place.command(&["create-company", "Zed", "--domain", "zed.example.com", "-o", "json"]);
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !server.calls().iter().any(|call| call.starts_with(definitions)) {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["error"]["hint"], "do not repeat it");
    assert!(error["error"]["record_id"].is_string(), "{error}");
}

//! `create-note --edit`: the text comes from an editor, and is not lost.

use crate::common::terminal::{CTRL_C, Terminal};
use crate::common::{KEY, NOTHING, Place, Recorder, Run, finish};
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

/// A folder for the files that are edited, and an editor that runs `script` with the file as `$1`.
fn place(script: &str) -> (Place, PathBuf) {
    let place = Place::new();
    let editor = place.path().join("my editor");
    std::fs::write(&editor, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::create_dir(place.path().join("tmp")).unwrap();
    (place, editor)
}

fn edit(place: &Place, url: &str, vars: &[(&str, &str)], more: &[&str]) -> Run {
    let note = ["create-note", "--object", "companies", NOTHING, "Call", "--edit"];
    let mut command = place.command(&[&note[..], more].concat());
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", url).env("TMPDIR", place.path().join("tmp"));
    command.env("PATH", "/usr/bin:/bin").envs(vars.iter().copied());
    finish(command, b"")
}

fn left(place: &Place) -> Vec<PathBuf> {
    let files = std::fs::read_dir(place.path().join("tmp")).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn the_text_is_sent_as_it_was_written() {
    let script = r#"[ "$1" = -w ] && shift; ls -l "$1" | cut -c1-10 > mode; echo "$1 $ATTIO_API_KEY" > name
wc -c < "$1" > size; echo "not for stdout"; printf '# Minutes\n\n- it costs $40\n' > "$1""#;
    let (place, editor) = place(script);
    let server = Recorder::new(&[]);
    let acme = place.sandbox(&["get-company", "acme.com", "-o", "ids"]).stdout;
    let line = format!("\"{}\" -w", editor.display());
    let mut command = place.command(&["create-note", "acme.com", "Call", "--edit", "--format", "markdown"]);
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url).env("PATH", "/usr/bin:/bin");
    command.env("TMPDIR", place.path().join("tmp")).env("VISUAL", line).env("EDITOR", "false");
    let run = finish(command, b"");
    assert_eq!(run.json()["content_markdown"], "# Minutes\n\n- it costs $40\n");
    assert_eq!(run.stderr, "not for stdout\n");
    let last = server.seen().pop().unwrap();
    let data = json!({"parent_object": "companies", "parent_record_id": acme.trim(), "title": "Call",
        "format": "markdown", "content": "# Minutes\n\n- it costs $40\n"});
    assert_eq!((last.path.as_str(), last.body), ("/v2/notes", json!({ "data": data })));
    assert_eq!(server.count("POST", "/v2/notes"), 1);
    let told = |file: &str| std::fs::read_to_string(place.path().join(file)).unwrap();
    assert_eq!((told("mode").as_str(), told("size").trim()), ("-rw-------\n", "0"));
    assert!(told("name").ends_with(".md \n"), "and no key: {:?}", told("name"));
    assert!(left(&place).is_empty());
}

#[test]
fn what_was_not_written_is_not_sent() {
    let server = Recorder::new(&[]);
    let (place, editor) = place("printf '%s' \"$TEXT\" > \"$1\"; exit ${CODE-0}");
    let editor = editor.display().to_string().replace("my editor", "'my editor'");
    let error = |vars: &[(&str, &str)]| {
        let error = edit(&place, &server.base_url, vars, &[]).error(2);
        let half = vars.iter().any(|(name, text)| *name == "TEXT" && text.contains("half"));
        assert_eq!(left(&place).len(), usize::from(half), "{vars:?}");
        left(&place).iter().for_each(|file| std::fs::remove_file(file).unwrap());
        format!("{}; {}", error["message"].as_str().unwrap(), error["hint"].as_str().unwrap())
    };
    let set = "set EDITOR, as in EDITOR=nano; or give CONTENT, or - for standard input";
    assert_eq!(error(&[("EDITOR", &editor)]), "the text is empty; nothing was sent");
    assert_eq!(error(&[("EDITOR", &editor), ("TEXT", " \n\t\n")]), "the text is empty; nothing was sent");
    let failed = error(&[("EDITOR", &editor), ("TEXT", "half a text"), ("CODE", "3")]);
    assert!(failed.contains("failed: exit status: 3; nothing was sent; your text is kept in "), "{failed}");
    assert_eq!(error(&[]), format!("no editor is set; {set}"));
    assert_eq!(error(&[("VISUAL", " "), ("EDITOR", "")]), format!("no editor is set; {set}"));
    assert!(
        error(&[("EDITOR", "./no-such-editor")]).contains("cannot start the editor \"./no-such-editor\"")
    );
    assert!(error(&[("EDITOR", "'vi")]).contains("a quote is not closed"));
    let both = edit(&place, &server.base_url, &[("EDITOR", &editor)], &["text"]);
    assert_eq!(both.error(2)["kind"], "usage");
    assert_eq!(server.calls(), [""; 0]);
}

#[test]
fn a_text_that_cannot_be_sent_is_kept() {
    let (place, editor) = place("printf 'Long thoughts' > \"$1\"");
    let editor = format!("'{}'", editor.display());
    let vars = [("EDITOR", editor.as_str())];
    for (fault, code) in [("POST /v2/notes=status:403*", 4), ("POST /v2/notes=commit-reset*", 8)] {
        let server = Recorder::new(&[fault]);
        let error = edit(&place, &server.base_url, &vars, &[]).error(code);
        let file = error["content_file"].as_str().unwrap();
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.ends_with(&format!("; your text is kept in {file}")), "{hint}");
        assert_eq!(std::fs::read_to_string(file).unwrap(), "Long thoughts", "{fault}");
        std::fs::remove_file(file).unwrap();
    }
    let server = Recorder::new(&[]);
    let plan = edit(&place, &server.base_url, &vars, &["--dry-run"]).json();
    assert_eq!(plan["body"]["data"]["content"], "Long thoughts");
    assert_eq!(left(&place).len(), 1, "what was not sent is kept");
    let refused = edit(&place, &server.base_url, &[("EDITOR", "./never-started")], &["--read-only"]);
    assert_eq!(refused.error(9)["kind"], "refused");
    assert_eq!(server.calls(), [""; 0]);
}

#[test]
fn ctrl_c_in_the_editor_is_for_the_editor() {
    let (place, editor) = place("echo text > \"$1\"; kill -INT $PPID");
    let mut command = place.command(&["--sandbox", "create-note", "acme.com", "Call", "--edit"]);
    command.env("EDITOR", format!("'{}'", editor.display())).env("TMPDIR", place.path().join("tmp"));
    let run = finish(command, b"");
    assert_eq!(run.json()["content_plaintext"], "text\n", "{run:?}");
    assert!(left(&place).is_empty());
}

#[test]
fn a_text_that_is_interrupted_on_its_way_is_named() {
    let (place, editor) = place("echo text > \"$1\"");
    let server = Recorder::new(&["POST /v2/notes=commit-hang*"]);
    let mut command = place.command(&["create-note", "--object", "companies", NOTHING, "Call", "--edit"]);
    command.env("ATTIO_API_KEY", KEY).env("ATTIO_BASE_URL", &server.base_url);
    command.env("EDITOR", format!("'{}'", editor.display())).env("TMPDIR", place.path().join("tmp"));
    let mut terminal = Terminal::start(command, 80);
    while server.count("POST", "/v2/notes") == 0 {
        std::thread::yield_now();
    }
    terminal.type_in(CTRL_C);
    let screen = terminal.finish();
    let [file] = left(&place).try_into().unwrap();
    assert_eq!(screen.code, 130, "{screen:?}");
    assert!(screen.text.contains(&format!("your text is kept in {}", file.display())), "{screen:?}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "text\n");
}

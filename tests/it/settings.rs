//! Settings as the program finds them: somebody else's `.env` stops nothing, and what surely is no key is not sent.

use crate::common::{KEY, Place, finish};
use serde_json::Value;

#[test]
fn whatever_is_called_dotenv_a_command_runs() {
    let search = ["--sandbox", "search-companies", "acme", "-o", "ids"];
    type Make = fn(&std::path::Path);
    let cases: [(&str, Make); 9] = [
        ("another program's variable", |path| {
            std::fs::write(path, "ATTIO_TOKEN=$X\nATTIO_ID=a b\n").unwrap()
        }),
        ("names without values", |path| {
            std::fs::write(path, "export ATTIO_API_KEY\nATTIO_READ_ONLY # docker\n").unwrap();
        }),
        ("lines that are not needed", |path| {
            std::fs::write(path, "ATTIO_API_KEY=\"x\nATTIO_BASE_URL=$X\n").unwrap();
        }),
        ("a folder", |path| std::fs::create_dir(path).unwrap()),
        ("foreign nonsense", |path| std::fs::write(path, "=\n'\n\u{0}${X\nexport\nA=\"b\n").unwrap()),
        ("no text", |path| std::fs::write(path, b"\xff\xfe\xfd\x00A=\xff\n").unwrap()),
        ("a large file", |path| std::fs::write(path, "X=1\n".repeat(100_000)).unwrap()),
        ("a blank at the end", |path| std::fs::write(path, "ATTIO_READ_ONLY=1 \n").unwrap()),
        ("nothing", |path| std::fs::write(path, "").unwrap()),
    ];
    for (what, make) in cases {
        let place = Place::new();
        make(&place.path().join(".env"));
        let run = place.run(&search);
        assert_eq!((run.code, run.stdout.is_empty()), (0, false), "{what}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_to_which_nobody_writes_is_passed_over() {
    let place = Place::new();
    let made = std::process::Command::new("mkfifo").arg(place.path().join(".env")).status().unwrap();
    assert!(made.success());
    let run = place.run(&["--sandbox", "get-company", "acme.com", "--fields", "name"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("nobody writes"), "{run:?}");
}

#[test]
fn a_line_of_ours_that_is_wrong_is_told_unless_the_environment_says_it_better() {
    let place = Place::new();
    std::fs::write(place.path().join(".env"), "ATTIO_API_KEY=\"canary\nX=1\n").unwrap();
    let error = place.run(&["search-companies", "x"]).error(2);
    assert!(
        error["message"].as_str().unwrap().contains("ATTIO_API_KEY") && !error.to_string().contains("canary")
    );
    let mut command =
        place.command(&["search-companies", "x", "--base-url", "http://127.0.0.1:9", "--timeout", "0.2"]);
    command.env("ATTIO_API_KEY", KEY);
    assert_eq!(finish(command, b"").error(5)["kind"], "unavailable");
}

#[test]
fn a_quote_that_is_never_closed_takes_no_line_of_ours_with_it() {
    let place = Place::new();
    std::fs::write(place.path().join(".env"), "A=\"x\nATTIO_READ_ONLY=1\nB=\"y\"\n# don't\n").unwrap();
    let run = place.sandbox(&["create-company", "X"]);
    assert_eq!(run.error(9)["kind"], "refused", "{run:?}");
}

#[test]
fn what_is_in_the_quotes_of_another_variable_opens_no_door() {
    let place = Place::new();
    let text = "ATTIO_READ_ONLY=1\nCERT=\"-----\nATTIO_READ_ONLY=0\n-----\" # end\n";
    std::fs::write(place.path().join(".env"), text).unwrap();
    let run = place.sandbox(&["create-company", "X"]);
    assert_eq!(run.error(9)["kind"], "refused", "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_write_is_read_and_told() {
    use std::os::unix::fs::PermissionsExt as _;
    for (mode, told) in [(0o600, false), (0o644, false), (0o660, true), (0o666, true)] {
        let place = Place::new();
        let file = place.path().join(".env");
        std::fs::write(&file, "ATTIO_READ_ONLY=1\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let run = place.sandbox(&["create-company", "X"]);
        assert_eq!((run.code, run.stderr.contains("chmod 600 .env")), (9, told), "{mode:o}: {run:?}");
    }
}

#[test]
fn a_server_that_is_not_used_stops_no_command() {
    for base in ["", "nonsense", "https://attio.example/v1", "ftp://x"] {
        for args in [
            &["sandbox", "path"] as &[&str],
            &["--sandbox", "get-company", "acme.com"],
            &["sandbox", "reset", "--yes"],
        ] {
            let place = Place::new();
            let mut command = place.command(args);
            command.env("ATTIO_BASE_URL", base);
            assert_eq!(finish(command, b"").code, 0, "{base:?} {args:?}");
        }
        let place = Place::new();
        let mut command = place.command(&["get-company", "acme.com"]);
        command.env("ATTIO_BASE_URL", base).env("ATTIO_API_KEY", KEY);
        let error: Value = finish(command, b"").error(2);
        assert_eq!(error["kind"], "usage", "{base:?}");
    }
}

#[test]
fn what_surely_is_no_key_is_not_sent() {
    for key in ["op://vault/attio/key", "your_api_key_here", "k;", "\"'k'\"", "a b", "kéy"] {
        let place = Place::new();
        let mut command = place.command(&["search-companies", "x", "--base-url", "http://127.0.0.1:9"]);
        command.env("ATTIO_API_KEY", key);
        let run = finish(command, b"");
        assert_eq!(run.error(4)["kind"], "auth", "{key}");
        assert!(!run.stderr.contains(key), "{run:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_shown_is_a_failure() {
    for args in ["--help", "--version", "tasks create --help"] {
        let place = Place::new();
        let mut shell = std::process::Command::new("sh");
        let script = format!("'{}' {args} > /dev/full", env!("CARGO_BIN_EXE_attio-crm"));
        shell.args(["-c", &script]).current_dir(place.path());
        assert_eq!(finish(shell, b"").code, 1, "{args}");
    }
}

#[cfg(unix)]
#[test]
fn an_argument_is_told_without_its_control_characters() {
    let place = Place::new();
    for args in [
        &["get-company", "\u{1b}[31mx"] as &[&str],
        &["\u{1b}]0;x\u{7}"],
        &["create-company", "x", "--nope\u{9b}2J"],
    ] {
        for format in ["table", "json"] {
            let screen = place.terminal(80, &[args, &["-o", format]].concat()).finish();
            assert_eq!(screen.code, 2, "{screen:?}");
            assert!(!screen.text.chars().any(|c| c.is_control() && c != '\n' && c != '\r'), "{screen:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_are_refused_and_help_is_shown_beside_them() {
    use std::os::unix::ffi::OsStrExt as _;
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    for (args, code) in
        [(&["get-company"] as &[&str], 2), (&["get-company", "-h"], 0), (&["get-company", "x", "-h"], 0)]
    {
        let place = Place::new();
        let mut command = place.command(args);
        command.arg(odd);
        let run = finish(command, b"");
        assert_eq!(run.code, code, "{args:?}: {run:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_size_of_files_stops_a_write_before_it_is_sent() {
    let place = Place::new();
    let script = format!(
        "ulimit -f 0; exec '{}' --sandbox tasks create --content T -o json",
        env!("CARGO_BIN_EXE_attio-crm")
    );
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &script]).env_clear().env("HOME", place.path()).env("ATTIO_STATE_DIR", place.state());
    let error = finish(command, b"").error(1);
    assert!(error["hint"].as_str().unwrap().contains("nothing was sent"), "{error}");
}

//! What is offered when somebody presses Tab: from memory, at once, and never with an error.
#![cfg(unix)]

use crate::common::{KEY, Place, Recorder};
use std::process::{Command, Stdio};

/// What Bash offers for a line, whose last word it replaces from `word` on.
fn offered(place: &Place, line: &str, word: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let script = r#"
        source <(attio-crm completions bash)
        compopt() { :; }
        COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=(attio-crm)
        _attio_crm attio-crm "$2" attio-crm
        printf '%s\n' "${COMPREPLY[@]}""#;
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_attio-crm"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", script, "bash", line, word]).env("PATH", path).stdin(Stdio::null());
    bash.current_dir(place.path()).env("ATTIO_STATE_DIR", place.state()).env_remove("ATTIO_API_KEY");
    let output = bash.envs(environment.iter().copied()).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains(KEY));
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_offers_commands_options_and_values() {
    let place = Place::new();
    for (line, word, expected) in [
        ("attio-crm search-", "search-", &["search-companies", "search-people", "search-deals"] as &[&str]),
        ("attio-crm no", "no", &["notes"]),
        ("attio-crm notes ", "", &["list", "create", "get", "update", "delete"]),
        ("attio-crm search-deals --st", "--st", &["--stage"]),
        ("attio-crm -o ", "", &["table", "json", "ndjson", "csv", "ids"]),
        ("attio-crm records query com", "com", &["companies"]),
        ("attio-crm entries query sales", "sales", &["sales_pipeline"]),
        ("attio-crm update-deal x --set st", "st", &["stage="]),
        ("attio-crm update-deal x --set stage=", "", &["Lead", r"In\ Progress", r"Won\ 🎉", "Lost"]),
        ("attio-crm update-deal x --set stage=in", "in", &[r"In\ Progress"]),
        ("attio-crm update-deal x --set 'stage=In", "'stage=In", &["stage=In Progress"]),
        ("attio-crm search-deals --filter stage!=L", "L", &["Lead", "Lost"]),
        ("attio-crm records query deals --filter stage=Lo", "Lo", &["Lost"]),
        ("attio-crm search-companies --fields name,dom", "name,dom", &["name,domains"]),
        ("attio-crm search-companies --sort emp", "emp", &["employee_range"]),
        ("attio-crm search-deals --owner a", "a", &["ada@example.com"]),
        ("attio-crm get-company acm", "acm", &["acme.com"]),
        ("attio-crm get-deal Globex\\ r", "Globex\\ r", &[r"Globex\ renewal"]),
        ("attio-crm create-deal x --company acm", "acm", &["acme.com"]),
        ("attio-crm completions z", "z", &["zsh"]),
    ] {
        let offered = offered(&place, line, word, &[("ATTIO_SANDBOX", "1")]);
        assert!(
            offered.starts_with(&expected.iter().map(|&w| w.to_owned()).collect::<Vec<_>>()),
            "{line}: {offered:?}"
        );
    }
    let set = offered(&place, "attio-crm update-deal x --set ", "", &[("ATTIO_SANDBOX", "1")]);
    assert!(set.contains(&"value=".to_owned()) && !set.contains(&"record_id=".to_owned()), "{set:?}");
}

#[test]
fn values_are_remembered_and_nothing_is_sent_for_them() {
    let (server, place) = (Recorder::new(&[]), Place::new());
    let at = [("ATTIO_API_KEY", KEY), ("ATTIO_BASE_URL", &server.base_url)];
    let stage = ("attio-crm update-deal x --set stage=L", "L");
    assert!(offered(&place, stage.0, stage.1, &at).is_empty(), "nothing is known yet");
    assert_eq!(place.against(&server.base_url, &["search-deals", "--stage", "Lead", "-o", "csv"]).code, 0);
    let mut command = place.command(&["get-company", "acme.com"]);
    command.envs(at);
    assert_eq!(crate::common::terminal::Terminal::start(command, 80).finish().code, 0);
    let before = server.seen().len();
    assert_eq!(offered(&place, stage.0, stage.1, &at), ["Lead", "Lost"]);
    assert_eq!(offered(&place, "attio-crm search-deals --owner ben", "ben", &at), ["ben@example.com"]);
    assert_eq!(offered(&place, "attio-crm get-company a", "a", &at), ["acme.com"]);
    assert_eq!(server.seen().len(), before);
    // Another key sees nothing of it, and no key is no error.
    let other = [("ATTIO_API_KEY", "another-key"), ("ATTIO_BASE_URL", server.base_url.as_str())];
    assert!(offered(&place, stage.0, stage.1, &other).is_empty());
    assert!(offered(&place, stage.0, stage.1, &[]).is_empty());
    assert!(offered(&place, stage.0, stage.1, &[("ATTIO_BASE_URL", "nonsense")]).is_empty());
}

#[test]
fn every_shell_has_a_script_and_every_command_a_page() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.run(&["completions", shell]);
        assert_eq!((script.code, script.stderr.as_str()), (0, ""));
        assert!(
            script.stdout.contains("ATTIO_CRM_COMPLETE") && script.stdout.contains("attio-crm"),
            "{shell}"
        );
    }
    assert_eq!(place.run(&["completions", "tcsh"]).error(2)["kind"], "usage");
    let pages = place.path().join("man");
    let told = place.run(&["man", "--dir", pages.to_str().unwrap()]).json();
    let written = std::fs::read_dir(&pages).unwrap().count();
    assert_eq!(told["pages"], written);
    let page = |name: &str| std::fs::read_to_string(pages.join(format!("{name}.1"))).unwrap();
    assert!(page("attio-crm-records-query").contains("Example: attio\\-crm records query"));
    assert!(
        page("attio-crm").contains("attio\\-crm\\-create\\-note(1)")
            && page("attio-crm").contains("\\-\\-dry\\-run")
    );
    assert!(!page("attio-crm-create-note").contains("\\-\\-rate\\-limit"));
}

#[test]
fn no_name_acts_when_it_is_put_on_the_line() {
    let place = Place::new();
    let made = place.path().join("made");
    let names = [
        format!("A $(touch {})", made.display()),
        format!("A `touch {}`", made.display()),
        format!("A\"; touch {}; \"", made.display()),
        format!("A'; touch {}; '", made.display()),
        format!("A & touch {} | cat > x; (y) *? [a] {{b,c}} ~ \\\\ #", made.display()),
        "A wow! 🎉".to_owned(),
    ];
    for name in &names {
        assert_eq!(place.sandbox(&["create-deal", name, "--stage", "Lead"]).code, 0);
    }
    for (quote, most) in [("", 6), ("\"", 5), ("'", 5)] {
        let offered = offered(
            &place,
            &format!("attio-crm get-deal {quote}A"),
            &format!("{quote}A"),
            &[("ATTIO_SANDBOX", "1")],
        );
        let mut arrived = 0;
        for candidate in offered.iter().filter(|one| !one.starts_with("Acme") && !one.starts_with("Aurora")) {
            // As an interactive shell reads the line once somebody has pressed Enter.
            let line = format!("printf %s {quote}{candidate}{quote}");
            let output = Command::new("bash")
                .args(["--norc", "-c", &line])
                .current_dir(place.path())
                .output()
                .unwrap();
            let word = String::from_utf8(output.stdout).unwrap();
            assert!(!made.exists(), "{line}");
            arrived += usize::from(names.contains(&word));
        }
        assert!(arrived >= most - 1 && arrived <= most, "{quote}: {arrived} of {offered:?}");
    }
}

#[test]
fn a_variable_that_names_no_shell_stops_no_command() {
    let place = Place::new();
    for value in ["", "0", "nosh"] {
        let mut command = place.command(&["parse-url", "https://app.attio.com/ws"]);
        command.env("ATTIO_CRM_COMPLETE", value);
        assert_eq!(crate::common::finish(command, b"").json()["workspace_slug"], "ws", "{value:?}");
    }
}

#[test]
fn a_folder_may_have_any_name() {
    use std::os::unix::ffi::OsStrExt as _;
    let place = Place::new();
    let folder = place.path().join(std::ffi::OsStr::from_bytes(b"\xff"));
    let mut command = place.command(&["man", "--dir"]);
    command.arg(&folder);
    assert_eq!(crate::common::finish(command, b"").code, 0);
    assert!(folder.join("attio-crm.1").exists());
    std::fs::write(place.path().join("file"), "").unwrap();
    assert_eq!(place.run(&["man", "--dir", "file"]).error(1)["kind"], "failure");
}

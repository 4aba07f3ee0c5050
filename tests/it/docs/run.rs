//! Runs the examples of a document as one bash script.

use super::markdown::{Block, blocks, command, fits, joined};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const PRELUDE: &str = r#"set -euo pipefail
trap 'echo "failed: $at: $BASH_COMMAND" >&2' ERR
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
expect() { [ "$1" -eq "$2" ] || { echo "failed: $at: exit $2 instead of $1" >&2; exit 99; }; }
"#;

/// A command whose output a document shows.
struct Shown {
    line: usize,
    command: String,
    output: Vec<String>,
}

/// Runs the examples of the document at `path` and compares what they print with what it shows.
pub fn examples(path: &str) {
    if cfg!(windows) {
        return crate::common::say(&format!("LEFT OUT: the examples of {path} need bash"));
    }
    let home = tempfile::tempdir().unwrap();
    let jq = has_jq();
    let mut script = PRELUDE.to_owned();
    let mut shown = Vec::new();
    for block in blocks(&super::read(path)) {
        let at = format!("{path}:{}", block.line);
        if !jq && block.lines.iter().any(|line| line.contains("jq ")) {
            crate::common::say(&format!("LEFT OUT: {at} needs jq"));
            continue;
        }
        writeln!(script, "at={at}").unwrap();
        match block.language.as_str() {
            "sh" => typed(&block, &mut script),
            "console" => shown.extend(console(&block, &mut script)),
            _ => {}
        }
    }
    std::fs::create_dir(home.path().join("shown")).unwrap();
    run(path, &script, home.path());
    for Shown { line, command, output } in shown {
        let actual = std::fs::read_to_string(home.path().join("shown").join(line.to_string())).unwrap();
        let actual: Vec<&str> = actual.lines().collect();
        assert!(
            fits(&output, &actual),
            "{path}:{line}: {command}\nthe document shows:\n{}\nit printed:\n{}",
            output.join("\n"),
            actual.join("\n")
        );
    }
}

fn typed(block: &Block, script: &mut String) {
    for line in joined(&block.lines) {
        let (command, code) = command(&line);
        match code {
            0 => writeln!(script, "{command}").unwrap(),
            code => writeln!(script, "code=0; {command} || code=$?; expect {code} $code").unwrap(),
        }
    }
}

fn console(block: &Block, script: &mut String) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for (at, line) in block.lines.iter().enumerate() {
        let Some(typed) = line.strip_prefix("$ ") else {
            all.last_mut().expect("output after a command").output.push(line.clone());
            continue;
        };
        let line = block.line + 1 + at;
        let (command, code) = command(typed);
        let shown = as_on_a_terminal(&command);
        writeln!(script, "at=${{at%:*}}:{line} code=0").unwrap();
        writeln!(script, "{{ {shown}; }} >\"$shown/{line}\" 2>&1 || code=$?; expect {code} $code").unwrap();
        all.push(Shown { line, command, output: Vec::new() });
    }
    all
}

/// The same command with the format that it has on a terminal.
fn as_on_a_terminal(command: &str) -> String {
    let chosen = ["-o ", "--raw", "|", ">"].iter().any(|sign| command.contains(sign));
    if command.starts_with("attio-crm ") && !chosen {
        format!("{command} -o table")
    } else {
        command.to_owned()
    }
}

fn run(path: &str, script: &str, home: &Path) {
    let work = home.join("work");
    std::fs::create_dir(&work).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_attio-crm"));
    let mut paths = vec![program.parent().unwrap().to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let file = home.join("script");
    std::fs::write(&file, script).unwrap();
    let output = Command::new("bash")
        .arg(&file)
        .current_dir(&work)
        .env_clear()
        .env("PATH", std::env::join_paths(paths).unwrap())
        .env("HOME", home)
        .env("ATTIO_SANDBOX", "1")
        .env("ATTIO_STATE_DIR", home.join("state"))
        .env("shown", home.join("shown"))
        .stdin(Stdio::null())
        .output()
        .expect("bash runs the examples");
    assert!(
        output.status.success(),
        "{path}: {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn has_jq() -> bool {
    Command::new("jq").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

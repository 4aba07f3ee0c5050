//! The documents say the truth: their examples run, and what they list is complete.
//!
//! Conventions of the fenced blocks in README.md, SKILL.md and references/:
//!
//! - `sh` and `console` blocks of a file are one bash script, run from top to bottom as somebody would
//!   who types them: in an empty folder, in a fresh sandbox, without a key. `cargo run --release --`
//!   stands for the program.
//! - A command must succeed, unless a comment at its end says otherwise: `# exit 7`.
//! - In a `console` block a line with `$ ` is a command and the lines below it are what a person at a
//!   terminal sees, on stdout or stderr. `…` stands for any text within a line, and for any lines
//!   where it is a line of its own.
//! - A block that uses `jq` leaves nothing behind that a later block needs; without jq it is left out.
//! - Every other block (`text`, `json`) holds no command of this program.

mod complete;
mod markdown;
mod picture;
mod run;
mod settings;

/// The documents with examples, by their paths in the repository.
const DOCUMENTS: [&str; 9] = [
    "README.md",
    "SKILL.md",
    "references/api-guide.md",
    "references/integration.md",
    "references/limits.md",
    "references/output.md",
    "references/privacy.md",
    "references/sandbox.md",
    "references/troubleshooting.md",
];

/// The text of a file of the repository, whatever line breaks git gave it.
fn read(path: &str) -> String {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    text.replace("\r\n", "\n")
}

#[test]
fn examples_of_the_readme() {
    run::examples("README.md");
}

#[test]
fn examples_of_the_skill() {
    run::examples("SKILL.md");
}

#[test]
fn examples_of_the_api_guide() {
    run::examples("references/api-guide.md");
}

#[test]
fn examples_of_the_pages_on_output_and_the_sandbox() {
    run::examples("references/output.md");
    run::examples("references/sandbox.md");
}

#[test]
fn examples_of_the_integration_guide() {
    run::examples("references/integration.md");
}

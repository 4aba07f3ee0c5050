//! What the program says is put the same way everywhere.

use std::path::{Path, PathBuf};

/// How the advice of an error may begin: with what to do, or with a question.
const BEGINNINGS: &[&str] = &[
    "add", "check", "copy", "correct", "did", "do", "end", "free", "give", "leave", "list", "look", "merge",
    "move", "name", "nothing", "open", "point", "put", "raise", "repeat", "restore", "run", "say", "search",
    "see", "set", "try", "unset", "update", "use", "wait",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn advice_says_what_to_do() {
    let mut seen = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        for begin in ["hint(\"", "hint(format!(\""] {
            for advice in text.split(begin).skip(1) {
                let word = advice.split([' ', ':', ';', '"']).next().unwrap();
                let known = BEGINNINGS.contains(&word) || word.starts_with('{');
                assert!(known, "{}: {}", file.display(), advice.lines().next().unwrap_or_default());
                seen += 1;
            }
        }
    }
    assert!(seen > 80, "{seen}");
}

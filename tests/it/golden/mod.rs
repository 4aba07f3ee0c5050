//! Files that say word for word what the program makes of its tables. `UPDATE_GOLDEN=1 cargo test` writes
//! them anew; what changed is then a matter of review.

use std::path::Path;

/// Asserts that the file of the repository at `path` holds exactly `text`, or makes it so.
pub fn matches(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(&file, text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let differing = written.lines().zip(text.lines()).position(|(one, other)| one != other);
    let at = differing.unwrap_or_else(|| written.lines().count().min(text.lines().count()));
    assert!(
        written == text,
        "{path}:{}: has {:?}, should have {:?}; UPDATE_GOLDEN=1 cargo test writes it anew",
        at + 1,
        written.lines().nth(at).unwrap_or_default(),
        text.lines().nth(at).unwrap_or_default()
    );
}

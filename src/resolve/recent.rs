//! The records that were shown last at a terminal, to be offered when the next one is typed.

use super::{Resolver, kept};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// So many are remembered.
const MOST: usize = 100;

const FILE: &str = "recent";

/// A record as it is typed, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Its object.
    pub object: String,
    /// A domain, an address or a name: whatever names it shortest.
    pub reference: String,
    /// Its name.
    pub name: String,
}

/// Remembers records, the last ones shown first.
pub fn remember(resolver: &Resolver, shown: impl Iterator<Item = Recent>) {
    let Some(file) = kept::file(resolver, FILE) else { return };
    let mut all: Vec<Recent> = shown.take(MOST).collect();
    if all.is_empty() {
        return;
    }
    for known in kept::read::<Vec<Recent>>(&file).unwrap_or_default() {
        if !all.contains(&known) {
            all.push(known);
        }
    }
    all.truncate(MOST);
    kept::write(&file, &all);
}

/// Those that are remembered in the `cache`.
pub fn remembered(cache: &Path) -> Vec<Recent> {
    kept::read(&kept::file_in(cache, FILE)).unwrap_or_default()
}

//! What is remembered of a workspace from run to run, for an hour.
//!
//! It is a help, not the truth: a file that cannot be read or written is as good as none, and costs a request.

use super::Resolver;
use crate::files;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// How long anything is kept.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Where `name` is kept, in a workspace that is remembered at all.
pub fn file(resolver: &Resolver, name: &str) -> Option<PathBuf> {
    resolver.client.cache().map(|cache| file_in(&cache, name))
}

/// Where `name` is kept in the `cache` of a workspace.
pub fn file_in(cache: &Path, name: &str) -> PathBuf {
    cache.join(format!("{name}.json"))
}

/// What is kept, as it was.
pub fn read<T: DeserializeOwned>(file: &Path) -> Option<T> {
    serde_json::from_slice(&files::read(file).ok()?).ok()
}

/// Keeps something.
pub fn write(file: &Path, what: &impl Serialize) {
    if let Ok(text) = serde_json::to_vec(what) {
        let _ = files::replace(file, &text);
    }
}

/// Whether what was fetched then still serves: for an hour, and with `--refresh` in this run alone.
pub fn is_young(resolver: &Resolver, fetched_at: Timestamp) -> bool {
    let age = Timestamp::now().duration_since(fetched_at);
    (SignedDuration::ZERO..LIFETIME).contains(&age) && (!resolver.refresh || fetched_at >= resolver.begun)
}

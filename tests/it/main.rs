//! Integration tests, one file per room, in one binary: linking is the slow part.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails; clippy.toml speaks of test functions, not of their helpers"
)]

mod answers;
mod budget;
mod checks;
mod commands;
mod common;
mod compact;
mod complete;
mod conformance;
mod definitions;
mod docs;
#[cfg(unix)]
mod editor;
mod examples;
mod exits;
mod filter;
mod find;
mod golden;
mod help;
mod identity;
mod jobs;
mod kinds;
mod large;
mod limiter;
mod link;
mod lost;
mod names;
mod openapi;
mod operations;
mod output;
mod proof;
mod raw;
mod resources;
mod sandbox;
mod schema;
mod server;
mod set;
mod settings;
mod summary;
mod table;
#[cfg(unix)]
mod terminal;
mod texts;
mod tls;
mod words;

//! Integration tests, one file per room, in one binary: linking is the slow part.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod budget;
mod checks;
mod commands;
mod common;
mod conformance;
mod definitions;
mod docs;
mod exits;
mod filter;
mod golden;
mod kinds;
mod large;
mod limiter;
mod link;
mod lost;
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
mod table;
#[cfg(unix)]
mod terminal;
mod texts;
mod tls;

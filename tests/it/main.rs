//! Integration tests, one file per room, in one binary: linking is the slow part.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod docs;
mod limiter;
mod link;
mod openapi;
mod output;
mod sandbox_store;
mod server;

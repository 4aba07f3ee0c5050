//! Integration tests, one file per room, in one binary: linking is the slow part.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod budget;
mod commands;
mod common;
mod exits;
mod limiter;
mod link;
mod lost;
mod openapi;
mod output;
mod sandbox_filter;
mod sandbox_store;
mod sandbox_values;
mod sandbox_workspace;
mod server;
mod tls;

//! All integration tests in one binary: linking is the slow part.

mod sandbox_filter;
mod sandbox_records;
mod sandbox_resources;
mod sandbox_store;
mod sandbox_values;
mod sandbox_workspace;

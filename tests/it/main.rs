//! All integration tests in one binary: linking is the slow part.

mod sandbox_store;

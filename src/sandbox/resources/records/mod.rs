//! Records: reading, writing, merging.

pub(crate) mod merge;
pub(crate) mod read;
pub(crate) mod write;

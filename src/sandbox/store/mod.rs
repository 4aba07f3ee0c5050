//! What a workspace holds, and the file it is kept in.

pub(crate) mod file;
pub(crate) mod row;
pub(crate) mod state;

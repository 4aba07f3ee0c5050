//! A request taken apart: its path and query, its body, the page it wants.

pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod cursor;
pub(crate) mod multipart;

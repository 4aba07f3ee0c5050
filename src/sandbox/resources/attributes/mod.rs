//! Attribute definitions of objects and lists.

pub(crate) mod change;
pub(crate) mod define;
pub(crate) mod read;

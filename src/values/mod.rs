//! Attribute values: from what Attio sends to plain JSON, and from what people type to what Attio takes.
//!
//! Everything here is pure. What a value may be follows from the attribute's [`Definition`], which
//! `definitions` fetches; a reference to a record or a member comes out of here as text that still
//! has to be looked up.

mod compact;
mod definition;
pub mod grammar;
mod nearest;

pub use compact::{compact, flat};
pub use definition::{Choice, Definition, Kind};
pub use nearest::nearest;

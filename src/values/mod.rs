//! Attribute values: from what Attio sends to plain JSON, and from what people type to what Attio takes.
//!
//! Everything here is pure. What a value may be follows from the attribute's [`Definition`], which
//! `definitions` fetches; a reference to a record or a member comes out of here as text that still
//! has to be looked up.

mod again;
mod compact;
mod contact;
mod definition;
mod filter;
pub mod names;
mod nearest;
mod plain;
mod same;
mod scalar;
pub mod walk;
mod write;

pub use again::{again, has, made_by_key};
pub use compact::{Compactor, Many, Oddity, compact, compact_by};
pub use contact::{full_name, name as person_name};
pub use definition::{Choice, Definition, Kind};
pub use filter::{Condition, Sort, Test};
pub use nearest::nearest;
pub use same::{holds, same};
pub use write::{Part, assembled, choice, refuse, taken_off, typed, write};

//! From what a person names to what Attio takes: records, members, attributes, conditions, values.
//!
//! Everything here reads and nothing writes. What was looked up once in a run is not asked for again
//! (lists), or is kept for an hour (definitions, members). The pure half of it, types and texts, is in
//! [`crate::values`], [`crate::identity`] and [`crate::text`].

pub mod definitions;
pub mod fields;
pub mod filter;
pub mod find;
mod kept;
pub mod lists;
pub mod members;
mod named;
pub mod names;
pub mod recent;
pub mod reference;
pub mod set;

use crate::api::lists::Named;
use crate::client::Client;
use crate::values::Many;
use jiff::Timestamp;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use tokio::sync::OnceCell;

/// Looks things up for one run, and remembers what it learnt.
pub struct Resolver {
    /// Calls operations.
    client: Rc<Client>,
    /// `--refresh`: definitions of attributes are read anew.
    refresh: bool,
    /// Whether somebody sees which attributes are arrays.
    arrays: bool,
    /// When the run began: what is kept since then is fresh.
    begun: Timestamp,
    /// Which attributes can have several values, by object or list.
    many: RefCell<HashMap<definitions::Owner, Many>>,
    /// The members of the workspace, once somebody was named.
    members: RefCell<Option<members::Known>>,
    /// The lists of the workspace, once one was named by its title.
    lists: OnceCell<Vec<Named>>,
    /// The objects of records that were named by a bare ID.
    objects: RefCell<HashMap<String, String>>,
}

impl Resolver {
    /// Looks up with `client`; `refresh` passes over what is kept of earlier runs. `arrays` tells whether
    /// the output has any, as JSON has.
    pub fn new(client: Rc<Client>, refresh: bool, arrays: bool) -> Self {
        Self {
            client,
            refresh,
            arrays,
            begun: Timestamp::now(),
            many: RefCell::default(),
            members: RefCell::default(),
            lists: OnceCell::new(),
            objects: RefCell::default(),
        }
    }
}

//! What an Attio URL names. Needs no key and no network.

use crate::error::Error;
use crate::link;
use crate::output::Item;

/// Parse an Attio URL
///
/// Prints workspace_slug, object_type and record_id, and what else is in it. Needs no key.
///
/// Example: attio-crm parse-url https://app.attio.com/acme/company/5a6a8a32-0000-4000-8000-000000000001
#[derive(Debug, clap::Args)]
pub struct ParseUrl {
    /// The URL
    url: String,
}

impl ParseUrl {
    pub fn run(&self) -> Result<Item, Error> {
        match serde_json::to_value(link::parse(&self.url)?) {
            Ok(serde_json::Value::Object(parts)) => Ok(Item::own(parts)),
            _ => Err(Error::failure("a link that is no JSON object")),
        }
    }
}

//! Showing one record.

use super::{Ctx, Done};
use crate::api::groups::RecordPath;
use crate::api::{self, records};
use crate::error::Error;
use crate::output::Item;
use crate::resolve::reference::record_id;

// No doc comment: the help is that of the commands, which differ in the object alone.
#[derive(Debug, clap::Args)]
pub struct Get {
    /// UUID, Attio URL, domain (company), email address (person), or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
}

impl Get {
    pub async fn run<'c>(self, ctx: &'c Ctx, object: &str) -> Result<Done<'c>, Error> {
        let record_id = record_id(&ctx.resolver, object, &self.reference).await?;
        let get = records::Get { record: RecordPath::new(object, &record_id) };
        Ok(Done::One(Item::new(api::one(&ctx.client, &get).await?)))
    }
}

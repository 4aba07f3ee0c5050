//! The attributes of an object or a list at a glance.

use super::{Ctx, Done, Listing, Rows};
use crate::api::attributes::Target;
use crate::client::answer::Rest;
use crate::error::{Error, Kind as ErrorKind};
use crate::resolve::definitions::{Schema, judged};
use crate::text;
use crate::values::{Definition, Kind};
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

const COLUMNS: &[&str] = &["slug", "type", "required", "unique", "multi", "writable", "options"];

/// List the attributes of an object or a list, with their options
///
/// Says what --set and --filter take: each attribute's slug and type, whether it must have a value, may
/// have several and can be written, the currency, the objects a reference may point to. Archived
/// attributes and options are left out. Results are cached for an hour; --refresh reads
/// them again.
///
/// Example: attio-crm list-attributes deals stage value --fields slug,type,options
#[derive(Debug, clap::Args)]
pub struct List {
    /// Slug or ID of an object or a list, such as deals
    #[arg(value_name = "OBJECT|LIST", value_parser = text::slug)]
    target: String,
    /// Only these attributes
    #[arg(value_name = "SLUG", value_parser = text::slug)]
    slugs: Vec<String>,
}

impl List {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let rows = match rows(ctx, Target::Objects, &self).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                rows(ctx, Target::Lists, &self).await.map_err(|error| neither(error, &self.target))?
            }
            rows => rows?,
        };
        let rows = Rows::Whole { rows, rest: Rest::None };
        Ok(Done::Listing(Listing::new(rows, COLUMNS)))
    }
}

async fn rows(ctx: &Ctx, target: Target, list: &List) -> Result<Vec<Box<RawValue>>, Error> {
    let is_asked = |attribute: &Definition| list.slugs.iter().any(|slug| attribute.is(slug));
    let shown =
        |attribute: &Definition| !attribute.archived && (list.slugs.is_empty() || is_asked(attribute));
    judged(&ctx.resolver, (target, &list.target), shown, |schema: &Schema| {
        for slug in &list.slugs {
            schema.attribute(slug)?;
        }
        schema.attributes().iter().filter(|attribute| shown(attribute)).map(row).collect()
    })
    .await
}

fn neither(error: Error, name: &str) -> Error {
    if error.kind() != ErrorKind::NotFound {
        return error;
    }
    Error::new(ErrorKind::NotFound, format!("there is no object and no list {name:?}"))
        .hint("use companies, people, deals (if switched on), or one that the workspace added")
}

fn row(attribute: &Definition) -> Result<Box<RawValue>, Error> {
    let closed = matches!(attribute.kind(), Kind::Select | Kind::Status);
    let row = json!({
        "slug": attribute.slug,
        "title": attribute.title,
        "type": attribute.r#type,
        "required": attribute.required,
        "unique": attribute.unique,
        "multi": attribute.multi,
        "writable": attribute.writable,
        "currency": attribute.currency,
        "objects": attribute.objects.as_ref().filter(|_| attribute.kind() == Kind::Record),
        "options": closed.then(|| attribute.titles()),
    });
    to_raw_value(&row).map_err(|e| Error::failure("an attribute that is no JSON").why(e.to_string()))
}

//! What a question about a loss calls the thing by: its name or title, not its ID.

use super::Ctx;
use crate::api::records::Entries;
use crate::api::{Endpoint as _, RESOURCES};
use crate::client::answer::Content;
use crate::client::operation::Operation;
use crate::client::request::Request;
use crate::text;
use crate::values;
use serde_json::{Map, Value};

/// The names of what `operation` would take away, where somebody is asked. What cannot be read has none.
pub async fn subject(ctx: &Ctx, operation: &Operation, fields: &Map<String, Value>) -> Option<String> {
    if !ctx.client.will_ask(operation) {
        return None;
    }
    let resource = operation.name.split(' ').next()?;
    let ops = RESOURCES.iter().find(|known| known.name == resource)?.ops;
    let get = ops.iter().find(|op| op.verb == "get")?.operation;
    let mut names = Vec::new();
    for fields in things(fields) {
        names.extend(name(ctx, get, fields).await);
    }
    if names.is_empty() {
        return None;
    }
    let object = fields.get("object").and_then(Value::as_str).filter(|_| resource == "records");
    let named = format!("{} {}", text::one_of(object.unwrap_or(resource)), names.join(" and "));
    Some(match operation.deletes() && object.is_some() {
        true => format!("{named}? {}", entries(ctx, fields).await),
        false => format!("{named}?"),
    })
}

/// What is lost with a record: the list entries of which it is the parent.
async fn entries(ctx: &Ctx, fields: &Map<String, Value>) -> String {
    let read = async {
        let mut fields = fields.clone();
        let operation = &Entries::OPERATION;
        fields.retain(|name, _| operation.placeholders().any(|placeholder| placeholder == name));
        let reply = ctx.client.call(&Request::build(operation, fields).ok()?).await.ok()?;
        Some(reply.rows().ok()?.0.len())
    };
    match read.await {
        None => "Its list entries go with it.".to_owned(),
        Some(0) => "It is in no list.".to_owned(),
        Some(1) => "Its list entry goes with it.".to_owned(),
        Some(several) => format!("Its {several} list entries go with it."),
    }
}

/// The fields of each thing: those of the path, or of both records of a merge.
fn things(fields: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let merged = ["primary_record_id", "secondary_record_id"].map(|name| fields.get(name));
    let [Some(first), Some(second)] = merged else { return vec![fields.clone()] };
    let with = |id: &Value| {
        let mut fields = fields.clone();
        fields.insert("record_id".to_owned(), id.clone());
        fields
    };
    vec![with(first), with(second)]
}

async fn name(ctx: &Ctx, get: &'static Operation, mut fields: Map<String, Value>) -> Option<String> {
    fields.retain(|name, _| get.placeholders().any(|placeholder| placeholder == name));
    let reply = ctx.client.call(&Request::build(get, fields).ok()?).await.ok()?;
    let Content::One(thing) = reply.open().ok()?.content else { return None };
    label(&values::compact(thing.get()))
}

/// `"Jane Doe" <jane@acme.com>`, or whatever a thing is called by.
fn label(thing: &Map<String, Value>) -> Option<String> {
    let values = thing.get("values").and_then(Value::as_object).unwrap_or(thing);
    let text = |name: &str| values.get(name).or_else(|| thing.get(name)).and_then(Value::as_str);
    let full_name = || values.get("name")?.get("full_name")?.as_str();
    let texts = ["name", "title", "content_plaintext", "api_slug", "target_url"];
    let called = full_name().or_else(|| texts.into_iter().find_map(text))?;
    let short: String = called.chars().take(80).collect();
    let first = |name: &str| values.get(name)?.as_array()?.first()?.as_str();
    let address = first("email_addresses").or_else(|| first("domains"));
    Some(address.map_or_else(|| format!("{short:?}"), |address| format!("{short:?} <{address}>")))
}

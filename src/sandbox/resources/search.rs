//! The search endpoint: names, domains, addresses and numbers over several objects.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::sandbox::engine::find;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::{Content, Row};
use crate::sandbox::store::schema::Table;

const LONGEST: usize = 256;
const MOST: usize = 25;

/// Every word of the query must occur; better matches come first. Attio's search lags behind writes, this one does not.
pub(crate) fn search(store: &Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::bare(&body)?;
    let query = fields.string("query").to_lowercase();
    let names = fields.array("objects");
    let limit = fields.count("limit", MOST, MOST);
    if query.chars().count() > LONGEST {
        fields.invalid("query", "String must contain at most 256 character(s)");
    }
    if names.is_empty() && fields.get("objects").is_some_and(Value::is_array) {
        fields.invalid("objects", "Array must contain at least 1 element(s)");
    }
    if limit == 0 {
        fields.invalid("limit", "Number must be greater than or equal to 1");
    }
    if !is_requester(store, fields.get("request_as")) {
        fields.invalid("request_as", "Invalid input");
    }
    fields.done()?;
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut hits: Vec<(u8, Arc<Table>, Row)> = Vec::new();
    for table in tables(store, names)? {
        store.each_row(&table, 0, |row| {
            let rank = rank(&table, &row, &query, &words);
            // No more of a rank than the answer can hold, or a large workspace fills the memory.
            if let Some(rank) = rank.filter(|rank| hits.iter().filter(|hit| hit.0 == *rank).count() < limit) {
                hits.push((rank, Arc::clone(&table), row));
            }
            Ok::<_, Problem>(ControlFlow::Continue(()))
        })?;
    }
    hits.sort_by_key(|hit| hit.0);
    let data: Vec<Value> = hits.iter().take(limit).map(|(_, table, row)| show(store, table, row)).collect();
    Ok(json!({ "data": data }))
}

/// Search sees what somebody may see: the workspace or one of its members.
fn is_requester(store: &Store, request_as: Option<&Value>) -> bool {
    let text = |key: &str| request_as.and_then(|who| who.get(key)).and_then(Value::as_str);
    match text("type") {
        Some("workspace") => true,
        Some("workspace-member") => text("workspace_member_id")
            .or_else(|| text("email_address"))
            .is_some_and(|name| store.workspace().member(name).is_some()),
        _ => false,
    }
}

fn tables(store: &Store, names: &[Value]) -> Result<Vec<Arc<Table>>, Problem> {
    names.iter().map(|name| find::object_in_body(store, name.as_str().unwrap_or_default())).collect()
}

/// How good a match is, 0 the best; `None` when it is none.
fn rank(table: &Table, row: &Row, query: &str, words: &[&str]) -> Option<u8> {
    let label = label(table, row).to_lowercase();
    let contacts =
        ["domains", "email_addresses", "phone_numbers"].into_iter().flat_map(|slug| texts(row, slug));
    let haystack: Vec<String> = contacts.chain([label.clone()]).map(|text| text.to_lowercase()).collect();
    let occurs = |word: &&str| haystack.iter().any(|text| text.contains(word));
    if !words.iter().all(occurs) {
        return None;
    }
    Some(match label {
        label if label == query => 0,
        label if label.starts_with(query) => 1,
        _ => 2,
    })
}

fn show(store: &Store, table: &Table, row: &Row) -> Value {
    let mut hit = Map::new();
    let ids = json!({"workspace_id": store.workspace().id, "object_id": table.id, "record_id": row.id});
    hit.insert("id".into(), ids);
    hit.insert("record_text".into(), label(table, row).into());
    hit.insert("record_image".into(), Value::Null);
    hit.insert("object_slug".into(), table.slug.as_str().into());
    let contacts: &[&str] = match table.slug.as_str() {
        "people" => &["email_addresses", "phone_numbers"],
        "companies" => &["domains"],
        _ => &[],
    };
    for slug in contacts {
        hit.insert((*slug).into(), texts(row, slug).into());
    }
    Value::Object(hit)
}

/// What a record is called: its name, else what else there is.
fn label(table: &Table, row: &Row) -> String {
    let first = table.attributes.iter().find(|attribute| !attribute.is_implicit());
    let slugs =
        ["name", "domains", "email_addresses", "title"].into_iter().chain(first.map(|a| a.slug.as_str()));
    slugs.flat_map(|slug| texts(row, slug)).next().unwrap_or_default()
}

fn texts(row: &Row, slug: &str) -> Vec<String> {
    let held = row.values.get(slug).into_iter().flatten();
    held.filter_map(|held| match &held.content {
        Content::Text(text) | Content::Domain(text) => Some(text.clone()),
        Content::Email(address) => Some(address.to_lowercase()),
        Content::Phone { number, .. } => Some(number.clone()),
        Content::Name { full, .. } => Some(full.clone()),
        _ => None,
    })
    .collect()
}

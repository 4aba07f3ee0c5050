//! The search endpoint: names, domains, addresses and numbers over several objects.

use serde_json::{Map, Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::state::{Content, Row, State, Table};

const LONGEST: usize = 256;
const MOST: usize = 25;

/// Every word of the query must occur; better matches come first. Attio's search lags behind writes, this one does not.
pub(crate) fn search(state: &State, call: &Call) -> Result<Value, Problem> {
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
    if !is_requester(state, fields.get("request_as")) {
        fields.invalid("request_as", "Invalid input");
    }
    fields.done()?;
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut hits = Vec::new();
    for table in tables(state, names)? {
        let found = table
            .rows
            .iter()
            .filter_map(|(id, row)| Some((rank(table, row, &query, &words)?, table, id, row)));
        hits.extend(found);
    }
    hits.sort_by_key(|hit| hit.0);
    let data: Vec<Value> =
        hits.iter().take(limit).map(|(_, table, id, row)| read(state, table, id, row)).collect();
    Ok(json!({ "data": data }))
}

/// Search sees what somebody may see: the workspace or one of its members.
fn is_requester(state: &State, request_as: Option<&Value>) -> bool {
    let text = |key: &str| request_as.and_then(|who| who.get(key)).and_then(Value::as_str);
    match text("type") {
        Some("workspace") => true,
        Some("workspace-member") => text("workspace_member_id")
            .or_else(|| text("email_address"))
            .is_some_and(|name| state.member(name).is_some()),
        _ => false,
    }
}

fn tables<'s>(state: &'s State, names: &[Value]) -> Result<Vec<&'s Table>, Problem> {
    let table = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        let missing = || Problem::value_not_found(format!("Object with slug/ID \"{name}\" not found."));
        state.object(name).map(|(_, table)| table).ok_or_else(missing)
    };
    names.iter().map(table).collect()
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

fn read(state: &State, table: &Table, id: &str, row: &Row) -> Value {
    let mut hit = Map::new();
    let ids = json!({"workspace_id": state.workspace_id, "object_id": table.id, "record_id": id});
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

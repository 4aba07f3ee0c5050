//! What Attio's document gets wrong or does not know yet, compared with the API as observed.

use serde_json::{Map, Value, json};

/// The error codes of the API, documented and observed.
pub const CODES: &[&str] = &[
    "not_found",
    "value_not_found",
    "validation_type",
    "missing_value",
    "filter_error",
    "unknown_filter_attribute_slug",
    "unknown_filter_select_option_slug",
    "unknown_filter_status_slug",
    "invalid_filter_operator",
    "invalid_filter_field",
    "missing_sort_field",
    "uniqueness_conflict",
    "slug_conflict",
    "concurrent_write_conflict",
    "multiple_match_results",
    "matching_attribute_definition_not_unique",
    "immutable_value",
    "merge_in_progress",
    "self_merge",
    "system_edit_unauthorized",
    "formula_edit_unauthorized",
    "standard_object_disabled",
    "duplicate_values",
    "multiple_values_for_single_value_attribute",
    "particle_gate_violation",
    "limit_reached",
    "billing_error",
    "quota_exceeded",
    "unauthorized",
    "rate_limit_exceeded",
];

/// Properties whose values have grown since the document was written.
const OPEN: &[&str] = &["currency_code", "default_currency_code", "interaction_type"];

/// Values that an enum got since the document was written, each after one that it had before.
const GROWN: &[(&str, &[&str])] = &[
    ("created_at:desc", &["completed_at:asc", "completed_at:desc"]),
    (
        "call-recording.created",
        &[
            "activity.created",
            "activity.updated",
            "activity.deleted",
            "activity-attribute.created",
            "activity-attribute.updated",
            "activity-record.created",
            "activity-record.deleted",
        ],
    ),
];

/// Properties that the document requires and the API does not (any more).
const OPTIONAL: &[&str] = &["authorized_by_workspace_member_id", "external_ref", "video_url"];

/// Body keys that the API learned later, each after one beside which it stands.
const LATER: &[(&str, &str)] = &[("filter", "filter_view_id"), ("video_url", "transcript")];

/// Repairs the whole document in place.
pub fn document(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(document),
        Value::Object(schema) => {
            schema.values_mut().for_each(document);
            nullable(schema);
            grown(schema);
            dates(schema);
            open_enums(schema);
            optional(schema);
            bare_values(schema);
            matching_attribute(schema);
            resolved_by(schema);
            later_parameters(schema);
        }
        _ => {}
    }
}

/// `nullable` is void in OpenAPI 3.1, and an enum must list its null.
fn nullable(schema: &mut Map<String, Value>) {
    if schema.get("nullable") == Some(&Value::Bool(true))
        && let Some(kind) = schema.get_mut("type")
        && kind.is_string()
    {
        *kind = json!([kind.take(), "null"]);
    }
    let accepts_null =
        schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.contains(&json!("null")));
    if let Some(Value::Array(members)) = schema.get_mut("enum")
        && accepts_null
        && !members.contains(&Value::Null)
    {
        members.push(Value::Null);
    }
}

/// An enum gets the values that are missing from it.
fn grown(schema: &mut Map<String, Value>) {
    let Some(Value::Array(members)) = schema.get_mut("enum") else { return };
    for (before, values) in GROWN {
        let missing = values.iter().filter(|value| !members.contains(&json!(value)));
        let missing: Vec<Value> = missing.map(|value| json!(value)).collect();
        if members.contains(&json!(before)) {
            members.extend(missing);
        }
    }
}

/// Timestamps are marked as dates, and dates are not marked. In requests both have shorter forms.
fn dates(schema: &mut Map<String, Value>) {
    if schema.get("format").is_some_and(|format| format == "date") {
        schema.remove("format");
    }
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    if !properties.contains_key("active_from") {
        return;
    }
    let format = match properties.get("attribute_type").map(|kind| &kind["enum"][0]) {
        Some(kind) if kind == "timestamp" => "date-time",
        Some(kind) if kind == "date" => "date",
        _ => return,
    };
    properties["value"]["format"] = json!(format);
}

fn open_enums(schema: &mut Map<String, Value>) {
    for name in OPEN {
        if let Some(Value::Object(property)) = schema.get_mut("properties").and_then(|all| all.get_mut(name))
        {
            property.remove("enum");
        }
    }
}

fn optional(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !OPTIONAL.iter().any(|optional| name == optional));
    }
}

/// The values of a request are declared as arrays only; the document's own examples show bare ones.
/// (Those of an answer are arrays of a declared kind and stay as they are.)
fn bare_values(schema: &mut Map<String, Value>) {
    if schema.get("additionalProperties") == Some(&json!({ "type": "array" })) {
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
}

/// A record can be named by any unique attribute of its object; the document has a stand-in for the key.
fn matching_attribute(schema: &mut Map<String, Value>) {
    const STAND_IN: &str = "[slug_or_id_of_matching_attribute]";
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name != STAND_IN);
    }
    if let Some(values) = schema.get("properties").and_then(|properties| properties.get(STAND_IN)).cloned() {
        schema.insert("additionalProperties".to_owned(), values);
        schema.insert("minProperties".to_owned(), json!(2));
    }
}

/// Nobody resolved a comment that is open.
fn resolved_by(schema: &mut Map<String, Value>) {
    if let Some(Value::Object(actor)) =
        schema.get_mut("properties").and_then(|all| all.get_mut("resolved_by"))
    {
        actor.insert("type".to_owned(), json!(["object", "null"]));
    }
}

/// The comments of a thread come in pages by now.
fn later_parameters(operation: &mut Map<String, Value>) {
    let Some(Value::Array(parameters)) = operation.get_mut("parameters") else { return };
    if matches!(parameters.as_slice(), [one] if one["name"] == "thread_id") {
        for (name, kind) in [("limit", "integer"), ("cursor", "string"), ("created_after", "string")] {
            parameters.push(json!({ "name": name, "in": "query", "schema": { "type": kind } }));
        }
    }
}

/// The schema of a request body, closed in its outer two layers, so that a slip in a key is seen.
pub fn strict(schema: &Value) -> Value {
    let mut schema = schema.clone();
    close(&mut schema);
    schema.pointer_mut("/properties/data").map(close);
    schema
}

fn close(schema: &mut Value) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let later = LATER.iter().filter(|(beside, _)| properties.contains_key(*beside));
        let later: Vec<_> = later.map(|(_, key)| ((*key).to_owned(), json!(true))).collect();
        properties.extend(later);
    }
    if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
        schema["additionalProperties"] = json!(false);
    }
}

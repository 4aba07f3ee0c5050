//! The commands of the table as somebody types them: what each would send, and what the sandbox makes of it.

use crate::common::Place;
use crate::openapi::check_sent;
use serde_json::Value;

mod activities;
mod attributes;
mod entries;
mod files;
mod lists;
mod meetings;
mod objects;
mod records;
mod tasks;
mod threads;
mod webhooks;

/// What a command would send, by its dry run in the sandbox. Attio's document has to allow it, if it has it.
#[track_caller]
fn planned(args: &[&str]) -> Value {
    let request = Place::new().sandbox(&[args, &["--dry-run"]].concat()).json();
    let query = request["query"].as_object().into_iter().flatten();
    let mut uri = url::form_urlencoded::Serializer::new(format!("{}?", request["path"].as_str().unwrap()));
    uri.extend_pairs(query.map(|(key, value)| (key, value.as_str().unwrap())));
    let body = request.get("body").map(Value::to_string).unwrap_or_default();
    let sent = http::Request::builder().method(request["method"].as_str().unwrap()).uri(uri.finish());
    check_sent(&sent.body(body.into_bytes()).unwrap()).unwrap();
    request
}

/// A field of the one thing that a command prints.
#[track_caller]
fn field(place: &Place, args: &[&str], name: &str) -> Value {
    place.sandbox(args).json()[name].clone()
}

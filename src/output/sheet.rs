//! One thing as people read it: its fields a line each, then its parts.

use serde_json::Value;

use super::item::{self, Compact, Parts};
use super::table::{self, Cell, Table};
use super::{Screen, escape};

/// The fields `names` of a thing, and those of its `parts` that are among them.
pub fn render(compact: &Compact, names: &[String], parts: Parts, screen: Screen) -> String {
    let is_part = |name: &String| parts.iter().any(|(part, _)| part == name);
    let plain = names.iter().filter(|name| !is_part(name));
    let mut out = table::sheet(&pairs(compact, plain.map(String::as_str)), screen.colour);
    for (name, columns) in parts.iter().filter(|(name, _)| names.iter().any(|shown| shown == name)) {
        if let Some(Value::Object(part)) = compact.get(*name) {
            let gap = if out.is_empty() { "" } else { "\n" };
            out.push_str(&format!(
                "{gap}{}{}",
                table::heading(&title(name, part), screen.colour),
                body(part, columns, screen)
            ));
        }
    }
    out
}

fn pairs<'a>(compact: &Compact, names: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let pair = |name: &'a str| {
        let value = item::field(compact, name).map(item::readable).unwrap_or_default();
        (escape::visible(name).into_owned(), escape::visible_lines(&value).into_owned())
    };
    names.map(pair).collect()
}

/// The part's name, and for a list how many there are.
fn title(name: &str, part: &Compact) -> String {
    match part.get("items").and_then(Value::as_array) {
        Some(items) if part.get("complete") == Some(&Value::Bool(false)) && !part.contains_key("error") => {
            format!("{name} ({}, and more)", items.len())
        }
        Some(items) if !part.contains_key("error") => format!("{name} ({})", items.len()),
        _ => name.to_owned(),
    }
}

/// What went wrong, a table of a list, or the fields of a thing.
fn body(part: &Compact, columns: &[&str], screen: Screen) -> String {
    if let Some(error) = part.get("error") {
        let message = error.get("message").map(item::text).unwrap_or_default();
        return format!("not read: {}\n", escape::visible(&message));
    }
    match part.get("items").and_then(Value::as_array) {
        Some(items) if items.is_empty() => String::new(),
        Some(items) => rows(items, columns, screen),
        None => {
            let set = columns.iter().copied().filter(|name| item::field(part, name).is_some());
            table::sheet(&pairs(part, set), screen.colour)
        }
    }
}

fn rows(items: &[Value], columns: &[&str], screen: Screen) -> String {
    let header = columns.iter().map(|&name| name.to_owned()).collect();
    let mut table = Table::new(header, screen.width, screen.colour);
    for object in items.iter().filter_map(Value::as_object) {
        table.push(columns.iter().map(|name| cell(object, name)).collect());
    }
    table.render()
}

/// A cell of a table.
pub fn cell(compact: &Compact, name: &str) -> Cell {
    let value = item::field(compact, name).unwrap_or(&Value::Null);
    Cell { text: escape::visible(&item::readable(value)).into_owned(), number: value.is_number() }
}

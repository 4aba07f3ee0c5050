//! One thing as people read it: its fields a line each, then its parts.

use serde_json::Value;

use super::Screen;
use super::item::{self, Compact, Parts};
use super::readable::{self, Readable};
use super::table::{self, Cell, Table};
use crate::escape;
use crate::values::walk;

/// The fields `names` of a thing, and those of its `parts` that are among them.
pub fn render(compact: &str, names: &[String], parts: Parts, (screen, look): (Screen, &Readable)) -> String {
    let is_part = |name: &String| parts.iter().any(|(part, _)| part == name);
    let plain = names.iter().filter(|name| !is_part(name));
    let mut plain = pairs(plain.map(|name| (&**name, item::value(compact, name))), look);
    // What is known of parts that have nothing to tell is no line.
    plain.retain(|(_, value)| parts.is_empty() || !value.is_empty());
    let mut out = table::sheet(&plain, screen.colour);
    for (name, columns) in parts.iter().filter(|(name, _)| names.iter().any(|shown| shown == name)) {
        if let Some(Value::Object(part)) = walk::member(compact, name).map(walk::read) {
            let gap = if out.is_empty() { "" } else { "\n" };
            out.push_str(&format!(
                "{gap}{}{}",
                table::heading(&title(name, &part), screen.colour),
                body(&part, columns, (screen, look))
            ));
        }
    }
    out
}

fn pairs<'a>(fields: impl Iterator<Item = (&'a str, Value)>, look: &Readable) -> Vec<(String, String)> {
    let pair = |(name, value): (&str, Value)| {
        (escape::visible(name).into_owned(), escape::visible_lines(&look.of(&value)).into_owned())
    };
    fields.map(pair).collect()
}

/// A field of a part: at the top, else among the attribute values.
fn of_part<'a>(part: &'a Compact, name: &str) -> Option<&'a Value> {
    part.get(name).or_else(|| part.get("values")?.get(name))
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
fn body(part: &Compact, columns: &[&str], (screen, look): (Screen, &Readable)) -> String {
    if let Some(error) = part.get("error") {
        let message = error.get("message").map(readable::text).unwrap_or_default();
        return format!("not read: {}\n", escape::visible(&message));
    }
    match part.get("items").and_then(Value::as_array) {
        Some(items) if items.is_empty() => String::new(),
        Some(items) => rows(items, columns, (screen, look)),
        None => {
            let set = columns.iter().filter_map(|name| Some((*name, of_part(part, name)?.clone())));
            table::sheet(&pairs(set, look), screen.colour)
        }
    }
}

fn rows(items: &[Value], columns: &[&str], (screen, look): (Screen, &Readable)) -> String {
    let header = columns.iter().map(|&name| name.to_owned()).collect();
    let mut table = Table::new(header, screen.width, screen.colour, false);
    for object in items.iter().filter_map(Value::as_object) {
        let cells = columns.iter().map(|name| cell(of_part(object, name).unwrap_or(&Value::Null), look));
        table.push(cells.collect());
    }
    table.render()
}

/// A cell of a table.
pub fn cell(value: &Value, look: &Readable) -> Cell {
    Cell { text: escape::visible(&look.of(value)).into_owned(), number: value.is_number() }
}

//! What Attio's document says of requests, in short and in our own words: one fact a line in `facts.txt`,
//! so that the table can be judged where the document is not. Where it is, a test tells whether the facts
//! are still true, and `UPDATE_GOLDEN=1` writes them anew.
//!
//! A line is `METHOD PATH` of an operation, or below it `scope NAME`, `query NAME` or `body PLACE` (with `.`
//! for a key and `[]` for each of several), with `!` where it is required, or `= VALUES` that it may have.

use super::{Document, literals, repair};
use crate::golden;
use serde_json::Value;
use std::fmt::Write as _;
use std::sync::OnceLock;

const FILE: &str = "tests/it/openapi/facts.txt";

/// Longer lists are of countries and the like, which Attio extends.
const MOST_VALUES: usize = 35;

/// Everything known of requests.
#[derive(Debug, Default)]
pub struct Facts(Vec<Operation>);

/// What is known of the requests of one operation.
#[derive(Debug, Default)]
pub struct Operation {
    pub method: String,
    pub path: String,
    pub scopes: Vec<String>,
    pub query: Vec<Field>,
    pub body: Vec<Field>,
}

/// A query parameter, or a place in a body.
#[derive(Debug, Default)]
pub struct Field {
    pub place: String,
    pub required: bool,
    /// The only values, if there are only some.
    pub allowed: Vec<String>,
}

/// The facts of the file, read once for all tests of the process.
pub fn facts() -> &'static Facts {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    FACTS.get_or_init(|| Facts::read(include_str!("facts.txt")))
}

impl Facts {
    fn read(text: &str) -> Self {
        let mut operations: Vec<Operation> = Vec::new();
        for line in text.lines() {
            let (word, rest) = line.trim().split_once(' ').unwrap();
            if !line.starts_with(' ') {
                let (method, path) = (word.to_owned(), rest.to_owned());
                operations.push(Operation { method, path, ..Operation::default() });
                continue;
            }
            let operation = operations.last_mut().unwrap();
            match word {
                "scope" => operation.scopes.push(rest.to_owned()),
                "query" => operation.query.push(Field::read(rest)),
                "body" => operation.body.push(Field::read(rest)),
                "=" => {
                    let field = operation.body.last_mut().or(operation.query.last_mut()).unwrap();
                    field.allowed.extend(rest.split(' ').map(str::to_owned));
                }
                _ => panic!("{FILE}: {line:?}"),
            }
        }
        Self(operations)
    }

    fn write(&self) -> String {
        let mut text = String::new();
        for operation in &self.0 {
            writeln!(text, "{} {}", operation.method, operation.path).unwrap();
            for scope in &operation.scopes {
                writeln!(text, "  scope {scope}").unwrap();
            }
            for (word, fields) in [("query", &operation.query), ("body", &operation.body)] {
                for field in fields {
                    let required = if field.required { "!" } else { "" };
                    writeln!(text, "  {word} {}{required}", field.place).unwrap();
                    for values in field.allowed.chunks(5) {
                        writeln!(text, "    = {}", values.join(" ")).unwrap();
                    }
                }
            }
        }
        text
    }

    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.0.iter()
    }

    /// The operation with exactly this path template; Attio's document is older than some of the API.
    pub fn get(&self, method: &str, template: &str) -> Option<&Operation> {
        self.0.iter().find(|operation| operation.method == method && operation.path == template)
    }

    /// The operation whose template fits; of several, the one with the most literal segments.
    pub fn of(&self, method: &str, path: &str) -> Option<&Operation> {
        let path = path.split('?').next().unwrap_or_default();
        let known = self.0.iter().filter(|operation| operation.method == method);
        let fitting = known.filter_map(|operation| Some((literals(&operation.path, path)?, operation)));
        fitting.max_by_key(|(literals, _)| *literals).map(|(_, operation)| operation)
    }

    /// Checks a request as it is on the wire. One that is not described passes.
    pub fn check(&self, request: &http::Request<Vec<u8>>) -> Result<(), String> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let Some(operation) = self.of(method, path) else { return Ok(()) };
        let query = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
        let body = super::json(request.body()).map_err(|error| format!("{method} {path}: {error}"))?;
        let sent = operation.check_query(&query.into_owned().collect::<Vec<_>>());
        sent.and_then(|()| operation.check_body(&body)).map_err(|error| format!("{method} {path}: {error}"))
    }
}

impl Field {
    fn read(text: &str) -> Self {
        let place = text.trim_end_matches('!').to_owned();
        Self { place, required: text.ends_with('!'), allowed: Vec::new() }
    }

    fn allows(&self, value: &Value) -> Result<(), String> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if self.allowed.is_empty() || value.is_object() || self.allowed.contains(&text) {
            Ok(())
        } else {
            Err(format!("{} may not be {text:?}", self.place))
        }
    }
}

impl Operation {
    fn check_query(&self, query: &[(String, String)]) -> Result<(), String> {
        for (key, text) in query {
            let field = self.query.iter().find(|field| field.place == *key);
            field
                .ok_or_else(|| format!("no query parameter {key:?}"))?
                .allows(&Value::from(text.as_str()))?;
        }
        let given = |field: &&Field| query.iter().any(|(key, _)| *key == field.place);
        match self.query.iter().find(|field| field.required && !given(field)) {
            Some(missing) => Err(format!("needs the query parameter {}", missing.place)),
            None => Ok(()),
        }
    }

    /// Keys that nobody knows in the outer layers, keys that are missing, and values that are not allowed.
    fn check_body(&self, body: &Value) -> Result<(), String> {
        match (self.body.is_empty(), body.is_null()) {
            (true, true) => return Ok(()),
            (true, false) => return Err("takes no body".to_owned()),
            (false, true) => return Err("needs a body".to_owned()),
            (false, false) => {}
        }
        for (above, object) in [("", body), ("data.", &body["data"])] {
            let layer: Vec<&Field> = self.body.iter().filter(|field| is_in(field, above)).collect();
            let Some(object) = object.as_object().filter(|_| !layer.is_empty()) else { continue };
            let name = |field: &Field| field.place[above.len()..].to_owned();
            if let Some(unknown) = object.keys().find(|key| !layer.iter().any(|field| name(field) == **key)) {
                return Err(format!("no key {above}{unknown}"));
            }
            if let Some(missing) =
                layer.iter().find(|field| field.required && !object.contains_key(&name(field)))
            {
                return Err(format!("needs {}", missing.place));
            }
        }
        self.body.iter().try_for_each(|field| {
            values(body, &field.place).into_iter().try_for_each(|value| field.allows(value))
        })
    }
}

/// Whether a field stands directly in the layer whose places begin so.
fn is_in(field: &Field, above: &str) -> bool {
    field.place.strip_prefix(above).is_some_and(|rest| !rest.contains(['.', '[']))
}

/// What stands at a place.
fn values<'v>(body: &'v Value, place: &str) -> Vec<&'v Value> {
    let (here, below) = place.split_once('.').map_or((place, None), |(here, below)| (here, Some(below)));
    let value = body.get(here.trim_end_matches("[]"));
    let all: Vec<&Value> = match value.filter(|_| here.ends_with("[]")) {
        Some(several) => several.as_array().into_iter().flatten().collect(),
        None => value.into_iter().collect(),
    };
    match below {
        Some(below) => all.into_iter().flat_map(|value| values(value, below)).collect(),
        None => all,
    }
}

/// The facts of the document.
fn made_of(document: &Document) -> Facts {
    let made = |(method, path): (String, String)| {
        let described = document.described(&method, &path).unwrap();
        let scopes = document.scopes(&method, &path).unwrap();
        let parameters = described["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let query = parameters.iter().filter(|one| one["in"] == "query").map(|one| Field {
            place: one["name"].as_str().unwrap().to_owned(),
            required: one["required"] == true,
            allowed: allowed(&one["schema"]),
        });
        let mut body = Vec::new();
        let schema = &described["requestBody"]["content"]["application/json"]["schema"];
        collect(document, &repair::strict(schema), "", &mut body);
        let scopes = scopes.into_iter().map(str::to_owned).collect();
        Operation { query: query.collect(), method, path, scopes, body }
    };
    Facts(document.operations().into_iter().map(made).collect())
}

/// The fields of an object: all of the two outer layers, and deeper those that have some values only.
fn collect(document: &Document, schema: &Value, above: &str, all: &mut Vec<Field>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.root.pointer(reference.trim_start_matches('#')).unwrap();
        return collect(document, target, above, all);
    }
    for alternatives in ["anyOf", "oneOf"].iter().filter_map(|key| schema[*key].as_array()) {
        let fields = alternatives.iter().map(|alternative| {
            let mut fields = Vec::new();
            collect(document, alternative, above, &mut fields);
            fields
        });
        all.extend(fields.reduce(either).unwrap_or_default());
    }
    if schema["items"].is_object() {
        return collect(document, &schema["items"], &format!("{}[].", above.trim_end_matches('.')), all);
    }
    for (name, one) in schema["properties"].as_object().into_iter().flatten() {
        let required = schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
        let field = Field { place: format!("{above}{name}"), required, allowed: allowed(one) };
        let outer = is_in(&field, "") || is_in(&field, "data.");
        if outer || !field.allowed.is_empty() {
            all.push(field);
        }
        collect(document, one, &format!("{above}{name}."), all);
    }
}

/// The fields of one or the other: required where both require it, with the values of both.
fn either(one: Vec<Field>, other: Vec<Field>) -> Vec<Field> {
    let (mut all, places): (_, Vec<String>) = (one, other.iter().map(|field| field.place.clone()).collect());
    for field in &mut all {
        field.required &= places.contains(&field.place);
    }
    for field in other {
        match all.iter_mut().find(|known| known.place == field.place) {
            None => all.push(Field { required: false, ..field }),
            Some(known) => {
                known.required &= field.required;
                let more: Vec<_> =
                    field.allowed.into_iter().filter(|one| !known.allowed.contains(one)).collect();
                known.allowed.extend(more);
            }
        }
    }
    all
}

/// The values of a field, if it has only some; those of each, if it has several.
fn allowed(schema: &Value) -> Vec<String> {
    let values = schema["enum"].as_array().filter(|values| values.len() <= MOST_VALUES);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.into_iter().flatten().map(text).collect()
}

#[test]
fn the_facts_are_those_of_the_document() {
    assert_eq!(facts().write(), include_str!("facts.txt").replace("\r\n", "\n"), "read and written alike");
    if let Some(document) = super::document() {
        golden::matches(FILE, &made_of(document).write());
    }
}

//! Attio's OpenAPI document as a judge of requests and answers.
//!
//! The document is not part of this repository: it is read from `ATTIO_OPENAPI`, or from the place
//! beside the repository where a developer may keep it. What it says of requests is in [`facts`] in any
//! case, so [`check_sent`] and [`check_exchange`] always judge, and with the document judge more. Its known
//! defects are put right in [`repair`]; what it says of errors is replaced by [`problem_schema`], since it
//! names one code for each status where the API has many.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use facts::facts;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};

pub mod facts;
mod repair;
mod tests;

/// At most so many violations are told.
const TOLD: usize = 5;

/// The document, read once for all tests of the process; `None` if there is none.
pub fn document() -> Option<&'static Document> {
    static DOCUMENT: OnceLock<Option<Document>> = OnceLock::new();
    DOCUMENT.get_or_init(Document::load).as_ref()
}

/// Checks a request as it is on the wire. An operation that Attio's document does not have passes.
pub fn check_sent(request: &http::Request<Vec<u8>>) -> Result<(), String> {
    facts().check(request)?;
    let describes =
        |document: &&Document| document.describes(request.method().as_str(), request.uri().path());
    document().filter(describes).map_or(Ok(()), |document| document.check_sent(request))
}

/// Checks what a server made of a request; one that it accepted has to be as declared, too.
pub fn check_exchange(
    request: &http::Request<Vec<u8>>,
    response: &http::Response<Vec<u8>>,
) -> Result<(), String> {
    let (method, path, status) = (request.method().as_str(), request.uri().path(), response.status());
    if facts().of(method, path).is_none() {
        return Ok(());
    }
    if status.is_success() {
        facts().check(request)?;
    }
    // Judging a page of hundreds takes long, and its rows are like those of small ones.
    if let Some(document) = document().filter(|_| response.body().len() < 200_000) {
        return document.check_exchange(request, response);
    }
    let body = json(response.body()).map_err(|error| format!("{method} {path}: {error}"))?;
    if status.is_success() { Ok(()) } else { check_problem(status.as_u16(), &body) }
}

/// Checks the form of an error, whatever it is about.
pub fn check_problem(status: u16, body: &Value) -> Result<(), String> {
    let validator = jsonschema::validator_for(&problem_schema(status)).expect("a good schema");
    told(&format!("an error with {status}"), &validator, body)
}

/// Attio's operations and their schemas, ready to judge.
pub struct Document {
    root: Value,
    /// Compiled schemas by what they are for.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// One operation of the document.
struct Operation<'a> {
    /// Method and path template, as in `GET /v2/notes/{note_id}`.
    name: String,
    item: &'a Value,
}

impl Document {
    fn load() -> Option<Self> {
        let named = std::env::var_os("ATTIO_OPENAPI").map(PathBuf::from);
        let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/attio-api/openapi.json");
        let file = named.clone().unwrap_or(beside);
        if named.is_none() && !file.exists() {
            skipped();
            return None;
        }
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut root = serde_json::from_str(&text).expect("the document is JSON");
        repair::document(&mut root);
        Some(Self { root, validators: Mutex::default() })
    }

    /// Method (upper case) and path template of each operation.
    pub fn operations(&self) -> Vec<(String, String)> {
        let paths = self.root["paths"].as_object().expect("paths");
        let methods = |(path, item): (&String, &Value)| {
            let methods = item.as_object().expect("methods").keys();
            methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
        };
        paths.iter().flat_map(methods).collect()
    }

    /// The scopes of the operation with exactly this path template, if the document has it.
    pub fn scopes(&self, method: &str, template: &str) -> Option<Vec<&str>> {
        let operation = self.described(method, template)?;
        let scopes = operation["security"][0]["oauth2"].as_array().map(Vec::as_slice).unwrap_or_default();
        Some(scopes.iter().filter_map(Value::as_str).collect())
    }

    /// The description of the operation with exactly this path template.
    pub fn described(&self, method: &str, template: &str) -> Option<&Value> {
        self.root["paths"].get(template)?.get(method.to_lowercase())
    }

    /// Whether the document has an operation for this request; it is older than some of the API.
    pub fn describes(&self, method: &str, path: &str) -> bool {
        self.operation(method, path).is_ok()
    }

    /// Checks what a server made of a request; one that it accepted has to be as declared, too. An operation
    /// that the document does not have passes.
    pub fn check_exchange(
        &self,
        request: &http::Request<Vec<u8>>,
        response: &http::Response<Vec<u8>>,
    ) -> Result<(), String> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        if !self.describes(method, path) {
            return Ok(());
        }
        let body = json(response.body()).map_err(|error| format!("{method} {path}: {error}"))?;
        self.check_response(method, path, response.status().as_u16(), &body)?;
        if response.status().is_success() { self.check_sent(request) } else { Ok(()) }
    }

    /// Checks a request as it is on the wire; see [`Self::check_request`].
    pub fn check_sent(&self, request: &http::Request<Vec<u8>>) -> Result<(), String> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let query = request.uri().query().unwrap_or_default();
        let query: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let body = json(request.body()).map_err(|error| format!("{method} {path}: {error}"))?;
        self.check_request(method, path, &query, Some(&body).filter(|body| !body.is_null()))
    }

    /// Checks an answer. `body` is null where there is none. A status of 400 or more only has to
    /// have Attio's form of an error; any other one has to be declared for the operation.
    pub fn check_response(&self, method: &str, path: &str, status: u16, body: &Value) -> Result<(), String> {
        let operation = self.operation(method, path)?;
        let key = format!("{} answers {status}", operation.name);
        if status >= 400 {
            return check_problem(status, body);
        }
        let declared = &operation.item["responses"][status.to_string()];
        if declared.is_null() {
            return Err(format!("{}: status {status} is not declared", operation.name));
        }
        // The document gives its only 204 a body.
        match (status, body) {
            (204, Value::Null) => Ok(()),
            (204, _) => Err(format!("{key}: a body")),
            _ => self.judge(&key, || declared["content"]["application/json"]["schema"].clone(), body),
        }
    }

    /// Checks a request: parameters declared, of their type and complete; body as declared, without
    /// unknown keys in its outer layers.
    pub fn check_request(
        &self,
        method: &str,
        path: &str,
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Result<(), String> {
        let operation = self.operation(method, path)?;
        self.check_query(&operation, query)?;
        let name = &operation.name;
        let schema = &operation.item["requestBody"]["content"]["application/json"]["schema"];
        match (schema, body) {
            (Value::Null, None) => Ok(()),
            (Value::Null, Some(_)) => Err(format!("{name} takes no body")),
            (_, None) => Err(format!("{name} needs a body")),
            (_, Some(body)) => self.judge(&format!("{name} is sent"), || repair::strict(schema), body),
        }
    }

    fn check_query(&self, operation: &Operation<'_>, query: &[(String, String)]) -> Result<(), String> {
        let name = &operation.name;
        let parameters = operation.item["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let declared: Vec<&Value> = parameters.iter().filter(|one| one["in"] == "query").collect();
        for (key, text) in query {
            let parameter = declared.iter().find(|one| one["name"] == key.as_str());
            let parameter = parameter.ok_or_else(|| format!("{name} has no query parameter {key:?}"))?;
            let value = typed(text, &parameter["schema"]["type"]);
            self.judge(&format!("{name}?{key}"), || parameter["schema"].clone(), &value)?;
        }
        let given = |one: &Value| query.iter().any(|(key, _)| one["name"] == key.as_str());
        match declared.iter().find(|one| one["required"] == true && !given(one)) {
            Some(missing) => Err(format!("{name} needs the query parameter {}", missing["name"])),
            None => Ok(()),
        }
    }

    /// The operation whose template fits; of several, the one with the most literal segments.
    fn operation(&self, method: &str, path: &str) -> Result<Operation<'_>, String> {
        let path = path.split('?').next().unwrap_or_default();
        let paths = self.root["paths"].as_object().expect("paths");
        let method = method.to_lowercase();
        paths
            .iter()
            .filter_map(|(template, methods)| {
                Some((literals(template, path)?, template, methods.get(&method)?))
            })
            .max_by_key(|(literals, ..)| *literals)
            .map(|(_, template, item)| Operation {
                name: format!("{} {template}", method.to_uppercase()),
                item,
            })
            .ok_or_else(|| format!("the document has no {} {path}", method.to_uppercase()))
    }

    fn judge(&self, what: &str, schema: impl FnOnce() -> Value, instance: &Value) -> Result<(), String> {
        told(what, &self.validator(what, schema), instance)
    }

    fn validator(&self, what: &str, schema: impl FnOnce() -> Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().expect("no test panics while it compiles");
        let validator = validators.entry(what.to_owned()).or_insert_with(|| {
            let mut schema = schema();
            schema["components"] = self.root["components"].clone(); // where each $ref points
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            let compiled = options.build(&schema);
            Arc::new(compiled.unwrap_or_else(|error| panic!("{what}: bad schema: {error}")))
        });
        Arc::clone(validator)
    }
}

fn told(what: &str, validator: &Validator, instance: &Value) -> Result<(), String> {
    let violations: Vec<String> =
        validator.iter_errors(instance).take(TOLD).map(|one| explain(&one)).collect();
    if violations.is_empty() { Ok(()) } else { Err(format!("{what}: {}", violations.join("; "))) }
}

/// A body as JSON; null if there is none.
fn json(body: &[u8]) -> serde_json::Result<Value> {
    if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(body) }
}

/// Number of literal segments of a template that fits the path.
fn literals(template: &str, path: &str) -> Option<usize> {
    let (template, path) = (template.split('/'), path.split('/'));
    if template.clone().count() != path.clone().count() {
        return None;
    }
    let mut literals = 0;
    for (pattern, segment) in template.zip(path) {
        match pattern.starts_with('{') {
            true if segment.is_empty() => return None,
            true => {}
            false if pattern != segment => return None,
            false => literals += 1,
        }
    }
    Some(literals)
}

/// The value that a query parameter stands for: text, unless its type says otherwise.
fn typed(text: &str, kind: &Value) -> Value {
    match kind.as_str() {
        Some("integer" | "number" | "boolean") => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        _ => json!(text),
    }
}

/// Where the instance is wrong and how. Of the alternatives of a union, the one that came nearest is
/// explained: one of the right kind, then the one with the fewest errors.
fn explain(error: &ValidationError<'_>) -> String {
    if let ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } =
        error.kind()
    {
        let other_kind = |one: &ValidationError<'_>| match one.kind().keyword() {
            "enum" | "const" => true, // such as `attribute_type`
            "type" => one.instance_path() == error.instance_path(),
            _ => false,
        };
        let distance = |errors: &&Vec<ValidationError<'_>>| (errors.iter().any(other_kind), errors.len());
        if let Some(nearest) = context.iter().min_by_key(distance) {
            let explained: Vec<String> = nearest.iter().take(TOLD).map(explain).collect();
            return explained.join("; ");
        }
    }
    let message: String = error.to_string().chars().take(200).collect();
    format!("{} {message}", error.instance_path())
}

/// Attio's form of an error.
fn problem_schema(status: u16) -> Value {
    let kinds = match status {
        401 | 403 => json!({ "const": "auth_error" }),
        429 => json!({ "const": "rate_limit_error" }),
        400..500 => json!({ "const": "invalid_request_error" }),
        _ => json!({ "type": "string" }),
    };
    let codes = match status {
        400..500 => json!({ "enum": repair::CODES }),
        _ => json!({ "type": "string" }), // nothing is known of the errors of a server that fails
    };
    json!({
        "type": "object",
        "required": ["status_code", "type", "code", "message"],
        "properties": {
            "status_code": { "const": status },
            "type": kinds,
            "code": codes,
            "message": { "type": "string", "minLength": 1 },
            "validation_errors": { "type": "array", "items": {
                "type": "object",
                "required": ["code", "path", "message"],
                "properties": { "path": { "type": "array" }, "message": { "type": "string" } }
            }},
            "path": { "type": "array", "items": { "type": "string" } }
        }
    })
}

fn skipped() {
    crate::common::say("skipped: no OpenAPI document of Attio's here; name one in ATTIO_OPENAPI");
}

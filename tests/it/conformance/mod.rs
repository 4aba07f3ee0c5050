//! The sandbox against Attio's OpenAPI document.
//!
//! Each scenario walks part of the sandbox's table of routes with requests of its own; every exchange is judged
//! by the document. Together they have to take every route, with success and, where there is anything to refuse,
//! with a refusal. Without the document the walk still checks the statuses.

use std::collections::BTreeSet;

use attio_crm::sandbox::{Store, respond, routes};
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::openapi::facts::{Operation, facts};
use super::openapi::{check_exchange, check_sent};

mod engagement;
mod entries;
mod files;
mod meetings;
mod over_http;
mod plan;
mod records;
mod schema;
mod slips;
mod threads;
mod values;
mod webhooks;

/// A workspace of its own for one scenario, and what became of its requests.
struct Walk {
    state: Store,
    now: Timestamp,
    /// Routes that answered with success.
    served: BTreeSet<String>,
    /// Routes that answered with a refusal.
    denied: BTreeSet<String>,
    /// The types of all values in the answers.
    kinds: BTreeSet<String>,
    violations: Vec<String>,
}

impl Walk {
    fn new() -> Self {
        let now = "2026-06-01T12:00:00.5Z".parse().unwrap();
        let (served, denied, kinds, violations) = Default::default();
        Self { state: Store::seeded(), now, served, denied, kinds, violations }
    }

    /// Takes a route of the table, as in `GET /v2/notes/{}?limit=1`, a second after the one before.
    fn call(&mut self, route: &str, params: &[&str], body: &Value) -> (u16, Value) {
        let response = self.send(route, request(route, params, body));
        let is_empty = response.body().is_empty();
        let answer = if is_empty { Value::Null } else { serde_json::from_slice(response.body()).unwrap() };
        kinds(&answer, &mut self.kinds);
        (response.status().as_u16(), answer)
    }

    /// Sends a request that is made already.
    fn send(&mut self, route: &str, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.now += SignedDuration::from_secs(1);
        let mut before = self.state.copy().unwrap();
        let response = respond(&mut self.state, &request, self.now);
        self.judge(&request, &response);
        let pattern = route.split('?').next().unwrap_or_default().to_owned();
        if response.status().is_client_error() {
            self.denied.insert(pattern);
        } else {
            self.slip(&mut before, &request);
            self.served.insert(pattern);
        }
        response
    }

    fn judge(&mut self, request: &Request<Vec<u8>>, response: &Response<Vec<u8>>) {
        if let Err(violation) = check_exchange(request, response) {
            let sent = String::from_utf8_lossy(request.body());
            self.violations.push(format!("{} {}: {violation}\n  {sent}", request.method(), request.uri()));
        }
    }

    /// What the document does not allow in place of an accepted request has to be refused.
    fn slip(&mut self, state: &mut Store, accepted: &Request<Vec<u8>>) {
        if facts().of(accepted.method().as_str(), accepted.uri().path()).is_none() {
            return;
        }
        for slip in slips::of(accepted) {
            let Err(reason) = check_sent(&slip) else { continue };
            let response = respond(state, &slip, self.now);
            if response.status() == 400 {
                self.judge(&slip, &response);
            } else {
                let sent = String::from_utf8_lossy(slip.body());
                self.violations.push(format!("{}: {sent}\n  {reason}", response.status()));
            }
        }
    }

    /// A request that must succeed; its `data`.
    #[track_caller]
    fn ok(&mut self, route: &str, params: &[&str], body: Value) -> Value {
        let (status, mut answer) = self.call(route, params, &body);
        assert_eq!(status, 200, "{route} {params:?} {body}: {answer}");
        answer["data"].take()
    }

    /// A request that must be refused.
    #[track_caller]
    fn refused(&mut self, route: &str, params: &[&str], body: Value, status: u16, code: &str) {
        let (got, answer) = self.call(route, params, &body);
        let got = (got, answer["code"].as_str().unwrap_or_default());
        assert_eq!(got, (status, code), "{route} {params:?} {body}: {answer}");
    }

    /// Identifier of the company with a domain.
    fn company(&mut self, domain: &str) -> String {
        let filter = json!({ "filter": { "domains": domain } });
        id(&self.ok("POST /v2/objects/{}/records/query", &["companies"], filter)[0], "record_id")
    }
}

fn request(route: &str, params: &[&str], body: &Value) -> Request<Vec<u8>> {
    let (method, pattern) = route.split_once(' ').unwrap();
    let path = params.iter().fold(pattern.to_owned(), |path, param| path.replacen("{}", param, 1));
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Request::builder().method(method).uri(path).header("authorization", "Bearer x").body(body).unwrap()
}

fn id(item: &Value, key: &str) -> String {
    item["id"][key].as_str().unwrap().to_owned()
}

/// Collects `attribute_type` wherever it is.
fn kinds(answer: &Value, found: &mut BTreeSet<String>) {
    match answer {
        Value::Array(items) => items.iter().for_each(|item| kinds(item, found)),
        Value::Object(map) => {
            found.extend(map.get("attribute_type").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|item| kinds(item, found));
        }
        _ => {}
    }
}

#[test]
fn every_route_answers_as_the_document_says() {
    let scenarios: [fn(&mut Walk); 12] = [
        schema::workspace,
        schema::attributes,
        schema::changes,
        values::every_type_in_every_form,
        records::walk,
        entries::walk,
        engagement::walk,
        plan::walk,
        threads::walk,
        meetings::walk,
        files::walk,
        webhooks::walk,
    ];
    let mut all = Walk::new();
    for scenario in scenarios {
        let mut walk = Walk::new();
        scenario(&mut walk);
        all.served.extend(walk.served);
        all.denied.extend(walk.denied);
        all.kinds.extend(walk.kinds);
        all.violations.extend(walk.violations);
    }
    assert!(all.violations.is_empty(), "{}", all.violations.join("\n"));
    let table = || routes().map(|(method, pattern)| format!("{method} {pattern}"));
    let can_serve = |route: &String| !plan::BEYOND.contains(&route.as_str());
    let expected = table().filter(can_serve).collect();
    assert_eq!(all.served, expected, "examples (left) are needed for every route (right)");
    let can_deny = |route: &String| route.contains("{}") || !route.starts_with("GET");
    let never: Vec<_> = table().filter(|route| can_deny(route) && !all.denied.contains(route)).collect();
    assert!(never.is_empty(), "no example of a refusal: {never:?}");
    assert_eq!(all.kinds.len(), 17, "all types of values are in the answers: {:?}", all.kinds);
}

#[test]
fn nothing_is_served_that_attio_does_not_have() {
    const NEWER: &[(&str, &str)] = &[
        ("DELETE", "/v2/objects/{}"),
        ("GET", "/v2/objects/{}/views"),
        ("POST", "/v2/objects/{}/records/merge"),
        ("PUT", "/v2/objects/{}/records/{}/attributes/{}/values"),
        ("GET", "/v2/lists/{}/views"),
        ("PUT", "/v2/lists/{}/entries/{}/attributes/{}/values"),
        ("PATCH", "/v2/notes/{}"),
        ("PATCH", "/v2/meetings/{}"),
        ("PUT", "/v2/meetings/{}"),
        ("DELETE", "/v2/meetings/{}"),
        ("GET", "/v2/files"),
        ("POST", "/v2/files"),
        ("POST", "/v2/files/upload"),
        ("GET", "/v2/files/{}"),
        ("DELETE", "/v2/files/{}"),
        ("GET", "/v2/files/{}/download"),
        // Where a download is sent to, which is another server in the case of Attio.
        ("GET", "/files/{}"),
        ("POST", "/v2/sequences/unsubscribed_emails"),
    ];
    let newer = |route: &(&str, &str)| facts().of(route.0, &route.1.replace("{}", "x")).is_none();
    let of_a_plan = |route: &(&str, &str)| {
        ["/v2/activities", "/v2/emails", "/v2/sql"].iter().any(|path| route.1.starts_with(path))
    };
    let unknown = routes().filter(newer).filter(|route| !of_a_plan(route));
    assert_eq!(unknown.collect::<Vec<_>>(), NEWER, "the document is older than these");
}

#[test]
fn everything_is_served_that_the_document_has() {
    for Operation { method, path: template, .. } in facts().operations() {
        let targets: &[&str] = if template.contains("{target}") { &["objects", "lists"] } else { &[""] };
        for target in targets {
            let pattern = pattern(&template.replace("{target}", target));
            let served = routes().any(|served| served == (&**method, &*pattern));
            assert_eq!(served, template.starts_with("/v2/"), "{method} {pattern}");
        }
    }
}

/// A path template of the document in the sandbox's way: `{}` for each parameter.
fn pattern(template: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    template.split('/').map(part).collect::<Vec<_>>().join("/")
}

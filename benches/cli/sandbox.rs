//! What one request costs in a sandbox of many records, and what it costs to open it.

use crate::measure::median;
use attio_crm::sandbox::Sandbox;
use http::Request;
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// Records that it has.
pub const RECORDS: usize = 100_000;

/// Requests of a kind that are timed.
const TIMED: usize = 500;

/// Medians of one create, one query by a unique attribute and one get.
pub struct Costs {
    /// A create, durable when it is answered.
    pub create: Duration,
    /// A query by a domain.
    pub query: Duration,
    /// A record by its ID.
    pub get: Duration,
}

/// Fills the sandbox in `file` and times requests to it.
pub fn fill(file: &Path) -> Result<Costs, Box<dyn Error>> {
    let sandbox = Sandbox::open(file);
    let mut creates = Vec::with_capacity(RECORDS);
    for number in 0..RECORDS {
        let values = json!({"name": format!("Company {number}"), "domains": [domain(number)]});
        let begun = Instant::now();
        call(&sandbox, "POST", "/v2/objects/companies/records", &json!({"data": {"values": values}}))?;
        creates.push(begun.elapsed());
    }
    let (mut queries, mut gets) = (Vec::new(), Vec::new());
    for nth in 0..TIMED {
        let filter = json!({"filter": {"domains": {"domain": {"$eq": domain(nth * 197 % RECORDS)}}}});
        let begun = Instant::now();
        let found = call(&sandbox, "POST", "/v2/objects/companies/records/query", &filter)?;
        queries.push(begun.elapsed());
        let id = found.pointer("/data/0/id/record_id").and_then(Value::as_str).ok_or("not found")?;
        let begun = Instant::now();
        call(&sandbox, "GET", &format!("/v2/objects/companies/records/{id}"), &Value::Null)?;
        gets.push(begun.elapsed());
    }
    let last = creates.split_off(RECORDS - TIMED); // with nearly all of them there
    Ok(Costs { create: median(last), query: median(queries), get: median(gets) })
}

/// The domain of a company.
pub fn domain(number: usize) -> String {
    format!("company-{number}.example.com")
}

fn call(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Result<Value, Box<dyn Error>> {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", "Bearer bench")
        .header("content-type", "application/json")
        .body(body)?;
    let answer = sandbox.try_handle(&request).map_err(|failure| failure.why)?;
    if !answer.status().is_success() {
        return Err(String::from_utf8_lossy(answer.body()).into());
    }
    Ok(serde_json::from_slice(answer.body())?)
}

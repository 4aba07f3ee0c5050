//! From a request to its answer, in one transaction.

use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderValue, Request, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::routes::Handler::{Change, Fetch, Read, Write};
use super::routes::{self, Route};
use crate::sandbox::engine::answer::json_response;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::time;
use crate::sandbox::resources::files;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::schema::named_id;

/// Answers a request from the store and the time alone: no clock, no network. A refused request changes nothing. Should
/// the store fail, that is a 500 in Attio's error shape.
pub fn respond(store: &mut Store, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    answer(store, request, now).unwrap_or_else(|failure| fail(&failure, request, now))
}

/// Answers a request.
///
/// # Errors
/// The store cannot be used.
pub(crate) fn answer(
    store: &mut Store,
    request: &Request<Vec<u8>>,
    now: Timestamp,
) -> Result<Response<Vec<u8>>, Failure> {
    let found = routes::find(request.method().as_str(), request.uri().path());
    let reads = found.as_ref().is_some_and(|route| matches!(route.handler, Read(_) | Fetch(_)));
    let (response, fresh) = match dispatch(store, request, found, now) {
        Ok(response) => (response, reads),
        Err(Problem { failure: Some(failure), .. }) => return Err(*failure),
        Err(problem) => (json_response(problem.status, &problem.to_json()), false),
    };
    Ok(finish(response, request, fresh, now))
}

/// The answer when the store cannot be used.
pub(crate) fn fail(failure: &Failure, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
    let problem = Problem::internal(format!("{failure}."));
    finish(json_response(problem.status, &problem.to_json()), request, false, now)
}

fn dispatch(
    store: &mut Store,
    request: &Request<Vec<u8>>,
    found: Option<Route>,
    now: Timestamp,
) -> Result<Response<Vec<u8>>, Problem> {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let key = request.headers().get(header::AUTHORIZATION);
    if key.is_none() && !path.starts_with(files::SIGNED) {
        return Err(Problem::unauthorized());
    }
    if let Some(key) = key.filter(|key| is_dead(key)) {
        let asked = method == "GET" && path == "/v2/self"; // the one place where a dead key is no error
        let answer = json_response(StatusCode::OK, &json!({"active": false}));
        return if asked { Ok(answer) } else { Err(Problem::dead_key(is_of_right_length(key))) };
    }
    let Route { handler, params } = found.ok_or_else(|| Problem::endpoint(method, path))?;
    if request.body().len() > largest(path) {
        return Err(Problem::too_large(largest(path)));
    }
    let call = Call::new(request, params, now);
    let ok = |body: Value| json_response(StatusCode::OK, &body);
    match handler {
        Read(run) => store.read(|store| run(store, &call)).map(ok),
        Write(run) => store.write(|store| run(store, &call)).map(ok),
        Fetch(run) => store.read(|store| run(store, &call)),
        Change(run) => store.write(|store| run(store, &call)),
    }
}

/// Any key will do, save one with `dead` in it: it behaves as a revoked key does at Attio.
fn is_dead(key: &HeaderValue) -> bool {
    key.as_bytes().windows(4).any(|part| part == b"dead")
}

/// Whether a key could be one of Attio's, whose keys have 64 characters.
fn is_of_right_length(key: &HeaderValue) -> bool {
    key.to_str().is_ok_and(|key| key.rsplit(' ').next().unwrap_or_default().len() == 64)
}

/// How many bytes the body of a request may have. A form around a file takes a little more than the file.
fn largest(path: &str) -> usize {
    const MIB: usize = 1024 * 1024;
    if path == "/v2/files/upload" { 51 * MIB } else { 10 * MIB }
}

/// Adds the headers that every response of Attio has.
fn finish(
    mut response: Response<Vec<u8>>,
    request: &Request<Vec<u8>>,
    fresh: bool,
    now: Timestamp,
) -> Response<Vec<u8>> {
    static ANSWERED: AtomicU64 = AtomicU64::new(0);
    let nth = ANSWERED.fetch_add(1, Ordering::Relaxed);
    let execution = named_id(&format!("execution {} {nth} {now}", std::process::id()));
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set("x-attio-execution-id", &execution);
    set("vary", "Origin");
    set("x-frame-options", "DENY");
    if fresh {
        set("x-accurate-at", &time::stamp(now));
    }
    if request.uri().path().ends_with("/query") {
        set("x-attio-record-query-score", "0");
    }
    response
}

//! A sandbox workspace in memory, for the tests beside this file.

use std::sync::{LazyLock, Mutex};

use attio_crm::sandbox::{Store, respond};
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A fresh workspace and a clock that moves a second with each request.
pub struct Workspace {
    pub state: Store,
    pub now: Timestamp,
}

impl Workspace {
    pub fn new() -> Self {
        static SEED: LazyLock<Mutex<Store>> = LazyLock::new(|| Mutex::new(Store::seeded()));
        Self { state: SEED.lock().unwrap().copy().unwrap(), now: "2026-06-01T12:00:00Z".parse().unwrap() }
    }

    pub fn call(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.now += jiff::SignedDuration::from_secs(1);
        let response = respond(&mut self.state, &request(method, path, &body), self.now);
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
    }

    /// The `data` of an answer that must be a success.
    #[track_caller]
    pub fn data(&mut self, method: &str, path: &str, body: Value) -> Value {
        let (status, mut answer) = self.call(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer["data"].take()
    }

    #[track_caller]
    pub fn create(&mut self, object: &str, values: Value) -> String {
        let data =
            self.data("POST", &format!("/v2/objects/{object}/records"), json!({"data": {"values": values}}));
        data["id"]["record_id"].as_str().unwrap().to_owned()
    }

    /// The record of an object that has the given value.
    #[track_caller]
    pub fn find(&mut self, object: &str, filter: Value) -> Value {
        let found = self.query(object, json!({ "filter": filter }));
        assert_eq!(found.len(), 1, "{filter}");
        found[0].clone()
    }

    #[track_caller]
    pub fn query(&mut self, object: &str, body: Value) -> Vec<Value> {
        let data = self.data("POST", &format!("/v2/objects/{object}/records/query"), body);
        data.as_array().unwrap().clone()
    }

    #[track_caller]
    pub fn refused(&mut self, method: &str, path: &str, body: Value, status: u16, code: &str) -> Value {
        let (got, answer) = self.call(method, path, body);
        assert_eq!((got, answer["code"].as_str().unwrap_or_default()), (status, code), "{answer}");
        assert_eq!(answer["status_code"], status);
        answer
    }
}

pub fn request(method: &str, path: &str, body: &Value) -> Request<Vec<u8>> {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Request::builder().method(method).uri(path).header("authorization", "Bearer x").body(body).unwrap()
}

pub fn id(record: &Value) -> String {
    record["id"]["record_id"].as_str().unwrap().to_owned()
}

/// One field of all values of an attribute.
pub fn texts(record: &Value, slug: &str, field: &str) -> Vec<String> {
    let values = record["values"][slug].as_array().unwrap();
    values.iter().map(|value| value[field].as_str().unwrap().to_owned()).collect()
}

//! The operations of Attio's API, each described once.
//!
//! One file a resource, one struct an operation: its fields are the wire format, its [`Operation`]
//! says everything else. [`RESOURCES`] lists them all. Nothing here prints, waits or retries.

pub mod attributes;
pub mod members;
pub mod notes;
pub mod objects;
pub mod records;
pub mod tasks;
pub mod workspace;

use crate::client::request::{Operation, Request};
use crate::client::{Client, Reply};
use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

/// An operation whose fields are those of the implementing struct.
pub trait Endpoint: Serialize {
    /// What is called, and how.
    const OPERATION: Operation;

    /// The call with this struct's fields filled in.
    ///
    /// # Errors
    /// A usage error when a path field is no single path segment.
    fn request(&self) -> Result<Request, Error> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => Request::build(&Self::OPERATION, fields),
            Ok(_) => Err(Error::failure("an operation without fields")),
            Err(error) => Err(Error::failure("an operation that is no JSON").why(error.to_string())),
        }
    }
}

/// A resource and its operations.
#[derive(Debug)]
pub struct Resource {
    /// Attio's name of it.
    pub name: &'static str,
    /// Its operations.
    pub operations: &'static [&'static Operation],
}

/// Every operation this program knows.
pub const RESOURCES: &[Resource] = &[
    attributes::RESOURCE,
    members::RESOURCE,
    notes::RESOURCE,
    objects::RESOURCE,
    records::RESOURCE,
    tasks::RESOURCE,
    workspace::RESOURCE,
];

/// Calls an operation that answers with one thing under `data`, and returns that thing's JSON.
///
/// # Errors
/// Those of the call, and an answer of another shape.
pub async fn one(client: &Client, endpoint: &impl Endpoint) -> Result<Box<RawValue>, Error> {
    data(&client.call(&endpoint.request()?).await?)
}

/// What stands under `data` in a reply.
///
/// # Errors
/// When the answer has another shape.
pub fn data<T: DeserializeOwned>(reply: &Reply) -> Result<T, Error> {
    #[derive(serde::Deserialize)]
    struct Wrapped<T> {
        data: T,
    }
    parse(&reply.body).map(|wrapped: Wrapped<T>| wrapped.data)
}

/// A JSON text of Attio's as the type that is expected of it.
///
/// # Errors
/// When it has another shape.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json)
        .map_err(|e| Error::failure("Attio's answer has an unexpected shape").why(e.to_string()))
}

/// As [`parse`], for a part of an answer.
///
/// # Errors
/// When it has another shape.
pub fn read<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Error> {
    parse(raw.get())
}

//! Errors in Attio's shape and, as far as they are known, in Attio's words.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::fault;
use crate::sandbox::store::failure::Failure;

/// A refusal: HTTP status and error body.
#[derive(Debug)]
pub(crate) struct Problem {
    pub status: StatusCode,
    kind: &'static str,
    code: &'static str,
    message: String,
    /// `validation_errors` or `path`, when there are any.
    details: Option<Box<Map<String, Value>>>,
    /// It is not the request that is wrong: the store cannot be used.
    pub failure: Option<Box<Failure>>,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self { failure: Some(Box::new(failure)), ..Self::internal("The store cannot be used.") }
    }
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind: "invalid_request_error",
            code,
            message: message.into(),
            details: None,
            failure: None,
        }
    }

    /// 400 with the given code.
    pub(crate) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 404: something named in the path.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// 400: something named in the body or the query.
    pub(crate) fn value_not_found(message: impl Into<String>) -> Self {
        Self::invalid("value_not_found", message)
    }

    /// 409: the slug or title is taken.
    pub(crate) fn slug_conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "slug_conflict", message)
    }

    /// 409: something that may exist only once does.
    pub(crate) fn duplicate(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "uniqueness_conflict", message)
    }

    /// 403: the key, or the signature of a link, does not allow it.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self { kind: "auth_error", ..Self::new(StatusCode::FORBIDDEN, "unauthorized", message) }
    }

    pub(crate) fn object(name: &str) -> Self {
        Self::not_found(format!("Object with slug/ID \"{name}\" not found."))
    }

    pub(crate) fn list(name: &str) -> Self {
        Self::not_found(format!("List with slug/ID \"{name}\" not found."))
    }

    pub(crate) fn attribute(name: &str) -> Self {
        Self::not_found(format!("Attribute with slug/ID \"{name}\" not found."))
    }

    pub(crate) fn record(id: &str) -> Self {
        Self::not_found(format!("Record with ID \"{id}\" not found."))
    }

    pub(crate) fn endpoint(method: &str, path: &str) -> Self {
        Self::not_found(format!("Could not find endpoint \"{method} {path}\"."))
    }

    /// The body has the wrong shape.
    pub(crate) fn body(errors: Vec<Value>) -> Self {
        Self::invalid("validation_type", "Body payload validation error.").with("validation_errors", errors)
    }

    /// The query string has a bad value.
    pub(crate) fn query(name: &str, message: &str) -> Self {
        Self::query_fault(fault::invalid(&[name], message))
    }

    /// A word in the query string that is none of those allowed.
    pub(crate) fn query_option(name: &str, allowed: &[&str], received: &str) -> Self {
        Self::query_fault(fault::no_option(&[name], allowed, received))
    }

    fn query_fault(fault: Value) -> Self {
        Self::invalid("validation_type", "Query params validation error")
            .with("validation_errors", vec![fault])
    }

    /// A bad value for an attribute; the paths of the faults are relative to the value.
    pub(crate) fn value(slug: &str, faults: Vec<Value>) -> Self {
        Self::invalid(
            "validation_type",
            format!("An invalid value was passed to attribute with slug \"{slug}\"."),
        )
        .with("validation_errors", faults)
    }

    /// 403: the workspace's plan does not include it.
    pub(crate) fn plan(what: &str) -> Self {
        let message =
            format!("Your workspace's plan does not include {what}. Please upgrade or contact sales.");
        Self { kind: "auth_error", ..Self::new(StatusCode::FORBIDDEN, "billing_error", message) }
    }

    /// 404 for what is named in the body, as the operations have it that take the place of a whole record or history.
    pub(crate) fn missing_as_404(self) -> Self {
        match self.code {
            "value_not_found" => Self { status: StatusCode::NOT_FOUND, ..self },
            _ => self,
        }
    }

    /// The key is not, or no longer, one of the workspace.
    pub(crate) fn dead_key(is_of_right_length: bool) -> Self {
        let message = match is_of_right_length {
            true => "The API key is not valid. It may have been revoked or deleted.",
            false => "The API key is invalid because it has the wrong length. API keys have 64 characters.",
        };
        Self { kind: "auth_error", ..Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message) }
    }

    /// 413: the body is larger than Attio takes.
    pub(crate) fn too_large(largest: usize) -> Self {
        let message = format!("The request body is too large, it must not have more than {largest} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "validation_type", message)
    }

    /// A 400 with its status under `statusCode` too, the name that Attio's document has for it in a few places.
    pub(crate) fn in_both_cases(self) -> Self {
        match self.status {
            StatusCode::BAD_REQUEST => self.with("statusCode", 400),
            _ => self,
        }
    }

    /// No key was sent.
    pub(crate) fn unauthorized() -> Self {
        let message = "The Authorization header was not provided. Send it as \"Bearer <token>\".";
        Self { kind: "auth_error", ..Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message) }
    }

    /// Attio can do it, the sandbox cannot yet.
    pub(crate) fn not_modelled(what: &str) -> Self {
        let message = format!("The sandbox does not model {what} yet.");
        Self::new(StatusCode::NOT_IMPLEMENTED, "not_implemented", message)
    }

    /// The sandbox itself failed.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self {
            kind: "sandbox_error",
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "sandbox_error", message)
        }
    }

    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.details.get_or_insert_default().insert(key.into(), value.into());
        self
    }

    /// The error body.
    pub(crate) fn to_json(&self) -> Value {
        let mut body = json!({
            "status_code": self.status.as_u16(),
            "type": self.kind,
            "code": self.code,
            "message": self.message,
        });
        if let (Some(map), Some(details)) = (body.as_object_mut(), &self.details) {
            map.extend((**details).clone());
        }
        body
    }
}

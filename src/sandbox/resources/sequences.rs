//! The email addresses that no sequence may write to.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::parse;
use crate::sandbox::store::state::{Attribute, Content, Kind, State};

/// An email address that no sequence may write to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Unsubscribed {
    pub email_address: String,
    pub created_at: String,
}

/// Most addresses of one request.
const MOST: usize = 1000;

/// Adds addresses; those already there keep their time.
pub(crate) fn unsubscribe(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let given = fields.array("email_addresses");
    if given.len() > MOST {
        fields.invalid("email_addresses", &format!("Array must contain at most {MOST} element(s)"));
    }
    fields.done()?;
    let kind = Kind::EmailAddress;
    let list = Attribute { slug: "email_addresses".into(), kind, multi: true, ..Attribute::default() };
    let mut data = Vec::with_capacity(given.len());
    for content in parse::values(state, &list, &given.into())? {
        let Content::Email(address) = content else { continue };
        data.push(add(state, address.to_lowercase(), call));
    }
    Ok(json!({ "data": data }))
}

fn add(state: &mut State, email_address: String, call: &Call) -> Value {
    let known = state.unsubscribed.iter().find(|one| one.email_address == email_address);
    let one = known.cloned().unwrap_or_else(|| {
        let one = Unsubscribed { email_address, created_at: call.stamp() };
        state.unsubscribed.push(one.clone());
        one
    });
    json!({"email_address": one.email_address, "created_at": one.created_at})
}

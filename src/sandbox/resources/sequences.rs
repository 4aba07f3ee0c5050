//! The email addresses that no sequence may write to.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::parse;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Content;
use crate::sandbox::store::schema::{Attribute, AttributeType};
use crate::sandbox::store::things::Thing;

/// An email address that no sequence may write to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Unsubscribed {
    pub email_address: String,
    pub created_at: String,
}

impl Thing for Unsubscribed {
    const KIND: &'static str = "Unsubscribed address";

    fn id(&self) -> &str {
        &self.email_address
    }

    fn time(&self) -> &str {
        &self.created_at
    }
}

/// Most addresses of one request.
const MOST: usize = 1000;

/// Adds addresses; those already there keep their time.
pub(crate) fn unsubscribe(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let given = fields.array("email_addresses");
    if given.len() > MOST {
        fields.invalid("email_addresses", &format!("Array must contain at most {MOST} element(s)"));
    }
    fields.done()?;
    let kind = AttributeType::EmailAddress;
    let list = Attribute { slug: "email_addresses".into(), kind, multi: true, ..Attribute::default() };
    let mut data = Vec::with_capacity(given.len());
    for content in parse::values(store, &list, &given.into())? {
        let Content::Email(address) = content else { continue };
        data.push(add(store, address.to_lowercase(), call)?);
    }
    Ok(json!({ "data": data }))
}

fn add(store: &mut Store, email_address: String, call: &Call) -> Result<Value, Problem> {
    let one = match store.get(&email_address)? {
        Some(known) => known,
        None => Unsubscribed { email_address, created_at: call.stamp() },
    };
    store.put(&one)?;
    Ok(json!({"email_address": one.email_address, "created_at": one.created_at}))
}

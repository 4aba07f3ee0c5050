//! Webhooks: kept and listed. The sandbox sends nothing to anybody.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::engine::find;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::named_id;
use crate::sandbox::store::things::{Scope, Thing};
use crate::vocabulary::EVENTS;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub id: String,
    pub target_url: String,
    pub subscriptions: Vec<Subscription>,
    pub created_at: String,
}

impl Thing for Webhook {
    const KIND: &'static str = "Webhook";

    fn id(&self) -> &str {
        &self.id
    }

    fn time(&self) -> &str {
        &self.created_at
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub event_type: String,
    /// `null` lets every event pass.
    pub filter: Value,
}

/// Between ten and a hundred a page.
pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let page = call.page(10, 100)?;
    if page.limit < 10 {
        return Err(Problem::query("limit", "Number must be greater than or equal to 10"));
    }
    let webhooks: Vec<Webhook> = store.part(Scope::All, page.ascending(), None)?;
    let data: Vec<Value> = webhooks.iter().map(|webhook| show(store, webhook)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": show(store, &find::thing(store, call.param(0))?)}))
}

/// The answer is the only one that tells the secret.
pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let (target_url, subscriptions) =
        (target_url(&mut fields, "target_url"), subscriptions(&mut fields, "subscriptions"));
    fields.done()?;
    let mut webhook = Webhook { id: String::new(), target_url, subscriptions, created_at: call.stamp() };
    check(store, &webhook)?;
    webhook.id = store.next_id();
    let mut data = show(store, &webhook);
    data["secret"] = secret(&webhook).into();
    store.put(&webhook)?;
    Ok(json!({ "data": data }))
}

pub(crate) fn update(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let mut webhook: Webhook = find::thing(store, call.param(0))?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let target_url = fields.optional("target_url", target_url);
    let subscriptions = fields.optional("subscriptions", subscriptions);
    fields.done()?;
    webhook.target_url = target_url.unwrap_or(webhook.target_url);
    webhook.subscriptions = subscriptions.unwrap_or(webhook.subscriptions);
    check(store, &webhook)?;
    store.put(&webhook)?;
    Ok(json!({"data": show(store, &webhook)}))
}

pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let webhook: Webhook = find::thing(store, call.param(0))?;
    store.remove::<Webhook>(&webhook.id)?;
    Ok(json!({}))
}

fn target_url(fields: &mut Fields, key: &str) -> String {
    let text = fields.string(key);
    let valid = text.starts_with("https://") && url::Url::parse(text).is_ok();
    if !valid && fields.get(key).is_some_and(Value::is_string) {
        fields.invalid(key, "Invalid url: it must begin with https://");
    }
    text.to_owned()
}

fn subscriptions(fields: &mut Fields, key: &str) -> Vec<Subscription> {
    let subscription = |item: &mut Fields| Subscription {
        event_type: item.one_of("event_type", &EVENTS).to_owned(),
        filter: filter(item),
    };
    let all = fields.items(key, subscription);
    if fields.get(key) == Some(&json!([])) {
        fields.invalid(key, "Array must contain at least 1 element(s)");
    }
    all
}

/// `{"$and": […]}`, `{"$or": […]}` or null; the key has to be there.
fn filter(item: &mut Fields) -> Value {
    if item.get("filter").is_some_and(Value::is_null) {
        return Value::Null;
    }
    let read = |filter: &mut Fields| {
        let joint = if filter.get("$or").is_some() { "$or" } else { "$and" };
        json!({ joint: filter.items(joint, condition) })
    };
    item.nested("filter", read).unwrap_or_default()
}

fn condition(item: &mut Fields) -> Value {
    json!({
        "field": item.string("field"),
        "operator": item.one_of("operator", &["equals", "not_equals"]),
        "value": item.string("value"),
    })
}

/// Lists that filters name exist, and no other webhook reports the same events to the same address.
fn check(store: &Store, webhook: &Webhook) -> Result<(), Problem> {
    let filters = webhook.subscriptions.iter().filter_map(|subscription| subscription.filter.as_object());
    let mut conditions = filters.flat_map(|filter| filter.values()).filter_map(Value::as_array).flatten();
    let unknown_list = |condition: &Value| {
        condition["field"] == "id.list_id"
            && !store.workspace().lists.iter().any(|list| condition["value"] == list.id.as_str())
    };
    if conditions.any(unknown_list) {
        return Err(Problem::invalid("validation_type", "Related list not found"));
    }
    let same = |other: &Webhook| {
        other.id != webhook.id
            && other.target_url == webhook.target_url
            && other.subscriptions.iter().any(|held| webhook.subscriptions.contains(held))
    };
    match store.all(Scope::All)?.iter().any(same) {
        true => Err(Problem::duplicate(
            "A webhook with the same target URL, event type and filter already exists.",
        )),
        false => Ok(()),
    }
}

/// 64 hexadecimal digits, as Attio's are.
fn secret(webhook: &Webhook) -> String {
    let half = |name: &str| named_id(&format!("{name} of webhook {}", webhook.id)).replace('-', "");
    half("secret") + &half("rest of the secret")
}

fn show(store: &Store, webhook: &Webhook) -> Value {
    json!({
        "id": {"workspace_id": store.workspace().id, "webhook_id": webhook.id},
        "target_url": webhook.target_url,
        "status": "active",
        "subscriptions": webhook.subscriptions,
        "created_at": webhook.created_at,
    })
}

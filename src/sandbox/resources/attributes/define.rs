//! Makes attributes: what a definition must say, and what goes together.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::read::show;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::{defaults, find};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::schema::{Attribute, AttributeType, Currency, Mirror, Table};

/// Types that may hold several values.
const MULTI: [AttributeType; 6] = [
    AttributeType::Select,
    AttributeType::RecordReference,
    AttributeType::ActorReference,
    AttributeType::EmailAddress,
    AttributeType::PhoneNumber,
    AttributeType::Domain,
];

/// What a definition may say.
const KEYS: [&str; 10] = [
    "title",
    "description",
    "api_slug",
    "type",
    "is_required",
    "is_unique",
    "is_multiselect",
    "default_value",
    "relationship",
    "config",
];

/// Types of which attributes can be made.
const TYPES: [&str; 15] = [
    "text",
    "number",
    "checkbox",
    "currency",
    "date",
    "timestamp",
    "rating",
    "status",
    "select",
    "record-reference",
    "actor-reference",
    "location",
    "domain",
    "email-address",
    "phone-number",
];

/// Currencies that amounts can be in.
#[rustfmt::skip]
const CURRENCIES: &[&str] = &[
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "FJD", "GBP",
    "GHS", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MXN", "MYR", "NGN", "NOK", "NTD", "NZD",
    "OMR", "PEN", "PHP", "PLN", "QAR", "RWF", "SAR", "SEK", "SGD", "THB", "TRY", "USD", "UYU", "XPF", "ZAR",
];

/// How amounts can be displayed.
const DISPLAY: [&str; 4] = ["code", "name", "narrowSymbol", "symbol"];

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let table = find::table(store, call)?;
    let body = call.json()?;
    let (mut attribute, reverse) = define(store, &table, &body, call)?;
    attribute.id = store.next_id();
    if let Some((target, mut reverse)) = reverse {
        let (object, back) = (table.slug.clone(), attribute.slug.clone());
        reverse.id = store.next_id();
        reverse.targets = vec![object.clone()];
        reverse.mirror = Some(Mirror { object, attribute: back });
        store.change_table(&target.id, |table| table.attributes.push(reverse));
    }
    store.change_table(&table.id, |table| table.attributes.push(attribute.clone()));
    Ok(json!({"data": show(store, &table, &attribute)}))
}

type Reverse = Option<(Arc<Table>, Attribute)>;

/// Checks a definition and everything it names, without storing anything.
fn define(store: &Store, table: &Table, body: &Value, call: &Call) -> Result<(Attribute, Reverse), Problem> {
    let mut fields = Fields::data(body)?;
    fields.only(&KEYS);
    let kind = serde_json::from_value(fields.one_of("type", &TYPES).into()).unwrap_or_default();
    let mut attribute = Attribute {
        slug: slug(&mut fields, "api_slug").to_owned(),
        title: fields.string("title").to_owned(),
        description: fields.nullable_string("description").map(str::to_owned),
        kind,
        required: fields.boolean("is_required"),
        unique: fields.boolean("is_unique"),
        multi: fields.boolean("is_multiselect"),
        created_at: call.stamp(),
        ..Attribute::default()
    };
    let config = fields.object("config").cloned().unwrap_or_default();
    let relationship = fields.get("relationship").filter(|value| !value.is_null()).cloned();
    let default = fields.get("default_value");
    fields.done()?;
    check_slug(table, &attribute.slug, call.is_list())?;
    configure(store, &mut attribute, &config)?;
    if relationship.is_some() && call.is_list() {
        return Err(Problem::not_modelled("relationships of list attributes"));
    }
    let reverse = relationship.map(|value| relate(store, table, &mut attribute, &value)).transpose()?;
    if let Some(default) = default {
        attribute.default = defaults::parse(store, table, &attribute, default)?;
    }
    check_kind(table, &attribute)?;
    Ok((attribute, reverse))
}

/// The name of an attribute in paths and bodies.
pub(crate) fn slug<'v>(fields: &mut Fields<'v>, key: &str) -> &'v str {
    let slug = fields.string(key);
    let bad = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-';
    if fields.get(key).is_some_and(Value::is_string) && (slug.is_empty() || slug.contains(bad)) {
        fields.invalid(key, "Invalid slug");
    }
    slug
}

pub(crate) fn check_kind(table: &Table, attribute: &Attribute) -> Result<(), Problem> {
    let standard = matches!(table.slug.as_str(), "companies" | "people") && table.parent.is_none();
    let message = if attribute.multi && !MULTI.contains(&attribute.kind) {
        "This attribute type cannot be multiselect."
    } else if attribute.unique && (standard || attribute.kind == AttributeType::Select) {
        "Cannot set attribute as unique."
    } else if standard && attribute.kind == AttributeType::Status {
        "Status attributes are not supported on people and companies."
    } else if attribute.unique && attribute.default.is_some() {
        return Err(Problem::not_modelled("default values of unique attributes"));
    } else {
        return Ok(());
    };
    Err(Problem::invalid("validation_type", message))
}

pub(crate) fn check_slug(table: &Table, slug: &str, is_list: bool) -> Result<(), Problem> {
    if table.attribute(slug).is_none() {
        return Ok(());
    }
    let whose = if is_list { "list" } else { "Object" };
    Err(Problem::slug_conflict(format!(
        "An attribute with the same API slug already exists on this {whose}. Please choose a different API slug."
    )))
}

/// Takes over what `config` says of the attribute's type; the rest of it means nothing.
pub(crate) fn configure(
    store: &Store,
    attribute: &mut Attribute,
    config: &Map<String, Value>,
) -> Result<(), Problem> {
    if attribute.kind == AttributeType::Currency {
        match config.get("currency") {
            Some(currency) => attribute.currency = Some(read_currency(currency)?),
            None if attribute.currency.is_none() => {
                attribute.currency = Some(Currency { code: "USD".into(), display: "symbol".into() });
            }
            None => {}
        }
    }
    if attribute.kind == AttributeType::RecordReference
        && let Some(reference) = config.get("record_reference")
    {
        attribute.targets = read_targets(store, reference)?;
    }
    Ok(())
}

fn read_currency(value: &Value) -> Result<Currency, Problem> {
    let mut fields = Fields::bare(value)?;
    let code = fields.one_of("default_currency_code", CURRENCIES).to_owned();
    let display = fields.one_of("display_type", &DISPLAY).to_owned();
    fields.done()?;
    Ok(Currency { code, display })
}

fn read_targets(store: &Store, value: &Value) -> Result<Vec<String>, Problem> {
    let mut fields = Fields::bare(value)?;
    let allowed = fields.array("allowed_objects");
    if allowed.is_empty() || !allowed.iter().all(Value::is_string) {
        fields.invalid("allowed_objects", "Array must contain at least 1 element(s), all of them strings");
    }
    fields.done()?;
    let slug = |name: &str| Ok(find::object_in_body(store, name)?.slug.clone());
    allowed.iter().filter_map(Value::as_str).map(slug).collect()
}

/// Makes the attribute one side of a relationship and returns the other side.
fn relate(
    store: &Store,
    owner: &Table,
    attribute: &mut Attribute,
    value: &Value,
) -> Result<(Arc<Table>, Attribute), Problem> {
    let mut fields = Fields::bare(value)?;
    let object = fields.string("object");
    let slug = fields.string("api_slug");
    let title = fields.string("title");
    let multi = fields.boolean("is_multiselect");
    fields.only(&["object", "title", "api_slug", "is_multiselect"]);
    fields.done()?;
    let table = find::object_in_body(store, object)?;
    if attribute.kind != AttributeType::RecordReference {
        return Err(Problem::invalid(
            "validation_type",
            "Only record references can be part of a relationship.",
        ));
    }
    check_slug(&table, slug, false)?;
    if table.slug == owner.slug && slug == attribute.slug {
        return Err(Problem::invalid("validation_type", "The two sides of a relationship need two slugs."));
    }
    let targets = vec![table.slug.clone()];
    if !attribute.targets.is_empty() && attribute.targets != targets {
        let message = "The allowed objects of a relationship are its object and no other.";
        return Err(Problem::invalid("validation_type", message));
    }
    attribute.targets = targets;
    attribute.mirror = Some(Mirror { object: table.slug.clone(), attribute: slug.into() });
    let reverse = Attribute {
        slug: slug.into(),
        title: title.into(),
        kind: AttributeType::RecordReference,
        multi,
        created_at: attribute.created_at.clone(),
        ..Attribute::default()
    };
    Ok((table, reverse))
}

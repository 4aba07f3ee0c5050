//! Attribute definitions of objects and lists.

use serde_json::{Value, json};

use super::body::Fields;
use super::problem::Problem;
use super::routes::Call;
use super::state::{Attribute, Currency, Kind, Mirror, Place, State, Table};

/// Types that may hold several values.
const MULTI: [Kind; 6] = [
    Kind::Select,
    Kind::RecordReference,
    Kind::ActorReference,
    Kind::EmailAddress,
    Kind::PhoneNumber,
    Kind::Domain,
];

/// The object or list named in the path.
pub(super) fn place<'s>(state: &'s State, call: &Call) -> Result<(Place, &'s Table), Problem> {
    let name = call.param(0);
    if call.is_list() {
        state.list(name).ok_or_else(|| Problem::list(name))
    } else {
        state.object(name).ok_or_else(|| Problem::object(name))
    }
}

pub(super) fn list(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table) = place(state, call)?;
    let page = call.page(usize::MAX, usize::MAX)?;
    call.flag("show_archived")?; // nothing is ever archived here
    let shown = table.attributes.iter().filter(|attribute| !attribute.hidden);
    let data: Vec<Value> = page.of(shown).map(|attribute| read(state, table, attribute)).collect();
    Ok(json!({ "data": data }))
}

pub(super) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    let (_, table) = place(state, call)?;
    let name = call.param(1);
    let attribute = table.attribute(name).filter(|attribute| !attribute.hidden);
    let attribute = attribute.ok_or_else(|| Problem::attribute(name))?;
    Ok(json!({"data": read(state, table, attribute)}))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let (place, table) = place(state, call)?;
    let body = call.json()?;
    let (mut attribute, reverse) = define(state, table, &body, call)?;
    let owner = table.slug.clone();
    let (id, reverse_id) = (state.next_id(), reverse.is_some().then(|| state.next_id()));
    attribute.id = id;
    if let (Some((target, mut reverse)), Some(id)) = (reverse, reverse_id) {
        reverse.id = id;
        reverse.targets = vec![owner.clone()];
        reverse.mirror = Some(Mirror { object: owner, attribute: attribute.slug.clone() });
        if let Some(table) = state.table_mut(target) {
            table.attributes.push(reverse);
        }
    }
    if let Some(table) = state.table_mut(place) {
        table.attributes.push(attribute.clone());
    }
    let table = state.table(place).ok_or_else(|| Problem::internal("The table is gone."))?;
    Ok(json!({"data": read(state, table, &attribute)}))
}

type Reverse = Option<(Place, Attribute)>;

/// Checks a definition and everything it names, without storing anything.
fn define(state: &State, table: &Table, body: &Value, call: &Call) -> Result<(Attribute, Reverse), Problem> {
    let mut fields = Fields::data(body)?;
    let kind = fields.string("type");
    let kind = match serde_json::from_value(kind.into()) {
        Ok(Kind::Interaction | Kind::PersonalName) | Err(_) => {
            fields.invalid("type", "Invalid enum value");
            Kind::Text
        }
        Ok(kind) => kind,
    };
    let mut attribute = Attribute {
        slug: fields.string("api_slug").to_owned(),
        title: fields.string("title").to_owned(),
        description: fields.nullable_string("description").map(str::to_owned),
        kind,
        required: fields.boolean("is_required"),
        unique: fields.boolean("is_unique"),
        multi: fields.boolean("is_multiselect"),
        default: fields.get("default_value").filter(|value| !value.is_null()).cloned(),
        created_at: call.stamp(),
        ..Attribute::default()
    };
    let config = fields.object("config").cloned().unwrap_or_default();
    let relationship = fields.get("relationship").filter(|value| !value.is_null()).cloned();
    if attribute.slug.is_empty()
        || attribute.slug.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
    {
        fields.invalid("api_slug", "Invalid slug");
    }
    fields.done()?;
    check_kind(table, &attribute)?;
    check_slug(table, &attribute.slug, call.is_list())?;
    configure(state, &mut attribute, &config)?;
    if relationship.is_some() && call.is_list() {
        return Err(Problem::not_modelled("relationships of list attributes"));
    }
    let reverse = relationship.map(|value| relate(state, table, &mut attribute, &value)).transpose()?;
    Ok((attribute, reverse))
}

fn check_kind(table: &Table, attribute: &Attribute) -> Result<(), Problem> {
    let standard = matches!(table.slug.as_str(), "companies" | "people");
    let message = if attribute.multi && !MULTI.contains(&attribute.kind) {
        "This attribute type cannot be multiselect."
    } else if attribute.unique && (standard || attribute.kind == Kind::Select) {
        "Cannot set attribute as unique."
    } else if standard && attribute.kind == Kind::Status {
        "Status attributes are not supported on people and companies."
    } else if attribute.default.is_some() {
        return Err(Problem::not_modelled("default values of attributes"));
    } else {
        return Ok(());
    };
    Err(Problem::invalid("validation_type", message))
}

fn check_slug(table: &Table, slug: &str, is_list: bool) -> Result<(), Problem> {
    if table.attribute(slug).is_none() {
        return Ok(());
    }
    let whose = if is_list { "list" } else { "Object" };
    Err(Problem::slug_conflict(format!(
        "An attribute with the same API slug already exists on this {whose}. Please choose a different API slug."
    )))
}

fn configure(
    state: &State,
    attribute: &mut Attribute,
    config: &serde_json::Map<String, Value>,
) -> Result<(), Problem> {
    if attribute.kind == Kind::Currency {
        let read = |key, or: &str| {
            config.get("currency").and_then(|c| c.get(key)).and_then(Value::as_str).unwrap_or(or).to_owned()
        };
        let (code, display) = (read("default_currency_code", "USD"), read("display_type", "symbol"));
        attribute.currency = Some(Currency { code, display });
    }
    let allowed =
        config.get("record_reference").and_then(|r| r.get("allowed_objects")).and_then(Value::as_array);
    for name in allowed.into_iter().flatten().filter_map(Value::as_str) {
        let (_, table) = state
            .object(name)
            .ok_or_else(|| Problem::value_not_found(format!("Object with slug/ID \"{name}\" not found.")))?;
        attribute.targets.push(table.slug.clone());
    }
    Ok(())
}

/// Makes the attribute one side of a relationship and returns the other side.
fn relate(
    state: &State,
    owner: &Table,
    attribute: &mut Attribute,
    value: &Value,
) -> Result<(Place, Attribute), Problem> {
    let mut fields = Fields::bare(value)?;
    let object = fields.string("object");
    let slug = fields.string("api_slug");
    let title = fields.string("title");
    let multi = fields.boolean("is_multiselect");
    fields.done()?;
    let missing = || Problem::value_not_found(format!("Object with slug/ID \"{object}\" not found."));
    let (place, table) = state.object(object).ok_or_else(missing)?;
    if attribute.kind != Kind::RecordReference {
        return Err(Problem::invalid(
            "validation_type",
            "Only record references can be part of a relationship.",
        ));
    }
    check_slug(table, slug, false)?;
    if table.slug == owner.slug && slug == attribute.slug {
        return Err(Problem::invalid("validation_type", "The two sides of a relationship need two slugs."));
    }
    attribute.targets = vec![table.slug.clone()];
    attribute.mirror = Some(Mirror { object: table.slug.clone(), attribute: slug.into() });
    let reverse = Attribute {
        slug: slug.into(),
        title: title.into(),
        kind: Kind::RecordReference,
        multi,
        created_at: attribute.created_at.clone(),
        ..Attribute::default()
    };
    Ok((place, reverse))
}

fn read(state: &State, table: &Table, attribute: &Attribute) -> Value {
    let currency = attribute.currency.as_ref();
    let targets: Option<Vec<&str>> = (attribute.kind == Kind::RecordReference).then(|| {
        attribute.targets.iter().filter_map(|slug| Some(state.object(slug)?.1.id.as_str())).collect()
    });
    json!({
        "id": {"workspace_id": state.workspace_id, "object_id": table.id, "attribute_id": attribute.id},
        "title": attribute.title,
        "description": attribute.description,
        "api_slug": attribute.slug,
        "type": attribute.kind,
        "is_system_attribute": attribute.system,
        "is_writable": !attribute.read_only,
        "is_required": attribute.required,
        "is_unique": attribute.unique,
        "is_multiselect": attribute.multi,
        "is_default_value_enabled": attribute.default.is_some(),
        "is_archived": false,
        "default_value": attribute.default,
        "relationship": attribute.mirror.as_ref().and_then(|mirror| read_mirror(state, mirror)),
        "created_at": attribute.created_at,
        "config": {
            "currency": {
                "default_currency_code": currency.map(|c| &c.code),
                "display_type": currency.map(|c| &c.display),
            },
            "record_reference": {"allowed_object_ids": targets},
        },
    })
}

fn read_mirror(state: &State, mirror: &Mirror) -> Option<Value> {
    let (_, table) = state.object(&mirror.object)?;
    let attribute = table.attribute(&mirror.attribute)?;
    Some(json!({
        "id": {"workspace_id": state.workspace_id, "object_id": table.id, "attribute_id": attribute.id},
        "object_slug": table.slug,
        "title": attribute.title,
        "api_slug": attribute.slug,
        "is_multiselect": attribute.multi,
    }))
}

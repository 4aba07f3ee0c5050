//! The definitions of a workspace's attributes: fetched when something is typed by them, and kept for
//! an hour.
//!
//! What is kept is a help, not the truth: whatever does not fit it is judged again by definitions
//! fetched anew before it is refused, and a file that cannot be used is as good as none.

use super::{Resolver, kept};
use crate::api::attributes::{Attribute, List, Target};
use crate::api::groups::{AttributePath, TargetPath};
use crate::api::options::Choice as Given;
use crate::api::{self, Endpoint as _, objects, options, statuses};
use crate::client::Client;
use crate::client::pages::{Pages, Window};
use crate::error::{Error, Kind as ErrorKind};
use crate::values::walk::{self, member, members};
use crate::values::{self, Choice, Compactor, Definition, Kind, Many, nearest};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What attributes belong to: an object or a list, and its slug or ID.
pub type Owner = (Target, String);

/// How long the shape of what is shown may wait for definitions.
const PATIENCE: Duration = Duration::from_secs(5);

/// Definitions that are younger are not read again for an attribute that they lack.
const QUITE_NEW: SignedDuration = SignedDuration::from_secs(5);

/// The attributes of an object or a list.
#[derive(Debug)]
pub struct Schema {
    target: Target,
    name: String,
    kept: Kept,
    file: Option<PathBuf>,
    from_file: bool,
}

/// A file of the cache.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    fetched_at: Timestamp,
    attributes: Vec<Definition>,
}

/// Judges something by the definitions of `name` (slug or ID of an object or a list). Of the attributes
/// that `needs` picks everything is known, of the others no options. If `judge` finds wrong usage by
/// definitions that were kept, it is asked again with fresh ones; `--refresh` starts with these.
///
/// # Errors
/// Those of `judge` and of the calls; not found when there is no such object or list.
pub async fn judged<T>(
    resolver: &Resolver,
    (target, name): (Target, &str),
    needs: impl Fn(&Definition) -> bool,
    judge: impl Fn(&Schema) -> Result<T, Error>,
) -> Result<T, Error> {
    let client = &*resolver.client;
    let kept = Schema::kept(resolver, target, name).filter(|schema| !schema.attributes().is_empty());
    let mut schema = match kept {
        Some(schema) => schema,
        None => Schema::fetch(client, target, name).await?,
    };
    loop {
        let verdict = match schema.complete(client, &needs).await {
            Ok(()) => judge(&schema),
            Err(error) => Err(error),
        };
        match verdict {
            // An attribute that was kept may be renamed by now, a new one unknown.
            Err(error)
                if schema.from_file && matches!(error.kind(), ErrorKind::Usage | ErrorKind::NotFound) =>
            {
                schema = Schema::fetch(client, target, name).await?;
            }
            verdict => return verdict,
        }
    }
}

/// Which attributes can have several values, of the object or list that a row in Attio's JSON belongs to,
/// for the shape of what is shown. `None` where nobody sees that or the row belongs to neither; where it
/// cannot be learnt soon, nothing is known: no command fails for it.
pub async fn many(resolver: &Resolver, row: &str) -> Option<Many> {
    if !resolver.arrays {
        return None;
    }
    let owner = owner(row)?;
    if let Some(known) = resolver.many.borrow().get(&owner) {
        return Some(known.clone());
    }
    let schema = known(resolver, &owner, row).await;
    if schema.as_ref().is_some_and(|schema| schema.from_file && schema.kept.attributes.is_empty()) {
        tell_arrays(resolver, &owner.1, "the key may not; --refresh looks again");
    }
    let attributes = schema.map_or_else(Vec::new, |schema| schema.kept.attributes);
    let many = Many::new(attributes.into_iter().map(|attribute| (attribute.slug, attribute.multi)));
    resolver.many.borrow_mut().insert(owner, many.clone());
    Some(many)
}

/// The slugs of the first attributes that people made for the list or object of a row; none where they cannot
/// be learnt soon.
pub async fn own(resolver: &Resolver, row: &str, most: usize) -> Vec<String> {
    let Some(owner) = owner(row) else { return Vec::new() };
    let schema = known(resolver, &owner, row).await;
    let own = schema
        .map_or_else(Vec::new, |schema| schema.kept.attributes)
        .into_iter()
        .filter(|attribute| attribute.writable && !attribute.archived);
    own.map(|attribute| attribute.slug).take(most).collect()
}

/// The attributes that are kept of an object or a list in the `cache`, however old.
pub fn remembered(cache: &Path, target: Target, name: &str) -> Vec<Definition> {
    let file = file_in(cache, target, name).and_then(|file| kept::read::<Kept>(&file));
    file.map(|kept| kept.attributes).unwrap_or_default()
}

/// The names of the objects or lists whose attributes are kept.
pub fn remembered_names(cache: &Path, target: Target) -> Vec<String> {
    let names = std::fs::read_dir(cache).into_iter().flatten().flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let names = names.filter_map(|name| {
        Some(name.strip_prefix(prefix(target))?.strip_prefix('-')?.strip_suffix(".json")?.to_owned())
    });
    names.collect()
}

/// The attributes in Attio's own answer to a call that lists them.
pub fn listed(answer: &str) -> Vec<Definition> {
    let rows: Option<Vec<Attribute>> =
        member(answer, "data").and_then(|rows| serde_json::from_str(rows).ok());
    rows.into_iter().flatten().map(define).collect()
}

/// The slugs of the attributes of a row that are amounts of money; none where they cannot be learnt soon.
pub async fn money(resolver: &Resolver, row: &str) -> Vec<String> {
    let Some(owner) = owner(row) else { return Vec::new() };
    let schema = known(resolver, &owner, row).await;
    let attributes = schema.map_or_else(Vec::new, |schema| schema.kept.attributes).into_iter();
    attributes
        .filter(|attribute| attribute.kind() == Kind::Currency)
        .map(|attribute| attribute.slug)
        .collect()
}

/// The compact form of a thing, with arrays as its definitions have them.
pub async fn compact(resolver: &Resolver, raw: &RawValue) -> Map<String, Value> {
    match many(resolver, raw.get()).await {
        Some(many) => values::compact_by(raw.get(), many),
        None => values::compact(raw.get()),
    }
}

/// What defines the attributes of a row.
fn owner(row: &str) -> Option<Owner> {
    let mut compact = String::new();
    Compactor::default().add(row, &mut compact);
    let text = |name| member(&compact, name).map(|name| walk::text(name).into_owned());
    member(&compact, "values")?;
    let object = text("object").map(|object| (Target::Objects, object));
    object.or_else(|| Some((Target::Lists, text("list_id")?)))
}

/// The definitions that a row of `owner` follows: those that are kept if they fit it, empty where they may not
/// be read; else fetched. `None` where they cannot be learnt soon.
async fn known(resolver: &Resolver, (target, name): &Owner, row: &str) -> Option<Schema> {
    match Schema::kept(resolver, *target, name).filter(|schema| schema.fits(row)) {
        Some(schema) => Some(schema),
        None => learn(resolver, *target, name).await,
    }
}

/// Fetches definitions, and gives up soon.
async fn learn(resolver: &Resolver, target: Target, name: &str) -> Option<Schema> {
    let client = &*resolver.client;
    let why = match tokio::time::timeout(PATIENCE, Schema::fetch(client, target, name)).await {
        Ok(Ok(schema)) => return Some(schema),
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => return None,
        Ok(Err(error)) => {
            // A key without the scope will hardly have it within the hour. What is empty serves this alone.
            if error.kind() == ErrorKind::Auth {
                Schema::nothing(client, target, name).keep();
            }
            error.to_string()
        }
        Err(_) => format!("nothing came within {} s", PATIENCE.as_secs()),
    };
    tell_arrays(resolver, name, &why);
    None
}

/// Says that the shape of values does not follow definitions, and why.
fn tell_arrays(resolver: &Resolver, name: &str, why: &str) {
    if !resolver.arrays {
        return;
    }
    resolver.client.remark(&format!(
        "could not read the attributes of {name} ({why}); selects and references are all shown as arrays"
    ));
}

impl Schema {
    /// All attributes, in Attio's order, archived ones included.
    pub fn attributes(&self) -> &[Definition] {
        &self.kept.attributes
    }

    /// The attribute with this slug or ID.
    ///
    /// # Errors
    /// A usage error that names the nearest slugs.
    pub fn attribute(&self, name: &str) -> Result<&Definition, Error> {
        let named = |name: &str| self.kept.attributes.iter().find(|attribute| attribute.is(name));
        named(name).ok_or_else(|| {
            if let Some((whole, part)) = part_of(name, named) {
                return only_whole(whole, part);
            }
            let slugs = self.kept.attributes.iter().filter(|attribute| !attribute.archived);
            let near = nearest(name, slugs.map(|attribute| attribute.slug.as_str()));
            let hint = match near.as_slice() {
                [] => format!("list-attributes {} shows them all", self.name),
                near => format!(
                    "did you mean {}? list-attributes {} shows them all",
                    near.join(" or "),
                    self.name
                ),
            };
            Error::usage(format!("{} has no attribute {name:?}", self.name))
                .hint(hint)
                .fact("suggestions", near)
        })
    }

    /// What is kept, if it is young enough.
    fn kept(resolver: &Resolver, target: Target, name: &str) -> Option<Self> {
        let file = file(&resolver.client, target, name)?;
        let kept: Kept = kept::read(&file)?;
        kept::is_young(resolver, kept.fetched_at).then(|| Self {
            target,
            name: name.to_owned(),
            kept,
            file: Some(file),
            from_file: true,
        })
    }

    /// Whether it knows all attributes of a row: records and entries have them all, set or not. What is
    /// quite new is as good as it gets.
    fn fits(&self, row: &str) -> bool {
        let values = member(row, "values").or_else(|| member(row, "entry_values")).unwrap_or_default();
        let known = |slug| self.kept.attributes.iter().any(|attribute| walk::is(slug, &attribute.slug));
        let age = Timestamp::now().duration_since(self.kept.fetched_at);
        age < QUITE_NEW || self.kept.attributes.is_empty() || members(values).all(|(slug, _)| known(slug))
    }

    /// What is kept where the attributes may not be read.
    fn nothing(client: &Client, target: Target, name: &str) -> Self {
        let kept = Kept { fetched_at: Timestamp::now(), attributes: Vec::new() };
        Self { target, name: name.to_owned(), kept, file: file(client, target, name), from_file: false }
    }

    async fn fetch(client: &Client, target: Target, name: &str) -> Result<Self, Error> {
        let list = List { of: TargetPath { target, identifier: name.to_owned() }, show_archived: true };
        let all = Window { offset: 0, cursor: None, limit: None };
        let rows = Pages::new(client, list.request()?, all).collect().await?;
        let attributes = rows.iter().map(|row| api::read(row).map(define)).collect::<Result<_, _>>()?;
        let kept = Kept { fetched_at: Timestamp::now(), attributes };
        let file = file(client, target, name);
        let schema = Self { target, name: name.to_owned(), kept, file, from_file: false };
        schema.keep();
        Ok(schema)
    }

    fn keep(&self) {
        if let Some(file) = &self.file {
            kept::write(file, &self.kept);
        }
    }

    /// Fetches what is not known yet of the attributes that `needs` picks.
    async fn complete(&mut self, client: &Client, needs: impl Fn(&Definition) -> bool) -> Result<(), Error> {
        let mut slugs = None;
        let mut learnt = false;
        for attribute in self.kept.attributes.iter_mut().filter(|attribute| needs(attribute)) {
            let closed = matches!(attribute.kind(), Kind::Select | Kind::Status);
            if closed && attribute.choices.is_none() {
                attribute.choices = Some(choices(client, self.target, &self.name, attribute).await?);
                learnt = true;
            }
            if attribute.objects.is_none() {
                let known = match slugs.take() {
                    Some(slugs) => slugs,
                    None => object_slugs(client).await?,
                };
                let slug = |id: &String| known.get(id).unwrap_or(id).clone();
                attribute.objects = Some(attribute.object_ids.iter().map(slug).collect());
                slugs = Some(known);
                learnt = true;
            }
        }
        if learnt {
            self.keep();
        }
        Ok(())
    }
}

/// The attribute that `SLUG.PART` is a part of.
fn part_of<'d, 'n>(
    name: &'n str,
    named: impl Fn(&str) -> Option<&'d Definition>,
) -> Option<(&'d Definition, &'n str)> {
    let (slug, part) = name.split_once('.')?;
    Some((named(slug)?, part))
}

/// The error for a part of a value that Attio takes as a whole only.
fn only_whole(whole: &Definition, part: &str) -> Error {
    let slug = &whole.slug;
    let error = Error::usage(format!("{slug}.{part} cannot be written alone"));
    if matches!(whole.kind(), Kind::Location | Kind::Name) {
        error.why("Attio takes such a value as a whole").hint(format!(
            "give its parts as JSON; those left out are emptied: --set '{slug}={{\"{part}\":\"…\"}}'"
        ))
    } else {
        error.hint(format!("{slug} has no parts: --set {slug}=VALUE"))
    }
}

/// Where the definitions are kept. A name that could lead elsewhere has no file.
fn file(client: &Client, target: Target, name: &str) -> Option<PathBuf> {
    file_in(&client.cache()?, target, name)
}

fn file_in(cache: &Path, target: Target, name: &str) -> Option<PathBuf> {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    plain.then(|| kept::file_in(cache, &format!("{}-{name}", prefix(target))))
}

fn prefix(target: Target) -> &'static str {
    match target {
        Target::Objects => "objects",
        Target::Lists => "lists",
    }
}

fn define(given: Attribute) -> Definition {
    let ids = given.config.record_reference.and_then(|config| config.allowed_object_ids).unwrap_or_default();
    // Most references are one side of a relationship, which names the other object by its slug.
    let other_side = given.relationship.and_then(|other| other.object_slug);
    let objects = match (ids.len(), other_side) {
        (0, _) => Some(Vec::new()),
        (1, Some(slug)) => Some(vec![slug]),
        _ => None,
    };
    Definition {
        slug: given.api_slug,
        id: given.id.attribute_id,
        title: given.title,
        r#type: given.r#type,
        required: given.is_required,
        unique: given.is_unique,
        multi: given.is_multiselect,
        writable: given.is_writable,
        archived: given.is_archived,
        currency: given.config.currency.and_then(|currency| currency.default_currency_code),
        object_ids: ids,
        objects,
        choices: None,
    }
}

async fn choices(
    client: &Client,
    target: Target,
    name: &str,
    attribute: &Definition,
) -> Result<Vec<Choice>, Error> {
    let closed = attribute.kind();
    let of = AttributePath { target, identifier: name.to_owned(), attribute: attribute.slug.clone() };
    let request = if closed == Kind::Status {
        statuses::List { of, show_archived: true }.request()
    } else {
        options::List { of, show_archived: true }.request()
    };
    let given: Vec<Given> = client.call(&request?).await?.data()?;
    let choice =
        |given: Given| Choice { id: given.id.option_id, title: given.title, archived: given.is_archived };
    Ok(given.into_iter().map(choice).collect())
}

/// Slugs of the objects by their IDs.
async fn object_slugs(client: &Client) -> Result<HashMap<String, String>, Error> {
    let all: Vec<objects::Object> = client.call(&objects::List {}.request()?).await?.data()?;
    Ok(all.into_iter().filter_map(|object| Some((object.id.object_id, object.api_slug?))).collect())
}

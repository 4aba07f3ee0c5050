//! The compact form: from what Attio sends to plain JSON.
//!
//! Attio wraps each value in history and type (about a kilobyte for a text); the compact form keeps the
//! meaning in a tenth of the bytes. It is put together from pieces of Attio's own text, in one pass and
//! without reading them, so that numbers keep their digits and one odd value spoils nothing else: what is
//! not as its type says is shown as it is. How one value looks is left to [`super::plain`].

use super::definition::Kind;
use super::plain::{NOT_AS_DESCRIBED, Typed, put_key, put_member, put_typed};
use super::walk::{Walk, is, items, member, members, read, text};
use crate::link;
use memchr::memmem;
use serde_json::{Map, Value};
use std::cell::Cell;

/// Which attributes of an object or a list can have several values; empty where that is not known.
#[derive(Clone, Debug, Default)]
pub struct Many {
    slugs: Vec<(String, bool)>,
    /// Where the last one was found: things name their attributes in one order.
    last: Cell<usize>,
}

impl Many {
    /// By slugs, as the definitions have it.
    pub fn new(slugs: impl IntoIterator<Item = (String, bool)>) -> Self {
        Self { slugs: slugs.into_iter().collect(), last: Cell::new(0) }
    }

    /// Whether the attribute with this slug (a text in JSON) can have several values.
    fn of(&self, slug: &str) -> Option<bool> {
        let (before, after) = self.slugs.split_at_checked(self.last.get())?;
        let at = |(at, (known, _)): (usize, &(String, bool))| is(slug, known).then_some(at);
        let found = after.iter().enumerate().find_map(at).map(|at| at + before.len());
        let found = found.or_else(|| before.iter().enumerate().find_map(at))?;
        self.last.set(found);
        self.slugs.get(found).map(|(_, many)| *many)
    }
}

/// Makes compact forms, best of things of one kind: what it learnt of one serves the next.
#[derive(Debug, Default)]
pub struct Compactor {
    many: Many,
    /// What stands in the URLs before the record's ID, and the object that it names.
    object: (String, String),
}

/// So many brackets may stand within each other, which not every program can read.
const DEEP: usize = 100;

/// What is wrong with a thing that is shown all the same, in words.
pub type Oddity = String;

impl Compactor {
    /// For things whose attributes are defined so.
    pub fn new(many: Many) -> Self {
        Self { many, object: Default::default() }
    }

    /// Adds the compact form of `raw`, a thing of any kind as Attio sent it, to `out`. It is an object:
    /// - of a record `{record_id, object, web_url, created_at, values}`,
    /// - of an entry `{entry_id, list_id, parent_object, parent_record_id, created_at, values}`,
    /// - of a value that stands alone `{value, active_from, active_until, created_by_actor}`,
    /// - of another object its IDs and the rest as it is, of anything else `{value}`.
    ///
    /// `values` holds the attributes that are set by slug. Returns what is odd about it.
    pub fn add(&mut self, raw: &str, out: &mut String) -> Option<Oddity> {
        let begun = out.len();
        let mut odd = None;
        let mut walk = Walk::new(raw);
        let mut top = Vec::with_capacity(6);
        while let Some(key) = walk.key() {
            // Where all of the head stands before the values, as Attio writes it, one pass is enough.
            if key == r#""values""# && walk.first() == b'{' && self.put_record(&top, out, true) {
                odd = self.put_values(&mut walk, &["record_id", "created_at"], out);
                out.push('}');
                return odd.or_else(|| trouble(out.get(begun..)?));
            }
            top.push((key, walk.value()));
        }
        self.put(raw, &top, &mut odd, out);
        odd.or_else(|| trouble(out.get(begun..)?))
    }

    fn put(&mut self, raw: &str, top: &[(&str, &str)], odd: &mut Option<Oddity>, out: &mut String) {
        let part = |name: &str| top.iter().find(|(key, _)| is(key, name)).map(|(_, value)| *value);
        let object = |name: &str| part(name).filter(|value| value.starts_with('{'));
        if let Some(values) = object("values").filter(|_| self.put_record(top, out, false)) {
            *odd = self.put_values(&mut Walk::new(values), &["record_id", "created_at"], out);
        } else if let Some(values) = object("entry_values").filter(|_| put_entry(top, out)) {
            let shown = ["entry_id", "created_at", "parent_record"];
            *odd = self.put_values(&mut Walk::new(values), &shown, out);
        } else if part("attribute_type").is_some_and(|kind| !text(kind).is_empty()) {
            *odd = put_dated(raw, top, out);
        } else if raw.starts_with('{') {
            let is_record = |values: &str| part(values).is_some() && part("id").is_some();
            if is_record("values") || is_record("entry_values") {
                *odd = Some("it is no record as Attio describes them".to_owned());
            }
            return put_flat(top, out);
        } else if raw == "null" {
            out.push('{');
        } else {
            out.push('{');
            put_member(out, r#""value""#, raw);
        }
        out.push('}');
    }

    /// Adds a record up to its values, if the members make one.
    fn put_record(&mut self, top: &[(&str, &str)], out: &mut String, with_url: bool) -> bool {
        let part = |name: &str| top.iter().find(|(key, _)| is(key, name)).map(|(_, value)| *value);
        let (Some(id), Some(created_at)) = (part("id"), part("created_at")) else { return false };
        let (Some(record_id), Some(object_id)) = (member(id, "record_id"), member(id, "object_id")) else {
            return false;
        };
        let url = part("web_url");
        if with_url && url.is_none() {
            return false;
        }
        out.push('{');
        put_member(out, r#""record_id""#, record_id);
        put_member(out, r#""object""#, self.object(url, record_id).unwrap_or(object_id));
        put_member(out, r#""web_url""#, url.unwrap_or("null"));
        put_member(out, r#""created_at""#, created_at);
        true
    }

    /// Attio names a record's object by its ID only; the slug stands in the URL.
    fn object(&mut self, url: Option<&str>, record_id: &str) -> Option<&str> {
        let url = url?;
        let before = url.strip_suffix(record_id.strip_prefix('"')?).unwrap_or(url);
        if self.object.0 != before {
            let object = link::parse(&text(url)).ok().and_then(|link| link.object_type);
            self.object =
                (before.to_owned(), object.map(|slug| Value::from(slug).to_string()).unwrap_or_default());
        }
        Some(self.object.1.as_str()).filter(|object| !object.is_empty())
    }

    /// Adds the values that are set, but for those `shown` beside them already.
    fn put_values(&self, walk: &mut Walk<'_>, shown: &[&str], out: &mut String) -> Option<Oddity> {
        out.push_str(r#","values":{"#);
        let mut odd = None;
        while let Some(slug) = walk.key() {
            if shown.iter().any(|name| is(slug, name)) {
                walk.value();
            } else if walk.first() == b'[' {
                odd = self.put_attribute(slug, walk, out).or(odd);
            } else {
                let value = walk.value();
                if value != "null" {
                    put_member(out, slug, value);
                    odd = Some(told(slug, NOT_AS_DESCRIBED));
                }
            }
        }
        out.push('}');
        odd
    }

    /// One attribute: an array where it can have several values, else the value; nothing if it is unset.
    fn put_attribute(&self, slug: &str, walk: &mut Walk<'_>, out: &mut String) -> Option<Oddity> {
        let (mut count, mut array, mut begun) = (0, false, 0);
        let mut odd = None;
        while walk.item() {
            let value = Typed::next(walk);
            if count == 0 {
                put_key(out, slug);
                begun = out.len();
                array = self.many.of(slug).unwrap_or_else(|| Kind::of(value.kind()).can_be_many());
                out.push_str(if array { "[" } else { "" });
            } else {
                out.push(',');
            }
            if let Err(why) = put_typed(&value, out) {
                odd = Some(told(slug, why));
            }
            count += 1;
        }
        if count > 1 && !array {
            out.insert(begun, '[');
            array = true;
        }
        out.push_str(if array { "]" } else { "" });
        odd
    }
}

/// The compact form of one thing as a map, with arrays for the types that can have several values.
pub fn compact(raw: &str) -> Map<String, Value> {
    compact_by(raw, Many::default())
}

/// The compact form of one thing as a map, with arrays where `many` wants them.
pub fn compact_by(raw: &str, many: Many) -> Map<String, Value> {
    let mut json = String::new();
    Compactor::new(many).add(raw, &mut json);
    let map = |json: &str| members(json).map(|(key, value)| (text(key).into_owned(), read(value))).collect();
    let mut top: Map<String, Value> = map(&json);
    if let Some(values) = member(&json, "values").filter(|values| values.starts_with('{')) {
        top.insert("values".to_owned(), Value::Object(map(values)));
    }
    top
}

/// Adds an entry up to its values, if the members make one.
fn put_entry(top: &[(&str, &str)], out: &mut String) -> bool {
    let part = |name: &str| top.iter().find(|(key, _)| is(key, name)).map(|(_, value)| *value);
    let id = |name| part("id").and_then(|id| member(id, name));
    let all =
        (id("entry_id"), id("list_id"), part("parent_object"), part("parent_record_id"), part("created_at"));
    let (Some(entry_id), Some(list_id), Some(object), Some(record_id), Some(created_at)) = all else {
        return false;
    };
    out.push('{');
    put_member(out, r#""entry_id""#, entry_id);
    put_member(out, r#""list_id""#, list_id);
    put_member(out, r#""parent_object""#, object);
    put_member(out, r#""parent_record_id""#, record_id);
    put_member(out, r#""created_at""#, created_at);
    true
}

/// Adds a value that stands alone, with what is known of its history.
fn put_dated(raw: &str, top: &[(&str, &str)], out: &mut String) -> Option<Oddity> {
    out.push('{');
    put_key(out, r#""value""#);
    let put = put_typed(&Typed::next(&mut Walk::new(raw)), out);
    for (key, value) in top {
        if ["active_from", "active_until", "created_by_actor"].iter().any(|name| is(key, name)) {
            put_member(out, key, value);
        }
    }
    put.err().map(|why| told(r#""value""#, why))
}

/// Adds anything but a record or an entry: its IDs at the top (without the workspace's), its own before
/// those of what it belongs to, the rest as it is. The same goes for things within it, as the comments of
/// a thread.
fn put_flat(top: &[(&str, &str)], out: &mut String) {
    let part = |name: &str| top.iter().find(|(key, _)| is(key, name)).map(|(_, value)| *value);
    out.push('{');
    let id = part("id").unwrap_or_default();
    // Attio goes from the whole to the part: the thing's own ID comes last.
    let mut ids: Vec<(&str, &str)> = members(id).filter(|(key, _)| !is(key, "workspace_id")).collect();
    ids.reverse();
    match part("entry_id") {
        // The entries of a record stand without an `id`.
        Some(entry_id) if id.is_empty() => ids.push((r#""entry_id""#, entry_id)),
        _ if !id.starts_with('{') && !id.is_empty() => ids.push((r#""id""#, id)),
        _ => {}
    }
    for (key, value) in &ids {
        put_member(out, key, top.iter().find(|(k, _)| k == key).map_or(value, |(_, value)| value));
    }
    // A note comes in two forms, which are mostly equal.
    let twice = part("content_markdown").is_some_and(|markdown| part("content_plaintext") == Some(markdown));
    let shown = |key: &str| {
        ids.iter().any(|(id, _)| *id == key) || is(key, "id") || (twice && is(key, "content_markdown"))
    };
    for (key, value) in top.iter().filter(|(key, _)| !shown(key)) {
        put_key(out, key);
        put_parts(value, out);
    }
    out.push('}');
}

/// Adds a value; if it is a list, with the things in it made flat.
fn put_parts(value: &str, out: &mut String) {
    if !value.starts_with('[') {
        return out.push_str(value);
    }
    out.push('[');
    for item in items(value) {
        out.push_str(if out.ends_with('[') { "" } else { "," });
        if item.starts_with('{') && member(item, "id").is_some_and(|id| id.starts_with('{')) {
            put_flat(&members(item).collect::<Vec<_>>(), out);
        } else {
            out.push_str(item);
        }
    }
    out.push(']');
}

/// What a compact form holds that many programs cannot read, although it is passed on as it came.
fn trouble(json: &str) -> Option<Oddity> {
    let open = json.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if open < DEEP && memmem::find(json.as_bytes(), b"\\u").is_none() {
        return None;
    }
    serde_json::from_str::<Value>(json).err()?;
    let inner = members(json).filter(|(key, _)| is(key, "values")).flat_map(|(_, values)| members(values));
    let outer = members(json).filter(|(key, _)| !is(key, "values"));
    let (key, error) = inner
        .chain(outer)
        .find_map(|(key, value)| Some((key, serde_json::from_str::<Value>(value).err()?)))?;
    let why = error.to_string();
    Some(told(key, &format!("is hard to read: {}", why.split(" at line").next().unwrap_or(&why))))
}

fn told(key: &str, what: &str) -> Oddity {
    format!("{} {what}", text(key))
}

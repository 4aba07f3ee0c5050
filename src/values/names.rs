//! What records and members are called, put beside their IDs.
//!
//! Works on compact forms of anything: wherever an object names a record or a member, whatever Attio calls
//! its parts there. Finding out the names is left to [`crate::resolve::names`].

use super::walk::{Walk, is, member, members, text};
use serde_json::Value;
use std::collections::HashMap;

/// Names by ID.
#[derive(Clone, Debug, Default)]
pub struct Names(HashMap<String, Option<String>>);

/// Somebody or something whose name may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A record: its object, by slug or ID, and its ID.
    Record(String, String),
    /// A workspace member.
    Member(String),
}

/// How the parts of a reference are called: the object's, the record's.
const RECORDS: [(&str, &str); 5] = [
    ("object", "record_id"),
    ("target_object", "target_record_id"),
    ("target_object_id", "target_record_id"),
    ("object_slug", "record_id"),
    ("object_id", "record_id"),
];

/// The same of members: what kind of actor, and who.
const MEMBERS: [(&str, &str); 2] = [("type", "id"), ("referenced_actor_type", "referenced_actor_id")];

/// Everything that stands in a reference.
const PARTS: [&str; 12] = [
    "object",
    "object_id",
    "object_slug",
    "target_object",
    "target_object_id",
    "record_id",
    "target_record_id",
    "type",
    "id",
    "referenced_actor_type",
    "referenced_actor_id",
    "workspace_id",
];

impl Named {
    /// The ID.
    pub fn id(&self) -> &str {
        let (Self::Record(_, id) | Self::Member(id)) = self;
        id
    }

    /// What an object in JSON names, if that is all that it does: a record or a file is no reference.
    fn by(object: &str) -> Option<Self> {
        let is_part = |(key, value): (&str, &str)| {
            PARTS.iter().any(|part| is(key, part)) || (is(key, "name") && value == "null")
        };
        if !members(object).all(is_part) {
            return None;
        }
        let part = |name: &str| {
            member(object, name).filter(|value| value.starts_with('"')).map(|value| text(value).into_owned())
        };
        let record = |(kind, id): (&str, &str)| Some(Self::Record(part(kind)?, part(id)?));
        let is_member = |kind: &str| part(kind).is_some_and(|kind| kind == "workspace-member");
        let who = |(kind, id): (&str, &str)| is_member(kind).then(|| part(id)).flatten().map(Self::Member);
        RECORDS.into_iter().find_map(record).or_else(|| MEMBERS.into_iter().find_map(who))
    }

    /// The record that a thing belongs to, which stands in two fields of its own.
    fn parent(object: &str) -> Option<Self> {
        let part = |name: &str| {
            member(object, name).filter(|value| value.starts_with('"')).map(|value| text(value).into_owned())
        };
        Some(Self::Record(part("parent_object")?, part("parent_record_id")?))
    }
}

impl Names {
    /// Whether nothing has a name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it was found out what this is called, if anything.
    pub fn knows(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Remembers a name, or that there is none.
    pub fn insert(&mut self, id: String, name: Option<String>) {
        self.0.insert(id, name);
    }

    fn of(&self, named: Option<Named>) -> Option<Value> {
        self.0.get(named?.id())?.as_deref().map(Value::from)
    }

    /// A compact form with `name` in each reference and `parent_name` beside a parent's ID.
    pub fn put(&self, compact: &str) -> String {
        let mut out = String::with_capacity(compact.len() + 64);
        self.copy(&mut Walk::new(compact), &mut out);
        out
    }

    fn copy(&self, walk: &mut Walk<'_>, out: &mut String) {
        let whole = *walk;
        match walk.first() {
            b'{' => {
                let object = { *walk }.value();
                out.push('{');
                let mut first = true;
                while let Some(key) = walk.key() {
                    let next = { *walk };
                    // A name that is not known is null in some of Attio's answers.
                    let unnamed = is(key, "name") && { next }.value() == "null";
                    if unnamed && self.of(Named::by(object)).is_some() {
                        walk.value();
                        continue;
                    }
                    out.push_str(if first { "" } else { "," });
                    first = false;
                    out.push_str(key);
                    out.push(':');
                    self.copy(walk, out);
                    if is(key, "parent_record_id")
                        && let Some(name) = self.of(Named::parent(object))
                    {
                        out.push_str(&format!(r#","parent_name":{name}"#));
                    }
                }
                if let Some(name) = self.of(Named::by(object)) {
                    out.push_str(&format!(r#"{}"name":{name}"#, if first { "" } else { "," }));
                }
                out.push('}');
            }
            b'[' => {
                out.push('[');
                let mut first = true;
                while walk.item() {
                    out.push_str(if first { "" } else { "," });
                    first = false;
                    self.copy(walk, out);
                }
                out.push(']');
            }
            _ => {
                let mut whole = whole;
                out.push_str(whole.value());
                *walk = whole;
            }
        }
    }
}

/// Everything in a compact form, or in a field of one, that has a name somewhere.
pub fn named(compact: &str) -> Vec<Named> {
    let mut all = Vec::new();
    collect(compact, &mut all);
    all
}

fn collect(json: &str, all: &mut Vec<Named>) {
    if json.starts_with('{') {
        all.extend(Named::by(json));
        all.extend(Named::parent(json));
        members(json).for_each(|(_, value)| collect(value, all));
    } else if json.starts_with('[') {
        super::walk::items(json).for_each(|item| collect(item, all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_stand_beside_ids() {
        let compact = json!({
            "record_id": "r", "object": "deals", "values": {
                "owner": {"type": "workspace-member", "id": "m"},
                "created_by": {"type": "api-token", "id": "m"},
                "associated_people": [{"object": "people", "record_id": "p"}, {"object": "people", "record_id": "q"}],
            },
            "parent_object": "companies", "parent_record_id": "c", "empty": {}, "none": [], "text": "a\"b",
            "linked_records": [{"target_object_id": "companies", "target_record_id": "c"}],
            "assignees": [{"referenced_actor_type": "workspace-member", "referenced_actor_id": "m"}],
        });
        let mut names = Names::default();
        for (id, name) in [("m", "Ada"), ("p", "Jane \"J\" Doe"), ("c", "Acme"), ("r", "itself")] {
            names.insert(id.to_owned(), Some(name.to_owned()));
        }
        names.insert("q".to_owned(), None);
        let put: Value = serde_json::from_str(&names.put(&compact.to_string())).unwrap();
        let mut expected = compact.clone();
        expected["values"]["owner"]["name"] = "Ada".into();
        expected["values"]["associated_people"][0]["name"] = "Jane \"J\" Doe".into();
        expected["parent_name"] = "Acme".into();
        expected["linked_records"][0]["name"] = "Acme".into();
        expected["assignees"][0]["name"] = "Ada".into();
        assert_eq!(put, expected);
        assert_eq!(Names::default().put(&compact.to_string()), compact.to_string());
        let found: Vec<String> =
            named(&compact.to_string()).iter().map(|named| named.id().to_owned()).collect();
        assert_eq!(found, ["c", "m", "p", "q", "c", "m"]);
    }
}

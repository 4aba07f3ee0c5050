//! Checks the shape of request bodies and reports every fault at once, as Attio does.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::values::time;
use crate::sandbox::engine::{fault, number};

/// The members of a JSON object, read one by one. Faults are collected until [`Fields::done`].
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    /// Where the object is in the body.
    prefix: Vec<Value>,
    faults: Vec<Value>,
}

impl<'a> Fields<'a> {
    /// The object under `data`.
    pub(crate) fn data(body: &'a Value) -> Result<Self, Problem> {
        let prefix = vec![json!("data")];
        let map = body
            .get("data")
            .and_then(Value::as_object)
            .ok_or_else(|| Problem::body(vec![fault::unexpected(&prefix, "object", body.get("data"))]))?;
        Ok(Self { map, prefix, faults: Vec::new() })
    }

    /// The body itself, for the operations that do not wrap it.
    pub(crate) fn bare(body: &'a Value) -> Result<Self, Problem> {
        let map = body
            .as_object()
            .ok_or_else(|| Problem::body(vec![fault::unexpected(&[""; 0], "object", Some(body))]))?;
        Ok(Self { map, prefix: Vec::new(), faults: Vec::new() })
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key)
    }

    /// A required string; empty when it is missing, which `done` reports.
    pub(crate) fn string(&mut self, key: &str) -> &'a str {
        self.require(key, "string", Value::as_str).unwrap_or_default()
    }

    /// A required string that is one of `allowed`.
    pub(crate) fn one_of(&mut self, key: &str, allowed: &[&str]) -> &'a str {
        let text = self.require(key, &fault::any_of(allowed), Value::as_str);
        if let Some(text) = text.filter(|text| !allowed.contains(text)) {
            self.fault(fault::no_option(&self.path(key), allowed, text));
        }
        text.unwrap_or_default()
    }

    pub(crate) fn boolean(&mut self, key: &str) -> bool {
        self.require(key, "boolean", Value::as_bool).unwrap_or_default()
    }

    pub(crate) fn array(&mut self, key: &str) -> &'a [Value] {
        self.require(key, "array", Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn object(&mut self, key: &str) -> Option<&'a Map<String, Value>> {
        self.require(key, "object", Value::as_object)
    }

    /// A required identifier of a record; any UUID will do.
    pub(crate) fn uuid(&mut self, key: &str) -> &'a str {
        let text = self.string(key);
        if self.map.get(key).is_some_and(Value::is_string) && uuid::Uuid::try_parse(text).is_err() {
            self.fault(json!({"code": "invalid_string", "path": self.path(key), "message": "Invalid uuid"}));
        }
        text
    }

    /// What a key holds that may be left out, as in `fields.optional("title", Fields::string)`.
    pub(crate) fn optional<T>(&mut self, key: &str, read: impl FnOnce(&mut Self, &str) -> T) -> Option<T> {
        self.map.contains_key(key).then(|| read(self, key))
    }

    /// A required object with members of its own; `None` when it is missing, which `done` reports.
    pub(crate) fn nested<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let map = self.object(key)?;
        Some(self.within(map, vec![json!(key)], read))
    }

    /// A required array of objects.
    pub(crate) fn items<T>(&mut self, key: &str, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut all = Vec::new();
        for (index, item) in self.array(key).iter().enumerate() {
            let place = vec![json!(key), json!(index)];
            match item.as_object() {
                Some(map) => all.push(self.within(map, place, &read)),
                None => {
                    let path = [self.prefix.clone(), place].concat();
                    self.fault(fault::unexpected(&path, "object", Some(item)));
                }
            }
        }
        all
    }

    /// `created_at`, which may lie in the past but not ahead. Without it: now.
    pub(crate) fn created_at(&mut self, now: Timestamp) -> String {
        let Some(value) = self.get("created_at") else { return time::stamp(now) };
        let text = value.as_str().and_then(time::timestamp);
        let given: Option<Timestamp> = text.and_then(|text| text.parse().ok());
        match given.filter(|given| *given >= Timestamp::UNIX_EPOCH && *given <= now) {
            Some(given) => time::stamp(given),
            None => {
                self.invalid("created_at", "Expected a time between 1970 and now");
                String::new()
            }
        }
    }

    /// A required key whose value may be null.
    pub(crate) fn nullable_string(&mut self, key: &str) -> Option<&'a str> {
        if self.get(key).is_some_and(Value::is_null) { None } else { Some(self.string(key)) }
    }

    /// A required string that is not empty.
    pub(crate) fn nonempty(&mut self, key: &str) -> &'a str {
        let text = self.string(key);
        if text.is_empty() && self.get(key).is_some_and(Value::is_string) {
            self.invalid(key, "String must contain at least 1 character(s)");
        }
        text
    }

    /// Refuses every other key.
    pub(crate) fn only(&mut self, keys: &[&str]) {
        for key in self.map.keys().filter(|key| !keys.contains(&key.as_str())) {
            self.faults.push(fault::surplus(&self.prefix, key));
        }
    }

    /// Whole number from zero up, with a default and a largest value.
    pub(crate) fn count(&mut self, key: &str, default: usize, most: usize) -> usize {
        let Some(value) = self.get(key) else { return default };
        match number::whole(value).and_then(|number| usize::try_from(number).ok()) {
            Some(number) if number <= most => number,
            Some(_) => {
                let message = format!("Number must be less than or equal to {most}");
                self.invalid(key, &message);
                default
            }
            None => {
                self.invalid(key, "Expected a whole number that is not negative");
                default
            }
        }
    }

    /// Reports a fault that the caller found.
    pub(crate) fn invalid(&mut self, key: &str, message: &str) {
        self.fault(fault::invalid(&self.path(key), message));
    }

    /// The verdict.
    ///
    /// # Errors
    /// 400 `validation_type` with one item for each fault.
    pub(crate) fn done(self) -> Result<(), Problem> {
        if self.faults.is_empty() { Ok(()) } else { Err(Problem::body(self.faults)) }
    }

    fn require<T>(&mut self, key: &str, expected: &str, read: fn(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.map.get(key);
        let found = value.and_then(read);
        if found.is_none() {
            self.fault(fault::unexpected(&self.path(key), expected, value));
        }
        found
    }

    /// Reads a part of the body; its faults are faults of the body.
    fn within<T>(
        &mut self,
        map: &'a Map<String, Value>,
        place: Vec<Value>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let prefix = [self.prefix.clone(), place].concat();
        let mut part = Self { map, prefix, faults: Vec::new() };
        let found = read(&mut part);
        self.faults.append(&mut part.faults);
        found
    }

    fn path(&self, key: &str) -> Vec<Value> {
        self.prefix.iter().cloned().chain([json!(key)]).collect()
    }

    fn fault(&mut self, fault: Value) {
        self.faults.push(fault);
    }
}

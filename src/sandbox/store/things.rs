//! Notes, tasks, comments and all else that is kept as one JSON text each, found by identifier, by what it lies
//! within, and by the records it mentions.
//!
//! A mention of a record is a JSON object of the form of [`Link`], wherever it stands. One that stands directly in the
//! thing says what the thing belongs to.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::database::Store;
use super::failure::Failure;
use super::row::Link;

/// Something with an identifier and a place in listings.
pub(crate) trait Thing: Serialize + DeserializeOwned {
    /// What it is called, in messages and in the database.
    const KIND: &'static str;

    fn id(&self) -> &str;

    /// What listings are ordered by.
    fn time(&self) -> &str;

    /// The identifier of what it lies within, if anything.
    fn parent(&self) -> Option<&str> {
        None
    }
}

/// Which things of a kind are wanted.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'a> {
    All,
    /// Those that mention a record.
    Of(&'a str),
    /// Those that lie within another thing.
    In(&'a str),
}

/// A part of a listing.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub descending: bool,
    pub offset: usize,
    pub limit: usize,
}

/// Something that mentions a record, as it is kept.
pub(crate) struct Mention {
    pub kind: String,
    pub id: String,
    /// Without what is kept one by one.
    pub json: String,
    seq: i64,
}

impl Store {
    pub(crate) fn get<T: Thing>(&self, id: &str) -> Result<Option<T>, Failure> {
        let json = self.json(T::KIND, id)?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
    }

    /// Stores a thing, in place of the one with its identifier if there is one.
    pub(crate) fn put<T: Thing>(&mut self, thing: &T) -> Result<(), Failure> {
        let json = serde_json::to_value(thing)?;
        let place = (Some(thing.time()), thing.parent());
        let seq = self.put_json((T::KIND, thing.id()), place.0, place.1, &json.to_string())?;
        self.refer(seq, links(&json))
    }

    pub(crate) fn remove<T: Thing>(&mut self, id: &str) -> Result<(), Failure> {
        self.remove_json(T::KIND, id)
    }

    /// All things in scope, in their order.
    pub(crate) fn all<T: Thing>(&self, scope: Scope) -> Result<Vec<T>, Failure> {
        self.part(scope, Part { descending: false, offset: 0, limit: usize::MAX }, None)
    }

    /// A part of the things in scope that are wanted. Nothing behind it is read; without a condition, nothing before it
    /// either.
    pub(crate) fn part<T: Thing>(
        &self,
        scope: Scope,
        part: Part,
        wanted: Option<&dyn Fn(&T) -> bool>,
    ) -> Result<Vec<T>, Failure> {
        let mut found = Vec::new();
        let (skip, mut skipped) = (if wanted.is_some() { part.offset } else { 0 }, 0);
        let offset = part.offset - skip;
        let mut visit = |json: &str| {
            if found.len() >= part.limit {
                return Ok(ControlFlow::Break(()));
            }
            let thing: T = serde_json::from_str(json)?;
            if wanted.is_none_or(|wanted| wanted(&thing)) {
                skipped += 1;
                if skipped > skip {
                    found.push(thing);
                }
            }
            Ok(ControlFlow::Continue(()))
        };
        self.visit(T::KIND, scope, (part.descending, offset), &mut visit)?;
        Ok(found)
    }

    fn visit(
        &self,
        kind: &str,
        scope: Scope,
        (descending, offset): (bool, usize),
        visit: &mut dyn FnMut(&str) -> Result<ControlFlow<()>, Failure>,
    ) -> Result<(), Failure> {
        // CROSS JOIN: the few mentions first, never all things of the kind.
        let (from, key) = match scope {
            Scope::All => ("things WHERE ?2 IS NULL AND time IS NOT NULL", None),
            Scope::Of(record) => {
                ("mentions CROSS JOIN things ON seq = thing WHERE record = ?2", Some(record))
            }
            Scope::In(parent) => ("things WHERE parent = ?2", Some(parent)),
        };
        let order = if descending { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT json FROM {from} AND kind = ?1 ORDER BY time {order}, seq {order} LIMIT -1 OFFSET ?3"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![kind, key, offset])?;
        while let Some(row) = rows.next()? {
            if visit(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Everything that mentions a record.
    pub(crate) fn mentions(&self, record: &str) -> Result<Vec<Mention>, Failure> {
        let sql =
            "SELECT kind, id, json, seq FROM mentions CROSS JOIN things ON seq = thing WHERE record = ?1";
        self.found_by(sql, record)
    }

    /// Everything that mentions a record of an object, also one that is gone; `object` is the slug.
    pub(crate) fn mentions_of_object(&self, object: &str) -> Result<Vec<Mention>, Failure> {
        // Rare, so that no index is kept for it: the text is searched for what every mention contains.
        let sql = "SELECT kind, id, json, seq FROM things WHERE EXISTS (SELECT 1 FROM refs WHERE thing = seq)
                   AND instr(json, ?1)";
        self.found_by(sql, &Value::from(object).to_string())
    }

    fn found_by(&self, sql: &str, key: &str) -> Result<Vec<Mention>, Failure> {
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map([key], |row| {
            Ok(Mention { kind: row.get(0)?, id: row.get(1)?, json: row.get(2)?, seq: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Replaces what a mention was found in.
    pub(crate) fn amend(&mut self, mention: &Mention, json: &Value) -> Result<(), Failure> {
        let mut statement = self.db.prepare_cached("UPDATE things SET json = ?1 WHERE seq = ?2")?;
        statement.execute(params![json.to_string(), mention.seq])?;
        self.refer(mention.seq, links(json))
    }

    /// Removes everything that belongs to a record.
    pub(crate) fn remove_belongings(&mut self, record: &str) -> Result<(), Failure> {
        let sql = "DELETE FROM things WHERE seq IN (SELECT thing FROM refs WHERE record = ?1 AND belongs)";
        self.db.prepare_cached(sql)?.execute([record])?;
        Ok(())
    }

    /// Removes the things of a kind that lie within another thing.
    pub(crate) fn remove_within(&mut self, parent: &str, kind: &str) -> Result<(), Failure> {
        let mut statement = self.db.prepare_cached("DELETE FROM things WHERE parent = ?1 AND kind = ?2")?;
        statement.execute([parent, kind])?;
        Ok(())
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self, kind: &str, id: &str) -> Result<Option<Vec<u8>>, Failure> {
        let sql = "SELECT bytes FROM blobs JOIN things ON seq = thing WHERE kind = ?1 AND id = ?2";
        Ok(self.db.prepare_cached(sql)?.query_row([kind, id], |row| row.get(0)).optional()?)
    }

    pub(crate) fn put_bytes(&mut self, kind: &str, id: &str, bytes: &[u8]) -> Result<(), Failure> {
        let sql = "INSERT OR REPLACE INTO blobs SELECT seq, ?3 FROM things WHERE kind = ?1 AND id = ?2";
        self.db.prepare_cached(sql)?.execute(params![kind, id, bytes])?;
        Ok(())
    }

    pub(super) fn seq(&self, kind: &str, id: &str) -> Result<Option<i64>, Failure> {
        let mut statement = self.db.prepare_cached("SELECT seq FROM things WHERE kind = ?1 AND id = ?2")?;
        Ok(statement.query_row([kind, id], |row| row.get(0)).optional()?)
    }

    fn json(&self, kind: &str, id: &str) -> Result<Option<String>, Failure> {
        let mut statement = self.db.prepare_cached("SELECT json FROM things WHERE kind = ?1 AND id = ?2")?;
        Ok(statement.query_row([kind, id], |row| row.get(0)).optional()?)
    }

    /// Stores a text; what it mentions is up to the caller.
    pub(super) fn put_json(
        &mut self,
        (kind, id): (&str, &str),
        time: Option<&str>,
        parent: Option<&str>,
        json: &str,
    ) -> Result<i64, Failure> {
        let sql = "INSERT INTO things (kind, id, time, parent, json) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (kind, id) DO UPDATE SET time = ?3, parent = ?4, json = ?5 RETURNING seq";
        let mut statement = self.db.prepare_cached(sql)?;
        Ok(statement.query_row(params![kind, id, time, parent, json], |row| row.get(0))?)
    }

    pub(super) fn remove_json(&mut self, kind: &str, id: &str) -> Result<(), Failure> {
        let mut statement = self.db.prepare_cached("DELETE FROM things WHERE kind = ?1 AND id = ?2")?;
        statement.execute([kind, id])?;
        Ok(())
    }

    /// Notes the records that a thing mentions, and whether it belongs to them.
    pub(super) fn refer<'l>(
        &self,
        seq: i64,
        links: impl IntoIterator<Item = (&'l str, bool)>,
    ) -> Result<(), Failure> {
        self.db.prepare_cached("DELETE FROM refs WHERE thing = ?1")?.execute([seq])?;
        let mut insert = self.db.prepare_cached(
            "INSERT INTO refs VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET belongs = belongs OR ?3",
        )?;
        for (record, belongs) in links {
            insert.execute(params![record, seq, belongs])?;
        }
        Ok(())
    }
}

/// Every mention of a record in a JSON value, and whether it stands directly in the outermost object.
fn links(value: &Value) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    each_link(value, 0, &mut |record, depth| found.push((record, depth == 1)));
    found
}

fn each_link<'v>(value: &'v Value, depth: usize, visit: &mut dyn FnMut(&'v str, usize)) {
    if let Some(record) = Link::in_value(value) {
        return visit(record, depth);
    }
    match value {
        Value::Object(map) => map.values().for_each(|value| each_link(value, depth + 1, visit)),
        Value::Array(items) => items.iter().for_each(|item| each_link(item, depth + 1, visit)),
        _ => {}
    }
}

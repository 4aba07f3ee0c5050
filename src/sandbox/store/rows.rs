//! Records and list entries, found by identifier, by what a unique attribute holds, and by what they mention.
//!
//! The index over unique values is coarse: it knows neither case nor the spelling of a number. What it finds has to be
//! looked at again, but it misses nothing.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::params;

use super::database::Store;
use super::failure::Failure;
use super::row::{Content, Held, Link, Row};
use super::schema::{Attribute, Table, Workspace};

impl Store {
    pub(crate) fn row(&self, table: &Table, id: &str) -> Result<Option<Row>, Failure> {
        let mut statement =
            self.db.prepare_cached("SELECT seq, json FROM things WHERE kind = ?1 AND id = ?2")?;
        let mut rows = statement.query([table.id.as_str(), id])?;
        rows.next()?.map(|row| self.read_row(row)).transpose()
    }

    /// Reads `seq, json`.
    fn read_row(&self, row: &rusqlite::Row) -> Result<Row, Failure> {
        let json = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let mut found = serde_json::from_str(json)?;
        self.add_apart(row.get(0)?, &mut found)?;
        Ok(found)
    }

    pub(crate) fn has_row(&self, table: &Table, id: &str) -> Result<bool, Failure> {
        Ok(self.seq(&table.id, id)?.is_some())
    }

    /// The row a link leads to.
    pub(crate) fn follow(&self, link: &Link) -> Result<Option<Row>, Failure> {
        self.object(&link.object).map_or(Ok(None), |table| self.row(&table, &link.record))
    }

    /// Stores a row, in place of the one with its identifier if there is one.
    pub(crate) fn put_row(&mut self, table: &Table, row: &Row) -> Result<(), Failure> {
        let (own, apart) = Self::split(table, row);
        let seq = self.put_json((&table.id, &row.id), None, None, &serde_json::to_string(&own)?)?;
        self.refer(seq, own.links())?;
        self.put_apart(seq, &apart)?;
        self.db.prepare_cached("DELETE FROM uniques WHERE thing = ?1")?.execute([seq])?;
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO uniques VALUES (?1, ?2, ?3)")?;
        for attribute in table.attributes.iter().filter(|attribute| attribute.unique) {
            for held in row.values.get(&attribute.slug).into_iter().flatten() {
                insert.execute(params![attribute.id, held.content.coarse(), seq])?;
            }
        }
        Ok(())
    }

    pub(crate) fn remove_row(&mut self, table: &Table, id: &str) -> Result<(), Failure> {
        self.remove_json(&table.id, id)
    }

    /// The identifiers of all rows, in their order.
    pub(crate) fn row_ids(&self, table: &Table) -> Result<Vec<String>, Failure> {
        let mut statement = self.db.prepare_cached("SELECT id FROM things WHERE kind = ?1 ORDER BY id")?;
        let ids = statement.query_map([&table.id], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Visits rows in the order of their identifiers, from the one at `offset` on, until told to stop.
    pub(crate) fn each_row<E: From<Failure>>(
        &self,
        table: &Table,
        offset: usize,
        mut visit: impl FnMut(Row) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let sql = "SELECT seq, json FROM things WHERE kind = ?1 ORDER BY id LIMIT -1 OFFSET ?2";
        let mut statement = self.db.prepare_cached(sql).map_err(Failure::from)?;
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![table.id, offset]).map_err(Failure::from)?;
        while let Some(row) = rows.next().map_err(Failure::from)? {
            if visit(self.read_row(row)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The identifiers of the rows that may hold a value in a unique attribute, in their order.
    pub(crate) fn holders(&self, attribute: &Attribute, coarse: &str) -> Result<Vec<String>, Failure> {
        let sql = "SELECT id FROM uniques JOIN things ON seq = thing WHERE attribute = ?1 AND value = ?2 ORDER BY id";
        let mut statement = self.db.prepare_cached(sql)?;
        let ids = statement.query_map([attribute.id.as_str(), coarse], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The identifiers of the rows of a table that mention a record, in their order.
    pub(crate) fn mentioning(&self, table: &Table, record: &str) -> Result<Vec<String>, Failure> {
        let sql = "SELECT id FROM mentions CROSS JOIN things ON seq = thing WHERE record = ?1 AND kind = ?2 ORDER BY id";
        let mut statement = self.db.prepare_cached(sql)?;
        let ids = statement.query_map([record, &table.id], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Changes every row of a table.
    pub(crate) fn change_rows(&mut self, table: &Table, change: impl Fn(&mut Row)) -> Result<(), Failure> {
        for id in self.row_ids(table)? {
            if let Some(mut row) = self.row(table, &id)? {
                change(&mut row);
                self.put_row(table, &row)?;
            }
        }
        Ok(())
    }

    /// The table whose rows are of a kind, if they are rows.
    pub(crate) fn table_of(&self, kind: &str) -> Option<Arc<Table>> {
        self.workspace().tables().find(|table| table.id == kind).cloned()
    }
}

impl Row {
    /// The records it mentions, and whether it belongs to them.
    fn links(&self) -> impl Iterator<Item = (&str, bool)> {
        let held = self.values.values().chain(self.past.values()).flatten();
        let mentioned = held.filter_map(|held| match &held.content {
            Content::Reference(link) => Some((link.record.as_str(), false)),
            _ => None,
        });
        self.parent.iter().map(|link| (link.record.as_str(), true)).chain(mentioned)
    }

    /// The current values of an attribute. Those that follow from the row itself are made on the spot.
    pub(crate) fn held(&self, attribute: &Attribute, workspace: &Workspace) -> Cow<'_, [Held]> {
        let implicit = match attribute.slug.as_str() {
            "record_id" | "entry_id" => Content::Text(self.id.clone()),
            "created_at" => Content::Timestamp(self.created_at.clone()),
            "created_by" => Content::Actor(self.by.clone().unwrap_or_else(|| workspace.token())),
            "parent_record" => match &self.parent {
                Some(link) => Content::Reference(link.clone()),
                None => return Cow::Borrowed(&[]),
            },
            slug => return Cow::Borrowed(self.values.get(slug).map_or(&[], Vec::as_slice)),
        };
        Cow::Owned(vec![Held { content: implicit, from: None, until: None, by: self.by.clone() }])
    }
}

impl Content {
    /// What the index over unique values knows of a value. Values that count as one have it in common.
    pub(crate) fn coarse(&self) -> String {
        match self {
            Self::Text(text) | Self::Domain(text) | Self::Email(text) => text.to_lowercase(),
            Self::Date(text) | Self::Timestamp(text) | Self::Choice(text) => text.clone(),
            Self::Phone { number, .. } => number.trim_start_matches('+').to_owned(),
            Self::Number(number) => number.as_f64().unwrap_or_default().to_string(),
            Self::Checkbox(value) => value.to_string(),
            Self::Reference(link) => link.record.clone(),
            Self::Actor(actor) => actor.id.clone().unwrap_or_default(),
            Self::Name { full, .. } => full.to_lowercase(),
            Self::Location(_) | Self::Interaction { .. } => String::new(),
        }
    }
}

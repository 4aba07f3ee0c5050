//! The many side of relationships: values that come and go one by one, so that each is a row of its own.
//!
//! A company may have thousands of people. Were they part of its JSON text, each new one would write all of them again.

use rusqlite::params;
use serde_json::Value;

use super::database::Store;
use super::failure::Failure;
use super::row::{Content, Held, Row};
use super::schema::{Attribute, Table};

/// A value as it is kept.
#[derive(PartialEq)]
struct Kept {
    slug: String,
    json: String,
}

impl Attribute {
    /// Whether its values are kept one by one.
    fn is_apart(&self) -> bool {
        self.multi && self.mirror.is_some()
    }
}

impl Store {
    /// A row without the values that are kept apart, and those in the order they are kept in.
    pub(super) fn split(table: &Table, row: &Row) -> (Row, Vec<(String, Held)>) {
        let (mut own, mut apart) = (row.clone(), Vec::new());
        for attribute in table.attributes.iter().filter(|attribute| attribute.is_apart()) {
            let held = own.values.remove(&attribute.slug).unwrap_or_default();
            apart.extend(held.into_iter().map(|held| (attribute.slug.clone(), held)));
        }
        apart.sort_by(|(a, _), (b, _)| a.cmp(b));
        (own, apart)
    }

    /// Keeps the values of a row that are kept apart, in place of those it had.
    pub(super) fn put_apart(&mut self, seq: i64, after: &[(String, Held)]) -> Result<(), Failure> {
        let kept = |(slug, held): &(String, Held)| {
            Ok::<_, Failure>(Kept { slug: slug.clone(), json: serde_json::to_string(held)? })
        };
        let wanted: Vec<Kept> = after.iter().map(kept).collect::<Result<_, _>>()?;
        // Most writes change nothing here, and most others only take values away.
        let (mut gone, mut left) = (Vec::new(), wanted.iter().peekable());
        for (place, kept) in self.kept(seq)? {
            if left.next_if(|wanted| **wanted == kept).is_none() {
                gone.push(place);
            }
        }
        if left.peek().is_none() {
            let mut delete = self.db.prepare_cached("DELETE FROM held WHERE thing = ?1 AND place = ?2")?;
            return gone
                .into_iter()
                .try_for_each(|place| delete.execute([seq, place]).map(drop))
                .map_err(Failure::from);
        }
        self.db.prepare_cached("DELETE FROM held WHERE thing = ?1")?.execute([seq])?;
        for (place, ((slug, held), kept)) in (0..).zip(after.iter().zip(&wanted)) {
            self.keep(seq, place, slug, held, &kept.json)?;
        }
        Ok(())
    }

    /// Lets the values that are kept apart name an object by its new slug.
    pub(crate) fn rename_apart(&mut self, before: &str, after: &str) -> Result<(), Failure> {
        // Each is one reference and the times it was held, so that this key can be no text of somebody's.
        let key = |slug: &str| format!("\"object\":{}", Value::from(slug));
        self.db.execute("UPDATE held SET json = replace(json, ?1, ?2)", [key(before), key(after)])?;
        Ok(())
    }

    /// Puts what is kept apart back into a row.
    pub(super) fn add_apart(&self, seq: i64, row: &mut Row) -> Result<(), Failure> {
        for (_, kept) in self.kept(seq)? {
            row.values.entry(kept.slug).or_default().push(serde_json::from_str(&kept.json)?);
        }
        Ok(())
    }

    /// Adds a value in front of the others without reading them, unless the row refers to that record already. Says
    /// whether that could be done: there must be such a row, and its values be kept one by one.
    pub(crate) fn prepend_reference(
        &mut self,
        table: &Table,
        id: &str,
        slug: &str,
        held: &Held,
    ) -> Result<bool, Failure> {
        let Content::Reference(link) = &held.content else { return Ok(false) };
        if !table.attribute(slug).is_some_and(Attribute::is_apart) {
            return Ok(false);
        }
        let Some(seq) = self.seq(&table.id, id)? else { return Ok(false) };
        let sql = "SELECT 1 FROM held WHERE record = ?1 AND thing = ?2 AND slug = ?3";
        if !self.db.prepare_cached(sql)?.exists(params![link.record, seq, slug])? {
            let sql = "SELECT coalesce(min(place), 0) - 1 FROM held WHERE thing = ?1";
            let place = self.db.prepare_cached(sql)?.query_row([seq], |row| row.get(0))?;
            self.keep(seq, place, slug, held, &serde_json::to_string(held)?)?;
        }
        Ok(true)
    }

    fn keep(&self, seq: i64, place: i64, slug: &str, held: &Held, json: &str) -> Result<(), Failure> {
        let record = match &held.content {
            Content::Reference(link) => link.record.as_str(),
            _ => "",
        };
        let mut insert = self.db.prepare_cached("INSERT INTO held VALUES (?1, ?2, ?3, ?4, ?5)")?;
        insert.execute(params![seq, place, slug, record, json])?;
        Ok(())
    }

    fn kept(&self, seq: i64) -> Result<Vec<(i64, Kept)>, Failure> {
        let sql = "SELECT place, slug, json FROM held WHERE thing = ?1 ORDER BY slug, place";
        let mut statement = self.db.prepare_cached(sql)?;
        let kept = statement
            .query_map([seq], |row| Ok((row.get(0)?, Kept { slug: row.get(1)?, json: row.get(2)? })))?;
        Ok(kept.collect::<Result<_, _>>()?)
    }
}

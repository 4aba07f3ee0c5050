//! The filter language: from JSON to a checked [`Filter`], and whether a row passes it.
//!
//! Which operators a field knows, and how they compare, is in `test`; where a value stands, in `path`; which rows are
//! worth a look, in `candidates`.

mod candidates;
pub(crate) mod path;
pub(crate) mod test;

use std::sync::Arc;

use serde_json::{Map, Value};

use self::path::{Path, unknown_attribute};
use self::test::{Test, lookup};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::Row;
use crate::sandbox::store::schema::Table;

/// A filter whose every name exists and whose every operator is allowed where it stands.
pub(crate) enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Where(Path, Vec<Test>),
}

/// Reads a filter for the rows of one table.
///
/// # Errors
/// 400 with Attio's codes; `path` leads to the bad node.
pub(crate) fn parse(store: &Store, table: &Arc<Table>, filter: &Value) -> Result<Filter, Problem> {
    Parser { store, table }.group(filter, &mut Vec::new(), true)
}

struct Parser<'a> {
    store: &'a Store,
    table: &'a Arc<Table>,
}

impl Parser<'_> {
    /// An object of conditions, all of which must hold. Below `$not`, logical operators are taken for attributes.
    fn group(&self, filter: &Value, at: &mut Vec<String>, logic: bool) -> Result<Filter, Problem> {
        let refuse = || Problem::invalid("filter_error", "Error in filter.").with("path", at.clone());
        let map = filter.as_object().ok_or_else(refuse)?;
        if let Some(path) = map.get("path") {
            return self.by_path(map, path, at);
        }
        let mut all = Vec::with_capacity(map.len());
        for (key, value) in map {
            at.push(key.clone());
            all.push(match key.as_str() {
                "$and" if logic => Filter::All(self.groups(value, at)?),
                "$or" if logic => Filter::Any(self.groups(value, at)?),
                "$not" if logic => Filter::Not(Box::new(self.group(value, at, false)?)),
                name => self.attribute(name, value, at)?,
            });
            at.pop();
        }
        Ok(Filter::All(all))
    }

    fn groups(&self, value: &Value, at: &mut Vec<String>) -> Result<Vec<Filter>, Problem> {
        let refuse = || {
            Problem::invalid("filter_error", "Error in filter. Expected an array.").with("path", at.clone())
        };
        let items = value.as_array().ok_or_else(refuse)?;
        let mut groups = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            at.push(index.to_string());
            groups.push(self.group(item, at, true)?);
            at.pop();
        }
        Ok(groups)
    }

    fn attribute(&self, name: &str, value: &Value, at: &[String]) -> Result<Filter, Problem> {
        let unknown = || unknown_attribute(name).with("path", at.to_vec());
        let attribute = self.table.attribute(name).ok_or_else(unknown)?;
        let path = Path::of(self.table, attribute);
        Ok(Filter::Where(path, test::parse(self.store, attribute, value, at)?))
    }

    /// `{path, constraints}`: a condition on what the path leads to.
    fn by_path(&self, map: &Map<String, Value>, path: &Value, at: &[String]) -> Result<Filter, Problem> {
        let path =
            path::parse(self.store, self.table, path).map_err(|problem| problem.with("path", at.to_vec()))?;
        let missing = || {
            Problem::invalid(
                "filter_error",
                "Error in filter. A path goes with constraints and nothing else.",
            )
        };
        let constraints = map.get("constraints").filter(|_| map.len() == 2).ok_or_else(missing)?;
        let attribute = path.attribute().ok_or_else(missing)?;
        let tests = test::parse(self.store, attribute, constraints, at)?;
        Ok(Filter::Where(path, tests))
    }
}

impl Filter {
    pub(crate) fn holds(&self, store: &Store, row: &Row) -> Result<bool, Failure> {
        match self {
            Self::All(filters) => every(filters, |filter| filter.holds(store, row)),
            Self::Any(filters) => Ok(!every(filters, |filter| Ok(!filter.holds(store, row)?))?),
            Self::Not(filter) => Ok(!filter.holds(store, row)?),
            Self::Where(path, tests) => path.any(store, row, &mut |column, row, held| {
                let lookup = |field: &str| lookup(column, row, held, field);
                tests.iter().all(|test| test.passes(lookup))
            }),
        }
    }
}

fn every(filters: &[Filter], test: impl Fn(&Filter) -> Result<bool, Failure>) -> Result<bool, Failure> {
    for filter in filters {
        if !test(filter)? {
            return Ok(false);
        }
    }
    Ok(true)
}

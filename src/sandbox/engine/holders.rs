//! Which rows hold a value.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::{Content, Row};
use crate::sandbox::store::schema::{Attribute, Table};

/// Whether a row holds one of some values.
pub(crate) fn holds_any(row: &Row, attribute: &Attribute, wanted: &[Content]) -> bool {
    let mut held = row.values.get(&attribute.slug).into_iter().flatten();
    held.any(|held| wanted.iter().any(|wanted| wanted.same(&held.content)))
}

/// The identifiers of the rows that hold one of some values, in their order.
pub(crate) fn of_any(
    store: &Store,
    table: &Table,
    attribute: &Attribute,
    wanted: &[Content],
) -> Result<Vec<String>, Failure> {
    if !attribute.unique {
        return scan(store, table, attribute, wanted);
    }
    let mut candidates = BTreeSet::new();
    for content in wanted {
        candidates.extend(store.holders(attribute, &content.coarse())?);
    }
    let mut found = Vec::with_capacity(candidates.len());
    for id in candidates {
        if store.row(table, &id)?.is_some_and(|row| holds_any(&row, attribute, wanted)) {
            found.push(id);
        }
    }
    Ok(found)
}

fn scan(
    store: &Store,
    table: &Table,
    attribute: &Attribute,
    wanted: &[Content],
) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    store.each_row(table, 0, |row| {
        if holds_any(&row, attribute, wanted) {
            found.push(row.id);
        }
        Ok::<_, Failure>(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

//! Which rows a query selects, and in which order.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::Value;

use super::filter::{self, Filter};
use super::problem::Problem;
use super::request::body::Fields;
use super::request::call::Page;
use super::sort::Order;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::Row;
use crate::sandbox::store::schema::Table;

/// Largest page of a query; every known client stays within it.
const MOST: usize = 500;

/// The rows a query body selects, in order.
pub(crate) fn select(store: &Store, table: &Arc<Table>, body: &Value) -> Result<Vec<Row>, Problem> {
    let mut fields = Fields::bare(body)?;
    let page =
        Page { limit: fields.count("limit", MOST, MOST), offset: fields.count("offset", 0, usize::MAX) };
    for (key, fits) in [("filter", Value::is_object as fn(&Value) -> bool), ("sorts", Value::is_array)] {
        if fields.get(key).is_some_and(|value| !fits(value)) {
            fields.invalid(key, "Invalid input");
        }
    }
    let (filter, sorts) = (fields.get("filter"), fields.get("sorts"));
    let view = fields.get("filter_view_id").filter(|id| !id.is_null());
    if filter.is_some() && view.is_some() {
        fields.invalid("filter_view_id", "A query takes filter or filter_view_id, not both");
    }
    fields.done()?;
    let filter = view.map_or(Ok(filter), |id| of_view(table, id))?;
    let filter = filter.map(|filter| filter::parse(store, table, filter)).transpose()?;
    let order = Order::parse(store, table, sorts)?;
    let rows = match (&filter, order.is_natural()) {
        (filter, true) => matching(store, table, filter.as_ref(), page)?,
        (filter, false) => {
            let all = Page { limit: usize::MAX, offset: 0 };
            let rows = matching(store, table, filter.as_ref(), all)?;
            page.of(order.sort(store, rows)?).collect()
        }
    };
    Ok(rows)
}

/// The filter of the view that a query names, if it has one.
fn of_view<'t>(table: &'t Table, id: &Value) -> Result<Option<&'t Value>, Problem> {
    let view = id.as_str().and_then(|id| table.views.iter().find(|view| view.id.eq_ignore_ascii_case(id)));
    let missing = || Problem::value_not_found(format!("View with ID {id} not found."));
    Ok(view.ok_or_else(missing)?.filter.as_ref())
}

/// A page of the rows that pass, in the order of their identifiers. What lies behind the page is not read.
fn matching(store: &Store, table: &Table, filter: Option<&Filter>, page: Page) -> Result<Vec<Row>, Failure> {
    let Some(filter) = filter else { return slice(store, table, page) };
    let mut sieve = Sieve { skip: page.offset, limit: page.limit, rows: Vec::new() };
    match filter.candidates(store)? {
        Some(ids) => {
            for id in ids {
                let row = store.row(table, &id)?;
                if row.map_or(Ok(false), |row| sieve.is_full_after(store, filter, row))? {
                    break;
                }
            }
        }
        None => store.each_row(table, 0, |row| {
            Ok::<_, Failure>(match sieve.is_full_after(store, filter, row)? {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            })
        })?,
    }
    Ok(sieve.rows)
}

/// A page of all rows; those before it are counted, not read.
fn slice(store: &Store, table: &Table, page: Page) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    store.each_row(table, page.offset, |row| {
        if rows.len() < page.limit {
            rows.push(row);
        }
        Ok::<_, Failure>(if rows.len() < page.limit {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        })
    })?;
    Ok(rows)
}

/// The page, as it fills.
struct Sieve {
    skip: usize,
    limit: usize,
    rows: Vec<Row>,
}

impl Sieve {
    fn is_full_after(&mut self, store: &Store, filter: &Filter, row: Row) -> Result<bool, Failure> {
        if self.rows.len() < self.limit && filter.holds(store, &row)? {
            match self.skip {
                0 => self.rows.push(row),
                _ => self.skip -= 1,
            }
        }
        Ok(self.rows.len() >= self.limit)
    }
}

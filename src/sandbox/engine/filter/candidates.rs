//! Which rows are worth a look: those that an index names, where the filter asks for what is in one.

use std::collections::BTreeSet;

use super::Filter;
use super::path::{Path, Step};
use super::test::{Test, main_field};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::schema::AttributeType;

/// Identifiers of rows; `None` are all rows.
type Candidates = Option<BTreeSet<String>>;

impl Filter {
    /// The rows that may pass, in their order. No other row does.
    pub(crate) fn candidates(&self, store: &Store) -> Result<Candidates, Failure> {
        match self {
            Self::All(filters) => {
                for filter in filters {
                    let found = filter.candidates(store)?;
                    if found.is_some() {
                        return Ok(found);
                    }
                }
                Ok(None)
            }
            Self::Any(filters) => {
                let mut all = BTreeSet::new();
                for filter in filters {
                    let Some(found) = filter.candidates(store)? else { return Ok(None) };
                    all.extend(found);
                }
                Ok(Some(all))
            }
            Self::Not(_) => Ok(None),
            Self::Where(path, tests) => along(store, path, tests),
        }
    }
}

/// From the rows at the end of a path back to those it begins with.
fn along(store: &Store, path: &Path, tests: &[Test]) -> Result<Candidates, Failure> {
    let Some((last, before)) = path.steps().split_last() else { return Ok(None) };
    let Some(mut rows) = at(store, last, tests)? else { return Ok(None) };
    for step in before.iter().rev() {
        rows = mentioning(store, step, &rows)?;
    }
    Ok(Some(rows))
}

/// The rows in which the last attribute of a path may pass its tests.
fn at(store: &Store, step: &Step, tests: &[Test]) -> Result<Candidates, Failure> {
    let Some(attribute) = step.attribute() else { return Ok(None) };
    for test in tests {
        let Some((field, wanted)) = test.exact() else { continue };
        let wanted: BTreeSet<String> = wanted.into_iter().collect();
        if matches!(step.slug.as_str(), "record_id" | "entry_id") {
            return Ok(Some(wanted));
        }
        if attribute.kind == AttributeType::RecordReference && field == "target_record_id" {
            return mentioning(store, step, &wanted).map(Some);
        }
        if attribute.unique && main_field(attribute.kind) == Some(field) {
            let mut rows = BTreeSet::new();
            for value in &wanted {
                rows.extend(store.holders(attribute, value)?);
            }
            return Ok(Some(rows));
        }
    }
    Ok(None)
}

fn mentioning(store: &Store, step: &Step, records: &BTreeSet<String>) -> Result<BTreeSet<String>, Failure> {
    let mut rows = BTreeSet::new();
    for record in records {
        rows.extend(store.mentioning(&step.table, record)?);
    }
    Ok(rows)
}

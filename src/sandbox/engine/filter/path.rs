//! Paths: the attributes to walk along, from row to row, to the value that a filter or a sort means.

use std::sync::Arc;

use serde_json::Value;

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::values::Column;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::{Content, Held, Row};
use crate::sandbox::store::schema::{Attribute, AttributeType, Table};

/// The attributes to walk along, first to last; all but the last are references.
pub(crate) struct Path(Vec<Step>);

pub(crate) struct Step {
    pub table: Arc<Table>,
    pub slug: String,
}

/// Reads `[["companies", "team"], ["people", "name"]]`. For a plain attribute see [`Path::of`].
pub(crate) fn parse(store: &Store, table: &Table, path: &Value) -> Result<Path, Problem> {
    let refuse = |message: &str| Problem::invalid("filter_error", format!("Error in filter. {message}"));
    let pairs =
        path.as_array().filter(|pairs| !pairs.is_empty()).ok_or_else(|| refuse("The path is empty."))?;
    let mut steps: Vec<Step> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let names = pair.as_array().map(Vec::as_slice);
        let Some([Value::String(name), Value::String(attribute)]) = names else {
            return Err(refuse("A step of a path is a pair of object and attribute."));
        };
        let here = store
            .object(name)
            .or_else(|| store.list(name))
            .ok_or_else(|| Problem::value_not_found(format!("Object with slug/ID \"{name}\" not found.")))?;
        let slug = here.attribute(attribute).ok_or_else(|| unknown_attribute(attribute))?.slug.clone();
        let reaches = match steps.last() {
            None => here.id == table.id,
            Some(last) => last.leads_to(&here.slug),
        };
        if !reaches {
            return Err(refuse(&format!("The path does not lead to \"{}\".", here.slug)));
        }
        steps.push(Step { table: here, slug });
    }
    Ok(Path(steps))
}

/// The refusal of a name that no attribute has.
pub(crate) fn unknown_attribute(name: &str) -> Problem {
    Problem::invalid("unknown_filter_attribute_slug", format!("Unknown attribute slug: {name}."))
}

impl Step {
    pub(crate) fn attribute(&self) -> Option<&Attribute> {
        self.table.attribute(&self.slug)
    }

    /// Whether the references of this step may point to an object.
    fn leads_to(&self, object: &str) -> bool {
        let parent = self.slug == "parent_record" && self.table.parent.as_deref() == Some(object);
        parent
            || self.attribute().is_some_and(|attribute| {
                attribute.kind == AttributeType::RecordReference
                    && (attribute.targets.is_empty() || attribute.targets.iter().any(|t| t == object))
            })
    }
}

type Visit<'v> = &'v mut dyn FnMut(&Column, &Row, &Held) -> bool;

impl Path {
    pub(crate) fn of(table: &Arc<Table>, attribute: &Attribute) -> Self {
        Self(vec![Step { table: Arc::clone(table), slug: attribute.slug.clone() }])
    }

    /// The attribute at the end.
    pub(crate) fn attribute(&self) -> Option<&Attribute> {
        self.0.last()?.attribute()
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Visits the values at the end of the path until one is accepted, and says whether one was.
    pub(crate) fn any(&self, store: &Store, row: &Row, visit: Visit) -> Result<bool, Failure> {
        walk(&self.0, store, row, visit)
    }
}

fn walk(steps: &[Step], store: &Store, row: &Row, visit: Visit) -> Result<bool, Failure> {
    let Some((step, rest)) = steps.split_first() else { return Ok(false) };
    let Some(attribute) = step.attribute() else { return Ok(false) };
    let held = row.held(attribute, store.workspace());
    let Some(next) = rest.first() else {
        let column = Column { workspace: store.workspace(), table: &step.table, attribute };
        return Ok(held.iter().any(|held| visit(&column, row, held)));
    };
    for held in held.iter() {
        let Content::Reference(link) = &held.content else { continue };
        if link.object != next.table.slug {
            continue;
        }
        if let Some(row) = store.row(&next.table, &link.record)?
            && walk(rest, store, &row, visit)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

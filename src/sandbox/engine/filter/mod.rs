//! The filter language: from JSON to a checked [`Filter`], and whether a row passes it.
//!
//! Which operators a field knows, and how they compare, is in `test`.

mod test;

use serde_json::{Map, Value};

use self::test::Test;
pub(crate) use self::test::{known_field, lookup, main_field};
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::values::Column;
use crate::sandbox::store::state::{Attribute, Content, Held, Kind, Place, Row, State};

/// A filter whose every name exists and whose every operator is allowed where it stands.
pub(crate) enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Where(Path, Vec<Test>),
}

/// The attributes to walk along, first to last; all but the last are references.
pub(crate) struct Path(Vec<Step>);

struct Step {
    place: Place,
    slug: String,
}

/// Reads a filter for the rows of one table.
///
/// # Errors
/// 400 with Attio's codes; `path` leads to the bad node.
pub(crate) fn parse(state: &State, place: Place, filter: &Value) -> Result<Filter, Problem> {
    Parser { state, place }.group(filter, &mut Vec::new(), true)
}

/// Reads `[["companies", "team"], ["people", "name"]]`. For a plain attribute see [`Path::of`].
pub(crate) fn parse_path(state: &State, place: Place, path: &Value) -> Result<Path, Problem> {
    let refuse = |message: &str| Problem::invalid("filter_error", format!("Error in filter. {message}"));
    let pairs =
        path.as_array().filter(|pairs| !pairs.is_empty()).ok_or_else(|| refuse("The path is empty."))?;
    let mut steps: Vec<Step> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let names = pair.as_array().map(Vec::as_slice);
        let Some([Value::String(table), Value::String(attribute)]) = names else {
            return Err(refuse("A step of a path is a pair of object and attribute."));
        };
        let (here, table) = state
            .object(table)
            .or_else(|| state.list(table))
            .ok_or_else(|| Problem::value_not_found(format!("Object with slug/ID \"{table}\" not found.")))?;
        let attribute = table.attribute(attribute).ok_or_else(|| unknown_attribute(attribute))?;
        let reaches = match steps.last() {
            None => here == place,
            Some(last) => last.leads_to(state, &table.slug),
        };
        if !reaches {
            return Err(refuse(&format!("The path does not lead to \"{}\".", table.slug)));
        }
        steps.push(Step { place: here, slug: attribute.slug.clone() });
    }
    Ok(Path(steps))
}

/// The refusal of a name that no attribute has.
pub(crate) fn unknown_attribute(name: &str) -> Problem {
    let message = format!("Unknown attribute slug \"{name}\" in filter.");
    Problem::invalid("unknown_filter_attribute_slug", message)
}

struct Parser<'a> {
    state: &'a State,
    place: Place,
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
        let table = self.state.table(self.place);
        let unknown = || unknown_attribute(name).with("path", at.to_vec());
        let attribute = table.and_then(|table| table.attribute(name)).ok_or_else(unknown)?;
        let path = Path::of(self.place, attribute);
        Ok(Filter::Where(path, test::parse(self.state, attribute, value, at)?))
    }

    /// `{path, constraints}`: a condition on what the path leads to.
    fn by_path(&self, map: &Map<String, Value>, path: &Value, at: &[String]) -> Result<Filter, Problem> {
        let path =
            parse_path(self.state, self.place, path).map_err(|problem| problem.with("path", at.to_vec()))?;
        let missing = || {
            Problem::invalid(
                "filter_error",
                "Error in filter. A path goes with constraints and nothing else.",
            )
        };
        let constraints = map.get("constraints").filter(|_| map.len() == 2).ok_or_else(missing)?;
        let attribute = path.attribute(self.state).ok_or_else(missing)?;
        let tests = test::parse(self.state, attribute, constraints, at)?;
        Ok(Filter::Where(path, tests))
    }
}

impl Filter {
    pub(crate) fn holds(&self, state: &State, id: &str, row: &Row) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.holds(state, id, row)),
            Self::Any(filters) => filters.iter().any(|filter| filter.holds(state, id, row)),
            Self::Not(filter) => !filter.holds(state, id, row),
            Self::Where(path, tests) => path.any(state, id, row, &mut |column, row, held| {
                let lookup = |field: &str| lookup(column, row, held, field);
                tests.iter().all(|test| test.passes(lookup))
            }),
        }
    }
}

impl Step {
    /// Whether the references of this step may point to an object.
    fn leads_to(&self, state: &State, object: &str) -> bool {
        let table = state.table(self.place);
        table.is_some_and(|table| {
            let parent = self.slug == "parent_record" && table.parent.as_deref() == Some(object);
            parent
                || table.attribute(&self.slug).is_some_and(|attribute| {
                    attribute.kind == Kind::RecordReference
                        && (attribute.targets.is_empty() || attribute.targets.iter().any(|t| t == object))
                })
        })
    }
}

type Visit<'v> = &'v mut dyn FnMut(&Column, &Row, &Held) -> bool;

impl Path {
    pub(crate) fn of(place: Place, attribute: &Attribute) -> Self {
        Self(vec![Step { place, slug: attribute.slug.clone() }])
    }

    /// The attribute at the end.
    pub(crate) fn attribute<'s>(&self, state: &'s State) -> Option<&'s Attribute> {
        let last = self.0.last()?;
        state.table(last.place)?.attribute(&last.slug)
    }

    /// Visits the values at the end of the path until one is accepted, and says whether one was.
    pub(crate) fn any(&self, state: &State, id: &str, row: &Row, visit: Visit) -> bool {
        walk(&self.0, state, id, row, visit)
    }
}

fn walk(steps: &[Step], state: &State, id: &str, row: &Row, visit: Visit) -> bool {
    let Some((step, rest)) = steps.split_first() else { return false };
    let Some(table) = state.table(step.place) else { return false };
    let Some(attribute) = table.attribute(&step.slug) else { return false };
    let held = row.held(id, attribute, state);
    let Some(next) = rest.first().and_then(|next| state.table(next.place)) else {
        let column = Column { state, table, attribute };
        return held.iter().any(|held| visit(&column, row, held));
    };
    held.iter().any(|held| match &held.content {
        Content::Reference(link) if link.object == next.slug => {
            next.rows.get(&link.record).is_some_and(|row| walk(rest, state, &link.record, row, visit))
        }
        _ => false,
    })
}

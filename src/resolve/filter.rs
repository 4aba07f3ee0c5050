//! `--filter`, `--filter-json` and `--sort` of every query.

use super::definitions::judged;
use super::reference::{self, record_of};
use super::{Resolver, members};
use crate::api::attributes::Target;
use crate::error::Error;
use crate::input;
use crate::values::{Condition, Definition, Part, Sort};
use serde_json::{Map, Value, json};

// No doc comments: they would become the help of each command that has these.

#[derive(Clone, Debug, Default, clap::Args)]
pub struct Filter {
    #[command(flatten)]
    conditions: Conditions,
    /// Order by an attribute (repeatable)
    #[arg(long, value_name = "SLUG[:desc]")]
    sort: Vec<Sort>,
}

// As [`Filter`], for what has no order.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Conditions {
    /// Show only matching records (repeatable): name~acme, stage=Lead, value>=1000, domains?, !linkedin?
    #[arg(long, value_name = "CONDITION")]
    filter: Vec<Condition>,
    /// Filter in Attio's JSON syntax
    #[arg(long, value_name = "JSON", value_parser = input::object)]
    filter_json: Option<Map<String, Value>>,
}

impl From<Conditions> for Filter {
    fn from(conditions: Conditions) -> Self {
        Self { conditions, sort: Vec::new() }
    }
}

/// What a query asks for, in Attio's language.
#[derive(Debug, Default)]
pub struct Asked {
    /// All conditions.
    pub filter: Option<Value>,
    /// The order; none for the usual one.
    pub sorts: Option<Value>,
}

impl Filter {
    /// Adds the value of a flag, which is to be checked like any other condition.
    #[must_use]
    pub fn equal(mut self, slug: &str, text: Option<impl Into<String>>) -> Self {
        self.conditions.filter.extend(text.map(|text| Condition::equal(slug, text.into())));
        self
    }

    /// Adds what was given to `conditions`, all of which must hold.
    ///
    /// # Errors
    /// Usage errors when something does not fit the attributes; those of the look-ups.
    pub async fn and(
        self,
        resolver: &Resolver,
        target: (Target, &str),
        mut conditions: Vec<Value>,
    ) -> Result<Asked, Error> {
        let mut sorts = None;
        if !self.conditions.filter.is_empty() || !self.sort.is_empty() {
            let (tests, order) = self.typed(resolver, target).await?;
            for (definition, test) in tests {
                let value = match &test.part {
                    Part::Ready(value) => value.clone(),
                    Part::Record(named) => {
                        let objects = definition.objects.as_deref().unwrap_or_default();
                        reference::value(&record_of(resolver, objects, named).await?)
                    }
                    Part::Member(named) => members::reference(&members::id(resolver, named).await?),
                };
                conditions.push(test.compared_with(value));
            }
            sorts = order;
        }
        conditions.extend(self.conditions.filter_json.map(Value::Object));
        let filter = match conditions.len() {
            0 => None,
            1 => conditions.pop(),
            _ => Some(json!({ "$and": conditions })),
        };
        Ok(Asked { filter, sorts })
    }

    async fn typed(
        &self,
        resolver: &Resolver,
        target: (Target, &str),
    ) -> Result<(Tests, Option<Value>), Error> {
        let conditions = &self.conditions.filter;
        let named = |d: &Definition| conditions.iter().any(|condition| d.is(condition.attribute()));
        judged(resolver, target, named, |schema| {
            let test = |condition: &Condition| {
                let definition = schema.attribute(condition.attribute())?;
                Ok((definition.clone(), condition.typed(definition)?))
            };
            let sort = |sort: &Sort| sort.typed(schema.attribute(sort.attribute())?);
            let tests = conditions.iter().map(test).collect::<Result<_, Error>>()?;
            let sorts = self.sort.iter().map(sort).collect::<Result<Vec<_>, Error>>()?;
            Ok((tests, stable(sorts, target.0)))
        })
        .await
    }
}

type Tests = Vec<(Definition, crate::values::Test)>;

/// Rows that are equal in all that was asked for need an order of their own: pages would overlap.
fn stable(mut sorts: Vec<Value>, target: Target) -> Option<Value> {
    if sorts.is_empty() {
        return None;
    }
    let id = match target {
        Target::Objects => "record_id",
        Target::Lists => "entry_id",
    };
    if sorts.iter().all(|sort| sort["attribute"] != id) {
        sorts.push(json!({"direction": "asc", "attribute": id}));
    }
    Some(sorts.into())
}

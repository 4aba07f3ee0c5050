//! `--set`, `--set-json` and `--expect`: values typed by the definitions of their attributes.
//!
//! What is wrong with a value is told before anything is looked up for it, and long before anything
//! is written.

use super::definitions::judged;
use super::reference::{self, record_of};
use super::{Resolver, members};
use crate::api::attributes::Target;
use crate::api::records::Values;
use crate::error::Error;
use crate::input;
use crate::text;
use crate::values::{self, Definition, Part};
use serde_json::Value;

// Values of attributes that have no flag of their own. No doc comment: it would become the help of
// each command that has it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Set {
    /// Set any attribute, checked against its type (repeatable)
    #[arg(long = "set", value_name = "SLUG=VALUE", value_parser = slug_and_text)]
    set: Vec<(String, String)>,
    /// Set any attribute in Attio's JSON (repeatable)
    #[arg(long = "set-json", value_name = "SLUG=JSON", value_parser = slug_and_json)]
    set_json: Vec<(String, Value)>,
    /// Clear an attribute (repeatable)
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    clear: Vec<String>,
}

impl Set {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.set_json.is_empty() && self.clear.is_empty()
    }

    /// Adds the value of a flag that is to be checked like any other.
    #[must_use]
    pub fn and(mut self, slug: &str, text: Option<impl Into<String>>) -> Self {
        self.set.extend(text.map(|text| (slug.to_owned(), text.into())));
        self
    }

    /// Adds the values to those of the flags.
    ///
    /// # Errors
    /// Usage errors when an attribute is given twice, or its value is not what it takes; those of the
    /// look-ups.
    pub async fn add_to(
        self,
        resolver: &Resolver,
        target: (Target, &str),
        values: &mut Values,
    ) -> Result<(), Error> {
        for (slug, value) in self.set_json {
            put(values, slug, value)?;
        }
        let cleared = self.clear.into_iter().map(|slug| (slug, String::new()));
        let given: Vec<_> = self.set.into_iter().chain(cleared).collect();
        for (definition, parts) in typed(resolver, target, &given, values::write).await? {
            let found = look_up(resolver, &definition, parts).await?;
            put(values, definition.slug.clone(), values::assembled(&definition, found))?;
        }
        Ok(())
    }
}

/// Adds a value unless there is one.
///
/// # Errors
/// A usage error then.
pub fn put(values: &mut Values, slug: impl Into<String>, value: Value) -> Result<(), Error> {
    let slug = slug.into();
    if values.contains_key(&slug) {
        return Err(Error::usage(format!("{slug} is given twice")).hint("use one flag for it"));
    }
    values.insert(slug, value);
    Ok(())
}

/// What an update expects to find.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Expect {
    /// Write only if the attribute has this value now (repeatable); SLUG= for none; else exit 7
    #[arg(long = "expect", value_name = "SLUG=VALUE", value_parser = slug_and_expected)]
    expect: Vec<(String, String)>,
}

/// An attribute and values of it, as Attio would take them.
pub type Typed = (Definition, Vec<Value>);

/// What an update takes off.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Remove {
    /// Take a value off an attribute (repeatable)
    #[arg(long = "remove", value_name = "SLUG=VALUE", value_parser = slug_and_text)]
    remove: Vec<(String, String)>,
}

impl Remove {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.remove.is_empty()
    }

    /// The values, typed and looked up.
    ///
    /// # Errors
    /// As [`Set::add_to`].
    pub async fn typed(self, resolver: &Resolver, target: (Target, &str)) -> Result<Vec<Typed>, Error> {
        named(resolver, target, &self.remove, values::taken_off).await
    }
}

impl Expect {
    /// The expectations, typed and looked up.
    ///
    /// # Errors
    /// As [`Set::add_to`].
    pub async fn typed(self, resolver: &Resolver, target: (Target, &str)) -> Result<Vec<Typed>, Error> {
        named(resolver, target, &self.expect, values::typed).await
    }
}

async fn named(
    resolver: &Resolver,
    target: (Target, &str),
    given: &[(String, String)],
    typing: Typing,
) -> Result<Vec<Typed>, Error> {
    let mut all = Vec::new();
    for (definition, parts) in typed(resolver, target, given, typing).await? {
        let found = look_up(resolver, &definition, parts).await?;
        all.push((definition, found));
    }
    Ok(all)
}

type Typing = fn(&Definition, &[&str]) -> Result<Vec<Part>, Error>;

/// Each attribute once, in the order of their first mention, with the values of all its texts.
async fn typed(
    resolver: &Resolver,
    target: (Target, &str),
    given: &[(String, String)],
    typing: Typing,
) -> Result<Vec<(Definition, Vec<Part>)>, Error> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let named = |attribute: &Definition| given.iter().any(|(slug, _)| attribute.is(slug));
    let all = judged(resolver, target, named, |schema| {
        let mut grouped: Vec<(&Definition, Vec<&str>)> = Vec::new();
        for (slug, text) in given {
            let definition = schema.attribute(slug)?;
            match grouped.iter_mut().find(|(known, _)| known.slug == definition.slug) {
                Some((_, texts)) => texts.push(text),
                None => grouped.push((definition, vec![text])),
            }
        }
        grouped.into_iter().map(|(d, texts)| Ok((d.clone(), typing(d, &texts)?))).collect()
    });
    let all: Vec<(Definition, Vec<Part>)> = all.await?;
    for (definition, parts) in &all {
        for part in parts {
            if let Part::Record(named) = part {
                reference::check_of(definition.objects.as_deref().unwrap_or_default(), named)?;
            }
        }
    }
    Ok(all)
}

async fn look_up(
    resolver: &Resolver,
    definition: &Definition,
    parts: Vec<Part>,
) -> Result<Vec<Value>, Error> {
    let mut values = Vec::with_capacity(parts.len());
    for part in parts {
        values.push(match part {
            Part::Ready(value) => value,
            Part::Record(text) => {
                let objects = definition.objects.as_deref().unwrap_or_default();
                reference::value(&record_of(resolver, objects, &text).await?)
            }
            Part::Member(text) => members::value(resolver, &text).await?,
        });
    }
    Ok(values)
}

/// An attribute and a text, which is kept as it is.
///
/// # Errors
/// When there is no `=`, or no attribute before it.
fn slug_and_text(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((slug, "")) => Err(format!("it is empty; to clear the attribute: --clear {slug}")),
        Some((slug, text)) if !slug.is_empty() => Ok((slug.to_owned(), input::value(text)?)),
        _ => Err("not SLUG=VALUE".to_owned()),
    }
}

/// As [`slug_and_text`], but without a value for an attribute that is expected to have none.
fn slug_and_expected(text: &str) -> Result<(String, String), String> {
    match text.strip_suffix('=') {
        Some(slug) if !slug.is_empty() && !slug.contains('=') => Ok((slug.to_owned(), String::new())),
        _ => slug_and_text(text),
    }
}

/// An attribute and its value as JSON.
///
/// # Errors
/// When it is something else.
fn slug_and_json(text: &str) -> Result<(String, Value), String> {
    let (slug, json) = text.split_once('=').ok_or("not SLUG=JSON")?;
    let value = input::exact_json(json)
        .map_err(|e| format!("after '=': {e} (a text needs its quotes: {slug}='\"…\"')"))?;
    Ok((text::slug(slug)?, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_an_assignment_or_refused(text in "\\PC{0,40}") {
            let _ = slug_and_text(&text);
            let _ = slug_and_json(&text);
            let _ = slug_and_expected(&text);
        }

        /// Everything behind the first `=` is data, letter by letter.
        #[test]
        fn the_value_is_taken_letter_by_letter(slug in "[a-z0-9_.-]{1,20}", value in "[^-][\\PC\n]{0,40}") {
            prop_assume!(!value.trim().is_empty());
            let (name, text) = slug_and_text(&format!("{slug}={value}")).unwrap();
            prop_assert_eq!((name, text), (slug, value));
        }

        #[test]
        fn numbers_in_json_keep_their_digits(slug in "[a-z_]{1,9}", whole in "-?[1-9][0-9]{0,15}") {
            let (_, value) = slug_and_json(&format!("{slug}={whole}")).unwrap();
            prop_assert_eq!(value.to_string(), whole);
        }
    }
}

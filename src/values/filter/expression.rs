//! What people type after `--filter` and `--sort`.

use std::str::FromStr;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Eq,
    Contains,
    StartsWith,
    EndsWith,
    Less,
    AtMost,
    More,
    AtLeast,
    NotEmpty,
}

/// How each is typed (the longer before its beginning) and what Attio calls it.
pub const OPS: [(&str, Op, &str); 9] = [
    (">=", Op::AtLeast, "$gte"),
    ("<=", Op::AtMost, "$lte"),
    ("^=", Op::StartsWith, "$starts_with"),
    ("$=", Op::EndsWith, "$ends_with"),
    (">", Op::More, "$gt"),
    ("<", Op::Less, "$lt"),
    ("=", Op::Eq, "$eq"),
    ("~", Op::Contains, "$contains"),
    ("?", Op::NotEmpty, "$not_empty"),
];

const GRAMMAR: &str = "a condition is SLUG=VALUE, SLUG!=VALUE, ~ (contains), ^= (begins), $= (ends), <, <=, >, >=, \
                       SLUG? (has a value) or !SLUG? (has none), without blanks around the sign";

/// An expression of `--filter`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub(super) name: Name,
    pub(super) negated: bool,
    pub(super) op: Op,
    pub(super) text: String,
}

/// An expression of `--sort`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub(super) name: Name,
    pub(super) descending: bool,
}

/// `SLUG` or `SLUG.FIELD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub slug: String,
    pub field: Option<String>,
}

impl Name {
    fn parse(text: &str) -> Option<Self> {
        let word = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        };
        let (slug, field) = match text.split_once('.') {
            Some((slug, field)) => (slug, Some(field)),
            None => (text, None),
        };
        let valid = word(slug) && field.is_none_or(word);
        valid.then(|| Self { slug: slug.to_owned(), field: field.map(str::to_owned) })
    }
}

impl Condition {
    /// That an attribute has a value.
    pub fn equal(slug: &str, text: String) -> Self {
        Self { name: Name { slug: slug.to_owned(), field: None }, negated: false, op: Op::Eq, text }
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('!');
        let (mut negated, rest) = (rest.is_some(), rest.unwrap_or(text));
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c));
        let (name, mut rest) = rest.split_at(end.unwrap_or(rest.len()));
        if rest.starts_with("!=") {
            (negated, rest) = (!negated, rest.strip_prefix('!').unwrap_or(rest));
        }
        let found = OPS.iter().find_map(|(sign, op, _)| Some((*op, rest.strip_prefix(sign)?)));
        let (Some(name), Some((op, text))) = (Name::parse(name), found) else {
            return Err(GRAMMAR.to_owned());
        };
        match (op, text.is_empty()) {
            (Op::NotEmpty, false) => Err(GRAMMAR.to_owned()),
            (Op::NotEmpty, true) | (_, false) => Ok(Self { name, negated, op, text: text.to_owned() }),
            (_, true) => Err("no value to compare with; !SLUG? finds what has none".to_owned()),
        }
    }
}

impl FromStr for Sort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, descending) = match text.split_once(':') {
            None | Some((_, "asc")) => (text.trim_end_matches(":asc"), false),
            Some((name, "desc")) => (name, true),
            Some(_) => ("", false),
        };
        let name = Name::parse(name).ok_or("a sort is SLUG or SLUG:desc")?;
        Ok(Self { name, descending })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_expression() {
        for bad in ["", "it", "=x", "it ~x", "it=", "it?x", "!", "it!x", "a.b.c=1", "it.=1", "é=1"] {
            assert!(bad.parse::<Condition>().is_err(), "{bad}");
        }
        for bad in ["", "it:up", ":desc", "it:desc:asc", "a b"] {
            assert!(bad.parse::<Sort>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_expression_or_refused(text in "\\PC{0,40}") {
            let _ = text.parse::<Condition>();
            let _ = text.parse::<Sort>();
        }

        /// What stands behind the sign is data: letter by letter, signs and blanks included.
        #[test]
        fn the_value_is_taken_letter_by_letter(
            slug in "[a-z0-9_-]{1,20}", field in prop::option::of("[a-z_]{1,9}"), before in any::<bool>(),
            sign in prop::sample::select(OPS.map(|(sign, op, _)| (sign, op))[..8].to_vec()), text in "\\PC{1,40}",
        ) {
            prop_assume!(!(matches!(sign.1, Op::Less | Op::More) && text.starts_with('=')));
            let name = field.iter().fold(slug.clone(), |name, field| format!("{name}.{field}"));
            let not = if before { "!" } else { "" };
            let condition: Condition = format!("{not}{name}{}{text}", sign.0).parse().unwrap();
            let expected = Condition { name: Name { slug, field }, negated: before, op: sign.1, text };
            prop_assert_eq!(condition, expected);
        }

        #[test]
        fn a_sort_is_what_it_was_made_of(slug in "[a-z0-9_-]{1,20}", descending in any::<bool>()) {
            let sort: Sort = format!("{slug}{}", if descending { ":desc" } else { "" }).parse().unwrap();
            prop_assert_eq!((sort.name.slug, sort.descending), (slug, descending));
        }
    }
}

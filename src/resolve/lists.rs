//! Lists, named by their slug, ID, title or Attio URL.

use super::Resolver;
use crate::api::Endpoint as _;
use crate::api::lists::{List, Named};
use crate::error::{Error, Kind};
use crate::link;
use crate::values::nearest;
use serde_json::{Value, json};

/// What Attio takes for the list that `named` names. A slug or ID is taken as it is; only a title has to
/// be looked up.
///
/// # Errors
/// A usage error that names the lists when none has the title; a conflict when several have; those of
/// the call.
pub async fn list(resolver: &Resolver, named: &str) -> Result<String, Error> {
    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    if named.chars().all(slug) || crate::text::uuid(named).is_ok() {
        return Ok(named.to_lowercase());
    }
    if let Some(list) = link::parse(named).ok().and_then(|link| link.list) {
        return Ok(list);
    }
    let all = all(resolver).await?;
    let same = |list: &&Named| list.name.trim().to_lowercase() == named.trim().to_lowercase();
    match all.iter().filter(same).collect::<Vec<_>>().as_slice() {
        [only] => Ok(only.api_slug.clone()),
        [] => {
            let titles: Vec<&str> = all.iter().map(|list| list.name.as_str()).collect();
            let near = nearest(named, titles.iter().copied());
            Err(Error::usage(format!("no list is called {named:?}"))
                .hint(format!("use one of these lists: {}", shown(all.iter())))
                .fact("suggestions", near)
                .fact("allowed", titles))
        }
        several => {
            let candidate = |list: &&Named| json!({"name": list.name, "api_slug": list.api_slug});
            let candidates: Vec<Value> = several.iter().map(candidate).collect();
            Err(Error::new(Kind::Conflict, format!("several lists are called {named:?}"))
                .why(shown(several.iter().copied()))
                .hint("name one by its slug")
                .fact("candidates", candidates))
        }
    }
}

/// The lists the key may see, asked for once in a run.
async fn all(resolver: &Resolver) -> Result<&[Named], Error> {
    let read = async || resolver.client.call(&List {}.request()?).await?.data();
    resolver.lists.get_or_try_init(read).await.map(Vec::as_slice)
}

fn shown<'l>(lists: impl Iterator<Item = &'l Named>) -> String {
    lists.map(|list| format!("{} ({})", list.name, list.api_slug)).collect::<Vec<_>>().join(", ")
}

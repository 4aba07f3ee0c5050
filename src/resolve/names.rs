//! What records and members are called: looked up for whatever is shown, a query an object and page.
//!
//! A name is a kindness: where it cannot be had soon, the ID stays, and no command fails for it.

use super::find::{find, name_of};
use super::{Resolver, members};
use crate::api::read;
use crate::api::records::Head;
use crate::values::names::{Named, Names, named};
use serde_json::json;
use std::time::Duration;

/// How long a page may wait for its names.
const PATIENCE: Duration = Duration::from_secs(5);

/// Records that one query names: with one more than that a page is full.
const MOST: usize = 499;

/// Finds out the names of everything in `shown` (compact forms, or fields of them) that `names` lacks.
pub async fn learn<'s>(resolver: &Resolver, names: &mut Names, shown: impl Iterator<Item = &'s str>) {
    let mut members = Vec::new();
    let mut records: Vec<(String, Vec<String>)> = Vec::new();
    for one in shown.flat_map(named).filter(|named| !names.knows(named.id())) {
        match one {
            Named::Member(id) => members.push(id),
            Named::Record(object, id) => match records.iter_mut().find(|(known, _)| *known == object) {
                Some((_, ids)) if ids.contains(&id) => {}
                Some((_, ids)) => ids.push(id),
                None => records.push((object, vec![id])),
            },
        }
    }
    let (mut one, mut two, mut three) = (Vec::new(), Vec::new(), Vec::new());
    // Three objects at once; more hardly ever stand in one page, and follow.
    let mut objects = records.iter();
    loop {
        let (first, second, third) = (objects.next(), objects.next(), objects.next());
        let ask = std::mem::take(&mut members);
        let all = async {
            tokio::join!(
                of_records(resolver, first, &mut one),
                of_records(resolver, second, &mut two),
                of_records(resolver, third, &mut three),
                of_members(resolver, &ask, names),
            )
        };
        let in_time = tokio::time::timeout(PATIENCE, all).await.is_ok();
        if third.is_none() || !in_time {
            break;
        }
    }
    for (id, name) in [one, two, three].into_iter().flatten() {
        names.insert(id, Some(name));
    }
    // What has no name now will not have one on the next page.
    for id in records.into_iter().flat_map(|(_, ids)| ids) {
        if !names.knows(&id) {
            names.insert(id, None);
        }
    }
}

async fn of_records(
    resolver: &Resolver,
    wanted: Option<&(String, Vec<String>)>,
    found: &mut Vec<(String, String)>,
) {
    let Some((object, ids)) = wanted else { return };
    for ids in ids.chunks(MOST) {
        let filter = json!({"record_id": {"$in": ids}});
        let Ok(rows) = find(resolver, object, filter, Some(ids.len())).await else { return };
        let heads = rows.iter().map(|row| (read::<Head>(row), name_of(row)));
        found.extend(heads.filter_map(|(head, name)| Some((head.ok()?.id.record_id, name?))));
    }
}

async fn of_members(resolver: &Resolver, wanted: &[String], names: &mut Names) {
    if wanted.is_empty() {
        return;
    }
    for (id, name) in members::names(resolver, wanted).await {
        names.insert(id, Some(name));
    }
}

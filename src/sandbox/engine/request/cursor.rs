//! Listings that go on from a cursor: the position of the last item that was given.

use serde_json::{Value, json};

use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::call::Call;

/// `limit` and `cursor` of the query string, with the default and the largest limit.
///
/// # Errors
/// 400 when the limit is not between 1 and `most`, or the cursor is none of ours.
pub(crate) fn page<'c>(call: &'c Call, default: usize, most: usize) -> Result<Cursor<'c>, Problem> {
    let limit = call.page(default, most)?.limit;
    if limit == 0 {
        return Err(Problem::query("limit", "Number must be greater than or equal to 1"));
    }
    let after = call.query("cursor");
    let ends_in_id =
        |cursor: &str| cursor.rsplit('+').next().is_some_and(|id| uuid::Uuid::try_parse(id).is_ok());
    match after.is_none_or(ends_in_id) {
        true => Ok(Cursor { limit, after }),
        false => Err(Problem::query("cursor", "Invalid cursor")),
    }
}

/// Where a page begins and how long it may be.
pub(crate) struct Cursor<'c> {
    limit: usize,
    after: Option<&'c str>,
}

impl Cursor<'_> {
    /// The page of `items` in order of `key`, then of identifier, and the `pagination` that goes with it. A page that
    /// follows begins after the last item of this one, even if that is gone by then.
    pub(crate) fn of<'s, T>(
        &self,
        items: impl Iterator<Item = &'s T>,
        position: impl Fn(&T) -> (String, &str),
        descending: bool,
    ) -> (Vec<&'s T>, Value) {
        let mut placed: Vec<(String, &T)> = items
            .map(|item| {
                let (key, id) = position(item);
                (format!("{key}+{id}"), item)
            })
            .collect();
        placed.sort_by(|a, b| if descending { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) });
        let given =
            |at: &str| self.after.is_some_and(|after| if descending { at >= after } else { at <= after });
        let mut rest = placed.into_iter().skip_while(|(at, _)| given(at));
        let page: Vec<(String, &T)> = rest.by_ref().take(self.limit).collect();
        let next = rest.next().and(page.last()).map(|(at, _)| at.clone());
        (page.into_iter().map(|(_, item)| item).collect(), json!({ "next_cursor": next }))
    }
}

//! How many records there are, by what, and how much they come to. Attio tells no total, so a bare count
//! looks for the end, and everything else reads all of them once.

use super::{Ctx, Done, Listing, Rows};
use crate::api::Endpoint as _;
use crate::api::attributes::Target;
use crate::api::records::Query;
use crate::client::answer::Rest;
use crate::client::pages::{Pages, Window, keep};
use crate::client::request::Request;
use crate::error::Error;
use crate::output::Item;
use crate::resolve::definitions::{self, judged};
use crate::resolve::filter::{Conditions, Filter};
use crate::text;
use crate::values::Kind;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// Rows that come at once.
const PAGE: usize = 500;

/// Amounts are kept in this part of a unit, as Attio keeps four decimals.
const PARTS: f64 = 10_000.0;

/// Count the records that fit a filter
///
/// Exact. Without --by and --sum it searches for the end of the list, about 15 requests for 50,000 records;
/// with them all records are read. A record with several values of the attribute counts for each of them.
///
/// Example: attio-crm count deals --filter 'value>50000' --by stage --sum value
#[derive(Debug, clap::Args)]
pub struct Count {
    /// Object, such as companies
    #[arg(value_parser = text::slug)]
    object: String,
    #[command(flatten)]
    filter: Conditions,
    /// Count for each value of an attribute
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    by: Option<String>,
    /// Add up an amount or a number; currencies stay apart
    #[arg(long, value_name = "SLUG", value_parser = text::slug)]
    sum: Option<String>,
}

/// Records that have one value.
struct Group {
    value: Value,
    count: usize,
    /// Sums in parts of a unit, by currency; of plain numbers under none.
    sums: Vec<(Option<String>, i128)>,
}

impl Count {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let target = (Target::Objects, self.object.as_str());
        let by = self.by.clone();
        let sum = self.sum.clone();
        let named = [&by, &sum].into_iter().flatten().cloned().collect::<Vec<_>>();
        if !named.is_empty() {
            judged(
                &ctx.resolver,
                target,
                |_| false,
                |schema| {
                    let known =
                        named.iter().map(|slug| schema.attribute(slug)).collect::<Result<Vec<_>, _>>()?;
                    match known
                        .last()
                        .filter(|_| sum.is_some())
                        .map(|definition| (definition.kind(), definition))
                    {
                        Some((Kind::Number | Kind::Rating | Kind::Currency, _)) | None => Ok(()),
                        Some((_, definition)) => {
                            Err(Error::usage(format!("{} is no number", definition.slug))
                                .why(format!("it is of type {}", definition.r#type)))
                        }
                    }
                },
            )
            .await?;
        }
        let asked = Filter::from(self.filter).and(&ctx.resolver, target, Vec::new()).await?;
        let query = Query { object: self.object.clone(), filter: asked.filter, ..Query::default() };
        if by.is_none() && sum.is_none() {
            let count = total(ctx, query.request()?).await?;
            let counted =
                [("object", self.object.into()), ("count", count.into()), ("complete", true.into())];
            return Ok(Done::One(item(counted)));
        }
        let groups = read(ctx, query.request()?, by.as_deref(), sum.as_deref()).await?;
        let Some(by) = by else {
            let all =
                groups.into_iter().next().unwrap_or(Group { value: Value::Null, count: 0, sums: Vec::new() });
            let counted = [
                ("object", self.object.into()),
                ("count", all.count.into()),
                ("sum", shown(&all.sums)),
                ("complete", true.into()),
            ];
            return Ok(Done::One(item(counted)));
        };
        let rows = groups.into_iter().map(|group| {
            let mut row = Map::new();
            row.insert(by.clone(), group.value);
            row.insert("count".to_owned(), group.count.into());
            row.extend(sum.is_some().then(|| ("sum".to_owned(), shown(&group.sums))));
            RawValue::from_string(Value::Object(row).to_string())
        });
        let rows: Vec<Box<RawValue>> = rows
            .collect::<Result<_, _>>()
            .map_err(|error| Error::failure("a count that is no JSON").why(error.to_string()))?;
        Ok(Done::Listing(Listing::new(Rows::Whole { rows, rest: Rest::None }, &[])))
    }
}

fn item<const N: usize>(parts: [(&str, Value); N]) -> Item {
    Item::own(parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// How many rows a query has: the offset is doubled until there is nothing, then halved, and the last page
/// is counted.
async fn total(ctx: &Ctx, mut request: Request) -> Result<usize, Error> {
    let mut rows = async |offset: usize, limit: usize| -> Result<usize, Error> {
        if let Some(Value::Object(body)) = &mut request.body {
            body.insert("limit".to_owned(), limit.into());
            body.insert("offset".to_owned(), offset.into());
        }
        Ok(ctx.client.call(&request).await?.rows()?.0.len())
    };
    let first = rows(0, PAGE).await?;
    if first < PAGE {
        return Ok(first);
    }
    let (mut some, mut none) = (PAGE - 1, PAGE);
    while rows(none, 1).await? > 0 {
        (some, none) = (none, none * 2);
    }
    while none - some > PAGE {
        let middle = some + (none - some) / 2;
        if rows(middle, 1).await? > 0 {
            some = middle;
        } else {
            none = middle;
        }
    }
    Ok(some + rows(some, PAGE).await?)
}

/// All rows of a query, in groups: the largest first, what is not set last.
async fn read(ctx: &Ctx, request: Request, by: Option<&str>, sum: Option<&str>) -> Result<Vec<Group>, Error> {
    let mut groups: Vec<Group> = Vec::new();
    let mut pages = Pages::new(&ctx.client, request, Window::default());
    loop {
        let mut rows: Vec<Box<RawValue>> = Vec::new();
        if !pages.next(&mut keep(&mut rows)).await? {
            break;
        }
        for row in rows {
            let compact = definitions::compact(&ctx.resolver, &row).await;
            let of = |slug: &str| compact.get("values").and_then(|values| values.get(slug)).cloned();
            let amount = sum.and_then(of);
            let values = match by.map(|by| of(by).unwrap_or_default()) {
                None => vec![Value::Null],
                Some(Value::Array(several)) if !several.is_empty() => several,
                Some(Value::Array(_)) => vec![Value::Null],
                Some(value) => vec![value],
            };
            for value in values {
                add(&mut groups, value, amount.as_ref());
            }
        }
    }
    groups.sort_by_key(|group| (group.value.is_null(), std::cmp::Reverse(group.count)));
    Ok(groups)
}

fn add(groups: &mut Vec<Group>, value: Value, amount: Option<&Value>) {
    let at = groups.iter().position(|group| group.value == value).unwrap_or_else(|| {
        groups.push(Group { value, count: 0, sums: Vec::new() });
        groups.len() - 1
    });
    let Some(group) = groups.get_mut(at) else { return };
    group.count += 1;
    let Some(amount) = amount else { return };
    let currency = amount.get("currency").and_then(Value::as_str).map(str::to_owned);
    let Some(number) = amount.get("amount").unwrap_or(amount).as_f64() else { return };
    let parts = (number * PARTS).round() as i128;
    match group.sums.iter_mut().find(|(known, _)| *known == currency) {
        Some((_, sum)) => *sum += parts,
        None => group.sums.push((currency, parts)),
    }
}

/// Sums as they are shown: a number, or amounts with their currencies.
fn shown(sums: &[(Option<String>, i128)]) -> Value {
    let number = |parts: i128| {
        let whole = parts as f64 / PARTS;
        if parts % PARTS as i128 == 0 { json!((parts / PARTS as i128) as i64) } else { json!(whole) }
    };
    match sums {
        [] => json!(0),
        [(None, parts)] => number(*parts),
        sums => sums
            .iter()
            .map(|(currency, parts)| json!({"amount": number(*parts), "currency": currency}))
            .collect(),
    }
}

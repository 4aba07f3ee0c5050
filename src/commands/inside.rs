//! What is created inside a new thing, such as the options of an attribute: a call each, one after the
//! other, since their order is the one people see.

use super::check::check;
use super::{Ctx, Done};
use crate::client::answer::Reply;
use crate::client::operation::{Inside, Operation};
use crate::client::request::Request;
use crate::error::{Error, Kind};
use crate::output::{Compact, Item};
use serde_json::{Map, Value, json};

/// Things to create, by their titles.
#[derive(Debug)]
pub struct Insides {
    inside: Inside,
    create: &'static Operation,
    path: Map<String, Value>,
    titles: Vec<Value>,
}

impl Insides {
    /// Takes them out of the fields of a call, whose others they depend on. `None` where none are asked for.
    ///
    /// # Errors
    /// A usage error: there can be none inside such a thing, or two have one title.
    pub fn take(operation: &Operation, fields: &mut Map<String, Value>) -> Result<Option<Self>, Error> {
        let Some(inside) = operation.inside else { return Ok(None) };
        let Some(given) = fields.shift_remove(inside.field) else { return Ok(None) };
        let is_title = |title: &&Value| title.as_str().is_some_and(|title| !title.trim().is_empty());
        let titles = match given {
            Value::Array(titles) if titles.iter().all(|title| is_title(&title)) => titles,
            _ => return Err(Error::usage(format!("{} are titles in an array", inside.field))),
        };
        let create = (inside.create)(fields)?;
        let twice = |(at, title): &(usize, &Value)| titles.iter().take(*at).any(|other| other == *title);
        if let Some((_, twice)) = titles.iter().enumerate().find(twice) {
            return Err(Error::usage(format!("{twice} is given twice")));
        }
        let named = |name: &'static str| Some((name.to_owned(), fields.get(name)?.clone()));
        let path = operation.placeholders().filter_map(named).collect();
        Ok(Some(Self { inside, create, path, titles }))
    }

    /// The calls, inside the thing that `request` creates.
    ///
    /// # Errors
    /// Usage errors of the calls.
    pub fn requests(&self, request: &Request) -> Result<Vec<Request>, Error> {
        let slug = request.body.as_ref().and_then(|body| body.get("data")?.get("api_slug"));
        let call = |title: &Value| {
            let mut fields = self.path.clone();
            fields.insert(self.inside.parent.to_owned(), slug.cloned().unwrap_or_default());
            fields.insert("title".to_owned(), title.clone());
            Request::build(self.create, fields)
        };
        self.titles.iter().map(call).collect()
    }

    /// Makes the calls `then` after `reply` to `request`. The first that fails ends it.
    ///
    /// # Errors
    /// When the reply has an unexpected shape.
    pub async fn create<'c>(self, ctx: &'c Ctx, request: &Request, reply: &Reply) -> Result<Done<'c>, Error> {
        let (mut made, mut failed) = (Vec::new(), None);
        for (call, title) in request.then.iter().zip(&self.titles) {
            match ctx.client.call(call).await {
                Ok(_) => made.push(title.clone()),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        let (done, field) = (made.len(), self.inside.field.to_owned());
        let item = Item::new(reply.data()?).with(Compact::from_iter([(field, made.into())]));
        Ok(match failed {
            None => Done::One(item),
            Some(error) => Done::Partly(item, self.partly(ctx, request, error, done)),
        })
    }

    /// What to tell when one failed after `done` of them. Where its answer was lost, it may be there.
    fn partly(&self, ctx: &Ctx, request: &Request, error: Error, done: usize) -> Error {
        let slug = request.body.as_ref().and_then(|body| body.get("data")?.get("api_slug")?.as_str());
        let list = self.create.name.replace("create", "list");
        let path = self.create.placeholders().map(|name| self.path.get(name).and_then(Value::as_str));
        let path = path.map(|given| given.or(slug).unwrap_or_default());
        let words: Vec<&str> = list.split(' ').chain(path).collect();
        let unknown = error.kind() == Kind::AmbiguousWrite;
        let (failed, rest) = self.titles.get(done..).and_then(<[Value]>::split_first).unzip();
        let rest = rest.unwrap_or_default();
        let missing = if unknown { rest.to_vec() } else { failed.into_iter().chain(rest).cloned().collect() };
        let message = format!("it was created, with {done} of {} {}", self.titles.len(), self.inside.field);
        let kind = if unknown { Kind::AmbiguousWrite } else { Kind::Partial };
        let partly = Error::new(kind, message)
            .why(error.full_message())
            .hint(format!("see what is there, then add the others with `{}`", self.create.name))
            .fact("missing", missing)
            .fact("check_command", json!(check(ctx, &words)));
        if unknown { partly.fact("uncertain", failed.cloned()) } else { partly }
    }
}

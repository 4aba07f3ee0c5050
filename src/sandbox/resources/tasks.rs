//! Tasks.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::sandbox::engine::find;
use crate::sandbox::engine::named_record;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::{parse, reference, time};
use crate::sandbox::store::database::Store;
use crate::sandbox::store::row::Link;
use crate::sandbox::store::schema::Attribute;
use crate::sandbox::store::things::{Scope, Thing};

const LONGEST: usize = 2000;

/// The orders of a listing; the first is that of one without.
const SORTS: [&str; 4] = ["created_at:asc", "created_at:desc", "completed_at:asc", "completed_at:desc"];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    pub id: String,
    pub content: String,
    pub deadline_at: Option<String>,
    pub completed_at: Option<String>,
    pub linked: Vec<Link>,
    /// Identifiers of workspace members.
    pub assignees: Vec<String>,
    pub created_at: String,
}

impl Thing for Task {
    const KIND: &'static str = "Task";

    fn id(&self) -> &str {
        &self.id
    }

    fn time(&self) -> &str {
        &self.created_at
    }
}

pub(crate) fn list(store: &Store, call: &Call) -> Result<Value, Problem> {
    let page = call.page(500, 1000)?;
    let linked = named_record::in_query(store, call, ["linked_object", "linked_record_id"])?;
    let assignee = assignee_filter(store, call)?;
    let completed = call.flag("is_completed")?;
    let wanted = |task: &Task| {
        linked.as_ref().is_none_or(|link| task.linked.contains(link))
            && completed.is_none_or(|completed| completed == task.completed_at.is_some())
            && assignee.as_ref().is_none_or(|who| match who {
                Some(id) => task.assignees.contains(id),
                None => task.assignees.is_empty(),
            })
    };
    let scope = linked.as_ref().map_or(Scope::All, |link| Scope::Of(&link.record));
    let tasks: Vec<Task> = match call.query("sort").unwrap_or(SORTS[0]) {
        "created_at:asc" => store.part(scope, page.ascending(), Some(&wanted))?,
        "created_at:desc" => store.part(scope, page.descending(), Some(&wanted))?,
        by @ ("completed_at:asc" | "completed_at:desc") => {
            let mut tasks = store.all(scope)?;
            tasks.retain(&wanted);
            by_completion(&mut tasks, by.ends_with("desc"));
            page.of(tasks).collect()
        }
        other => return Err(Problem::query_option("sort", &SORTS, other)),
    };
    let data: Vec<Value> = tasks.iter().map(|task| show(store, task)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(store: &Store, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": show(store, &find(store, call)?)}))
}

pub(crate) fn create(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let content = fields.string("content").to_owned();
    fields.one_of("format", &["plaintext"]);
    let deadline_at = deadline(&mut fields);
    let completed = fields.boolean("is_completed");
    let (linked, assignees) = (fields.array("linked_records"), fields.array("assignees"));
    if content.chars().count() > LONGEST {
        fields.invalid("content", "String must contain at most 2000 character(s)");
    }
    fields.done()?;
    let task = Task {
        linked: links(store, linked)?,
        assignees: members(store, assignees)?,
        id: store.next_id(),
        content,
        deadline_at,
        completed_at: completed.then(|| call.stamp()),
        created_at: call.stamp(),
    };
    let answer = json!({"data": show(store, &task)});
    store.put(&task)?;
    Ok(answer)
}

/// Changes only what is given. The content cannot be changed.
pub(crate) fn update(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    let mut task = find(store, call)?;
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    fields.only(&["deadline_at", "is_completed", "linked_records", "assignees"]);
    let given = |key: &str| fields.get(key).is_some();
    let (has_deadline, has_completed) = (given("deadline_at"), given("is_completed"));
    let (has_links, has_assignees) = (given("linked_records"), given("assignees"));
    let deadline = has_deadline.then(|| deadline(&mut fields));
    let completed = has_completed.then(|| fields.boolean("is_completed"));
    let linked = has_links.then(|| fields.array("linked_records"));
    let assignees = has_assignees.then(|| fields.array("assignees"));
    fields.done()?;
    let linked = linked.map(|items| links(store, items)).transpose()?;
    let assignees = assignees.map(|items| members(store, items)).transpose()?;
    task.deadline_at = deadline.unwrap_or(task.deadline_at.take());
    task.linked = linked.unwrap_or_else(|| std::mem::take(&mut task.linked));
    task.assignees = assignees.unwrap_or_else(|| std::mem::take(&mut task.assignees));
    match completed {
        Some(true) if task.completed_at.is_none() => task.completed_at = Some(call.stamp()),
        Some(false) => task.completed_at = None,
        _ => {}
    }
    store.put(&task)?;
    Ok(json!({"data": show(store, &task)}))
}

pub(crate) fn delete(store: &mut Store, call: &Call) -> Result<Value, Problem> {
    store.remove::<Task>(&find(store, call)?.id)?;
    Ok(json!({}))
}

fn deadline(fields: &mut Fields) -> Option<String> {
    let text = fields.nullable_string("deadline_at")?;
    let time = time::timestamp(text);
    if time.is_none() && fields.get("deadline_at").is_some_and(Value::is_string) {
        fields.invalid("deadline_at", "Invalid timestamp");
    }
    time
}

fn links(store: &Store, items: &[Value]) -> Result<Vec<Link>, Problem> {
    let attribute = Attribute { slug: "linked_records".into(), ..Attribute::default() };
    let mut links: Vec<Link> = Vec::with_capacity(items.len());
    for item in items {
        let map = item.as_object().ok_or_else(|| invalid_item("linked_records"))?;
        let link = linked(store, &attribute, map)?;
        if !links.contains(&link) {
            links.push(link);
        }
    }
    Ok(links)
}

/// Unlike in values, an object or record that does not exist is a 404.
fn linked(store: &Store, attribute: &Attribute, map: &Map<String, Value>) -> Result<Link, Problem> {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    if let Some(object) = text("target_object") {
        let table = find::object(store, object)?;
        if let Some(id) = text("target_record_id")
            && !store.has_row(&table, &id.to_lowercase())?
        {
            return Err(Problem::record(id));
        }
    }
    parse::record(store, reference::from_object(store, attribute, map)?)
}

fn members(store: &Store, items: &[Value]) -> Result<Vec<String>, Problem> {
    let member = |item: &Value| {
        let map = item.as_object().ok_or_else(|| invalid_item("assignees"))?;
        reference::assignee(store, map).map(|member| member.id.clone())
    };
    items.iter().map(member).collect()
}

fn invalid_item(key: &str) -> Problem {
    Problem::body(vec![json!({"code": "invalid", "path": ["data", key], "message": "Invalid input"})])
}

/// An identifier, or `Some(None)` for tasks that nobody has.
fn assignee_filter(store: &Store, call: &Call) -> Result<Option<Option<String>>, Problem> {
    match call.query("assignee") {
        None => Ok(None),
        Some("" | "null") => Ok(Some(None)),
        Some(name) => {
            let missing = || Problem::value_not_found(format!("Workspace member \"{name}\" not found."));
            Ok(Some(Some(store.workspace().member(name).ok_or_else(missing)?.id.clone())))
        }
    }
}

fn by_completion(tasks: &mut [Task], descending: bool) {
    tasks.sort_by(|a, b| match descending {
        true => b.completed_at.cmp(&a.completed_at),
        false => a.completed_at.cmp(&b.completed_at),
    });
}

fn find(store: &Store, call: &Call) -> Result<Task, Problem> {
    let id = call.param(0);
    let missing = || Problem::not_found(format!("Could not find Task with ID \"{id}\"."));
    store.get(id)?.ok_or_else(missing)
}

fn show(store: &Store, task: &Task) -> Value {
    let linked: Vec<Value> = task
        .linked
        .iter()
        .map(|link| json!({"target_object_id": link.object, "target_record_id": link.record}))
        .collect();
    let assignees: Vec<Value> = task
        .assignees
        .iter()
        .map(|id| json!({"referenced_actor_type": "workspace-member", "referenced_actor_id": id}))
        .collect();
    json!({
        "id": {"workspace_id": store.workspace().id, "task_id": task.id},
        "content_plaintext": task.content,
        "deadline_at": task.deadline_at,
        "is_completed": task.completed_at.is_some(),
        "completed_at": task.completed_at,
        "linked_records": linked,
        "assignees": assignees,
        "created_by_actor": store.workspace().token(),
        "created_at": task.created_at,
    })
}

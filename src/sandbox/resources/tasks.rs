//! Tasks.

use serde_json::{Map, Value, json};

use crate::sandbox::engine::named_record;
use crate::sandbox::engine::problem::Problem;
use crate::sandbox::engine::request::body::Fields;
use crate::sandbox::engine::request::call::Call;
use crate::sandbox::engine::values::{reference, time};
use crate::sandbox::store::state::{Attribute, Link, State, Task};

const LONGEST: usize = 2000;

pub(crate) fn list(state: &State, call: &Call) -> Result<Value, Problem> {
    let page = call.page(500, 1000)?;
    let linked = named_record::in_query(state, call, ["linked_object", "linked_record_id"])?;
    let assignee = assignee_filter(state, call)?;
    let completed = call.flag("is_completed")?;
    let wanted = |task: &&Task| {
        linked.as_ref().is_none_or(|link| task.linked.contains(link))
            && completed.is_none_or(|completed| completed == task.completed_at.is_some())
            && assignee.as_ref().is_none_or(|who| match who {
                Some(id) => task.assignees.contains(id),
                None => task.assignees.is_empty(),
            })
    };
    let mut tasks: Vec<&Task> = state.tasks.iter().filter(wanted).collect();
    sort(&mut tasks, call.query("sort").unwrap_or("created_at:asc"))?;
    let data: Vec<Value> = page.of(tasks).map(|task| read(state, task)).collect();
    Ok(json!({ "data": data }))
}

pub(crate) fn get(state: &State, call: &Call) -> Result<Value, Problem> {
    Ok(json!({"data": read(state, find(state, call)?)}))
}

pub(crate) fn create(state: &mut State, call: &Call) -> Result<Value, Problem> {
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
        linked: links(state, linked)?,
        assignees: members(state, assignees)?,
        id: state.next_id(),
        content,
        deadline_at,
        completed_at: completed.then(|| call.stamp()),
        created_at: call.stamp(),
    };
    let answer = json!({"data": read(state, &task)});
    state.tasks.push(task);
    Ok(answer)
}

/// Changes only what is given. The content cannot be changed.
pub(crate) fn update(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let id = find(state, call)?.id.clone();
    let body = call.json()?;
    let mut fields = Fields::data(&body)?;
    let given = |key: &str| fields.get(key).is_some();
    let (has_deadline, has_completed) = (given("deadline_at"), given("is_completed"));
    let (has_links, has_assignees) = (given("linked_records"), given("assignees"));
    let deadline = has_deadline.then(|| deadline(&mut fields));
    let completed = has_completed.then(|| fields.boolean("is_completed"));
    let linked = has_links.then(|| fields.array("linked_records"));
    let assignees = has_assignees.then(|| fields.array("assignees"));
    fields.done()?;
    let linked = linked.map(|items| links(state, items)).transpose()?;
    let assignees = assignees.map(|items| members(state, items)).transpose()?;
    let Some(task) = state.tasks.iter_mut().find(|task| task.id == id) else { return get(state, call) };
    task.deadline_at = deadline.unwrap_or(task.deadline_at.take());
    task.linked = linked.unwrap_or_else(|| std::mem::take(&mut task.linked));
    task.assignees = assignees.unwrap_or_else(|| std::mem::take(&mut task.assignees));
    match completed {
        Some(true) if task.completed_at.is_none() => task.completed_at = Some(call.stamp()),
        Some(false) => task.completed_at = None,
        _ => {}
    }
    get(state, call)
}

pub(crate) fn delete(state: &mut State, call: &Call) -> Result<Value, Problem> {
    let id = find(state, call)?.id.clone();
    state.tasks.retain(|task| task.id != id);
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

fn links(state: &State, items: &[Value]) -> Result<Vec<Link>, Problem> {
    let attribute = Attribute { slug: "linked_records".into(), ..Attribute::default() };
    let mut links: Vec<Link> = Vec::with_capacity(items.len());
    for item in items {
        let map = item.as_object().ok_or_else(|| invalid_item("linked_records"))?;
        let link = linked(state, &attribute, map)?;
        if !links.contains(&link) {
            links.push(link);
        }
    }
    Ok(links)
}

/// Unlike in values, an object or record that does not exist is a 404.
fn linked(state: &State, attribute: &Attribute, map: &Map<String, Value>) -> Result<Link, Problem> {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    if let Some(object) = text("target_object") {
        let (_, table) = state.object(object).ok_or_else(|| Problem::object(object))?;
        if let Some(id) = text("target_record_id").filter(|id| !table.rows.contains_key(&id.to_lowercase())) {
            return Err(Problem::record(id));
        }
    }
    reference::from_object(state, attribute, map)
}

fn members(state: &State, items: &[Value]) -> Result<Vec<String>, Problem> {
    let member = |item: &Value| {
        let map = item.as_object().ok_or_else(|| invalid_item("assignees"))?;
        reference::assignee(state, map).map(|member| member.id.clone())
    };
    items.iter().map(member).collect()
}

fn invalid_item(key: &str) -> Problem {
    Problem::body(vec![json!({"code": "invalid", "path": ["data", key], "message": "Invalid input"})])
}

/// An identifier, or `Some(None)` for tasks that nobody has.
fn assignee_filter(state: &State, call: &Call) -> Result<Option<Option<String>>, Problem> {
    match call.query("assignee") {
        None => Ok(None),
        Some("" | "null") => Ok(Some(None)),
        Some(name) => {
            let missing = || Problem::value_not_found(format!("Workspace member \"{name}\" not found."));
            Ok(Some(Some(state.member(name).ok_or_else(missing)?.id.clone())))
        }
    }
}

fn sort(tasks: &mut [&Task], by: &str) -> Result<(), Problem> {
    match by {
        "created_at:asc" => tasks.sort_by(|a, b| a.created_at.cmp(&b.created_at)),
        "created_at:desc" => tasks.sort_by(|a, b| b.created_at.cmp(&a.created_at)),
        "completed_at:asc" => tasks.sort_by(|a, b| a.completed_at.cmp(&b.completed_at)),
        "completed_at:desc" => tasks.sort_by(|a, b| b.completed_at.cmp(&a.completed_at)),
        _ => return Err(Problem::query("sort", "Invalid enum value")),
    }
    Ok(())
}

fn find<'s>(state: &'s State, call: &Call) -> Result<&'s Task, Problem> {
    let id = call.param(0);
    let missing = || Problem::not_found(format!("Could not find Task with ID \"{id}\"."));
    state.tasks.iter().find(|task| task.id == id).ok_or_else(missing)
}

fn read(state: &State, task: &Task) -> Value {
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
        "id": {"workspace_id": state.workspace_id, "task_id": task.id},
        "content_plaintext": task.content,
        "deadline_at": task.deadline_at,
        "is_completed": task.completed_at.is_some(),
        "completed_at": task.completed_at,
        "linked_records": linked,
        "assignees": assignees,
        "created_by_actor": state.token(),
        "created_at": task.created_at,
    })
}

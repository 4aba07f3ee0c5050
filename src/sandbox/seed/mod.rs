//! The workspace a sandbox starts with: a small sales team and the people it sells to, all fictional.
//!
//! `seed.json` holds it as requests would carry it; it goes the way of requests with a clock of its own, so that it
//! obeys the same rules as everything that follows and is the same on every machine. Some of its texts are hostile on
//! purpose.

mod schema;

use std::collections::HashMap;
use std::sync::Arc;

use http::{Method, Request};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::schema::Schema;
use super::engine::values::option::option_id;
use super::engine::values::time;
use super::engine::write::{self, Mode};
use super::resources::comments::Comment;
use super::resources::meetings::meeting::Meeting;
use super::store::database::Store;
use super::store::failure::Failure;
use super::store::row::{Actor, Content, Held, Link};
use super::store::schema::{Member, Workspace, named_id};
use super::store::things::Scope;
use super::wire::respond::respond;

/// 2026-01-05T09:00:00Z, when the workspace was made. Each step after it takes a minute.
const START: i64 = 1_767_603_600;

#[derive(Deserialize)]
struct Seed {
    members: Vec<Member>,
    objects: Vec<Schema>,
    lists: Vec<Schema>,
    companies: Vec<Map<String, Value>>,
    people: Vec<Map<String, Value>>,
    deals: Vec<Map<String, Value>>,
    notes: Vec<Map<String, Value>>,
    tasks: Vec<Map<String, Value>>,
    entries: Vec<Map<String, Value>>,
    interactions: Vec<Map<String, Value>>,
    comments: Vec<Map<String, Value>>,
    meetings: Vec<Map<String, Value>>,
    recordings: Vec<Map<String, Value>>,
    files: Vec<Map<String, Value>>,
    webhooks: Vec<Map<String, Value>>,
}

/// Fills a store with the workspace as it is before anybody changed it.
///
/// # Errors
/// Those of the store.
pub(super) fn plant(store: &mut Store) -> Result<(), Failure> {
    let seed: Seed = serde_json::from_str(include_str!("seed.json"))?;
    let mut planter = Planter { store, clock: START, known: HashMap::new() };
    planter.schema(seed.members, seed.objects, seed.lists);
    for (object, records) in [("companies", seed.companies), ("people", seed.people), ("deals", seed.deals)] {
        for values in records {
            planter.record(object, &values)?;
        }
    }
    for values in &seed.interactions {
        planter.interactions(values)?;
    }
    seed.notes.into_iter().for_each(|note| planter.note(note));
    seed.tasks.into_iter().for_each(|task| planter.task(task));
    seed.entries.into_iter().for_each(|entry| planter.entry(entry));
    for comment in seed.comments {
        planter.comment(comment)?;
    }
    for meeting in seed.meetings {
        planter.meeting(meeting)?;
    }
    for recording in &seed.recordings {
        planter.recording(recording)?;
    }
    seed.files.into_iter().for_each(|file| planter.file(file));
    seed.webhooks.iter().for_each(|webhook| planter.send("/v2/webhooks", &json!({ "data": webhook })));
    Ok(())
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}

struct Planter<'s> {
    store: &'s mut Store,
    clock: i64,
    /// Records by what the seed calls them: domain, email address or name.
    known: HashMap<String, Link>,
}

impl Planter<'_> {
    fn schema(&mut self, members: Vec<Member>, objects: Vec<Schema>, lists: Vec<Schema>) {
        let created_at = time::stamp(at(START));
        let member = |member: Member| {
            let id = named_id(&member.email_address);
            Member { id, created_at: created_at.clone(), ..member }
        };
        let tables = |sort, schemas: Vec<Schema>| {
            schemas.into_iter().map(|schema| Arc::new(schema::table(sort, schema, &created_at))).collect()
        };
        *self.store.workspace_mut() = Workspace {
            id: named_id("workspace"),
            token_id: named_id("token"),
            members: members.into_iter().map(member).collect(),
            objects: tables("object", objects),
            lists: tables("list", lists),
            created_at: created_at.clone(),
        };
    }

    fn send(&mut self, path: &str, body: &Value) {
        self.post(path, "application/json", body.to_string());
    }

    /// Sends a request a minute after the step before.
    fn post(&mut self, path: &str, content_type: &str, body: String) {
        self.clock += 60;
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("authorization", "Bearer seed")
            .header("content-type", content_type)
            .body(body.clone().into_bytes());
        let Ok(request) = request else { return };
        let response = respond(self.store, &request, at(self.clock));
        debug_assert!(
            response.status().is_success(),
            "{path} {body} {}",
            String::from_utf8_lossy(response.body())
        );
    }

    fn record(&mut self, object: &str, values: &Map<String, Value>) -> Result<(), Failure> {
        self.clock += 60;
        let Some(table) = self.store.object(object) else { return Ok(()) };
        let changes = match write::plan(self.store, &table, None, values, Mode::Replace) {
            Ok(changes) => changes,
            Err(problem) => {
                debug_assert!(false, "{problem:?}");
                return Ok(());
            }
        };
        let record = write::insert(self.store, &table, None, changes, &time::stamp(at(self.clock)))?;
        let contacts =
            ["domains", "email_addresses"].into_iter().filter_map(|slug| values.get(slug)?.as_array());
        for name in contacts.flatten().chain(values.get("name")).filter_map(Value::as_str) {
            let link = Link { object: object.into(), record: record.clone() };
            self.known.entry(name.into()).or_insert(link);
        }
        Ok(())
    }

    fn note(&mut self, mut note: Map<String, Value>) {
        let Some(link) = self.take_link(&mut note) else { return };
        note.insert("parent_object".into(), link.object.into());
        note.insert("parent_record_id".into(), link.record.into());
        self.send("/v2/notes", &json!({ "data": note }));
    }

    fn task(&mut self, mut task: Map<String, Value>) {
        let link = |link: &Link| json!({"target_object": link.object, "target_record_id": link.record});
        let links: Vec<Value> = self.take_links(&mut task).iter().map(link).collect();
        let assignees = task.remove("assignees").unwrap_or_default();
        let assignees: Vec<Value> = assignees
            .as_array()
            .into_iter()
            .flatten()
            .map(|email| json!({"workspace_member_email_address": email}))
            .collect();
        task.insert("format".into(), "plaintext".into());
        task.insert("linked_records".into(), links.into());
        task.insert("assignees".into(), assignees.into());
        self.send("/v2/tasks", &json!({ "data": task }));
    }

    fn entry(&mut self, mut entry: Map<String, Value>) {
        let Some(link) = self.take_link(&mut entry) else { return };
        let list = entry.get("list").and_then(Value::as_str).unwrap_or_default();
        let path = format!("/v2/lists/{list}/entries");
        let values = entry.get("values");
        let data =
            json!({"parent_object": link.object, "parent_record_id": link.record, "entry_values": values});
        self.send(&path, &json!({ "data": data }));
    }

    /// A reply goes to the thread of the comment before it.
    fn comment(&mut self, mut comment: Map<String, Value>) -> Result<(), Failure> {
        let author = comment.remove("author").unwrap_or_default();
        let author =
            self.store.workspace().member(author.as_str().unwrap_or_default()).map(|member| &member.id);
        comment.insert("author".into(), json!({"type": "workspace-member", "id": author}));
        comment.insert("format".into(), "plaintext".into());
        match (comment.remove("reply"), self.store.all::<Comment>(Scope::All)?.last()) {
            (Some(_), Some(last)) => comment.insert("thread_id".into(), json!(last.thread)),
            _ => {
                let Some(link) = self.take_link(&mut comment) else { return Ok(()) };
                comment.insert("record".into(), json!({"object": link.object, "record_id": link.record}))
            }
        };
        self.send("/v2/comments", &json!({ "data": comment }));
        Ok(())
    }

    fn meeting(&mut self, mut meeting: Map<String, Value>) -> Result<(), Failure> {
        let link = |link: &Link| json!({"object": link.object, "record_id": link.record});
        let links: Vec<Value> = self.take_links(&mut meeting).iter().map(link).collect();
        let synced = meeting.remove("synced").is_some();
        meeting.insert("linked_records".into(), links.into());
        self.send("/v2/meetings", &json!({ "data": meeting }));
        if let Some(mut made) = self.store.all::<Meeting>(Scope::All)?.pop() {
            made.synced = synced;
            self.store.put(&made)?;
        }
        Ok(())
    }

    /// All recordings are of the first meeting.
    fn recording(&mut self, recording: &Map<String, Value>) -> Result<(), Failure> {
        let meetings: Vec<Meeting> = self.store.all(Scope::All)?;
        let Some(meeting) = meetings.first() else { return Ok(()) };
        let path = format!("/v2/meetings/{}/call_recordings", meeting.id);
        self.send(&path, &json!({ "data": recording }));
        Ok(())
    }

    fn file(&mut self, mut file: Map<String, Value>) {
        let Some(link) = self.take_link(&mut file) else { return };
        let text = |key: &str| file.get(key).and_then(Value::as_str).unwrap_or_default();
        let head = "--seed\r\ncontent-disposition: form-data; name=";
        let body = format!(
            "{head}object\r\n\r\n{}\r\n{head}record_id\r\n\r\n{}\r\n{head}file; filename=\"{}\"\r\n\
             content-type: {}\r\n\r\n{}\r\n--seed--\r\n",
            link.object,
            link.record,
            text("name"),
            text("type"),
            text("content")
        );
        self.post("/v2/files/upload", "multipart/form-data; boundary=seed", body);
    }

    fn take_links(&self, map: &mut Map<String, Value>) -> Vec<Link> {
        let on = map.remove("on").unwrap_or_default();
        let names = on.as_array().into_iter().flatten().filter_map(Value::as_str);
        names.filter_map(|name| self.known.get(name)).cloned().collect()
    }

    fn take_link(&self, map: &mut Map<String, Value>) -> Option<Link> {
        self.known.get(map.remove("on")?.as_str()?).cloned()
    }

    /// Interactions come from mailboxes and calendars, so no request can write them.
    fn interactions(&mut self, seed: &Map<String, Value>) -> Result<(), Failure> {
        let text = |key: &str| seed.get(key).and_then(Value::as_str).unwrap_or_default();
        let Some(link) = self.known.get(text("on")).cloned() else { return Ok(()) };
        let member = self.store.workspace().member(text("owner")).map(|member| member.id.clone());
        let owner = Actor { kind: "workspace-member".into(), id: member };
        let Some(table) = self.store.object(&link.object) else { return Ok(()) };
        let strength = table.attribute("strongest_connection_strength");
        let strength = strength.map(|attribute| option_id(attribute, text("strength")));
        let Some(mut row) = self.store.row(&table, &link.record)? else { return Ok(()) };
        let system = Actor { kind: "system".into(), id: None };
        let mut hold = |slug: &str, content| {
            let held = Held { content, from: None, until: None, by: Some(system.clone()) };
            row.values.insert(slug.to_owned(), vec![held]);
        };
        for slug in ["first_interaction", "last_interaction", "next_interaction"] {
            let Some([Value::String(kind), Value::String(at)]) =
                seed.get(slug).and_then(Value::as_array).map(Vec::as_slice)
            else {
                continue;
            };
            let at = time::timestamp(at).unwrap_or_default();
            let interaction = Content::Interaction { kind: kind.clone(), at, owner: owner.clone() };
            let channel = if kind == "email" { "email" } else { "calendar" };
            hold(&slug.replace("interaction", &format!("{channel}_interaction")), interaction.clone());
            hold(slug, interaction);
        }
        hold("strongest_connection_user", Content::Actor(owner));
        strength.into_iter().for_each(|id| hold("strongest_connection_strength", Content::Choice(id)));
        self.store.put_row(&table, &row)
    }
}

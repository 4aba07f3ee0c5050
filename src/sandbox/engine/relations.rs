//! Relationships between records: both sides are stored and kept in step here.

use crate::sandbox::engine::defaults::DefaultValue;
use crate::sandbox::engine::values::contact::root_domain;
use crate::sandbox::store::state::{Actor, Content, Held, Link, Mirror, Place, Row, State};

/// Providers whose addresses say nothing about where a person works.
const FREE_MAIL: [&str; 14] = [
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "yahoo.com",
];

/// Sets the values of an attribute and, in a relationship, the other side of what came and went.
pub(crate) fn set(state: &mut State, place: Place, id: &str, slug: &str, after: Vec<Content>, now: &str) {
    let mirror = mirror(state, place, slug);
    let Some(row) = state.table_mut(place).and_then(|table| table.rows.get_mut(id)) else { return };
    let before = links_in(row, slug);
    row.set(slug, after, now);
    let Some((own, mirror)) = mirror else { return };
    let after = links_in(row, slug);
    let this = Link { object: own, record: id.to_owned() };
    for gone in before.iter().filter(|link| !after.contains(link)) {
        unlink(state, gone, &mirror.attribute, &this, now);
    }
    for new in after.iter().filter(|link| !before.contains(link)) {
        link(state, new, &mirror.attribute, &this, slug, now);
    }
}

/// Removes a record with all that hangs on it: its list entries, notes, comments and files, and what refers to it.
pub(crate) fn remove(state: &mut State, place: Place, id: &str, now: &str) {
    let Some(object) = state.table(place).map(|table| table.slug.clone()) else { return };
    let link = Link { object, record: id.to_owned() };
    if let Some(table) = state.table_mut(place) {
        table.rows.remove(id);
    }
    for list in &mut state.lists {
        list.rows.retain(|_, entry| entry.parent.as_ref() != Some(&link));
    }
    state.notes.retain(|note| note.parent != link);
    state.comments.retain(|comment| comment.record != link);
    state.files.retain(|file| file.record != link);
    for meeting in &mut state.meetings {
        meeting.linked.retain(|linked| *linked != link);
    }
    for task in &mut state.tasks {
        task.linked.retain(|linked| *linked != link);
    }
    let reference = Content::Reference(link);
    for table in state.objects.iter_mut().chain(&mut state.lists) {
        for row in table.rows.values_mut() {
            forget(row, &reference, now);
        }
    }
}

/// Visits every mention of a record, wherever it is kept.
pub(crate) fn each(state: &mut State, mut visit: impl FnMut(&mut Link)) {
    for table in state.objects.iter_mut().chain(&mut state.lists) {
        let defaults = table.attributes.iter_mut().filter_map(|attribute| attribute.default.as_mut());
        defaults.flat_map(DefaultValue::contents_mut).filter_map(mentioned).for_each(&mut visit);
        for row in table.rows.values_mut() {
            let held = row.values.values_mut().chain(row.past.values_mut()).flatten();
            held.filter_map(|held| mentioned(&mut held.content)).chain(&mut row.parent).for_each(&mut visit);
        }
    }
    state.notes.iter_mut().for_each(|note| visit(&mut note.parent));
    state.comments.iter_mut().for_each(|comment| visit(&mut comment.record));
    state.files.iter_mut().for_each(|file| visit(&mut file.record));
    state.meetings.iter_mut().flat_map(|meeting| &mut meeting.linked).for_each(&mut visit);
    state.tasks.iter_mut().flat_map(|task| &mut task.linked).for_each(visit);
}

/// Links a new person to the company of their email's domain, which is created when there is none.
pub(crate) fn match_company(state: &mut State, place: Place, id: &str, now: &str) {
    let Some(domain) = work_domain(state, place, id) else { return };
    let Some((companies, table)) = state.object("companies") else { return };
    let owner = |domain: &str| {
        let wanted = Content::Domain(domain.to_owned());
        let holds = |row: &&Row| {
            row.values.get("domains").is_some_and(|held| held.iter().any(|held| held.content == wanted))
        };
        table.rows.iter().find(|(_, row)| holds(row)).map(|(id, _)| id.clone())
    };
    let company = owner(&domain).or_else(|| owner(root_domain(&domain))).unwrap_or_else(|| {
        let id = state.next_id();
        let system = Actor { kind: "system".into(), id: None };
        let held =
            Held { content: Content::Domain(domain), from: None, until: None, by: Some(system.clone()) };
        let values = [("domains".to_owned(), vec![held])].into();
        let row = Row { created_at: now.into(), by: Some(system), values, ..Row::default() };
        if let Some(table) = state.table_mut(companies) {
            table.rows.insert(id.clone(), row);
        }
        id
    });
    let link = Link { object: "companies".into(), record: company };
    set(state, place, id, "company", vec![Content::Reference(link)], now);
}

/// The domain of a person's first email address, unless the company is known or the domain is a mail provider's.
fn work_domain(state: &State, place: Place, id: &str) -> Option<String> {
    let table = state.table(place).filter(|table| table.slug == "people")?;
    let row = table.rows.get(id).filter(|row| !row.values.contains_key("company"))?;
    match &row.values.get("email_addresses")?.first()?.content {
        Content::Email(address) => {
            let domain = address.rsplit_once('@')?.1.to_lowercase();
            (!FREE_MAIL.contains(&domain.as_str())).then_some(domain)
        }
        _ => None,
    }
}

/// The slug of the table and the other side of one of its attributes.
fn mirror(state: &State, place: Place, slug: &str) -> Option<(String, Mirror)> {
    let table = state.table(place).filter(|_| matches!(place, Place::Object(_)))?;
    Some((table.slug.clone(), table.attribute(slug)?.mirror.clone()?))
}

fn mentioned(content: &mut Content) -> Option<&mut Link> {
    match content {
        Content::Reference(link) => Some(link),
        _ => None,
    }
}

fn links_in(row: &Row, slug: &str) -> Vec<Link> {
    let held = row.values.get(slug).into_iter().flatten();
    held.filter_map(|held| match &held.content {
        Content::Reference(link) => Some(link.clone()),
        _ => None,
    })
    .collect()
}

/// Adds a reference to `target`. One that can hold a single reference lets go of the one it had.
fn link(state: &mut State, target: &Link, slug: &str, this: &Link, back: &str, now: &str) {
    let Some((place, table)) = state.object(&target.object) else { return };
    let multi = table.attribute(slug).is_some_and(|attribute| attribute.multi);
    let Some(row) = state.table_mut(place).and_then(|table| table.rows.get_mut(&target.record)) else {
        return;
    };
    let held = links_in(row, slug);
    let kept: &[Link] = if multi { &held } else { &[] };
    let after = [this].into_iter().chain(kept).cloned().map(Content::Reference).collect();
    row.set(slug, after, now);
    if !multi {
        for other in held.iter().filter(|other| *other != this) {
            unlink(state, other, back, target, now);
        }
    }
}

fn unlink(state: &mut State, target: &Link, slug: &str, this: &Link, now: &str) {
    let Some((place, _)) = state.object(&target.object) else { return };
    let Some(row) = state.table_mut(place).and_then(|table| table.rows.get_mut(&target.record)) else {
        return;
    };
    let after = links_in(row, slug).into_iter().filter(|link| link != this).map(Content::Reference).collect();
    row.set(slug, after, now);
}

fn forget(row: &mut Row, reference: &Content, now: &str) {
    let holds = |held: &Vec<Held>| held.iter().any(|held| held.content == *reference);
    let slugs: Vec<String> =
        row.values.iter().filter(|(_, held)| holds(held)).map(|(slug, _)| slug.clone()).collect();
    for slug in slugs {
        let kept = row.values.get(&slug).into_iter().flatten().map(|held| held.content.clone());
        let kept = kept.filter(|content| content != reference).collect();
        row.set(&slug, kept, now);
    }
}

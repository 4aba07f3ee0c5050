//! Relationships between records: both sides are stored and kept in step here.

use super::values::contact::root_domain;
use crate::sandbox::store::database::Store;
use crate::sandbox::store::failure::Failure;
use crate::sandbox::store::row::{Actor, Content, Held, Link, Row};
use crate::sandbox::store::schema::{Mirror, Table};

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
pub(crate) fn set(
    store: &mut Store,
    table: &Table,
    id: &str,
    (slug, after): (&str, Vec<Content>),
    now: &str,
) -> Result<(), Failure> {
    let Some(mut row) = store.row(table, id)? else { return Ok(()) };
    let before = links_in(&row, slug);
    row.set(slug, after, now);
    store.put_row(table, &row)?;
    let Some(mirror) = mirror(table, slug) else { return Ok(()) };
    let after = links_in(&row, slug);
    let this = Link { object: table.slug.clone(), record: id.to_owned() };
    for gone in before.iter().filter(|link| !after.contains(link)) {
        unlink(store, gone, &mirror.attribute, &this, now)?;
    }
    for new in after.iter().filter(|link| !before.contains(link)) {
        link(store, new, (&mirror.attribute, slug), &this, now)?;
    }
    Ok(())
}

/// The other side of an attribute, if it has one.
pub(crate) fn mirror<'t>(table: &'t Table, slug: &str) -> Option<&'t Mirror> {
    table.attribute(slug)?.mirror.as_ref().filter(|_| !table.is_list())
}

/// Links a new person to the company of their email's domain, which is created when there is none.
pub(crate) fn match_company(store: &mut Store, table: &Table, id: &str, now: &str) -> Result<(), Failure> {
    let Some(domain) = work_domain(store, table, id)? else { return Ok(()) };
    let Some(companies) = store.object("companies") else { return Ok(()) };
    let record = match owner(store, &companies, &domain)? {
        Some(record) => record,
        None => new_company(store, &companies, domain, now)?,
    };
    let link = Link { object: "companies".into(), record };
    set(store, table, id, ("company", vec![Content::Reference(link)]), now)
}

fn owner(store: &Store, companies: &Table, domain: &str) -> Result<Option<String>, Failure> {
    let Some(attribute) = companies.attribute("domains") else { return Ok(None) };
    for domain in [domain, root_domain(domain)] {
        let wanted = [Content::Domain(domain.to_owned())];
        let mut found = super::holders::of_any(store, companies, attribute, &wanted)?;
        if !found.is_empty() {
            return Ok(Some(found.remove(0)));
        }
    }
    Ok(None)
}

fn new_company(store: &mut Store, companies: &Table, domain: String, now: &str) -> Result<String, Failure> {
    let system = Actor { kind: "system".into(), id: None };
    let held = Held { content: Content::Domain(domain), from: None, until: None, by: Some(system.clone()) };
    let values = [("domains".to_owned(), vec![held])].into();
    let id = store.next_id();
    let row = Row { id, created_at: now.into(), by: Some(system), values, ..Row::default() };
    store.put_row(companies, &row)?;
    Ok(row.id)
}

/// The domain of a person's first email address, unless the company is known or the domain is a mail provider's.
fn work_domain(store: &Store, table: &Table, id: &str) -> Result<Option<String>, Failure> {
    if table.slug != "people" || table.is_list() {
        return Ok(None);
    }
    let row = store.row(table, id)?.filter(|row| !row.values.contains_key("company"));
    let first = row.as_ref().and_then(|row| row.values.get("email_addresses")?.first());
    Ok(match first.map(|held| &held.content) {
        Some(Content::Email(address)) => {
            let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
            domain.filter(|domain| !FREE_MAIL.contains(&domain.as_str()))
        }
        _ => None,
    })
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
fn link(
    store: &mut Store,
    target: &Link,
    (slug, back): (&str, &str),
    this: &Link,
    now: &str,
) -> Result<(), Failure> {
    let Some(table) = store.object(&target.object) else { return Ok(()) };
    let content = Content::Reference(this.clone());
    let held = Held { content, from: Some(now.to_owned()), until: None, by: None };
    if store.prepend_reference(&table, &target.record, slug, &held)? {
        return Ok(());
    }
    let Some(mut row) = store.row(&table, &target.record)? else { return Ok(()) };
    let multi = table.attribute(slug).is_some_and(|attribute| attribute.multi);
    let held = links_in(&row, slug);
    let kept: &[Link] = if multi { &held } else { &[] };
    let after = [this].into_iter().chain(kept).cloned().map(Content::Reference).collect();
    row.set(slug, after, now);
    store.put_row(&table, &row)?;
    if multi {
        return Ok(());
    }
    let mut others = held.iter().filter(|other| *other != this);
    others.try_for_each(|other| unlink(store, other, back, target, now))
}

fn unlink(store: &mut Store, target: &Link, slug: &str, this: &Link, now: &str) -> Result<(), Failure> {
    let Some(table) = store.object(&target.object) else { return Ok(()) };
    let Some(mut row) = store.row(&table, &target.record)? else { return Ok(()) };
    let after = links_in(&row, slug).into_iter().filter(|link| link != this).map(Content::Reference);
    row.set(slug, after.collect(), now);
    store.put_row(&table, &row)
}

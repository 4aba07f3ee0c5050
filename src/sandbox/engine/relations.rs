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

/// What came and went on one side of a relationship.
pub(crate) struct Shift {
    slug: String,
    mirror: Mirror,
    before: Vec<Link>,
    after: Vec<Link>,
}

/// Sets the values of an attribute in a row that is yet to be stored. In a relationship, the other side has to
/// [`follow`].
pub(crate) fn shift(
    table: &Table,
    row: &mut Row,
    (slug, after): (&str, Vec<Content>),
    now: &str,
) -> Option<Shift> {
    let before = links_in(row, slug);
    row.set(slug, after, now);
    let mirror = table.attribute(slug)?.mirror.clone().filter(|_| !table.is_list())?;
    Some(Shift { slug: slug.to_owned(), mirror, before, after: links_in(row, slug) })
}

/// Lets the other sides follow what came and went in a row.
pub(crate) fn follow(
    store: &mut Store,
    table: &Table,
    id: &str,
    shifts: Vec<Shift>,
    now: &str,
) -> Result<(), Failure> {
    let this = Link { object: table.slug.clone(), record: id.to_owned() };
    for Shift { slug, mirror, before, after } in shifts {
        for gone in before.iter().filter(|link| !after.contains(link)) {
            unlink(store, gone, &mirror.attribute, &this, now)?;
        }
        for new in after.iter().filter(|link| !before.contains(link)) {
            link(store, new, (&mirror.attribute, &slug), &this, now)?;
        }
    }
    Ok(())
}

/// The company of a new person: that of their email's domain, which is created when there is none.
pub(crate) fn company_of(
    store: &mut Store,
    table: &Table,
    row: &Row,
    now: &str,
) -> Result<Option<Content>, Failure> {
    let Some(domain) = work_domain(table, row) else { return Ok(None) };
    let Some(companies) = store.object("companies") else { return Ok(None) };
    let record = match owner(store, &companies, &domain)? {
        Some(record) => record,
        None => new_company(store, &companies, domain, now)?,
    };
    Ok(Some(Content::Reference(Link { object: companies.slug.clone(), record })))
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
fn work_domain(table: &Table, row: &Row) -> Option<String> {
    if table.slug != "people" || table.is_list() || row.values.contains_key("company") {
        return None;
    }
    match &row.values.get("email_addresses")?.first()?.content {
        Content::Email(address) => {
            let domain = address.rsplit_once('@')?.1.to_lowercase();
            (!FREE_MAIL.contains(&domain.as_str())).then_some(domain)
        }
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

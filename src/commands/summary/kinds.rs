//! What a summary of each object has: a row a part. Flags, calls and tables follow from it.

use crate::api::{Endpoint as _, notes, tasks};
use crate::output::Parts;

/// So many parts every summary has.
pub const PARTS: usize = 4;

/// A summary: of what, and what belongs to that.
pub struct Kind {
    /// The object.
    pub object: &'static str,
    /// What the record itself is called.
    pub head: &'static str,
    /// What the command does.
    pub about: &'static str,
    /// What names the record, for the help.
    pub reference: &'static str,
    /// A line that works.
    pub example: &'static str,
    /// Attributes that are shown beside the record.
    pub beside: &'static [&'static str],
    /// What belongs to the record, in order.
    pub parts: [Part; PARTS],
    /// How people see all of it.
    pub shown: Parts,
}

/// What belongs to a record.
#[derive(Debug)]
pub struct Part {
    /// What it is called.
    pub name: &'static str,
    /// How many are shown unless somebody says; `None` where there is one at the most.
    pub usual: Option<usize>,
    /// Where it is read.
    pub from: Source,
}

/// Where a part is read.
#[derive(Debug)]
pub enum Source {
    /// Records of this object that refer to the record by this attribute.
    Records(&'static str, &'static str),
    /// The notes on the record, newest first.
    Notes,
    /// The open tasks linked to it.
    Tasks,
}

/// An object that has a summary.
pub trait Of {
    /// That summary.
    const KIND: &'static Kind;
}

/// Companies.
#[derive(Debug)]
pub struct Company;

/// People.
#[derive(Debug)]
pub struct Person;

/// Deals.
#[derive(Debug)]
pub struct Deal;

const PEOPLE: &[&str] = &["name", "email_addresses", "job_title", "record_id"];
const DEALS: &[&str] = &["name", "stage", "value", "owner", "record_id"];
const THEIR_COMPANY: (&str, &[&str]) =
    ("company", &["name", "domains", "customer_status", "employee_range", "record_id"]);
const NOTES: (&str, &[&str]) = ("notes", notes::List::OPERATION.columns);
const TASKS: (&str, &[&str]) = ("tasks", tasks::List::OPERATION.columns);

const fn records(name: &'static str, object: &'static str, by: &'static str) -> Part {
    Part { name, usual: Some(10), from: Source::Records(object, by) }
}

const fn company(by: &'static str) -> Part {
    Part { name: "company", usual: None, from: Source::Records("companies", by) }
}

const fn newest_notes() -> Part {
    Part { name: "notes", usual: Some(5), from: Source::Notes }
}

const fn open_tasks() -> Part {
    Part { name: "tasks", usual: Some(50), from: Source::Tasks }
}

const CONTACTS: &[&str] = &["last_interaction", "next_interaction"];

impl Of for Company {
    const KIND: &'static Kind = &Kind {
        object: "companies",
        head: "company",
        about: "Show a company with its people, deals, newest notes and open tasks",
        reference: "UUID, Attio URL, domain or website, or name:Exact Name",
        example: "attio-crm get-company-summary acme.com",
        beside: CONTACTS,
        parts: [
            records("people", "people", "company"),
            records("deals", "deals", "associated_company"),
            newest_notes(),
            open_tasks(),
        ],
        shown: &[
            (
                "company",
                &[
                    "name",
                    "domains",
                    "description",
                    "customer_status",
                    "employee_range",
                    "record_id",
                    "web_url",
                ],
            ),
            ("people", PEOPLE),
            ("deals", DEALS),
            NOTES,
            TASKS,
        ],
    };
}

impl Of for Person {
    const KIND: &'static Kind = &Kind {
        object: "people",
        head: "person",
        about: "Show a person with their company, deals, newest notes and open tasks",
        reference: "UUID, Attio URL, email address, or name:Exact Name",
        example: "attio-crm get-person-summary jane@acme.com",
        beside: CONTACTS,
        parts: [
            company("team"),
            records("deals", "deals", "associated_people"),
            newest_notes(),
            open_tasks(),
        ],
        shown: &[
            (
                "person",
                &[
                    "name",
                    "email_addresses",
                    "phone_numbers",
                    "job_title",
                    "description",
                    "record_id",
                    "web_url",
                ],
            ),
            THEIR_COMPANY,
            ("deals", DEALS),
            NOTES,
            TASKS,
        ],
    };
}

impl Of for Deal {
    const KIND: &'static Kind = &Kind {
        object: "deals",
        head: "deal",
        about: "Show a deal with its company, people, newest notes and open tasks",
        reference: "UUID, Attio URL, or name:Exact Name",
        example: "attio-crm get-deal-summary \"name:Globex renewal\"",
        beside: &[],
        parts: [
            company("associated_deals"),
            records("people", "people", "associated_deals"),
            newest_notes(),
            open_tasks(),
        ],
        shown: &[
            ("deal", &["name", "stage", "value", "owner", "record_id", "web_url"]),
            THEIR_COMPANY,
            ("people", PEOPLE),
            NOTES,
            TASKS,
        ],
    };
}

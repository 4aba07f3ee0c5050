//! What a person at a terminal is told after an answer: what was done, and what one would do next.
//!
//! Programs are told neither: for them the result says it all.

use crate::client::operation::Operation;
use crate::output::Item;
use crate::resolve::recent::Recent;
use crate::text;

/// What one does next after a command, by far the most often. The blanks are fields of its answer.
const NEXT: &[(&str, &str)] = &[
    ("search-companies", "get-company-summary {record_id}"),
    ("search-people", "get-person-summary {record_id}"),
    ("search-deals", "get-deal-summary {record_id}"),
    ("get-company", "get-company-summary {record_id}"),
    ("get-person", "get-person-summary {record_id}"),
    ("get-deal", "get-deal-summary {record_id}"),
    ("get-company-summary", "create-note {company.record_id} TITLE TEXT"),
    ("get-person-summary", "create-note {person.record_id} TITLE TEXT"),
    ("get-deal-summary", "create-note {deal.record_id} TITLE TEXT"),
    ("create-company", "create-person EMAIL --company-id {record_id}"),
    ("create-person", "create-note {record_id} TITLE TEXT"),
    ("create-deal", "create-task {record_id} TEXT --due friday"),
    ("create-note", "get-note {note_id}"),
    ("create-task", "done {task_id}"),
    ("list-notes", "get-note {note_id}"),
    ("tasks list", "done {task_id}"),
    ("lists list", "entries query {api_slug}"),
    ("objects list", "list-attributes {api_slug}"),
    ("meetings list", "recordings list {meeting_id}"),
    ("threads list", "threads get {thread_id}"),
];

/// A name is cut behind so many letters.
const LONGEST: usize = 60;

/// The command that one would type after `command` has shown `item`, if there is a usual one.
pub fn next(command: &str, item: &Item) -> Option<String> {
    let (_, template) = NEXT.iter().find(|(known, _)| *known == command)?;
    let word = |word: &str| match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
        None => Some(word.to_owned()),
        Some(blank) => {
            item.text(blank).filter(|text| !text.is_empty() && !text.contains(char::is_whitespace))
        }
    };
    let words: Option<Vec<String>> = template.split(' ').map(word).collect();
    Some(words?.join(" "))
}

/// What a write has done: "Created company Zeta  https://…".
pub fn done(command: &str, operation: &Operation, item: &Item) -> Option<String> {
    let (resource, verb) = operation.name.split_once(' ')?;
    let said = match verb {
        _ if command == "done" => "Completed",
        "create" | "upload" => "Created",
        "upsert" if item.text("created").as_deref() == Some("true") => "Created",
        "upsert" => "Updated",
        "delete" => "Deleted",
        "merge" => "Merged",
        "update" | "replace" | "write-values" => "Updated",
        _ => return None,
    };
    let object = item.text("object").filter(|_| resource == "records");
    let what = text::one_of(object.as_deref().unwrap_or(resource));
    let named = ["name", "title", "content_plaintext", "api_slug"].iter().find_map(|field| item.text(field));
    let id = || item.ids().next().map(|(_, id)| id.into_owned());
    let name = named.filter(|name| !name.is_empty()).or_else(id)?;
    let url = item.text("web_url").map(|url| format!("  {url}")).unwrap_or_default();
    Some(format!("{said} {what} {}{url}", shortened(&name)))
}

/// A record that was shown, as it may be typed next: by a domain or an address, which are one's alone, else by name.
pub fn recent(item: &Item) -> Option<Recent> {
    let (object, name) = (item.text("object")?, item.text("name").filter(|name| !name.is_empty())?);
    let handle = |field| {
        let all = item.text(field)?;
        all.split([',', ';']).next().map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned)
    };
    let reference = ["domains", "email_addresses"].into_iter().find_map(handle);
    Some(Recent { object, reference: reference.unwrap_or_else(|| name.clone()), name })
}

fn shortened(name: &str) -> String {
    let line = name.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::RESOURCES;

    #[test]
    fn what_comes_next_is_a_command() {
        let tree = crate::cli::command();
        for (command, next) in NEXT {
            for line in [command, next] {
                let mut words = line.split(' ');
                let first = words.next().unwrap();
                assert!(tree.find_subcommand(first).is_some(), "{line}");
                let ops = RESOURCES.iter().filter(|known| known.name == first).flat_map(|known| known.ops);
                let verbs: Vec<&str> = ops.map(|op| op.verb).collect();
                assert!(verbs.is_empty() || verbs.contains(&words.next().unwrap()), "{line}");
            }
        }
    }
}

//! Every list says whether it is whole, also where exactly as many rows came as may come.

use super::{Known, borrowed, commands};
use crate::common::{NOTHING, Place};
use attio_crm::api::RESOURCES;
use attio_crm::client::operation::{Answer, Effect, Operation, Paging};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Rows that are asked for.
const ASKED: usize = 7;

fn row(at: usize) -> Value {
    let id = format!("5a6a8a32-0000-4000-8000-{at:012}");
    json!({"id": {"workspace_id": "w", "thing_id": id}, "created_at": "2026-01-01T00:00:00.000000000Z"})
}

/// What the server's list is like: its pages, and how many rows it has.
type List = Arc<Mutex<(Paging, usize)>>;

/// A server with one list, a page at a time where it has pages.
async fn server(list: List) -> MockServer {
    let answer = move |request: &Request| {
        let (paging, total) = *list.lock().unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let number = |name: &str| {
            let in_query = request.url.query_pairs().find(|(key, _)| key == name);
            let in_query = in_query.and_then(|(_, value)| value.parse().ok());
            in_query.or_else(|| Some(body[name].as_u64()? as usize))
        };
        let (from, most) = match paging {
            Paging::Whole => (0, usize::MAX),
            Paging::Capped { .. } => (0, number("limit").unwrap_or(usize::MAX)),
            Paging::Query { .. } | Paging::Body { .. } => {
                (number("offset").unwrap_or(0), number("limit").unwrap_or(10))
            }
            Paging::Cursor { .. } => (number("cursor").unwrap_or(0), number("limit").unwrap_or(10)),
        };
        let to = from.saturating_add(most).min(total);
        let next = (matches!(paging, Paging::Cursor { .. }) && to < total).then(|| to.to_string());
        let rows: Vec<Value> = (from..to).map(row).collect();
        ResponseTemplate::new(200).set_body_json(json!({"data": rows, "pagination": {"next_cursor": next}}))
    };
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// What is said of a list: how many rows there were, and what stands under `complete`, if anything.
fn said(url: &str, command: &Known, limit: &[&str]) -> (usize, Option<Value>) {
    let line = command.line(None);
    let id = |word| if word == "acme.com" { NOTHING } else { word };
    let line: Vec<&str> = borrowed(&line).into_iter().map(id).collect();
    let run = Place::new().against(url, &[&line[..], limit, &["-o", "json"]].concat());
    let rows = run.json().as_array().unwrap_or_else(|| panic!("{line:?}: {run:?}")).len();
    let mut lines = run.stderr.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    (rows, lines.find_map(|line| line.get("meta").map(|meta| meta["complete"].clone())))
}

fn listing(name: &str) -> Option<&'static Operation> {
    let rows = RESOURCES.iter().flat_map(|resource| resource.ops).map(|op| op.operation);
    rows.into_iter().find(|operation| operation.name == name && operation.effect == Effect::Read)
}

#[tokio::test]
async fn every_list_at_its_cap_says_whether_it_is_whole() {
    let list: List = Arc::new(Mutex::new((Paging::Whole, 0)));
    let server = server(Arc::clone(&list)).await;
    let mut walked = 0;
    for command in commands() {
        let name = command.name();
        let Some(Answer::Rows(paging)) = listing(&name).map(|operation| operation.answer) else { continue };
        walked += 1;
        let said = |total: usize, limit: &[&str]| {
            *list.lock().unwrap() = (paging, total);
            said(&server.uri(), &command, limit)
        };
        if let Paging::Capped { max } = paging {
            assert_eq!(said(max, &[]), (max, Some(Value::Null)), "{name}: nobody can tell");
            assert_eq!(said(max - 1, &[]), (max - 1, None), "{name}: it is whole");
            continue;
        }
        let asked = ["--limit", "7"];
        assert_eq!(said(ASKED, &asked), (ASKED, None), "{name}: it is whole");
        assert_eq!(said(ASKED + 1, &asked), (ASKED, Some(false.into())), "{name}: it goes on");
        assert_eq!(said(ASKED + 1, &["--all"]), (ASKED + 1, None), "{name}: all of it");
    }
    assert!(walked >= 25, "only {walked}");
}

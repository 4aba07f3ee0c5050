//! `search`: one list of companies, people and deals.

use crate::common::{Place, Recorder, Run, Seen};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn objects(run: &Run) -> Vec<String> {
    let rows = run.json();
    rows.as_array().unwrap().iter().map(|row| row["object"].as_str().unwrap().to_owned()).collect()
}

/// The remarks and the receipt, a line each.
fn told(run: &Run) -> Vec<Value> {
    run.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn queries(server: &Recorder) -> Vec<Seen> {
    let mut queries: Vec<_> = server.seen().into_iter().filter(|seen| seen.method == "POST").collect();
    queries.sort_by(|a, b| a.path.cmp(&b.path)); // they go out at the same time
    queries
}

#[test]
fn three_queries_make_one_list() {
    let server = Recorder::new(&[]);
    let run = Place::new().against(&server.base_url, &["search", "Jane acme"]);
    assert_eq!((objects(&run), run.stderr.as_str()), (vec!["people".to_owned()], ""));
    let has = |slug: &str, field: Option<&str>, word: &str| match field {
        Some(field) => json!({slug: {field: {"$contains": word}}}),
        None => json!({slug: {"$contains": word}}),
    };
    let both = |fields: &[(&str, Option<&str>)]| {
        let of = |word| match fields {
            [(slug, field)] => has(slug, *field, word),
            several => {
                json!({"$or": several.iter().map(|(slug, field)| has(slug, *field, word)).collect::<Vec<_>>()})
            }
        };
        json!({"$and": [of("Jane"), of("acme")]})
    };
    let sorts = json!([{"direction": "desc", "attribute": "created_at"}, {"direction": "desc", "attribute": "record_id"}]);
    let sent: Vec<_> = queries(&server).into_iter().map(|seen| (seen.path, seen.body)).collect();
    let expected = [
        ("companies", both(&[("name", None), ("domains", Some("domain"))])),
        ("deals", both(&[("name", None)])),
        ("people", both(&[("name", Some("full_name")), ("email_addresses", Some("email_address"))])),
    ]
    .map(|(object, filter)| {
        let body = json!({"filter": filter, "sorts": sorts, "limit": 11, "offset": 0});
        (format!("/v2/objects/{object}/records/query"), body)
    });
    assert_eq!(sent, expected);
}

/// Nobody is answered before all have asked.
#[test]
fn the_queries_go_out_at_the_same_time() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut asked: Vec<_> = (0..3).map(|_| server.accept().unwrap().0).collect();
        for connection in &mut asked {
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                let mut some = [0; 1024];
                let count = connection.read(&mut some).unwrap();
                request.extend(&some[..count]);
            }
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 11";
            connection.write_all(format!("{head}\r\n\r\n{{\"data\":[]}}").as_bytes()).unwrap();
        }
    });
    let run = Place::new().against(&url, &["search", "acme", "--timeout", "20"]);
    assert_eq!(run.json(), json!([]));
}

#[test]
fn each_object_finds_what_its_own_search_finds() {
    let place = Place::new();
    for text in ["acme", "north", "+1 520 555", "https://www.acme.com/about", "jane@acme.com"] {
        let mut apart = String::new();
        for command in ["search-companies", "search-people", "search-deals"] {
            apart += &place.sandbox(&[command, text, "--limit", "3", "-o", "ids"]).stdout;
        }
        assert_eq!(place.sandbox(&["search", text, "--limit", "3", "-o", "ids"]).stdout, apart, "{text}");
    }
    let page = "https://linkedin.com/in/jane-doe";
    assert_eq!(place.sandbox(&["search", page]).error(2)["kind"], "usage");
}

#[test]
fn it_says_which_search_goes_on() {
    let place = Place::new();
    let cut = place.sandbox(&["search", "acme", "--limit", "2"]);
    assert_eq!(objects(&cut), ["companies", "companies", "people", "people", "deals", "deals"]);
    let remark = "the list is cut; raise --limit, or see all with search-people, search-deals";
    let meta = json!({"returned": 6, "complete": false, "next_offset": null});
    assert_eq!(told(&cut), [json!({"remark": remark}), json!({ "meta": meta })]);
    let none = place.sandbox(&["search", "zzzz"]);
    let remark = "no record matches all words; --fuzzy tolerates typos";
    assert_eq!((none.json(), told(&none)), (json!([]), vec![json!({ "remark": remark })]));
    assert_eq!(place.sandbox(&["search", "acme", "--limit", "0"]).error(2)["kind"], "usage");
}

#[test]
fn records_have_the_shape_of_their_object() {
    let place = Place::new();
    let found = place.sandbox(&["search", "acme"]).json();
    for row in found.as_array().unwrap() {
        let get = match row["object"].as_str().unwrap() {
            "companies" => "get-company",
            "people" => "get-person",
            _ => "get-deal",
        };
        let alone = place.sandbox(&[get, row["record_id"].as_str().unwrap(), "--no-names"]).json();
        assert_eq!(*row, alone);
    }
    let raw = place.sandbox(&["search", "acme", "--raw"]).json();
    assert_eq!(raw[0]["values"]["name"][0]["attribute_type"], "text");
}

#[test]
fn fields_may_be_those_of_any_object() {
    let place = Place::new();
    let fields =
        |fields: &str| place.sandbox(&["search", "globex", "--limit", "1", "-q", "--fields", fields]);
    let found = fields("object,stage,name.full_name,about").json();
    let (company, person, deal) = (&found[0], &found[1], &found[2]);
    let email = &person["about"];
    assert_eq!(
        *company,
        json!({"object": "companies", "stage": null, "name.full_name": null, "about": ["globex.com", "globex.example.com"]})
    );
    assert!(person["name.full_name"].is_string() && email[0].as_str().unwrap().contains('@'), "{person}");
    assert!(deal["stage"].is_string() && deal["about"] == deal["stage"], "{deal}");
    assert!(fields("stgae").error(2)["message"].as_str().unwrap().contains("stgae"));
    let table = place.sandbox(&["search", "globex", "--limit", "1", "-q", "-o", "table"]).stdout;
    let columns: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(columns, ["name", "object", "about", "record_id"]);
}

#[test]
fn deals_that_are_switched_off_are_passed_over() {
    let off = json!({"remark": "deals are not enabled in this workspace; skipped"});
    let server = Recorder::new(&["POST /v2/objects/deals=status:404*"]);
    let run = Place::new().against(&server.base_url, &["search", "acme"]);
    let found = objects(&run);
    assert!(found.contains(&"people".to_owned()) && !found.contains(&"deals".to_owned()), "{found:?}");
    assert_eq!(told(&run), std::slice::from_ref(&off));
    let server = Recorder::new(&["POST /v2/objects/people=status:400*"]);
    let run = Place::new().against(&server.base_url, &["search", "acme"]);
    assert_eq!((run.error(1)["status"].clone(), run.stdout.as_str()), (json!(400), ""));
    let server = Recorder::new(&["POST /v2/objects=status:404*"]);
    assert_eq!(Place::new().against(&server.base_url, &["search", "acme"]).error(3)["status"], 404);
}

#[test]
fn fuzzily_all_objects_are_one_call() {
    let server = Recorder::new(&[]);
    let run = Place::new().against(&server.base_url, &["search", "acme", "--fuzzy", "--limit", "4"]);
    let found = run.json();
    assert_eq!(found.as_array().unwrap().len(), 4);
    assert!(found.as_array().unwrap().iter().any(|hit| hit["object_slug"] == "deals"), "{found}");
    let remark = "fuzzy search lags behind writes; without --fuzzy nothing is missed";
    let meta = json!({"returned": 4, "complete": false, "next_offset": null});
    assert_eq!(told(&run), [json!({ "remark": remark }), json!({ "meta": meta })]);
    let body = json!({"query": "acme", "objects": ["companies", "people", "deals"], "limit": 5, "request_as": {"type": "workspace"}});
    let sent: Vec<_> = server.seen().into_iter().map(|seen| (seen.path, seen.body)).collect();
    assert_eq!(sent, [("/v2/objects/records/search".to_owned(), body)]);
    assert_eq!(
        Place::new().sandbox(&["search", "acme", "--fuzzy", "--limit", "26"]).error(2)["kind"],
        "usage"
    );
}

#[tokio::test]
async fn fuzzily_deals_that_are_switched_off_are_passed_over() {
    let server = MockServer::start().await;
    let answer = |request: &wiremock::Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let refused = json!({"status_code": 400, "type": "invalid_request_error", "code": "value_not_found",
            "message": "The referenced object was not found."});
        match body["objects"].as_array().unwrap().contains(&json!("deals")) {
            true => ResponseTemplate::new(400).set_body_json(refused),
            false => ResponseTemplate::new(200).set_body_json(json!({"data": []})),
        }
    };
    Mock::given(any()).respond_with(answer).expect(2).mount(&server).await;
    let run = Place::new().against(&server.uri(), &["search", "acme", "--fuzzy"]);
    assert_eq!(run.json(), json!([]));
    assert!(run.stderr.contains("deals are not enabled in this workspace; skipped"), "{run:?}");
}

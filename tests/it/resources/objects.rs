//! Objects by their slugs.

use super::planned;
use crate::common::{NOTHING, Place};
use serde_json::json;

#[test]
fn an_object_is_created_and_renamed() {
    assert_eq!(
        planned(&[
            "objects",
            "create",
            "--api-slug",
            "projects",
            "--singular-noun",
            "Project",
            "--plural-noun",
            "Projects",
        ]),
        json!({"method": "POST", "path": "/v2/objects", "body": {"data":
            {"api_slug": "projects", "singular_noun": "Project", "plural_noun": "Projects"}}})
    );
    assert_eq!(
        planned(&["objects", "update", "projects", "--plural-noun", "Undertakings"]),
        json!({"method": "PATCH", "path": "/v2/objects/projects", "body": {"data": {"plural_noun": "Undertakings"}}})
    );
}

#[test]
fn what_is_missing_is_said_before_anything_is_sent() {
    let place = Place::new();
    for (args, missing) in [
        (&["objects", "create", "--api-slug", "projects"][..], "--singular-noun"),
        (
            &["objects", "create", "--api-slug", "projects", "--singular-noun", "", "--plural-noun", "x"],
            "empty",
        ),
        (&["objects", "update", "companies"], "nothing to update"),
        (&["objects", "get", "a/b"], "slug"),
    ] {
        let error = place.sandbox(args).error(2);
        assert!(error["message"].as_str().unwrap().contains(missing), "{error}");
    }
}

#[test]
fn deleting_an_object_asks_first() {
    let place = Place::new();
    let refused = place.sandbox(&["objects", "delete", "companies"]).error(9);
    assert!(refused["message"].as_str().unwrap().contains("--yes"), "{refused}");
    assert_eq!(
        planned(&["objects", "delete", "projects"]),
        json!({"method": "DELETE", "path": "/v2/objects/projects"})
    );
}

#[test]
fn ids_are_those_of_the_objects() {
    let place = Place::new();
    let objects = place.sandbox(&["objects", "list"]).json();
    let ids: Vec<&str> =
        objects.as_array().unwrap().iter().map(|one| one["object_id"].as_str().unwrap()).collect();
    assert_eq!(place.sandbox(&["objects", "list", "-o", "ids"]).stdout.lines().collect::<Vec<_>>(), ids);
    assert_eq!(place.sandbox(&["objects", "get", ids[0]]).json(), objects[0]);
}

#[test]
fn an_object_lives_until_it_is_deleted() {
    let place = Place::new();
    let names = ["--api-slug", "projects", "--singular-noun", "Project", "--plural-noun", "Projects"];
    place.sandbox(&[&["objects", "create"], &names[..]].concat()).json();
    let renamed = place.sandbox(&["objects", "update", "projects", "--plural-noun", "Undertakings"]).json();
    assert_eq!(renamed["plural_noun"], "Undertakings");
    let gone = place.sandbox(&["objects", "delete", "projects", "--yes"]).json();
    assert_eq!(gone, json!({"object": "projects", "deleted": true}));
    place.sandbox(&["objects", "get", "projects"]).error(3);
}

#[test]
fn a_view_gives_its_filter_to_a_query() {
    let place = Place::new();
    let view = place.sandbox(&["views", "of-object", "companies", "--limit", "1", "-o", "ids"]).stdout;
    let by_view = ["records", "query", "companies", "--filter-view-id", view.trim(), "--all"];
    assert_eq!(place.sandbox(&by_view).code, 0);
    place.sandbox(&["records", "query", "companies", "--filter-view-id", NOTHING]).error(1);
    assert!(place.sandbox(&["views", "of-list", "sales_pipeline"]).json().is_array());
}

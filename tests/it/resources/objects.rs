use super::planned;
use crate::common::Place;
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

//! Attio's closed sets of words, said once for the client and the sandbox. Only the words: what either makes
//! of them stays apart, so that one is a witness against the other.

/// The events a webhook can subscribe to (Attio's documentation, "Webhooks"). Anything newer goes through
/// `--data`.
pub const EVENTS: [&str; 34] = [
    "activity.created",
    "activity.updated",
    "activity.deleted",
    "activity-attribute.created",
    "activity-attribute.updated",
    "activity-record.created",
    "activity-record.deleted",
    "call-recording.created",
    "comment.created",
    "comment.resolved",
    "comment.unresolved",
    "comment.deleted",
    "list.created",
    "list.updated",
    "list.deleted",
    "list-attribute.created",
    "list-attribute.updated",
    "list-entry.created",
    "list-entry.updated",
    "list-entry.deleted",
    "object-attribute.created",
    "object-attribute.updated",
    "note.created",
    "note.updated",
    "note.deleted",
    "note-content.updated",
    "record.created",
    "record.updated",
    "record.deleted",
    "record.merged",
    "task.created",
    "task.updated",
    "task.deleted",
    "workspace-member.created",
];

/// The parts of a location, all of which Attio wants (Attio's documentation, "Location attributes").
pub const PLACE: [&str; 10] = [
    "line_1",
    "line_2",
    "line_3",
    "line_4",
    "locality",
    "region",
    "postcode",
    "country_code",
    "latitude",
    "longitude",
];

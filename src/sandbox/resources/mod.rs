//! What each part of the API does, one file or folder a resource.

pub(crate) mod activities;
pub(crate) mod attributes;
pub(crate) mod comments;
pub(crate) mod emails;
pub(crate) mod entries;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod lists;
mod markdown;
pub(crate) mod meetings;
pub(crate) mod members;
pub(crate) mod notes;
pub(crate) mod objects;
pub(crate) mod options;
pub(crate) mod recordings;
pub(crate) mod records;
pub(crate) mod search;
pub(crate) mod sequences;
pub(crate) mod sql;
pub(crate) mod tasks;
pub(crate) mod threads;
pub(crate) mod views;
pub(crate) mod webhooks;

//! Meetings.

pub(crate) mod meeting;
pub(crate) mod requests;
mod time;

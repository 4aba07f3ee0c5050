//! A workspace inside this process, in place of the network.

use super::http::{Answer, Outcome};
use super::request::Request;
use super::retry::Seen;
use ::http as types;
use url::Url;

/// From request to response, without a socket.
pub type Local = Box<dyn Fn(&types::Request<Vec<u8>>) -> Result<types::Response<Vec<u8>>, NoWorkspace>>;

/// The workspace's file cannot be used.
pub struct NoWorkspace {
    pub why: String,
    /// What to try.
    pub hint: &'static str,
}

/// Asks the workspace, as [`super::http::Http::send`] asks a server.
pub fn answer(local: &Local, request: &Request) -> Outcome {
    let (kind, body) = request.payload().unwrap_or_default();
    let asked = types::Request::builder()
        .method(request.operation.method.as_str())
        .uri(uri(request))
        .header("authorization", "Bearer sandbox")
        .header("content-type", kind)
        .body(body);
    handle(local, asked)
}

/// Asks for a file, as [`super::http::Http::fetch`] does: without a key.
pub fn fetch(local: &Local, url: &Url) -> Outcome {
    let uri = &url[url::Position::BeforePath..url::Position::AfterQuery];
    handle(local, types::Request::builder().uri(uri).body(Vec::new()))
}

fn handle(local: &Local, asked: types::Result<types::Request<Vec<u8>>>) -> Outcome {
    let broken = |seen, why| Outcome::Broken { seen, why, timed_out: false };
    match asked.map(|asked| local(&asked)) {
        Ok(Ok(answer)) => {
            let (head, body) = answer.into_parts();
            Outcome::Answer(Answer { status: head.status.as_u16(), headers: head.headers, body })
        }
        Ok(Err(error)) => broken(Seen::NoWorkspace(error.hint), error.why),
        Err(error) => broken(Seen::NotSent, error.to_string()),
    }
}

fn uri(request: &Request) -> String {
    if request.query.is_empty() {
        return request.path.clone();
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    format!("{}?{}", request.path, query.extend_pairs(&request.query).finish())
}

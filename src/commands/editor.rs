//! A text that somebody writes in their editor.

use super::{Ctx, Done};
use crate::config::API_KEY;
use crate::error::Error;
use crate::input::{FileText, Text};
use crate::text::{self, Words};
use std::io;
use std::path::PathBuf;
use std::process::Command;
use tokio::sync::oneshot;

/// What starts somebody's editor.
pub struct Editor {
    program: String,
    arguments: Vec<String>,
}

/// A text that was written, in a file until it is sent.
pub struct Draft {
    /// The text.
    pub text: Text,
    file: PathBuf,
}

impl Editor {
    /// The editor that VISUAL or EDITOR names.
    ///
    /// # Errors
    /// Usage, when neither does.
    pub fn of_user() -> Result<Self, Error> {
        let set = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
        let line = set.into_iter().find(|line| !line.trim().is_empty());
        let line = line.ok_or_else(|| hinted(Error::usage("no editor is set")))?;
        match words(&line).map(Vec::into_iter) {
            Some(mut words) => {
                Ok(Self { program: words.next().unwrap_or_default(), arguments: words.collect() })
            }
            None => {
                Err(hinted(Error::usage(format!("not an editor: {line:?}")).why("a quote is not closed")))
            }
        }
    }

    /// Lets somebody write a text, and takes it when the editor ends well. Meanwhile Ctrl-C is the editor's.
    ///
    /// # Errors
    /// Usage, when it cannot be started or ends badly, and when the text is empty or none.
    pub async fn write(self, ctx: &Ctx) -> Result<Draft, Error> {
        let file = tempfile::Builder::new().prefix("attio-note-").suffix(".md").tempfile();
        let file = file.map_err(|e| Error::failure("no file to write the text in").why(e.to_string()))?;
        let file = file.into_temp_path(); // some editors put another file in its place
        let mut editor = Command::new(&self.program);
        // stdout carries the result and nothing else.
        editor.args(self.arguments).arg(&file).stdout(io::stderr()).env_remove(API_KEY);
        ctx.away.set(true);
        let (sender, ended) = oneshot::channel();
        std::thread::spawn(move || sender.send(editor.status()));
        let ended = ended.await.unwrap_or_else(|_| Err(io::Error::other("it cannot be waited for")));
        tokio::task::yield_now().await; // a signal that was meant for the editor is passed over
        ctx.away.set(false);
        let ended = ended.map_err(|e| {
            hinted(Error::usage(format!("cannot start the editor {:?}", self.program)).why(e.to_string()))
        })?;
        let unreadable = |why: String| Error::usage("the text cannot be read").why(why);
        if std::fs::read(&file).map_err(|e| unreadable(e.to_string()))?.trim_ascii().is_empty() {
            let empty = match ended.success() {
                true => Error::usage("the text is empty"),
                false => Error::usage(format!("the editor {:?} failed", self.program)).why(ended.to_string()),
            };
            return Err(empty.hint("nothing was sent"));
        }
        // From here on it is lost neither by an error nor by Ctrl-C.
        let file = file.keep().map_err(|e| unreadable(e.to_string()))?;
        *ctx.draft.borrow_mut() = Some(file.clone());
        let kept = format!("nothing was sent; your text is kept in {}", file.display());
        if !ended.success() {
            let failed = Error::usage(format!("the editor {:?} failed", self.program));
            return Err(failed.why(ended.to_string()).hint(kept));
        }
        match file.to_string_lossy().parse::<FileText>() {
            Ok(text) => Ok(Draft { text: text.into(), file }),
            Err(why) => Err(unreadable(why).hint(kept)),
        }
    }
}

impl Draft {
    /// Removes the file of a text that was sent; one that was not is named.
    ///
    /// # Errors
    /// That of the sending.
    pub fn settle<'c>(self, ctx: &Ctx, sent: Result<Done<'c>, Error>) -> Result<Done<'c>, Error> {
        let file = self.file.display().to_string();
        match sent {
            Ok(Done::Planned(request)) => {
                ctx.client.remark(&format!("your text is kept in {file}"));
                Ok(Done::Planned(request))
            }
            Ok(done) => {
                let _ = std::fs::remove_file(self.file); // it was sent, which is what counts
                ctx.draft.take();
                Ok(done)
            }
            Err(error) => Err(error.also(&format!("your text is kept in {file}")).fact("content_file", file)),
        }
    }
}

fn hinted(error: Error) -> Error {
    error.hint("set EDITOR, as in EDITOR=nano; or give CONTENT, or - for standard input")
}

/// The words of a line, where backslashes are part of a path; none if a quote does not end.
fn words(line: &str) -> Option<Vec<String>> {
    let Words { whole, last, quote } = text::words(line, false);
    quote.is_none().then(|| whole.into_iter().chain(last).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_may_have_arguments_and_blanks_in_its_path() {
        let of = |line| words(line).map(|words| words.join("|"));
        assert_eq!(of(" code  --wait ").as_deref(), Some("code|--wait"));
        assert_eq!(
            of(r#""/my programs/ed" -c 'set tw=72' ''"#).as_deref(),
            Some("/my programs/ed|-c|set tw=72|")
        );
        assert_eq!(of(r"C:\tools\vim.exe -f").as_deref(), Some(r"C:\tools\vim.exe|-f"));
        assert_eq!(of("it's"), None);
    }
}

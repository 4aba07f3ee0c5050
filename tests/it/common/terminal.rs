//! The program at a terminal: what a person sees and types. Pipes and scripts are `Place::run`.

use super::{KEY, Place};
use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use std::io::{Read as _, Write as _};
use std::process::Child;

/// What the Enter key, Ctrl-C and Ctrl-D send.
pub const ENTER: &str = "\r";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";

/// A program under way at a terminal of its own, which echoes what is typed, as a shell's does.
pub struct Terminal {
    pty: Pty,
    program: Child,
    shown: Vec<u8>,
}

/// What was on the screen when the program had ended: both streams and what was typed, in order.
#[must_use]
#[derive(Debug)]
pub struct Screen {
    pub code: i32,
    pub text: String,
}

impl Place {
    /// Starts the program at a terminal so many columns wide, in the embedded workspace.
    pub fn terminal(&self, columns: u16, args: &[&str]) -> Terminal {
        self.plant();
        Terminal::start(self.command(&[&["--sandbox"], args].concat()), columns)
    }
}

impl Terminal {
    pub fn start(mut command: std::process::Command, columns: u16) -> Self {
        command.env("TERM", "xterm-256color");
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(50, columns)).unwrap();
        let program = Command::from(command).spawn(pts).unwrap();
        Self { pty, program, shown: Vec::new() }
    }

    /// Reads until this is on the screen; fails when the program ends before.
    pub fn wait_for(&mut self, text: &str) {
        while !self.text().contains(text) {
            assert!(self.read(), "{text:?} was never shown: {:?}", self.text());
        }
    }

    pub fn type_in(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the end of the program.
    pub fn finish(mut self) -> Screen {
        while self.read() {}
        let code = self.program.wait().unwrap().code().unwrap_or(-1);
        let text = self.text();
        assert!(!text.contains(KEY) && !text.contains("panicked"), "{text}");
        Screen { code, text }
    }

    /// Takes what is there. Linux tells of a terminal that everybody left as an error, others as an end.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let read = self.pty.read(&mut bytes).unwrap_or(0);
        self.shown.extend(&bytes[..read]);
        read > 0
    }

    /// Without colours, its lines ended as in a file.
    fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.shown).replace("\r\n", "\n");
        anstream::adapter::strip_str(&text).to_string()
    }
}

//! Arguments that several commands share, and how their text becomes values.

use crate::client::pages::Window;

// No doc comment: it would become the help of each command that has it.
#[derive(Clone, Debug, clap::Args)]
pub struct Page {
    /// Maximum number of rows
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = at_least_one)]
    limit: usize,
    /// Rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// All rows, however many, in a stable order
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

impl Page {
    /// As the client understands it.
    pub fn window(&self) -> Window {
        Window { offset: self.offset, cursor: None, limit: self.limit() }
    }

    /// Maximum number of rows; `None` for all.
    pub fn limit(&self) -> Option<usize> {
        (!self.all).then_some(self.limit)
    }
}

// As [`Page`], for listings that are continued by a cursor.
#[derive(Clone, Debug, clap::Args)]
pub struct CursorPage {
    /// Maximum number of rows
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = at_least_one)]
    limit: usize,
    /// Cursor from the previous page
    #[arg(long)]
    cursor: Option<String>,
    /// All rows, however many
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl CursorPage {
    /// As the client understands it.
    pub fn window(self) -> Window {
        Window { offset: 0, cursor: self.cursor, limit: (!self.all).then_some(self.limit) }
    }
}

// As [`Page`], for lists that come as a whole: nothing is left out unless somebody asks for that.
#[derive(Clone, Debug, clap::Args)]
pub struct WholePage {
    /// Maximum number of rows [default: all]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    limit: Option<usize>,
    /// Rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// All rows, as is the default
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl WholePage {
    /// As the client understands it.
    pub fn window(self) -> Window {
        let limit = if self.all { None } else { self.limit };
        Window { offset: self.offset, cursor: None, limit }
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("0 rows; use 1 or more, or --all".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

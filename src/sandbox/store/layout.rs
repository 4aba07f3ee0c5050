//! The tables of the database, and how one of ours is told from others.

use rusqlite::Connection;

use super::failure::{Failure, MOVE, RESET};

/// Version of the layout. A later one is refused, never guessed at. (1 was a JSON file.)
const VERSION: u32 = 2;

/// Marks the file as one of ours: "ATIO".
const APPLICATION: u32 = 0x4154_494f;

/// - `things`: rows of objects and lists (their kind is the table's identifier), notes, tasks and all the rest.
///   `parent` is what a thing lies within, `time` what listings are ordered by.
/// - `refs`: the records that a thing mentions; it belongs to a record if it goes when the record goes.
/// - `held`: values of rows that are kept one by one, in their order (see [`super::held`]).
/// - `mentions`: who mentions which record, wherever it is kept.
/// - `uniques`: what the unique attributes of a row hold, in a coarse form (see [`super::rows`]).
/// - `blobs`: the bytes of files, out of the way of everything else.
const LAYOUT: &str = "
    CREATE TABLE counters (made INTEGER NOT NULL, version INTEGER NOT NULL);
    INSERT INTO counters VALUES (0, 0);
    CREATE TABLE workspace (json TEXT NOT NULL);
    INSERT INTO workspace VALUES ('');
    CREATE TABLE things (
        seq INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        time TEXT,
        parent TEXT,
        json TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX things_by_id ON things (kind, id);
    CREATE INDEX things_by_time ON things (kind, time, seq) WHERE time IS NOT NULL;
    CREATE INDEX things_by_parent ON things (parent) WHERE parent IS NOT NULL;
    CREATE TABLE refs (
        record TEXT NOT NULL,
        thing INTEGER NOT NULL REFERENCES things ON DELETE CASCADE,
        belongs INTEGER NOT NULL,
        PRIMARY KEY (record, thing)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX refs_by_thing ON refs (thing);
    CREATE TABLE held (
        thing INTEGER NOT NULL REFERENCES things ON DELETE CASCADE,
        place INTEGER NOT NULL,
        slug TEXT NOT NULL,
        record TEXT NOT NULL,
        json TEXT NOT NULL,
        PRIMARY KEY (thing, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX held_by_record ON held (record, thing);
    CREATE VIEW mentions AS SELECT record, thing FROM refs UNION SELECT record, thing FROM held;
    CREATE TABLE uniques (
        attribute TEXT NOT NULL,
        value TEXT NOT NULL,
        thing INTEGER NOT NULL REFERENCES things ON DELETE CASCADE,
        PRIMARY KEY (attribute, value, thing)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX uniques_by_thing ON uniques (thing);
    CREATE TABLE blobs (
        thing INTEGER PRIMARY KEY REFERENCES things ON DELETE CASCADE,
        bytes BLOB NOT NULL
    ) STRICT;
";

/// Every table of [`LAYOUT`], those that others refer to last.
const TABLES: [&str; 7] = ["blobs", "uniques", "held", "refs", "things", "workspace", "counters"];

/// Makes the tables.
pub(super) fn create(db: &Connection) -> Result<(), Failure> {
    db.execute_batch(LAYOUT)?;
    db.pragma_update(None, "user_version", VERSION)?;
    db.pragma_update(None, "application_id", APPLICATION)?;
    Ok(())
}

/// Removes the tables with all that is in them.
pub(super) fn drop(db: &Connection) -> Result<(), Failure> {
    db.execute_batch("DROP VIEW IF EXISTS mentions")?;
    TABLES.iter().try_for_each(|table| Ok(db.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?))
}

/// Whether there is nothing in a database yet.
///
/// # Errors
/// It cannot be read, is not one of ours, or is of a later version.
pub(super) fn is_blank(db: &Connection) -> Result<bool, Failure> {
    let pragma = |name| db.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    if application == APPLICATION {
        return match version {
            VERSION => Ok(false),
            _ => Err(Failure::new(
                format!("it was written by a later version of attio-crm (format {version})"),
                RESET,
            )),
        };
    }
    match db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, u32>(0))? {
        0 => Ok(true),
        _ => Err(Failure::new("it is a database, but no sandbox of attio-crm", MOVE)),
    }
}

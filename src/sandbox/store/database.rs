//! The database: its transactions, and the schema that is read once and kept until somebody changes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::backup::Backup;
use rusqlite::{Connection, ErrorCode};

use super::failure::Failure;
use super::layout;
use super::schema::{Table, Workspace, named_id};

/// A workspace and everything in it.
#[derive(Debug)]
pub struct Store {
    pub(super) db: Connection,
    /// How many identifiers were handed out.
    made: i64,
    workspace: Workspace,
    /// Which version of the schema `workspace` is; it is raised with each change.
    version: Option<i64>,
    changed: bool,
}

impl Store {
    /// An empty store in memory; it has no layout yet, see [`Store::found`].
    pub(crate) fn memory() -> Result<Self, Failure> {
        Ok(Self::on(Connection::open_in_memory()?))
    }

    /// A store on an open database. `patience` is how long it waits for others to finish writing.
    pub(super) fn shared(db: Connection, patience: Duration) -> Result<Self, Failure> {
        db.busy_timeout(patience)?;
        db.pragma_update(None, "synchronous", "FULL")?;
        // Here alone SQLite does not wait: two that open a new file at once would wait for each other.
        let until = Instant::now() + patience;
        while let Err(error) = db.pragma_update(None, "journal_mode", "WAL") {
            if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) || Instant::now() > until {
                return Err(error.into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(Self::on(db))
    }

    fn on(db: Connection) -> Self {
        // A handful of statements serve all requests.
        db.set_prepared_statement_cache_capacity(64);
        Self { db, made: 0, workspace: Workspace::default(), version: None, changed: false }
    }

    /// Lays out a blank store and fills it, in one transaction. Where another process was faster, nothing is done.
    ///
    /// # Errors
    /// Those of the database and of `fill`; the database may also be a stranger's, or of a later version.
    pub(crate) fn found(
        &mut self,
        fill: impl FnOnce(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        // On one state: another process may be laying it out just now.
        if !self.transact("BEGIN", |store| layout::is_blank(&store.db))? {
            return Ok(());
        }
        self.transact("BEGIN IMMEDIATE", |store| match layout::is_blank(&store.db)? {
            true => store.begin_anew(0, fill),
            false => Ok(()),
        })
    }

    /// Empties the store and fills it anew, in one transaction: others see the old content or the new.
    ///
    /// # Errors
    /// As [`Store::found`].
    pub(crate) fn refound(
        &mut self,
        fill: impl FnOnce(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.transact("BEGIN IMMEDIATE", |store| {
            let version = if layout::is_blank(&store.db)? { 0 } else { store.counters()?.1 };
            layout::drop(&store.db)?;
            store.begin_anew(version, fill)
        })
    }

    fn begin_anew(
        &mut self,
        version: i64,
        fill: impl FnOnce(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        layout::create(&self.db)?;
        (self.made, self.workspace, self.version) = (0, Workspace::default(), Some(version));
        fill(self)?;
        self.changed = true;
        self.save()
    }

    /// Runs what only reads, on one state of the store.
    ///
    /// # Errors
    /// Those of the database and of `run`.
    pub(crate) fn read<T, E: From<Failure>>(
        &mut self,
        run: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact("BEGIN", |store| {
            store.refresh()?;
            run(store)
        })
    }

    /// Runs what writes. When it fails, everything is as it was; when it succeeds, it is on the disk. Within another
    /// transaction, that one decides.
    ///
    /// # Errors
    /// Those of the database and of `run`.
    pub(crate) fn write<T, E: From<Failure>>(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.db.is_autocommit() {
            return run(self);
        }
        // Taken at once: a lock that is asked for in the middle may be refused when it is too late to wait.
        self.transact("BEGIN IMMEDIATE", |store| {
            store.refresh()?;
            let done = run(store)?;
            store.save()?;
            Ok(done)
        })
    }

    fn transact<T, E: From<Failure>>(
        &mut self,
        begin: &str,
        run: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute(begin)?;
        let done = run(self).and_then(|done| {
            self.execute("COMMIT")?;
            Ok(done)
        });
        if done.is_err() {
            // The schema in memory may have been changed; it is read again.
            (self.version, self.changed) = (None, false);
            if !self.db.is_autocommit() {
                self.execute("ROLLBACK")?;
            }
        }
        done
    }

    fn execute(&self, sql: &str) -> Result<(), Failure> {
        self.db.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn counters(&self) -> Result<(i64, i64), Failure> {
        let mut statement = self.db.prepare_cached("SELECT made, version FROM counters")?;
        Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Reads the schema again if somebody changed it.
    fn refresh(&mut self) -> Result<(), Failure> {
        let (made, version) = self.counters()?;
        self.made = made;
        if self.version != Some(version) {
            let json: String = self.db.query_row("SELECT json FROM workspace", [], |row| row.get(0))?;
            self.workspace = serde_json::from_str(&json)?;
            self.version = Some(version);
        }
        Ok(())
    }

    fn save(&mut self) -> Result<(), Failure> {
        if self.changed {
            let json = serde_json::to_string(&self.workspace)?;
            self.db.execute("UPDATE workspace SET json = ?1", [json])?;
            self.version = Some(self.version.unwrap_or(0) + 1);
        }
        let mut statement = self.db.prepare_cached("UPDATE counters SET made = ?1, version = ?2")?;
        statement.execute([self.made, self.version.unwrap_or(0)])?;
        self.changed = false;
        Ok(())
    }

    /// The next identifier: a UUID v5 of a counter.
    pub(crate) fn next_id(&mut self) -> String {
        self.made += 1;
        named_id(&self.made.to_string())
    }

    /// Goes on where another store stopped to hand out identifiers.
    pub(crate) fn go_on_from(&mut self, made: i64) {
        self.made = made;
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The schema, to change it.
    pub(crate) fn workspace_mut(&mut self) -> &mut Workspace {
        self.changed = true;
        &mut self.workspace
    }

    /// Changes a table of the schema.
    pub(crate) fn change_table(&mut self, id: &str, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.workspace_mut().tables_mut().find(|table| table.id == id) {
            change(table);
        }
    }

    /// Finds an object by slug or identifier.
    pub(crate) fn object(&self, name: &str) -> Option<Arc<Table>> {
        self.workspace.object(name).cloned()
    }

    /// Finds a list by slug or identifier.
    pub(crate) fn list(&self, name: &str) -> Option<Arc<Table>> {
        self.workspace.list(name).cloned()
    }

    /// Closes the file with everything in it, nothing beside it.
    pub(crate) fn close(self) -> Result<(), Failure> {
        self.db.close().map_err(|(_, error)| error.into())
    }

    /// A copy in memory, of which this store learns nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub fn copy(&self) -> Result<Self, Failure> {
        let mut db = Connection::open_in_memory()?;
        Backup::new(&self.db, &mut db)?.step(-1)?;
        Ok(Self::on(db))
    }
}

//! Files of our own: readable by their owner and nobody else (0600 in 0700).

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

/// Opens a file to read and write it, and makes it and its folder where they are missing.
///
/// # Errors
/// Whatever the system says.
pub fn open(file: &Path) -> io::Result<File> {
    private(file, OpenOptions::new().read(true).write(true).create(true).truncate(false))
}

/// Opens a file to append to it, and makes it and its folder where they are missing.
///
/// # Errors
/// Whatever the system says.
pub fn append(file: &Path) -> io::Result<File> {
    private(file, OpenOptions::new().append(true).create(true))
}

/// Replaces a file, and makes its folder where it is missing. Readers see the old content or the new
/// one, never a part.
///
/// # Errors
/// Whatever the system says.
pub fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    create_dir(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(content)?;
    new.persist(file)?;
    Ok(())
}

fn private(file: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            file.parent().map_or(Ok(()), create_dir)?;
            options.open(file)
        }
        result => result,
    }
}

fn create_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

//! Files of our own: readable by their owner and nobody else (0600 in 0700).

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder, with its parents, that only its owner can enter.
///
/// # Errors
/// Whatever the system says; an existing folder is none.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// How a file that only its owner can read is created.
pub fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a private file to append to it, and its folder if need be.
///
/// # Errors
/// Whatever the system says.
pub fn append_private(file: &Path) -> io::Result<File> {
    if let Some(dir) = file.parent() {
        create_private_dir(dir)?;
    }
    private_options().append(true).create(true).open(file)
}

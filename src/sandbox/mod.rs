//! The sandbox: an Attio workspace inside the program.

pub mod fault;
pub mod server;
pub struct Sandbox {
    file: std::path::PathBuf,
}
impl Sandbox {
    pub fn open(file: impl Into<std::path::PathBuf>) -> Self {
        Self { file: file.into() }
    }
    pub fn reset(&self) -> std::io::Result<()> {
        Ok(())
    }
    pub fn handle(&self, _r: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let _ = &self.file;
        http::Response::new(Vec::new())
    }
}

//! Parse, run, exit code.

fn main() -> std::process::ExitCode {
    attio_crm::cli::main()
}

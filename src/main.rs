//! Arguments in, exit status out.

use std::process::ExitCode;

use protolint::cli;

/// Parsing makes many short-lived strings on all threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(cli::parse())
}

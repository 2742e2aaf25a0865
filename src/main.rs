//! Arguments in, exit status out.

use std::process::ExitCode;

use clap::Parser;
use protolint::cli::{self, Cli};

/// Parsing makes many short-lived strings on all threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(Cli::parse())
}

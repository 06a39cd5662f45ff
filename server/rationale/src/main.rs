//! The program `rationale`. All that it does is in the library beside it.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Relations and terms are trees of small values, made and dropped all the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    rationale::cli::main()
}

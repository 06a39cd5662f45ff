//! The program `rationale`. All that it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    rationale::cli::main()
}

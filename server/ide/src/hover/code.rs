//! What a diagnostic says, for its code in an ignore comment or in the configuration.

use crate::markdown;
use checks::{Severity, code};

/// The code, its level where nobody asked for another, and its summary; `None` for a code that is
/// none.
pub(super) fn story(name: &str) -> Option<Vec<String>> {
    let code = code(name)?;
    let default = Severity::of_level(code.default).map_or("off", Severity::name);
    let more = markdown::code(&format!("rationale explain {}", code.name));
    Some(vec![
        format!("**{}** · {default} by default", code.name),
        code.summary.to_owned(),
        format!("{more} tells more."),
    ])
}

//! The manual of the diagnostics: what `rationale explain` prints of each, on one page.

use checks::{Code, codes};
use std::fmt::Write;

/// The page, as Markdown.
pub(crate) fn manual() -> String {
    let mut page = String::from(
        "<!-- Made by `cargo xtask codes` from the comments in `server/checks/src`. -->\n\n\
         # Codes\n\n\
         What Rationale says, each with its level where nobody asks for another. `rationale explain \
         CODE` prints the same; `rationale.toml` sets levels under `[checks]`.\n\n\
         | code | level | says |\n| --- | --- | --- |\n",
    );
    for code in codes() {
        let Code { name, summary, .. } = code;
        let anchor = name.replace('.', "");
        let level = code.default.name();
        let _ = writeln!(page, "| [`{name}`](#{anchor}) | {level} | {summary} |");
    }
    for code in codes() {
        let _ = write!(page, "\n## {}\n\n", code.name);
        let level = code.default.name();
        let silenced = if code.can_be_silenced {
            ""
        } else {
            " An ignore comment does not silence it."
        };
        let _ = writeln!(page, "{} Level: {level}.{silenced}\n", code.summary);
        page.push_str(&deeper(&code.documentation()));
    }
    page
}

/// `markdown` with each heading one level deeper.
fn deeper(markdown: &str) -> String {
    let mut in_code = false;
    let lines = markdown.lines().map(|line| {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        let deeper = if line.starts_with('#') && !in_code {
            "#"
        } else {
            ""
        };
        format!("{deeper}{line}\n")
    });
    lines.collect()
}

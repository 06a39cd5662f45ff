//! The documentation of a diagnostic, taken from the comment at the start of its file, so that what
//! `rationale explain` and the manual say stands beside the code that does it.

/// The text of the module comment that `source` starts with, as Markdown.
///
/// The headings in such a comment are of the first level, as rustdoc likes them; here they are one
/// level deeper, below the name of the code.
pub(crate) fn harvest(source: &str) -> String {
    let mut documentation = String::new();
    let mut in_code = false;
    for line in source.lines() {
        let Some(text) = line.strip_prefix("//!") else {
            break;
        };
        let text = text.strip_prefix(' ').unwrap_or(text);
        if text.starts_with("```") {
            in_code = !in_code;
        }
        if text.starts_with('#') && !in_code {
            documentation.push('#');
        }
        documentation.push_str(text);
        documentation.push('\n');
    }
    documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_comment_is_harvested_and_nothing_after_it() {
        let source = "//! One line.\n//!\n//! # Example\n//! ```yaml\n//! # no heading\n//!   a: 1\n\
                      //! ```\n\nuse x;\n//! not this\n";
        let expected = "One line.\n\n## Example\n```yaml\n# no heading\n  a: 1\n```\n";
        assert_eq!(harvest(source), expected);
        assert_eq!(harvest("use x;\n"), "");
    }
}

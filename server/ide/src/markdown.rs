//! Markdown from texts that know nothing of it: prose and SQL as people wrote them come out as they
//! stand, whatever characters are in them. Knows nothing of what the texts are about.

/// How much of a text is shown where the whole story is to fit on one screen, in characters.
const LONGEST_PROSE: usize = 700;

/// `text` as Markdown that shows it as it stands: lines and paragraphs kept, nothing emphasised. A
/// long text is cut off at a word.
pub(crate) fn prose(text: &str) -> String {
    let lines = shortened(text, LONGEST_PROSE);
    let escaped: Vec<String> = lines.trim().lines().map(escaped_line).collect();
    escaped.join("\n")
}

/// `text` as one line of Markdown prose, at most `limit` characters long.
pub(crate) fn line(text: &str, limit: usize) -> String {
    escaped_line(&shortened(&joined(text), limit))
}

/// `text` as a quotation.
pub(crate) fn quotation(text: &str) -> String {
    let quoted: Vec<String> = prose(text)
        .lines()
        .map(|line| format!("> {line}").trim_end().to_owned())
        .collect();
    quoted.join("\n")
}

/// `text` as code within a line.
pub(crate) fn code(text: &str) -> String {
    let text = joined(text);
    let fence = "`".repeat(longest_run_of_backticks(&text) + 1);
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// `text` as a block of SQL, its lines moved left as far as they have blanks in common.
pub(crate) fn sql_block(text: &str) -> String {
    let fence = "`".repeat((longest_run_of_backticks(text) + 1).max(3));
    let lines: Vec<&str> = text.trim().lines().collect();
    let margin = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let margin = margin
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let first = lines.first().copied();
    let rest = lines
        .iter()
        .skip(1)
        .map(|line| line.get(margin..).unwrap_or_default());
    let moved: Vec<&str> = first.into_iter().chain(rest).collect();
    format!("{fence}sql\n{}\n{fence}", moved.join("\n"))
}

/// All words of `text` with one blank between them.
fn joined(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// `text`, or as many of its words as fit into `limit` characters and an ellipsis.
fn shortened(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let kept = text.get(..end).unwrap_or_default();
    let kept = kept
        .rsplit_once(char::is_whitespace)
        .map_or(kept, |(words, _)| words);
    format!("{} …", kept.trim_end())
}

/// One line with a backslash before whatever Markdown would take for more than text (CommonMark
/// 0.31, section 2.4). What is harmless where it stands is left alone, so that the text can be read
/// in a client that does not render it.
fn escaped_line(line: &str) -> String {
    let line = line.trim();
    let mut escaped = String::with_capacity(line.len() + 8);
    let body = opening(line).map_or(line, |(before, marker)| {
        escaped.push_str(before);
        escaped.push('\\');
        marker
    });
    let mut previous: Option<char> = None;
    let mut before_underscores: Option<char> = None;
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let is_markup = match character {
            '\\' | '`' | '[' | ']' | '<' | '|' | '~' => true,
            // Between blanks it emphasises nothing.
            '*' => !(is_blank(previous) && is_blank(next)),
            // Nor do underscores within a word.
            '_' => {
                let next = characters.clone().find(|next| *next != '_');
                !(is_word(before_underscores) && is_word(next))
            }
            // The start of an entity, such as `&lt;`.
            '&' => {
                let name = characters
                    .clone()
                    .find(|next| !next.is_ascii_alphanumeric() && *next != '#');
                name == Some(';')
            }
            _ => false,
        };
        // An opening that was escaped above must not be escaped twice.
        if is_markup && !(previous.is_none() && escaped.ends_with('\\')) {
            escaped.push('\\');
        }
        escaped.push(character);
        previous = Some(character);
        if character != '_' {
            before_underscores = previous;
        }
    }
    escaped
}

/// Where a line opens with what starts a heading, a list, a quotation or a rule: what goes before
/// the character that does it, and what starts with that character.
fn opening(line: &str) -> Option<(&str, &str)> {
    let digits = line.len()
        - line
            .trim_start_matches(|letter: char| letter.is_ascii_digit())
            .len();
    let (before, marker) = line.split_at_checked(digits)?;
    let mut characters = marker.chars();
    let first = characters.next()?;
    let next = characters.next();
    let opens = match first {
        '.' | ')' => (1..=9).contains(&digits) && is_blank(next),
        '#' | '>' => digits == 0,
        '+' | '-' | '=' | '*' => digits == 0 && (is_blank(next) || next == Some(first)),
        _ => false,
    };
    opens.then_some((before, marker))
}

fn is_blank(neighbour: Option<char>) -> bool {
    neighbour.is_none_or(char::is_whitespace)
}

fn is_word(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(char::is_alphanumeric)
}

fn longest_run_of_backticks(text: &str) -> usize {
    let runs = text.split(|character| character != '`').map(str::len);
    runs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_comes_out_as_it_stands() {
        for (text, markdown) in [
            (
                "The total value of each order.",
                "The total value of each order.",
            ),
            ("*all* of it, _really_", r"\*all\* of it, \_really\_"),
            ("quantity * unit_price", "quantity * unit_price"),
            ("a | b, `c`, <d>, [e](f)", r"a \| b, \`c\`, \<d>, \[e\](f)"),
            ("AT&T &lt; R & D", r"AT&T \&lt; R & D"),
            ("# not a heading", r"\# not a heading"),
            ("* no list", r"\* no list"),
            ("1. no list", r"1\. no list"),
            ("2026-01-10 is a day", "2026-01-10 is a day"),
            (
                "stg__order_id and __init__",
                r"stg__order_id and \_\_init\_\_",
            ),
            ("back\\slash", r"back\\slash"),
            ("", ""),
        ] {
            assert_eq!(prose(text), markdown, "{text}");
        }
    }

    #[test]
    fn lines_and_paragraphs_are_kept() {
        assert_eq!(prose("one\n  - two\n\nthree\r\n"), "one\n\\- two\n\nthree");
        assert_eq!(quotation("one\n\ntwo"), "> one\n>\n> two");
        assert_eq!(line("one\n\n  two", 80), "one two");
    }

    #[test]
    fn what_is_long_ends_at_a_word() {
        assert_eq!(line("one two three", 9), "one two …");
        assert_eq!(line("Überlänge", 4), "Über …");
        assert!(prose(&"word ".repeat(1000)).chars().count() <= LONGEST_PROSE + 2);
    }

    #[test]
    fn code_holds_any_text() {
        for (text, markdown) in [
            ("a * b", "`a * b`"),
            ("`order`.id", "`` `order`.id ``"),
            ("a\n  + b", "`a + b`"),
            ("x ``` y", "````x ``` y````"),
        ] {
            assert_eq!(code(text), markdown, "{text}");
        }
    }

    #[test]
    fn a_block_is_moved_left() {
        assert_eq!(
            sql_block("case\n        when a then b\n    end"),
            "```sql\ncase\n    when a then b\nend\n```"
        );
        assert_eq!(sql_block("a -- ```"), "````sql\na -- ```\n````");
    }
}

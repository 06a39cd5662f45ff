//! Markdown for a terminal: the few forms that our own documentation uses, no more. Text is filled
//! to the width; code stays as it is.

use super::terminal::{BOLD, CODE, DIM, Terminal};

/// `markdown` as lines for `terminal`, each with its line end.
pub(super) fn render(terminal: Terminal, markdown: &str) -> String {
    let mut page = Page {
        terminal,
        text: String::new(),
    };
    let mut paragraph: Option<Paragraph> = None;
    let mut fence: Option<&str> = None;
    for line in markdown.lines() {
        let trimmed = line.trim_start();
        if let Some(mark) = fence {
            if trimmed.starts_with(mark) {
                fence = None;
            } else {
                page.code_line(line);
            }
            continue;
        }
        let opened = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        let is_heading = trimmed.starts_with('#');
        let item = trimmed.strip_prefix("- ");
        if trimmed.is_empty() || opened.is_some() || is_heading || item.is_some() {
            paragraph
                .take()
                .into_iter()
                .for_each(|open| page.fill(&open));
        }
        if trimmed.is_empty() {
            page.blank_line();
        } else if opened.is_some() {
            fence = opened;
        } else if is_heading {
            page.heading(trimmed.trim_start_matches('#').trim());
        } else if let Some(item) = item {
            paragraph = Some(Paragraph {
                bullet: "- ",
                text: item.to_owned(),
            });
        } else if let Some(open) = &mut paragraph {
            open.text.push(' ');
            open.text.push_str(trimmed);
        } else {
            paragraph = Some(Paragraph {
                bullet: "",
                text: trimmed.to_owned(),
            });
        }
    }
    paragraph.into_iter().for_each(|open| page.fill(&open));
    page.text
}

/// Lines that are filled together.
struct Paragraph {
    bullet: &'static str,
    text: String,
}

struct Page {
    terminal: Terminal,
    text: String,
}

impl Page {
    fn blank_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn heading(&mut self, text: &str) {
        self.text.push_str(&self.terminal.paint(BOLD, text));
        self.text.push('\n');
    }

    fn code_line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str("    ");
            self.text.push_str(&self.terminal.paint(DIM, line));
        }
        self.text.push('\n');
    }

    fn fill(&mut self, paragraph: &Paragraph) {
        let indent = " ".repeat(paragraph.bullet.len());
        let mut line_width = indent.len();
        self.text.push_str(paragraph.bullet);
        for (position, word) in words(&paragraph.text).into_iter().enumerate() {
            let width = word.chars().count();
            if position > 0 && line_width + 1 + width > self.terminal.width {
                self.text.push('\n');
                self.text.push_str(&indent);
                line_width = indent.len();
            } else if position > 0 {
                self.text.push(' ');
                line_width += 1;
            }
            line_width += width;
            self.word(&word);
        }
        self.text.push('\n');
    }

    /// A word with its code spans: painted where colors show, else in backticks.
    fn word(&mut self, word: &str) {
        if !self.terminal.is_colored {
            self.text.push_str(word);
            return;
        }
        for (position, part) in word.split('`').enumerate() {
            if position % 2 == 1 {
                self.text.push_str(&self.terminal.paint(CODE, part));
            } else {
                self.text.push_str(part);
            }
        }
    }
}

/// The words of `text`. A code span is not broken.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut in_code = false;
    for character in text.chars() {
        in_code ^= character == '`';
        if character.is_whitespace() && !in_code {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        } else {
            word.push(character);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str = "\
One `code span` and more words
that are filled.

## Example
```yaml
# no heading
- a: 1
```

- one item
- another item that is longer
";

    const PAGE: &str = "\
One `code span` and
more words that are
filled.

Example
    # no heading
    - a: 1

- one item
- another item that
  is longer
";

    #[test]
    fn text_is_filled_and_code_is_not() {
        let terminal = Terminal {
            is_colored: false,
            width: 20,
        };
        assert_eq!(render(terminal, MARKDOWN), PAGE);
    }

    #[test]
    fn colors_replace_the_marks() {
        let terminal = Terminal {
            is_colored: true,
            width: 80,
        };
        let text = render(terminal, "A `b c` d.\n");
        assert_eq!(text, "A \u{1b}[36mb c\u{1b}[0m d.\n");
    }

    #[test]
    fn an_open_fence_or_code_span_ends_with_the_text() {
        let terminal = Terminal {
            is_colored: false,
            width: 80,
        };
        assert_eq!(render(terminal, "a `b\n\n```\nc"), "a `b\n\n    c\n");
    }
}

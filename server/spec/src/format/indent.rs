//! How far each line is indented: two blanks for each mapping or list around it.

use super::{Lines, Output};
use syntax::yaml::{Node, NodeKind, Style};

/// How much further what is inside stands.
const STEP: usize = 2;

/// The columns that mappings and lists around a line have now, and those that they get.
type Columns = Vec<(usize, usize)>;

/// What a line is to its layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LineRole {
    /// It holds nothing, and may go.
    Blank,
    /// It begins with a key, a dash, or a value on a line of its own.
    Start {
        /// Where it begins afterwards.
        column: usize,
        /// What is around it.
        around: Columns,
    },
    /// It is inside of a text in a block, whose lines begin at the one column and will at the other.
    Block(usize, usize),
    /// It goes on with a text or a list in brackets, and begins at this column.
    Continued(usize),
    /// A comment that fills the line, with the column that it gets.
    Comment(usize),
}

/// The roles of all lines.
pub(super) struct Indents {
    pub(super) roles: Vec<LineRole>,
}

impl Indents {
    /// The layout of what `root`, a mapping, says; `None` for what is not understood.
    pub(super) fn new(lines: &Lines<'_>, root: &Node) -> Option<Indents> {
        let mut walk = Walk {
            lines,
            roles: vec![None; lines.lines.len()],
        };
        walk.mapping(root, 0, &Vec::new())?;
        let mut roles = walk.roles;
        for at in 0..roles.len() {
            if roles.get(at).is_some_and(Option::is_none) {
                let text = lines.line(at).trim();
                let role = match text {
                    "" => LineRole::Blank,
                    comment if comment.starts_with('#') => {
                        LineRole::Comment(column_of_comment(lines, &roles, at))
                    }
                    // The marks that begin and end a document.
                    mark if mark.starts_with("---") || mark == "..." || mark.starts_with('%') => {
                        LineRole::Continued(0)
                    }
                    _ => return None,
                };
                if let Some(slot) = roles.get_mut(at) {
                    *slot = Some(role);
                }
            }
        }
        Some(Indents {
            roles: roles.into_iter().collect::<Option<Vec<LineRole>>>()?,
        })
    }

    /// The lines as they are laid out, one for each.
    pub(super) fn laid_out(&self, lines: &Lines<'_>) -> Vec<Output> {
        let laid_out = self.roles.iter().enumerate().map(|(at, role)| {
            let text = lines.line(at);
            let indented = |column: usize, text: &str| format!("{}{text}", " ".repeat(column));
            let text = match role {
                LineRole::Blank => String::new(),
                LineRole::Start { column, .. } => indented(*column, &with_dashes(text.trim())),
                LineRole::Continued(_) | LineRole::Comment(_) if text.trim().is_empty() => {
                    String::new()
                }
                LineRole::Continued(column) | LineRole::Comment(column) => {
                    indented(*column, text.trim())
                }
                LineRole::Block(before, after) => match text.get(*before..) {
                    Some(content) if !text.trim().is_empty() => indented(*after, content),
                    // Blanks further in than the text begins are a part of it.
                    Some(content) if !content.is_empty() => indented(*after, content),
                    _ => String::new(),
                },
            };
            Output {
                line: Some(at),
                text,
            }
        });
        laid_out.collect()
    }
}

/// With one blank behind each dash that begins an item.
fn with_dashes(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.starts_with(' ') => format!("- {}", with_dashes(rest.trim_start())),
        _ => text.to_owned(),
    }
}

/// A comment stands where what it is about stands: what follows it, if both were at one column; else
/// what was around the line before it.
fn column_of_comment(lines: &Lines<'_>, roles: &[Option<LineRole>], at: usize) -> usize {
    let text = lines.line(at);
    let own = text.len() - text.trim_start().len();
    let around = |role: &Option<LineRole>| match role {
        Some(LineRole::Start { around, .. }) => Some(around.clone()),
        _ => None,
    };
    let next = roles.iter().skip(at + 1).find_map(&around);
    let previous = roles.iter().take(at).rev().find_map(&around);
    let exact = |columns: &Columns| {
        let found = columns.iter().rev().find(|(before, _)| *before == own);
        found.map(|(_, after)| *after)
    };
    let known = next.iter().chain(&previous);
    if let Some(column) = known.clone().find_map(exact) {
        return column;
    }
    match (&next, &previous) {
        (Some(next), _) => next.last().map_or(0, |(_, after)| *after),
        (None, Some(previous)) => {
            let outer = previous.iter().rev().find(|(before, _)| *before <= own);
            outer.map_or(0, |(_, after)| *after)
        }
        (None, None) => 0,
    }
}

struct Walk<'a, 't> {
    lines: &'a Lines<'t>,
    roles: Vec<Option<LineRole>>,
}

impl Walk<'_, '_> {
    fn set(&mut self, line: usize, role: LineRole) {
        if let Some(slot) = self.roles.get_mut(line)
            && slot.is_none()
        {
            *slot = Some(role);
        }
    }

    /// A mapping in block style whose keys get to `column`.
    fn mapping(&mut self, node: &Node, column: usize, around: &Columns) -> Option<()> {
        let NodeKind::Mapping { entries, flow } = &node.kind else {
            return None;
        };
        if *flow {
            return None;
        }
        let first = entries.first()?;
        let mut around = around.clone();
        around.push((self.lines.column(first.key.range.start()), column));
        for entry in entries {
            let line = self.lines.of(entry.key.range.start());
            // `? key` and keys over several lines have a layout of their own.
            let is_plain = matches!(entry.key.kind, NodeKind::Scalar { .. })
                && self.lines.of(entry.key.range.end()) == line
                && !self.lines.line(line).trim_start().starts_with("? ");
            if !is_plain {
                return None;
            }
            let around_line = around.clone();
            self.set(
                line,
                LineRole::Start {
                    column,
                    around: around_line,
                },
            );
            self.value(&entry.value, line, column, &around)?;
        }
        Some(())
    }

    /// The value of a key that stands on `line` and gets to `column`.
    fn value(&mut self, node: &Node, line: usize, column: usize, around: &Columns) -> Option<()> {
        let start = self.lines.of(node.range.start());
        match &node.kind {
            NodeKind::Mapping { flow: false, .. } => {
                (start > line).then_some(())?;
                self.mapping(node, column + STEP, around)
            }
            NodeKind::Sequence { flow: false, .. } => {
                (start > line).then_some(())?;
                self.sequence(node, column + STEP, around)
            }
            _ => {
                let before = around.last().map_or(0, |(before, _)| *before);
                self.leaf(node, line, column, (before, column))
            }
        }
    }

    /// A list in block style whose dashes get to `column`.
    fn sequence(&mut self, node: &Node, column: usize, around: &Columns) -> Option<()> {
        let before = self.lines.column(node.range.start());
        let mut around = around.clone();
        around.push((before, column));
        let (first, last) = (
            self.lines.of(node.range.start()),
            self.lines.of(node.range.end()),
        );
        for line in first..=last {
            let text = self.lines.line(line);
            let dash = text
                .get(before..)
                .filter(|rest| rest.starts_with("- ") || rest.trim_end() == "-");
            let is_first = text.get(..before).is_some_and(|it| it.trim().is_empty());
            if dash.is_some() && is_first {
                let around = around.clone();
                self.set(line, LineRole::Start { column, around });
            }
        }
        for item in node.items() {
            let line = self.lines.of(item.range.start());
            let inner = column + STEP;
            match &item.kind {
                NodeKind::Mapping { flow: false, .. } => self.mapping(item, inner, &around)?,
                NodeKind::Sequence { flow: false, .. } => self.sequence(item, inner, &around)?,
                _ => {
                    let text = self.lines.line(line);
                    let behind = text.get(before + 1..).unwrap_or_default();
                    let content = text.len() - behind.trim_start().len();
                    self.leaf(item, line, column, (content, inner))?;
                }
            }
        }
        Some(())
    }

    /// A value that is no block: a text, or a collection in brackets. What it belongs to stands on
    /// `line` and gets to `column`; what it begins with moves from the one column to the other.
    fn leaf(
        &mut self,
        node: &Node,
        line: usize,
        column: usize,
        (before, after): (usize, usize),
    ) -> Option<()> {
        if node.range.is_empty() {
            return Some(());
        }
        let start = self.lines.of(node.range.start());
        // One that ends with a line end ends on that line.
        let last = node.range.end().checked_sub(syntax::TextSize::new(1))?;
        let last = self.lines.of(last.max(node.range.start()));
        match &node.kind {
            NodeKind::Scalar {
                style: Style::Literal | Style::Folded,
                ..
            } => {
                (start == line).then_some(())?;
                let header = self.lines.slice(node.range).lines().next()?;
                // An indentation that is written down is one that has to stay.
                let has_number = header.chars().any(|letter| letter.is_ascii_digit());
                let mut inside = (start + 1..=last).map(|line| self.lines.line(line));
                let first = inside.find(|text| !text.trim().is_empty());
                let first = first.map_or(0, |text| text.len() - text.trim_start_matches(' ').len());
                if has_number && before != after {
                    return None;
                }
                let moved = if has_number { first } else { column + STEP };
                for line in start + 1..=last {
                    self.set(line, LineRole::Block(first, moved));
                }
            }
            NodeKind::Mapping { .. } | NodeKind::Sequence { .. } => {
                for line in line + 1..=last {
                    let text = self.lines.line(line);
                    let own = text.len() - text.trim_start().len();
                    let moved = (own + after).saturating_sub(before);
                    self.set(line, LineRole::Continued(moved.max(column + 1)));
                }
            }
            _ => {
                for line in line + 1..=last {
                    self.set(line, LineRole::Continued(column + STEP));
                }
            }
        }
        Some(())
    }
}

//! Edits of the kinds of joins.

use super::QueryEditor;
use super::selects::Selects;
use crate::skeleton::Source;
use syntax::{TextEdit, TextRange};

/// How a table is joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// `JOIN`
    Inner,
    /// `LEFT JOIN`
    Left,
    /// `RIGHT JOIN`
    Right,
    /// `FULL JOIN`
    Full,
}

impl JoinKind {
    /// All of them.
    pub const ALL: [JoinKind; 4] = [
        JoinKind::Inner,
        JoinKind::Left,
        JoinKind::Right,
        JoinKind::Full,
    ];

    fn word(self) -> &'static str {
        match self {
            JoinKind::Inner => "INNER",
            JoinKind::Left => "LEFT",
            JoinKind::Right => "RIGHT",
            JoinKind::Full => "FULL",
        }
    }
}

/// The words of a join in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinWords {
    /// What they say.
    pub kind: JoinKind,
    /// Where they stand, to the end of `JOIN`.
    pub range: TextRange,
}

impl QueryEditor<'_> {
    /// Every join of one of the kinds, with those of inner queries before those of outer ones.
    pub fn joins(&self) -> Vec<JoinWords> {
        let source = Source::new(self.text, &self.lexemes);
        let selects = Selects::of(&source, &self.statements);
        let mut found = Vec::new();
        for (select, _) in selects.all() {
            let mut at = select.from_tokens.start;
            while at < select.from_tokens.end {
                found.extend(
                    source
                        .is_word(at, "JOIN")
                        .then(|| join(&source, at))
                        .flatten(),
                );
                at = source.after(at).max(at + 1);
            }
        }
        found
    }

    /// Makes a join one of another kind, written as the others of the text are.
    pub fn set_join(&self, join: JoinWords, kind: JoinKind) -> Option<Vec<TextEdit>> {
        let written = self.slice(join.range)?;
        let is_words = |text: &str| {
            text.chars()
                .all(|letter| letter.is_alphabetic() || letter == ' ')
        };
        if !is_words(written) {
            return None;
        }
        let is_written = |word: &str| !self.words(word).is_empty();
        let words = match kind {
            JoinKind::Inner if !is_written("INNER") => vec!["JOIN"],
            JoinKind::Inner => vec!["INNER", "JOIN"],
            kind if is_written("OUTER") => vec![kind.word(), "OUTER", "JOIN"],
            kind => vec![kind.word(), "JOIN"],
        };
        let words: Vec<String> = words
            .into_iter()
            .map(|word| match written.ends_with("JOIN") {
                true => word.to_owned(),
                false => word.to_lowercase(),
            })
            .collect();
        Some(vec![TextEdit::replace(join.range, words.join(" "))])
    }
}

/// The words that end in the `JOIN` at `at`.
fn join(source: &Source<'_>, at: usize) -> Option<JoinWords> {
    let before = |at: usize, words: &[&str]| {
        let before = at.checked_sub(1)?;
        source.is_one_of(before, words).then_some(before)
    };
    let mut start = at;
    start = before(start, &["OUTER"]).unwrap_or(start);
    let mut kind = JoinKind::Inner;
    let mut others = JoinKind::ALL.into_iter();
    if let Some(own) = others.find(|kind| before(start, &[kind.word()]).is_some()) {
        start = start.checked_sub(1)?;
        kind = own;
    }
    const OTHER: &[&str] = &[
        "NATURAL",
        "CROSS",
        "SEMI",
        "ANTI",
        "ASOF",
        "GLOBAL",
        "ANY",
        "ALL",
        "ARRAY",
        "POSITIONAL",
    ];
    if before(start, OTHER).is_some() {
        return None;
    }
    Some(JoinWords {
        kind,
        range: source.range(&(start..at + 1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::tests::edited;

    #[test]
    fn a_join_gets_another_kind() {
        for (before, kind, after) in [
            (
                "from t join u on x",
                JoinKind::Left,
                "from t left join u on x",
            ),
            (
                "from t LEFT OUTER JOIN u on x",
                JoinKind::Inner,
                "from t JOIN u on x",
            ),
            (
                "from t inner join v on y left join u on x",
                JoinKind::Inner,
                "from t inner join v on y inner join u on x",
            ),
            (
                "from t full outer join v on y left join u on x",
                JoinKind::Right,
                "from t full outer join v on y right outer join u on x",
            ),
        ] {
            let (before, after) = (format!("select a {before}"), format!("select a {after}"));
            let found = edited(&before, |editor| {
                let last = *editor.joins().last()?;
                editor.set_join(last, kind)
            });
            assert_eq!(found, Some(after));
        }
        let others = "select a from t cross join u natural join v left anti join w on x";
        assert!(edited(others, |editor| editor.joins().first().map(|_| Vec::new())).is_none());
    }
}

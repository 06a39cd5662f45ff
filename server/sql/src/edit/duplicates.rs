//! Edits of what decides how many rows come through: `DISTINCT`, `UNION ALL`, `LIMIT`.

use super::QueryEditor;
use super::layout::Layout;
use crate::lexeme::Lexeme;
use sqlparser::tokenizer::Token;
use syntax::{TextEdit, TextRange, TextSize};

impl QueryEditor<'_> {
    /// Takes the `DISTINCT` of the innermost `SELECT` around `at` out, or adds one.
    pub fn toggle_distinct(&self, at: TextSize) -> Option<Vec<TextEdit>> {
        self.select_at(at, |source, select, _| {
            let first = select.projection.start;
            if select.packed || !source.is_word(first, "SELECT") {
                return None;
            }
            let behind = first + 1;
            if !source.is_word(behind, "DISTINCT") {
                let end = source.get(first)?.range.end();
                let text = format!(" {}", self.word("DISTINCT", end));
                let is_counted = source.is_one_of(behind, &["ALL", "TOP"]);
                return (!is_counted).then(|| vec![TextEdit::insert(end, text)]);
            }
            let range = source.get(behind)?.range;
            let is_on = source.is_word(behind + 1, "ON");
            (!is_on).then(|| Layout::of(self.text).without(&[range]))
        })
    }

    /// Every `UNION` made one that keeps duplicates, or, where it does, one that leaves them out.
    pub fn toggle_unions(&self) -> Vec<Vec<TextEdit>> {
        let unions = self.lexemes.iter().enumerate();
        let unions = unions.filter(|(_, lexeme)| lexeme.is_word("UNION"));
        let edits = unions.filter_map(|(at, union)| {
            let all = self.word("ALL", union.range.start());
            let behind = self.lexemes.get(at + 1)?;
            Some(if behind.is_word("ALL") {
                vec![TextEdit::delete(TextRange::new(
                    union.range.end(),
                    behind.range.end(),
                ))]
            } else if behind.is_word("DISTINCT") {
                vec![TextEdit::replace(behind.range, all)]
            } else {
                vec![TextEdit::insert(union.range.end(), format!(" {all}"))]
            })
        });
        edits.collect()
    }

    /// Every `LIMIT` of a number of rows taken out, with its `OFFSET`.
    pub fn without_limits(&self) -> Vec<Vec<TextEdit>> {
        let is_number = |at: usize| {
            let token = self.lexemes.get(at).map(|lexeme| &lexeme.token);
            matches!(token, Some(Token::Number(..)))
        };
        let is_word = |at: usize, word| self.lexemes.get(at).is_some_and(|it| it.is_word(word));
        let limits =
            (0..self.lexemes.len()).filter(|at| is_word(*at, "LIMIT") && is_number(at + 1));
        let ranges = limits.filter_map(|at| {
            let has_offset = is_word(at + 2, "OFFSET") && is_number(at + 3);
            let last = if has_offset { at + 3 } else { at + 1 };
            let range = |lexeme: &Lexeme| lexeme.range;
            let limit = self.lexemes.get(at).map(range)?;
            let own = limit.cover(self.lexemes.get(last).map(range)?);
            let before = self.lexemes.get(at.checked_sub(1)?).map(range)?;
            let gap = TextRange::new(before.end(), own.start());
            let is_blank = self.slice(gap)?.bytes().all(|byte| byte == b' ');
            Some(if is_blank { own.cover(gap) } else { own })
        });
        ranges
            .map(|range| Layout::of(self.text).without(&[range]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::edit::tests::edited;

    #[test]
    fn distinct_comes_and_goes() {
        for (one, other) in [
            ("select a from t", "select distinct a from t"),
            ("SELECT\n    a\nFROM t", "SELECT DISTINCT\n    a\nFROM t"),
        ] {
            for (before, after) in [(one, other), (other, one)] {
                let found = edited(before, |editor| editor.toggle_distinct(0.into()));
                assert_eq!(found.as_deref(), Some(after));
            }
        }
        let on = "select distinct on (b) a from t";
        assert_eq!(edited(on, |editor| editor.toggle_distinct(0.into())), None);
    }

    #[test]
    fn a_union_keeps_duplicates_or_leaves_them_out() {
        for (before, after) in [
            ("select 1 union select 1", "select 1 union all select 1"),
            ("select 1 union all select 1", "select 1 union select 1"),
            (
                "SELECT 1\nUNION DISTINCT\nSELECT 1",
                "SELECT 1\nUNION ALL\nSELECT 1",
            ),
        ] {
            let found = edited(before, |editor| editor.toggle_unions().into_iter().next());
            assert_eq!(found.as_deref(), Some(after));
        }
    }

    #[test]
    fn a_limit_goes_with_its_offset() {
        for (before, after) in [
            ("select a from t limit 10", "select a from t"),
            (
                "select a\nfrom t\nlimit 10 offset 5 -- for now\n",
                "select a\nfrom t\n-- for now\n",
            ),
            (
                "select a from (select a from t limit 10) as u",
                "select a from (select a from t) as u",
            ),
        ] {
            let found = edited(before, |editor| editor.without_limits().into_iter().next());
            assert_eq!(found.as_deref(), Some(after));
        }
        let asked = "select a from t limit {{ n }}";
        assert_eq!(edited(asked, |editor| editor.without_limits().pop()), None);
    }
}

//! Calls of macros as they are written down: `{{ name() }}`, `{{ package.name() }}`, in any tag.
//!
//! Nothing is run, so what is called in a branch that is not taken is found as well. Names that the file
//! binds itself, by `set`, `for` or as parameters, are no macros from there on.

use super::literals;
use super::names;
use super::rewrite::leading_word;
use std::collections::BTreeSet;
use syntax::TextRange;
use syntax::jinja::{Piece, PieceKind, called, pieces};

/// Blocks whose header names what they define, and what it is given.
const WITH_PARAMETERS: &[&str] = &["macro", "test", "data_test", "materialization"];

/// Where a template calls what may be a macro, in the order of the text, with the package where one is
/// named. What dbt itself gives, such as `ref`, is left out.
pub(crate) fn macro_calls(text: &str) -> Vec<TextRange> {
    let mut names = Bound::default();
    let mut found = Vec::new();
    let mut is_prose = false;
    let mut inside = Inside::default();
    for piece in pieces(text) {
        let inner = slice(text, piece.inner);
        let (before, was_in_macro) = (found.len(), names.of_macro.is_some());
        match piece.kind {
            PieceKind::Text => inside = inside.behind(inner),
            PieceKind::Expression if !is_prose => calls(text, piece.inner, &names, &mut found),
            PieceKind::Statement => {
                let word = leading_word(inner);
                is_prose = word == "docs" || is_prose && word != "enddocs";
                if !is_prose {
                    statement(text, &piece, word, &mut names, &mut found);
                }
            }
            _ => {}
        }
        // Outside of macros the SQL around a tag is read, and who reads it knows its comments.
        if !was_in_macro {
            inside = Inside::Nothing;
        } else if inside.is_comment() {
            found.truncate(before);
        }
    }
    found
}

/// What a place of SQL is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Quotes,
    LineComment,
    BlockComment,
}

impl Inside {
    /// The same behind `text`. A quote that is open ends with its line, so that an apostrophe costs one
    /// line at most.
    fn behind(self, text: &str) -> Inside {
        let mut inside = self;
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let next = letters.peek().copied();
            inside = match (inside, letter, next) {
                (Inside::Quotes | Inside::LineComment, '\n', _) => Inside::Nothing,
                (Inside::Quotes, '\'', _) => Inside::Nothing,
                (Inside::Nothing, '\'', _) => Inside::Quotes,
                (Inside::Nothing, '-', Some('-')) => Inside::LineComment,
                (Inside::Nothing, '/', Some('*')) => Inside::BlockComment,
                (Inside::BlockComment, '*', Some('/')) => Inside::Nothing,
                (inside, _, _) => inside,
            };
        }
        inside
    }

    fn is_comment(self) -> bool {
        matches!(self, Inside::LineComment | Inside::BlockComment)
    }
}

/// Names that are no macros, for what a file says itself.
#[derive(Debug, Default)]
struct Bound<'t> {
    of_file: BTreeSet<&'t str>,
    /// Those of the macro that is open, and the word that ends it.
    of_macro: Option<(BTreeSet<&'t str>, String)>,
}

impl<'t> Bound<'t> {
    fn holds(&self, name: &str) -> bool {
        let of_macro = self.of_macro.as_ref();
        self.of_file.contains(name) || of_macro.is_some_and(|(names, _)| names.contains(name))
    }

    fn add(&mut self, name: &'t str) {
        match &mut self.of_macro {
            Some((names, _)) => names.insert(name),
            None => self.of_file.insert(name),
        };
    }
}

fn statement<'t>(
    text: &'t str,
    piece: &Piece,
    word: &str,
    names: &mut Bound<'t>,
    found: &mut Vec<TextRange>,
) {
    let inner = slice(text, piece.inner);
    let rest = inner.get(word.len()..).unwrap_or_default();
    if let Some((_, end)) = &names.of_macro
        && word == end
    {
        names.of_macro = None;
    }
    match word {
        "set" => {
            calls(text, piece.inner, names, found);
            let target = literals::assignment(rest).map_or(rest, |(target, _)| target);
            bind(target, names);
        }
        "for" => {
            calls(text, piece.inner, names, found);
            bind(rest.split(" in ").next().unwrap_or_default(), names);
        }
        // What it names is a filter.
        "filter" => {}
        _ if WITH_PARAMETERS.contains(&word) => {
            names.of_macro = Some((BTreeSet::new(), format!("end{word}")));
            let Some(open) = rest.find('(') else {
                return;
            };
            let list = rest.get(open + 1..).unwrap_or_default();
            let start = piece.inner.end() - syntax::TextSize::of(list);
            let parameters = list.rsplit_once(')').map_or(list, |(list, _)| list);
            for part in literals::parts(parameters) {
                bind(
                    literals::assignment(part).map_or(part, |(name, _)| name),
                    names,
                );
            }
            // Values that parameters have where none is given.
            calls(text, TextRange::new(start, piece.inner.end()), names, found);
        }
        _ => calls(text, piece.inner, names, found),
    }
}

/// Binds `a` and `b` of `a`, `(a, b)` or `a, b`.
fn bind<'t>(target: &'t str, names: &mut Bound<'t>) {
    for name in target.split(',') {
        let name =
            name.trim_matches(|letter: char| letter.is_whitespace() || "()".contains(letter));
        if leading_word(name) == name {
            names.add(name);
        }
    }
}

fn calls(text: &str, range: TextRange, names: &Bound<'_>, found: &mut Vec<TextRange>) {
    found.extend(called(text, range).into_iter().filter(|range| {
        let path = slice(text, *range);
        match path.split_once('.') {
            None => !names.holds(path) && !names::is_given(path),
            // Macros lie in packages, and packages in nothing.
            Some((package, name)) => !name.contains('.') && !names.holds(package),
        }
    }));
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let ranges = macro_calls(text).into_iter();
        ranges.map(|range| slice(text, range)).collect()
    }

    #[test]
    fn calls_are_found_in_every_tag() {
        for (text, names) in [
            ("select {{ cents('a') }} from {{ ref('b') }}", vec!["cents"]),
            ("{{ utils.star(ref('b')) }}", vec!["utils.star"]),
            ("{% set x = f() %}{{ x }}", vec!["f"]),
            ("{% set f = f() %}", vec!["f"]),
            ("{% for x in f() if g(x) %}{% endfor %}", vec!["f", "g"]),
            ("{% call f() %}{{ g() }}{% endcall %}", vec!["f", "g"]),
            ("{% if f() %}{% elif g() %}{% endif %}", vec!["f", "g"]),
            ("{%- do f() -%}", vec!["f"]),
            (
                "{% macro f(a, b=g()) %}{{ f(a) }}{% endmacro %}",
                vec!["g", "f"],
            ),
            ("{% test f(model) %}{{ g(model) }}{% endtest %}", vec!["g"]),
            ("where day = '{{ f() }}'", vec!["f"]),
            (
                "{% macro m() %}-- x\n{{ f() }} '--' {{ g() }}{% endmacro %}",
                vec!["f", "g"],
            ),
            (
                "{% macro m() %}/* x */ {#-- x --#} {{ f() }}{% endmacro %}",
                vec!["f"],
            ),
            ("{{ f(", vec!["f"]),
        ] {
            assert_eq!(found(text), names, "{text}");
        }
    }

    #[test]
    fn what_is_no_macro_is_left_out() {
        for text in [
            "f(1)",
            "{# {{ f() }} #}",
            "{% raw %}{{ f() }}{% endraw %}",
            "{{ 'f()' }}{{ config(post_hook=\"{{ f() }}\") }}",
            "{{ ref('f') }}{{ is_incremental() }}{{ range(2) }}{{ config(a=1) }}",
            "{{ x | f(1) }}{{ x is f(1) }}{% filter f(1) %}{% endfilter %}",
            "{% set f = [] %}{{ f() }}{{ f.append(1) }}",
            "{% set f %}x{% endset %}{{ f() }}",
            "{% for f, g in x %}{{ f() }}{{ g() }}{% endfor %}",
            "{% macro m(f, g=1) %}{{ f() }}{{ g() }}{% endmacro %}",
            "{{ a.b.c() }}{{ x[0].f() }}",
            "{% docs f %}{{ f() }}{% enddocs %}",
            "{% macro m() %}-- {{ x }} {{ f() }}{% set x = f() %}{% endmacro %}",
            "{% macro m() %}'{{ x }}' -- {{ f() }}{% endmacro %}",
            "{% macro m() %}/* it's\n {{ f() }} */{% endmacro %}",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn names_and_comments_of_a_macro_end_with_it() {
        let text =
            "{% macro m(f) %}--{% endmacro %}{% macro n() %}{{ f() }}{% endmacro %}{{ f() }}";
        assert_eq!(found(text), ["f", "f"]);
    }
}

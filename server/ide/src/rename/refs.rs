//! Names in the texts of templates: `ref('orders')`, settings that name columns, literals; and in the
//! header of a seed.

use crate::lookup;
use syntax::jinja::{Call, PieceKind, call, calls, literal, pieces};
use syntax::{Name, TextRange, TextSize};

/// The settings of dbt that name columns of the model that they stand in.
pub(super) const NAMING_COLUMNS: &[&str] = &[
    "unique_key",
    "partition_by",
    "cluster_by",
    "partitioned_by",
    "clustered_by",
    "order_by",
    "primary_key",
    "sort",
    "dist",
    "sort_key",
    "updated_at",
    "check_cols",
    "incremental_predicates",
    "merge_update_columns",
    "merge_exclude_columns",
    "liquid_clustered_by",
    "zorder",
    "event_time",
];

/// A call of `ref` with the table's name in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ref {
    /// The name, without its quotes.
    pub(super) range: TextRange,
    /// The package, where one is given.
    pub(super) package: Option<Name>,
}

/// The calls of `ref` with `name`, in a text of any kind.
pub(super) fn refs(text: &str, name: &Name) -> Vec<Ref> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let places = text.match_indices("ref").map(|(at, _)| at);
    let calls = places.filter_map(|at| {
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(is_word) {
            return None;
        }
        // Every `)` may be the end of the call; the first that makes one is.
        let rest = text.get(at..)?;
        let ends = rest.match_indices(')').map(|(end, _)| at + end + 1);
        let mut calls = ends.take(3).filter_map(|end| {
            let range = TextRange::new(lookup::offset(at), lookup::offset(end));
            call(text, range)
        });
        calls.next()
    });
    calls
        .filter_map(|call| of_call(text, &call, name))
        .collect()
}

fn of_call(text: &str, call: &Call<'_>, name: &Name) -> Option<Ref> {
    let arguments: Vec<_> = call.positional().collect();
    let (package, argument) = match arguments.as_slice() {
        [only] => (None, only),
        [package, table] => (Some(Name::new(literal(package.value)?)), table),
        _ => return None,
    };
    if literal(argument.value)? != name.as_str() {
        return None;
    }
    let whole = lookup::slice(text, argument.range);
    let at = whole.find(['\'', '"'])? + 1;
    let start = argument.range.start() + lookup::offset(at);
    Some(Ref {
        range: TextRange::at(start, TextSize::of(name.as_str())),
        package,
    })
}

/// The texts that are `name`, in the tags of a template that touch any of `within`.
pub(super) fn literals(text: &str, within: &[TextRange], name: &Name) -> Vec<TextRange> {
    let mut found = Vec::new();
    for piece in pieces(text) {
        let is_tag = matches!(piece.kind, PieceKind::Expression | PieceKind::Statement);
        if is_tag
            && within
                .iter()
                .any(|range| range.intersect(piece.range).is_some())
        {
            literals_in(text, piece.inner, name, &mut found);
        }
    }
    found
}

fn literals_in(text: &str, range: TextRange, name: &Name, found: &mut Vec<TextRange>) {
    let slice = lookup::slice(text, range);
    let mut quote: Option<(char, usize)> = None;
    for (at, letter) in slice.char_indices() {
        match quote {
            None if letter == '\'' || letter == '"' => quote = Some((letter, at + 1)),
            Some((open, start)) if letter == open => {
                let content = slice.get(start..at).unwrap_or_default();
                if content.eq_ignore_ascii_case(name.as_str()) {
                    let start = range.start() + lookup::offset(start);
                    found.push(TextRange::at(start, TextSize::of(content)));
                }
                quote = None;
            }
            _ => {}
        }
    }
}

/// The settings in `{{ config(…) }}` that name the column `name`.
pub(crate) fn configured(text: &str, name: &Name) -> Vec<TextRange> {
    let mut found = Vec::new();
    for piece in pieces(text) {
        if !matches!(piece.kind, PieceKind::Expression | PieceKind::Statement) {
            continue;
        }
        for call in calls(text, piece.inner, &["config"]) {
            for argument in &call.arguments {
                if argument
                    .keyword
                    .is_some_and(|key| NAMING_COLUMNS.contains(&key))
                {
                    literals_in(text, argument.range, name, &mut found);
                }
            }
        }
    }
    found
}

/// Where the header of a data file names the column `name`.
pub(super) fn header_cell(text: &str, name: &Name) -> Vec<TextRange> {
    let header = text.lines().next().unwrap_or_default();
    let mut found = Vec::new();
    let mut at = 0;
    for cell in header.split([',', ';', '\t', '|']) {
        let blanks: &[char] = &[' ', '"', '\'', '\u{feff}'];
        let content = cell.trim_matches(blanks);
        if content.eq_ignore_ascii_case(name.as_str()) {
            let start = at + cell.len() - cell.trim_start_matches(blanks).len();
            found.push(TextRange::at(lookup::offset(start), TextSize::of(content)));
        }
        at += cell.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(ranges: impl IntoIterator<Item = TextRange>) -> Vec<u32> {
        let ranges = ranges.into_iter();
        ranges.map(|range| range.start().into()).collect()
    }

    #[test]
    fn refs_are_found_in_any_text() {
        let text =
            "it's ref('a'), ref(\"a\", v=2), ref('p', 'a'), xref('a'), ref('b'), ref(a), ref('a'";
        let found = refs(text, &Name::new("a"));
        assert_eq!(starts(found.iter().map(|it| it.range)), [10, 20, 40]);
        assert_eq!(found[2].package, Some(Name::new("p")));
    }

    #[test]
    fn settings_that_name_columns_are_found() {
        let text = "{{ config(unique_key=['x', 'y'], alias='x', partition_by={'field': 'x'}) }} x";
        assert_eq!(starts(configured(text, &Name::new("x"))), [23, 68]);
    }

    #[test]
    fn literals_are_those_of_tags() {
        let text = "{{ f('x') }} 'x' {% for a in ['x', 'xx'] %}";
        let whole = TextRange::up_to(TextSize::of(text));
        assert_eq!(starts(literals(text, &[whole], &Name::new("x"))), [6, 31]);
    }

    #[test]
    fn a_header_names_its_columns() {
        let text = "id,\"Name\", x \n1,2,3\n";
        assert_eq!(starts(header_cell(text, &Name::new("name"))), [4]);
        assert_eq!(starts(header_cell(text, &Name::new("x"))), [11]);
        assert_eq!(header_cell(text, &Name::new("1")), []);
    }
}

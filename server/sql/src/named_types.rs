//! Types that a statement names and SQL has no word for. Knows nothing of what they are.

use crate::relation::is_word_of_types;
use crate::skeleton::Source;
use sqlparser::tokenizer::Token;
use std::collections::BTreeSet;
use std::ops::Range;
use syntax::Name;

/// Notes the types that the statement of `tokens` makes, or casts values to. Those of columns are told with
/// their columns.
pub(crate) fn named_types(source: &Source<'_>, tokens: &Range<usize>, types: &mut BTreeSet<Name>) {
    let made = made(source, tokens.start);
    let cast = tokens.clone().filter_map(|at| cast_to(source, at));
    let names = made.into_iter().chain(cast);
    types.extend(names.filter_map(|at| own_part(source, at)));
}

/// Where the name stands that `CREATE TYPE` and `CREATE DOMAIN` give.
fn made(source: &Source<'_>, first: usize) -> Option<usize> {
    let skip = |at: usize, words: &[&str]| {
        let all = words.iter().zip(at..);
        let is_there = all.into_iter().all(|(word, at)| source.is_word(at, word));
        at + if is_there { words.len() } else { 0 }
    };
    let at = skip(first, &["CREATE"]);
    let kind = skip(at, &["OR", "REPLACE"]);
    let is_type = at > first && source.is_one_of(kind, &["TYPE", "DOMAIN"]);
    is_type.then(|| skip(kind + 1, &["IF", "NOT", "EXISTS"]))
}

/// Where the name of a type stands that a cast which begins at `at` leads to: `x::t`, `CAST(x AS t)`.
fn cast_to(source: &Source<'_>, at: usize) -> Option<usize> {
    if source.is(at, &Token::DoubleColon) {
        return Some(at + 1);
    }
    let casts = ["CAST", "TRY_CAST", "SAFE_CAST"];
    let is_call = source.is_one_of(at, &casts) && source.is(at + 1, &Token::LParen);
    let inside = is_call.then(|| source.inside(at + 1))?;
    Some(source.find(inside, |at| source.is_word(at, "AS"))? + 1)
}

/// The last part of the name at `at`, if SQL has no word for it.
fn own_part(source: &Source<'_>, mut at: usize) -> Option<Name> {
    while source.is_name(at) && source.is(at + 1, &Token::Period) {
        at += 2;
    }
    let name = source.name(at)?;
    (!is_word_of_types(name)).then(|| Name::new(name))
}

#[cfg(test)]
mod tests {
    use crate::{Dialect, Options, Templating, analyze};

    #[test]
    fn types_that_sql_has_no_word_for_are_noted() {
        let options = Options {
            dialect: Dialect::Postgres,
            templating: Templating::Jinja,
        };
        for (text, expected) in [
            ("create type mood as enum ('good')", "mood"),
            ("create type shop.\"Mood\" as (x int)", "Mood"),
            ("create domain if not exists amount as numeric", "amount"),
            ("create or replace type amount as (x int)", "amount"),
            ("create type", ""),
            (
                "select x::shop.mood[], y::mood, z::amount from t",
                "amount mood",
            ),
            (
                "select cast(f(a, b) as mood), try_cast(x as text) from t",
                "mood",
            ),
            (
                "select 1 from t where (select max(x::mood) from u) is null",
                "mood",
            ),
            (
                "select x::numeric(10, 2), cast(y as double precision), z::uuid from t",
                "",
            ),
            ("select x::{{ kind }}, cast(y as {{ kind }}) from t", ""),
            ("select type, domain, \"cast\" from t as mood", ""),
            ("select x::", ""),
            ("select cast(x as", ""),
            ("create table moods (type mood)", ""),
        ] {
            let types = analyze(text, &options).facts.types;
            let types: Vec<&str> = types.iter().map(syntax::Name::as_str).collect();
            assert_eq!(types.join(" "), expected, "{text}");
        }
    }
}

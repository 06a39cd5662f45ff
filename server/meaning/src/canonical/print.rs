//! Terms as SQL text, the same for equal terms.

mod expression;
mod query;

use super::term::{Head, Term};
use super::words::{LOOSEST, set_operator};
use expression::{aggregate, call, case, operation};
use query::{input, limit, output, query, select};
use sql::relation::{JoinKind, Literal};

/// What is longer, in bytes, is not written to its end: what terms share is written each time, so that
/// nested queries could become a text that fits nowhere.
const LONGEST: usize = 400_000;

/// The text of a term.
pub(super) fn text(term: &Term) -> String {
    let mut out = String::new();
    write(term, LOOSEST, 0, &mut out);
    out
}

fn write(term: &Term, around: u8, depth: usize, out: &mut String) {
    if out.len() > LONGEST {
        if !out.ends_with('…') {
            out.push('…');
        }
        return;
    }
    let parts = &term.parts;
    match &term.head {
        Head::Column(label, name) => {
            out.push_str(&label.shown);
            out.push('.');
            out.push_str(&identifier(name.as_str()));
        }
        Head::Output(label) => output(label, parts, depth, out),
        Head::Literal(literal) => out.push_str(&self::literal(literal)),
        Head::Operation(operator) => operation(*operator, parts, around, depth, out),
        Head::Call(function) => call(function, parts, depth, out),
        Head::Case => case(parts, depth, out),
        Head::Cast(to, or_null) => {
            out.push_str(if *or_null { "TRY_CAST(" } else { "CAST(" });
            list(parts, ", ", depth, out);
            out.push_str(&format!(" AS {to})"));
        }
        Head::Aggregate(fold) => aggregate(fold, parts, depth, out),
        Head::Window {
            partition,
            frame,
            ignores_nulls,
        } => {
            let (function, rest) = parts.split_at_checked(1).unwrap_or((parts, &[]));
            let (partition, order) = rest.split_at_checked(*partition).unwrap_or((rest, &[]));
            list(function, "", depth, out);
            if *ignores_nulls {
                out.push_str(" IGNORE NULLS");
            }
            out.push_str(" OVER (");
            let mut space = "";
            if !partition.is_empty() {
                out.push_str("PARTITION BY ");
                list(partition, ", ", depth, out);
                space = " ";
            }
            if !order.is_empty() {
                out.push_str(space);
                out.push_str("ORDER BY ");
                list(order, ", ", depth, out);
                space = " ";
            }
            if let Some(frame) = frame {
                out.push_str(space);
                out.push_str(frame);
            }
            out.push(')');
        }
        Head::Sort(descending, nulls_first) => {
            list(parts, "", depth, out);
            if *descending {
                out.push_str(" DESC");
            }
            match nulls_first {
                Some(true) => out.push_str(" NULLS FIRST"),
                Some(false) => out.push_str(" NULLS LAST"),
                None => {}
            }
        }
        Head::Query(asked, compared, shared) => {
            let (compared, columns) = parts.split_at_checked(*compared).unwrap_or((parts, &[]));
            query(*asked, compared, columns, &shared.rows, depth, out);
        }
        Head::Branches(operator, all) => {
            if let Some((first, rest)) = parts.split_first()
                && rest.iter().all(|part| part == first)
            {
                return write(first, around, depth, out);
            }
            let name = set_operator(*operator, *all).replace(' ', "_");
            call_of(&name, parts, depth, out);
        }
        Head::Values => call_of("VALUES", parts, depth, out),
        Head::Place(_) | Head::Unknown(_) => out.push_str("unknown"),
        Head::Unresolved(Some(name)) => out.push_str(name),
        Head::Unresolved(None) => {
            out.push('(');
            list(parts, " or ", depth, out);
            out.push(')');
        }
        Head::Input(label) => input(label, depth, out),
        Head::Joined(kind) => {
            let (left, right) = parts
                .split_at_checked(parts.len() - 1)
                .unwrap_or((&[], parts));
            if !left.is_empty() {
                list(left, ", ", depth, out);
                out.push(' ');
            }
            out.push_str(match kind {
                JoinKind::Inner => "JOIN ",
                JoinKind::Left => "LEFT JOIN ",
                JoinKind::Right => "RIGHT JOIN ",
                JoinKind::Full => "FULL JOIN ",
                JoinKind::Semi => "SEMI JOIN ",
                JoinKind::Anti => "ANTI JOIN ",
                JoinKind::Unknown => "JOIN unknown ",
            });
            list(right, "", depth, out);
        }
        Head::Side => {
            out.push('(');
            list(parts, ", ", depth, out);
            out.push(')');
        }
        Head::On => {
            if let Some((condition, _)) = parts.split_last() {
                write(condition, around, depth, out);
            }
        }
        Head::OneRow => out.push_str("one row"),
        Head::OneGroup => out.push_str("()"),
        Head::Sets => {
            out.push('(');
            list(parts, ", ", depth, out);
            out.push(')');
        }
        Head::Distinct(on) => {
            out.push_str(if *on { "DISTINCT ON (" } else { "DISTINCT (" });
            list(parts, ", ", depth, out);
            out.push(')');
        }
        Head::Branch(operator, all, shared) => {
            out.push_str(set_operator(*operator, *all));
            out.push(' ');
            select(parts, &shared.rows, depth, out);
        }
        Head::Without(shared) => {
            out.push_str("EXCEPT ");
            select(parts, &shared.rows, depth, out);
        }
        Head::Limit(unknown) => limit(*unknown, parts, depth, out),
        Head::Large(..) => out.push('…'),
        Head::Nothing => {}
    }
}

fn list(parts: &[Term], between: &str, depth: usize, out: &mut String) {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            out.push_str(between);
        }
        write(part, LOOSEST, depth, out);
    }
}

fn call_of(name: &str, parts: &[Term], depth: usize, out: &mut String) {
    out.push_str(name);
    out.push('(');
    list(parts, ", ", depth, out);
    out.push(')');
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Boolean(true) => "TRUE".to_owned(),
        Literal::Boolean(false) => "FALSE".to_owned(),
        Literal::Number(number) => number.to_string(),
        Literal::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Literal::Other(written) => written.to_string(),
    }
}

/// A name in lower case, in quotes where it would not be read as one.
fn identifier(name: &str) -> String {
    let mut letters = name.chars();
    let plain = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if plain {
        name.to_ascii_lowercase()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

//! Calls, cases, aggregates and operations.

use super::{call_of, identifier, list, write};
use crate::canonical::term::{Fold, Head, Term};
use crate::canonical::words::{COMPARISON, LOOSEST, NOT, PRODUCT, SUM, TIGHTEST, binding, sign};
use sql::relation::{Literal, Operator};

pub(super) fn call(function: &str, parts: &[Term], depth: usize, out: &mut String) {
    match (function, parts) {
        ("field", [value, field]) if let Head::Literal(Literal::Text(name)) = &field.head => {
            write(value, TIGHTEST, depth, out);
            out.push('.');
            out.push_str(&identifier(name));
        }
        ("element", [value, place]) => {
            write(value, TIGHTEST, depth, out);
            out.push('[');
            write(place, LOOSEST, depth, out);
            out.push(']');
        }
        _ => call_of(&function.to_ascii_uppercase(), parts, depth, out),
    }
}

pub(super) fn case(parts: &[Term], depth: usize, out: &mut String) {
    out.push_str("CASE");
    for pair in parts.chunks(2) {
        match pair {
            [when, then] => {
                out.push_str(" WHEN ");
                write(when, LOOSEST, depth, out);
                out.push_str(" THEN ");
                write(then, LOOSEST, depth, out);
            }
            [otherwise] if !is_null(otherwise) => {
                out.push_str(" ELSE ");
                write(otherwise, LOOSEST, depth, out);
            }
            _ => {}
        }
    }
    out.push_str(" END");
}

fn is_null(term: &Term) -> bool {
    term.head == Head::Literal(Literal::Null)
}

pub(super) fn aggregate(fold: &Fold, parts: &[Term], depth: usize, out: &mut String) {
    let (arguments, rest) = parts
        .split_at_checked(fold.arguments)
        .unwrap_or((parts, &[]));
    let (filter, order) = rest
        .split_at_checked(usize::from(fold.filtered))
        .unwrap_or((rest, &[]));
    out.push_str(&fold.function.to_ascii_uppercase());
    out.push('(');
    if fold.distinct {
        out.push_str("DISTINCT ");
    }
    if arguments.is_empty() && fold.function == "count" {
        out.push('*');
    }
    list(arguments, ", ", depth, out);
    if !order.is_empty() {
        out.push_str(" ORDER BY ");
        list(order, ", ", depth, out);
    }
    out.push(')');
    if !filter.is_empty() {
        out.push_str(" FILTER (WHERE ");
        list(filter, "", depth, out);
        out.push(')');
    }
}

pub(super) fn operation(
    operator: Operator,
    parts: &[Term],
    around: u8,
    depth: usize,
    out: &mut String,
) {
    let binding = binding(operator);
    let parenthesized = binding <= around && around > LOOSEST;
    if parenthesized {
        out.push('(');
    }
    match (operator, parts) {
        (Operator::Not, [part]) => negated(part, depth, out),
        (Operator::Negate, [part]) => {
            out.push('-');
            write(part, binding, depth, out);
        }
        (Operator::IsNull, [part]) => postfix(part, " IS NULL", depth, out),
        (Operator::IsTrue, [part]) => postfix(part, " IS TRUE", depth, out),
        (Operator::IsFalse, [part]) => postfix(part, " IS FALSE", depth, out),
        (Operator::In, [value, list @ ..]) => among(value, list, " IN (", depth, out),
        _ => {
            // The first operand of what associates to the left needs no parentheses.
            let chained = matches!(binding, SUM | PRODUCT);
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    out.push_str(&format!(" {} ", sign(operator)));
                }
                let inside = if place == 0 && chained {
                    binding - 1
                } else {
                    binding
                };
                write(part, inside, depth, out);
            }
        }
    }
    if parenthesized {
        out.push(')');
    }
}

fn negated(part: &Term, depth: usize, out: &mut String) {
    match (&part.head, part.parts.as_slice()) {
        (Head::Operation(Operator::IsNull), [value]) => postfix(value, " IS NOT NULL", depth, out),
        (Head::Operation(Operator::IsTrue), [value]) => postfix(value, " IS NOT TRUE", depth, out),
        (Head::Operation(Operator::In), [value, list @ ..]) => {
            among(value, list, " NOT IN (", depth, out);
        }
        (Head::Operation(Operator::Like), [value, pattern]) => {
            write(value, COMPARISON, depth, out);
            out.push_str(" NOT LIKE ");
            write(pattern, COMPARISON, depth, out);
        }
        _ => {
            out.push_str("NOT ");
            write(part, NOT, depth, out);
        }
    }
}

fn postfix(part: &Term, after: &str, depth: usize, out: &mut String) {
    write(part, COMPARISON, depth, out);
    out.push_str(after);
}

fn among(value: &Term, items: &[Term], between: &str, depth: usize, out: &mut String) {
    write(value, COMPARISON, depth, out);
    out.push_str(between);
    list(items, ", ", depth, out);
    out.push(')');
}

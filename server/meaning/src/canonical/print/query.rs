//! Queries, and what stands in their clauses.

use super::{call_of, list, write};
use crate::canonical::term::{Asked, Head, Label, Rows, Term, What};
use crate::canonical::words::{AND, COMPARISON, LOOSEST, sign};
use sql::lower::Clause;

/// How many queries inside each other are written out.
const DEPTH: usize = 4;

/// A column of a subquery is written as the query that gives it.
pub(super) fn output(label: &Label, parts: &[Term], depth: usize, out: &mut String) {
    match &*label.what {
        What::Relation(shared) if depth < DEPTH => {
            out.push('(');
            select(parts, &shared.rows, depth + 1, out);
            out.push(')');
            if label.number > 1 {
                out.push_str(&format!(" /* {} */", label.shown));
            }
        }
        _ => {
            out.push_str(&label.shown);
            out.push('.');
            list(parts, "", depth, out);
        }
    }
}

pub(super) fn input(label: &Label, depth: usize, out: &mut String) {
    match &*label.what {
        What::Table(name) => out.push_str(name),
        What::Relation(shared) if depth < DEPTH => {
            out.push('(');
            select(&[], &shared.rows, depth + 1, out);
            out.push(')');
        }
        What::Relation(_) => out.push_str("(…)"),
        What::Function(call) => write(call, LOOSEST, depth, out),
        What::Itself(_) => out.push_str("itself"),
        What::Unknown => out.push_str("unknown"),
    }
    if !matches!(&*label.what, What::Table(name) if shown_as(name) == label.shown) {
        out.push_str(" AS ");
        out.push_str(&label.shown);
    }
}

fn shown_as(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

pub(super) fn query(
    asked: Asked,
    compared: &[Term],
    columns: &[Term],
    rows: &Rows,
    depth: usize,
    out: &mut String,
) {
    if let [value] = compared {
        write(value, COMPARISON, depth, out);
    } else if !compared.is_empty() {
        call_of("", compared, depth, out);
    }
    match asked {
        Asked::Scalar => {}
        Asked::Exists => out.push_str("EXISTS "),
        Asked::In => out.push_str(" IN "),
        Asked::Any(operator) => out.push_str(&format!(" {} ANY ", sign(operator))),
        Asked::All(operator) => out.push_str(&format!(" {} ALL ", sign(operator))),
        Asked::Array => out.push_str("ARRAY"),
    }
    out.push('(');
    if depth < DEPTH {
        select(columns, rows, depth + 1, out);
    } else {
        out.push('…');
    }
    out.push(')');
}

/// `SELECT … FROM …`
pub(super) fn select(columns: &[Term], rows: &Rows, depth: usize, out: &mut String) {
    let of_set = rows
        .clauses
        .iter()
        .any(|(clause, _)| *clause == Clause::Set);
    if !of_set || !columns.is_empty() {
        out.push_str("SELECT ");
        list(columns, ", ", depth, out);
        if columns.is_empty() {
            out.push('1');
        }
    }
    if of_set && !columns.is_empty() {
        out.push_str(" OF");
    }
    let mut before: Option<Clause> = None;
    for (clause, term) in &rows.clauses {
        let first = before != Some(*clause);
        before = Some(*clause);
        let one_row = *clause == Clause::From && term.head == Head::OneRow;
        if one_row || (*clause == Clause::GroupBy && term.head == Head::OneGroup) {
            continue;
        }
        out.push(' ');
        match clause {
            Clause::From if first => out.push_str("FROM "),
            Clause::From if !matches!(term.head, Head::Joined(_)) => out.push_str("CROSS JOIN "),
            Clause::From => {}
            Clause::On => out.push_str(if first { "ON " } else { "AND " }),
            Clause::Where => out.push_str(if first { "WHERE " } else { "AND " }),
            Clause::GroupBy => out.push_str(if first { "GROUP BY " } else { ", " }),
            Clause::Having => out.push_str(if first { "HAVING " } else { "AND " }),
            Clause::Qualify => out.push_str(if first { "QUALIFY " } else { "AND " }),
            Clause::Distinct | Clause::Set | Clause::Limit => {}
        }
        let around = match clause {
            Clause::Where | Clause::On | Clause::Having | Clause::Qualify => AND,
            _ => LOOSEST,
        };
        write(term, around, depth, out);
    }
}

pub(super) fn limit(unknown: bool, parts: &[Term], depth: usize, out: &mut String) {
    let (limits, order) = parts.split_at_checked(2).unwrap_or((parts, &[]));
    if !order.is_empty() {
        out.push_str("ORDER BY ");
        list(order, ", ", depth, out);
        out.push(' ');
    }
    for (name, part) in ["LIMIT ", "OFFSET "].into_iter().zip(limits) {
        if part.head != Head::Nothing {
            out.push_str(name);
            write(part, LOOSEST, depth, out);
            out.push(' ');
        }
    }
    if unknown {
        out.push_str("unknown");
    }
    let length = out.trim_end().len();
    out.truncate(length);
}

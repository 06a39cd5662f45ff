//! Terms as SQL text, the same for equal terms.

use super::term::{Asked, Fold, Head, Label, Rows, Term, What};
use sql::lower::Clause;
use sql::relation::{JoinKind, Literal, Operator, SetOperator};

/// How many queries inside each other are written out.
const DEPTH: usize = 4;

/// What is longer, in bytes, is not written to its end: what terms share is written each time, so that
/// nested queries could become a text that fits nowhere.
const LONGEST: usize = 400_000;

/// How tightly operators bind; more is tighter.
const LOOSEST: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const TIGHTEST: u8 = 9;

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

fn call(function: &str, parts: &[Term], depth: usize, out: &mut String) {
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

fn case(parts: &[Term], depth: usize, out: &mut String) {
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

fn aggregate(fold: &Fold, parts: &[Term], depth: usize, out: &mut String) {
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

fn operation(operator: Operator, parts: &[Term], around: u8, depth: usize, out: &mut String) {
    let binding = match operator {
        Operator::Or => OR,
        Operator::And => AND,
        Operator::Not => NOT,
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::Same
        | Operator::IsNull
        | Operator::IsTrue
        | Operator::IsFalse
        | Operator::In
        | Operator::Like
        | Operator::LikeIgnoringCase => COMPARISON,
        Operator::Add | Operator::Subtract | Operator::Concatenate => SUM,
        Operator::Multiply | Operator::Divide | Operator::Modulo => PRODUCT,
        Operator::Negate => TIGHTEST - 1,
    };
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
                    out.push_str(sign(operator));
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

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::And => " AND ",
        Operator::Or => " OR ",
        Operator::Equal => " = ",
        Operator::NotEqual => " <> ",
        Operator::Less => " < ",
        Operator::LessOrEqual => " <= ",
        Operator::Greater => " > ",
        Operator::GreaterOrEqual => " >= ",
        Operator::Same => " IS NOT DISTINCT FROM ",
        Operator::Add => " + ",
        Operator::Subtract => " - ",
        Operator::Multiply => " * ",
        Operator::Divide => " / ",
        Operator::Modulo => " % ",
        Operator::Concatenate => " || ",
        Operator::Like => " LIKE ",
        Operator::LikeIgnoringCase => " ILIKE ",
        Operator::Not
        | Operator::IsNull
        | Operator::IsTrue
        | Operator::IsFalse
        | Operator::Negate
        | Operator::In => " ",
    }
}

fn set_operator(operator: SetOperator, all: bool) -> &'static str {
    match (operator, all) {
        (SetOperator::Union, true) => "UNION ALL",
        (SetOperator::Union, false) => "UNION",
        (SetOperator::Except, true) => "EXCEPT ALL",
        (SetOperator::Except, false) => "EXCEPT",
        (SetOperator::Intersect, true) => "INTERSECT ALL",
        (SetOperator::Intersect, false) => "INTERSECT",
    }
}

/// A column of a subquery is written as the query that gives it.
fn output(label: &Label, parts: &[Term], depth: usize, out: &mut String) {
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

fn input(label: &Label, depth: usize, out: &mut String) {
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

fn query(
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
        Asked::Any(operator) => out.push_str(&format!("{}ANY ", sign(operator))),
        Asked::All(operator) => out.push_str(&format!("{}ALL ", sign(operator))),
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
fn select(columns: &[Term], rows: &Rows, depth: usize, out: &mut String) {
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

fn limit(unknown: bool, parts: &[Term], depth: usize, out: &mut String) {
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

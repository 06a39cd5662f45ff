//! Expressions of several dialects, and what they mean in a compact form.

mod function;
mod operator;
mod printed;
mod rows;

use super::{Names, expression};
use crate::dialect::Dialect;
use crate::relation::{Expression, InputId, RelationId};
use sqlparser::ast::{Ident, ObjectName, Query, WindowSpec};
use sqlparser::parser::Parser;

/// Every name is a column of the only input; those that start with `hole` are template tags.
struct Columns {
    dialect: Dialect,
    queries: u32,
    mentions: Vec<String>,
}

impl Columns {
    fn new(dialect: Dialect) -> Columns {
        Columns {
            dialect,
            queries: 0,
            mentions: Vec::new(),
        }
    }
}

impl Names for Columns {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn column(&mut self, parts: &[Ident]) -> Expression {
        let names: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
        self.mentions.push(names.join("."));
        if parts.iter().any(|part| self.is_hole(part)) {
            return super::unknown(crate::relation::UnknownReason::Template, Vec::new());
        }
        Expression::Column {
            input: InputId(0),
            name: names.join(".").as_str().into(),
        }
    }

    fn subquery(&mut self, _: &Query) -> RelationId {
        self.queries += 1;
        RelationId(self.queries)
    }

    fn named_window(&mut self, name: &Ident) -> Option<WindowSpec> {
        let sql = match name.value.as_str() {
            "w" => "sum(a) OVER (PARTITION BY b ORDER BY c)",
            "v" => "sum(a) OVER (w ROWS 1 PRECEDING)",
            _ => return None,
        };
        match parsed(sql, Dialect::Postgres) {
            sqlparser::ast::Expr::Function(function) => match function.over {
                Some(sqlparser::ast::WindowType::WindowSpec(spec)) => Some(spec),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_hole(&self, ident: &Ident) -> bool {
        ident.value.starts_with("hole")
    }

    fn wildcard(&mut self, qualifier: Option<&ObjectName>) -> Option<Vec<Expression>> {
        match qualifier {
            None => Some(vec![self.column(&["a".into()]), self.column(&["b".into()])]),
            Some(_) => None,
        }
    }
}

fn parsed(sql: &str, dialect: Dialect) -> sqlparser::ast::Expr {
    let mut parser = Parser::new(dialect.parser())
        .try_with_sql(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let expr = parser
        .parse_expr()
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let rest = parser.peek_token();
    assert_eq!(rest.token, sqlparser::tokenizer::Token::EOF, "{sql}");
    expr
}

/// The compact form of what `sql` means.
fn meaning(sql: &str, dialect: Dialect) -> String {
    let mut names = Columns::new(dialect);
    printed::printed(&expression(&mut names, &parsed(sql, dialect)))
}

/// Checks each expression of a table, in one dialect.
#[track_caller]
fn check(dialect: Dialect, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(sql, expected)| {
            let found = meaning(sql, dialect);
            (found != *expected)
                .then(|| format!("{sql}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "in {dialect}:\n{}", wrong.join("\n"));
}

#[test]
fn a_long_chain_needs_no_deep_stack() {
    let lower = std::thread::Builder::new().stack_size(8 << 20);
    let lowered = lower
        .spawn(|| {
            let ands = vec!["a = 1"; 2_000].join(" AND ");
            let sums = vec!["a"; 2_000].join(" + ");
            let casts = format!("a{}", "::text".repeat(2_000));
            for (sql, columns) in [(ands, 2_000), (sums, 2_000), (casts, 1)] {
                let mut names = Columns::new(Dialect::Postgres);
                let value = expression(&mut names, &parsed(&sql, Dialect::Postgres));
                assert_eq!(names.mentions.len(), columns);
                drop(value);
            }
        })
        .unwrap();
    lowered.join().unwrap();
}

#[test]
fn forms_inside_forms_do_not_grow_without_bounds() {
    let mut sql = "a".to_owned();
    for _ in 0..30 {
        sql = format!("nullif({sql}, b)");
    }
    assert!(meaning(&sql, Dialect::Snowflake).len() < 5_000);
    let mut sql = "a".to_owned();
    for _ in 0..30 {
        sql = format!("CASE {sql} WHEN b THEN c END");
    }
    assert!(meaning(&sql, Dialect::Snowflake).len() < 5_000);
}

//! What stands on a table in `FROM` and decides which of its rows are read: a sample, a version, a partition;
//! and what gives rows again and again, `CONNECT BY`.

use super::context::Lowering;
use crate::dialect::Dialect;
use crate::relation::{
    Expression, From, Join, JoinKind, READS_PART, Source, Unknown, UnknownReason,
};
use sqlparser::ast::{self, TableAlias, TableFactor, TableInheritance, TableWithJoins};
use syntax::TextRange;

impl Lowering<'_> {
    /// Conditions for tables of which only a part is read: which rows that are is not known, but the same
    /// text means the same part. A sample is another one each time.
    pub(super) fn parts_read(&self, tables: &[TableWithJoins]) -> Vec<Expression> {
        let mut found = Vec::new();
        for (place, factor) in factors(tables).into_iter().enumerate() {
            match factor {
                TableFactor::Table {
                    sample: Some(_), ..
                }
                | TableFactor::Derived {
                    sample: Some(_), ..
                } => {
                    found.push(unsupported(Vec::new()));
                }
                TableFactor::Table { .. } => {
                    if let Some(text) = self.part(factor) {
                        let place = Expression::number(place.to_string());
                        found.push(Expression::call(
                            READS_PART,
                            [place, Expression::text(text)],
                        ));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// What is written on a table to read a part of it.
    fn part(&self, factor: &TableFactor) -> Option<String> {
        let TableFactor::Table {
            alias,
            version,
            partitions,
            inheritance,
            ..
        } = factor
        else {
            return None;
        };
        let version = version.as_ref().map(ToString::to_string);
        let named: Vec<String> = partitions.iter().map(ToString::to_string).collect();
        let partition = (!named.is_empty()).then(|| format!("PARTITION ({})", named.join(", ")));
        let only = matches!(inheritance, Some(TableInheritance::Only { .. }));
        let is_final = alias.as_ref().is_some_and(|alias| self.is_final(alias));
        let words = [only.then_some("ONLY"), is_final.then_some("FINAL")];
        let words = words.into_iter().flatten().map(str::to_owned);
        let parts: Vec<String> = words.chain(version).chain(partition).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Whether an alias is ClickHouse's `FINAL`, which the parser takes for one.
    pub(super) fn is_final(&self, alias: &TableAlias) -> bool {
        let is_word = !alias.explicit && alias.name.quote_style.is_none();
        let is_click_house = self.dialect == Dialect::ClickHouse;
        is_click_house && is_word && alias.name.value.eq_ignore_ascii_case("final")
    }

    /// A part of `CONNECT BY`: which rows it leaves out is not known.
    pub(super) fn connect_by(&mut self, part: &ast::ConnectByKind) -> Expression {
        let over = match part {
            ast::ConnectByKind::ConnectBy { relationships, .. } => relationships
                .iter()
                .map(|relationship| self.expression(relationship))
                .collect(),
            ast::ConnectByKind::StartWith { condition, .. } => vec![self.expression(condition)],
        };
        unsupported(over)
    }

    /// What `CONNECT BY` makes of rows: each may be reached on several ways.
    pub(super) fn by_hierarchy(&mut self, from: From) -> From {
        let ways = Source::Unknown { reads: Vec::new() };
        let ways = self.input(ways, TextRange::default());
        From::Join(Box::new(Join {
            kind: JoinKind::Unknown,
            left: from,
            right: From::Input(ways),
            on: None,
        }))
    }
}

fn unsupported(over: Vec<Expression>) -> Expression {
    Expression::Unknown(Unknown {
        reason: UnknownReason::Unsupported,
        over,
        name: None,
    })
}

/// The factors of a `FROM`, those of joins in parentheses too.
fn factors(tables: &[TableWithJoins]) -> Vec<&TableFactor> {
    let mut found = Vec::new();
    for table in tables {
        let joined = table.joins.iter().map(|join| &join.relation);
        for factor in std::iter::once(&table.relation).chain(joined) {
            match factor {
                TableFactor::NestedJoin {
                    table_with_joins,
                    alias: None,
                } => found.extend(factors(std::slice::from_ref(table_with_joins))),
                factor => found.push(factor),
            }
        }
    }
    found
}

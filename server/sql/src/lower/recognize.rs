//! `MATCH_RECOGNIZE`: rows that a pattern over their order picks.
//!
//! Which rows a pattern matches is not computed. It is written as the condition of a window function
//! that is given the pattern's text and every column in it, and each measure as another one: so it is
//! known what values and rows come from, and two of them are the same only where they are written alike.

use super::context::{Lowering, Remainder};
use super::expression::sort_key;
use super::star::StarOptions;
use crate::relation::{
    Aggregate, Body, Column, Distinct, Expression, Relation, RelationId, Select, SortKey,
    UnknownReason, Window,
};
use smol_str::SmolStr;
use sqlparser::ast::{
    AfterMatchSkip, Expr, Ident, MatchRecognizePattern, MatchRecognizeSymbol, Measure,
    RowsPerMatch, SymbolDefinition, TableFactor, VisitMut, VisitorMut,
};
use std::ops::ControlFlow;
use syntax::{Name, TextRange};

/// The name of the window functions that stand for a pattern.
const FUNCTION: &str = "match_recognize";

/// A pattern nests at most this deep.
const DEEPEST: usize = 100;

/// A column before it is put in its relation.
type Given = (Option<Name>, Expression);

impl Lowering<'_> {
    /// The relation that a `MATCH_RECOGNIZE` is; `None` where rows may come out of it twice.
    pub(super) fn recognized(
        &mut self,
        factor: &TableFactor,
        range: TextRange,
    ) -> Option<RelationId> {
        let TableFactor::MatchRecognize {
            table,
            partition_by,
            order_by,
            measures,
            rows_per_match,
            after_match_skip: None | Some(AfterMatchSkip::PastLastRow),
            pattern,
            symbols,
            alias: _,
        } = factor
        else {
            return None;
        };
        let id = self.reserve(range);
        let (from, around) = self.enter_table(id, table);
        let partition: Vec<Expression> =
            partition_by.iter().map(|by| self.expression(by)).collect();
        let order: Vec<SortKey> = order_by.iter().map(|key| sort_key(self, key)).collect();
        let pattern = Pattern::new(pattern, symbols);
        let columns = self.columns_in(
            symbols.iter().map(|symbol| &symbol.definition),
            &pattern.symbols,
        );
        let over = |text: String, columns: Vec<Expression>| {
            let text = Expression::text(SmolStr::new(text));
            Expression::Window(Box::new(Window {
                function: Aggregate {
                    function: SmolStr::new(FUNCTION),
                    arguments: std::iter::once(text).chain(columns).collect(),
                    distinct: false,
                    filter: None,
                    order: Vec::new(),
                },
                partition: partition.clone(),
                order: order.clone(),
                frame: None,
                ignores_nulls: false,
            }))
        };
        let rows = match rows_per_match {
            None => RowsPerMatch::OneRow,
            Some(rows) => rows.clone(),
        };
        let pattern_text = format!("{} {rows}", pattern.text);
        let qualify = over(pattern_text.clone(), columns.clone());
        let mut measured: Vec<Given> = Vec::new();
        for Measure { expr, alias } in measures {
            let mut read = self.columns_in(std::iter::once(expr), &pattern.symbols);
            read.extend(columns.iter().cloned());
            let value = over(format!("{expr} {pattern_text}"), read);
            measured.push((Some(Name::new(&alias.value)), value));
        }
        let all_rows = matches!(rows, RowsPerMatch::AllRows(_));
        let (given, rest) = self.recognized_columns(partition_by, order_by, measured, all_rows);
        self.leave_table(around);
        let width = given.len();
        let (names, projection): (Vec<_>, Vec<_>) = given.into_iter().unzip();
        let columns = names.into_iter().map(|name| Column {
            name,
            implicit: false,
        });
        let relation = Relation {
            columns: columns.collect(),
            open: rest.is_some(),
            body: Body::Select(Box::new(Select {
                projection,
                from,
                qualify: Some(qualify),
                distinct: Distinct::Keep,
                ..Select::default()
            })),
            order: Vec::new(),
            limit: None,
        };
        self.fill(id, relation);
        if let Some(rest) = rest {
            self.remainders.insert(id, rest);
        }
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.columns = vec![super::ColumnPlace::default(); width];
        }
        Some(id)
    }

    /// The columns in the order of the manuals: what rows are divided and ordered by, the measures, and,
    /// where all rows are given, the table's other columns. Also what stands for columns that are not
    /// known.
    fn recognized_columns(
        &mut self,
        partition_by: &[Expr],
        order_by: &[sqlparser::ast::OrderByExpr],
        measured: Vec<Given>,
        all_rows: bool,
    ) -> (Vec<Given>, Option<Remainder>) {
        let keys = order_by.iter().filter(|_| all_rows).map(|key| &key.expr);
        let keys: Vec<&Expr> = partition_by.iter().chain(keys).collect();
        let first = keys.into_iter().map(|key| {
            let name = match key {
                Expr::Identifier(ident) => Some(ident),
                Expr::CompoundIdentifier(parts) => parts.last(),
                _ => None,
            };
            let name = name.map(|ident: &Ident| Name::new(&ident.value));
            (name, self.expression(key))
        });
        let first: Vec<Given> = first.collect();
        if !all_rows {
            return (first.into_iter().chain(measured).collect(), None);
        }
        let bindings = self.scopes.last().map(|scope| scope.bindings.clone());
        let expanded = self.expand(&bindings.unwrap_or_default(), &[], &StarOptions::default());
        let is_first =
            |name: &Option<Name>| name.is_some() && first.iter().any(|(first, _)| first == name);
        let others = expanded.columns.into_iter();
        let others: Vec<Given> = others.filter(|(name, _)| !is_first(name)).collect();
        let given: Vec<Given> = if self.dialect == crate::dialect::Dialect::Snowflake {
            // There the measures follow the table's own columns.
            first
                .iter()
                .cloned()
                .chain(others)
                .chain(measured)
                .collect()
        } else {
            first
                .iter()
                .cloned()
                .chain(measured)
                .chain(others)
                .collect()
        };
        let rest = if expanded.too_many {
            Some(Remainder::Unknown)
        } else if expanded.rest.is_empty() {
            None
        } else {
            let mut rest = expanded.rest;
            for star in &mut rest {
                star.except
                    .extend(first.iter().filter_map(|(name, _)| name.clone()));
            }
            Some(Remainder::Stars(rest))
        };
        (given, rest)
    }

    /// The columns that are mentioned in `expressions`, each once, in their order. A symbol of the
    /// pattern before a column's name tells which rows are meant, which the text tells as well.
    fn columns_in<'e>(
        &mut self,
        expressions: impl Iterator<Item = &'e Expr>,
        symbols: &[String],
    ) -> Vec<Expression> {
        let mut columns: Vec<Expression> = Vec::new();
        for expression in expressions {
            let mut plain = expression.clone();
            let _ = plain.visit(&mut WithoutSymbols(symbols));
            let lowered = self.expression(&plain);
            lowered.for_each(&mut |part| {
                // A form that is not modelled is in the text, and what it is computed from comes next.
                let is_read = match part {
                    Expression::Unknown(unknown) => unknown.reason != UnknownReason::Unsupported,
                    Expression::Column { .. } | Expression::Output { .. } => true,
                    Expression::Subquery(_) => true,
                    _ => false,
                };
                if is_read && !columns.contains(part) {
                    columns.push(part.clone());
                }
            });
        }
        columns
    }
}

/// A pattern, with what its symbols are defined as.
struct Pattern {
    text: String,
    symbols: Vec<String>,
}

impl Pattern {
    fn new(pattern: &MatchRecognizePattern, definitions: &[SymbolDefinition]) -> Pattern {
        let mut symbols: Vec<String> = definitions
            .iter()
            .map(|definition| definition.symbol.value.clone())
            .collect();
        named(pattern, &mut symbols, DEEPEST);
        let defined: Vec<String> = definitions.iter().map(ToString::to_string).collect();
        Pattern {
            text: format!("PATTERN ({pattern}) DEFINE {}", defined.join(", ")),
            symbols,
        }
    }
}

/// Adds the symbols of a pattern.
fn named(pattern: &MatchRecognizePattern, symbols: &mut Vec<String>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    let mut add = |symbol: &MatchRecognizeSymbol| {
        if let MatchRecognizeSymbol::Named(name) = symbol {
            symbols.push(name.value.clone());
        }
    };
    match pattern {
        MatchRecognizePattern::Symbol(symbol) | MatchRecognizePattern::Exclude(symbol) => {
            add(symbol);
        }
        MatchRecognizePattern::Permute(all) => all.iter().for_each(add),
        MatchRecognizePattern::Concat(all) | MatchRecognizePattern::Alternation(all) => {
            for inner in all {
                named(inner, symbols, depth);
            }
        }
        MatchRecognizePattern::Group(inner) | MatchRecognizePattern::Repetition(inner, _) => {
            named(inner, symbols, depth);
        }
    }
}

/// Takes the symbols before the names of columns away.
struct WithoutSymbols<'s>(&'s [String]);

impl VisitorMut for WithoutSymbols<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        if let Expr::CompoundIdentifier(parts) = expression
            && let [symbol, name] = parts.as_slice()
            && self
                .0
                .iter()
                .any(|own| own.eq_ignore_ascii_case(&symbol.value))
        {
            *expression = Expr::Identifier(name.clone());
        }
        ControlFlow::Continue(())
    }
}

//! The tables of a `FROM` clause as relations.

use super::expression::Form;
use super::relation::{Relation, StarOptions};
use super::scope::{Scope, Table};
use super::{FoundInput, Resolver};
use crate::dialect::Dialect;
use crate::facts::{OpenReason, Output, Star, TableName, TableRef};
use crate::skeleton::{Constraint, Factor, FactorKind, Join, Source};
use crate::template::Meaning;
use sqlparser::tokenizer::Token;
use std::ops::Range;
use std::rc::Rc;
use syntax::Name;

impl Resolver<'_> {
    /// Adds the tables to the scope, in order, and reads what they are joined on.
    pub(super) fn factors(&mut self, factors: &[Factor], scope: &mut Scope<'_>) {
        for factor in factors {
            self.factor(factor, scope);
            for constraint in &factor.constraints {
                match constraint {
                    Constraint::On(tokens) => {
                        self.expression(tokens.clone(), scope, Form::One);
                    }
                    Constraint::Using(columns) => self.using(columns, scope),
                }
            }
        }
    }

    fn factor(&mut self, factor: &Factor, scope: &mut Scope<'_>) {
        let in_star = factor.join == Join::Adds;
        if let (FactorKind::Nested(inner), None) = (&factor.kind, factor.alias) {
            let first = scope.tables.len();
            self.factors(inner, scope);
            if factor.reshaped {
                scope.tables.truncate(first);
                let open = self.open(OpenReason::UnknownInput, &(0..0));
                self.add(scope, Vec::new(), Relation::unknown(open), in_star);
            } else if !in_star {
                for table in scope.tables.iter_mut().skip(first) {
                    table.in_star = false;
                }
            }
            return;
        }
        let (mut name, mut relation) = self.relation(factor, scope);
        if factor.reshaped {
            let at = factor.alias.map_or(0..0, |at| at..at + 1);
            let open = self.open(OpenReason::UnknownInput, &at);
            relation = Rc::new(Relation::unknown(open));
        }
        if let Some(alias) = factor.alias.filter(|at| !self.is_unasked_tag(*at)) {
            name = self.source.name(alias).map(Name::new).into_iter().collect();
        }
        if !factor.columns.is_empty() {
            let given = Rc::unwrap_or_clone(relation);
            relation = Rc::new(self.with_names(&factor.columns, given));
        }
        scope.tables.push(Table {
            name,
            relation,
            in_star,
            is_value: matches!(factor.kind, FactorKind::Function { .. }),
            merged: Vec::new(),
        });
    }

    fn add(&mut self, scope: &mut Scope<'_>, name: Vec<Name>, relation: Relation, in_star: bool) {
        scope.tables.push(Table {
            name,
            relation: Rc::new(relation),
            in_star,
            is_value: false,
            merged: Vec::new(),
        });
    }

    /// What a table is called by itself, and its columns.
    fn relation(&mut self, factor: &Factor, scope: &Scope<'_>) -> (Vec<Name>, Rc<Relation>) {
        match &factor.kind {
            FactorKind::Table(tokens) => self.table(tokens),
            FactorKind::Query(query) => {
                let outer = if factor.lateral {
                    Some(scope)
                } else {
                    scope.outer
                };
                (Vec::new(), Rc::new(self.query(query, outer, None)))
            }
            FactorKind::Nested(inner) => {
                let mut inside = Scope {
                    outer: scope.outer,
                    ..Scope::default()
                };
                self.factors(inner, &mut inside);
                let outputs = self.everything(&inside, &(0..0));
                (Vec::new(), Rc::new(Relation::new(outputs, None)))
            }
            FactorKind::Function { all } => {
                self.expression(all.clone(), scope, Form::One);
                (Vec::new(), self.unknown_input(all))
            }
            FactorKind::Unknown(tokens) => (Vec::new(), self.unknown_input(tokens)),
        }
    }

    fn table(&mut self, tokens: &Range<usize>) -> (Vec<Name>, Rc<Relation>) {
        if let Some(name) = self.table_name(tokens) {
            if let [only] = name.parts.as_slice()
                && let Some((_, relation)) = self.ctes.iter().rev().find(|(own, _)| own == only)
            {
                return (name.parts, Rc::clone(relation));
            }
            let parts = name.parts.clone();
            return (parts, self.input(tokens, TableRef::Named(name), None));
        }
        match self.hole(tokens.start).map(|hole| &hole.meaning) {
            Some(Meaning::Table(table)) if tokens.len() == 1 => {
                let unknown = (*table == TableRef::Unknown).then_some(OpenReason::Template);
                let name = match table {
                    TableRef::Ref { name, .. } | TableRef::Source { table: name, .. } => {
                        vec![name.clone()]
                    }
                    TableRef::Named(_) | TableRef::Unknown => Vec::new(),
                };
                (name, self.input(tokens, table.clone(), unknown))
            }
            _ => (Vec::new(), self.unknown_input(tokens)),
        }
    }

    fn unknown_input(&mut self, tokens: &Range<usize>) -> Rc<Relation> {
        let reason = if self.has_hole(&(tokens.start..tokens.start + 1)) {
            OpenReason::Template
        } else {
            OpenReason::UnknownInput
        };
        self.input(tokens, TableRef::Unknown, Some(reason))
    }

    fn input(
        &mut self,
        tokens: &Range<usize>,
        table: TableRef,
        unknown: Option<OpenReason>,
    ) -> Rc<Relation> {
        let input = self.inputs.len() as u32;
        self.inputs.push(FoundInput {
            range: self.source.range(tokens),
            table,
            unknown,
        });
        let item = self.spot(tokens);
        Rc::new(Relation::of_star(Star {
            input,
            item,
            except: Vec::new(),
            rename: Vec::new(),
            replace: Vec::new(),
        }))
    }

    /// `USING (…)`: the columns are given by the tables before the last one.
    fn using(&mut self, columns: &[usize], scope: &mut Scope<'_>) {
        for at in columns {
            self.mention(&[*at], scope, Form::One);
        }
        let names = columns.iter().filter_map(|at| self.source.name(*at));
        let names: Vec<Name> = names.map(Name::new).collect();
        if let Some(last) = scope.tables.last_mut() {
            last.merged.extend(names);
        }
    }

    /// All columns of all tables of the scope, standing at the tokens `item`.
    pub(super) fn everything(&mut self, scope: &Scope<'_>, item: &Range<usize>) -> Vec<Output> {
        let spot = self.spot(item);
        let mut outputs = Vec::new();
        for table in scope.tables.iter().filter(|table| table.in_star) {
            let expanded = table
                .relation
                .expanded(&table.merged, &StarOptions::default());
            outputs.extend(expanded.into_iter().map(|output| at_item(output, spot)));
        }
        outputs
    }
}

/// A star directly over an input stands where it is written, and not where the input is named.
pub(super) fn at_item(output: Output, item: syntax::Spot) -> Output {
    match output {
        Output::Star(star) => Output::Star(Star { item, ..star }),
        column => column,
    }
}

/// The name that `tokens` are; `None` where a template has a part in it.
pub(super) fn name(
    source: &Source<'_>,
    dialect: Dialect,
    tokens: &Range<usize>,
) -> Option<TableName> {
    let mut parts: Vec<String> = Vec::new();
    let mut joins = false;
    for at in tokens.clone() {
        let lexeme = source.get(at).filter(|lexeme| lexeme.hole.is_none())?;
        let written = match &lexeme.token {
            Token::Period => {
                joins = false;
                continue;
            }
            Token::Minus => "-",
            Token::Word(word) => &word.value,
            Token::DoubleQuotedString(value) => value,
            Token::Number(number, _) => number,
            _ => return None,
        };
        match parts.last_mut() {
            Some(last) if joins => last.push_str(written),
            _ => parts.push(written.to_owned()),
        }
        joins = true;
    }
    // BigQuery writes a whole path in one pair of quotes.
    let quoted_path = dialect == Dialect::BigQuery && parts.len() == 1;
    let parts: Vec<Name> = if quoted_path {
        parts
            .iter()
            .flat_map(|path| path.split('.'))
            .map(Name::new)
            .collect()
    } else {
        parts.into_iter().map(Name::new).collect()
    };
    (!parts.is_empty()).then_some(TableName { parts })
}

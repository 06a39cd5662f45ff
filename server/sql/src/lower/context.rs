//! The state of lowering one statement.

use super::from::own_name;
use super::scope::{AliasRule, Binding, Columns, Found, Scope};
use super::star::StarOptions;
use super::{Catalog, ClausePlace, ColumnPlace, Mention, Qualifier, QueryPlaces, RelationPlaces};
use crate::dialect::Dialect;
use crate::facts::TableRef;
use crate::lexeme::{HoleLink, Lexeme, View};
use crate::parse::number;
use crate::prepare::Prepared;
use crate::relation::{
    Body, Expression, Input, InputId, Query, Relation, RelationId, Source, Unknown, UnknownReason,
};
use crate::template::{Hole, Meaning};
use sqlparser::ast::{Expr, Ident, TableAlias};
use sqlparser::tokenizer::{Location, Span, Token};
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use syntax::{Name, TextRange};

/// The state of lowering one statement.
pub(super) struct Lowering<'a> {
    pub(super) dialect: Dialect,
    pub(super) catalog: &'a dyn Catalog,
    lexemes: &'a [Lexeme],
    holes: &'a [Hole],
    by_macro: &'a [TextRange],
    /// The relations so far, and where they stand.
    pub(super) relations: Vec<Relation>,
    pub(super) places: Vec<DraftPlaces>,
    /// Where the columns of open relations may come from.
    pub(super) remainders: HashMap<RelationId, Remainder>,
    /// Where each input stands.
    inputs: Vec<TextRange>,
    /// Where each input is given an alias.
    aliases: Vec<TextRange>,
    mentions: Vec<Mention>,
    qualifiers: Vec<Qualifier>,
    /// The scopes of the queries around the place that is lowered, the innermost last.
    pub(super) scopes: Vec<Scope>,
    /// The relations whose scopes those are.
    pub(super) within: Vec<RelationId>,
    /// The common table expressions that can be mentioned, the innermost last.
    pub(super) ctes: Vec<(Name, RelationId)>,
    /// How many relations are being looked through for a column.
    pub(super) demanding: usize,
    /// How many columns stars may still bring.
    pub(super) columns_left: Cell<usize>,
    /// How many parts of expressions may still be copied to where their aliases are mentioned.
    pub(super) parts_left: usize,
}

/// Stars of one statement bring no more columns than this.
const MOST_COLUMNS: usize = 200_000;
/// No more parts of expressions than this are copied in one statement.
const MOST_PARTS: usize = 500_000;
/// Names with more parts than this are not followed.
const MOST_FIELDS: usize = 100;

/// Where a relation stands, while it is lowered.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftPlaces {
    pub(super) range: TextRange,
    pub(super) name: TextRange,
    pub(super) columns: Vec<ColumnPlace>,
    pub(super) clauses: Vec<ClausePlace>,
    /// The first `*` behind which further columns may stand.
    pub(super) star: Option<ColumnPlace>,
}

/// Where the columns of an open relation come from that are not listed.
#[derive(Clone, Debug)]
pub(super) enum Remainder {
    /// From these.
    Stars(Vec<StarRest>),
    /// From both branches of a set operation.
    Branches(RelationId, RelationId),
    /// Nobody knows.
    Unknown,
}

/// What a `*` gives besides the columns that are known.
#[derive(Clone, Debug)]
pub(super) struct StarRest {
    pub(super) binding: Rc<Binding>,
    pub(super) except: Vec<Name>,
    pub(super) options: StarOptions,
}

/// The columns that the functions in `FROM` give, where they are always the same.
const FUNCTION_COLUMNS: &[(&str, &[&str])] = &[
    ("flatten", &["seq", "key", "path", "index", "value", "this"]),
    ("split_to_table", &["seq", "index", "value"]),
    ("strtok_split_to_table", &["seq", "index", "value"]),
    ("json_each", &["key", "value"]),
    ("jsonb_each", &["key", "value"]),
    ("json_each_text", &["key", "value"]),
    ("jsonb_each_text", &["key", "value"]),
    ("posexplode", &["pos", "col"]),
    ("posexplode_outer", &["pos", "col"]),
];

impl<'a> Lowering<'a> {
    /// A state in which nothing is lowered yet.
    pub(super) fn new(prepared: &'a Prepared, catalog: &'a dyn Catalog) -> Lowering<'a> {
        Lowering {
            dialect: prepared.dialect,
            catalog,
            lexemes: &prepared.lexed.lexemes,
            holes: &prepared.mask.holes,
            by_macro: &prepared.by_macro,
            relations: Vec::new(),
            places: Vec::new(),
            remainders: HashMap::new(),
            inputs: Vec::new(),
            aliases: Vec::new(),
            mentions: Vec::new(),
            qualifiers: Vec::new(),
            scopes: Vec::new(),
            within: Vec::new(),
            ctes: Vec::new(),
            demanding: 0,
            columns_left: Cell::new(MOST_COLUMNS),
            parts_left: MOST_PARTS,
        }
    }

    /// The query with that root, and where it stands.
    pub(super) fn finish(self, root: RelationId, statement: TextRange) -> (Query, QueryPlaces) {
        let rest = self.rest(root);
        let mut mentions = self.mentions;
        mentions.sort_by_key(|mention| (mention.range.start(), mention.range.end()));
        let mut qualifiers = self.qualifiers;
        qualifiers.sort_by_key(|qualifier| (qualifier.range.start(), qualifier.range.end()));
        let relations = self.places.into_iter().map(|draft| RelationPlaces {
            range: draft.range,
            name: draft.name,
            columns: draft.columns,
            clauses: draft.clauses,
        });
        let places = QueryPlaces {
            statement,
            relations: relations.collect(),
            inputs: self.inputs,
            aliases: self.aliases,
            mentions,
            qualifiers,
        };
        let query = Query {
            inputs: places.inputs.len() as u32,
            relations: self.relations,
            root,
            rest,
        };
        (query, places)
    }

    /// Adds a relation without columns, to be filled.
    pub(super) fn reserve(&mut self, range: TextRange) -> RelationId {
        let id = RelationId(self.relations.len() as u32);
        self.relations.push(Relation {
            columns: Vec::new(),
            open: true,
            body: Body::Unknown { reads: Vec::new() },
            order: Vec::new(),
            limit: None,
        });
        self.places.push(DraftPlaces {
            range,
            ..DraftPlaces::default()
        });
        id
    }

    /// Fills a relation.
    pub(super) fn fill(&mut self, id: RelationId, relation: Relation) {
        if let Some(slot) = self.relations.get_mut(id.0 as usize) {
            *slot = relation;
        }
    }

    /// A relation of which nothing is known but what it may read.
    pub(super) fn unknown(&mut self, range: TextRange, reads: Vec<Source>) -> RelationId {
        let id = self.reserve(range);
        if let Some(relation) = self.relations.get_mut(id.0 as usize) {
            relation.body = Body::Unknown { reads };
        }
        self.remainders.insert(id, Remainder::Unknown);
        id
    }

    /// The columns of a relation.
    pub(super) fn relation(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(id.0 as usize)
    }

    /// A new input.
    pub(super) fn input(&mut self, source: Source, range: TextRange) -> Input {
        let id = InputId(self.inputs.len() as u32);
        self.inputs.push(range);
        self.aliases.push(TextRange::default());
        Input { id, source }
    }

    /// Notes where an input is given its alias.
    pub(super) fn note_alias(&mut self, input: InputId, alias: Option<&TableAlias>) {
        let range = alias.and_then(|alias| self.range_of(alias.name.span));
        if let (Some(range), Some(slot)) = (range, self.aliases.get_mut(input.0 as usize)) {
            *slot = range;
        }
    }

    /// Adds a binding to the innermost scope.
    pub(super) fn bind(&mut self, binding: Binding) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.bindings.push(Rc::new(binding));
        }
    }

    /// What the catalog knows of a table, as columns of a binding.
    pub(super) fn columns_of_table(&self, table: &TableRef) -> Columns {
        match self.catalog.columns(table) {
            Some(known) => Columns::Named {
                names: known
                    .columns
                    .into_iter()
                    .map(|column| column.name)
                    .collect(),
                originals: None,
                open: known.open,
            },
            None => Columns::Named {
                names: Rc::default(),
                originals: None,
                open: true,
            },
        }
    }

    /// Says whether names of the projection can be mentioned from here on.
    pub(super) fn set_alias_rule(&mut self, rule: AliasRule) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.alias_rule = rule;
        }
    }

    /// Lowers an expression.
    pub(super) fn expression(&mut self, expression: &Expr) -> Expression {
        super::expression::expression(self, expression)
    }

    /// What a dotted name stands for, noted as a mention.
    pub(super) fn mention(&mut self, parts: &[Ident]) -> Expression {
        let Some(names) = self.names_of(parts) else {
            return Expression::Unknown(Unknown {
                reason: UnknownReason::Template,
                over: Vec::new(),
                name: None,
            });
        };
        let (mut found, used) = self.resolve(&names);
        if let Expression::Unknown(unknown) = &mut found.value
            && unknown.reason == UnknownReason::NoSuchColumn
        {
            let written: Vec<&str> = names.iter().map(Name::as_str).collect();
            unknown.name = Some(written.join(".").to_lowercase().into());
        }
        let column = used.checked_sub(1).and_then(|at| parts.get(at));
        if let Some(column) = column {
            self.note(column, &found);
        }
        if let (Some(input), Some(qualifier)) = (found.qualifier, parts.get(..used - 1)) {
            self.note_qualifier(input, qualifier);
        }
        let fields = names.get(used..).unwrap_or_default();
        if fields.len() > MOST_FIELDS {
            return Expression::Unknown(Unknown {
                reason: UnknownReason::Unsupported,
                over: vec![found.value],
                name: None,
            });
        }
        fields.iter().fold(found.value, |value, field| {
            let field = Expression::text(field.as_str().to_lowercase());
            Expression::call("field", [value, field])
        })
    }

    /// Notes that `ident` mentions what was found.
    pub(super) fn note(&mut self, ident: &Ident, found: &Found) {
        let Some(range) = self.range_of(ident.span) else {
            return;
        };
        self.mentions.push(Mention {
            range,
            within: self.within.last().copied().unwrap_or(RelationId(0)),
            value: found.value.clone(),
            alias: found.alias,
        });
    }

    /// Notes a mention that stands outside of what it mentions.
    pub(super) fn note_in(&mut self, mention: Mention) {
        self.mentions.push(mention);
    }

    /// Notes that `parts` mention an input before a column or a `*`.
    pub(super) fn note_qualifier(&mut self, input: InputId, parts: &[Ident]) {
        let first = parts.first().and_then(|part| self.range_of(part.span));
        let last = parts.last().and_then(|part| self.range_of(part.span));
        if let (Some(first), Some(last)) = (first, last) {
            let range = first.cover(last);
            self.qualifiers.push(Qualifier { range, input });
        }
    }

    /// The columns of a function in `FROM`.
    pub(super) fn function_columns(function: &str) -> Option<&'static [&'static str]> {
        let known = FUNCTION_COLUMNS.iter().find(|(name, _)| *name == function);
        known.map(|(_, columns)| *columns)
    }

    fn lexeme_at(&self, location: Location) -> Option<&'a Lexeme> {
        if location.line == 0 {
            return None;
        }
        self.lexemes.get(number(location)?)
    }

    fn link_of(&self, ident: &Ident) -> Option<HoleLink> {
        self.lexeme_at(ident.span.start)?.hole
    }

    /// The tag that has a part in the identifier.
    pub(super) fn hole_of(&self, ident: &Ident) -> Option<&'a Hole> {
        self.holes.get(self.link_of(ident)?.index)
    }

    /// The table that the identifier stands for, where it is a tag that names one.
    pub(super) fn table_of_hole(&self, ident: &Ident) -> Option<TableRef> {
        let link = self.link_of(ident).filter(|link| link.alone)?;
        match &self.holes.get(link.index)?.meaning {
            Meaning::Table(table) => Some(table.clone()),
            _ => None,
        }
    }

    /// The names in a dotted one, of which the first may be a tag that names a table; `None` where a
    /// template has a part in one.
    fn names_of(&self, parts: &[Ident]) -> Option<Vec<Name>> {
        let name = |(at, part): (usize, &Ident)| {
            let table = self
                .table_of_hole(part)
                .filter(|_| at == 0 && parts.len() > 1);
            match table.as_ref().map(own_name).as_deref() {
                Some([own]) => Some(own.clone()),
                _ => self.name_of(part),
            }
        };
        parts.iter().enumerate().map(name).collect()
    }

    /// The name that the identifier is; `None` where a template has a part in it.
    pub(super) fn name_of(&self, ident: &Ident) -> Option<Name> {
        self.hole_of(ident)
            .is_none()
            .then(|| Name::new(&ident.value))
    }

    /// The tables that are handed to the tag which the parser sees as a query at `location`; `None`
    /// where a query is written there.
    pub(super) fn query_hole(&self, location: Location) -> Option<Vec<TableRef>> {
        let lexeme = self.lexeme_at(location)?;
        let link = lexeme.hole.filter(|_| lexeme.view == View::Query)?;
        let hole = self.holes.get(link.index)?;
        Some(hole.tables.iter().map(|(table, _)| table.clone()).collect())
    }

    /// Whether the parser sees something at `location` that stands for a list which is not known.
    pub(super) fn is_list_hole(&self, location: Location) -> bool {
        self.lexeme_at(location)
            .is_some_and(|lexeme| lexeme.view == View::List)
    }

    /// The tokens from the first to the last of `span`, with the parentheses closed that open there.
    pub(super) fn tokens_of(&self, span: Span) -> Option<Range<usize>> {
        if span.start.line == 0 {
            return None;
        }
        let start = number(span.start)?;
        let end = number(span.end).unwrap_or(start).max(start);
        let mut depth = 0i32;
        let mut last = end;
        for at in start..self.lexemes.len().min(end + 64) {
            match self.lexemes.get(at)?.token {
                Token::LParen | Token::LBracket => depth += 1,
                Token::RParen | Token::RBracket => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                break;
            }
            if at >= end {
                last = at;
                if depth == 0 {
                    break;
                }
            }
        }
        Some(start..last + 1)
    }

    /// Where `span` stands in the file.
    pub(super) fn range_of(&self, span: Span) -> Option<TextRange> {
        let tokens = self.tokens_of(span)?;
        self.range_of_tokens(&tokens)
    }

    /// Where the tokens stand in the file.
    pub(super) fn range_of_tokens(&self, tokens: &Range<usize>) -> Option<TextRange> {
        let first = self.lexemes.get(tokens.start)?;
        let last = self.lexemes.get(tokens.end.checked_sub(1)?)?;
        Some(first.range.cover(last.range))
    }

    /// Whether a macro made any of the tokens.
    pub(super) fn is_by_macro(&self, tokens: &Range<usize>) -> bool {
        let Some(range) = self.range_of_tokens(tokens) else {
            return false;
        };
        let next = self
            .by_macro
            .partition_point(|made| made.end() <= range.start());
        let next = self.by_macro.get(next);
        next.is_some_and(|made| made.start() < range.end())
    }

    /// The token at `at`.
    pub(super) fn lexeme(&self, at: usize) -> Option<&'a Lexeme> {
        self.lexemes.get(at)
    }
}

//! The entries of a projection, and the columns that each gives.

use crate::lower::ColumnPlace;
use crate::lower::context::{Lowering, StarRest};
use crate::lower::from::own_name;
use crate::lower::scope::{Alias, AliasRule, Binding};
use crate::lower::star::StarOptions;
use crate::relation::{Column, Expression, Unknown, UnknownReason};
use sqlparser::ast::{
    self, Expr, Ident, SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind, Spanned,
    WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Token;
use std::ops::Range;
use std::rc::Rc;
use syntax::{Name, TextRange};

/// The columns of a projection, while it is lowered.
#[derive(Default)]
pub(super) struct Projection {
    pub(super) columns: Vec<Column>,
    pub(super) values: Vec<Expression>,
    pub(super) places: Vec<ColumnPlace>,
    pub(super) rest: Vec<StarRest>,
    /// The `*` that those stand behind.
    pub(super) star: Option<ColumnPlace>,
    /// There are columns that nobody knows.
    pub(super) unknown: bool,
}

/// What a `*` behind a dot stands for.
enum Qualified {
    /// The columns of a table.
    Table(Rc<Binding>),
    /// The fields of a structure.
    Fields(Vec<(Option<Name>, Expression)>),
}

impl Lowering<'_> {
    pub(super) fn projection(&mut self, select: &ast::Select) -> Projection {
        let mut projection = Projection::default();
        if select.flavor == SelectFlavor::FromFirstNoSelect {
            let all = self.star_bindings();
            self.star(
                &mut projection,
                &all,
                &StarOptions::default(),
                ColumnPlace::default(),
            );
            return projection;
        }
        if self.dialect.has_lateral_aliases() {
            self.set_alias_rule(AliasRule::AfterColumns);
        }
        let ranges = self.item_ranges(select);
        for (at, item) in select.projection.iter().enumerate() {
            let written = ranges.as_ref().and_then(|ranges| ranges.get(at).cloned());
            let tokens = written.or_else(|| self.tokens_of(item.span()));
            self.item(&mut projection, item, tokens);
        }
        if let Some(exclude) = &select.exclude {
            let options = WildcardAdditionalOptions {
                opt_exclude: Some(exclude.clone()),
                ..WildcardAdditionalOptions::default()
            };
            let options = self.star_options(&options);
            projection.leave_out(&options);
        }
        self.set_alias_rule(AliasRule::Never);
        projection
    }

    fn item(
        &mut self,
        projection: &mut Projection,
        item: &SelectItem,
        tokens: Option<Range<usize>>,
    ) {
        let range = tokens
            .as_ref()
            .and_then(|tokens| self.range_of_tokens(tokens));
        let range = range.unwrap_or_default();
        let by_macro = tokens.is_some_and(|tokens| self.is_by_macro(&tokens));
        let place = |name: Option<TextRange>| ColumnPlace {
            item: range,
            name: name.unwrap_or(range),
            by_macro,
        };
        match item {
            SelectItem::UnnamedExpr(expression) => {
                let named = self.own_name(expression);
                let value = self.expression(expression);
                let (name, at) = named.unzip();
                let at = at.flatten();
                self.push(projection, name, value, place(at));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                let value = self.expression(expr);
                let name = self.name_of(alias);
                let at = self.range_of(alias.span);
                self.push(projection, name, value, place(at));
            }
            SelectItem::ExprWithAliases { expr, aliases } => {
                let value = self.expression(expr);
                for alias in aliases {
                    let part = Expression::Unknown(Unknown {
                        reason: UnknownReason::Unsupported,
                        over: vec![value.clone()],
                        name: None,
                    });
                    let at = self.range_of(alias.span);
                    let name = self.name_of(alias);
                    self.push(projection, name, part, place(at));
                }
            }
            SelectItem::Wildcard(options) => {
                let options = self.star_options(options);
                let all = self.star_bindings();
                self.star(projection, &all, &options, place(None));
            }
            SelectItem::QualifiedWildcard(kind, options) => {
                let options = self.star_options(options);
                match self.qualified_star(kind) {
                    Some(Qualified::Table(binding)) => {
                        self.star(projection, &[binding], &options, place(None));
                    }
                    Some(Qualified::Fields(fields)) => {
                        for (name, value) in options.applied(fields) {
                            self.push(projection, name, value, place(None));
                        }
                    }
                    None => projection.unknown = true,
                }
            }
        }
    }

    fn push(
        &mut self,
        projection: &mut Projection,
        name: Option<Name>,
        value: Expression,
        place: ColumnPlace,
    ) {
        if let (Some(name), Some(scope)) = (&name, self.scopes.last_mut()) {
            let position = projection.columns.len() as u32;
            let alias = Alias::new(name, position, &value);
            scope.aliases.insert(name.clone(), alias);
        }
        // A tag whose text is not known may stand for any number of columns.
        if name.is_none()
            && let Expression::Unknown(Unknown {
                reason: UnknownReason::Template,
                ..
            }) = &value
        {
            projection.unknown = true;
            return;
        }
        projection.columns.push(Column {
            name,
            implicit: false,
        });
        projection.values.push(value);
        projection.places.push(place);
    }

    fn star(
        &mut self,
        projection: &mut Projection,
        bindings: &[Rc<Binding>],
        options: &StarOptions,
        place: ColumnPlace,
    ) {
        self.note_options(bindings, options);
        let merged = match (self.scopes.last(), bindings.len()) {
            (Some(scope), 2..) => scope.merged.clone(),
            _ => Vec::new(),
        };
        let expanded = self.expand(bindings, &merged, options);
        for (name, value) in expanded.columns {
            let written = name.as_ref().and_then(|name| options.place_of(name));
            let place = written.map_or(place, |written| ColumnPlace {
                by_macro: place.by_macro,
                ..written
            });
            self.push(projection, name, value, place);
        }
        projection.unknown |= expanded.too_many;
        if !expanded.rest.is_empty() {
            projection.star.get_or_insert(place);
            projection.rest.extend(expanded.rest);
        }
    }

    fn star_bindings(&self) -> Vec<Rc<Binding>> {
        let scope = self.scopes.last();
        let bindings = scope.map(|scope| scope.bindings.iter().filter(|own| own.in_star));
        bindings.into_iter().flatten().cloned().collect()
    }

    fn qualified_star(&mut self, kind: &SelectItemQualifiedWildcardKind) -> Option<Qualified> {
        let SelectItemQualifiedWildcardKind::ObjectName(name) = kind else {
            return None;
        };
        let idents: Vec<&Ident> = name.0.iter().filter_map(|part| part.as_ident()).collect();
        // `{{ ref('a') }}.*` names the table that stands in `FROM` without an alias.
        let table = idents.first().and_then(|first| self.table_of_hole(first));
        let mut parts = match (table, idents.len()) {
            (Some(table), 1) => own_name(&table),
            _ => {
                let parts = idents.iter().map(|ident| self.name_of(ident));
                parts.collect::<Option<Vec<Name>>>()?
            }
        };
        if parts.is_empty() {
            return None;
        }
        parts.push(Name::new("*"));
        if let Some((mut binding, length)) = self.qualified(&parts)
            && length + 1 == parts.len()
        {
            Rc::make_mut(&mut binding).hidden.clear();
            let idents: Vec<Ident> = idents.into_iter().cloned().collect();
            self.note_qualifier(binding.input, &idents);
            return Some(Qualified::Table(binding));
        }
        parts.pop();
        self.fields(&parts).map(Qualified::Fields)
    }

    /// The name that the database gives to an entry without an alias.
    fn own_name(&self, expression: &Expr) -> Option<(Name, Option<TextRange>)> {
        match expression {
            Expr::Identifier(ident) => Some((self.name_of(ident)?, self.range_of(ident.span))),
            Expr::CompoundIdentifier(parts) => {
                let last = parts.last()?;
                Some((self.name_of(last)?, self.range_of(last.span)))
            }
            Expr::CompoundFieldAccess { access_chain, .. } => match access_chain.last()? {
                ast::AccessExpr::Dot(Expr::Identifier(last)) => {
                    Some((self.name_of(last)?, self.range_of(last.span)))
                }
                _ => None,
            },
            Expr::Nested(inner) => self.own_name(inner),
            _ if !self.dialect.names_expressions() => None,
            Expr::Cast { expr, .. } => self.own_name(expr),
            Expr::Case { .. } => Some((Name::new("case"), None)),
            Expr::Function(function) => {
                let part = function.name.0.last()?.as_ident()?;
                Some((self.name_of(part)?, None))
            }
            _ => None,
        }
    }

    /// The tokens of each entry of the projection; `None` where they can't be told apart.
    fn item_ranges(&self, select: &ast::Select) -> Option<Vec<Range<usize>>> {
        let first = self.tokens_of(select.select_token.0.span)?.start;
        let mut at = first + 1;
        // Words between `SELECT` and the first entry.
        let start = |entry: &SelectItem| Some(self.tokens_of(entry.span())?.start);
        if let Some(start) = select.projection.first().and_then(start) {
            // A function's parentheses and a `CASE` are not in the span; step back to the comma.
            while at < start && self.lexeme(at).is_some_and(is_modifier) {
                at += 1;
            }
        }
        let mut items = Vec::with_capacity(select.projection.len());
        let mut depth = 0i32;
        let mut begin = at;
        while let Some(lexeme) = self.lexeme(at) {
            match &lexeme.token {
                Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
                Token::RParen | Token::RBracket | Token::RBrace => depth -= 1,
                Token::Comma if depth == 0 => {
                    items.push(begin..at);
                    begin = at + 1;
                }
                _ => {}
            }
            let ends =
                depth == 0 && items.len() + 1 >= select.projection.len() && ends_list(lexeme);
            if depth < 0 || ends {
                break;
            }
            at += 1;
        }
        if begin < at {
            items.push(begin..at);
        }
        (items.len() == select.projection.len()).then_some(items)
    }
}

impl Projection {
    /// Takes out what `SELECT * EXCLUDE …` leaves out.
    fn leave_out(&mut self, options: &StarOptions) {
        let keep: Vec<bool> = self
            .columns
            .iter()
            .map(|column| {
                !column
                    .name
                    .as_ref()
                    .is_some_and(|name| options.excludes(name))
            })
            .collect();
        let mut kept = keep.iter();
        self.columns.retain(|_| *kept.next().unwrap_or(&true));
        let mut kept = keep.iter();
        self.values.retain(|_| *kept.next().unwrap_or(&true));
        let mut kept = keep.iter();
        self.places.retain(|_| *kept.next().unwrap_or(&true));
        for star in &mut self.rest {
            star.except.extend(options.excluded());
        }
    }
}

/// Whether the token is a word between `SELECT` and the first entry.
fn is_modifier(lexeme: &crate::lexeme::Lexeme) -> bool {
    ["DISTINCT", "ALL"].iter().any(|word| lexeme.is_word(word))
}

/// Whether the token begins what follows a projection.
fn ends_list(lexeme: &crate::lexeme::Lexeme) -> bool {
    const WORDS: &[&str] = &[
        "FROM",
        "WHERE",
        "GROUP",
        "HAVING",
        "QUALIFY",
        "WINDOW",
        "ORDER",
        "LIMIT",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "MINUS",
        "FETCH",
        "OFFSET",
        "INTO",
        "LATERAL",
        "CLUSTER",
        "DISTRIBUTE",
        "SORT",
    ];
    lexeme.token == Token::SemiColon || WORDS.iter().any(|word| lexeme.is_word(word))
}

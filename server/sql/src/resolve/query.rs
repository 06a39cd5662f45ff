//! Queries: the scopes they open, and the columns they give.

use super::Resolver;
use super::expression::Form;
use super::relation::Relation;
use super::scope::{Projected, Scope, Table};
use crate::facts::{Open, OpenReason, Origin, Output};
use crate::skeleton::{Body, Clause, ClauseKind, Cte, Query, Select, query};
use std::ops::Range;
use std::rc::Rc;
use syntax::{Name, TextRange, TextSize};

impl Resolver<'_> {
    /// What the query gives. `outer` is the query around it, where that can be mentioned; `itself`
    /// the common table expression that it is, where it may mention itself.
    pub(super) fn query(
        &mut self,
        query: &Query,
        outer: Option<&Scope<'_>>,
        itself: Option<&Cte>,
    ) -> Relation {
        let visible = self.ctes.len();
        for cte in &query.with {
            let recursive = query.recursive || self.dialect.recurses_unasked();
            let relation = self.cte(cte, outer, recursive);
            if let Some(name) = self.source.name(cte.name) {
                self.ctes.push((Name::new(name), Rc::new(relation)));
            }
        }
        let mut result: Option<Relation> = None;
        for body in &query.branches {
            let relation = self.body(body, outer);
            if result.is_none() {
                if let (Some(cte), true) = (itself, query.branches.len() > 1)
                    && let Some(name) = self.source.name(cte.name)
                {
                    let first = self.with_names(&cte.columns, derived(relation.clone()));
                    self.ctes.push((Name::new(name), Rc::new(first)));
                }
                result = Some(relation);
            }
        }
        let mut result = result.unwrap_or_default();
        if query.branches.len() > 1 {
            result = derived(result);
        }
        self.tail(query, &result, outer);
        for stray in &query.stray {
            self.query(stray, outer, None);
        }
        self.ctes.truncate(visible);
        if result.open.is_none() {
            result.open = self.doubt(query);
        }
        result
    }

    /// A query inside an expression: what it gives is of no interest there.
    pub(super) fn nested_query(&mut self, tokens: Range<usize>, scope: &Scope<'_>) {
        if self.nesting >= MOST_NESTING {
            return;
        }
        self.nesting += 1;
        let nested = query(self.source, tokens, self.nesting);
        self.query(&nested, Some(scope), None);
        self.nesting -= 1;
    }

    fn cte(&mut self, cte: &Cte, outer: Option<&Scope<'_>>, recursive: bool) -> Relation {
        let relation = match &cte.query {
            Some(query) => self.query(query, outer, recursive.then_some(cte)),
            None => {
                let open = self.open(OpenReason::Unparsed, &(cte.name..cte.name + 1));
                Relation::unknown(open)
            }
        };
        self.with_names(&cte.columns, relation)
    }

    /// `relation` under the names at the tokens `columns`.
    pub(super) fn with_names(&mut self, columns: &[usize], relation: Relation) -> Relation {
        let Some(first) = columns.first().copied() else {
            return relation;
        };
        let open = self.open(OpenReason::Unnamed, &(first..first + 1));
        let names: Option<Vec<_>> = columns.iter().map(|at| self.named(*at)).collect();
        match names {
            Some(names) => relation.renamed(names, open),
            None => Relation::unknown(Open {
                reason: OpenReason::Template,
                ..open
            }),
        }
    }

    fn body(&mut self, body: &Body, outer: Option<&Scope<'_>>) -> Relation {
        match body {
            Body::Select(select) => self.select(select, outer),
            Body::Query(query) => self.query(query, outer, None),
            Body::Values(tokens) => {
                let scope = Scope {
                    outer,
                    ..Scope::default()
                };
                self.fragment(tokens.clone(), &scope);
                Relation::unknown(self.open(OpenReason::Unnamed, tokens))
            }
            Body::Hole(at) => Relation::unknown(self.open(OpenReason::Template, &(*at..*at + 1))),
            Body::Unknown(tokens) => Relation::unknown(self.open(OpenReason::Unparsed, tokens)),
        }
    }

    fn select(&mut self, select: &Select, outer: Option<&Scope<'_>>) -> Relation {
        let mut scope = Scope {
            outer,
            ..Scope::default()
        };
        self.factors(&select.from, &mut scope);
        let mut relation = if select.everything {
            let item = select.projection.clone();
            Relation::new(self.everything(&scope, &item), None)
        } else {
            self.projection(select, &mut scope)
        };
        self.project(&relation, &mut scope);
        self.clauses(&select.clauses, &scope);
        if relation.open.is_none() && self.is_uncertain(&select.projection, &[]) {
            relation.open = Some(self.open(OpenReason::Template, &select.projection));
        }
        let more_tables = |resolver: &mut Self| {
            let aliases = select.from.iter().filter_map(|factor| factor.alias);
            resolver.is_uncertain(&select.from_tokens, &["join", "select"])
                || aliases
                    .into_iter()
                    .any(|alias| resolver.is_unasked_tag(alias))
        };
        let takes_all = select.everything || select.items.iter().any(|item| self.is_star(item));
        if relation.open.is_none() && takes_all && more_tables(self) {
            relation.open = Some(self.open(OpenReason::Template, &select.projection));
        }
        if select.packed && relation.open.is_none() {
            relation = Relation::unknown(self.open(OpenReason::Unnamed, &select.projection));
        }
        relation
    }

    /// Makes the names of the projection known to the clauses that may use them.
    fn project(&mut self, relation: &Relation, scope: &mut Scope<'_>) {
        scope.projected.clear();
        for output in &relation.outputs {
            if let Output::Column(column) = output
                && !matches!(column.origin, Origin::Unchanged(_))
            {
                scope.projected.push(Projected {
                    column: column.clone(),
                    shadows: false,
                });
            }
        }
    }

    fn clauses(&mut self, clauses: &[Clause], scope: &Scope<'_>) {
        for clause in clauses {
            let tokens = clause.tokens.clone();
            match clause.kind {
                ClauseKind::Condition => self.expression(tokens, scope, Form::One),
                ClauseKind::Group => self.expression(tokens, scope, Form::List),
                ClauseKind::Sort => self.expression(tokens, scope, Form::Keys),
                ClauseKind::Other => continue,
            };
        }
    }

    /// The clauses behind a set operation: they know its columns by name alone.
    fn tail(&mut self, query: &Query, result: &Relation, outer: Option<&Scope<'_>>) {
        if query.tail.is_empty() {
            return;
        }
        let scope = Scope {
            tables: vec![Table {
                name: Vec::new(),
                relation: Rc::new(result.clone()),
                in_star: true,
                is_value: false,
                merged: Vec::new(),
            }],
            projected: Vec::new(),
            outer,
        };
        self.clauses(&query.tail, &scope);
    }

    /// Why the query may give other columns than were found in it.
    fn doubt(&mut self, query: &Query) -> Option<Open> {
        let tokens = query.tokens.start..query.tokens.start + 1;
        if query.broken {
            return Some(self.open(OpenReason::Unparsed, &tokens));
        }
        if query.by_name {
            return Some(self.open(OpenReason::UnknownInput, &tokens));
        }
        let around = self.around(&query.tokens);
        let hidden = self.hidden_in(around);
        let holds_query = hidden.into_iter().any(|at| {
            let text = self.mask.hidden.get(at).map(|range| self.text(*range));
            text.is_some_and(|text| {
                words(text).any(|word| matches!(word.as_str(), "select" | "with"))
            })
        });
        holds_query.then(|| self.open(OpenReason::Template, &tokens))
    }

    /// Whether a tag taken for nothing, or a branch that is not read, may add something to `tokens`:
    /// any word, or one of `wanted`.
    fn is_uncertain(&mut self, tokens: &Range<usize>, wanted: &[&str]) -> bool {
        let Some(first) = self.source.get(tokens.start) else {
            return false;
        };
        let next = self.source.get(tokens.end);
        let end = next.map_or(TextSize::of(self.source.text), |next| next.range.start());
        let range = TextRange::new(first.range.start(), end.max(first.range.start()));
        let after = self
            .guessed
            .partition_point(|tag| tag.start() < range.start());
        let guessed = self.guessed.get(after);
        if guessed.is_some_and(|tag| tag.start() < range.end()) {
            return true;
        }
        let adds = |word: &str| {
            let wanted_word = wanted.is_empty() || wanted.contains(&word);
            wanted_word && !is_glue(word)
        };
        let hidden = self.hidden_in(range);
        hidden.into_iter().any(|at| {
            let text = self.mask.hidden.get(at).map(|range| self.text(*range));
            text.is_some_and(|text| words(text).any(|word| adds(&word)))
        })
    }

    /// Whether the alias at `at` is a tag without `AS`: rather more tables, or a clause.
    pub(super) fn is_unasked_tag(&self, at: usize) -> bool {
        let asked = at > 0 && self.source.is_word(at - 1, "AS");
        !asked && self.has_hole(&(at..at + 1))
    }

    /// Whether the entry is a `*` over all tables.
    fn is_star(&self, item: &Range<usize>) -> bool {
        self.source
            .is(item.start, &sqlparser::tokenizer::Token::Mul)
    }

    /// The hidden pieces in `range` that no query inside has answered for; now they are.
    fn hidden_in(&mut self, range: TextRange) -> Vec<usize> {
        let hidden = &self.mask.hidden;
        let first = hidden.partition_point(|piece| piece.start() < range.start());
        let last = hidden.partition_point(|piece| piece.start() < range.end());
        let mut found = Vec::new();
        for at in first..last {
            if let Some(seen) = self.hidden_seen.get_mut(at)
                && !std::mem::replace(seen, true)
            {
                found.push(at);
            }
        }
        found
    }

    /// From the token before `tokens` to the one behind them.
    fn around(&self, tokens: &Range<usize>) -> TextRange {
        let before = tokens
            .start
            .checked_sub(1)
            .and_then(|at| self.source.get(at));
        let start = before.map_or(TextSize::new(0), |before| before.range.end());
        let after = self.source.get(tokens.end);
        let end = after.map_or(TextSize::of(self.source.text), |after| after.range.start());
        TextRange::new(start, end.max(start))
    }

    pub(super) fn open(&mut self, reason: OpenReason, tokens: &Range<usize>) -> Open {
        Open {
            reason,
            spot: self.spot(tokens),
        }
    }
}

/// Queries in expressions are read this deep.
const MOST_NESTING: usize = 60;

/// The columns of a set operation have values of several tables: none is handed on as it is.
fn derived(relation: Relation) -> Relation {
    let outputs = relation.outputs.into_iter().map(|output| match output {
        Output::Column(mut column) => {
            column.origin = Origin::Computed;
            Output::Column(column)
        }
        star => star,
    });
    Relation::new(outputs.collect(), relation.open)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

/// Whether the word only joins entries that stand elsewhere.
fn is_glue(word: &str) -> bool {
    matches!(word, "union" | "all" | "and" | "or" | "distinct")
}

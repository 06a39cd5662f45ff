//! `orders keeps the latest row per order_id by updated_at`

mod whole;

use super::subject::DEEPEST;
use super::trace::relation_of;
use super::{Answer, Contradiction, Piece, Reason};
use crate::derive::{Facts, Grain, Types};
use sql::relation::{
    Body, Cast, Distinct, Expression, From, Input, InputId, JoinKind, Literal, Operator, Query,
    Relation, RelationId, Select, SortKey, Source, Window,
};
use syntax::Name;

/// Whether of the rows that agree on `per` the one is kept that is last by `by`. It is contradicted
/// where rows are numbered for just these groups, in another order.
///
/// Only what the table's own rows come through counts: what is joined to them may keep other rows. A
/// name is the table's own column, or one of what is read where the table has none of that name.
pub fn keeps_latest(query: &Query, per: &[Name], by: &[Name], declared: &dyn Facts) -> Answer {
    let of_root = |name| Wanted {
        name,
        at: match query.root().position(name) {
            Some(position) => At::Position(position),
            None => At::Elsewhere,
        },
    };
    let per: Vec<Wanted<'_>> = per.iter().map(of_root).collect();
    let by: Vec<Wanted<'_>> = by.iter().map(of_root).collect();
    let mut search = Search {
        query,
        types: Types::new(query, declared),
        grain: Grain::new(query, declared),
        declared,
        way: Vec::new(),
        answers: Vec::new(),
    };
    search.walk(query.root, &per, &by);
    let mut answers = search.answers;
    if answers.len() == 1 {
        return answers.swap_remove(0);
    }
    let is_broken = |answer: &Answer| matches!(answer, Answer::Contradicted(_));
    let agree =
        answers.iter().all(|answer| *answer == Answer::Holds) || answers.iter().all(is_broken);
    let first = answers.into_iter().next().filter(|_| agree);
    first.unwrap_or(Answer::Undecided(Reason::NoProof))
}

/// A column that the sentence names.
#[derive(Clone, Copy)]
struct Wanted<'n> {
    name: &'n Name,
    at: At,
}

/// Where a column of the table is in a relation that its rows come through.
#[derive(Clone, Copy)]
enum At {
    /// It is the column there.
    Position(usize),
    /// It is computed further up.
    Above,
    /// The table has no such column.
    Elsewhere,
}

/// A search for what keeps one row of each of the groups, from the result down to where its rows come from.
struct Search<'q> {
    query: &'q Query,
    types: Types<'q>,
    grain: Grain<'q>,
    declared: &'q dyn Facts,
    /// The inputs that were gone through, from the result down.
    way: Vec<(RelationId, InputId)>,
    answers: Vec<Answer>,
}

impl<'q> Search<'q> {
    fn walk(&mut self, id: RelationId, per: &[Wanted<'_>], by: &[Wanted<'_>]) {
        let query = self.query;
        let relation = query.relation(id);
        let Body::Select(select) = &relation.body else {
            return;
        };
        if self.way.len() > DEEPEST {
            return;
        }
        for kept in first_kept(query, id, relation) {
            let scope = Scope {
                query,
                id,
                select,
                kept: &kept,
            };
            if scope.has_groups(per) {
                let answer = match scope.by_order(by) {
                    Answer::Holds => self.of_all_rows(&scope, per, by),
                    answer => answer,
                };
                self.answers.push(answer);
            }
        }
        // A group is no row of what is grouped.
        if select.grouping.is_some() {
            return;
        }
        for input in select.from.iter().flat_map(preserved) {
            if let Source::Relation(inner) = input.source {
                let (per, by) = (below(select, input.id, per), below(select, input.id, by));
                self.way.push((id, input.id));
                self.walk(inner, &per, &by);
                self.way.pop();
            }
        }
    }
}

/// The inputs whose rows are the rows of the join: not those that an outer join may leave out.
fn preserved(from: &From) -> Vec<&Input> {
    match from {
        From::Input(input) => vec![input],
        From::Join(join) => match join.kind {
            JoinKind::Inner => [&join.left, &join.right]
                .into_iter()
                .flat_map(preserved)
                .collect(),
            JoinKind::Left | JoinKind::Semi | JoinKind::Anti => preserved(&join.left),
            JoinKind::Right => preserved(&join.right),
            JoinKind::Full | JoinKind::Unknown => Vec::new(),
        },
    }
}

/// The same columns in an input of a select.
fn below<'n>(select: &Select, of: InputId, wanted: &[Wanted<'n>]) -> Vec<Wanted<'n>> {
    let at = |at: At| match at {
        At::Position(position) => match select.projection.get(position).map(uncast) {
            Some(Expression::Output { input, position }) if *input == of => {
                At::Position(*position as usize)
            }
            _ => At::Above,
        },
        At::Above | At::Elsewhere => at,
    };
    let wanted = wanted.iter();
    wanted
        .map(|wanted| Wanted {
            at: at(wanted.at),
            ..*wanted
        })
        .collect()
}

/// Rows of which the first of each group is kept.
struct FirstKept<'q> {
    /// Where the expressions stand.
    home: RelationId,
    groups: Vec<&'q Expression>,
    order: &'q [SortKey],
    /// Rows that are equal in order are all kept.
    keeps_ties: bool,
    /// The inputs through which their number comes.
    through: Vec<(RelationId, InputId)>,
    at: Piece,
}

/// A select that keeps the first rows of groups.
struct Scope<'q, 'k> {
    query: &'q Query,
    id: RelationId,
    select: &'q Select,
    kept: &'k FirstKept<'q>,
}

impl Scope<'_, '_> {
    /// Whether the groups are those of the columns, and of no others.
    fn has_groups(&self, per: &[Wanted<'_>]) -> bool {
        let groups = &self.kept.groups;
        let is = |wanted: &Wanted<'_>, group: &Expression| self.is(wanted, group) == Some(true);
        let is_told = |wanted: &Wanted<'_>| groups.iter().any(|group| is(wanted, group));
        let is_asked = |group: &&Expression| per.iter().any(|wanted| is(wanted, group));
        per.iter().all(is_told) && groups.iter().all(is_asked)
    }

    fn by_order(&self, by: &[Wanted<'_>]) -> Answer {
        let kept = self.kept;
        // What is the same in all of a group orders nothing; `DISTINCT ON` starts with it.
        let keys = kept.order.iter();
        let mut keys = keys.filter(|key| !kept.groups.contains(&&key.value));
        for wanted in by {
            let Some(key) = keys.next() else {
                return Answer::Undecided(Reason::NoProof);
            };
            let named = name(self.query, kept.home, &key.value);
            match (self.is(wanted, &key.value), named) {
                (Some(true), _) if key.descending => {}
                (Some(_), Some(named)) => {
                    let direction = if key.descending { "latest" } else { "earliest" };
                    return Answer::Contradicted(Contradiction {
                        at: kept.at,
                        now: Some(format!("the {direction} by {named}")),
                        witness: None,
                    });
                }
                _ => return Answer::Undecided(Reason::NoProof),
            }
        }
        Answer::Holds
    }

    /// Whether an expression by which rows are numbered is the column; `None` where that can't be told.
    fn is(&self, wanted: &Wanted<'_>, given: &Expression) -> Option<bool> {
        let query = self.query;
        let position = match wanted.at {
            At::Position(position) => position,
            At::Above => return None,
            At::Elsewhere => {
                return name(query, self.kept.home, given).map(|name| name == wanted.name);
            }
        };
        // What is first by a value is first by what a cast makes of it, but not the other way round.
        let own = self.select.projection.get(position)?;
        let own = source(query, self.id, own, uncast);
        let given = source(query, self.kept.home, given, as_it_is);
        if given == own {
            return Some(true);
        }
        (is_column(own.1) && is_column(given.1)).then_some(false)
    }
}

/// Where the value of an expression is made, through relations that hand it on.
fn source<'q>(
    query: &'q Query,
    home: RelationId,
    expression: &'q Expression,
    strip: fn(&Expression) -> &Expression,
) -> (RelationId, &'q Expression) {
    let mut at = (home, strip(expression));
    for _ in 0..DEEPEST {
        let Expression::Output { input, position } = at.1 else {
            break;
        };
        let inner = relation_of(query, at.0, *input);
        let made = inner.and_then(|inner| {
            let select = query.relation(inner).select()?;
            Some((inner, select.projection.get(*position as usize)?))
        });
        match made {
            Some((inner, made)) => at = (inner, strip(made)),
            None => break,
        }
    }
    at
}

/// The casts between an expression and where its value is made.
fn casts<'q>(query: &'q Query, home: RelationId, expression: &'q Expression) -> Vec<&'q Cast> {
    let mut found = Vec::new();
    let mut at = (home, expression);
    for _ in 0..DEEPEST {
        match at.1 {
            Expression::Cast(cast) => {
                found.push(cast);
                at.1 = &cast.value;
            }
            Expression::Output { input, position } => {
                let inner = relation_of(query, at.0, *input);
                let made = inner.and_then(|inner| {
                    let select = query.relation(inner).select()?;
                    Some((inner, select.projection.get(*position as usize)?))
                });
                match made {
                    Some(made) => at = made,
                    None => break,
                }
            }
            _ => break,
        }
    }
    found
}

/// What is cast, where that gives a value for every value.
fn uncast(expression: &Expression) -> &Expression {
    match expression {
        Expression::Cast(cast) if !cast.or_null => uncast(&cast.value),
        _ => expression,
    }
}

fn as_it_is(expression: &Expression) -> &Expression {
    expression
}

fn is_column(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Column { .. } | Expression::Output { .. }
    )
}

/// Where a relation keeps the first row of each group: by `QUALIFY`, by a filter over a number that an
/// inner relation gives, by `DISTINCT ON`.
fn first_kept<'q>(query: &'q Query, id: RelationId, relation: &'q Relation) -> Vec<FirstKept<'q>> {
    let Body::Select(select) = &relation.body else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Distinct::On(keys) = &select.distinct {
        found.push(FirstKept {
            home: id,
            groups: keys.iter().collect(),
            order: &relation.order,
            keeps_ties: false,
            through: Vec::new(),
            at: Piece::Whole,
        });
    }
    let conditions = select.qualify.iter().chain(&select.filter);
    for condition in conditions.flat_map(conjuncts) {
        let Some(numbered) = is_first(condition) else {
            continue;
        };
        let window = match numbered {
            Expression::Window(window) => Some((id, &**window, Vec::new())),
            Expression::Output { .. } => numbering(query, id, numbered),
            _ => None,
        };
        if let Some((home, window, through)) = window
            && matches!(window.function.function.as_str(), "row_number" | "rank")
        {
            found.push(FirstKept {
                home,
                groups: window.partition.iter().collect(),
                order: &window.order,
                keeps_ties: window.function.function == "rank",
                through,
                at: Piece::Filter(id),
            });
        }
    }
    found
}

/// A window function, where it is computed, and through which inputs its value comes.
type Numbering<'q> = (RelationId, &'q Window, Vec<(RelationId, InputId)>);

/// The window function whose value an expression is.
fn numbering<'q>(
    query: &'q Query,
    id: RelationId,
    numbered: &'q Expression,
) -> Option<Numbering<'q>> {
    let (mut home, mut value) = (id, numbered);
    let mut through = Vec::new();
    for _ in 0..DEEPEST {
        match value {
            Expression::Window(window) => return Some((home, window, through)),
            Expression::Output { input, position } => {
                through.push((home, *input));
                home = relation_of(query, home, *input)?;
                let select = query.relation(home).select()?;
                value = select.projection.get(*position as usize)?;
            }
            _ => return None,
        }
    }
    None
}

fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match condition {
        Expression::Operation(operation) if operation.operator == Operator::And => {
            operation.operands.iter().flat_map(conjuncts).collect()
        }
        _ => vec![condition],
    }
}

/// What is to be 1: `x = 1`, `x <= 1`, `x < 2`.
fn is_first(condition: &Expression) -> Option<&Expression> {
    let Expression::Operation(operation) = condition else {
        return None;
    };
    let [left, right] = operation.operands.as_slice() else {
        return None;
    };
    let is = |expression: &Expression, number: &str| matches!(expression, Expression::Literal(Literal::Number(written)) if written == number);
    match operation.operator {
        Operator::Equal if is(right, "1") => Some(left),
        Operator::Equal if is(left, "1") => Some(right),
        Operator::LessOrEqual if is(right, "1") => Some(left),
        Operator::Less if is(right, "2") => Some(left),
        _ => None,
    }
}

/// The name of the column that an expression is.
fn name<'q>(query: &'q Query, home: RelationId, expression: &'q Expression) -> Option<&'q Name> {
    match expression {
        Expression::Column { name, .. } => Some(name),
        Expression::Output { input, position } => {
            let relation = relation_of(query, home, *input)?;
            let column = query.relation(relation).columns.get(*position as usize)?;
            column.name.as_ref()
        }
        _ => None,
    }
}

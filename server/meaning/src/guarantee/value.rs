//! Whether a column has the value that a sentence gives it: `orders.amount = SUM(lines.price)`.

use super::counted::Counting;
use super::counterexample::{Comparison, with};
use super::exposure::Exposure;
use super::formula::Formula;
use super::narrowed::Widening;
use super::per::Per;
use super::subject::Subject;
use super::told::told;
use super::{Answer, Piece, Reason, Risk, RiskyOperator};
use crate::canonical::{Sameness, canonical};
use crate::derive;
use crate::lineage::{self, TableColumn};
use crate::witness::Facts;
use sql::facts::TableRef;
use sql::relation::{Body, Expression, Literal, Query, RelationId, Source};
use std::collections::BTreeSet;
use syntax::Name;

/// What a column is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its value.
    pub value: Formula,
    /// The columns by which the rows of aggregates belong to a row: columns of the judged table, which the
    /// table that the aggregates are taken over has too: those that they are, or are joined by, or of the
    /// same names. None: as the SQL groups them.
    pub per: Vec<Name>,
    /// The rows on which it is so; all without one. Where the value has aggregates and this names only
    /// columns of their tables, the rows that they are taken over.
    pub filter: Option<Formula>,
    /// The type that both sides are rounded to, where the column declares one.
    pub data_type: Option<sql::relation::DataType>,
}

impl Definition {
    /// The same over columns of tables alone.
    fn over_tables(&self, subject: &Subject) -> Option<Definition> {
        let filter = self.filter.as_ref();
        Some(Definition {
            value: self.value.over_tables(subject)?,
            filter: match filter {
                Some(filter) => Some(filter.over_tables(subject)?),
                None => None,
            },
            ..self.clone()
        })
    }
}

/// What is known beside a query.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// What is declared of the tables that it reads.
    pub declared: &'a dyn derive::Facts,
    /// The same, for examples.
    pub facts: &'a Facts,
    /// Whether it is agreed that a column of this name decides which rows there are.
    pub may_leave_out: &'a dyn Fn(&Name) -> bool,
}

/// Whether the column at `position` of the query has this value on every row where the value is not
/// `NULL`. Aggregates are taken over all rows that the query's own `WHERE` lets in; it is at risk where a
/// join may repeat them.
pub fn has_value(
    subject: &Subject,
    position: usize,
    definition: &Definition,
    known: &Known<'_>,
) -> Answer {
    if definition.value.is_volatile() {
        return Answer::Undecided(Reason::NoProof);
    }
    let Some(definition) = &definition.over_tables(subject) else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    let branches = branches(&subject.query).into_iter();
    Answer::of_all(branches.map(|branch| {
        let mut of_branch = subject.clone();
        of_branch.query.root = branch;
        of_select(&of_branch, position, definition, known)
    }))
}

/// The relations whose rows the query gives, all together: the branches of unions.
pub(super) fn branches(query: &Query) -> Vec<RelationId> {
    let mut found = Vec::new();
    let mut waiting = vec![query.root];
    while let Some(id) = waiting.pop() {
        match &query.relation(id).body {
            Body::Set(set) if set.operator == sql::relation::SetOperator::Union => {
                waiting.push(set.right);
                waiting.push(set.left);
            }
            _ => found.push(id),
        }
    }
    found
}

fn of_select(
    subject: &Subject,
    position: usize,
    definition: &Definition,
    known: &Known<'_>,
) -> Answer {
    let query = &subject.query;
    let relation = query.root;
    let at = Piece::Column(relation, position);
    let Some(judged) = query
        .root()
        .select()
        .and_then(|select| select.projection.get(position))
        .cloned()
    else {
        return Answer::Undecided(Reason::UnknownSql);
    };
    let mut exposure = Exposure::new(subject);
    let has_aggregate = definition.value.has_aggregate();
    let is_of_counted = |filter: &&Formula| {
        let counted = definition.value.tables();
        has_aggregate && !filter.has_own() && filter.tables().is_subset(&counted)
    };
    let counted = definition.filter.as_ref().filter(is_of_counted);
    let value = match counted {
        Some(counted) => &definition.value.over(counted),
        None => &definition.value,
    };
    let per = Per {
        formula: value,
        keys: &definition.per,
        facts: known.facts,
    };
    let as_grouped =
        definition.per.is_empty() || !has_aggregate || per.is_grouped(subject, counted);
    let agreed = match as_grouped {
        true => exposure.expose(relation, value, &judged),
        false => per.agreed(&mut exposure.subject),
    };
    let filter = match &definition.filter {
        Some(filter) if counted.is_none() => exposure.expose(relation, filter, &judged).map(Some),
        _ => Some(None),
    };
    let (Some(agreed), Some(filter)) = (agreed, filter) else {
        return Answer::Undecided(Reason::OutOfReach);
    };
    let filter = match as_grouped {
        true => filter,
        false => per.with_known_keys(query, filter),
    };
    let facts = counted_once(subject, value, known.facts);
    let actual = &exposure.subject.query;
    let own = canonical(actual);
    let Some(own) = own.columns.get(position) else {
        return Answer::Undecided(Reason::UnknownSql);
    };
    let promised = with(actual, position, agreed.clone());
    let same = canonical(&promised)
        .columns
        .get(position)
        .map(|agreed| own.meaning.compare(&agreed.meaning));
    let comparison = Comparison {
        query: actual,
        position,
        agreed: &agreed,
        judged: &judged,
        filter: filter.as_ref(),
        data_type: definition.data_type.as_ref().or(own.data_type.as_ref()),
        facts: &facts,
    };
    if same == Some(Sameness::Same) {
        return over_which_rows(&comparison, &exposure, definition, known);
    }
    if !own.meaning.is_known() {
        return Answer::Undecided(Reason::UnknownSql);
    }
    if is_from_elsewhere(actual, &promised, position) {
        return Answer::Undecided(Reason::OtherColumns);
    }
    comparison.answer(at, || told(actual, position))
}

/// The answer where the value is computed as it was agreed: its aggregates are to be taken over all rows, and
/// over each of them once.
fn over_which_rows(
    comparison: &Comparison<'_>,
    exposure: &Exposure,
    definition: &Definition,
    known: &Known<'_>,
) -> Answer {
    // What is said of the table's own columns says nothing of the rows behind them.
    if definition.value.has_own() && definition.value.tables().is_empty() {
        return Answer::Holds;
    }
    let root = exposure.subject.query.root;
    let named = |name: &Name| {
        let filter = definition.filter.as_ref();
        filter.is_some_and(|filter| filter.names(name))
    };
    let mut widening = Widening {
        exposure: exposure.clone(),
        is_agreed: &|name| named(name) || (known.may_leave_out)(name),
        declared: known.declared,
        narrowed: Vec::new(),
        is_unclear: false,
    };
    // A sentence that says per which keys is compared with all rows as it is.
    let widened = match definition.per.is_empty() {
        true => widening.widened(root, comparison.agreed.clone(), false, 0),
        false => comparison.agreed.clone(),
    };
    if let Some(at) = widening.narrowed.first() {
        let over_all = Comparison {
            query: &widening.exposure.subject.query,
            agreed: &widened,
            ..*comparison
        };
        let at = widening.exposure.before(*at);
        return over_all.answer(at, || {
            Some("a condition that leaves rows out of it".to_owned())
        });
    }
    let counting = Counting {
        subject: &exposure.subject,
        tables: definition.value.tables(),
        declared: known.declared,
    };
    match counting.repeating(root, comparison.agreed, 0) {
        Some(by) => Answer::AtRisk(Risk {
            at: exposure.before(Piece::Input(by)),
            operator: RiskyOperator::FanOut,
        }),
        None if widening.is_unclear => Answer::Undecided(Reason::NoProof),
        None => Answer::Holds,
    }
}

/// What is known, and for a formula with aggregates that no other table than its own has two rows: that
/// these may repeat what is counted is a risk of the join, and proves nothing of the value.
fn counted_once(subject: &Subject, formula: &Formula, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    if formula.has_aggregate() {
        let mut own: BTreeSet<&TableRef> = formula.tables();
        for table in formula.tables() {
            if let Some(Source::Relation(relation)) = subject.source_of(table) {
                subject.tables_below(*relation, &mut own, 0);
            }
        }
        for other in subject.query.tables() {
            if !own.contains(other) {
                facts.forbid_second_row(other);
            }
        }
    }
    facts
}

/// Whether the column is computed from any column that it is not to be computed from.
fn is_from_elsewhere(actual: &Query, promised: &Query, position: usize) -> bool {
    let sources = |query: &Query| -> Option<BTreeSet<TableColumn>> {
        let column = lineage::of_column(query, &|_, _| false, query.root, position)?;
        Some(column.sources.into_iter().map(|edge| edge.from).collect())
    };
    match (sources(actual), sources(promised)) {
        (Some(actual), Some(promised)) => !actual.is_subset(&promised),
        _ => true,
    }
}

/// A constant.
pub(super) fn boolean(truth: bool) -> Expression {
    Expression::Literal(Literal::Boolean(truth))
}

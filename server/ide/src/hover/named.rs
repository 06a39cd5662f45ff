//! What SQL calls by a name of its own: columns of CTEs and subqueries, CTEs, aliases of tables.

use super::derivation::{Derivation, Given, derivation, nullability};
use super::{column, listed, table, undefined};
use crate::columns::{Columns, Node, TableId};
use crate::markdown;
use checks::Answers;
use index::{File, Snapshot};
use sql::relation::{RelationId, Source};
use syntax::{Name, TextRange, TextSize};

/// How much of a name is shown, in characters.
const LONGEST_NAME: usize = 80;

/// What is told of it.
pub(super) struct Named {
    /// The name.
    pub(super) range: TextRange,
    /// What it is called and whose it is.
    pub(super) head: String,
    /// Everything else, as blocks of Markdown.
    pub(super) told: Vec<String>,
    /// What the column of the table is for that it becomes, as blocks of Markdown.
    pub(super) intent: Vec<String>,
    /// More is known than what it is called.
    pub(super) is_known: bool,
}

/// What is called by a name of its own at `offset` in SQL. What is a column of a table of the
/// workspace is for others to tell.
pub(super) fn named(
    snapshot: &Snapshot,
    answers: &Answers,
    file: &File,
    offset: TextSize,
) -> Option<Named> {
    let columns = Columns::new(snapshot, file)?;
    columns.at(offset).into_iter().find_map(|occurrence| {
        let range = occurrence.range;
        match &occurrence.node {
            Node::Given {
                statement,
                relation,
                position,
            } => {
                let mut named = given(&columns, answers, range, *statement, *relation, *position)?;
                named.intent = becomes(&columns, answers, &occurrence.node);
                named.is_known |= !named.intent.is_empty();
                Some(named)
            }
            Node::Table(TableId::Known(key)) => whole(range, table::story(snapshot, answers, key)?),
            Node::Table(table) => undefined(&columns, range, table, None),
            Node::Column(table @ TableId::Named { .. }, name) => {
                undefined(&columns, range, table, Some(name))
            }
            Node::Cte {
                statement,
                relation,
            } => relation_named(&columns, range, *statement, *relation),
            Node::Alias { statement, input } => match columns.source(*statement, *input)? {
                Source::Table(table) => match columns.table(table)? {
                    TableId::Known(key) => whole(range, table::story(snapshot, answers, &key)?),
                    table @ TableId::Named { .. } => undefined(&columns, range, &table, None),
                },
                Source::Relation(relation) => {
                    relation_named(&columns, range, *statement, *relation)
                }
                Source::Function(_) | Source::Unknown { .. } => None,
            },
            _ => None,
        }
    })
}

/// The column of a table that a column of a CTE becomes, and what that is for.
fn becomes(columns: &Columns<'_>, answers: &Answers, node: &Node) -> Vec<String> {
    let is_output = |statement: usize, relation: RelationId| {
        let statement = columns.statement(statement);
        statement.is_some_and(|statement| statement.query.root == relation)
    };
    let Node::Given {
        statement,
        relation,
        ..
    } = node
    else {
        return Vec::new();
    };
    let becomes = (!is_output(*statement, *relation)).then(|| columns.handed_out(node));
    let Some((table, name)) = becomes.flatten() else {
        return Vec::new();
    };
    let becomes = markdown::code(&format!("{table}.{name}"));
    let intent = column::intent(columns.snapshot, answers, &table, &name);
    std::iter::once(format!("Becomes {becomes}."))
        .chain(intent)
        .collect()
}

fn given(
    columns: &Columns<'_>,
    answers: &Answers,
    range: TextRange,
    statement: usize,
    relation: RelationId,
    position: usize,
) -> Option<Named> {
    let lowered = columns.statement(statement)?;
    let given = lowered.query.relation(relation).columns.get(position)?;
    let name = given.name.as_ref()?;
    if relation == lowered.query.root
        && let Some(Some(table)) = columns.tables.get(statement)
    {
        let blocks = column::story(columns.snapshot, answers, columns.file, table, name)?;
        return whole(range, blocks);
    }
    let Derivation {
        data_type,
        can_be_null,
        story,
    } = derivation(
        columns.snapshot,
        Given {
            file: columns.file,
            lowered,
            relation,
            position,
        },
    );
    let mut head = format!("**{}**", markdown::line(name.as_str(), LONGEST_NAME));
    let whose = columns.slice(lowered.places.relation(relation)?.name);
    if !whose.is_empty() {
        head.push_str(&format!(" in {}", markdown::code(whose)));
    }
    if let Some(data_type) = &data_type {
        head.push_str(&format!(" · {}", markdown::code(data_type)));
    }
    if let Some(can_be_null) = can_be_null {
        head.push_str(&format!(" · {}", nullability(can_be_null)));
    }
    Some(Named {
        range,
        head,
        is_known: data_type.is_some() || can_be_null.is_some() || story.is_some(),
        told: story.into_iter().collect(),
        intent: Vec::new(),
    })
}

/// What is known of a table that nothing defines, or of a column of it.
fn undefined(
    columns: &Columns<'_>,
    range: TextRange,
    table: &TableId,
    column: Option<&Name>,
) -> Option<Named> {
    let (head, told) = undefined::story(columns.snapshot, table, column);
    whole(range, vec![head, told])
}

/// A story that stands for itself.
fn whole(range: TextRange, blocks: Vec<String>) -> Option<Named> {
    let mut blocks = blocks.into_iter();
    Some(Named {
        range,
        head: blocks.next()?,
        told: blocks.collect(),
        intent: Vec::new(),
        is_known: true,
    })
}

/// The columns of a CTE or subquery.
fn relation_named(
    columns: &Columns<'_>,
    range: TextRange,
    statement: usize,
    id: RelationId,
) -> Option<Named> {
    let lowered = columns.statement(statement)?;
    let relation = lowered.query.relation(id);
    let names = relation.columns.iter().filter(|column| !column.implicit);
    let names: Option<Vec<String>> = names
        .map(|column| column.name.as_ref().map(ToString::to_string))
        .collect();
    let names = names.filter(|names| !names.is_empty())?;
    let name = columns.slice(lowered.places.relation(id)?.name);
    let more = if relation.open { " and more" } else { "" };
    Some(Named {
        range,
        head: format!("**{}**", markdown::line(name, LONGEST_NAME)),
        told: vec![format!("Columns: {}{more}", listed(&names))],
        intent: Vec::new(),
        is_known: true,
    })
}

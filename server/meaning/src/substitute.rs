//! Tables replaced by the queries that define them.

use sql::facts::TableRef;
use sql::relation::{
    Body, Expression, From, Input, InputId, Query, Relation, RelationId, Source, Unknown,
    UnknownReason,
};
use std::collections::BTreeMap;

/// `query` reading, for every table that `upstream` knows, what that table's own query gives. A column
/// that the table does not have is unknown.
pub fn substitute(query: &Query, upstream: &dyn Fn(&TableRef) -> Option<Query>) -> Query {
    let mut joined = query.clone();
    let mut roots: BTreeMap<TableRef, RelationId> = BTreeMap::new();
    for table in query.tables() {
        if let Some(defining) = upstream(table) {
            roots.insert(table.clone(), append(&mut joined, &defining));
        }
    }
    let own = query.relations.len();
    let mut inputs: BTreeMap<InputId, RelationId> = BTreeMap::new();
    for relation in joined.relations.iter_mut().take(own) {
        replace_sources(relation, &roots, &mut inputs);
    }
    let positions = Positions {
        inputs: &inputs,
        relations: &joined.relations.clone(),
    };
    for relation in joined.relations.iter_mut().take(own) {
        relation.for_each_expression_mut(&mut |expression| {
            expression.for_each_mut(&mut |part| positions.replace(part));
        });
    }
    joined
}

/// Adds the relations of `defining` behind those of `query`; gives where its root then is.
fn append(query: &mut Query, defining: &Query) -> RelationId {
    let relations = query.relations.len() as u32;
    let inputs = query.inputs;
    for relation in &defining.relations {
        let mut relation = relation.clone();
        relation.shift(relations, inputs);
        query.relations.push(relation);
    }
    query.inputs += defining.inputs;
    RelationId(defining.root.0 + relations)
}

fn replace_sources(
    relation: &mut Relation,
    roots: &BTreeMap<TableRef, RelationId>,
    inputs: &mut BTreeMap<InputId, RelationId>,
) {
    match &mut relation.body {
        Body::Select(select) => {
            if let Some(from) = &mut select.from {
                replace_in(from, roots, inputs);
            }
        }
        Body::Unknown { reads } => {
            reads
                .iter_mut()
                .for_each(|source| replace_one(source, roots));
        }
        Body::Set(_) | Body::Values(_) | Body::Recursive { .. } => {}
    }
}

fn replace_in(
    from: &mut From,
    roots: &BTreeMap<TableRef, RelationId>,
    inputs: &mut BTreeMap<InputId, RelationId>,
) {
    match from {
        From::Input(Input { id, source }) => {
            if let Source::Table(table) = source
                && let Some(root) = roots.get(table)
            {
                inputs.insert(*id, *root);
            }
            replace_one(source, roots);
        }
        From::Join(join) => {
            replace_in(&mut join.left, roots, inputs);
            replace_in(&mut join.right, roots, inputs);
        }
    }
}

fn replace_one(source: &mut Source, roots: &BTreeMap<TableRef, RelationId>) {
    match source {
        Source::Table(table) => {
            if let Some(root) = roots.get(table) {
                *source = Source::Relation(*root);
            }
        }
        Source::Unknown { reads } => {
            reads
                .iter_mut()
                .for_each(|source| replace_one(source, roots));
        }
        Source::Relation(_) | Source::Function(_) => {}
    }
}

/// Where the columns of replaced tables are.
struct Positions<'p> {
    inputs: &'p BTreeMap<InputId, RelationId>,
    relations: &'p [Relation],
}

impl Positions<'_> {
    fn replace(&self, part: &mut Expression) {
        let Expression::Column { input, name } = part else {
            return;
        };
        let Some(root) = self.inputs.get(input) else {
            return;
        };
        let relation = self.relations.get(root.0 as usize);
        let position = relation.and_then(|relation| relation.position(name));
        *part = match position {
            Some(position) => Expression::Output {
                input: *input,
                position: position as u32,
            },
            None => Expression::Unknown(Unknown {
                reason: UnknownReason::NoSuchColumn,
                over: Vec::new(),
            }),
        };
    }
}

//! What a change reaches downstream: columns that are computed from a column, tables that read a table.

use super::coverage::{Called, Coverage, Part};
use crate::context::Context;
use crate::words::{count, listed};
use index::reach::{Downstream, Node};
use index::{Table, TableKey};
use spec::model::AmendmentId;
use syntax::Name;

/// So many guaranteed columns are named at most.
const MOST_NAMED: usize = 3;

/// What a change of a part of `table` reaches, as a sentence: guaranteed columns first, then a count.
/// `None` where it reaches nothing.
pub(crate) fn reach(context: &Context<'_>, table: &Table, part: &Part<'_>) -> Option<String> {
    let mut downstream = Downstream::new(context.snapshot);
    let key = table.key.clone();
    match part {
        Part::Rows => {
            let reached = downstream.reach([Node::Rows(key)]).tables;
            let reached: Vec<String> = reached.iter().map(ToString::to_string).collect();
            (!reached.is_empty()).then(|| format!("It reaches {}.", listed(&reached, MOST_NAMED)))
        }
        Part::Column(name) | Part::Name(name) => {
            let reached = downstream
                .reach([Node::Column(key, (*name).clone())])
                .columns;
            let mut guaranteed = Vec::new();
            let mut others = Vec::new();
            for (key, column) in reached {
                let text = format!("{key}.{column}");
                match guaranteed_by(context, &key, &column) {
                    Some(id) => {
                        guaranteed.push(format!("`{text}`, which amendment `{id}` guarantees"))
                    }
                    None => others.push(text),
                }
            }
            let more = guaranteed.len().saturating_sub(MOST_NAMED);
            guaranteed.truncate(MOST_NAMED);
            let rest = others.len() + more;
            let said = match (guaranteed.is_empty(), rest) {
                (true, 0) => return None,
                (true, _) => listed(&others, MOST_NAMED),
                (false, 0) => guaranteed.join("; "),
                (false, rest) => {
                    format!(
                        "{}; and {} more",
                        guaranteed.join("; "),
                        count(rest, "column")
                    )
                }
            };
            Some(format!("It reaches {said}."))
        }
    }
}

/// The amendment in force that guarantees something of a column.
fn guaranteed_by(context: &Context<'_>, key: &TableKey, column: &Name) -> Option<AmendmentId> {
    let table = context.snapshot.table(key)?;
    let descriptions = context.descriptions(table).into_iter();
    let mut products: Vec<&Name> = descriptions
        .filter_map(|description| {
            let product = description.file.native_spec()?.product.as_ref()?;
            Some(&product.value)
        })
        .collect();
    products.dedup();
    let called = Called::by_name(&key.to_string());
    products.into_iter().find_map(|product| {
        let coverage = Coverage::of(context, product);
        coverage
            .guaranteeing(&called, &Part::Column(column))
            .cloned()
    })
}

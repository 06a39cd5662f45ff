//! `textDocument/prepareCallHierarchy`, `callHierarchy/incomingCalls` and
//! `callHierarchy/outgoingCalls`: lineage. Incoming is what a column is computed from, outgoing what
//! is computed from it.
//!
//! What an item is, its `data` says by name. So its next steps are found after any edit.

use crate::lsp::view::View;
use ide::{LineageItem, LineageNode, TableId};
use index::TableKey;
use serde::{Deserialize, Serialize};
use sql::facts::{TableName, TableRef};
use std::path::PathBuf;
use syntax::Name;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
    SymbolKind,
};

/// The column or table at a position.
pub(in crate::lsp) fn prepare_call_hierarchy(
    view: &View,
    params: &CallHierarchyPrepareParams,
) -> Option<Vec<CallHierarchyItem>> {
    let asked = &params.text_document_position_params;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let item = ide::lineage_at(&view.snapshot, file.id, offset)?;
    Some(vec![call_hierarchy_item(view, item)?])
}

/// What an item is computed from. The protocol wants ranges in the file of what is called from, so
/// they are where that is made.
pub(in crate::lsp) fn incoming_calls(
    view: &View,
    params: &CallHierarchyIncomingCallsParams,
) -> Option<Vec<CallHierarchyIncomingCall>> {
    let node = node(&params.item)?;
    let found = ide::upstream(&view.snapshot, &node).into_iter();
    let calls = found.filter_map(|item| {
        let from = call_hierarchy_item(view, item)?;
        Some(CallHierarchyIncomingCall {
            from_ranges: vec![from.selection_range],
            from,
        })
    });
    Some(calls.collect())
}

/// What is computed from an item. The ranges are in the item's own file.
pub(in crate::lsp) fn outgoing_calls(
    view: &View,
    params: &CallHierarchyOutgoingCallsParams,
) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let node = node(&params.item)?;
    let found = ide::downstream(&view.snapshot, &node).into_iter();
    let calls = found.filter_map(|item| {
        Some(CallHierarchyOutgoingCall {
            to: call_hierarchy_item(view, item)?,
            from_ranges: vec![params.item.selection_range],
        })
    });
    Some(calls.collect())
}

fn call_hierarchy_item(view: &View, item: LineageItem) -> Option<CallHierarchyItem> {
    let file = view.snapshot.file(item.file)?;
    let kind = match item.node {
        LineageNode::Table(_) => SymbolKind::CLASS,
        LineageNode::Column(..) | LineageNode::Inner { .. } => SymbolKind::FIELD,
    };
    Some(CallHierarchyItem {
        data: Some(serde_json::to_value(Data::new(&item.node)).ok()?),
        name: item.name,
        kind,
        tags: None,
        detail: item.detail,
        uri: view.uri(&file.path)?,
        range: view.range(file, item.full)?,
        selection_range: view.range(file, item.focus)?,
    })
}

fn node(item: &CallHierarchyItem) -> Option<LineageNode> {
    let data: Data = serde_json::from_value(item.data.clone()?).ok()?;
    data.node()
}

/// What an item is, by name.
#[derive(Debug, Serialize, Deserialize)]
struct Data {
    table: Table,
    #[serde(skip_serializing_if = "Option::is_none")]
    cte: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
}

/// A table, within a dbt project or outside of any.
#[derive(Debug, Serialize, Deserialize)]
struct Table {
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<PathBuf>,
    #[serde(flatten)]
    called: Called,
}

/// What a table is called. One that the workspace knows has a key; any other is what SQL calls it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Called {
    Key {
        source: bool,
        parts: Vec<String>,
    },
    Name(Vec<String>),
    Ref {
        package: Option<String>,
        name: String,
        version: Option<String>,
    },
    Source(String, String),
}

impl Data {
    fn new(node: &LineageNode) -> Data {
        let (table, cte, column) = match node {
            LineageNode::Table(table) => (Table::new(table), None, None),
            LineageNode::Column(table, column) => (Table::new(table), None, Some(column)),
            LineageNode::Inner { table, cte, column } => {
                (Table::of_key(table), Some(cte), Some(column))
            }
        };
        Data {
            table,
            cte: cte.map(ToString::to_string),
            column: column.map(ToString::to_string),
        }
    }

    /// `None` for what the server never said.
    fn node(self) -> Option<LineageNode> {
        let table = self.table.id()?;
        Some(match (self.cte, self.column, table) {
            (None, None, table) => LineageNode::Table(table),
            (None, Some(column), table) => LineageNode::Column(table, Name::new(column)),
            (Some(cte), Some(column), TableId::Known(table)) => LineageNode::Inner {
                table,
                cte: Name::new(cte),
                column: Name::new(column),
            },
            _ => return None,
        })
    }
}

impl Table {
    fn new(table: &TableId) -> Table {
        match table {
            TableId::Known(key) => Table::of_key(key),
            TableId::Named { table, project } => Table {
                project: project.as_deref().map(PathBuf::from),
                called: Called::new(table),
            },
        }
    }

    fn of_key(key: &TableKey) -> Table {
        Table {
            project: key.project.as_deref().map(PathBuf::from),
            called: Called::Key {
                source: key.is_source,
                parts: key.parts.iter().map(ToString::to_string).collect(),
            },
        }
    }

    fn id(self) -> Option<TableId> {
        let project = self.project.map(Into::into);
        let names = |parts: Vec<String>| -> Option<Vec<Name>> {
            (!parts.is_empty()).then(|| parts.iter().map(Name::new).collect())
        };
        let table = match self.called {
            Called::Key { source, parts } => {
                return Some(TableId::Known(TableKey {
                    project,
                    is_source: source,
                    parts: names(parts)?,
                }));
            }
            Called::Name(parts) => TableRef::Named(TableName {
                parts: names(parts)?,
            }),
            Called::Ref {
                package,
                name,
                version,
            } => TableRef::Ref {
                package: package.map(Name::new),
                name: Name::new(name),
                version: version.map(Into::into),
            },
            Called::Source(source, table) => TableRef::Source {
                source: Name::new(source),
                table: Name::new(table),
            },
        };
        Some(TableId::Named { table, project })
    }
}

impl Called {
    fn new(table: &TableRef) -> Called {
        match table {
            TableRef::Named(name) => {
                Called::Name(name.parts.iter().map(ToString::to_string).collect())
            }
            TableRef::Ref {
                package,
                name,
                version,
            } => Called::Ref {
                package: package.as_ref().map(ToString::to_string),
                name: name.to_string(),
                version: version.as_ref().map(ToString::to_string),
            },
            TableRef::Source { source, table } => {
                Called::Source(source.to_string(), table.to_string())
            }
            // Nothing has it for its table.
            TableRef::Unknown => Called::Name(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_item_is_survives_the_way_through_the_client() {
        let key = TableKey {
            project: Some(PathBuf::from("/w/shop").into()),
            is_source: true,
            parts: vec![Name::new("raw"), Name::new("Größe.x")],
        };
        let named = |table| TableId::Named {
            table,
            project: None,
        };
        let parts = vec![Name::new("raw"), Name::new("t")];
        for node in [
            LineageNode::Table(TableId::Known(key.clone())),
            LineageNode::Column(TableId::Known(key.clone()), Name::new("id")),
            LineageNode::Inner {
                table: key,
                cte: Name::new("base"),
                column: Name::new("id"),
            },
            LineageNode::Table(named(TableRef::Named(TableName { parts }))),
            LineageNode::Table(named(TableRef::Source {
                source: Name::new("raw"),
                table: Name::new("t"),
            })),
            LineageNode::Table(named(TableRef::Ref {
                package: None,
                name: Name::new("t"),
                version: Some("2".into()),
            })),
        ] {
            let json = serde_json::to_value(Data::new(&node)).unwrap();
            let data: Data = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(data.node(), Some(node), "{json}");
        }
    }
}

//! Every place in a SQL file where the name of a column, table, CTE or alias stands.

use super::links::node_of;
use super::{Columns, Node, Occurrence, TableId};
use crate::subject::{self, Role, Subject};
use sql::lower::Lowered;
use sql::relation::{Body, Expression, RelationId, Source};
use std::collections::BTreeSet;
use syntax::{Name, TextRange, TextSize};

/// All occurrences, in the order of the text.
pub(super) fn all(columns: &Columns<'_>) -> Vec<Occurrence> {
    let mut found = Found {
        columns,
        occurrences: Vec::new(),
    };
    for (statement, lowered) in columns.statements() {
        found.given(statement, lowered);
        found.mentions(statement, lowered);
        found.inputs(statement, lowered);
        found.ctes(statement, lowered);
        found.qualifiers(statement, lowered);
    }
    found.table_names();
    found.skeleton();
    let mut occurrences = found.occurrences;
    occurrences.sort_by(|one, other| order(one).cmp(&order(other)));
    occurrences.dedup();
    occurrences
}

fn order(it: &Occurrence) -> (TextSize, TextSize, bool, &Node) {
    (it.range.start(), it.range.end(), it.is_definition, &it.node)
}

struct Found<'c, 's> {
    columns: &'c Columns<'s>,
    occurrences: Vec<Occurrence>,
}

impl Found<'_, '_> {
    /// Adds a name that is written out: what a macro made has none.
    fn push(&mut self, range: TextRange, is_definition: bool, node: Node) {
        let text = self.columns.slice(range);
        if !text.is_empty() && !text.starts_with('{') {
            self.occurrences.push(Occurrence {
                range,
                is_definition,
                node,
            });
        }
    }

    /// Where columns get their names.
    fn given(&mut self, statement: usize, lowered: &Lowered) {
        let relations = lowered
            .query
            .relations
            .iter()
            .zip(&lowered.places.relations);
        // A set operation has its names from the first branch, whose they are.
        let mut seen = BTreeSet::new();
        for (id, (relation, places)) in (0..).zip(relations) {
            let named = relation.columns.iter().zip(&places.columns);
            for (position, (column, place)) in named.enumerate() {
                let Some(name) = &column.name else { continue };
                // A `*` names no column, and neither does an expression without an alias.
                let at = (place.name.start(), place.name.end());
                if is_name(self.columns.slice(place.name), name) && seen.insert(at) {
                    let node = Node::Given {
                        statement,
                        relation: RelationId(id),
                        position,
                    };
                    self.push(place.name, true, node);
                }
            }
        }
    }

    fn mentions(&mut self, statement: usize, lowered: &Lowered) {
        for mention in &lowered.places.mentions {
            if let Some(position) = mention.alias {
                let node = Node::Given {
                    statement,
                    relation: mention.within,
                    position: position as usize,
                };
                self.push(mention.range, false, node);
                continue;
            }
            // After a full join with `USING`, the name stands for the columns of both sides.
            let values = match &mention.value {
                Expression::Call(call) if call.function == "coalesce" => call.arguments.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values {
                if let Some(node) = node_of(self.columns, statement, value) {
                    self.push(mention.range, false, node);
                }
            }
        }
    }

    /// Tables and CTEs in `FROM`, and their aliases.
    fn inputs(&mut self, statement: usize, lowered: &Lowered) {
        let aliases = lowered.places.inputs.iter().zip(&lowered.places.aliases);
        for (id, (range, alias)) in (0..).zip(aliases) {
            let input = sql::relation::InputId(id);
            match self.columns.source(statement, input) {
                Some(Source::Table(table)) => {
                    if let Some(table) = self.columns.table(table) {
                        let node = Node::Table(table);
                        // The whole of `{{ ref('x') }}` is the name.
                        self.occurrences.push(Occurrence {
                            range: *range,
                            is_definition: false,
                            node,
                        });
                    }
                }
                Some(Source::Relation(relation)) => {
                    let name = lowered.places.relation(*relation).map(|it| it.name);
                    let name = name
                        .map(|name| self.columns.slice(name))
                        .unwrap_or_default();
                    if is_same(self.columns.slice(*range), name) {
                        let node = Node::Cte {
                            statement,
                            relation: *relation,
                        };
                        self.push(*range, false, node);
                    }
                }
                _ => {}
            }
            self.push(*alias, true, Node::Alias { statement, input });
        }
    }

    fn ctes(&mut self, statement: usize, lowered: &Lowered) {
        for (id, places) in (0..).zip(&lowered.places.relations) {
            // The alias of a subquery is that of the input.
            if !lowered.places.aliases.contains(&places.name) {
                let relation = RelationId(id);
                let node = Node::Cte {
                    statement,
                    relation,
                };
                self.push(places.name, true, node);
            }
        }
    }

    fn qualifiers(&mut self, statement: usize, lowered: &Lowered) {
        for qualifier in &lowered.places.qualifiers {
            let input = qualifier.input;
            let alias = Node::Alias { statement, input };
            let node = match self.columns.source(statement, input) {
                _ if !lowered.places.alias(input).is_empty() => Some(alias),
                Some(Source::Table(table)) => self.columns.table(table).map(Node::Table),
                Some(Source::Relation(relation)) => Some(Node::Cte {
                    statement,
                    relation: *relation,
                }),
                _ => None,
            };
            if let Some(node) = node {
                self.push(qualifier.range, false, node);
            }
        }
    }

    /// The names of the tables that statements define.
    fn table_names(&mut self) {
        let models = self.columns.file.sql().map_or(&[][..], |sql| &sql.models);
        for (ordinal, model) in (0..).zip(models) {
            let id = index::ModelId {
                file: self.columns.file.id,
                ordinal,
            };
            let table = self.columns.snapshot.table_of_model(id);
            if let (Some(_), Some(table)) = (&model.name, table) {
                let range = self.columns.file.range(model.name_spot);
                let node = Node::Table(TableId::Known(table.key.clone()));
                self.push(range, true, node);
            }
        }
    }

    /// What the skeleton tells of places of which the queries tell nothing.
    fn skeleton(&mut self) {
        let statements = self.columns.statements();
        let unread: Vec<TextRange> = statements
            .filter(|(_, lowered)| !is_read(lowered))
            .map(|(_, lowered)| lowered.places.statement)
            .collect();
        let known: BTreeSet<_> = self.occurrences.iter().map(|it| it.range.start()).collect();
        for mention in subject::everywhere(self.columns.snapshot, self.columns.file) {
            let range = mention.range;
            let mut inside = known.range(range.start()..range.end());
            if inside.next().is_some() {
                continue;
            }
            let text = self.columns.slice(range);
            match mention.subject {
                // Under another name it is another column.
                Subject::Column(table, name) if is_name(text, &name) => {
                    let node = Node::Column(TableId::Known(table), name);
                    self.push(range, mention.role == Role::Definition, node);
                }
                Subject::Table(table) => self.occurrences.push(Occurrence {
                    range,
                    is_definition: false,
                    node: Node::Table(TableId::Known(table)),
                }),
                Subject::Projection(item) if unread.iter().any(|it| it.contains_range(range)) => {
                    let node = Node::Projection(item.start(), item.end());
                    if let Some(name) = last_word(self.columns.slice(item), text, item) {
                        self.push(name, true, node.clone());
                    }
                    self.push(range, false, node);
                }
                _ => {}
            }
        }
    }
}

/// Whether anything of a statement was understood.
pub(crate) fn is_read(lowered: &Lowered) -> bool {
    let nothing = matches!(&lowered.query.root().body, Body::Unknown { reads } if reads.is_empty());
    !nothing || !lowered.places.inputs.is_empty()
}

/// Whether `text` is `name`, be it in quotes.
pub(crate) fn is_name(text: &str, name: &Name) -> bool {
    is_same(text, name.as_str())
}

fn is_same(text: &str, name: &str) -> bool {
    let bare = |text: &str| -> String {
        let quotes: &[char] = &['"', '`', '[', ']'];
        text.trim_matches(quotes).to_ascii_lowercase()
    };
    !name.is_empty() && bare(text) == bare(name)
}

/// Where the last word of a projection stands, if it is `word`.
fn last_word(item: &str, word: &str, range: TextRange) -> Option<TextRange> {
    let start = item.len().checked_sub(word.len())?;
    let last = item.get(start..)?;
    let before = item.get(..start)?.chars().next_back();
    let is_whole = before.is_none_or(|before| !before.is_alphanumeric() && before != '_');
    let at = range.start() + crate::lookup::offset(start);
    (is_whole && last.eq_ignore_ascii_case(word)).then(|| TextRange::new(at, range.end()))
}

//! What a select reads, join by join.

use super::name::identifier;
use super::{Named, Names, Unsaid, Writer, WrittenRows, column_names, keep};
use crate::canonical::term::Label;
use crate::canonical::tree::{Other, Part, Tree};
use sql::facts::TableRef;
use sql::relation::{Expression, Input, InputId, JoinKind, Source};
use std::collections::{BTreeMap, BTreeSet};

/// A part that is ready to be written.
struct Ready {
    kind: &'static str,
    text: String,
    /// The inputs that it brings.
    brings: BTreeSet<InputId>,
    /// The inputs beside it that it mentions.
    needs: BTreeSet<InputId>,
    /// Its conditions, and the inputs they mention.
    on: Vec<String>,
    /// Its conditions are its own: an outer join.
    padded: bool,
}

/// A conjunct, and the inputs of this select that it mentions.
struct Condition {
    text: String,
    inputs: BTreeSet<InputId>,
}

impl Writer {
    /// Writes what is read and its conditions; gives the names that hold then.
    pub(super) fn from(
        &mut self,
        tree: Tree,
        mut labels: Vec<(Label, InputId)>,
        around: &Names,
        rows: &mut WrittenRows,
        is_whole: &mut bool,
    ) -> Result<Names, Unsaid> {
        labels.sort();
        let order: Vec<InputId> = labels.iter().map(|(_, input)| *input).collect();
        let mut sources = BTreeMap::new();
        collect(&tree, &mut sources);
        let mut names = around.clone();
        for input in &order {
            let Some(source) = sources.get(input) else {
                return Err(Unsaid);
            };
            let named = self.named(source, &mut names)?;
            names.inputs.insert(*input, named);
        }
        let own: BTreeSet<InputId> = order.iter().copied().collect();
        let mut conditions = Vec::new();
        for conjunct in &tree.conjuncts {
            match self.expression(conjunct, &names) {
                Ok(text) => conditions.push(Condition {
                    text,
                    inputs: self.mentioned(conjunct, &own),
                }),
                Err(Unsaid) => *is_whole = false,
            }
        }
        conditions.sort_by(|left, right| left.text.cmp(&right.text));
        let mut parts = Vec::new();
        for part in tree.parts {
            parts.push(self.part(part, &names, &own)?);
        }
        place(parts, conditions, rows)?;
        Ok(names)
    }

    /// What an input is called.
    fn named(&mut self, source: &Source, names: &mut Names) -> Result<Named, Unsaid> {
        let (base, columns) = match source {
            Source::Table(TableRef::Unknown) | Source::Unknown { .. } => return Err(Unsaid),
            Source::Table(table) => {
                let name = table.to_string();
                let last = name.rsplit('.').next().unwrap_or_default();
                (last.to_ascii_lowercase(), None)
            }
            Source::Relation(id) => {
                if let Some((_, name, columns)) =
                    self.around.iter().rev().find(|(around, ..)| around == id)
                {
                    (name.clone(), Some(columns.clone()))
                } else if self.is_correlated(*id, names) {
                    let relation = self.relation(*id)?;
                    ("each".to_owned(), Some(column_names(&relation)))
                } else {
                    let (name, columns) = self.step(*id, names)?;
                    (name, Some(columns))
                }
            }
            Source::Function(call) => (call.function.to_string(), None),
        };
        let mut alias = base.clone();
        let mut number = 2;
        while !names.taken.insert(alias.clone()) {
            alias = format!("{base}_{number}");
            number += 1;
        }
        Ok(Named { alias, columns })
    }

    fn part(
        &mut self,
        part: Part,
        names: &Names,
        own: &BTreeSet<InputId>,
    ) -> Result<Ready, Unsaid> {
        Ok(match part {
            Part::Input(input) => {
                let (text, needs) = self.input(&input, names, own)?;
                Ready {
                    kind: "JOIN",
                    text,
                    brings: BTreeSet::from([input.id]),
                    needs,
                    on: Vec::new(),
                    padded: false,
                }
            }
            Part::Padded { right, mut on } => {
                let brings: BTreeSet<InputId> = right.inputs().into_iter().collect();
                let mut needs = BTreeSet::new();
                for condition in &on {
                    needs.extend(self.mentioned(condition, own));
                }
                on.extend(right.conjuncts.iter().cloned());
                let text = self.side(
                    Tree {
                        parts: right.parts,
                        conjuncts: Vec::new(),
                    },
                    names,
                    own,
                    &mut needs,
                )?;
                let mut conditions = on
                    .iter()
                    .map(|condition| self.expression(condition, names))
                    .collect::<Result<Vec<_>, _>>()?;
                conditions.sort();
                needs = needs.difference(&brings).copied().collect();
                Ready {
                    kind: "LEFT JOIN",
                    text,
                    brings,
                    needs,
                    on: conditions,
                    padded: true,
                }
            }
            Part::Other(other) => {
                let Other {
                    kind,
                    left,
                    right,
                    on,
                } = *other;
                if kind != JoinKind::Full {
                    return Err(Unsaid);
                }
                let mut brings: BTreeSet<InputId> = left.inputs().into_iter().collect();
                brings.extend(right.inputs());
                let mut needs = BTreeSet::new();
                let left = self.side(left, names, own, &mut needs)?;
                let right = self.side(right, names, own, &mut needs)?;
                let mut conditions = on
                    .iter()
                    .map(|condition| self.expression(condition, names))
                    .collect::<Result<Vec<_>, _>>()?;
                conditions.sort();
                let on = match conditions.is_empty() {
                    true => "TRUE".to_owned(),
                    false => all_of(&conditions),
                };
                needs = needs.difference(&brings).copied().collect();
                Ready {
                    kind: "JOIN",
                    text: format!("({left} FULL JOIN {right} ON {on})"),
                    brings,
                    needs,
                    on: Vec::new(),
                    padded: false,
                }
            }
        })
    }

    /// One side of an outer join: an input as it is, or several in parentheses. A condition of its own
    /// filters it before it is joined, which only a query can say.
    fn side(
        &mut self,
        tree: Tree,
        names: &Names,
        own: &BTreeSet<InputId>,
        needs: &mut BTreeSet<InputId>,
    ) -> Result<String, Unsaid> {
        if !tree.conjuncts.is_empty() && tree.parts.len() < 2 {
            return Err(Unsaid);
        }
        let mut conditions = Vec::new();
        for conjunct in &tree.conjuncts {
            conditions.push(Condition {
                text: self.expression(conjunct, names)?,
                inputs: self.mentioned(conjunct, own),
            });
        }
        conditions.sort_by(|left, right| left.text.cmp(&right.text));
        let mut parts = Vec::new();
        for part in tree.parts {
            let part = self.part(part, names, own)?;
            needs.extend(part.needs.iter().copied());
            parts.push(part);
        }
        let inside: BTreeSet<InputId> = parts
            .iter()
            .flat_map(|part| part.brings.iter().copied())
            .collect();
        for part in &mut parts {
            part.needs = part.needs.intersection(&inside).copied().collect();
        }
        let mut rows = WrittenRows::default();
        place(parts, conditions, &mut rows)?;
        if !rows.filter.is_empty() {
            return Err(Unsaid);
        }
        let first = rows.from.ok_or(Unsaid)?;
        Ok(match rows.joins.is_empty() {
            true => first,
            false => format!("({first} {})", rows.joins.join(" ")),
        })
    }

    /// An input with its alias, and the inputs beside it that it mentions.
    fn input(
        &mut self,
        input: &Input,
        names: &Names,
        own: &BTreeSet<InputId>,
    ) -> Result<(String, BTreeSet<InputId>), Unsaid> {
        let named = names.inputs.get(&input.id).ok_or(Unsaid)?.clone();
        let alias = identifier(&named.alias, self.dialect);
        let mut needs = BTreeSet::new();
        let (text, bare) = match &input.source {
            Source::Table(table) => {
                let text = table.to_string();
                let parts = text.split('.').map(|part| identifier(part, self.dialect));
                let parts: Vec<String> = parts.collect();
                let last = text.rsplit('.').next().unwrap_or_default();
                (parts.join("."), last.to_ascii_lowercase())
            }
            Source::Relation(id) => {
                let known = self.around.iter().rev().find(|(around, ..)| around == id);
                let known = known.map(|(_, name, _)| name.clone());
                if let Some(name) = known {
                    (identifier(&name, self.dialect), name)
                } else if self.is_correlated(*id, names) {
                    self.arena.for_each_mention_in(*id, &mut |mention| {
                        note(mention, own, &mut needs);
                    });
                    needs.remove(&input.id);
                    let text = self.whole_text(*id, names, named.columns.as_deref())?;
                    (format!("LATERAL ({text})"), String::new())
                } else {
                    let (name, _) = self.step(*id, names)?;
                    (identifier(&name, self.dialect), name)
                }
            }
            Source::Function(call) => {
                for argument in &call.arguments {
                    needs.extend(self.mentioned(argument, own));
                }
                let call = self.expression(&Expression::Call(call.clone()), names)?;
                (call, String::new())
            }
            Source::Unknown { .. } => return Err(Unsaid),
        };
        self.spend(&text)?;
        match bare == named.alias {
            true => Ok((text, needs)),
            false => Ok((format!("{text} AS {alias}"), needs)),
        }
    }

    /// The inputs of `own` that an expression mentions, also in the queries in it.
    fn mentioned(&self, expression: &Expression, own: &BTreeSet<InputId>) -> BTreeSet<InputId> {
        let mut found = BTreeSet::new();
        self.arena.for_each_mention(expression, &mut |mention| {
            note(mention, own, &mut found);
        });
        found
    }
}

fn note(mention: &Expression, own: &BTreeSet<InputId>, found: &mut BTreeSet<InputId>) {
    if let Expression::Column { input, .. } | Expression::Output { input, .. } = mention
        && own.contains(input)
    {
        found.insert(*input);
    }
}

fn collect(tree: &Tree, sources: &mut BTreeMap<InputId, Source>) {
    for part in &tree.parts {
        match part {
            Part::Input(input) => {
                sources.insert(input.id, input.source.clone());
            }
            Part::Padded { right, .. } => collect(right, sources),
            Part::Other(other) => {
                collect(&other.left, sources);
                collect(&other.right, sources);
            }
        }
    }
}

/// Puts parts one after the other, each after what it needs, and conditions where they first can stand.
fn place(
    mut parts: Vec<Ready>,
    mut conditions: Vec<Condition>,
    rows: &mut WrittenRows,
) -> Result<(), Unsaid> {
    let mut placed: BTreeSet<InputId> = BTreeSet::new();
    while !parts.is_empty() {
        let is_first = placed.is_empty();
        let ready = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.needs.is_subset(&placed) && !(is_first && part.padded));
        let linked = |part: &Ready| {
            conditions.iter().any(|condition| {
                !condition.inputs.is_disjoint(&part.brings)
                    && !condition.inputs.is_disjoint(&placed)
                    && condition
                        .inputs
                        .iter()
                        .all(|input| part.brings.contains(input) || placed.contains(input))
            })
        };
        let next = ready.min_by_key(|(_, part)| {
            let rank = match (part.padded, linked(part)) {
                (false, true) => 0,
                (false, false) if part.needs.is_empty() => 1,
                (false, false) => 2,
                (true, _) => 3,
            };
            (rank, part.text.clone(), part.on.clone())
        });
        let Some((at, _)) = next else {
            // Only an outer join is left, and nothing that it is joined to.
            return Err(Unsaid);
        };
        let part = parts.remove(at);
        placed.extend(part.brings.iter().copied());
        if is_first {
            rows.from = Some(part.text);
            continue;
        }
        let mut on = part.on;
        if !part.padded {
            let mut rest = Vec::new();
            for condition in conditions {
                let joins = condition.inputs.len() > 1
                    && !condition.inputs.is_disjoint(&part.brings)
                    && condition.inputs.is_subset(&placed);
                match joins {
                    true => on.push(condition.text),
                    false => rest.push(condition),
                }
            }
            conditions = rest;
        }
        let on = match (on.is_empty(), part.padded) {
            (true, true) => Some("TRUE".to_owned()),
            (true, false) => None,
            (false, _) => Some(all_of(&on)),
        };
        rows.joins.push(match on {
            Some(on) => format!("{} {} ON {on}", part.kind, part.text),
            None => format!("CROSS JOIN {}", part.text),
        });
    }
    for condition in conditions {
        let text = Ok(condition.text);
        keep(text, &mut rows.filter, &mut true)?;
    }
    Ok(())
}

/// Conditions that must all hold.
fn all_of(conditions: &[String]) -> String {
    match conditions {
        [one] => one.clone(),
        several => {
            let several = several.iter().map(|condition| format!("({condition})"));
            several.collect::<Vec<_>>().join(" AND ")
        }
    }
}

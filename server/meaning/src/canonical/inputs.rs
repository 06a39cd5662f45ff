//! What the inputs of a select are called: by what they read, and numbered where several read the
//! same, in an order that does not depend on how the text is arranged.

use super::arena::Arena;
use super::describe::{relation, term};
use super::equal::{classes, either, equality};
use super::term::{Head, Label, Shared, Term, What, base, digest};
use super::tree::{Part, Tree};
use smol_str::SmolStr;
use sql::facts::TableRef;
use sql::relation::{
    Expression, Input, InputId, Operator, RelationId, Select, Source, UnknownReason,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::name::dotted;

/// How often the surroundings of inputs are looked at, to tell those apart that read the same.
const ROUNDS: usize = 3;

/// Selects inside each other whose inputs are told apart by their surroundings.
const NESTED: usize = 2;

/// What mentions of columns stand for at a place.
#[derive(Clone, Default)]
pub(super) struct Scope {
    inputs: BTreeMap<InputId, Entry>,
    /// How many inputs read the same.
    counts: BTreeMap<u128, u32>,
    /// How many inputs are called the same.
    shown: BTreeMap<SmolStr, u32>,
    /// The relations around.
    around: Vec<RelationId>,
    /// What columns are equal to, and so stand for.
    same: BTreeMap<Expression, Term>,
    /// Columns of both sides of a full join that are equal where none is padded.
    either: Vec<(Expression, Expression)>,
    /// That they are equal.
    equalities: Vec<Term>,
    /// How many selects around look at surroundings.
    looking: usize,
}

#[derive(Clone)]
struct Entry {
    label: Label,
    columns: Option<Arc<Vec<Term>>>,
}

/// An input, and whether an outer join may pad it.
struct Found<'t> {
    input: &'t Input,
    padded: bool,
}

impl Scope {
    /// The scope in a relation.
    pub(super) fn inside(&self, id: RelationId) -> Scope {
        let mut scope = self.clone();
        scope.around.push(id);
        scope
    }

    /// How much there is to hand on to what stands inside.
    pub(super) fn size(&self) -> usize {
        self.inputs.len() + self.same.len() + self.around.len()
    }

    /// The scope for a relation that stands in this one: nothing of it, where it mentions nothing.
    pub(super) fn for_child(&self, arena: &Arena, id: RelationId) -> Scope {
        let mut correlated = false;
        arena.for_each_mention_in(id, &mut |mention| match mention {
            Expression::Column { input, .. } | Expression::Output { input, .. } => {
                correlated |= self.inputs.contains_key(input);
            }
            _ => {}
        });
        if correlated {
            return self.clone();
        }
        Scope {
            around: self.around.clone(),
            looking: self.looking,
            ..Scope::default()
        }
    }

    /// How an input is called.
    pub(super) fn label(&self, input: InputId) -> Label {
        match self.inputs.get(&input) {
            Some(entry) => entry.label.clone(),
            None => label(What::Unknown),
        }
    }

    /// What the mention of a column stands for.
    pub(super) fn mention(&self, column: &Expression) -> Term {
        if let Some(same) = self.same.get(column) {
            return same.clone();
        }
        self.column(column)
    }

    /// That columns are equal, without saying it of two twice.
    pub(super) fn equalities(&self) -> Vec<Term> {
        self.equalities.clone()
    }

    /// Whether a condition only says what [`Scope::equalities`] say.
    pub(super) fn is_equality(&self, condition: &Expression) -> bool {
        equality(condition).is_some_and(|(left, right)| {
            match (self.same.get(left), self.same.get(right)) {
                (Some(left), Some(right)) => left == right,
                _ => false,
            }
        })
    }

    /// Whether it makes no difference which of two columns is looked at first: where both have a value,
    /// it is the same.
    pub(super) fn is_either(&self, one: &Expression, other: &Expression) -> bool {
        self.either
            .iter()
            .any(|(left, right)| (left == one && right == other) || (left == other && right == one))
    }

    /// The scope in a select that stands in this one, and the tree of what it reads.
    pub(super) fn of_select(&self, arena: &mut Arena, select: &Select) -> (Scope, Tree) {
        let mut copy = Select {
            from: select.from.clone(),
            filter: select.filter.clone(),
            ..Select::default()
        };
        let tree = Tree::take(&mut copy, arena);
        let mut found = Vec::new();
        inputs(&tree, false, &mut found);
        let mut scope = self.clone();
        scope.equalities.clear();
        scope.either.extend(either(&tree));
        for found in &found {
            scope.enter(arena, found.input);
        }
        let classes = classes(&tree);
        let order = scope.order(arena, select, &tree, &found, &classes);
        scope.number(&found, &order);
        for found in &found {
            scope.enter_again(arena, found.input);
        }
        scope.show(&found);
        if arena.equates {
            scope.equate(&classes);
        }
        (scope, tree)
    }

    fn column(&self, column: &Expression) -> Term {
        let unknown = Term::leaf(Head::Unknown(UnknownReason::NoSuchColumn));
        match column {
            Expression::Column { input, name } => match self.inputs.get(input) {
                Some(entry) => Term::leaf(Head::Column(entry.label.clone(), name.clone())),
                None => unknown,
            },
            Expression::Output { input, position } => {
                let Some(entry) = self.inputs.get(input) else {
                    return unknown;
                };
                let value = match &entry.columns {
                    Some(columns) => columns.get(*position as usize).cloned(),
                    None => Some(Term::leaf(Head::Literal(sql::relation::Literal::Number(
                        position.to_string().into(),
                    )))),
                };
                let value = value.unwrap_or(unknown);
                Term::new(Head::Output(entry.label.clone()), vec![value])
            }
            Expression::Literal(literal) => Term::leaf(Head::Literal(literal.clone())),
            _ => unknown,
        }
    }

    fn enter(&mut self, arena: &mut Arena, input: &Input) {
        let (what, columns) = self.read(arena, &input.source);
        let label = label(what);
        self.inputs.insert(input.id, Entry { label, columns });
    }

    /// Reads an input again that may mention others, now that these have their numbers.
    fn enter_again(&mut self, arena: &mut Arena, input: &Input) {
        if matches!(input.source, Source::Table(_) | Source::Unknown { .. }) {
            return;
        }
        let mut lateral = matches!(input.source, Source::Function(_));
        for id in super::arena::source_relations(&input.source) {
            arena.for_each_mention_in(id, &mut |mention| match mention {
                Expression::Column { input, .. } | Expression::Output { input, .. } => {
                    lateral |= self.inputs.contains_key(input);
                }
                _ => {}
            });
        }
        if !lateral {
            return;
        }
        let (what, columns) = self.read(arena, &input.source);
        if let Some(entry) = self.inputs.get_mut(&input.id) {
            entry.label = Label {
                number: entry.label.number,
                ..label(what)
            };
            entry.columns = columns;
        }
    }

    fn read(&self, arena: &mut Arena, source: &Source) -> (What, Option<Arc<Vec<Term>>>) {
        match source {
            Source::Table(table) => (table_name(table), None),
            Source::Relation(id) => {
                if let Some(place) = self.around.iter().rev().position(|around| around == id) {
                    return (What::Itself(place), None);
                }
                let scope = self.for_child(arena, *id);
                let described = relation(arena, *id, &scope);
                let shared = Shared::new(described.rows);
                let columns = described.columns.into_iter().map(Term::bounded);
                (What::Relation(shared), Some(Arc::new(columns.collect())))
            }
            Source::Function(call) => {
                let call = Expression::Call(call.clone());
                (What::Function(term(arena, &call, self)), None)
            }
            Source::Unknown { .. } => (What::Unknown, None),
        }
    }

    /// The inputs in an order by what they are, and where several read the same, by what surrounds
    /// them.
    fn order(
        &self,
        arena: &mut Arena,
        select: &Select,
        tree: &Tree,
        found: &[Found<'_>],
        classes: &[Vec<Expression>],
    ) -> Vec<InputId> {
        let mut colours: BTreeMap<InputId, u128> = BTreeMap::new();
        for found in found {
            let rank = u128::from(found.padded);
            colours.insert(found.input.id, rank);
        }
        let ids = || found.iter().map(|found| found.input.id);
        let what = |id: &InputId| self.inputs.get(id).map(|entry| entry.label.identity);
        let mut counts: BTreeMap<Option<u128>, usize> = BTreeMap::new();
        for id in ids() {
            *counts.entry(what(&id)).or_default() += 1;
        }
        let is_one_of_several =
            |id: &InputId| counts.get(&what(id)).is_some_and(|count| *count > 1);
        let several: Vec<InputId> = ids().filter(is_one_of_several).collect();
        if self.looking < NESTED && several.len() <= 12 {
            for round in 0..ROUNDS + 1 {
                let mut next = colours.clone();
                for id in &several {
                    arena.describe(self.size());
                    let scope = self.looking_at(*id, &several, &colours, classes);
                    let all = round == ROUNDS;
                    if all && !is_tied(self, *id, &several, &colours) {
                        continue;
                    }
                    let seen = surroundings(arena, select, tree, classes, &scope, all);
                    let before = colours.get(id).copied().unwrap_or_default();
                    next.insert(*id, digest(&(before, seen)) >> 1 | (before & 1) << 127);
                }
                if round == 0 {
                    // Whether it is padded comes first.
                    for found in found {
                        if let Some(colour) = next.get_mut(&found.input.id) {
                            *colour = (*colour & !(1 << 127)) | u128::from(found.padded) << 127;
                        }
                    }
                } else {
                    for (id, colour) in &mut next {
                        let before = colours.get(id).copied().unwrap_or_default();
                        *colour = (*colour & !(1 << 127)) | (before & (1 << 127));
                    }
                }
                colours = next;
            }
        }
        let mut order: Vec<InputId> = ids().collect();
        order.sort_by_key(|id| (what(id), colours.get(id).copied()));
        order
    }

    /// The scope in which one of several inputs that read the same is marked, and the others are
    /// known by their colours.
    fn looking_at(
        &self,
        focus: InputId,
        several: &[InputId],
        colours: &BTreeMap<InputId, u128>,
        classes: &[Vec<Expression>],
    ) -> Scope {
        let mut scope = self.clone();
        scope.looking += 1;
        for id in several {
            if let Some(entry) = scope.inputs.get_mut(id) {
                let colour = colours.get(id).copied().unwrap_or_default();
                entry.label.number = if *id == focus {
                    u32::MAX
                } else {
                    digest(&colour) as u32 & 0x7fff_ffff
                };
            }
        }
        for class in classes {
            let together = together(&scope, class);
            for column in class {
                scope.same.insert(column.clone(), together.clone());
            }
        }
        scope
    }

    fn number(&mut self, found: &[Found<'_>], order: &[InputId]) {
        debug_assert_eq!(found.len(), order.len());
        for id in order {
            if let Some(entry) = self.inputs.get_mut(id) {
                let count = self.counts.entry(entry.label.identity).or_default();
                *count += 1;
                entry.label.number = *count;
            }
        }
    }

    /// Gives every input a name of its own to show.
    fn show(&mut self, found: &[Found<'_>]) {
        let mut order: Vec<(Label, InputId)> = found
            .iter()
            .map(|found| (self.label(found.input.id), found.input.id))
            .collect();
        order.sort();
        for (label, id) in order {
            let base = SmolStr::new(base(&label.what));
            let count = self.shown.entry(base.clone()).or_default();
            *count += 1;
            if let Some(entry) = self.inputs.get_mut(&id) {
                entry.label.shown = match *count {
                    1 => base,
                    count => SmolStr::from(format!("{base}_{count}")),
                };
            }
        }
    }

    /// Lets one column stand for all that are equal to it.
    fn equate(&mut self, classes: &[Vec<Expression>]) {
        for class in classes {
            let mut members: Vec<Term> = class.iter().map(|column| self.column(column)).collect();
            members.sort();
            let Some((first, rest)) = members.split_first() else {
                continue;
            };
            for other in rest {
                self.equalities.push(Term::new(
                    Head::Operation(Operator::Equal),
                    vec![first.clone(), other.clone()],
                ));
            }
            for column in class {
                self.same.insert(column.clone(), first.clone());
            }
        }
    }
}

fn is_tied(
    scope: &Scope,
    id: InputId,
    several: &[InputId],
    colours: &BTreeMap<InputId, u128>,
) -> bool {
    let of = |id: InputId| scope.inputs.get(&id).map(|entry| entry.label.identity);
    several
        .iter()
        .any(|other| *other != id && of(*other) == of(id) && colours.get(other) == colours.get(&id))
}

/// A number for all that is said in a select; `all` for more than what decides rows.
fn surroundings(
    arena: &mut Arena,
    select: &Select,
    tree: &Tree,
    classes: &[Vec<Expression>],
    scope: &Scope,
    all: bool,
) -> Vec<u128> {
    let mut seen: Vec<u128> = Vec::new();
    let mut conditions: Vec<&Expression> = Vec::new();
    let mut joins: Vec<(Vec<InputId>, &Expression)> = Vec::new();
    conditions.extend(
        tree.conjuncts
            .iter()
            .filter(|condition| !scope.is_equality(condition)),
    );
    joined(tree, &mut joins);
    for class in classes {
        seen.push(together(scope, class).digest());
    }
    for condition in conditions {
        seen.push(digest(&(0, term(arena, condition, scope))));
    }
    for (inputs, condition) in joins {
        let mut labels: Vec<Label> = inputs.iter().map(|input| scope.label(*input)).collect();
        labels.sort();
        seen.push(digest(&(1, labels, term(arena, condition, scope))));
    }
    if all {
        let mut place = 2;
        select.for_each_expression(&mut |expression| {
            place += 1;
            seen.push(digest(&(place, term(arena, expression, scope))));
        });
    }
    seen.sort_unstable();
    seen
}

fn joined<'t>(tree: &'t Tree, found: &mut Vec<(Vec<InputId>, &'t Expression)>) {
    for part in &tree.parts {
        match part {
            Part::Input(_) => {}
            Part::Padded { right, on } => {
                joined(right, found);
                found.extend(on.iter().map(|on| (right.inputs(), on)));
            }
            Part::Other(other) => {
                for side in [&other.left, &other.right] {
                    joined(side, found);
                    found.extend(side.conjuncts.iter().map(|on| (side.inputs(), on)));
                }
                let mut inputs = other.left.inputs();
                inputs.extend(other.right.inputs());
                found.extend(other.on.iter().map(|on| (inputs.clone(), on)));
            }
        }
    }
}

fn together(scope: &Scope, class: &[Expression]) -> Term {
    let mut members: Vec<Term> = class.iter().map(|column| scope.column(column)).collect();
    members.sort();
    Term::new(Head::Sets, members)
}

fn inputs<'t>(tree: &'t Tree, padded: bool, found: &mut Vec<Found<'t>>) {
    for part in &tree.parts {
        match part {
            Part::Input(input) => found.push(Found { input, padded }),
            Part::Padded { right, .. } => inputs(right, true, found),
            Part::Other(other) => {
                inputs(&other.left, true, found);
                inputs(&other.right, true, found);
            }
        }
    }
}

fn label(what: What) -> Label {
    Label {
        identity: digest(&what),
        number: 1,
        shown: SmolStr::new(base(&what)),
        known: what.is_known(),
        what: Arc::new(what),
    }
}

/// A table's full name, the same for every spelling.
fn table_name(table: &TableRef) -> What {
    let name = match table {
        TableRef::Named(name) => dotted(&name.parts),
        TableRef::Ref {
            package,
            name,
            version,
        } => {
            let mut parts: Vec<String> = package.iter().map(ToString::to_string).collect();
            parts.push(name.to_string());
            if let Some(version) = version {
                parts.push(format!("v{version}"));
            }
            parts.join(".")
        }
        TableRef::Source { source, table } => format!("{source}.{table}"),
        TableRef::Unknown => return What::Unknown,
    };
    What::Table(SmolStr::from(name.to_ascii_lowercase()))
}

//! Whether an expression can be `NULL`, at the place where it stands.

use super::context::{Assumed, Deriving, Level, NOT_TRUE, Place, Stage, Verdict};
use super::join::{is_always_there, is_column_of};
use super::outcome::TRUE;
use super::{Cause, CauseKind, Nullability, row};
use crate::derive::DEEPEST;
use sql::relation::{
    Case, Expression, InputId, Literal, Operation, Operator, RelationId, Source, Subquery,
    SubqueryKind,
};

impl Deriving<'_, '_> {
    /// Whether `expression` can be `NULL` at `place`.
    pub(super) fn value(&self, expression: &Expression, place: Place<'_>) -> Nullability {
        if place.depth > DEEPEST {
            return Nullability::Unknown;
        }
        if let Expression::Column { input, .. } | Expression::Output { input, .. } = expression {
            return self.column_of(*input, expression, place);
        }
        let found = self.computed(expression, place.inside());
        if found == Nullability::Never || matches!(expression, Expression::Literal(_)) {
            return found;
        }
        match self.verdict(place, &|part| part == expression) {
            Verdict::Rejected => Nullability::Never,
            // A group that has no value may be one that HAVING drops.
            Verdict::Unsure
                if matches!(expression, Expression::Aggregate(_) | Expression::Window(_)) =>
            {
                Nullability::Unknown
            }
            Verdict::Unsure | Verdict::Allowed => found,
        }
    }

    /// `NULL` if one of these is.
    pub(super) fn any<'e>(
        &self,
        parts: impl IntoIterator<Item = &'e Expression>,
        place: Place<'_>,
    ) -> Nullability {
        Nullability::any(parts.into_iter().map(|part| self.value(part, place)))
    }

    fn computed(&self, expression: &Expression, place: Place<'_>) -> Nullability {
        if let Some(missing) = key_is_missing(expression, place) {
            return missing;
        }
        match expression {
            Expression::Column { .. } | Expression::Output { .. } | Expression::Unknown(_) => {
                Nullability::Unknown
            }
            Expression::Literal(Literal::Null) => place.possible(CauseKind::Null),
            Expression::Literal(_) => Nullability::Never,
            Expression::Operation(operation) => self.operation(operation, place),
            Expression::Call(call) => self.call(call, place),
            Expression::Case(case) => self.case(case, place),
            Expression::Cast(cast) => self.cast(cast, place),
            Expression::Aggregate(aggregate) => self.aggregate(aggregate, place),
            Expression::Window(window) => self.window(window, place),
            Expression::Subquery(subquery) => self.subquery(subquery, place),
        }
    }

    fn column_of(&self, input: InputId, column: &Expression, place: Place<'_>) -> Nullability {
        let Some((home, source)) = self.scopes.home(input) else {
            return Nullability::Unknown;
        };
        if let Some(missing) = key_is_missing(column, place) {
            return self.unless_rejected(missing, column, place);
        }
        let own = match (source, column) {
            (Source::Table(table), Expression::Column { name, .. })
                if self.facts.is_not_null(table, name) =>
            {
                Nullability::Never
            }
            (Source::Relation(relation), Expression::Output { position, .. }) => {
                self.known.get(*relation, *position as usize).clone()
            }
            _ => Nullability::Unknown,
        };
        let found = if home == place.level.relation {
            self.of_own_input(input, source, own, place)
        } else {
            self.of_outer_input(home, input, own)
        };
        self.unless_rejected(found, column, place)
    }

    /// A column of an input of the relation itself.
    fn of_own_input(
        &self,
        input: InputId,
        source: &Source,
        own: Nullability,
        place: Place<'_>,
    ) -> Nullability {
        let level = place.level;
        if level.rows.unsure.contains(&input) {
            return Nullability::Unknown;
        }
        let pads = level.rows.pads.iter();
        for pad in pads.filter(|pad| pad.inputs.contains(&input)) {
            if pad.is_whole_in(place.sides) {
                continue;
            }
            let verdict = self.verdict(place, &|part| is_column_of(part, &pad.inputs));
            match (verdict, pad.inputs.first()) {
                (Verdict::Rejected, _) => {}
                (Verdict::Allowed, Some(first)) if pad.certain => {
                    return place.possible(CauseKind::OuterJoin(*first));
                }
                _ => return Nullability::Unknown,
            }
        }
        // A group of no rows has no value of a column.
        if place.stage > Stage::Rows && level.has_empty_group() {
            return Nullability::Unknown;
        }
        // What one outer join fills up is NULL together.
        if let (Nullability::Possible(cause), Source::Relation(source)) = (&own, source) {
            let together = |part: &Expression| match part {
                Expression::Output {
                    input: other,
                    position,
                } => {
                    let found = self.known.get(*source, *position as usize);
                    *other == input
                        && matches!(found, Nullability::Possible(found) if found == cause)
                }
                _ => false,
            };
            if self.verdict(place, &together) != Verdict::Allowed {
                return Nullability::Unknown;
            }
        }
        own
    }

    /// A column of a query around this one, of which it sees one row.
    fn of_outer_input(&self, home: RelationId, input: InputId, own: Nullability) -> Nullability {
        let select = self.scopes.query.relation(home).select();
        let is_there = select.is_some_and(|select| {
            let sets = select.grouping.as_ref().map(|grouping| &grouping.sets);
            let is_grouped_once =
                sets.is_none_or(|sets| matches!(sets.as_slice(), [set] if !set.is_empty()));
            let from = select.from.as_ref();
            is_grouped_once && from.is_some_and(|from| is_always_there(from, input))
        });
        match own {
            Nullability::Never if is_there => Nullability::Never,
            _ => Nullability::Unknown,
        }
    }

    fn unless_rejected(
        &self,
        found: Nullability,
        column: &Expression,
        place: Place<'_>,
    ) -> Nullability {
        if found == Nullability::Never {
            return found;
        }
        match self.verdict(place, &|part| part == column) {
            Verdict::Rejected => Nullability::Never,
            Verdict::Allowed => found,
            Verdict::Unsure => Nullability::Unknown,
        }
    }

    fn operation(&self, operation: &Operation, place: Place<'_>) -> Nullability {
        match operation.operator {
            Operator::IsNull | Operator::IsTrue | Operator::IsFalse | Operator::Same => {
                Nullability::Never
            }
            Operator::Divide | Operator::Modulo => {
                let strict = self.any(&operation.operands, place);
                match operation.operands.get(1) {
                    Some(divisor) if strict == Nullability::Never => self.division(divisor, place),
                    _ => strict,
                }
            }
            _ => self.any(&operation.operands, place),
        }
    }

    fn case(&self, case: &Case, place: Place<'_>) -> Nullability {
        if let [(condition, Expression::Literal(Literal::Null))] = case.branches.as_slice()
            && let Expression::Operation(operation) = condition
            && operation.operator == Operator::Equal
            && operation.operands.first() == Some(&*case.otherwise)
        {
            let value = self.value(&case.otherwise, place);
            return value.or(place.possible(CauseKind::NullIf));
        }
        let mut passed: Vec<&Expression> = Vec::new();
        let mut all = Nullability::Never;
        for (condition, value) in &case.branches {
            let is_true = *condition == Expression::Literal(Literal::Boolean(true));
            let before = Assumed {
                conditions: &passed,
                outcome: NOT_TRUE,
                outer: place.branch,
            };
            let reached = Place {
                branch: Some(&before),
                ..place
            };
            let own = if self.can_be_true(condition, reached) {
                let inside = Assumed {
                    conditions: &[condition],
                    outcome: TRUE,
                    outer: Some(&before),
                };
                let branch = Some(&inside);
                self.value(value, Place { branch, ..place })
            } else {
                Nullability::Never
            };
            all = all.or(own);
            if is_true || self.is_exhausted(condition, &passed, place) {
                return all;
            }
            passed.push(condition);
        }
        let otherwise = match &*case.otherwise {
            Expression::Literal(Literal::Null) => place.possible(CauseKind::CaseWithoutElse),
            otherwise => {
                let before = Assumed {
                    conditions: &passed,
                    outcome: NOT_TRUE,
                    outer: place.branch,
                };
                let branch = Some(&before);
                self.value(otherwise, Place { branch, ..place })
            }
        };
        all.or(otherwise)
    }

    /// Whether `condition` is true wherever an earlier one was not.
    fn is_exhausted(
        &self,
        condition: &Expression,
        passed: &[&Expression],
        place: Place<'_>,
    ) -> bool {
        let negated = |own: &Expression, other: &Expression| match own {
            Expression::Operation(operation) => {
                operation.operator == Operator::Not && operation.operands.first() == Some(other)
            }
            _ => false,
        };
        let is_opposite =
            |other: &Expression| negated(other, condition) || negated(condition, other);
        passed.iter().any(|other| is_opposite(other))
            && self.value(condition, place) == Nullability::Never
    }

    fn subquery(&self, subquery: &Subquery, place: Place<'_>) -> Nullability {
        let column = || self.known.get(subquery.relation, 0).clone();
        match &subquery.kind {
            SubqueryKind::Exists => Nullability::Never,
            SubqueryKind::Array => Nullability::Unknown,
            SubqueryKind::Scalar => {
                let no_row = if row::gives_a_row(self.scopes.query, subquery.relation) {
                    Nullability::Never
                } else {
                    place.possible(CauseKind::EmptySubquery(subquery.relation))
                };
                column().or(no_row)
            }
            // Of a row with several values, one may decide alone.
            SubqueryKind::In(values) => {
                let relation = self.scopes.query.relation(subquery.relation);
                let own = 0..relation.columns.len();
                let own = own.map(|at| self.known.get(subquery.relation, at).clone());
                self.any(values, place).or(Nullability::any(own))
            }
            SubqueryKind::Any(_, value) | SubqueryKind::All(_, value) => {
                self.value(value, place).or(column())
            }
        }
    }
}

impl Place<'_> {
    /// An operator of this relation makes a value `NULL`.
    pub(super) fn possible(&self, kind: CauseKind) -> Nullability {
        Nullability::Possible(Cause {
            relation: self.level.relation,
            kind,
        })
    }
}

/// A key of the grouping that not all of the sets have is `NULL` in the others.
fn key_is_missing(expression: &Expression, place: Place<'_>) -> Option<Nullability> {
    let Level { select, .. } = place.level;
    let grouping = (*select)?.grouping.as_ref()?;
    if place.stage == Stage::Rows || grouping.sets.len() < 2 {
        return None;
    }
    match grouping.keys.iter().position(|key| key == expression) {
        Some(at) => {
            let has = |set: &Vec<u32>| set.contains(&(at as u32));
            let is_there = grouping.sets.iter().all(has);
            (!is_there).then(|| place.possible(CauseKind::GroupingSets))
        }
        None => {
            let is_column = matches!(
                expression,
                Expression::Column { .. } | Expression::Output { .. }
            );
            is_column.then_some(Nullability::Unknown)
        }
    }
}

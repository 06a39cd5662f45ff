//! Whether aggregates and window functions give `NULL`.

use super::context::{Deriving, Place, Stage};
use super::{CauseKind, Nullability, row};
use sql::functions::{Nulls, function};
use sql::relation::{Aggregate, Expression, Window};

impl Deriving<'_, '_> {
    /// Whether an aggregate of a grouped query gives `NULL`.
    pub(super) fn aggregate(&self, aggregate: &Aggregate, place: Place<'_>) -> Nullability {
        let level = place.level;
        let inside = place.at(Stage::Rows);
        let no_rows = match level.groups() {
            _ if is_filtered(aggregate) => place.possible(CauseKind::AggregateOverNoRows),
            Some(true) => Nullability::Never,
            // There may be no row, but then HAVING may drop the only one.
            Some(false) if level.has_having() => Nullability::Unknown,
            Some(false) => match level.select {
                Some(select) if row::reads_a_row(self.scopes.query, select) => Nullability::Never,
                Some(select) if is_total(select) => place.possible(CauseKind::AggregateOverNoRows),
                _ => Nullability::Unknown,
            },
            None => Nullability::Unknown,
        };
        self.over_rows(aggregate, no_rows, inside)
    }

    /// Whether a window function gives `NULL`.
    pub(super) fn window(&self, window: &Window, place: Place<'_>) -> Nullability {
        let own = &window.function;
        let inside = place.at(Stage::Groups);
        let name = || CauseKind::Window(own.function.clone());
        match own.function.as_str() {
            "lag" | "lead" => match own.arguments.as_slice() {
                [value, _, otherwise] => self.any([value, otherwise], inside),
                values => {
                    let value = self.any(values.first(), inside);
                    value.or(place.possible(name()))
                }
            },
            "nth_value" => {
                let value = self.any(own.arguments.first(), inside);
                value.or(place.possible(name()))
            }
            "first_value" | "last_value" => {
                let value = self.any(own.arguments.first(), inside);
                value.or(frame(window, place))
            }
            _ => {
                let no_rows = if is_filtered(own) {
                    place.possible(CauseKind::AggregateOverNoRows)
                } else {
                    frame(window, place)
                };
                self.over_rows(own, no_rows, inside)
            }
        }
    }

    /// What a function gives over rows, with `no_rows` where there is none.
    fn over_rows(
        &self,
        aggregate: &Aggregate,
        no_rows: Nullability,
        inside: Place<'_>,
    ) -> Nullability {
        let Some(function) = function(&aggregate.function) else {
            return Nullability::Unknown;
        };
        let first = || self.any(aggregate.arguments.first(), inside);
        match aggregate.function.as_str() {
            "any_value" => return no_rows.or(first()),
            // With several arguments, they are something else in the dialects that have it.
            "min" | "max" | "sum" | "avg" if aggregate.arguments.len() != 1 => {
                return Nullability::Unknown;
            }
            // Whether there are lists of nothing differs, but not whether one of something is one.
            "array_agg" | "collect_set" => return or_unknown(no_rows),
            "string_agg" => return or_unknown(no_rows.or(self.any(&aggregate.arguments, inside))),
            "min_by" | "max_by" => {
                let all = no_rows.or(self.any(&aggregate.arguments, inside));
                return or_unknown(all);
            }
            _ => {}
        }
        match function.nulls {
            Nulls::Never => Nullability::Never,
            // Which of several arguments is the value is not told: all of them must have one.
            Nulls::IfNoValue => no_rows.or(self.any(&aggregate.arguments, inside)),
            Nulls::Maybe => {
                let kind = CauseKind::Function(aggregate.function.clone());
                no_rows.or(first()).or(inside.possible(kind))
            }
            Nulls::IfAnyNull | Nulls::Unknown => Nullability::Unknown,
        }
    }
}

/// Nothing but that it can't be.
fn or_unknown(found: Nullability) -> Nullability {
    match found {
        Nullability::Never => Nullability::Never,
        _ => Nullability::Unknown,
    }
}

fn is_filtered(aggregate: &Aggregate) -> bool {
    let always = Expression::Literal(sql::relation::Literal::Boolean(true));
    aggregate
        .filter
        .as_ref()
        .is_some_and(|filter| *filter != always)
}

fn is_total(select: &sql::relation::Select) -> bool {
    let sets = select.grouping.as_ref().map(|grouping| &grouping.sets);
    sets.is_some_and(|sets| sets.len() == 1)
}

/// Whether the frame may have no row: one with the current row always has it.
fn frame(window: &Window, place: Place<'_>) -> Nullability {
    let Some(frame) = window.frame.as_deref() else {
        return Nullability::Never;
    };
    if frame.contains("EXCLUDE") {
        return Nullability::Unknown;
    }
    let (start, end) = match frame.split_once(" AND ") {
        Some((start, end)) => (start, end),
        None => (frame, "CURRENT ROW"),
    };
    let begins_before = start.ends_with("PRECEDING") || start.ends_with("CURRENT ROW");
    let ends_after = end.ends_with("FOLLOWING") || end.ends_with("CURRENT ROW");
    let is_told = |bound: &str| {
        ["PRECEDING", "FOLLOWING", "CURRENT ROW"]
            .iter()
            .any(|word| bound.ends_with(word))
    };
    match (begins_before && ends_after, is_told(start) && is_told(end)) {
        (true, true) => Nullability::Never,
        (false, true) => place.possible(CauseKind::EmptyFrame),
        (_, false) => Nullability::Unknown,
    }
}

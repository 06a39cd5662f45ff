//! Windows and sort keys.

use super::{Names, expression, unsupported};
use crate::relation::{Aggregate, Expression, Literal, SortKey, Window};
use smol_str::SmolStr;
use sqlparser::ast::{
    OrderByExpr, OrderBySort, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowSpec,
    WindowType,
};

/// Windows that are based on others are followed so far.
const MOST_BASES: usize = 16;

/// What rows are sorted by.
pub(in crate::lower) fn sort_key(names: &mut dyn Names, key: &OrderByExpr) -> SortKey {
    let value = expression(names, &key.expr);
    let (value, descending) = match &key.options.sort {
        None | Some(OrderBySort::Asc) => (value, false),
        Some(OrderBySort::Desc) => (value, true),
        // `USING <` and `USING >` name an operator of the type.
        Some(OrderBySort::Using(operator)) => match operator.to_string().as_str() {
            "<" => (value, false),
            ">" => (value, true),
            _ => (unsupported(vec![value]), false),
        },
    };
    // `WITH FILL` adds rows.
    let value = if key.with_fill.is_some() {
        unsupported(vec![value])
    } else {
        value
    };
    SortKey {
        value,
        descending,
        nulls_first: key.options.nulls_first,
    }
}

/// Several of them.
pub(super) fn sort_keys(names: &mut dyn Names, keys: &[OrderByExpr]) -> Vec<SortKey> {
    keys.iter().map(|key| sort_key(names, key)).collect()
}

/// `function OVER …`
pub(super) fn over(
    names: &mut dyn Names,
    function: Aggregate,
    over: &WindowType,
    ignores_nulls: bool,
) -> Expression {
    let spec = match over {
        WindowType::WindowSpec(spec) => Some(spec.clone()),
        WindowType::NamedWindow(name) => names.named_window(name),
    };
    let spec = spec.and_then(|spec| complete(names, spec));
    let Some(spec) = spec else {
        return unsupported(parts(function, Vec::new(), Vec::new()));
    };
    let partition = super::all_of(names, &spec.partition_by);
    let order = sort_keys(names, &spec.order_by);
    let frame = spec.window_frame.as_ref().map(|spec| frame(names, spec));
    match frame {
        None => window(function, partition, order, None, ignores_nulls),
        Some(Some(frame)) => window(function, partition, order, Some(frame), ignores_nulls),
        Some(None) => unsupported(parts(function, partition, order)),
    }
}

fn window(
    function: Aggregate,
    partition: Vec<Expression>,
    order: Vec<SortKey>,
    frame: Option<SmolStr>,
    ignores_nulls: bool,
) -> Expression {
    Expression::Window(Box::new(Window {
        function,
        partition,
        order,
        frame,
        ignores_nulls,
    }))
}

fn parts(function: Aggregate, partition: Vec<Expression>, order: Vec<SortKey>) -> Vec<Expression> {
    let mut parts = function.arguments;
    parts.extend(function.filter);
    parts.extend(function.order.into_iter().map(|key| key.value));
    parts.extend(partition);
    parts.extend(order.into_iter().map(|key| key.value));
    parts
}

/// The window with all that it takes from those it is based on.
fn complete(names: &mut dyn Names, mut spec: WindowSpec) -> Option<WindowSpec> {
    for _ in 0..MOST_BASES {
        let Some(name) = spec.window_name.take() else {
            return Some(spec);
        };
        let base = names.named_window(&name)?;
        if spec.partition_by.is_empty() {
            spec.partition_by = base.partition_by;
        }
        if spec.order_by.is_empty() {
            spec.order_by = base.order_by;
        }
        spec.window_frame = spec.window_frame.or(base.window_frame);
        spec.window_name = base.window_name;
    }
    None
}

/// The frame in upper case, with both bounds; `None` where a bound is not a constant.
fn frame(names: &mut dyn Names, frame: &WindowFrame) -> Option<SmolStr> {
    let units = match frame.units {
        WindowFrameUnits::Rows => "ROWS",
        WindowFrameUnits::Range => "RANGE",
        WindowFrameUnits::Groups => "GROUPS",
    };
    let start = bound(names, &frame.start_bound)?;
    let end = match &frame.end_bound {
        Some(end) => bound(names, end)?,
        None => "CURRENT ROW".to_owned(),
    };
    Some(SmolStr::new(format!("{units} BETWEEN {start} AND {end}")))
}

fn bound(names: &mut dyn Names, bound: &WindowFrameBound) -> Option<String> {
    let (distance, direction) = match bound {
        WindowFrameBound::CurrentRow => return Some("CURRENT ROW".to_owned()),
        WindowFrameBound::Preceding(distance) => (distance, "PRECEDING"),
        WindowFrameBound::Following(distance) => (distance, "FOLLOWING"),
    };
    let Some(distance) = distance else {
        return Some(format!("UNBOUNDED {direction}"));
    };
    let distance = match expression(names, distance) {
        Expression::Literal(Literal::Number(distance) | Literal::Other(distance)) => distance,
        Expression::Literal(Literal::Text(distance)) => SmolStr::new(format!("'{distance}'")),
        _ => return None,
    };
    Some(format!("{distance} {direction}"))
}

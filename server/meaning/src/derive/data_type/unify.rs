//! The one type of several values: of branches, of rows, of the operands of an operator.

use super::Kind;
use sql::relation::DataType;

/// The type that all of `kinds` are turned into, where dialects agree on it.
pub(super) fn unify_all<'k>(kinds: impl IntoIterator<Item = &'k Kind>) -> Kind {
    let mut kinds = kinds.into_iter();
    let Some(first) = kinds.next() else {
        return Kind::Unknown;
    };
    kinds.fold(first.clone(), |all, kind| unify(&all, kind))
}

fn unify(left: &Kind, right: &Kind) -> Kind {
    match (left, right) {
        (Kind::Unknown, _) | (_, Kind::Unknown) => Kind::Unknown,
        (Kind::Null, other) | (other, Kind::Null) => other.clone(),
        (Kind::Whole, Kind::Whole) => Kind::Whole,
        (Kind::Whole, Kind::Of(data_type)) | (Kind::Of(data_type), Kind::Whole) => {
            beside_whole(data_type)
        }
        (Kind::Of(left), Kind::Of(right)) => common(left, right).map_or(Kind::Unknown, Kind::Of),
    }
}

/// What a constant whole number and a number of a type make.
fn beside_whole(data_type: &DataType) -> Kind {
    match data_type {
        DataType::Integer(32 | 64 | 128) | DataType::Float(_) => Kind::Of(data_type.clone()),
        DataType::Decimal(..) => Kind::Of(DataType::Decimal(None, None)),
        _ => Kind::Unknown,
    }
}

fn common(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType::{Decimal, Float, Integer, Text};
    Some(match (left, right) {
        _ if left == right => left.clone(),
        (Integer(left), Integer(right)) => Integer(*left.max(right)),
        (Decimal(..), Decimal(..) | Integer(_)) | (Integer(_), Decimal(..)) => Decimal(None, None),
        (Float(64), Float(_) | Integer(_) | Decimal(..))
        | (Float(_) | Integer(_) | Decimal(..), Float(64)) => Float(64),
        (Text(_), Text(_)) => Text(None),
        _ => return None,
    })
}

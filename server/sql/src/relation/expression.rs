//! Expressions over the columns of a query's inputs.

use super::{DataType, InputId, RelationId};
use smol_str::SmolStr;
use syntax::Name;

/// An expression. Parentheses, aliases and the spelling of names are gone; everything that only
/// spells another form is written in that form: `BETWEEN` as two comparisons, a simple `CASE` as a
/// searched one, `IIF` as `CASE`, `NVL` as `coalesce`, `a NOT IN (…)` as `NOT a IN (…)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expression {
    /// A column of a table or of a table function.
    Column {
        /// Which input.
        input: InputId,
        /// Which column.
        name: Name,
    },
    /// A column of a CTE or subquery.
    Output {
        /// Which input.
        input: InputId,
        /// Which of its columns.
        position: u32,
    },
    /// A constant.
    Literal(Literal),
    /// An operator and its operands.
    Operation(Operation),
    /// A function of one row, and everything that is written as one.
    Call(Call),
    /// `CASE WHEN … END`
    Case(Case),
    /// `CAST`, `::`, `TRY_CAST`, `CONVERT`, `DATE '…'`
    Cast(Cast),
    /// A function over the rows of a group.
    Aggregate(Box<Aggregate>),
    /// A function over a window of rows.
    Window(Box<Window>),
    /// A query in an expression.
    Subquery(Box<Subquery>),
    /// Something whose value is not known.
    Unknown(Unknown),
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// `NULL`
    Null,
    /// `TRUE`, `FALSE`
    Boolean(bool),
    /// A number, as it is written, without a sign.
    Number(SmolStr),
    /// A text, without quotes and with escapes resolved.
    Text(SmolStr),
    /// A constant of another kind, as it is written: `INTERVAL '1' DAY`, `X'ff'`.
    Other(SmolStr),
}

/// An operator and its operands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// Which one.
    pub operator: Operator,
    /// As many as the operator has.
    pub operands: Vec<Expression>,
}

/// An operator. Two operands where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// Two or more.
    And,
    /// Two or more.
    Or,
    /// One.
    Not,
    /// `=`
    Equal,
    /// `<>`, `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `IS NOT DISTINCT FROM`, `<=>`, `EQUAL_NULL`
    Same,
    /// `IS NULL`; one.
    IsNull,
    /// `IS TRUE`; one. `IS FALSE` is written `NOT x IS TRUE`.
    IsTrue,
    /// `IS FALSE`; one.
    IsFalse,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`, `MOD`
    Modulo,
    /// `-x`; one.
    Negate,
    /// `||`, `CONCAT` where it is the same.
    Concatenate,
    /// `x IN (…)`: the first operand, then the list.
    In,
    /// `LIKE`: the text and the pattern.
    Like,
    /// `ILIKE`: the text and the pattern.
    LikeIgnoringCase,
}

/// The function of a condition by which only a part of a table is read: a version, a partition. Its
/// arguments tell which part of which table; which rows that are is not known.
pub const READS_PART: &str = "reads";

/// A function of one row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call {
    /// Its name in lower case, the one of [`crate::functions`] where it has several; operators and
    /// forms without a name of their own are called by what they do: `extract_year`, `at_time_zone`,
    /// `field` (a field of a struct or path into JSON: the value, then the name as a text), `element`
    /// (of an array or map).
    pub function: SmolStr,
    /// Its arguments.
    pub arguments: Vec<Expression>,
}

/// `CASE`: the value of the first branch whose condition is true.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case {
    /// Conditions and values. Not empty.
    pub branches: Vec<(Expression, Expression)>,
    /// The value of `ELSE`; `NULL` where there is none.
    pub otherwise: Box<Expression>,
}

/// A change of type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cast {
    /// What is changed.
    pub value: Box<Expression>,
    /// The new type.
    pub to: DataType,
    /// A value that does not fit becomes `NULL`: `TRY_CAST`, `SAFE_CAST`.
    pub or_null: bool,
}

/// A function over the rows of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aggregate {
    /// Its name, as in [`Call::function`]. `COUNT(*)` is `count` without arguments.
    pub function: SmolStr,
    /// Its arguments.
    pub arguments: Vec<Expression>,
    /// Equal values count once.
    pub distinct: bool,
    /// Only rows for which this is true count: `FILTER (WHERE …)`.
    pub filter: Option<Expression>,
    /// The order in which rows are taken: `ORDER BY` inside, `WITHIN GROUP`.
    pub order: Vec<SortKey>,
}

/// A function over a window of rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// The function: an aggregate, or `row_number`, `lag` and their like.
    pub function: Aggregate,
    /// `PARTITION BY`
    pub partition: Vec<Expression>,
    /// `ORDER BY`
    pub order: Vec<SortKey>,
    /// The frame as it is written, in upper case; `None` for the default.
    pub frame: Option<SmolStr>,
    /// `IGNORE NULLS`
    pub ignores_nulls: bool,
}

/// What rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey {
    /// The value.
    pub value: Expression,
    /// `DESC`
    pub descending: bool,
    /// Whether `NULL` comes first, where it is said.
    pub nulls_first: Option<bool>,
}

/// A query in an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subquery {
    /// What is asked of it.
    pub kind: SubqueryKind,
    /// The query. It may mention inputs of the queries around it.
    pub relation: RelationId,
}

/// What is asked of a query in an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubqueryKind {
    /// Its only value.
    Scalar,
    /// Whether it has a row.
    Exists,
    /// Whether one of its rows equals these.
    In(Vec<Expression>),
    /// Whether the comparison holds for one of its rows.
    Any(Operator, Box<Expression>),
    /// Whether the comparison holds for all of its rows.
    All(Operator, Box<Expression>),
    /// All of its values as an array.
    Array,
}

/// Something whose value is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown {
    /// Why.
    pub reason: UnknownReason,
    /// What it is computed from, as far as that is known.
    pub over: Vec<Expression>,
    /// The name that no input has, in lower case, where it is written as one.
    pub name: Option<SmolStr>,
}

/// Why a value is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnknownReason {
    /// A template expression whose text is not known.
    Template,
    /// A name that several inputs may have; `over` has the column of each.
    Ambiguous,
    /// A name that no input has.
    NoSuchColumn,
    /// A form that is not modelled.
    Unsupported,
}

impl Expression {
    /// `NULL`
    pub const NULL: Expression = Expression::Literal(Literal::Null);

    /// `operator` over `operands`.
    pub fn operation(
        operator: Operator,
        operands: impl IntoIterator<Item = Expression>,
    ) -> Expression {
        Expression::Operation(Operation {
            operator,
            operands: operands.into_iter().collect(),
        })
    }

    /// `function(arguments)`
    pub fn call(
        function: impl Into<SmolStr>,
        arguments: impl IntoIterator<Item = Expression>,
    ) -> Expression {
        Expression::Call(Call {
            function: function.into(),
            arguments: arguments.into_iter().collect(),
        })
    }

    /// A number, as it is written.
    pub fn number(written: impl Into<SmolStr>) -> Expression {
        Expression::Literal(Literal::Number(written.into()))
    }

    /// A text.
    pub fn text(text: impl Into<SmolStr>) -> Expression {
        Expression::Literal(Literal::Text(text.into()))
    }
}

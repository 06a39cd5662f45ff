//! What a query is written as: its clauses, columns and steps, each a text.

/// A query as SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What is read and has no name of its own, each after what it reads in turn.
    pub steps: Vec<Step>,
    /// Which rows there are.
    pub rows: WrittenRows,
    /// The columns that have a name, in their order.
    pub columns: Vec<WrittenColumn>,
    /// Every clause could be written.
    pub is_whole: bool,
}

/// A relation under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Which rows it has.
    pub rows: WrittenRows,
    /// Its columns and their values, in their order; of a set operation, without values.
    pub columns: Vec<(String, String)>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenColumn {
    /// Its name.
    pub name: String,
    /// Its value; `None` where it is not known.
    pub value: Option<String>,
    /// Its type, where a cast gives it one.
    pub data_type: Option<String>,
}

/// What decides rows, a conjunct, key or input each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenRows {
    /// The first input.
    pub from: Option<String>,
    /// `JOIN … ON …`
    pub joins: Vec<String>,
    /// Conjuncts of `WHERE`.
    pub filter: Vec<String>,
    /// Keys.
    pub group: Vec<String>,
    /// Conjuncts of `HAVING`.
    pub having: Vec<String>,
    /// Conjuncts of `QUALIFY`.
    pub qualify: Vec<String>,
    /// `DISTINCT` or `DISTINCT ON (…)`.
    pub distinct: Option<String>,
    /// `ORDER BY`, where it decides rows.
    pub order: Vec<String>,
    /// `LIMIT`
    pub limit: Option<String>,
    /// `OFFSET`
    pub offset: Option<String>,
    /// `UNION ALL` and its like, of `branches`.
    pub set: Option<String>,
    /// The steps whose rows are put together, or taken from the first.
    pub branches: Vec<String>,
    /// Rows of constants.
    pub values: Vec<String>,
    /// The steps that mention the relation itself are run until they give no more rows.
    pub recursive: bool,
}

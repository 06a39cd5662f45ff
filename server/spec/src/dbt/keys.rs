//! The keys of dbt's properties files, as one table: what may stand where, and what it says. Completion and
//! hover show its texts. dbt knows more keys than these, and adapters and packages bring their own, so a key
//! that is not here is no mistake.
//!
//! From dbt's documentation ("Resource properties" and "Resource configs" at docs.getdbt.com), in words of ours.

/// A key that a mapping of a properties file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it may stand.
    pub sections: &'static [Section],
    /// The key.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What it says, to somebody who writes the file. One or two sentences.
    pub documentation: &'static str,
}

/// A mapping of a properties file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// The top of the file.
    File,
    /// An item of `models`.
    Model,
    /// An item of `sources`.
    Source,
    /// An item of `tables` of a source.
    SourceTable,
    /// An item of `seeds`.
    Seed,
    /// An item of `snapshots`.
    Snapshot,
    /// An item of `columns`.
    Column,
    /// An item of `versions` of a model.
    Version,
    /// An item of `macros`.
    Macro,
    /// An item of `arguments` of a macro.
    Argument,
    /// An item of `exposures`.
    Exposure,
    /// An item of `groups`.
    Group,
    /// An item of `unit_tests`.
    UnitTest,
    /// An item of `semantic_models`.
    SemanticModel,
    /// `defaults` of a semantic model.
    SemanticDefaults,
    /// An item of `entities` of a semantic model.
    Entity,
    /// An item of `dimensions` of a semantic model.
    Dimension,
    /// `type_params` of a dimension.
    DimensionParams,
    /// An item of `measures` of a semantic model.
    Measure,
    /// An item of `metrics`.
    Metric,
    /// Rows that a unit test gives to a table.
    Given,
    /// Rows that a unit test expects.
    Expect,
    /// What a unit test pretends.
    Overrides,
    /// An item of `data_tests`: a test, by its name.
    DataTest,
    /// What stands below the name of a test.
    TestSettings,
    /// What stands below `accepted_values`.
    AcceptedValues,
    /// What stands below `relationships`.
    Relationships,
    /// The arguments of a test that somebody wrote.
    TestArguments,
    /// The arguments of `accepted_values`.
    AcceptedValuesArguments,
    /// The arguments of `relationships`.
    RelationshipsArguments,
    /// An item of `constraints` of a column.
    ColumnConstraint,
    /// An item of `constraints` of a model.
    Constraint,
    /// `config` of a model.
    ModelConfig,
    /// `config` of a seed.
    SeedConfig,
    /// `config` of a snapshot.
    SnapshotConfig,
    /// `config` of a source or of a table of it.
    SourceConfig,
    /// `config` of a column.
    ColumnConfig,
    /// `config` of a test.
    TestConfig,
    /// `config` of a macro.
    MacroConfig,
    /// `config` of an exposure, a group or a unit test.
    OtherConfig,
    /// `contract`
    Contract,
    /// `docs`
    Docs,
    /// `persist_docs`
    PersistDocs,
    /// `partition_by` of BigQuery.
    PartitionBy,
    /// `freshness`
    Freshness,
    /// `warn_after` and `error_after`
    Age,
    /// `quoting`
    Quoting,
    /// `owner`
    Owner,
    /// `time_spine`
    TimeSpine,
    /// `snapshot_meta_column_names`
    SnapshotColumns,
    /// `meta`, which is the author's own but for one key.
    Meta,
    /// `rationale` below `meta`: the keys of [`crate::keys`] that are read there.
    Rationale,
}

/// What the value of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text of some words.
    Prose,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A day, as `YYYY-MM-DD`.
    Date,
    /// One of these; where somebody may have made more, others too.
    OneOf(&'static [&'static str]),
    /// A name that the workspace may know.
    Name,
    /// A list of texts or numbers.
    Texts,
    /// The name of a column of the table, or a list of them.
    Columns,
    /// The name of a column of the table that stands beside it under `to`.
    ColumnOfTo,
    /// The name of a model.
    Model,
    /// A `ref` or a `source`.
    Ref,
    /// A list of them.
    Refs,
    /// Nothing: the key is a whole item of a list by itself.
    Word,
    /// A mapping.
    Mapping(Section),
    /// A list of mappings.
    List(Section),
    /// A mapping or a list whose keys are the author's own.
    Own,
}

use Kind::{
    Boolean, ColumnOfTo, Columns, Date, List, Mapping, Model as ModelName, Name, Number, OneOf,
    Own, Prose, Ref, Refs, Text, Texts, Word,
};
use Section::*;

const NAMED: &[Section] = &[
    Model,
    Source,
    SourceTable,
    Seed,
    Snapshot,
    Column,
    Macro,
    Argument,
    Exposure,
    Group,
    UnitTest,
    SemanticModel,
    Entity,
    Dimension,
    Measure,
    Metric,
    TestSettings,
    AcceptedValues,
    Relationships,
];
const DESCRIBED: &[Section] = &[
    Model,
    Source,
    SourceTable,
    Seed,
    Snapshot,
    Column,
    Version,
    Macro,
    Argument,
    Exposure,
    Group,
    UnitTest,
    SemanticModel,
    Entity,
    Dimension,
    Measure,
    Metric,
    TestSettings,
    AcceptedValues,
    Relationships,
];
const TABLES: &[Section] = &[Model, SourceTable, Seed, Snapshot];
const TESTED: &[Section] = &[Model, SourceTable, Seed, Snapshot, Column, Version];
const CONFIGURED: &[Section] = &[ModelConfig, SeedConfig, SnapshotConfig];
const IN_ANY_CONFIG: &[Section] = &[
    ModelConfig,
    SeedConfig,
    SnapshotConfig,
    SourceConfig,
    ColumnConfig,
    TestConfig,
    MacroConfig,
    OtherConfig,
];
const ENABLED: &[Section] = &[
    ModelConfig,
    SeedConfig,
    SnapshotConfig,
    SourceConfig,
    TestConfig,
    OtherConfig,
];
const TAGGED: &[Section] = &[
    ModelConfig,
    SeedConfig,
    SnapshotConfig,
    SourceConfig,
    ColumnConfig,
    TestConfig,
    OtherConfig,
];
const TESTS: &[Section] = &[TestSettings, AcceptedValues, Relationships];
const VALUES: &[Section] = &[AcceptedValuesArguments, AcceptedValues];
const RELATED: &[Section] = &[RelationshipsArguments, Relationships];
const CONSTRAINTS: &[Section] = &[ColumnConstraint, Constraint];

/// Kinds of constraints.
pub const CONSTRAINT_TYPES: &[&str] = &[
    "not_null",
    "unique",
    "primary_key",
    "foreign_key",
    "check",
    "custom",
];

/// How dbt itself can build a model.
pub const MATERIALIZATIONS: &[&str] = &[
    "view",
    "table",
    "incremental",
    "ephemeral",
    "materialized_view",
];

/// Every key, in the order in which people write them.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key(&[File], "models", List(Model), "What there is to say of models: descriptions, columns, tests, settings."),
    key(&[File], "sources", List(Source), "Tables that others load, by the name under which `source` finds them."),
    key(&[File], "seeds", List(Seed), "What there is to say of CSV files that dbt loads."),
    key(&[File], "snapshots", List(Snapshot), "Tables that keep what the rows of another one were over time."),
    key(&[File], "macros", List(Macro), "What macros do, and which arguments they take."),
    key(&[File], "exposures", List(Exposure), "What is made of the data outside of dbt, such as dashboards."),
    key(&[File], "unit_tests", List(UnitTest), "Tests of a model's SQL on rows that are made up."),
    key(&[File], "data_tests", Own, "Settings and descriptions of tests that are SQL files of their own."),
    key(&[File], "groups", List(Group), "Groups of models that have one owner, and may keep models to themselves."),
    key(&[File], "analyses", Own, "What there is to say of SQL files that are only compiled."),
    key(&[File], "semantic_models", List(SemanticModel), "Entities, dimensions and measures over a model, for metrics."),
    key(&[File], "metrics", List(Metric), "Metrics over semantic models."),
    key(&[File], "saved_queries", Own, "Queries over metrics that are kept under a name."),
    key(&[File], "version", OneOf(&["2"]), "The version of the format, which is 2. dbt needs it no more."),

    key(NAMED, "name", Name, "What it is called."),
    key(&[Exposure, SemanticModel, Entity, Dimension, Measure, Metric], "label", Text, "What people call it; blanks and signs are allowed here."),
    key(&[Exposure], "type", OneOf(&["dashboard", "notebook", "analysis", "ml", "application"]), "What kind of thing it is."),
    key(&[Version], "v", Text, "Which version it is: a number or a text, as `ref('model', v=1)` has it."),
    key(&[Version], "defined_in", Text, "The file that has its SQL, without `.sql`; else `MODEL_vV`."),
    key(DESCRIBED, "description", Prose, "What it is, in Markdown or as `{{ doc('NAME') }}`."),
    key(&[SourceTable], "identifier", Text, "The name of the table in the database, where it is another one."),
    key(&[Source], "database", Text, "The database that the tables are in, where it is not the target's."),
    key(&[Source], "schema", Text, "The schema that the tables are in; without it, the source's name."),
    key(&[Source, SourceTable], "loader", Text, "What loads it. Only for people to read."),
    key(&[Snapshot], "relation", Ref, "The table whose rows are kept: `ref('…')` or `source('…', '…')`."),
    key(&[Column], "data_type", Text, "Its SQL type. An enforced contract needs it for every column."),
    key(&[Column], "quote", Boolean, "Whether its name must stand in quotes in SQL."),
    key(&[Column, Model, Version], "constraints", Own, "What the database is told to hold it to, where the contract is enforced."),
    key(&[Column], "granularity", OneOf(&["second", "minute", "hour", "day", "week", "month", "quarter", "year"]), "How fine its times are, in a table that is a time spine."),
    key(&[Column], "policy_tags", Texts, "BigQuery's policy tags, which say who may read it."),
    key(&[Model], "latest_version", Text, "The version that a `ref` without one means."),
    key(&[Model, Version], "deprecation_date", Date, "The day from which on it should no longer be read."),
    key(&[Model], "time_spine", Mapping(TimeSpine), "That metrics take their days from this model, and from which column."),
    key(&[TimeSpine], "standard_granularity_column", Columns, "The column with one row for each step in time."),
    key(&[TimeSpine], "custom_granularities", Own, "Columns with calendars of your own, such as fiscal years."),
    key(&[Model, Source, Seed, Snapshot, SourceTable, Version, Column, Macro, Exposure, Group, UnitTest, SemanticModel, Metric, TestSettings, AcceptedValues, Relationships], "config", Own, "Settings, which a `config(…)` in the SQL and `dbt_project.yml` may give as well."),
    key(&[Source, SourceTable], "quoting", Mapping(Quoting), "Which parts of its name stand in quotes in SQL."),
    key(&[Source, SourceTable], "freshness", Mapping(Freshness), "How old its newest row may get. Since dbt 1.10 it stands below `config`."),
    key(&[Source, SourceTable], "loaded_at_field", Columns, "The column that tells when a row was loaded. Since dbt 1.10 it stands below `config`."),
    key(&[SourceTable], "external", Own, "Where its files are, for the package `dbt_external_tables`."),
    key(TESTED, "data_tests", List(DataTest), "Claims about its rows, which `dbt test` looks for exceptions to."),
    key(TESTED, "tests", List(DataTest), "The older name of `data_tests`."),
    key(&[Model, SourceTable, Seed, Snapshot, Version], "columns", List(Column), "Its columns."),
    key(&[Source], "tables", List(SourceTable), "The tables of the source."),
    key(&[Model], "versions", List(Version), "Versions of the model that exist beside each other."),
    key(&[Macro], "arguments", List(Argument), "The arguments that it takes."),
    key(&[Argument], "type", OneOf(&["string", "boolean", "integer", "float", "any", "relation", "column"]), "The type of the argument; also `list[string]` and the like."),
    key(&[Exposure], "maturity", OneOf(&["high", "medium", "low"]), "How far it may be relied on."),
    key(&[Exposure], "url", Text, "Where it is to be seen."),
    key(&[Exposure, Group], "owner", Mapping(Owner), "Who answers for it."),
    key(&[Owner], "name", Text, "The person or team."),
    key(&[Owner], "email", Text, "How to reach them."),
    key(&[Exposure], "depends_on", Refs, "The models and sources that it reads, each as `ref('…')` or `source('…', '…')`."),

    key(&[SemanticModel], "model", Ref, "The model that it is over, as `ref('…')`."),
    key(&[SemanticModel], "defaults", Mapping(SemanticDefaults), "What holds for its measures where they say nothing."),
    key(&[SemanticDefaults], "agg_time_dimension", Text, "The dimension of time that measures are told by."),
    key(&[SemanticModel], "primary_entity", Text, "The entity that a row is, where no column identifies it."),
    key(&[SemanticModel], "entities", List(Entity), "The columns by which it is joined."),
    key(&[SemanticModel], "dimensions", List(Dimension), "The columns by which measures are grouped and filtered."),
    key(&[SemanticModel], "measures", List(Measure), "What is aggregated over its rows."),
    key(&[Entity], "type", OneOf(&["primary", "unique", "foreign", "natural"]), "Whether it identifies rows of this model or of another one."),
    key(&[Dimension], "type", OneOf(&["categorical", "time"]), "Whether it is a category or a time."),
    key(&[Dimension], "type_params", Mapping(DimensionParams), "How fine a time is."),
    key(&[DimensionParams], "time_granularity", OneOf(&["second", "minute", "hour", "day", "week", "month", "quarter", "year"]), "How fine it is."),
    key(&[Dimension], "is_partition", Boolean, "Whether the table is partitioned by it."),
    key(&[Measure], "agg", OneOf(&["sum", "min", "max", "average", "median", "percentile", "count_distinct", "sum_boolean"]), "How it is aggregated."),
    key(&[Entity, Dimension, Measure], "expr", Columns, "The column, or an expression over columns; without it, the column of the same name."),
    key(&[Measure], "agg_time_dimension", Text, "The dimension of time that it is told by."),
    key(&[Measure], "create_metric", Boolean, "Whether it is a metric by itself."),
    key(&[Metric], "type", OneOf(&["simple", "ratio", "cumulative", "derived", "conversion"]), "How it is made of measures or of other metrics."),
    key(&[Metric], "type_params", Own, "What it is made of: a `measure`, or what its type needs."),
    key(&[Metric], "filter", Text, "A condition: only rows that meet it are told."),

    key(&[UnitTest], "model", ModelName, "The model whose SQL is tested."),
    key(&[UnitTest], "given", List(Given), "The rows of what the model reads."),
    key(&[UnitTest], "expect", Mapping(Expect), "The rows that the model must give for them."),
    key(&[UnitTest], "overrides", Mapping(Overrides), "What macros, variables and the environment are to give."),
    key(&[Given], "input", Ref, "What the rows are of: `ref('…')`, `source('…', '…')`, or `this` for the model itself."),
    key(&[Given, Expect], "rows", Own, "The rows, each a mapping from columns to values, or a text where `format` says so."),
    key(&[Given, Expect], "format", OneOf(&["dict", "csv", "sql"]), "How the rows are written; without it, `dict`."),
    key(&[Given, Expect], "fixture", Text, "The file below `tests/fixtures` that has the rows."),
    key(&[Overrides], "macros", Own, "What macros are to give, by name, such as `is_incremental: true`."),
    key(&[Overrides], "vars", Own, "The values of variables, by name."),
    key(&[Overrides], "env_vars", Own, "The values of variables of the environment, by name."),

    key(&[DataTest], "unique", Word, "No value of the column occurs twice."),
    key(&[DataTest], "not_null", Word, "The column is never NULL."),
    key(&[DataTest], "accepted_values", Mapping(AcceptedValues), "The column holds only values of a list."),
    key(&[DataTest], "relationships", Mapping(Relationships), "Every value of the column is one of a column of another table."),
    key(&[AcceptedValues], "arguments", Mapping(AcceptedValuesArguments), "What the test is given. Before dbt 1.10.5 its keys stand beside `config`."),
    key(&[Relationships], "arguments", Mapping(RelationshipsArguments), "What the test is given. Before dbt 1.10.5 its keys stand beside `config`."),
    key(&[TestSettings], "arguments", Mapping(TestArguments), "What the test is given. Before dbt 1.10.5 its keys stand beside `config`."),
    key(VALUES, "values", Texts, "The values that there may be."),
    key(VALUES, "quote", Boolean, "Whether the values stand in quotes in SQL, which is so unless `false`."),
    key(RELATED, "to", Ref, "The other table: `ref('…')` or `source('…', '…')`."),
    key(RELATED, "field", ColumnOfTo, "The column of the other table."),
    key(&[TestArguments, TestSettings], "column_name", Columns, "The column that is tested, where the test stands at the table."),
    key(&[TestArguments, TestSettings], "combination_of_columns", Columns, "The columns that no two rows have the same values of."),
    key(&[TestArguments, TestSettings], "expression", Text, "A condition in SQL that every row meets."),
    key(TESTS, "where", Text, "A condition in SQL: only rows that meet it are tested. Better below `config`."),

    key(CONSTRAINTS, "type", OneOf(CONSTRAINT_TYPES), "What kind of constraint it is."),
    key(&[Constraint], "columns", Columns, "The columns that it is over."),
    key(CONSTRAINTS, "name", Text, "The name that the database gives it."),
    key(CONSTRAINTS, "expression", Text, "A condition in SQL, for `check`, or what else its kind needs."),
    key(CONSTRAINTS, "to", Ref, "The table that a foreign key leads to: `ref('…')` or `source('…', '…')`."),
    key(CONSTRAINTS, "to_columns", Texts, "The columns of that table."),
    key(CONSTRAINTS, "warn_unenforced", Boolean, "Whether dbt warns where the database takes it and does not hold to it."),
    key(CONSTRAINTS, "warn_unsupported", Boolean, "Whether dbt warns where the database does not know it."),

    key(&[ModelConfig], "materialized", OneOf(MATERIALIZATIONS), "How the model is built in the database."),
    key(&[ModelConfig], "incremental_strategy", OneOf(&["append", "merge", "delete+insert", "insert_overwrite", "microbatch"]), "How an incremental run brings new rows in. Which there are depends on the adapter."),
    key(&[ModelConfig, SnapshotConfig], "unique_key", Columns, "The columns by which a row is known: a later one with the same replaces it."),
    key(&[ModelConfig], "on_schema_change", OneOf(&["ignore", "fail", "append_new_columns", "sync_all_columns"]), "What an incremental run does where the columns have changed."),
    key(&[ModelConfig], "merge_update_columns", Columns, "The only columns that a merge changes of rows that are there."),
    key(&[ModelConfig], "merge_exclude_columns", Columns, "The columns that a merge leaves as they are."),
    key(&[ModelConfig], "incremental_predicates", Texts, "Conditions in SQL by which less of the built table is looked through."),
    key(&[ModelConfig], "batch_size", OneOf(&["hour", "day", "month", "year"]), "How long a batch of a microbatch model is."),
    key(&[ModelConfig], "begin", Text, "The time from which on a microbatch model has rows."),
    key(&[ModelConfig], "lookback", Number, "How many batches before the latest are built again, for rows that come late."),
    key(&[ModelConfig], "concurrent_batches", Boolean, "Whether batches may be built at the same time."),
    key(&[ModelConfig, SeedConfig, SnapshotConfig, SourceConfig], "event_time", Columns, "The column that tells when what a row is about has happened."),
    key(&[ModelConfig, SeedConfig], "full_refresh", Boolean, "Whether it is always, or never, built from nothing, whatever the command says."),
    key(&[ModelConfig], "partition_by", Columns, "What the table is partitioned by: on BigQuery a mapping, elsewhere columns."),
    key(&[PartitionBy], "field", Columns, "The column."),
    key(&[PartitionBy], "data_type", OneOf(&["date", "timestamp", "datetime", "int64"]), "Its type."),
    key(&[PartitionBy], "granularity", OneOf(&["hour", "day", "month", "year"]), "How much time a partition holds."),
    key(&[PartitionBy], "range", Own, "Where a partition by integers starts and ends, and how much one holds."),
    key(&[ModelConfig], "cluster_by", Columns, "The columns by which rows lie beside each other."),
    key(&[ModelConfig], "on_configuration_change", OneOf(&["apply", "continue", "fail"]), "What a run does where the settings of a materialized view have changed."),
    key(&[ModelConfig], "contract", Mapping(Contract), "Whether the columns and types below are a promise that dbt holds the SQL to."),
    key(&[Contract], "enforced", Boolean, "Whether a build fails where the SQL gives other columns or types."),
    key(&[Contract], "alias_types", Boolean, "Whether types are told in dbt's names, such as `string`, and translated."),
    key(&[ModelConfig], "access", OneOf(&["private", "protected", "public"]), "Who may read it: its group, its project, or every project."),
    key(&[ModelConfig, SeedConfig, SnapshotConfig, TestConfig], "group", Text, "The group that it belongs to."),
    key(&[ModelConfig], "sql_header", Text, "SQL that is run right before the model is built."),
    key(&[SnapshotConfig], "strategy", OneOf(&["timestamp", "check"]), "How a changed row is found: by the time of its change, or by its values."),
    key(&[SnapshotConfig], "updated_at", Columns, "The column with the time of a row's last change, for the strategy `timestamp`."),
    key(&[SnapshotConfig], "check_cols", Columns, "The columns whose values are compared, or `all`, for the strategy `check`."),
    key(&[SnapshotConfig], "hard_deletes", OneOf(&["ignore", "invalidate", "new_record"]), "What becomes of rows that are gone: nothing, their end, or a row that says so."),
    key(&[SnapshotConfig], "dbt_valid_to_current", Text, "What `dbt_valid_to` is in current rows; without it, NULL."),
    key(&[SnapshotConfig], "snapshot_meta_column_names", Mapping(SnapshotColumns), "Other names for the columns that dbt adds."),
    key(&[SnapshotColumns], "dbt_valid_from", Text, "The name of the column with the time from which on a row held."),
    key(&[SnapshotColumns], "dbt_valid_to", Text, "The name of the column with the time until which a row held."),
    key(&[SnapshotColumns], "dbt_scd_id", Text, "The name of the column that identifies a row of the snapshot."),
    key(&[SnapshotColumns], "dbt_updated_at", Text, "The name of the column with the time of the change that a row was made for."),
    key(&[SnapshotColumns], "dbt_is_deleted", Text, "The name of the column that says whether a row is gone."),
    key(&[SeedConfig], "column_types", Own, "SQL types of columns, by their names."),
    key(&[SeedConfig], "quote_columns", Boolean, "Whether the names of the header stand in quotes in SQL."),
    key(&[SeedConfig], "delimiter", Text, "What stands between two cells; without it, a comma."),
    key(&[SourceConfig], "freshness", Mapping(Freshness), "How old its newest row may get."),
    key(&[SourceConfig], "loaded_at_field", Columns, "The column that tells when a row was loaded."),
    key(&[SourceConfig], "loaded_at_query", Text, "SQL that tells when the newest row was loaded."),
    key(&[Freshness], "warn_after", Mapping(Age), "From which age on there is a warning."),
    key(&[Freshness], "error_after", Mapping(Age), "From which age on there is an error."),
    key(&[Freshness], "filter", Text, "A condition in SQL: only rows that meet it are looked at."),
    key(&[Age], "count", Number, "How many of them."),
    key(&[Age], "period", OneOf(&["minute", "hour", "day"]), "What is counted."),

    key(&[TestConfig], "severity", OneOf(&["error", "warn"]), "Whether rows that fail are an error or a warning."),
    key(&[TestConfig], "where", Text, "A condition in SQL: only rows that meet it are tested."),
    key(&[TestConfig], "warn_if", Text, "From how many failures on there is a warning, such as `> 10`."),
    key(&[TestConfig], "error_if", Text, "From how many failures on there is an error, such as `> 100`."),
    key(&[TestConfig], "fail_calc", Text, "An expression in SQL that gives the number of failures; without it, `count(*)`."),
    key(&[TestConfig], "limit", Number, "How many failures are returned at most."),
    key(&[TestConfig], "store_failures", Boolean, "Whether the rows that fail are kept in a table."),
    key(&[TestConfig], "store_failures_as", OneOf(&["ephemeral", "table", "view"]), "As what the rows that fail are kept."),

    key(ENABLED, "enabled", Boolean, "Whether dbt takes it into account at all."),
    key(TAGGED, "tags", Texts, "Tags by which commands select it."),
    key(&[ModelConfig, SeedConfig, SnapshotConfig, TestConfig], "alias", Text, "Its name in the database, where it is another one."),
    key(&[ModelConfig, SeedConfig, SnapshotConfig, TestConfig], "schema", Text, "The schema that it is built in, by default behind the target's own and `_`."),
    key(&[ModelConfig, SeedConfig, SnapshotConfig, TestConfig], "database", Text, "The database that it is built in."),
    key(CONFIGURED, "persist_docs", Mapping(PersistDocs), "Whether descriptions go into the database as comments."),
    key(&[PersistDocs], "relation", Boolean, "Whether that of the table does."),
    key(&[PersistDocs], "columns", Boolean, "Whether those of its columns do."),
    key(CONFIGURED, "grants", Own, "Who gets which privilege, such as `select: [reporter]`."),
    key(CONFIGURED, "pre_hook", Texts, "SQL that is run before it is built."),
    key(CONFIGURED, "post_hook", Texts, "SQL that is run after it is built."),
    key(&[ModelConfig, SeedConfig, SnapshotConfig, MacroConfig], "docs", Mapping(Docs), "How it shows in dbt's documentation."),
    key(&[Docs], "show", Boolean, "Whether it shows there."),
    key(&[Docs], "node_color", Text, "Its colour in the graph, such as `#cd7f32`."),
    key(IN_ANY_CONFIG, "meta", Mapping(Meta), "Whatever else there is to say, under keys of your own."),
    key(&[Model, SourceTable, Seed, Snapshot, Column, Source, Macro, Exposure], "meta", Mapping(Meta), "Whatever else there is to say, under keys of your own. Since dbt 1.10 it stands below `config`."),
    key(&[Model, SourceTable, Seed, Snapshot, Column, Source, Exposure], "tags", Texts, "Tags by which commands select it. Since dbt 1.10 they stand below `config`."),
    key(&[Meta], "rationale", Mapping(Rationale), "Why it is there, and the unit of its numbers, for Rationale to read."),

    key(&[Quoting], "database", Boolean, "Whether the name of the database stands in quotes."),
    key(&[Quoting], "schema", Boolean, "Whether the name of the schema stands in quotes."),
    key(&[Quoting], "identifier", Boolean, "Whether the name of the table stands in quotes."),
];

const fn key(
    sections: &'static [Section],
    name: &'static str,
    kind: Kind,
    documentation: &'static str,
) -> Key {
    Key {
        sections,
        name,
        kind,
        documentation,
    }
}

impl Key {
    /// What its value is in a mapping of `section`: settings and constraints differ by whose they are.
    pub fn kind_in(&self, section: Section) -> Kind {
        match (self.name, section) {
            ("config", Model | Version) => Mapping(ModelConfig),
            ("config", Seed) => Mapping(SeedConfig),
            ("config", Snapshot) => Mapping(SnapshotConfig),
            ("config", Source | SourceTable) => Mapping(SourceConfig),
            ("config", Column) => Mapping(ColumnConfig),
            ("config", Macro) => Mapping(MacroConfig),
            ("config", TestSettings | AcceptedValues | Relationships) => Mapping(TestConfig),
            ("config", _) => Mapping(OtherConfig),
            ("constraints", Column) => List(ColumnConstraint),
            ("constraints", _) => List(Constraint),
            _ => self.kind,
        }
    }
}

impl Section {
    /// Its keys, in the order in which people write them.
    pub fn keys(self) -> impl Iterator<Item = &'static Key> {
        KEYS.iter().filter(move |key| key.sections.contains(&self))
    }

    /// Its key of this name.
    pub fn key(self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }

    /// The mapping below its key `name`, of a list or not. Below the name of a test that somebody wrote stands
    /// what stands below any.
    pub fn below(self, name: &str) -> Option<Section> {
        match (self.key(name), self) {
            (Some(key), _) => match key.kind_in(self) {
                Mapping(section) | List(section) => Some(section),
                Word => Some(TestSettings),
                // On BigQuery it is a mapping.
                Columns if key.name == "partition_by" => Some(PartitionBy),
                _ => None,
            },
            (None, DataTest) => Some(TestSettings),
            (None, _) => None,
        }
    }

    /// The key that an item of a list of them starts with.
    pub fn first_key(self) -> Option<&'static str> {
        Some(match self {
            Given => "input",
            Version => "v",
            ColumnConstraint | Constraint => "type",
            _ => self.key("name").or_else(|| self.keys().next())?.name,
        })
    }

    /// Whether tables are described by it.
    pub fn is_table(self) -> bool {
        TABLES.contains(&self)
    }
}

impl Kind {
    /// What the value must be, to complete "… must be".
    pub fn expectation(self) -> String {
        let expectation = match self {
            Text | Prose => "text",
            Number => "a number",
            Boolean => "`true` or `false`",
            Date => "a day written as YYYY-MM-DD",
            OneOf(words) => return words.join(" | "),
            Name => "a name",
            Texts => "a list",
            Columns => "a column, or a list of them",
            ColumnOfTo => "a column",
            ModelName => "a model",
            Ref => "a `ref` or a `source`",
            Refs => "a list of `ref`s and `source`s",
            Word => "a test",
            Mapping(_) => "a mapping",
            List(_) => "a list",
            Own => "keys of your own",
        };
        expectation.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_section_has_a_key_twice() {
        let sections: BTreeSet<Section> =
            KEYS.iter().flat_map(|key| key.sections).copied().collect();
        for section in sections {
            let mut names = BTreeSet::new();
            for key in section.keys() {
                assert!(names.insert(key.name), "{section:?} {}", key.name);
            }
        }
    }

    #[test]
    fn every_mapping_has_keys_and_a_first_one() {
        for key in KEYS {
            for section in key.sections {
                let (Mapping(below) | List(below)) = key.kind_in(*section) else {
                    continue;
                };
                let first = below.first_key();
                let is_known = first.is_some_and(|first| below.key(first).is_some());
                assert!(is_known || below == Rationale, "{below:?}");
            }
        }
    }

    #[test]
    fn every_text_is_a_sentence() {
        for key in KEYS {
            assert!(key.documentation.ends_with(['.', '?']), "{}", key.name);
        }
    }

    #[test]
    fn what_stands_below_a_key_depends_on_whose_it_is() {
        assert_eq!(Model.below("config"), Some(ModelConfig));
        assert_eq!(Column.below("config"), Some(ColumnConfig));
        assert_eq!(Column.below("constraints"), Some(ColumnConstraint));
        assert_eq!(DataTest.below("not_null"), Some(TestSettings));
        assert_eq!(DataTest.below("dbt_utils.at_least_one"), Some(TestSettings));
        assert_eq!(DataTest.below("relationships"), Some(Relationships));
        assert_eq!(Model.below("description"), None);
        assert_eq!(Model.below("nothing"), None);
    }
}

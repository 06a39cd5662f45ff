//! The keys of dbt's properties files, as one table: what may stand where, and what it says. Completion and
//! hover show its texts. dbt knows more keys than these, and adapters and packages bring their own, so a key
//! that is not here is no mistake.
//!
//! From dbt's documentation ("Resource properties" and "Resource configs" at docs.getdbt.com), in words of ours.

mod table;

use table::TABLES;
pub use table::{CONSTRAINT_TYPES, KEYS, MATERIALIZATIONS};

use Kind::{
    Boolean, ColumnOfTo, Columns, Date, List, Mapping, Model as ModelName, Name, Number, OneOf,
    Own, Prose, Ref, Refs, Text, Texts, Word,
};
use Section::*;

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

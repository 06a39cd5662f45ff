//! Properties files of dbt: what they say of models, sources, seeds, snapshots and macros.
//!
//! Keys as in dbt's documentation of properties (docs.getdbt.com, "Resource properties") for 1.x and
//! 2.x. Whys and units stand under `meta` or `config.meta`, in a mapping `rationale` or bare.

mod constraints;
mod data_tests;
mod rationale;
mod versions;

use super::lenient::{self, Keys};
use super::vars;
use crate::model::{Column, DbtProperties, DescribedMacro, Relation, Table, TableOrigin};
use crate::problem::Decoded;
use crate::reader::{Reader, Value};
use rationale::Rationale;
use std::collections::HashMap;
use syntax::yaml::{self, Document, Node, NodeKind, Parse};
use syntax::{Name, Placed};

/// The keys under which tables and macros are described.
const DESCRIBED: [&str; 5] = ["models", "sources", "seeds", "snapshots", MACROS];

const MACROS: &str = "macros";

/// Reads the properties file `text`. A file that is none says nothing and has no problem.
pub fn decode(text: &str) -> Decoded<DbtProperties> {
    let parse = yaml::parse(text);
    let Some(document) = document_of_properties(&parse) else {
        return Decoded::default();
    };
    let mut reader = Reader::new(text, &parse, Some(document));
    let root = reader.value(&document.root);
    let facts = properties(&mut reader, root);
    reader.finish(facts)
}

/// Whether `text` is a properties file that describes tables or macros, and not `dbt_project.yml`, a file of
/// another tool or no YAML at all.
pub fn is_properties(text: &str) -> bool {
    document_of_properties(&yaml::parse(text)).is_some()
}

/// A list of mappings under one of the keys makes a properties file. In `dbt_project.yml` there is a
/// mapping under them, elsewhere a list of texts.
fn document_of_properties(parse: &Parse) -> Option<&Document> {
    let document = parse.documents.first()?;
    let describes = |entry: &yaml::Entry| {
        let is_known = entry
            .key
            .as_str()
            .is_some_and(|key| DESCRIBED.contains(&key));
        let is_entry = |item: &Node| {
            matches!(
                item.kind,
                NodeKind::Mapping { .. } | NodeKind::Alias(_) | NodeKind::Null
            )
        };
        let items = entry.value.items();
        is_known && !items.is_empty() && items.iter().any(is_entry)
    };
    let entries = document.root.entries();
    entries.iter().any(describes).then_some(document)
}

fn properties<'t>(reader: &mut Reader<'t>, root: Value<'t>) -> DbtProperties {
    let (mut tables, mut macros) = (Vec::new(), Vec::new());
    for pair in Keys::of(reader, root).pairs() {
        let origin = match pair.key.as_str() {
            Some("models") => TableOrigin::DbtModel,
            Some("seeds") => TableOrigin::DbtSeed,
            Some("snapshots") => TableOrigin::DbtSnapshot,
            Some("sources") => {
                for item in reader.items(pair.value) {
                    source(reader, item, &mut tables);
                }
                continue;
            }
            Some(MACROS) => {
                for item in reader.items(pair.value) {
                    macros.extend(described_macro(reader, item));
                }
                continue;
            }
            _ => continue,
        };
        for item in reader.items(pair.value) {
            tables.extend(table(reader, item, origin.clone()));
        }
    }
    DbtProperties { tables, macros }
}

fn described_macro<'t>(reader: &mut Reader<'t>, item: Value<'t>) -> Option<DescribedMacro> {
    let keys = Keys::of(reader, item);
    Some(DescribedMacro {
        name: lenient::text_field(reader, keys.get("name"))?,
        entry: reader.spot(item.range),
        description: lenient::prose_field(reader, keys.get("description")),
    })
}

fn source<'t>(reader: &mut Reader<'t>, item: Value<'t>, tables: &mut Vec<Table>) {
    let keys = Keys::of(reader, item);
    let Some(source) = keys.get("name").and_then(|pair| lenient::name(pair.value)) else {
        return;
    };
    let config = keys.under(reader, "config");
    let disabled = is_disabled(&config);
    for item in lenient::items(reader, keys.get("tables")) {
        let origin = TableOrigin::DbtSource {
            source: source.clone(),
        };
        let Some(mut table) = table(reader, item, origin) else {
            continue;
        };
        table.disabled |= disabled;
        table.relation.database = lenient::name_field(reader, keys.get("database"));
        table.relation.schema = lenient::name_field(reader, keys.get("schema"));
        tables.push(table);
    }
}

fn table<'t>(reader: &mut Reader<'t>, item: Value<'t>, origin: TableOrigin) -> Option<Table> {
    let keys = Keys::of(reader, item);
    let name = lenient::name_field(reader, keys.get("name"))?;
    let config = keys.under(reader, "config");
    let contract = config.under(reader, "contract");
    let exhaustive = contract
        .get("enforced")
        .and_then(|p| lenient::boolean(p.value));
    let is_source = matches!(origin, TableOrigin::DbtSource { .. });
    let identifier = match is_source {
        true => keys.get("identifier"),
        false => config.get("alias"),
    };
    let rationale = Rationale::read(reader, &keys, &config);
    let mut table = Table {
        origin,
        entry: reader.spot(item.range),
        name: Placed::new(vec![name.value], name.spot),
        description: lenient::prose_field(reader, keys.get("description")),
        why: lenient::prose_field(reader, rationale.get("why")),
        model: None,
        grain: lenient::names(reader, rationale.get("grain")),
        keys: Vec::new(),
        columns: columns(reader, &keys),
        exhaustive: exhaustive == Some(true),
        disabled: is_disabled(&config),
        config: vars::vars(reader, &config),
        relation: Relation {
            database: lenient::name_field(reader, config.get("database")),
            schema: lenient::name_field(reader, config.get("schema")),
            identifier: lenient::name_field(reader, identifier),
        },
        versions: versions::read(reader, &keys),
        latest_version: lenient::text_field(reader, keys.get("latest_version")),
        claims: Vec::new(),
    };
    constraints::of_table(reader, &keys, &mut table);
    constraints::of_columns(reader, &keys, &mut table);
    data_tests::of_table(reader, &keys, &mut table);
    Some(table)
}

/// The columns under `columns`.
fn columns<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Vec<Column> {
    lenient::items(reader, keys.get("columns"))
        .into_iter()
        .filter_map(|item| column(reader, item))
        .collect()
}

fn column<'t>(reader: &mut Reader<'t>, item: Value<'t>) -> Option<Column> {
    let keys = Keys::of(reader, item);
    let name = lenient::name_field(reader, keys.get("name"))?;
    let config = keys.under(reader, "config");
    let rationale = Rationale::read(reader, &keys, &config);
    let mut column = Column {
        entry: reader.spot(item.range),
        name: Placed::new(name.value, name.spot),
        data_type: lenient::text_field(reader, keys.get("data_type")),
        description: lenient::prose_field(reader, keys.get("description")),
        why: lenient::prose_field(reader, rationale.get("why")),
        since: None,
        unit: lenient::text_field(reader, rationale.get("unit")),
        values: Vec::new(),
        nullable: None,
        unique: None,
        references: None,
        classification: lenient::texts(reader, rationale.get("classification")),
        deprecated: lenient::prose_field(reader, rationale.get("deprecated")),
        claims: data_tests::of_column(reader, &keys),
    };
    constraints::of_column(reader, &keys, &mut column);
    Some(column)
}

/// Whether the configuration says that it is not to be built.
fn is_disabled(config: &Keys<'_>) -> bool {
    let enabled = config.get("enabled");
    enabled.and_then(|pair| lenient::boolean(pair.value)) == Some(false)
}

/// The columns of one table, found by name.
struct ColumnsByName<'a> {
    columns: &'a mut [Column],
    ordinals: HashMap<Name, usize>,
}

impl ColumnsByName<'_> {
    fn of(columns: &mut [Column]) -> ColumnsByName<'_> {
        let names = columns.iter().enumerate().rev();
        let ordinals = names
            .map(|(ordinal, column)| (column.name.value.clone(), ordinal))
            .collect();
        ColumnsByName { columns, ordinals }
    }

    fn get(&mut self, name: &Name) -> Option<&mut Column> {
        let ordinal = *self.ordinals.get(name)?;
        self.columns.get_mut(ordinal)
    }
}

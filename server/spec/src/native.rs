//! The native format: `NAME.spec.yaml`, one product or a part of one.
//!
//! The table of keys says what may stand where; the decode reads it into the model. Nothing in a
//! native spec is silently ignored: what is not read is reported, but for keys that start with `x-`.

mod section;
mod sentence;
mod value;

use crate::keys::{Kind, Section};
use crate::model::{
    Amendment, Column, Exemption, NativeSpec, Relation, Supersedes, Table, TableOrigin,
};
use crate::problem::{Decoded, ProblemCode};
use crate::reader::{Reader, Value};
use crate::scalar::{Scalar, scalar};
use section::{Fields, first_line};
use syntax::Placed;
use syntax::yaml::{self, Document, NodeKind};
use value::Asked;

/// Reads the native spec `text`.
///
/// A file holds one spec: of several YAML documents the first that is not empty is read, and each
/// further one is reported.
pub fn decode(text: &str) -> Decoded<NativeSpec> {
    let parse = yaml::parse(text);
    let is_empty = |document: &Document| matches!(scalar(&document.root), Some(Scalar::Null));
    let mut documents = parse
        .documents
        .iter()
        .filter(|document| !is_empty(document));
    let first = documents.next();
    let mut reader = Reader::new(text, &parse, first);
    let root = match first {
        Some(document) => reader.value(&document.root),
        None => Value::NOTHING,
    };
    let facts = product(&mut reader, root);
    for other in documents {
        reader.report(
            ProblemCode::InvalidSpec,
            first_line(text, other.root.range),
            "A file holds one spec, so this document, after `---`, is not read. Move it to a file \
             of its own; files that name the same product add up."
                .to_owned(),
            Vec::new(),
        );
    }
    reader.finish(facts)
}

fn product<'t>(reader: &mut Reader<'t>, root: Value<'t>) -> NativeSpec {
    let Some(fields) = Fields::read(reader, Section::Product, root) else {
        return NativeSpec::default();
    };
    NativeSpec {
        product: value::name(reader, fields.get("product")),
        description: value::text(reader, fields.get("description")),
        owner: value::text(reader, fields.get("owner")),
        links: value::texts(reader, fields.get("links")),
        dialect: value::text(reader, fields.get("dialect")),
        tables: entries(reader, &fields, "tables", table),
        amendments: entries(reader, &fields, "amendments", amendment),
        exemptions: entries(reader, &fields, "exemptions", exemption),
    }
}

/// The items of the list `key` that `read` can make something of.
fn entries<'t, T>(
    reader: &mut Reader<'t>,
    fields: &Fields<'t>,
    key: &str,
    read: impl Fn(&mut Reader<'t>, Value<'t>) -> Option<T>,
) -> Vec<T> {
    value::mappings(reader, fields.get(key))
        .into_iter()
        .filter_map(|item| read(reader, item))
        .collect()
}

fn table<'t>(reader: &mut Reader<'t>, item: Value<'t>) -> Option<Table> {
    let fields = Fields::read(reader, Section::Table, item)?;
    let entry = reader.spot(item.range);
    let description = value::text(reader, fields.get("description"));
    let why = value::text(reader, fields.get("why"));
    let model = value::text(reader, fields.get("model"));
    let grain = value::names(reader, fields.get("grain"));
    let columns = entries(reader, &fields, "columns", column);
    let name = value::table_name(reader, fields.get("name"))?;
    Some(Table {
        origin: TableOrigin::Native,
        entry,
        name: Placed::new(name.value, name.spot),
        description,
        why,
        model,
        grain,
        keys: Vec::new(),
        columns,
        exhaustive: false,
        disabled: false,
        config: Vec::new(),
        relation: Relation::default(),
        versions: Vec::new(),
        latest_version: None,
        claims: Vec::new(),
    })
}

fn column<'t>(reader: &mut Reader<'t>, item: Value<'t>) -> Option<Column> {
    let fields = Fields::read(reader, Section::Column, item)?;
    let name = value::name(reader, fields.get("name"));
    let entry = reader.spot(item.range);
    let data_type = value::text(reader, fields.get("type"));
    let description = value::text(reader, fields.get("description"));
    let why = value::text(reader, fields.get("why"));
    let since = value::amendment_id(reader, fields.get("since"));
    let unit = value::text(reader, fields.get("unit"));
    let values = value::literals(reader, fields.get("values"));
    let nullable = value::boolean(reader, fields.get("nullable"));
    let unique = value::boolean(reader, fields.get("unique"));
    let references = value::text(reader, fields.get("references"));
    let classification = value::texts(reader, fields.get("classification"));
    let deprecated = value::text(reader, fields.get("deprecated"));
    let name = name?;
    Some(Column {
        entry,
        name: Placed::new(name.value, name.spot),
        data_type,
        description,
        why,
        since,
        unit,
        values,
        nullable,
        unique,
        references,
        classification,
        deprecated,
        claims: Vec::new(),
    })
}

fn amendment<'t>(reader: &mut Reader<'t>, item: Value<'t>) -> Option<Amendment> {
    let fields = Fields::read(reader, Section::Amendment, item)?;
    Some(Amendment {
        entry: reader.spot(item.range),
        id: value::amendment_id(reader, fields.get("id")),
        date: value::date(reader, fields.get("date")),
        author: value::text(reader, fields.get("author")),
        link: value::text(reader, fields.get("link")),
        requirement: value::text(reader, fields.get("requirement")),
        change: value::change(reader, fields.get("change")),
        changes: value::texts(reader, fields.get("changes")),
        supersedes: supersedes(reader, &fields),
        status: value::status(reader, fields.get("status")),
        guarantees: value::sentences(reader, fields.get("guarantees")),
        promises: value::sentences(reader, fields.get("promises")),
    })
}

fn supersedes<'t>(reader: &mut Reader<'t>, fields: &Fields<'t>) -> Vec<Supersedes> {
    let Some((key, pair)) = fields.get("supersedes") else {
        return Vec::new();
    };
    let items = value::list_items(reader, key, pair.value).unwrap_or_default();
    let asked = Asked::item_of(key, Kind::AmendmentId);
    let mut superseded = Vec::new();
    for item in items {
        if let NodeKind::Mapping { .. } = item.content.kind {
            superseded.extend(superseded_sentence(reader, item));
        } else if let Some(id) = value::id_of(reader, asked, item) {
            let spot = reader.spot(item.range);
            superseded.push(Supersedes {
                amendment: Placed::new(id, spot),
                guarantee: None,
            });
        }
    }
    superseded
}

fn superseded_sentence<'t>(reader: &mut Reader<'t>, item: Value<'t>) -> Option<Supersedes> {
    let fields = Fields::read(reader, Section::Supersedes, item)?;
    let guarantee = value::text(reader, fields.get("guarantee"));
    let amendment = value::amendment_id(reader, fields.get("amendment"))?;
    Some(Supersedes {
        amendment: Placed::new(amendment.value, amendment.spot),
        guarantee,
    })
}

fn exemption<'t>(reader: &mut Reader<'t>, item: Value<'t>) -> Option<Exemption> {
    let fields = Fields::read(reader, Section::Exemption, item)?;
    let why = value::text(reader, fields.get("why"));
    let until = value::date(reader, fields.get("until"));
    let rule = value::text(reader, fields.get("rule"))?;
    Some(Exemption { rule, why, until })
}

//! Words that can only mean a type of the database's own, though nothing in the workspace names it: what makes
//! it may lie elsewhere.

use index::Snapshot;
use spec::nearest;
use sql::Dialect;
use syntax::Name;

/// The dialects in which people make types, and those that take any word for one.
const WITH_OWN_TYPES: &[Dialect] = &[
    Dialect::Ansi,
    Dialect::DuckDb,
    Dialect::Generic,
    Dialect::Oracle,
    Dialect::Postgres,
    Dialect::SqlServer,
    Dialect::Sqlite,
    Dialect::Teradata,
];

/// Types that extensions of PostgreSQL bring, and so no statement of a workspace makes.
const OF_EXTENSIONS: &[&str] = &[
    "box2d",
    "box3d",
    "citext",
    "cube",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "lquery",
    "ltree",
    "raster",
    "seg",
    "sparsevec",
    "vector",
];

/// What is often written for a type that SQL has, or for what the guarantee language says in other words.
const WELL_KNOWN: &[&str] = &[
    "absent",
    "array",
    "bigint",
    "binary",
    "bit",
    "blob",
    "boolean",
    "bytes",
    "char",
    "character",
    "date",
    "datetime",
    "decimal",
    "double",
    "double precision",
    "empty",
    "exists",
    "float",
    "foreign key",
    "geography",
    "int",
    "integer",
    "interval",
    "json",
    "mandatory",
    "materialized",
    "merged",
    "money",
    "never empty",
    "never null",
    "no null",
    "non null",
    "non negative",
    "not empty",
    "not negative",
    "not null",
    "null",
    "nullable",
    "number",
    "numeric",
    "one of",
    "optional",
    "positive",
    "primary key",
    "real",
    "renamed from",
    "required",
    "smallint",
    "string",
    "text",
    "time",
    "timestamp",
    "tinyint",
    "unique",
    "unique key",
    "uuid",
    "varchar",
    "xml",
];

/// Whether these words, which nothing in the workspace explains, can mean a type of the database's own, and
/// hardly anything else: a name as only schemas have them, with a `_` in it, that is near to no word of SQL
/// or of the guarantee language and is no column or table here.
pub(super) fn is_own_type(snapshot: &Snapshot, written: &str, dialect: Dialect) -> bool {
    let Some(own) = own_part(written).filter(|_| WITH_OWN_TYPES.contains(&dialect)) else {
        return false;
    };
    let is_it = |known: &str| own.as_str().eq_ignore_ascii_case(known);
    if dialect == Dialect::Postgres && OF_EXTENSIONS.iter().any(|known| is_it(known)) {
        return true;
    }
    let is_name = own.as_str().contains('_');
    let is_near = || {
        let known = WELL_KNOWN.iter().copied();
        let types = snapshot.types().map(Name::as_str);
        nearest(own.as_str(), known.chain(types)).is_some()
    };
    let stands_for_another = || {
        let mut tables = snapshot.tables().into_iter();
        tables.any(|table| table.key.name() == own || table.column(&own).is_some())
    };
    is_name && !is_near() && !stands_for_another()
}

/// The name in these words without its schema, its length and its `[]`, if they are one name.
pub(super) fn own_part(written: &str) -> Option<Name> {
    let name = written.split(['(', '[', '<']).next()?.trim();
    let part = name.rsplit('.').next()?.trim().trim_matches(['"', '`']);
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_name = !part.is_empty() && part.chars().all(is_letter);
    is_name.then(|| Name::new(part))
}

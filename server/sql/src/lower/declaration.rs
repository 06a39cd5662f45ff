//! What `CREATE TABLE` declares of a table: types, `NOT NULL`, keys.

use super::data_type;
use crate::analysis::Options;
use crate::dialect::Dialect;
use crate::facts::TableName;
use crate::lexeme::lex;
use crate::parse::Fragment;
use crate::prepare::Prepared;
use crate::relation::DataType;
use crate::template::Mask;
use sqlparser::ast::{
    ColumnDef, ColumnOption, CreateTable, Expr, Ident, IndexColumn, ObjectName, Statement,
    TableConstraint,
};
use syntax::Name;

/// What a statement declares of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The table's name.
    pub name: TableName,
    /// Its columns, in order.
    pub columns: Vec<DeclaredColumn>,
    /// Lists of columns of which no two rows have equal values: primary keys and unique constraints.
    pub keys: Vec<Vec<Name>>,
}

/// What a statement declares of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredColumn {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub data_type: DataType,
    /// It is never `NULL`.
    pub not_null: bool,
}

/// What the `CREATE TABLE` statements of a text declare, in the order of the text.
pub fn declarations(text: &str, options: &Options) -> Vec<Declaration> {
    let prepared = Prepared::of_text(text, options);
    let mut declared = Vec::new();
    for statement in &prepared.statements {
        for statement in &statement.trees {
            if let Statement::CreateTable(create) = statement {
                declared.extend(declaration(create, options.dialect));
            }
        }
    }
    declared
}

/// The type that `written` names in a dialect; `None` where it is none.
pub fn data_type_of(written: &str, dialect: Dialect) -> Option<DataType> {
    let lexed = lex(&Mask::plain(written), dialect);
    let parsed = Fragment::of(&lexed.lexemes, 0, dialect).data_type().ok()?;
    Some(data_type::data_type(&parsed, dialect))
}

fn declaration(create: &CreateTable, dialect: Dialect) -> Option<Declaration> {
    if create.columns.is_empty() {
        return None;
    }
    let mut declared = Declaration {
        name: table_name(&create.name)?,
        columns: Vec::new(),
        keys: Vec::new(),
    };
    for column in &create.columns {
        let (column, is_key) = of_column(column, dialect);
        if is_key {
            declared.keys.push(vec![column.name.clone()]);
        }
        declared.columns.push(column);
    }
    for constraint in &create.constraints {
        let (columns, is_primary) = match constraint {
            TableConstraint::PrimaryKey(key) => (&key.columns, true),
            TableConstraint::Unique(unique) => (&unique.columns, false),
            _ => continue,
        };
        let names: Option<Vec<Name>> = columns.iter().map(indexed).collect();
        let Some(names) = names else { continue };
        for column in &mut declared.columns {
            column.not_null |= is_primary && names.contains(&column.name);
        }
        declared.keys.push(names);
    }
    Some(declared)
}

/// A column, and whether it is a key by itself.
fn of_column(column: &ColumnDef, dialect: Dialect) -> (DeclaredColumn, bool) {
    let options = || column.options.iter().map(|option| &option.option);
    let is_primary = options().any(|option| matches!(option, ColumnOption::PrimaryKey(_)));
    let is_unique = options().any(|option| matches!(option, ColumnOption::Unique(_)));
    let is_not_null = options().any(|option| matches!(option, ColumnOption::NotNull));
    let declared = DeclaredColumn {
        name: Name::new(&column.name.value),
        data_type: data_type::data_type(&column.data_type, dialect),
        not_null: is_not_null || is_primary,
    };
    (declared, is_primary || is_unique)
}

fn indexed(column: &IndexColumn) -> Option<Name> {
    match &column.column.expr {
        Expr::Identifier(Ident { value, .. }) => Some(Name::new(value)),
        _ => None,
    }
}

fn table_name(name: &ObjectName) -> Option<TableName> {
    let idents = name.0.iter().map(|part| part.as_ident());
    let parts: Option<Vec<Name>> = idents.map(|ident| Some(Name::new(&ident?.value))).collect();
    Some(TableName { parts: parts? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_declare_keys_and_not_null() {
        let options = Options {
            dialect: Dialect::Postgres,
            ..Options::default()
        };
        let text = "create table shop.orders (id bigint primary key, customer int not null,
            code varchar(10) unique, day date, n numeric(10, 2),
            constraint one_a_day unique (customer, day));
            create table parts (a int, b int, primary key (a, b));
            create table copy as select 1 as x";
        let declared = declarations(text, &options);
        assert_eq!(declared.len(), 2);
        let names = |keys: &[Vec<Name>]| -> Vec<String> {
            let keys = keys.iter();
            keys.map(|key| syntax::name::dotted(key)).collect()
        };
        assert_eq!(declared[0].name.to_string(), "shop.orders");
        assert_eq!(names(&declared[0].keys), ["id", "code", "customer.day"]);
        let not_null = declared[0].columns.iter().map(|column| column.not_null);
        assert_eq!(
            not_null.collect::<Vec<_>>(),
            [true, true, false, false, false]
        );
        assert_eq!(
            declared[0].columns[4].data_type,
            DataType::Decimal(Some(10), Some(2))
        );
        assert_eq!(names(&declared[1].keys), ["a.b"]);
        assert!(declared[1].columns.iter().all(|column| column.not_null));
    }

    #[test]
    fn a_type_is_read_as_the_dialect_writes_it() {
        let read = |written| data_type_of(written, Dialect::Snowflake);
        assert_eq!(
            read("NUMBER(10,2)"),
            Some(DataType::Decimal(Some(10), Some(2)))
        );
        assert_eq!(read("varchar"), Some(DataType::Text(None)));
        assert_eq!(read("nothing of this kind ("), None);
        assert_eq!(read(""), None);
    }
}

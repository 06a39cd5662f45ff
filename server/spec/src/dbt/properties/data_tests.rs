//! Data tests of dbt: what they claim of the data. A test that lets rows pass, or that may not run,
//! claims nothing.

use super::ColumnsByName;
use crate::dbt::lenient::{self, Keys, referenced_table};
use crate::model::{Claim, ClaimKind, Table};
use crate::reader::{Pair, Reader, Value};
use syntax::Name;

/// What the tests of a column claim.
pub(super) fn of_column<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Vec<Claim> {
    let tests = read(reader, keys);
    tests
        .into_iter()
        .filter_map(|test| {
            let kind = claim_of_column(reader, &test)?;
            let spot = reader.spot(test.value.range);
            Some(Claim { kind, spot })
        })
        .collect()
}

/// Puts what the tests of a whole table claim into it, or into the column that they name.
pub(super) fn of_table<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>, table: &mut Table) {
    let mut by_name = ColumnsByName::of(&mut table.columns);
    for test in read(reader, keys) {
        let spot = reader.spot(test.value.range);
        let name = test
            .argument("column_name")
            .and_then(|pair| lenient::name(pair.value));
        if let Some(name) = name {
            if let (Some(kind), Some(column)) = (claim_of_column(reader, &test), by_name.get(&name))
            {
                column.claims.push(Claim { kind, spot });
            }
        } else if test.name == "dbt_utils.unique_combination_of_columns" {
            let columns = lenient::names(reader, test.argument("combination_of_columns"));
            let columns: Vec<Name> = columns.into_iter().map(|column| column.value).collect();
            if !columns.is_empty() {
                let kind = ClaimKind::UniqueCombination(columns);
                table.claims.push(Claim { kind, spot });
            }
        }
    }
}

/// One test that must pass on every row.
struct Test<'t> {
    /// Its name, without the `dbt.` that the built-in ones may carry.
    name: &'t str,
    value: Value<'t>,
    /// Its arguments, and since 1.10.5 those nested under `arguments`, which come first.
    arguments: Vec<Keys<'t>>,
}

impl<'t> Test<'t> {
    fn argument(&self, name: &str) -> Option<Pair<'t>> {
        self.arguments.iter().find_map(|keys| keys.get(name))
    }
}

/// The tests under `data_tests`, and under `tests`, which is its older name.
fn read<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Vec<Test<'t>> {
    let mut items = lenient::items(reader, keys.get("data_tests"));
    items.extend(lenient::items(reader, keys.get("tests")));
    items
        .into_iter()
        .filter_map(|item| test(reader, item))
        .collect()
}

/// A test is its name, or a mapping from its name to its arguments, or a mapping of arguments with
/// its name under `test_name`.
fn test<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Option<Test<'t>> {
    let keys = Keys::of(reader, value);
    let mut settings = Vec::new();
    let name = if let Some(name) = value.content.as_str() {
        name
    } else if let Some(pair) = keys.get("test_name") {
        settings.push(keys);
        pair.value.content.as_str()?
    } else {
        let named = keys
            .pairs()
            .iter()
            .find(|pair| !SETTINGS.contains(&pair.key.as_str().unwrap_or_default()))?;
        settings.push(Keys::of(reader, named.value));
        let name = named.key.as_str()?;
        settings.push(keys);
        name
    };
    let configs: Vec<Keys> = settings
        .iter()
        .map(|keys| keys.under(reader, "config"))
        .collect();
    if settings.iter().chain(&configs).any(lets_rows_pass) {
        return None;
    }
    let nested: Vec<Keys> = settings
        .iter()
        .map(|keys| keys.under(reader, "arguments"))
        .collect();
    Some(Test {
        name: name.trim().trim_start_matches("dbt."),
        value,
        arguments: nested.into_iter().chain(settings).collect(),
    })
}

/// Keys that may stand beside the name of a test.
const SETTINGS: [&str; 6] = [
    "name",
    "description",
    "config",
    "arguments",
    "tags",
    "column_name",
];

/// Whether the settings leave rows out, tolerate failures, or may keep the test from running. What a
/// template decides may be any of these.
fn lets_rows_pass(settings: &Keys<'_>) -> bool {
    let text = |key| settings.get(key).and_then(|pair| lenient::text(pair.value));
    let tolerates =
        text("severity").is_some_and(|severity| !severity.eq_ignore_ascii_case("error"));
    let runs = match settings.get("enabled") {
        Some(pair) => lenient::boolean(pair.value) == Some(true),
        None => true,
    };
    tolerates || !runs || text("where").is_some() || text("error_if").is_some()
}

fn claim_of_column<'t>(reader: &mut Reader<'t>, test: &Test<'t>) -> Option<ClaimKind> {
    match test.name {
        "not_null" => Some(ClaimKind::NotNull),
        "unique" => Some(ClaimKind::Unique),
        "accepted_values" => {
            let values = lenient::items(reader, test.argument("values"));
            for value in &values {
                reader.check_yaml_1_1(*value);
            }
            let values: Vec<String> = values
                .into_iter()
                .filter_map(|value| value.content.as_str().map(str::to_owned))
                .collect();
            (!values.is_empty()).then_some(ClaimKind::AcceptedValues(values))
        }
        "relationships" => {
            let to = lenient::text(test.argument("to")?.value)?;
            let field = lenient::name(test.argument("field")?.value)?;
            let to = referenced_table(&to)?;
            Some(ClaimKind::Relationships { to, field })
        }
        _ => None,
    }
}

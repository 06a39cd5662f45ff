//! Sentences that are said to be broken by an example: whether DuckDB breaks them too. What a sentence
//! promises is asked in SQL that is made of the sentence's own words.

use super::claim::Claim;
use super::world::{Unportable, World, quoted};
use checks::Finding;
use index::{Snapshot, Table};
use meaning::witness::{Witness, WitnessTable};
use spec::guarantee::{Guarantee, Path, Sql, parse};
use sql::Dialect;
use sql::facts::TableRef;
use sql::lower::free_expression;
use sql::relation::Expression;
use syntax::Name;

/// The claim of a finding that shows an example, and the kind of its sentence.
pub(super) fn claim(
    snapshot: &Snapshot,
    finding: &Finding,
) -> Option<(String, Result<Claim, Unportable>)> {
    // The tables are made as a full refresh makes them.
    let is_of_full_refresh = !finding.message.contains(" in an incremental run.");
    let witness = finding.example.as_deref().filter(|_| is_of_full_refresh)?;
    let key = finding.subject.table.as_ref()?;
    let table = snapshot.table(key)?;
    let sentence = sentence(table, finding)?;
    let guarantee = parse(&sentence).unwrap_or_else(|_| panic!("{sentence}"));
    let promise = Promise {
        snapshot,
        table,
        witness,
        column: finding.subject.column.as_ref(),
        says: format!("{sentence}: {}", finding.message),
    };
    Some((kind(&guarantee).to_owned(), promise.claim(&guarantee)))
}

/// The sentence that a finding is about, also where it is only declared.
fn sentence(table: &Table, finding: &Finding) -> Option<String> {
    const CODES: [&str; 3] = [
        "contradicts-amendment",
        "contradicts-declaration",
        "not-yet-met",
    ];
    let detail = finding.subject.detail.as_ref()?;
    if !CODES.contains(&finding.code) {
        return None;
    }
    if finding.code != "contradicts-declaration" {
        return Some(detail.clone());
    }
    let name = table.key.name();
    let column = finding.subject.column.as_ref();
    let subject = column.map_or(name.to_string(), |column| format!("{name}.{column}"));
    let (key, value) = detail.split_once(": ")?;
    let list = value.trim_matches(['[', ']']);
    let quoted: Vec<String> = list.split(", ").map(|value| format!("'{value}'")).collect();
    Some(match key {
        "nullable" => format!("{subject} is never null"),
        "unique" => format!("{subject} is unique"),
        "grain" => format!("{subject} has one row per {list}"),
        "values" => format!("{subject} is one of ({})", quoted.join(", ")),
        _ => return None,
    })
}

fn kind(guarantee: &Guarantee) -> &'static str {
    match guarantee {
        Guarantee::Equals { .. } => "= EXPR",
        Guarantee::ExcludesRows { .. } => "excludes rows where",
        Guarantee::OnlyHasRows { .. } => "only has rows where",
        Guarantee::ExcludesMatching { .. } => "excludes rows that match",
        Guarantee::OnlyHasMatching { .. } => "only has rows that match",
        Guarantee::Unique(_) => "is unique",
        Guarantee::OneRowPer { .. } => "has one row per",
        Guarantee::NeverNull(_) => "is never null",
        Guarantee::OneOf { .. } => "is one of",
        _ => "another sentence",
    }
}

struct Promise<'p> {
    snapshot: &'p Snapshot,
    table: &'p Table,
    witness: &'p Witness,
    column: Option<&'p Name>,
    says: String,
}

impl Promise<'_> {
    fn claim(self, guarantee: &Guarantee) -> Result<Claim, Unportable> {
        match guarantee {
            Guarantee::NeverNull(_) => {
                let column = self.column()?;
                self.some_row(|table| format!("SELECT 1 FROM {table} WHERE {column} IS NULL"))
            }
            Guarantee::OneOf { values, .. } => {
                let column = self.column()?;
                let values: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
                let values = values.join(", ");
                self.some_row(|table| {
                    format!("SELECT 1 FROM {table} WHERE {column} NOT IN ({values})")
                })
            }
            Guarantee::Unique(_) => {
                let column = self.column()?;
                self.some_row(|table| repeated(table, &column))
            }
            Guarantee::OneRowPer { columns, .. } => {
                let keys = names(columns);
                self.some_row(|table| repeated(table, &keys))
            }
            Guarantee::ExcludesMatching { other, on, .. } => {
                let exists = self.matching(other, on)?;
                self.some_row(|table| format!("SELECT 1 FROM {table} AS own WHERE {exists}"))
            }
            Guarantee::OnlyHasMatching { other, on, .. } => {
                let exists = self.matching(other, on)?;
                self.some_row(|table| format!("SELECT 1 FROM {table} AS own WHERE NOT {exists}"))
            }
            Guarantee::ExcludesRows { condition, .. } => {
                self.without(condition, |condition| format!("({condition}) IS NOT TRUE"))
            }
            Guarantee::OnlyHasRows { condition, .. } => {
                self.without(condition, |condition| format!("({condition}) IS TRUE"))
            }
            Guarantee::Equals {
                value, per, filter, ..
            } => self.value(value, per, filter.as_ref()),
            _ => Err("a sentence of another kind".to_owned()),
        }
    }

    fn column(&self) -> Result<String, Unportable> {
        let column = self.column.ok_or("no column")?;
        Ok(quoted(std::slice::from_ref(column)))
    }

    fn judged(&self) -> String {
        quoted(&self.table.key.parts)
    }

    fn setup(&self) -> Result<Vec<String>, Unportable> {
        World::new(self.snapshot, self.witness).of(self.table)
    }

    /// The claim that a query over the table gives a row.
    fn some_row(self, query: impl Fn(&str) -> String) -> Result<Claim, Unportable> {
        let setup = self.setup()?;
        let query = query(&self.judged());
        Ok(Claim::some_row(self.says, setup, query))
    }

    /// A row of the other table with the same values.
    fn matching(&self, other: &Path, on: &[Path]) -> Result<String, Unportable> {
        let other = self.input(&other.parts).ok_or("another table")?;
        let pairs = on.iter().filter_map(|path| path.parts.last());
        let pairs: Vec<String> = pairs
            .map(|name| format!("other.\"{name}\" = own.\"{name}\""))
            .collect();
        let pairs = pairs.join(" AND ");
        let other = quoted(&own_parts(other));
        Ok(format!(
            "EXISTS (SELECT 1 FROM {other} AS other WHERE {pairs})"
        ))
    }

    /// The input of the example of that name, which may be the end of a longer one.
    fn input(&self, parts: &[Name]) -> Option<&WitnessTable> {
        let mut inputs = self.witness.inputs.iter();
        inputs.find(|input| own_parts(input).ends_with(parts))
    }

    /// A row that the condition is about plays a part: without it, something else comes out. Of a
    /// condition over the table's own columns: such a row comes out.
    fn without(self, condition: &Sql, keep: impl Fn(&str) -> String) -> Result<Claim, Unportable> {
        let named = self.named(&condition.text)?;
        if named
            .iter()
            .all(|(qualifier, name)| self.is_own(qualifier, name))
        {
            let kept = keep(&self.unqualified(&condition.text, &named));
            return self.some_row(|table| format!("SELECT 1 FROM {table} WHERE NOT ({kept})"));
        }
        let mut tables: Vec<&WitnessTable> = named
            .iter()
            .filter_map(|(qualifier, name)| self.input_with(qualifier, name))
            .collect();
        tables.dedup_by(|one, other| one.table == other.table);
        let [only] = tables.as_slice() else {
            return Err("a name that something else has by now".to_owned());
        };
        let parts = own_parts(only);
        let kept = keep(&self.unqualified(&condition.text, &named));
        let all = self.setup()?;
        let fewer = World::new(self.snapshot, self.witness)
            .keeping(&parts, kept)
            .of(self.table)?;
        let query = format!("SELECT * FROM {}", self.judged());
        let jobs = [(all, vec![query.clone()]), (fewer, vec![query])];
        Ok(Claim::new(self.says, jobs, |given| {
            match (&given[0][0], &given[1][0]) {
                (Ok(all), Ok(fewer)) => all.differ(fewer),
                _ => false,
            }
        }))
    }

    /// The columns that an expression names, with what stands before them.
    fn named(&self, text: &str) -> Result<Vec<(Vec<Name>, Name)>, Unportable> {
        let free = free_expression(text, Dialect::DuckDb)?;
        let mut named = Vec::new();
        free.value.for_each(&mut |part| {
            if let Expression::Column { input, name } = part {
                let qualifier = free.qualifiers[input.0 as usize].clone();
                if !named.contains(&(qualifier.clone(), name.clone())) {
                    named.push((qualifier, name.clone()));
                }
            }
        });
        Ok(named)
    }

    fn is_own(&self, qualifier: &[Name], name: &Name) -> bool {
        self.table.key.parts.ends_with(qualifier)
            && self
                .table
                .column(name)
                .is_some_and(index::Column::is_selected)
            && (qualifier.is_empty() || self.input_with(qualifier, name).is_none())
    }

    fn input_with(&self, qualifier: &[Name], column: &Name) -> Option<&WitnessTable> {
        let named = |input: &&WitnessTable| own_parts(input).ends_with(qualifier);
        let has = |input: &&WitnessTable| input.columns.iter().any(|(name, _)| name == column);
        let mut inputs = self.witness.inputs.iter().filter(named);
        // What plays no part in the example is NULL there.
        let by_name = inputs.clone().next().filter(|_| !qualifier.is_empty());
        inputs.find(has).or(by_name)
    }

    /// An expression with bare names.
    fn unqualified(&self, text: &str, named: &[(Vec<Name>, Name)]) -> String {
        let mut text = text.to_owned();
        for (qualifier, name) in named.iter().filter(|(qualifier, _)| !qualifier.is_empty()) {
            let before = syntax::name::dotted(qualifier);
            text = text.replace(&format!("{before}.{name}"), name.as_str());
        }
        text
    }

    /// The table has another value than the expression has over the same input rows. It is looked at
    /// where that can be told without our help: all combinations of input rows give one value, or an
    /// aggregate is taken over all of them for the only row.
    fn value(
        self,
        value: &Sql,
        per: &[Path],
        condition: Option<&Sql>,
    ) -> Result<Claim, Unportable> {
        let column = self.column()?;
        let own = self.column.and_then(|name| self.table.column(name));
        let data_type = own.and_then(|own| own.data_type.clone());
        let typed = |text: &str| match &data_type {
            Some(data_type) => format!("CAST({text} AS {data_type})"),
            None => text.to_owned(),
        };
        let judged = self.judged();
        let named = self.named(&value.text)?;
        let is_own = named.iter().all(|(qualifier, name)| {
            self.is_own(qualifier, name) && *name != *self.column.unwrap()
        });
        let is_aggregate = is_aggregate(&value.text);
        let (mut filter, mut counted) = ("TRUE".to_owned(), "TRUE".to_owned());
        if let Some(written) = condition {
            let named = self.named(&written.text)?;
            let is_of_rows = named
                .iter()
                .all(|(qualifier, name)| self.is_own(qualifier, name));
            // Where it speaks of what is counted, an aggregate is taken over such rows.
            let place = match is_of_rows || !is_aggregate {
                true => &mut filter,
                false => &mut counted,
            };
            *place = self.unqualified(&written.text, &named);
        }
        if is_own && !named.is_empty() {
            let agreed = typed(&self.unqualified(&value.text, &named));
            let column = typed(&column);
            return self.some_row(|table| {
                format!(
                    "SELECT 1 FROM {table} WHERE ({agreed}) IS NOT NULL AND {column} IS DISTINCT \
                     FROM ({agreed}) AND {filter}"
                )
            });
        }
        let mut text = value.text.clone();
        let mut from = "(SELECT 1 AS one)".to_owned();
        let mut joined: Vec<&TableRef> = Vec::new();
        for (qualifier, name) in &named {
            let input = self
                .input_with(qualifier, name)
                .ok_or("a name that something else has by now")?;
            if joined.contains(&&input.table) {
                continue;
            }
            joined.push(&input.table);
            let parts = own_parts(input);
            let alias = quoted(parts.last().map(std::slice::from_ref).unwrap_or_default());
            from.push_str(&format!(" LEFT JOIN {} AS {alias} ON TRUE", quoted(&parts)));
            if qualifier.len() > 1 {
                let before = syntax::name::dotted(qualifier);
                text = text.replace(&format!("{before}."), &format!("{alias}."));
            }
        }
        let agreed = typed(&text);
        if !per.is_empty() {
            let keys = per.iter().filter_map(|path| path.parts.last());
            let alias = joined
                .first()
                .map(|table| own_name(table))
                .ok_or("no table")?;
            let pairs: Vec<String> = keys
                .map(|key| format!("\"{alias}\".\"{key}\" = own.\"{key}\""))
                .collect();
            let agreed = format!(
                "(SELECT {agreed} FROM {from} WHERE {} AND {counted})",
                pairs.join(" AND ")
            );
            let column = typed(&format!("own.{column}"));
            return self.some_row(|table| {
                format!(
                    "SELECT 1 FROM {table} AS own WHERE {agreed} IS NOT NULL AND {column} IS DISTINCT \
                     FROM {agreed} AND {filter}"
                )
            });
        }
        let setup = self.setup()?;
        let column = typed(&column);
        let actual = format!("SELECT {column} FROM {judged} WHERE {filter}");
        let agreed = format!("SELECT {agreed} FROM {from} WHERE {counted}");
        let beside = format!("({actual}) EXCEPT ({agreed})");
        let jobs = [(setup, vec![actual, agreed, beside])];
        Ok(Claim::new(self.says, jobs, move |given| {
            let [Ok(actual), Ok(agreed), Ok(beside)] = given[0].as_slice() else {
                return false;
            };
            // A value where the agreed one is NULL is allowed.
            let is_known = agreed
                .rows
                .iter()
                .all(|row| row.values[0] != meaning::evaluate::Value::Null);
            is_known && !beside.rows.is_empty() && (!is_aggregate || actual.rows.len() == 1)
        }))
    }
}

/// The query for two rows of a table that agree on the keys, none of which is `NULL`.
fn repeated(table: &str, keys: &str) -> String {
    let known: Vec<String> = keys
        .split(", ")
        .map(|key| format!("{key} IS NOT NULL"))
        .collect();
    format!(
        "SELECT {keys} FROM {table} WHERE {} GROUP BY {keys} HAVING COUNT(*) > 1",
        known.join(" AND ")
    )
}

fn names(paths: &[Path]) -> String {
    let names = paths.iter().filter_map(|path| path.parts.last());
    let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    names.join(", ")
}

fn own_parts(input: &WitnessTable) -> Vec<Name> {
    super::world::parts_of(&input.table).unwrap_or_default()
}

fn own_name(table: &TableRef) -> String {
    let parts = super::world::parts_of(table).unwrap_or_default();
    parts.last().map(ToString::to_string).unwrap_or_default()
}

fn is_aggregate(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let functions = ["sum(", "count(", "min(", "max(", "avg("];
    functions.iter().any(|function| text.contains(function))
}

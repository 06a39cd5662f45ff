//! A declaration made to say what the SQL gives, by an amendment that says so.

use super::amendment::{self, Draft};
use super::sheet::Sheet;
use super::{Fix, Fixing, draft, supersede};
use crate::context::{Context, product_of};
use crate::guarantee::{Declaration, Levels, verdict};
use index::Table;
use meaning::guarantee::Answer;
use spec::guarantee::{Guarantee, Sql, parse};
use spec::model::Column;
use std::mem::discriminant;
use syntax::Name;
use syntax::yaml::Value;

/// So many values may be missing in a list.
const MOST_VALUES: usize = 8;

/// Drafts the amendment that declares something else of a column. What was agreed in the sense of the old
/// declaration, and is as little so, it supersedes.
pub(crate) fn by_draft(
    fixing: &Fixing<'_>,
    context: &Context<'_>,
    table: &Table,
    declaration: &Declaration<'_>,
) -> Option<Fix> {
    let file = declaration.file;
    file.native_spec()?;
    let column = declaration.column.as_ref()?;
    let levels = Levels::of(context, table);
    let answer = |guarantee: &Guarantee| verdict(context, file, table, guarantee, &levels).answer;
    let new = Declared::of(table, column, &declaration.guarantee, &answer)?;
    let agreed = supersede::in_force_about(fixing, &product_of(file)?, table, column).into_iter();
    let broken = agreed.filter(|agreed| {
        discriminant(&*agreed.guarantee) == discriminant(&declaration.guarantee)
            && matches!(answer(&agreed.guarantee), Answer::Contradicted(_))
    });
    let superseded =
        broken.map(|agreed| amendment::superseded(agreed.amendment, agreed.text.value.trim()));
    let draft = Draft {
        id: amendment::free_id(fixing, file)?,
        requirement: None,
        change: format!("{}, was declared as {}.", new.change, declaration.written),
        changes: vec![format!("{}.{column}", table.key)],
        supersedes: superseded.collect::<Option<Vec<Value>>>()?,
        is_guess: false,
        guarantees: new.sentence.into_iter().collect(),
    };
    let mut sheet = Sheet::open(fixing, file)?;
    if !sheet.is_blank {
        write(&mut sheet, declaration, new.written)?;
    }
    amendment::add(fixing, &mut sheet, &draft)?;
    let title = format!("Draft an amendment that declares {}", new.name);
    Some(sheet.fix(title, Some(draft::REQUIREMENT)))
}

/// What is declared instead.
struct Declared {
    /// What it is, for a title.
    name: String,
    /// What it means, as the start of a sentence.
    change: String,
    written: Written,
    /// The sentence of the same meaning, where there is one that holds.
    sentence: Option<String>,
}

/// How it stands in the spec.
enum Written {
    /// In the place of the old value.
    Instead(Value),
    /// Behind the other items of the list.
    Also(Vec<Value>),
}

impl Declared {
    /// `None` where there is nothing to declare that the SQL would not contradict.
    fn of(
        table: &Table,
        column: &Name,
        old: &Guarantee,
        answer: &dyn Fn(&Guarantee) -> Answer,
    ) -> Option<Declared> {
        match old {
            Guarantee::HasType { .. } => {
                let Answer::Contradicted(broken) = answer(old) else {
                    return None;
                };
                let now = broken.now?;
                let sentence = format!("{}.{column} is {now}", table.key);
                let holds = parse(&sentence).is_ok_and(|own| answer(&own) == Answer::Holds);
                holds.then(|| Declared {
                    name: format!("`{column}` as {now}"),
                    change: format!("{column} is {now} now"),
                    written: Written::Instead(Value::text(now)),
                    sentence: Some(sentence),
                })
            }
            Guarantee::NeverNull(_) => Some(Declared {
                name: format!("`{column}` as nullable"),
                change: format!("{column} may be NULL now"),
                written: Written::Instead(Value::literal("true")),
                sentence: None,
            }),
            Guarantee::OneOf { values, .. } => Declared::values(table, column, values, answer),
            _ => None,
        }
    }

    /// With the values that the SQL gives besides.
    fn values(
        table: &Table,
        column: &Name,
        old: &[Sql],
        answer: &dyn Fn(&Guarantee) -> Answer,
    ) -> Option<Declared> {
        let mut new: Vec<String> = Vec::new();
        loop {
            let old = old.iter().map(|value| value.text.as_str());
            let all: Vec<&str> = old.chain(new.iter().map(String::as_str)).collect();
            let sentence = format!("{}.{column} is one of ({})", table.key, all.join(", "));
            let answer = answer(&parse(&sentence).ok()?);
            if let Answer::Contradicted(broken) = answer {
                let more = broken.now.filter(|now| !all.contains(&now.as_str()))?;
                if new.len() == MOST_VALUES {
                    return None;
                }
                new.push(more);
                continue;
            }
            let items = new.iter().map(|value| listed(value));
            return Some(Declared {
                name: format!("{} among the values of `{column}`", new.join(", ")),
                change: format!("{column} may also be {} now", new.join(", ")),
                written: Written::Also(items.collect::<Option<Vec<Value>>>()?),
                sentence: (answer == Answer::Holds).then_some(sentence),
            });
        }
    }
}

/// A literal of SQL as an item of `values`; `None` where that would be read as another one.
fn listed(literal: &str) -> Option<Value> {
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    let text = literal
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    match text {
        Some(text) => {
            let is_truth = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
            let is_plain = !text.contains(['\'', '\\']) && !is_truth && !is_number(text);
            is_plain.then(|| Value::text(text))
        }
        None => is_number(literal).then(|| Value::literal(literal)),
    }
}

fn write(sheet: &mut Sheet<'_>, declaration: &Declaration<'_>, written: Written) -> Option<()> {
    let file = declaration.file;
    match written {
        Written::Instead(value) => {
            let path = sheet.path_of(file.range(declaration.spot))?;
            sheet.edit(&path, |editor, steps| editor.set(steps, &value))
        }
        Written::Also(items) => {
            let tables = file.described_tables().iter();
            let mut columns = tables.flat_map(|table| &table.columns);
            let is_it = |column: &&Column| {
                let first = column.values.first();
                first.is_some_and(|first| first.spot == declaration.spot)
            };
            let path = sheet.path_of(file.range(columns.find(is_it)?.entry))?;
            for item in items {
                sheet.put_item(&path, "values", None, item)?;
            }
            Some(())
        }
    }
}

//! A text against its mutant, and against itself.

use super::super::input::Input;
use super::{is_understood, lowered};
use meaning::difference::{Change, ColumnChange, Difference, Version};
use meaning::evaluate::{Budget, Row, Rows, run_columns};
use meaning::witness::{Facts, Witness};
use sql::relation::Query;
use syntax::Name;

/// The statements of a text that are compared at most: a search costs more than all else.
const MOST: usize = 2;

pub(super) fn difference(input: &Input) -> bool {
    let old = lowered(&input.other, input.dialect, input);
    let new = lowered(&input.text, input.dialect, input);
    for (old, new) in old.iter().zip(&new).take(MOST) {
        itself(&old.query);
        check(&old.query, &new.query);
    }
    let mut both = old.iter().zip(&new);
    both.any(|(old, new)| is_understood(&old.query) && is_understood(&new.query))
}

fn told(old: &Query, new: &Query) -> Difference {
    let none = |_: &_| None;
    let version = |query| Version {
        query,
        upstream: &none,
    };
    meaning::difference::difference(&version(old), &version(new), &Facts::default())
}

fn itself(query: &Query) {
    let told = told(query, query);
    assert_ne!(told.rows.change, Change::Changed, "its own rows");
    for column in &told.columns {
        assert!(
            matches!(column.change, ColumnChange::Same | ColumnChange::Undecided),
            "itself: {column:?}"
        );
    }
}

/// Whatever is said to differ does so on the rows that show it.
fn check(old: &Query, new: &Query) {
    let told = told(old, new);
    let mut same = Vec::new();
    for column in &told.columns {
        assert_eq!(
            column.change == ColumnChange::Changed,
            column.witness.is_some(),
            "changed, with an example"
        );
        let (Some(was), Some(now)) = (&column.was, &column.now) else {
            continue;
        };
        let (Some(was), Some(now)) = (place(old, was.name.as_ref()), place(new, now.name.as_ref()))
        else {
            continue;
        };
        match &column.witness {
            Some(witness) => shows((old, &[was]), (new, &[now]), witness, false),
            None if matches!(column.change, ColumnChange::Same | ColumnChange::Renamed(_)) => {
                same.push((was, now))
            }
            None => {}
        }
    }
    assert_eq!(
        told.rows.change == Change::Changed,
        told.rows.witness.is_some()
    );
    if let Some(witness) = &told.rows.witness {
        let width = witness.was.iter().chain(&witness.now).map(Vec::len).max();
        let (was, now): (Vec<usize>, Vec<usize>) = match width {
            Some(0) | None => (Vec::new(), Vec::new()),
            Some(width) if width == same.len() => same.into_iter().unzip(),
            // Columns without a name of their own are among those that are compared.
            Some(_) => return,
        };
        shows((old, &was), (new, &now), witness, true);
    }
}

/// Where the only column of that name is.
fn place(query: &Query, name: Option<&Name>) -> Option<usize> {
    let columns = query.root().columns.iter().enumerate();
    let mut named = columns.filter(|(_, column)| name.is_some() && column.name.as_ref() == name);
    let (place, _) = named.next()?;
    named.next().is_none().then_some(place)
}

fn shows(old: (&Query, &[usize]), new: (&Query, &[usize]), witness: &Witness, rows: bool) {
    let tables = witness.tables();
    let run = |(query, columns): (&Query, &[usize])| {
        run_columns(query, columns, &tables, &mut Budget::of(1_000_000))
            .expect("an example can be evaluated")
    };
    let (was, now) = (run(old), run(new));
    if rows {
        assert!(was.differ(&now), "the rows differ: {was:?} {now:?}");
    }
    let shown = |rows: &[Vec<meaning::evaluate::Value>]| Rows {
        rows: rows
            .iter()
            .map(|values| Row {
                values: values.as_slice().into(),
                origin: [].into(),
            })
            .collect(),
    };
    assert!(
        shown(&witness.was).differ(&shown(&witness.now)),
        "what is shown differs"
    );
    let within = |part: &[Vec<meaning::evaluate::Value>], all: &Rows| {
        part.iter()
            .all(|row| all.rows.iter().any(|own| *own.values == **row))
    };
    assert!(
        within(&witness.was, &was) && within(&witness.now, &now),
        "what is shown is given: {witness:?} {was:?} {now:?}"
    );
}

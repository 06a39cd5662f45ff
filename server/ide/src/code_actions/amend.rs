//! Amendments to be drafted before anything is done: what somebody wants of a column or a table.

use super::place::{column_at, native_spec_of, table_at};
use super::{ActionPlace, condition};
use crate::rename::{Refusal, as_in_sentence};
use checks::{AmendmentRequest, Detail, Fix, draft_amendment, draft_amendment_in_new_spec};
use index::{FileId, Snapshot, Table};
use syntax::{Name, TextRange};

/// What an amendment is to be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Amend {
    /// Whatever the person says.
    Anything,
    /// What a column means.
    ChangeColumn,
    /// What a column is called.
    RenameColumn,
    /// The type of a column.
    RetypeColumn,
    /// That a column goes.
    RemoveColumn,
    /// That a column comes.
    AddColumn,
    /// Which rows the table holds.
    FilterRows,
    /// What one row of the table stands for.
    ChangeGrain,
}

/// What a person says of an amendment that is to be drafted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AmendmentDetails {
    /// The need, in the words of whoever has it.
    pub requirement: Option<String>,
    /// What [`Amend::asks`] asks.
    pub detail: Option<String>,
}

impl Amend {
    /// Every one, with its name in commands.
    pub const ALL: [(Amend, &'static str); 8] = [
        (Amend::Anything, "anything"),
        (Amend::ChangeColumn, "change"),
        (Amend::RenameColumn, "rename"),
        (Amend::RetypeColumn, "retype"),
        (Amend::RemoveColumn, "remove"),
        (Amend::AddColumn, "add"),
        (Amend::FilterRows, "filter"),
        (Amend::ChangeGrain, "grain"),
    ];

    /// What else than the requirement only a person knows.
    pub fn asks(self) -> Option<&'static str> {
        match self {
            Amend::RenameColumn => Some("What is the column to be called?"),
            Amend::RetypeColumn => Some("Which type is it to have?"),
            Amend::AddColumn => Some("What is the new column called?"),
            Amend::FilterRows => Some("Rows where what are to be left out?"),
            Amend::ChangeGrain => Some("Which columns are to identify one row?"),
            Amend::Anything | Amend::ChangeColumn | Amend::RemoveColumn => None,
        }
    }
}

/// Drafts an amendment from the place where `range` starts: anywhere in a native spec, or on a model or an
/// entry of dbt. A table that no native spec describes gets one. What nobody has answered is a
/// placeholder.
///
/// # Errors
/// Where there is nothing to amend, where what was answered makes a sentence that says nothing, and where
/// another column has the name already.
pub fn amend(
    snapshot: &Snapshot,
    file: FileId,
    range: TextRange,
    amend: Amend,
    answers: &AmendmentDetails,
) -> Result<Fix, Refusal> {
    let nowhere = || {
        Refusal::new(
            "No amendment can be drafted here: put the cursor on a model, on an entry of a spec, or on a \
             column of one.",
        )
    };
    let about = About::at(snapshot, file, range).ok_or_else(nowhere)?;
    if let Some(taken) = about.taken(amend, answers) {
        return Err(Refusal::new(taken));
    }
    let stated_in = snapshot.file(about.spec.unwrap_or(file));
    if let Some((request, stated_in)) = about.request(amend, answers).zip(stated_in) {
        for sentence in &request.guarantees {
            if let Some(problem) = checks::sentence_problem(snapshot, stated_in, sentence) {
                return Err(Refusal::new(format!(
                    "`{sentence}` says nothing: {problem}"
                )));
            }
        }
    }
    about.draft(amend, answers).ok_or_else(nowhere)
}

/// The drafts that make sense at a place.
pub(super) fn all(place: &ActionPlace<'_>, detail: Detail) -> Vec<(Amend, Fix)> {
    let Some(about) = About::at(place.snapshot, place.file, place.range) else {
        return Vec::new();
    };
    // A table without a spec gets one along, where SQL defines it.
    let has_place = |table| !checks::spec_drafts(place.snapshot, table, Detail::Title).is_empty();
    if about.spec.is_none() && !about.table.is_some_and(has_place) {
        return Vec::new();
    }
    let of_column = [
        Amend::ChangeColumn,
        Amend::RenameColumn,
        Amend::RetypeColumn,
        Amend::RemoveColumn,
    ];
    let of_table = [Amend::AddColumn, Amend::FilterRows, Amend::ChangeGrain];
    let wanted: Vec<Amend> = match (&about.column, about.table) {
        (Some(_), _) => {
            let rows = about.selected.as_ref().map(|_| Amend::FilterRows);
            let of_table = [Amend::AddColumn].into_iter().chain(rows);
            of_column.into_iter().chain(of_table).collect()
        }
        (None, Some(_)) => [Amend::Anything].into_iter().chain(of_table).collect(),
        (None, None) => vec![Amend::Anything],
    };
    let drafts = wanted.into_iter().filter_map(|amend| {
        let fix = match detail {
            Detail::Title => Some(Fix {
                title: about.request(amend, &AmendmentDetails::default())?.title,
                edits: Vec::new(),
                moved: Vec::new(),
                preferred: false,
                cursor: None,
            }),
            Detail::Edits => about.draft(amend, &AmendmentDetails::default()),
        };
        Some((amend, fix?))
    });
    drafts.collect()
}

/// The draft of one of them.
pub(super) fn draft(place: &ActionPlace<'_>, amend: Amend) -> Option<Fix> {
    let about = About::at(place.snapshot, place.file, place.range)?;
    about.draft(amend, &AmendmentDetails::default())
}

/// Drafts of a spec for the table at a place, where it has none.
pub(super) fn spec_drafts(place: &ActionPlace<'_>, detail: Detail) -> Vec<Fix> {
    let about = About::at(place.snapshot, place.file, place.range);
    let table = about
        .filter(|about| about.spec.is_none())
        .and_then(|about| about.table);
    table.map_or_else(Vec::new, |table| {
        checks::spec_drafts(place.snapshot, table, detail)
    })
}

/// What an amendment at a place is about.
struct About<'s> {
    snapshot: &'s Snapshot,
    table: Option<&'s Table>,
    column: Option<Name>,
    spec: Option<FileId>,
    /// What is selected, where that is a condition.
    selected: Option<String>,
}

impl<'s> About<'s> {
    fn at(snapshot: &'s Snapshot, file: FileId, range: TextRange) -> Option<About<'s>> {
        let file = snapshot.file(file).filter(|file| !file.quiet)?;
        let offset = range.start();
        let table = table_at(snapshot, file, offset);
        let spec = match file.native_spec() {
            Some(spec) => {
                // Amendments are a product's.
                spec.product.as_ref()?;
                Some(file.id)
            }
            None => native_spec_of(snapshot, table?),
        };
        Some(About {
            column: table.and_then(|table| column_at(snapshot, file, offset, table)),
            selected: table.and_then(|table| condition::selected(snapshot, file, table, range)),
            snapshot,
            table,
            spec,
        })
    }

    /// Why a column can't be called as was answered: the table has one of that name.
    fn taken(&self, amend: Amend, answers: &AmendmentDetails) -> Option<String> {
        let is_named = matches!(amend, Amend::RenameColumn | Amend::AddColumn);
        let name = answers.detail.as_deref().filter(|_| is_named)?.trim();
        let table = self.table?;
        let column = table.column(&Name::new(name))?;
        Some(format!(
            "`{}` has a column `{}` already.",
            table.key, column.name
        ))
    }

    fn draft(&self, amend: Amend, answers: &AmendmentDetails) -> Option<Fix> {
        let request = self.request(amend, answers)?;
        match self.spec {
            Some(spec) => draft_amendment(self.snapshot, spec, &request),
            None => draft_amendment_in_new_spec(self.snapshot, self.table?, &request),
        }
    }

    fn request(&self, amend: Amend, answers: &AmendmentDetails) -> Option<AmendmentRequest> {
        let said = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let detail = said(&answers.detail);
        let has_words = self.selected.is_some() && amend == Amend::FilterRows;
        let is_guess = amend.asks().is_some() && detail.is_none() && !has_words;
        let table = self.table.map(|table| table.key.to_string());
        let column = self.column.as_ref().map(ToString::to_string);
        let both = table.as_ref().zip(column.as_ref());
        let (title, changes, guarantees) = match amend {
            Amend::Anything => match (both, &table) {
                (Some((table, column)), _) => {
                    let path = format!("{table}.{column}");
                    (
                        format!("Amend: something about `{path}`…"),
                        vec![path],
                        vec![],
                    )
                }
                (None, Some(table)) => (
                    format!("Amend: something about `{table}`…"),
                    vec![table.clone()],
                    vec![],
                ),
                (None, None) => ("Amend: something new…".to_owned(), vec![], vec![]),
            },
            Amend::ChangeColumn => {
                let (table, column) = both?;
                let path = format!("{table}.{column}");
                (
                    format!("Amend: change what `{column}` means…"),
                    vec![path],
                    vec![],
                )
            }
            Amend::RenameColumn => {
                let (table, column) = both?;
                let new = detail.unwrap_or_else(|| format!("new_{column}"));
                let new = as_in_sentence(&new);
                let path = format!("{table}.{new}");
                let sentence = format!("{path} is renamed from {column}");
                (
                    format!("Amend: rename `{column}`…"),
                    vec![path],
                    vec![sentence],
                )
            }
            Amend::RetypeColumn => {
                let (table, column) = both?;
                let path = format!("{table}.{column}");
                let declared = || {
                    let column = self.table?.column(self.column.as_ref()?)?;
                    column.data_type.as_ref().map(ToString::to_string)
                };
                let data_type = detail
                    .or_else(declared)
                    .unwrap_or_else(|| "VARCHAR".to_owned());
                let sentence = format!("{path} is {data_type}");
                (
                    format!("Amend: change the type of `{column}`…"),
                    vec![path],
                    vec![sentence],
                )
            }
            Amend::RemoveColumn => {
                let (table, column) = both?;
                let path = format!("{table}.{column}");
                let sentence = format!("{path} is absent");
                (
                    format!("Amend: remove `{column}`…"),
                    vec![path],
                    vec![sentence],
                )
            }
            Amend::AddColumn => {
                let table = table?;
                let path = format!(
                    "{table}.{}",
                    as_in_sentence(&detail.unwrap_or_else(|| "new_column".to_owned()))
                );
                let sentence = format!("{path} exists");
                (
                    format!("Amend: add a column to `{table}`…"),
                    vec![path],
                    vec![sentence],
                )
            }
            Amend::FilterRows => {
                let table = table?;
                let condition = detail.or_else(|| self.selected.clone());
                let condition = condition.unwrap_or_else(|| "condition".to_owned());
                let sentence = format!("{table} excludes rows where {condition}");
                let title = format!("Amend: leave out rows of `{table}`…");
                (title, vec![format!("{table}.rows")], vec![sentence])
            }
            Amend::ChangeGrain => {
                let table = table?;
                let grain = detail.or_else(|| self.grain());
                let grain = grain.unwrap_or_else(|| "key".to_owned());
                let sentence = format!("{table} has one row per {grain}");
                let title = format!("Amend: change the grain of `{table}`…");
                (title, vec![format!("{table}.rows")], vec![sentence])
            }
        };
        Some(AmendmentRequest {
            title,
            changes,
            is_guess,
            guarantees,
            requirement: said(&answers.requirement),
        })
    }

    /// The columns that identify one row as the spec has it.
    fn grain(&self) -> Option<String> {
        let descriptions = self.table?.descriptions.iter();
        let entries = descriptions.filter_map(|id| self.snapshot.description(*id));
        let mut grains = entries
            .map(|(_, entry)| &entry.grain)
            .filter(|grain| !grain.is_empty());
        let names = grains.next()?.iter().map(|name| name.value.to_string());
        Some(names.collect::<Vec<_>>().join(", "))
    }
}

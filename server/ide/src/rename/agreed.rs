//! Renames that open amendments ask for: once the names are changed everywhere, the amendment that asked is
//! closed instead of a new one being drafted.

use super::{Refusal, Renaming, column, refuse_half, table};
use crate::lookup;
use crate::subject::Subject;
use index::{File, Snapshot, TableKey};
use spec::guarantee::{Guarantee, parse};
use spec::model::{Amendment, AmendmentId, Status};
use syntax::{Name, Placed, Spot, TextRange};

/// A rename that an open amendment asks for, and that nobody has made.
#[derive(Clone, Debug)]
pub(crate) struct AgreedRename<'s> {
    snapshot: &'s Snapshot,
    amendment: Asking<'s>,
    old: Old,
    /// Its table, as the sentence calls it.
    called: Vec<Name>,
    new: Name,
}

/// What has its old name yet.
#[derive(Clone, Debug)]
enum Old {
    Column(TableKey, Name),
    Table(TableKey),
}

/// An open amendment of a product.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'s> {
    /// The spec that states it.
    pub(super) spec: &'s File,
    pub(super) id: &'s AmendmentId,
}

impl<'s> AgreedRename<'s> {
    /// Those that the amendments in `range` of a spec ask for; where it is at sentences, those that just these
    /// ask for.
    pub(crate) fn all(snapshot: &'s Snapshot, spec: &'s File, range: TextRange) -> Vec<Self> {
        let amendments = spec.native_spec().map(|spec| spec.amendments.as_slice());
        let is_here = |spot: Spot| {
            let own = spec.range(spot);
            own.start() <= range.end() && range.start() <= own.end()
        };
        let open = amendments.unwrap_or_default().iter().filter(|amendment| {
            let is_accepted = amendment.status() == Status::Accepted;
            is_here(amendment.entry) && amendment.is_open() && is_accepted
        });
        open.flat_map(|amendment| {
            let sentences = amendment.guarantees.iter();
            let (here, others): (Vec<_>, Vec<_>) =
                sentences.partition(|sentence| is_here(sentence.spot));
            let asked = if here.is_empty() { others } else { here };
            of_sentences(snapshot, spec, amendment, &asked)
        })
        .collect()
    }

    /// The amendment that asks for it.
    pub(crate) fn amendment(&self) -> &AmendmentId {
        self.amendment.id
    }

    /// What it does, as an order.
    pub(crate) fn title(&self) -> String {
        let old = match &self.old {
            Old::Column(key, name) => format!("{key}.{name}"),
            Old::Table(key) => key.to_string(),
        };
        format!(
            "Rename `{old}` to `{}`, as amendment `{}` asks",
            self.new, self.amendment.id
        )
    }

    /// The edits.
    ///
    /// # Errors
    /// Where it can't be renamed for certain.
    pub(crate) fn renaming(&self) -> Result<Renaming, Refusal> {
        refuse_half(self.snapshot)?;
        let asking = Some((self.amendment, self.called.as_slice()));
        match &self.old {
            Old::Column(key, old) => column::rename(self.snapshot, key, old, &self.new, asking),
            Old::Table(key) => {
                table::check(self.snapshot, key)?;
                table::rename(self.snapshot, key, &self.new, None, asking)
            }
        }
    }
}

fn of_sentences<'s>(
    snapshot: &'s Snapshot,
    spec: &'s File,
    amendment: &'s Amendment,
    sentences: &[&Placed<String>],
) -> Vec<AgreedRename<'s>> {
    let Some(id) = &amendment.id else {
        return Vec::new();
    };
    let sentences = sentences.iter();
    let parsed = sentences.filter_map(|sentence| parse(&sentence.value).ok());
    let renames = parsed.filter_map(|sentence| {
        let Guarantee::RenamedFrom { what, from } = &sentence else {
            return None;
        };
        let (new, qualifier) = what.parts.split_last()?;
        let named: Vec<Name> = qualifier.iter().chain(&from.parts).cloned().collect();
        let (old, called) = match lookup::named(snapshot, spec, &named)? {
            Subject::Column(key, name) => {
                let table = snapshot.table(&key)?;
                let gives = |name| table.column(name).is_some_and(|own| own.is_selected());
                let is_to_be_made = gives(&name) && !gives(new);
                is_to_be_made.then(|| (Old::Column(key, name), qualifier.to_vec()))?
            }
            Subject::Table(key) => {
                let is_free = lookup::table_named(snapshot, spec, &what.parts).is_none();
                let is_made_here = snapshot.defining_model(snapshot.table(&key)?).is_some();
                (is_free && is_made_here).then_some((Old::Table(key), named))?
            }
            _ => return None,
        };
        Some(AgreedRename {
            snapshot,
            amendment: Asking {
                spec,
                id: &id.value,
            },
            old,
            called,
            new: new.clone(),
        })
    });
    renames.collect()
}

//! What a place is about, where that is a macro: its definition, a call of it, or the entry of a properties
//! file that describes it.

use super::{Mention, Place, Role, Subject};
use index::MacroKey;
use spec::model::DescribedMacro;
use sql::SqlFacts;

/// The macros that are defined and called at the place.
pub(super) fn of_template(place: &Place<'_>, sql: &SqlFacts) -> Vec<Mention> {
    let file = place.file;
    let defined = sql.macros.iter().filter_map(|own| {
        Some(Mention {
            range: place.within(own.name_spot)?,
            subject: Subject::Macro(MacroKey {
                file: file.id,
                name: own.name.clone(),
            }),
            role: Role::Definition,
        })
    });
    let called = sql.calls.iter().filter_map(|call| {
        Some(Mention {
            range: place.within(call.spot)?,
            subject: Subject::Macro(place.snapshot.macro_called(file, call)?),
            role: Role::Mention,
        })
    });
    defined.chain(called).collect()
}

/// The macros that are described at the place.
pub(super) fn of_properties(place: &Place<'_>, macros: &[DescribedMacro]) -> Vec<Mention> {
    let described = macros.iter().filter_map(|entry| {
        Some(Mention {
            range: place.within(entry.name.spot)?,
            subject: Subject::Macro(place.snapshot.macro_described(place.file, entry)?),
            role: Role::Definition,
        })
    });
    described.collect()
}

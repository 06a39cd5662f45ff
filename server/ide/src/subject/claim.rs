//! The table and the column that a `relationships` test of dbt names.

use super::{Mention, Place, Role, Subject};
use crate::lookup;
use spec::model::{ClaimKind, Table};
use syntax::{Name, TextRange, TextSize};

/// What the place is about, if it is in such a test of `table` or of a column of it.
pub(super) fn of_claims(place: &Place<'_>, table: &Table, found: &mut Vec<Mention>) {
    let columns = table.columns.iter().flat_map(|column| &column.claims);
    for claim in table.claims.iter().chain(columns) {
        if let ClaimKind::Relationships { to, field } = &claim.kind
            && let Some(range) = place.within(claim.spot)
        {
            of_relationship(place, range, to, field, found);
        }
    }
}

/// `to` is the name of the table, without the `ref` or `source` round it.
fn of_relationship(
    place: &Place<'_>,
    test: TextRange,
    to: &str,
    field: &Name,
    found: &mut Vec<Mention>,
) {
    let parts: Vec<Name> = to.split('.').map(Name::new).collect();
    let table = lookup::table_named(place.snapshot, place.file, &parts);
    let (Some(table), Some(name)) = (table, parts.last()) else {
        return;
    };
    let Some(text) = place.text() else {
        return;
    };
    let text = lookup::slice(text, test);
    let mut push = |key: &Key, word: &Name, subject: Subject| {
        let range = key
            .value(text, word.as_str())
            .map(|range| range + test.start());
        found.extend(
            range
                .filter(|range| place.touches(*range))
                .map(|range| Mention {
                    range,
                    subject,
                    role: Role::Mention,
                }),
        );
    };
    push(&TO, name, Subject::Table(table.key.clone()));
    push(
        &FIELD,
        field,
        Subject::Column(table.key.clone(), field.clone()),
    );
}

/// A key of the test, and what ends its value besides the end of the line.
struct Key {
    name: &'static str,
    ends: [char; 2],
}

const TO: Key = Key {
    name: "to",
    ends: [')', '}'],
};
const FIELD: Key = Key {
    name: "field",
    ends: [',', '}'],
};

impl Key {
    /// Where `word` stands in `text`, as the last name in the value of this key.
    fn value(&self, text: &str, word: &str) -> Option<TextRange> {
        let mut keys = text.match_indices(self.name);
        let (start, value) = keys.find_map(|(at, _)| {
            let start = at + self.name.len() + 1;
            let value = text.get(at + self.name.len()..)?.strip_prefix(':')?;
            Some((start, value.split(self.ends).next()?.lines().next()?))
        })?;
        Some(TextRange::at(
            lookup::offset(start + value.rfind(word)?),
            TextSize::of(word),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_the_value_of_its_key() {
        for (text, key, expected) in [
            ("to: ref('a')\nfield: a", TO, Some(9)),
            ("to: ref('a')\nfield: a", FIELD, Some(20)),
            ("{to: source('a', 'a'), field: b}", TO, Some(18)),
            ("{to: ref(b), field: a}", FIELD, Some(20)),
            ("{to: ref('a'), field: a}", TO, Some(10)),
            ("{field: a, to: ref('a')}", FIELD, Some(8)),
            ("goto a", TO, None),
            ("to: ref('b')\nfield: a", TO, None),
        ] {
            let found = key.value(text, "a").map(|range| u32::from(range.start()));
            assert_eq!(found, expected, "{text}");
        }
    }
}

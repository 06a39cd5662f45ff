//! Names of tables and columns.

use smol_str::SmolStr;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The name of a table, a column or a source, spelled as it was written.
///
/// Two names are equal when they differ in the case of ASCII letters only. Databases fold unquoted
/// names in their own ways and specs are written by hand, so a difference in case alone is never
/// grounds for a finding.
#[derive(Clone, Default)]
pub struct Name(SmolStr);

impl Name {
    /// The name as it was written, without quotes.
    pub fn new(spelled: impl AsRef<str>) -> Name {
        Name(SmolStr::new(spelled))
    }

    /// The name as it was written, without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A qualified name as people write it, the outermost part first: `shop.orders`.
pub fn dotted(parts: &[Name]) -> String {
    let parts: Vec<&str> = parts.iter().map(Name::as_str).collect();
    parts.join(".")
}

/// Whether two equal values are also spelled alike: every name in them, in the same letters.
///
/// What is shown to people follows the spelling, which equality of names leaves out. The debug text
/// of a value has each name as it was written.
pub fn spelled_alike<T: fmt::Debug>(left: &T, right: &T) -> bool {
    spelling(left) == spelling(right)
}

fn spelling(value: &impl fmt::Debug) -> u64 {
    struct Digest(DefaultHasher);
    impl fmt::Write for Digest {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }
    let mut digest = Digest(DefaultHasher::new());
    // Writing to a digest can't fail.
    let _ = fmt::write(&mut digest, format_args!("{value:?}"));
    digest.0.finish()
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

/// Most names are shorter.
const HASHED_AT_ONCE: usize = 32;

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // In pieces: names are looked up all the time, and a hasher takes each letter alone far slower.
        for piece in self.0.as_bytes().chunks(HASHED_AT_ONCE) {
            let mut folded = [0; HASHED_AT_ONCE];
            for (place, letter) in folded.iter_mut().zip(piece) {
                *place = letter.to_ascii_lowercase();
            }
            state.write(folded.get(..piece.len()).unwrap_or_default());
        }
        state.write_u8(0xff);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> std::cmp::Ordering {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        let mut letters = left.iter().zip(right).filter(|(left, right)| left != right);
        let differing = letters.find_map(|(left, right)| {
            let order = left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase());
            order.is_ne().then_some(order)
        });
        differing.unwrap_or_else(|| left.len().cmp(&right.len()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl From<&str> for Name {
    fn from(spelled: &str) -> Name {
        Name::new(spelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::BuildHasher;

    #[test]
    fn names_are_told_apart_and_ordered_by_their_folded_letters() {
        let long = "a_name_that_is_longer_than_what_is_hashed_at_once";
        let names = [
            "", "a", "A", "B", "b", "a_b", "aB", "A_", "É", "é", "[", long,
        ];
        let upper = long.to_ascii_uppercase();
        let all: Vec<&str> = names.iter().copied().chain([upper.as_str()]).collect();
        let hasher = std::hash::RandomState::new();
        for left in &all {
            for right in &all {
                let folded = [left, right].map(|name| name.to_ascii_lowercase());
                let is_same = folded.first() == folded.last();
                let (left, right) = (Name::new(left), Name::new(right));
                assert_eq!(left == right, is_same, "{left} {right}");
                assert_eq!(
                    left.cmp(&right),
                    folded.first().cmp(&folded.last()),
                    "{left} {right}"
                );
                assert_eq!(
                    hasher.hash_one(&left) == hasher.hash_one(&right),
                    is_same,
                    "{left} {right}"
                );
            }
        }
    }
}

//! What is known of SQL functions: which names mean the same, and what each kind of function does.
//!
//! All of it is data, one table for what dialects share and one for where they differ. A function
//! that is in none of them is not known, and nothing may be concluded from it.

mod aggregate;
mod scalar;
mod synonym;
mod table;

pub use synonym::spelled;
pub(crate) use synonym::{Where, canonical};

use crate::relation::DataType;

/// A function of SQL, by the name that [`crate::relation::Call::function`] has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name, in lower case.
    pub name: &'static str,
    /// What it works on.
    pub kind: FunctionKind,
    /// It may give another value each time it is called, or each time the query runs.
    pub volatile: bool,
    /// When it gives `NULL`.
    pub nulls: Nulls,
    /// The type of what it gives.
    pub gives: Gives,
}

/// What a function works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// The values of one row.
    Scalar,
    /// The rows of a group, or of a window.
    Aggregate,
    /// The rows of a window only.
    Window,
    /// It gives rows, and stands in `FROM`.
    Table,
}

/// When a function gives `NULL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nulls {
    /// Exactly if an argument is `NULL`. In Oracle, where an empty text is `NULL`, a function that
    /// gives texts may do so besides.
    IfAnyNull,
    /// An aggregate: never where a row of the group has a value for its first argument, else in
    /// most dialects.
    IfNoValue,
    /// Never.
    Never,
    /// Also for arguments none of which is `NULL`.
    Maybe,
    /// Nothing is known of it, or dialects differ.
    Unknown,
}

/// The type of what a function gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Gives {
    /// Always this one.
    Fixed(DataType),
    /// A whole number, of a size that depends on the dialect.
    Integer,
    /// That of its first argument.
    SameAsFirst,
    /// It depends on more, or on the dialect.
    Unknown,
}

/// What is known of the function of that name, which is in lower case.
pub fn function(name: &str) -> Option<&'static Function> {
    [scalar::FUNCTIONS, aggregate::FUNCTIONS, table::FUNCTIONS]
        .into_iter()
        .find_map(|functions| {
            let place = functions.binary_search_by(|function| function.name.cmp(name));
            functions.get(place.ok()?)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_stand_once() {
        let tables = [scalar::FUNCTIONS, aggregate::FUNCTIONS, table::FUNCTIONS];
        let mut all = Vec::new();
        for table in tables {
            let names: Vec<&str> = table.iter().map(|function| function.name).collect();
            let unsorted = names.windows(2).find(|pair| pair[0] >= pair[1]);
            assert_eq!(unsorted, None);
            all.extend(names);
        }
        assert!(all.len() >= 200, "{}", all.len());
        all.sort_unstable();
        let twice = all.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None);
        for name in all {
            assert_eq!(function(name).map(|function| function.name), Some(name));
            assert_eq!(name, name.to_ascii_lowercase());
        }
    }

    #[test]
    fn functions_do_what_their_tables_say() {
        let lower = function("lower").expect("known");
        assert_eq!(lower.nulls, Nulls::IfAnyNull);
        assert_eq!(lower.gives, Gives::Fixed(DataType::Text(None)));
        assert!(function("random").expect("known").volatile);
        assert_eq!(function("count").expect("known").nulls, Nulls::Never);
        assert_eq!(
            function("row_number").map(|function| function.kind),
            Some(FunctionKind::Window)
        );
        assert_eq!(function("our_own_udf"), None);
    }
}

//! Whether a name has the letters that were typed, in their order: what people type of a name they look
//! for. It is asked of every name of a workspace, so nothing is copied for it.

/// Letters that are looked for, in lower case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letters<'q> {
    rest: &'q str,
}

impl<'q> Letters<'q> {
    /// The letters of `typed`, which is in lower case.
    pub(crate) fn new(typed: &'q str) -> Letters<'q> {
        Letters { rest: typed }
    }

    /// Whether `name` has all of them.
    pub(crate) fn are_in(self, name: &str) -> bool {
        self.behind(name).is_done()
    }

    /// Those that are still looked for behind `text`.
    pub(crate) fn behind(self, text: &str) -> Letters<'q> {
        if text.is_ascii() {
            let mut wanted = self.rest.as_bytes();
            for letter in text.bytes() {
                match wanted.split_first() {
                    Some((first, rest)) if *first == letter.to_ascii_lowercase() => wanted = rest,
                    Some(_) => {}
                    None => break,
                }
            }
            let start = self.rest.len() - wanted.len();
            let rest = self.rest.get(start..).unwrap_or_default();
            return Letters { rest };
        }
        let mut wanted = self.rest.chars();
        for letter in text.chars().flat_map(char::to_lowercase) {
            if wanted.clone().next() == Some(letter) {
                wanted.next();
            }
        }
        Letters {
            rest: wanted.as_str(),
        }
    }

    /// Whether all were found.
    pub(crate) fn is_done(self) -> bool {
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_in_their_order_whatever_their_case() {
        for (typed, name, expected) in [
            ("stor", "STG_Orders", true),
            ("srots", "stg_orders", false),
            ("", "x", true),
            ("größe", "Die_GRÖßE", true),
            ("ö", "o", false),
            ("ab", "a", false),
        ] {
            assert_eq!(
                Letters::new(typed).are_in(name),
                expected,
                "{typed} in {name}"
            );
        }
        let in_parts = Letters::new("w.or")
            .behind("raw")
            .behind(".")
            .behind("orders");
        assert!(in_parts.is_done());
    }
}

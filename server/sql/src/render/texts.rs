//! Texts in quotes that a template has a part in: `'{{ var("day") }}'`.
//!
//! A placeholder is numbered by its place in the template. In a text it gives way to what it stands for,
//! so that two texts differ only where the template asks for something else.

use super::output::{Rendered, StandsFor};
use crate::relation::{Expression, Literal, Query};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The placeholders of a rendered text, and what they are replaced by.
pub(super) struct Words<'r> {
    /// How every placeholder begins.
    prefix: &'r str,
    by_placeholder: BTreeMap<&'r str, String>,
}

impl<'r> Words<'r> {
    pub(super) fn of(rendered: &'r Rendered) -> Words<'r> {
        let words = rendered.holes.iter().filter_map(|hole| {
            let range = usize::from(hole.range.start())..usize::from(hole.range.end());
            let StandsFor::Unknown(words) = &hole.stands_for else {
                // A table stays the same one under another name.
                return None;
            };
            Some((rendered.text.get(range)?, format!("{{{{ {words} }}}}")))
        });
        let by_placeholder: BTreeMap<&str, String> = words.collect();
        let first = by_placeholder.keys().next().copied().unwrap_or_default();
        let prefix = first.split(|letter: char| letter.is_ascii_digit()).next();
        Words {
            prefix: prefix.unwrap_or_default(),
            by_placeholder,
        }
    }

    /// Replaces them in every text of a query.
    pub(super) fn put_in(&self, query: &mut Query) {
        if self.by_placeholder.is_empty() {
            return;
        }
        for relation in &mut query.relations {
            relation.for_each_expression_mut(&mut |expression| {
                expression.for_each_mut(&mut |part| {
                    if let Expression::Literal(Literal::Text(text) | Literal::Other(text)) = part {
                        self.put_in_text(text);
                    }
                });
            });
        }
    }

    fn put_in_text(&self, text: &mut SmolStr) {
        if !text.contains(self.prefix) {
            return;
        }
        for (placeholder, words) in &self.by_placeholder {
            if text.contains(placeholder) {
                *text = SmolStr::new(text.replace(placeholder, words));
            }
        }
    }
}

//! Block sequences.

use super::repair::Dedent;
use super::{Owner, Parser};
use crate::yaml::tree::Node;
use std::cmp::Ordering;

impl Parser<'_> {
    /// Reads items whose dashes stand at `column`, up to a line that belongs further out.
    pub(super) fn sequence_items(&mut self, column: usize, items: &mut Vec<Node>) {
        while let Some(here) = self.next_line() {
            let dash = self.source.is_dash(self.at);
            match here.cmp(&column) {
                Ordering::Equal if dash => items.push(self.item(column)),
                Ordering::Equal if self.is_open_further_out(column) => return,
                Ordering::Equal => items.extend(self.entry_among_items()),
                Ordering::Greater => self.deeper_than_items(here, items),
                Ordering::Less => match self.dedent(here) {
                    Dedent::Stray => self.skip_line(),
                    Dedent::FurtherOut => return,
                    Dedent::Here if dash => items.push(self.item(here)),
                    Dedent::Here => items.extend(self.entry_among_items()),
                },
            }
        }
    }

    /// The item whose `-` stands here.
    fn item(&mut self, column: usize) -> Node {
        if let Some(open) = self.open.last_mut() {
            open.last = Some(self.at);
        }
        self.at += 1;
        self.value_behind_indicator(Owner::Column(column))
    }

    /// Goes to the next content of the document, and says in which column it stands.
    pub(super) fn next_line(&mut self) -> Option<usize> {
        self.skip_blank_lines();
        (!self.ends_document()).then(|| self.source.column(self.at))
    }
}

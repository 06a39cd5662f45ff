//! Block mappings.

use super::repair::Dedent;
use super::{Owner, Parser, absent, end_of, start_of};
use crate::yaml::tree::Entry;
use std::cmp::Ordering;

impl Parser<'_> {
    /// Reads entries whose keys stand at `column`, up to a line that belongs further out.
    pub(super) fn mapping_entries(&mut self, column: usize, entries: &mut Vec<Entry>) {
        while let Some(here) = self.next_line() {
            let dash = self.source.is_dash(self.at);
            let here = match self.is_tabbed_behind(entries) && !dash {
                true => column, // what a tab stands for, nobody knows but who typed it
                false => here,
            };
            match here.cmp(&column) {
                Ordering::Equal if !dash => entries.push(self.entry(column)),
                Ordering::Equal => {
                    if !self.item_among_entries(column, entries) {
                        return;
                    }
                }
                Ordering::Greater => self.deeper_than_entries(here, entries),
                Ordering::Less => match self.dedent(here) {
                    Dedent::Stray => self.skip_line(),
                    Dedent::Here if !dash => entries.push(self.entry(here)),
                    Dedent::Here | Dedent::FurtherOut => return,
                },
            }
        }
    }

    fn is_tabbed_behind(&self, entries: &[Entry]) -> bool {
        self.source.is_tabbed(self.at)
            && entries.last().is_none_or(|last| {
                self.source.line_start(start_of(&last.key)) != self.source.line_start(self.at)
            })
    }

    /// The entry that starts here, in a mapping at `column`.
    fn entry(&mut self, column: usize) -> Entry {
        if self.source.is_indicator(self.at, b'?') {
            return self.explicit_entry(column);
        }
        if self.source.is_indicator(self.at, b':') {
            let key = absent(self.at);
            self.at += 1;
            let value = self.value_behind_mark(column);
            return Entry { key, value };
        }
        match self.source.key_colon(self.at) {
            Some(colon) => Entry {
                key: self.key(colon),
                value: self.value_behind_colon(column),
            },
            None => self.unfinished_entry(column),
        }
    }

    /// `? key`, and `: value` below it.
    fn explicit_entry(&mut self, column: usize) -> Entry {
        self.at += 1;
        let key = self.value_behind_mark(column);
        self.skip_blank_lines();
        let colon =
            self.source.is_indicator(self.at, b':') && self.source.column(self.at) == column;
        let value = if colon {
            self.at += 1;
            self.value_behind_mark(column)
        } else {
            absent(end_of(&key))
        };
        Entry { key, value }
    }

    /// A key that is being typed: its line has no colon yet. What lies deeper is its value.
    fn unfinished_entry(&mut self, column: usize) -> Entry {
        self.report_line("This key has no `:` behind it: write `key: value`.");
        let end = self.source.trimmed(self.at, self.source.line_end(self.at));
        let key = self.plain_on_line(self.at, end);
        let value = self.value_below(Owner::Column(column), end);
        Entry { key, value }
    }
}

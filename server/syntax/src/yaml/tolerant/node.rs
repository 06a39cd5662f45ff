//! Block nodes: what kind of value starts here, and where a value below its key is to be found.

use super::{Open, Owner, Parser, absent, end_of, start_of};
use crate::yaml::BLOCK_NESTING_LIMIT;
use crate::yaml::bytes::{range, separates, skip_blanks_and_comments};
use crate::yaml::tree::{Node, NodeKind};

impl Parser<'_> {
    /// The block node that starts here, whatever it is.
    pub(super) fn node(&mut self, owner: Owner) -> Node {
        let entry = self.starts_entry(self.at);
        // A value inside of the deepest collection is fine, another collection is not.
        if self.depth > BLOCK_NESTING_LIMIT || (entry && self.depth == BLOCK_NESTING_LIMIT) {
            return self.too_deep(owner, self.at);
        }
        self.depth += 1;
        let column = self.source.column(self.at);
        let node = match entry {
            true if self.source.is_dash(self.at) => self.sequence(column),
            true => self.mapping(column),
            false => self.value(owner),
        };
        self.depth -= 1;
        node
    }

    /// Stands for what is nested deeper than the limit, and skips it.
    fn too_deep(&mut self, owner: Owner, behind: usize) -> Node {
        self.report_line("This is nested too deeply to be read.");
        loop {
            self.skip_line();
            self.skip_blank_lines();
            if self.ends_document() || !owner.owns(self.source.column(self.at)) {
                return absent(behind);
            }
        }
    }

    pub(super) fn sequence(&mut self, column: usize) -> Node {
        let start = self.at;
        let mut items = Vec::new();
        self.within(column, true, |parser| {
            parser.sequence_items(column, &mut items)
        });
        let end = items.last().map_or(start + 1, end_of);
        Node::new(NodeKind::Sequence { items, flow: false }, range(start, end))
    }

    pub(super) fn mapping(&mut self, column: usize) -> Node {
        let start = self.at;
        let mut entries = Vec::new();
        self.within(column, false, |parser| {
            parser.mapping_entries(column, &mut entries)
        });
        let end = entries.last().map_or(start, |entry| end_of(&entry.value));
        Node::new(
            NodeKind::Mapping {
                entries,
                flow: false,
            },
            range(start, end),
        )
    }

    /// Runs `parse` while a collection at `column` is open.
    pub(super) fn within(&mut self, column: usize, sequence: bool, parse: impl FnOnce(&mut Self)) {
        self.open.push(Open {
            column,
            sequence,
            last: None,
        });
        parse(self);
        self.open.pop();
    }

    /// The value behind a `-`, `?` or `---` that has just been read, here or on the next lines.
    pub(super) fn value_behind_indicator(&mut self, owner: Owner) -> Node {
        let behind = self.at;
        self.skip_blanks();
        if self.at_line_end() {
            return self.value_below(owner, behind);
        }
        let tabbed = self.source.slice(behind, self.at).contains('\t');
        if tabbed && owner != Owner::Root && self.starts_entry(self.at) {
            self.report(
                behind,
                self.at,
                "A tab stands before this value: YAML allows spaces only.",
            );
        }
        match owner {
            Owner::Root => self.value(owner), // no block collection starts on the line of a marker
            Owner::Column(_) => self.node(owner),
        }
    }

    /// The value on the lines below an indicator or property that ends at `behind`; absent where
    /// they lie no deeper than `owner`.
    pub(super) fn value_below(&mut self, owner: Owner, behind: usize) -> Node {
        self.skip_line();
        self.skip_blank_lines();
        if self.ends_document() {
            return absent(behind);
        }
        if self.is_tabbed_entry()
            && let Some(mapping) = self.tabbed_mapping(owner)
        {
            return mapping;
        }
        if !owner.owns(self.source.column(self.at)) {
            return absent(behind);
        }
        self.node(owner)
    }

    /// The value behind the `:` of a key at `column`.
    pub(super) fn value_behind_colon(&mut self, column: usize) -> Node {
        let behind = self.at;
        self.skip_blanks();
        if self.at_line_end() {
            return self.value_below_key(column, behind);
        }
        if self.source.is_dash(self.at) {
            self.report(
                self.at,
                self.at + 1,
                "A list cannot start behind its key: start it on the next line.",
            );
        }
        self.value(Owner::Column(column))
    }

    /// The key behind a `?`, or the value behind a `:` on a line of its own.
    pub(super) fn value_behind_mark(&mut self, column: usize) -> Node {
        let behind = self.at;
        self.skip_blanks();
        if self.at_line_end() {
            return self.value_below_key(column, behind);
        }
        self.node(Owner::Column(column))
    }

    /// Like [`Parser::value_below`], but the items of a sequence may stand as far left as its key.
    pub(super) fn value_below_key(&mut self, column: usize, behind: usize) -> Node {
        self.skip_line();
        self.skip_blank_lines();
        if self.ends_document() {
            return absent(behind);
        }
        let enclosing = self.open.iter().rev().nth(1);
        let in_sequence_here = enclosing.is_some_and(|open| open.sequence && open.column == column);
        let here = self.source.column(self.at);
        if here == column && self.source.is_dash(self.at) && !in_sequence_here {
            if self.depth >= BLOCK_NESTING_LIMIT {
                return self.too_deep(Owner::left_of(column), behind);
            }
            self.depth += 1;
            let node = self.sequence(column);
            self.depth -= 1;
            return node;
        }
        let owner = Owner::Column(column);
        if self.is_tabbed_entry() {
            return match self.tabbed_mapping(owner) {
                Some(mapping) => mapping,
                None => absent(behind),
            };
        }
        if here <= column {
            return absent(behind);
        }
        self.node(owner)
    }

    /// Whether an entry or item stands here behind a tab.
    pub(super) fn is_tabbed_entry(&self) -> bool {
        self.source.is_tabbed(self.at) && self.starts_entry(self.at)
    }

    /// The mapping that a tabbed first line and the lines below it make, if those are `owner`'s:
    /// what the tab stands for only they can tell.
    fn tabbed_mapping(&mut self, owner: Owner) -> Option<Node> {
        let column = self.next_column().filter(|column| owner.owns(*column))?;
        (self.open.len() < BLOCK_NESTING_LIMIT).then(|| self.mapping(column))
    }

    /// The column of the next line's content, unless a tab hides it.
    fn next_column(&self) -> Option<usize> {
        let end = self.source.line_end(self.at);
        let next = skip_blanks_and_comments(self.source.text(), end);
        (!self.source.is_end(next) && !self.source.is_tabbed(next))
            .then(|| self.source.column(next))
    }

    /// A value that is no block collection on its own first line, after its anchor and tag.
    pub(super) fn value(&mut self, owner: Owner) -> Node {
        let properties = self.properties();
        let mut node = if self.at_line_end() {
            match (owner, self.open.last()) {
                (Owner::Column(column), Some(open)) if !open.sequence && open.column == column => {
                    self.value_below_key(column, properties.end)
                }
                _ => self.value_below(owner, properties.end),
            }
        } else {
            self.value_here(owner)
        };
        properties.give_to(&mut node);
        node
    }

    fn value_here(&mut self, owner: Owner) -> Node {
        let start = self.at;
        match self.peek() {
            b'|' | b'>' => self.block_scalar(owner),
            b'"' | b'\'' => {
                let node = self.quoted(owner);
                self.expect_line_end();
                node
            }
            b'[' | b'{' => {
                let node = self.flow(owner, 0);
                self.expect_line_end();
                node
            }
            b'*' => {
                let node = self.alias(|_| false);
                self.expect_line_end();
                node
            }
            first @ (b'@' | b'`' | b'%' | b',' | b']' | b'}') => {
                let end = self.source.trimmed(start, self.source.line_end(start));
                let message = format!(
                    "A value cannot start with `{}`: put it in quotes.",
                    char::from(first)
                );
                self.report(start, end, message);
                self.skip_line();
                self.plain_on_line(start, end)
            }
            _ => self.plain(owner),
        }
    }

    /// The alias that starts here and ends before white space or what else `ends` it.
    pub(super) fn alias(&mut self, ends: impl Fn(u8) -> bool) -> Node {
        let start = self.at;
        while !separates(self.source.text(), self.at) && !ends(self.peek()) {
            self.at += 1;
        }
        let name = self.source.slice(start + 1, self.at);
        if name.is_empty() {
            self.report(start, start + 1, "A name is missing behind `*`.");
        }
        Node::new(NodeKind::Alias(name.into()), range(start, self.at))
    }
}

/// Gives `root` a new end after something was added to it.
pub(super) fn stretch(root: &mut Node, end: usize) {
    let start = start_of(root);
    root.range = range(start, end.max(end_of(root)));
}

//! The twenty ways in which a line of YAML is broken while somebody types it.

/// A text with one broken line.
pub(crate) struct Broken {
    pub(crate) text: String,
    /// The broken line in it, from 0.
    pub(crate) line: usize,
    /// The line of the valid text whose own leaf may be lost.
    pub(crate) replaced: Option<usize>,
    /// Whether an item more shifts the numbers of those behind it.
    pub(crate) adds_item: bool,
}

/// How a line is broken: what becomes of `lines` where `at` is a line `key: value`.
type Form = fn(&Line) -> Option<Broken>;

/// A line `key: value` of a valid text, perhaps with dashes in front.
pub(crate) struct Line<'a> {
    pub(crate) lines: &'a [&'a str],
    pub(crate) at: usize,
}

impl Line<'_> {
    fn whole(&self) -> &str {
        self.lines[self.at]
    }

    fn body(&self) -> &str {
        self.whole().trim_start_matches([' ', '-'])
    }

    fn key(&self) -> &str {
        self.body().split(':').next().unwrap()
    }

    fn value(&self) -> &str {
        self.body().split_once(':').unwrap().1.trim()
    }

    fn before(&self) -> &str {
        self.whole().strip_suffix(self.body()).unwrap()
    }

    /// Not the first key of a list item.
    fn is_inner(&self) -> bool {
        !self.before().contains('-') && self.before().len() >= 2
    }

    /// The text with this line's value, key and all replaced; what stands before the key stays.
    fn with_body(&self, body: String) -> Option<Broken> {
        self.replaced(self.at, format!("{}{body}", self.before()))
    }

    fn replaced(&self, at: usize, line: String) -> Option<Broken> {
        let mut lines = self.lines.to_vec();
        lines[at] = &line;
        Some(Broken {
            text: lines.join("\n") + "\n",
            line: at,
            replaced: Some(at),
            adds_item: false,
        })
    }

    /// The text with another line below this one, in the same column.
    fn with_next(&self, body: &str) -> Option<Broken> {
        self.inserted(
            self.at + 1,
            format!("{}{body}", " ".repeat(self.before().len())),
        )
    }

    fn inserted(&self, at: usize, line: String) -> Option<Broken> {
        let mut lines = self.lines.to_vec();
        lines.insert(at, &line);
        Some(Broken {
            text: lines.join("\n") + "\n",
            line: at,
            replaced: None,
            adds_item: false,
        })
    }

    /// A lone dash below the whole item that this line is part of.
    fn with_lone_dash(&self) -> Option<Broken> {
        let inner = self.before().len();
        let indentation = |line: &str| line.len() - line.trim_start().len();
        let dash = (0..=self.at).rev().find_map(|at| {
            let line = self.lines[at];
            let item = line.trim_start().starts_with("- ") && indentation(line) < inner;
            item.then(|| indentation(line))
        })?;
        let ends = |line: &&str| {
            let content = line.trim_start();
            !content.is_empty() && !content.starts_with('#') && indentation(line) <= dash
        };
        let end = (self.at + 1..self.lines.len())
            .find(|at| ends(&self.lines[*at]))
            .unwrap_or(self.lines.len());
        let broken = self.inserted(end, format!("{}- ", " ".repeat(dash)))?;
        Some(Broken {
            adds_item: true,
            ..broken
        })
    }

    /// The colon taken from the nearest key above that has a list below it.
    fn with_parent_unfinished(&self) -> Option<Broken> {
        let parent = (0..=self.at)
            .rev()
            .find(|at| matches!(self.lines[*at].trim(), "columns:" | "tables:" | "models:"))?;
        self.replaced(parent, self.lines[parent].trim_end_matches(':').to_owned())
    }
}

pub(crate) const FORMS: [(&str, Form); 20] = [
    ("a key without a colon", |line| line.with_next("why")),
    ("a lone dash", |line| line.with_lone_dash()),
    ("a double quote that never ends", |line| {
        line.with_body(format!("{}: \"unterminated", line.key()))
    }),
    ("a single quote that never ends", |line| {
        line.with_body(format!("{}: 'it is", line.key()))
    }),
    ("one space less", |line| {
        let less = line.whole().strip_prefix(' ')?.to_owned();
        line.is_inner().then(|| line.replaced(line.at, less))?
    }),
    ("one space more", |line| {
        let more = format!(" {}", line.whole());
        line.is_inner().then(|| line.replaced(line.at, more))?
    }),
    ("a tab", |line| {
        let tabbed = format!("\t{}", line.body());
        line.is_inner().then(|| line.replaced(line.at, tabbed))?
    }),
    ("an open bracket", |line| line.with_next("tests: [a, b")),
    ("an open brace", |line| line.with_next("config: {a: 1, b")),
    ("a second colon", |line| {
        line.with_body(format!("{}: value: x", line.key()))
    }),
    ("a key twice", |line| line.with_next(line.body())),
    ("a key and value without a colon", |line| {
        line.with_body(format!("{} {}", line.key(), line.value()))
    }),
    ("a parent without a colon", |line| {
        line.with_parent_unfinished()
    }),
    ("an alias of nothing", |line| {
        line.with_body(format!("{}: *nope", line.key()))
    }),
    ("a colon without a space", |line| {
        line.with_body(format!("{}:{}", line.key(), line.value()))
    }),
    ("a word at the left edge", |line| {
        line.inserted(line.at + 1, "amen".to_owned())
    }),
    ("a value that starts with @", |line| {
        line.with_body(format!("{}: @foo", line.key()))
    }),
    ("text behind a quote", |line| {
        line.with_body(format!("{}: \"abc\" def", line.key()))
    }),
    ("an anchor without a name", |line| {
        line.with_body(format!("{}: &", line.key()))
    }),
    ("a key without a value", |line| line.with_next("zzz:")),
];

//! The skeleton against the parser: on text that parses, both must see the same projections.

#![allow(clippy::disallowed_methods, reason = "tests read their own files")]

use super::*;
use crate::parse::{Fragment, number};
use crate::template::Mask;
use sqlparser::ast::{Expr, Ident, Select, SelectItem, Visit, Visitor};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use syntax::TextSize;

/// The entries with a name that the parser sees: the name's token, and the entry spelled out.
#[derive(Default)]
struct Entries {
    found: Vec<(usize, String)>,
}

impl Visitor for Entries {
    type Break = ();

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        for item in &select.projection {
            let name = match item {
                SelectItem::ExprWithAlias { alias, .. } => Some(alias),
                SelectItem::UnnamedExpr(expression) => own_name(expression),
                _ => None,
            };
            let at = name.and_then(|name| number(name.span.start));
            self.found.extend(at.map(|at| (at, item.to_string())));
        }
        ControlFlow::Continue(())
    }
}

fn own_name(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(names) => names.last(),
        _ => None,
    }
}

/// The fixtures, or the models below `SQL_CORPUS` in the dialect `SQL_CORPUS_DIALECT`.
fn corpus() -> Vec<(PathBuf, Dialect)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let other = std::env::var("SQL_CORPUS").ok().map(PathBuf::from);
    let dialect = std::env::var("SQL_CORPUS_DIALECT").ok();
    let mut folders = vec![other.unwrap_or(fixtures)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sql") {
                let of_folder = folder.file_name().unwrap().to_string_lossy();
                let name = dialect.as_deref().unwrap_or(&of_folder);
                files.push((path, name.parse().unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn skeleton_and_parser_see_the_same_entries() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (path, dialect) in corpus() {
        let text = std::fs::read_to_string(&path).unwrap();
        let options = Options {
            dialect,
            templating: Templating::Jinja,
        };
        let prepared = Prepared::of_text(&text, &options);
        let mut statements = prepared.statements.iter();
        if statements.any(|statement| statement.failure.is_some()) {
            continue;
        }
        let lexed = prepared.lexed;
        let mut entries = Entries::default();
        let parsed = Fragment::of(&lexed.lexemes, 0, dialect)
            .statements()
            .unwrap();
        let _: ControlFlow<()> = parsed.visit(&mut entries);
        let ours: BTreeMap<TextSize, Projection> = analyze(&text, &options)
            .projections
            .into_iter()
            .map(|one| (one.name.start(), one))
            .collect();
        for (at, spelled) in entries.found {
            let lexeme = &lexed.lexemes[at];
            if lexeme.hole.is_some() {
                continue;
            }
            compared += 1;
            let item = ours.get(&lexeme.range.start()).map(|one| {
                text.get(one.item.start().into()..one.item.end().into())
                    .unwrap()
            });
            if !item.is_some_and(|item| same(item, &spelled, &options)) {
                wrong.push(format!("{}: {spelled} is {item:?}", path.display()));
            }
        }
    }
    assert!(compared > 100);
    assert!(
        wrong.is_empty(),
        "{} of {compared} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Whether the text of an entry is read as the entry that the parser saw. What a template or a
/// shim has a part in is spelled differently by the parser: there the place alone counts.
fn same(item: &str, spelled: &str, options: &Options) -> bool {
    if item.contains('{') || options.dialect.is_trino() {
        return true;
    }
    let lexed = Prepared::of_mask(Mask::plain(item), options.dialect).lexed;
    let parsed = Fragment::of(&lexed.lexemes, 0, options.dialect).select_item();
    parsed.is_ok_and(|parsed| parsed.to_string() == spelled)
}

//! Edits of SQL models for tests: refactorings, which change no meaning, and mutations, which do.
//!
//! A refactoring holds in SQL's three-valued logic over bags of rows, whatever the tables hold and
//! whatever the columns' types are; where that depends on something that the model's text doesn't
//! tell, none is made. Every edit is determined by the models, the dialect and a seed.

mod expression;
mod model;
mod mutations;
mod random;
mod rules;
mod scope;
mod template;
mod tree;

pub use mutations::{Mutation, Place, mutation_kinds, mutations};

use model::{Model, parse};
use random::Random;
use rules::{Draft, Project, RULES, Rule};
use scope::Site;
use sql::Dialect;
use sqlparser::ast::{Expr, Query};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The files of a folder, by path.
pub type Files = BTreeMap<PathBuf, String>;

/// An edit of some models.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What sort of edit it is, in a few words that many share.
    pub kind: &'static str,
    /// What was done where.
    pub description: String,
    /// The files that are not what they were; `None` is a file that is gone.
    pub files_after: BTreeMap<PathBuf, Option<String>>,
    /// The names of the models whose text changed, by their names before; a model that is new
    /// counts too.
    pub touched: Vec<String>,
}

impl Change {
    /// All files after the edit of `files`.
    pub fn apply(&self, files: &Files) -> Files {
        let mut after = files.clone();
        for (path, text) in &self.files_after {
            match text {
                Some(text) => after.insert(path.clone(), text.clone()),
                None => after.remove(path),
            };
        }
        after
    }
}

/// How many edits of a kind a model is given at most.
const EACH: usize = 2;

/// Refactorings of the models in `files`, at most a few of each kind for a model.
pub fn refactorings(files: &Files, dialect: Dialect, seed: u64) -> Vec<Change> {
    let project = Project::new(files, dialect);
    let mut changes = Vec::new();
    for model in &project.models {
        for (kind, rule) in RULES {
            let mut random = Random::new(seed, &format!("{kind} {}", model.path.display()));
            let mut made: Vec<Change> = Vec::new();
            for change in attempts(&project, model, rule, &mut random) {
                let change = Change { kind, ..change };
                if !made.contains(&change) {
                    made.push(change);
                }
                if made.len() == EACH {
                    break;
                }
            }
            changes.extend(made);
        }
        changes.extend(several(&project, model, seed));
    }
    changes
}

/// Refactorings of one file made one after another, so that each meets what the others left.
fn several(project: &Project, model: &Model, seed: u64) -> Option<Change> {
    const STEPS: usize = 5;
    let mut random = Random::new(seed, &format!("several {}", model.path.display()));
    let mut kinds: Vec<usize> = (0..RULES.len()).collect();
    random.shuffle(&mut kinds);
    let mut text = model.text.clone();
    let mut done: Vec<&str> = Vec::new();
    for (kind, rule) in kinds.into_iter().map(|index| &RULES[index]) {
        if done.len() == STEPS || matches!(rule, Rule::Files(_)) {
            continue;
        }
        let current = Model::new(&model.path, &text, model.dialect)?;
        let change = attempts(project, &current, rule, &mut random).next();
        if let Some(Some(after)) =
            change.and_then(|mut change| change.files_after.remove(&model.path))
        {
            text = after;
            done.push(kind);
        }
    }
    let change = one_file(model, text, done.join(", then "));
    (done.len() > 1).then_some(Change {
        kind: "several at once",
        ..change
    })
}

/// Every kind of refactoring.
pub fn refactoring_kinds() -> impl Iterator<Item = &'static str> {
    RULES
        .iter()
        .map(|(kind, _)| *kind)
        .chain(["several at once"])
}

/// Whether a file is a model whose SQL is read as a tree, so that all kinds of edits are tried on it.
pub fn is_plain(path: &Path, text: &str, dialect: Dialect) -> bool {
    Model::new(path, text, dialect).is_some_and(|model| model.query.is_some())
}

/// The tables that a model reads, its own CTEs apart, as they are mentioned.
pub fn reads(path: &Path, text: &str, dialect: Dialect) -> BTreeSet<String> {
    let Some(model) = Model::new(path, text, dialect) else {
        return BTreeSet::new();
    };
    let Some(query) = &model.query else {
        return BTreeSet::new();
    };
    let all = tree::queries(query);
    let ctes: BTreeSet<String> = all
        .iter()
        .flat_map(|query| query.with.iter().flat_map(|with| &with.cte_tables))
        .map(|cte| tree::key(&cte.alias.name))
        .collect();
    tree::places(query)
        .iter()
        .flat_map(|place| scope::factors(&place.block.select))
        .filter_map(|factor| match factor {
            sqlparser::ast::TableFactor::Table { name, .. } => Some(name.to_string()),
            _ => None,
        })
        .filter(|name| !ctes.contains(&name.to_lowercase()))
        .map(|name| model.template.restore(&name))
        .collect()
}

/// The edits that a rule finds in a model, in an order that chance gives.
fn attempts<'a>(
    project: &'a Project,
    model: &'a Model,
    rule: &'a Rule,
    random: &mut Random,
) -> Box<dyn Iterator<Item = Change> + 'a> {
    match rule {
        Rule::Tokens(rule) => {
            let mut drafts = if model.tokens_are_sql() {
                rule(model)
            } else {
                Vec::new()
            };
            random.shuffle(&mut drafts);
            Box::new(
                drafts
                    .into_iter()
                    .filter_map(|draft| tokens_changed(model, &draft)),
            )
        }
        Rule::Files(rule) => {
            let mut changes = rule(project, model);
            random.shuffle(&mut changes);
            Box::new(changes.into_iter())
        }
        Rule::Expression(rule) => {
            let Some(query) = &model.query else {
                return Box::new(std::iter::empty());
            };
            let mut pairs: Vec<(Expr, Expr)> = Vec::new();
            for old in tree::expressions(query) {
                if let Some(new) = rule(&old, model.dialect)
                    && new != old
                    && !pairs.iter().any(|(known, _)| *known == old)
                {
                    pairs.push((old, new));
                }
            }
            random.shuffle(&mut pairs);
            Box::new(pairs.into_iter().filter_map(|(old, new)| {
                let mut after = query.clone();
                // Everywhere, since a projection and the key it is grouped by must stay alike.
                tree::replace_all(&mut after, &old, &new);
                let description = format!("`{old}` becomes `{new}`");
                (tree::unnamed(&after) == tree::unnamed(query))
                    .then(|| query_changed(model, &after, description))?
            }))
        }
        Rule::Block(rule) => {
            let Some(query) = &model.query else {
                return Box::new(std::iter::empty());
            };
            let mut drafts = Vec::new();
            for place in tree::places(query) {
                for (block, description) in rule(&place.block, &site(model, &place)) {
                    drafts.push((tree::with_block(query, &place, block), description));
                }
            }
            random.shuffle(&mut drafts);
            Box::new(drafts.into_iter().filter_map(|(after, description)| {
                (tree::unnamed(&after) == tree::unnamed(query))
                    .then(|| query_changed(model, &after, description))?
            }))
        }
        Rule::Query(rule) => {
            let Some(query) = &model.query else {
                return Box::new(std::iter::empty());
            };
            let mut drafts = rule(query, model);
            random.shuffle(&mut drafts);
            let changed =
                |(after, description): (Query, String)| query_changed(model, &after, description);
            Box::new(drafts.into_iter().filter_map(changed))
        }
    }
}

fn site<'a>(model: &'a Model, place: &tree::Place) -> Site<'a> {
    Site {
        dialect: model.dialect,
        names: &model.template.names,
        words: &model.words,
        in_set: place.in_set,
        in_expression: place.in_expression,
    }
}

/// The edit that leaves a model with this tree; `None` if it doesn't survive being printed.
fn query_changed(model: &Model, after: &Query, description: String) -> Option<Change> {
    let printed = format!("{after:#}");
    if parse(&printed, model.dialect)? != *after || Some(after) == model.query.as_ref() {
        return None;
    }
    Some(one_file(
        model,
        model.template.restore_printed(&printed),
        description,
    ))
}

fn tokens_changed(model: &Model, draft: &Draft) -> Option<Change> {
    if draft.masked == model.template.masked {
        return None;
    }
    if model.query.is_some() {
        parse(&draft.masked, model.dialect)?;
    }
    let text = model.template.restore(&draft.masked);
    Some(one_file(model, text, draft.description.clone()))
}

fn one_file(model: &Model, text: String, description: String) -> Change {
    Change {
        kind: "",
        description: format!("{}: {description}", model.name),
        files_after: BTreeMap::from([(model.path.clone(), Some(text))]),
        touched: vec![model.name.clone()],
    }
}

/// Whether an SQL file can be a model: not a macro, a test, an analysis or a dependency.
pub(crate) fn may_be_model(path: &Path) -> bool {
    let aside = [
        "macros",
        "tests",
        "analyses",
        "analysis",
        "snapshots",
        "dbt_packages",
        "target",
    ];
    !path
        .iter()
        .any(|part| aside.iter().any(|aside| part == *aside))
}

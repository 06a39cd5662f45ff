//! The refactorings, by kind. A rule finds the places it applies to; the parent chooses among them,
//! and drops what does not survive being printed and read again.

mod columns;
mod grouping;
mod joins;
mod keys;
mod layout;
mod predicates;
mod projects;
mod sets;
mod spelling;
mod subqueries;
mod tables;

pub(crate) use spelling::{arguments, call, is_number_argument};

use super::model::Model;
use super::scope::Site;
use super::tree::Block;
use super::{Change, Files, may_be_model};
use sql::Dialect;
use sqlparser::ast::{Expr, Query};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// All models of a folder.
pub(crate) struct Project {
    pub(crate) models: Vec<Model>,
    /// Whether models mention each other by dbt's `ref`.
    pub(crate) is_dbt: bool,
    /// By word, the models whose text says it.
    said: BTreeMap<String, BTreeSet<usize>>,
    /// For each model, those that it reads.
    reads: Vec<BTreeSet<usize>>,
    /// Every word of the SQL files that are no models: macros, tests, and what can't be read.
    said_elsewhere: BTreeSet<String>,
}

impl Project {
    pub(crate) fn new(files: &Files, dialect: Dialect) -> Project {
        let is_sql = |path: &Path| path.extension().is_some_and(|ending| ending == "sql");
        let mut models = Vec::new();
        let mut said_elsewhere = BTreeSet::new();
        for (path, text) in files.iter().filter(|(path, _)| is_sql(path)) {
            match Model::new(path, text, dialect).filter(|_| may_be_model(path)) {
                Some(model) => models.push(model),
                None => said_elsewhere.extend(words(text)),
            }
        }
        let is_dbt = models.iter().any(|model| !model.template.names.is_empty());
        let mut said: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (index, model) in models.iter().enumerate() {
            for word in words(&model.text) {
                said.entry(word).or_default().insert(index);
            }
        }
        let mut reads = vec![BTreeSet::new(); models.len()];
        for (index, model) in models.iter().enumerate() {
            let readers = said.get(&model.name.to_lowercase()).into_iter().flatten();
            for reader in readers.filter(|reader| **reader != index) {
                reads[*reader].insert(index);
            }
        }
        Project {
            models,
            is_dbt,
            said,
            reads,
            said_elsewhere,
        }
    }

    /// The models that the one at `index` reads.
    pub(crate) fn read_by(&self, index: usize) -> impl Iterator<Item = &Model> {
        self.reads[index].iter().map(|read| &self.models[*read])
    }

    /// The models that lie upstream of the one at `index`.
    pub(crate) fn upstream_of(&self, index: usize) -> Vec<&Model> {
        let mut found = BTreeSet::new();
        let mut open = vec![index];
        while let Some(next) = open.pop() {
            open.extend(self.reads[next].iter().filter(|read| found.insert(**read)));
        }
        found.into_iter().map(|read| &self.models[read]).collect()
    }

    /// Whether a file that is no model says a word.
    pub(crate) fn says_elsewhere(&self, word: &str) -> bool {
        self.said_elsewhere.contains(&word.to_lowercase())
    }

    /// The models whose text says a word.
    pub(crate) fn that_say(&self, word: &str) -> impl Iterator<Item = &Model> {
        let indexes = self.said.get(&word.to_lowercase());
        indexes
            .into_iter()
            .flatten()
            .map(|index| &self.models[*index])
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    text.split(move |character| !is_part(character))
        .map(str::to_lowercase)
}

/// A model's text without tags, after an edit of its tokens.
pub(crate) struct Draft {
    pub(crate) masked: String,
    pub(crate) description: String,
}

/// How a refactoring is found. What is returned is every place where it applies.
pub(crate) enum Rule {
    /// On the tokens; these see models with any tags.
    Tokens(fn(&Model) -> Vec<Draft>),
    /// On one expression, wherever it stands.
    Expression(fn(&Expr, Dialect) -> Option<Expr>),
    /// On one `SELECT`.
    Block(fn(&Block, &Site) -> Vec<(Block, String)>),
    /// On a whole model.
    Query(fn(&Query, &Model) -> Vec<(Query, String)>),
    /// On several files.
    Files(fn(&Project, &Model) -> Vec<Change>),
}

/// Every refactoring with its kind.
pub(crate) const RULES: &[(&str, Rule)] = &[
    ("reformatted", Rule::Tokens(layout::reformatted)),
    ("printed anew", Rule::Files(layout::printed)),
    ("comment added", Rule::Tokens(layout::comment_added)),
    ("comments removed", Rule::Tokens(layout::comments_removed)),
    ("CTE renamed", Rule::Tokens(tables::cte_renamed)),
    ("CTE inlined", Rule::Query(subqueries::cte_inlined)),
    (
        "subquery extracted",
        Rule::Query(subqueries::subquery_extracted),
    ),
    ("table alias renamed", Rule::Block(tables::alias_renamed)),
    ("table alias added", Rule::Block(tables::alias_added)),
    ("columns qualified", Rule::Block(tables::columns_qualified)),
    (
        "conjuncts reordered",
        Rule::Expression(predicates::conjuncts_reordered),
    ),
    (
        "disjuncts reordered",
        Rule::Expression(predicates::disjuncts_reordered),
    ),
    (
        "comparison turned",
        Rule::Expression(predicates::comparison_turned),
    ),
    ("inner join turned", Rule::Block(joins::inner_join_turned)),
    ("joins reordered", Rule::Block(joins::joins_reordered)),
    (
        "LEFT and RIGHT mirrored",
        Rule::Block(joins::left_and_right_mirrored),
    ),
    ("ON to USING", Rule::Block(keys::on_to_using)),
    ("USING to ON", Rule::Block(keys::using_to_on)),
    ("WHERE to ON", Rule::Block(joins::where_to_on)),
    ("ON to WHERE", Rule::Block(joins::on_to_where)),
    ("comma to JOIN", Rule::Block(joins::comma_to_join)),
    ("JOIN to comma", Rule::Block(joins::join_to_comma)),
    ("cast spelled otherwise", Rule::Expression(spelling::cast)),
    (
        "function by another name",
        Rule::Expression(spelling::synonym),
    ),
    (
        "not equal spelled otherwise",
        Rule::Tokens(spelling::not_equal),
    ),
    ("COUNT(*) and COUNT(1)", Rule::Expression(spelling::count)),
    (
        "BETWEEN to comparisons",
        Rule::Expression(predicates::between_to_comparisons),
    ),
    (
        "comparisons to BETWEEN",
        Rule::Expression(predicates::comparisons_to_between),
    ),
    ("IN of one to =", Rule::Expression(predicates::in_to_equal)),
    ("= to IN of one", Rule::Expression(predicates::equal_to_in)),
    (
        "simple CASE to searched",
        Rule::Expression(predicates::case_searched),
    ),
    (
        "searched CASE to simple",
        Rule::Expression(predicates::case_simple),
    ),
    (
        "GROUP BY ordinals to expressions",
        Rule::Block(grouping::ordinals_to_expressions),
    ),
    (
        "GROUP BY expressions to ordinals",
        Rule::Block(grouping::expressions_to_ordinals),
    ),
    ("ORDER BY removed or added", Rule::Query(grouping::order_by)),
    ("dead column added", Rule::Query(columns::dead_column)),
    ("wrapped as final", Rule::Query(subqueries::wrapped)),
    ("NOT pushed", Rule::Expression(predicates::not_pushed)),
    ("NOT pulled", Rule::Expression(predicates::not_pulled)),
    ("NOT doubled", Rule::Expression(predicates::not_doubled)),
    (
        "DISTINCT to GROUP BY",
        Rule::Block(grouping::distinct_to_group_by),
    ),
    (
        "GROUP BY to DISTINCT",
        Rule::Block(grouping::group_by_to_distinct),
    ),
    (
        "UNION ALL branches swapped",
        Rule::Query(sets::branches_swapped),
    ),
    (
        "factors or terms commuted",
        Rule::Expression(spelling::commuted),
    ),
    (
        "CTE extracted into a model",
        Rule::Files(projects::cte_extracted),
    ),
    ("model renamed", Rule::Files(projects::model_renamed)),
];

//! What is fuzzed. Each target takes an input, panics where an answer contradicts another one, and tells
//! whether the input got as far as a query that is understood.

mod compare;
mod rows;
mod templates;

use super::input::Input;
use super::random::Random;
use super::tables::{Known, each_part};
use meaning::canonical::{Canonical, canonical, normalized};
use meaning::derive::{Grain, NoFacts, Nullabilities, Types};
use meaning::lineage::lineage;
use meaning::substitute::substitute;
use sql::facts::TableRef;
use sql::lower::{Catalog, Lowered, NoCatalog, lower, script};
use sql::relation::{Body, Expression, Query, RelationId};
use sql::{Dialect, Options, Templating};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use syntax::TextRange;

/// A target.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Whether the input was understood.
    pub(crate) asks: fn(&Input) -> bool,
    /// How often the same is done, as in each dialect: what is asked once may take its share of the time.
    pub(crate) times: u32,
}

/// All of them.
pub(crate) const TARGETS: &[Target] = &[
    Target {
        times: Dialect::ALL.len() as u32,
        ..once("lower", lowered_in_all_dialects)
    },
    once("canonical", canonical_form),
    once("difference", compare::difference),
    once("derive", derived),
    once("render", templates::rendered),
    Target {
        times: rows::CONTENTS,
        ..once("evaluate", rows::evaluated)
    },
];

const fn once(name: &'static str, asks: fn(&Input) -> bool) -> Target {
    Target {
        name,
        asks,
        times: 1,
    }
}

/// The target of that name.
pub(crate) fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// The statements of a text; every other input knows the columns of tables.
fn lowered(text: &str, dialect: Dialect, input: &Input) -> Vec<Lowered> {
    let options = Options {
        dialect,
        templating: Templating::Jinja,
    };
    if input.random.is_multiple_of(2) {
        lower(text, &options, &NoCatalog)
    } else {
        lower(text, &options, &Known::new() as &dyn Catalog)
    }
}

fn is_understood(query: &Query) -> bool {
    !matches!(query.root().body, Body::Unknown { .. })
}

fn lowered_in_all_dialects(input: &Input) -> bool {
    let mut understood = false;
    for dialect in Dialect::ALL {
        let all = lowered(&input.text, dialect, input);
        for lowered in &all {
            check_places(&input.text, lowered);
            check_ids(&lowered.query);
            let own = lineage(&lowered.query, &|relation, position| {
                lowered.places.is_by_macro(relation, position)
            });
            assert_eq!(own.open, lowered.query.root().open);
            understood |= is_understood(&lowered.query);
        }
    }
    let options = Options {
        dialect: input.dialect,
        templating: Templating::None,
    };
    script(&input.text, &options, &Known::new());
    understood
}

/// Every place lies within the text and between its characters.
fn check_places(text: &str, lowered: &Lowered) {
    let check = |range: TextRange| {
        let range: std::ops::Range<usize> = range.start().into()..range.end().into();
        assert!(
            text.get(range.clone()).is_some(),
            "no place in the text: {range:?}"
        );
    };
    let places = &lowered.places;
    check(places.statement);
    places.inputs.iter().copied().for_each(check);
    places
        .mentions
        .iter()
        .for_each(|mention| check(mention.range));
    assert_eq!(places.relations.len(), lowered.query.relations.len());
    for (relation, own) in places.relations.iter().zip(&lowered.query.relations) {
        check(relation.range);
        check(relation.name);
        assert_eq!(
            relation.columns.len(),
            own.columns.len(),
            "a place for each column"
        );
        for column in &relation.columns {
            check(column.item);
            check(column.name);
        }
        relation
            .clauses
            .iter()
            .for_each(|clause| check(clause.range));
    }
}

/// Whatever is mentioned is there.
fn check_ids(query: &Query) {
    assert!((query.root.0 as usize) < query.relations.len());
    if let Some(select) = query.root().select() {
        assert_eq!(
            select.projection.len(),
            query.root().columns.len(),
            "a value for each column"
        );
    }
    each_part(query, &mut |part| match part {
        Expression::Column { input, .. } | Expression::Output { input, .. } => {
            assert!(input.0 < query.inputs, "an input that is not there");
        }
        Expression::Subquery(subquery) => {
            assert!((subquery.relation.0 as usize) < query.relations.len());
        }
        _ => {}
    });
}

fn canonical_form(input: &Input) -> bool {
    let all = lowered(&input.text, input.dialect, input);
    for lowered in &all {
        let query = &lowered.query;
        let form = canonical(query);
        assert_eq!(form, canonical(query), "the same on every run");
        let rewritten = normalized(query);
        check_ids(&rewritten);
        assert_eq!(form.columns.len(), rewritten.root().columns.len());
        printed(&form);
        printed(&canonical(&rewritten));
        // The statements of the text as the models that they read.
        let upstream = |table: &TableRef| {
            let mut hasher = DefaultHasher::new();
            table.to_string().hash(&mut hasher);
            let place = hasher.finish() as usize % (2 * all.len());
            all.get(place).map(|upstream| &upstream.query)
        };
        let deep = substitute(query, &upstream);
        check_ids(&deep);
        printed(&canonical(&deep));
    }
    all.iter().any(|lowered| is_understood(&lowered.query))
}

/// Equal meanings are the same text, but for the letters of quoted names, and others are not.
fn printed(form: &Canonical) {
    let columns = form.columns.iter().map(|column| &column.meaning);
    let clauses = form.rows.clauses.iter().map(|clause| &clause.meaning);
    let meanings: Vec<_> = columns.chain(clauses).take(40).collect();
    let texts: Vec<String> = meanings.iter().map(|meaning| meaning.to_string()).collect();
    for (one, text) in meanings.iter().zip(&texts) {
        for (other, other_text) in meanings.iter().zip(&texts) {
            if one == other {
                assert_eq!(text.to_lowercase(), other_text.to_lowercase());
            }
            assert_eq!(*one == *other, one.digest() == other.digest());
        }
    }
}

fn derived(input: &Input) -> bool {
    let all = lowered(&input.text, input.dialect, input);
    for lowered in &all {
        let query = &lowered.query;
        let nulls = Nullabilities::new(query, &NoFacts);
        let types = Types::new(query, &NoFacts);
        let grain = Grain::new(query, &NoFacts);
        for (id, relation) in (0..).map(RelationId).zip(&query.relations) {
            for position in 0..relation.columns.len() {
                nulls.column(id, position);
                types.column(id, position);
            }
            for key in grain.keys(id) {
                assert!(
                    key.iter()
                        .all(|position| *position < relation.columns.len())
                );
            }
            grain.fan_out(id);
            let from = relation.select().and_then(|select| select.from.as_ref());
            for input in from.iter().flat_map(|from| from.inputs()).take(20) {
                grain.repeated_by(id, input.id);
            }
        }
        lineage(query, &|_, _| false);
    }
    all.iter().any(|lowered| is_understood(&lowered.query))
}

/// Another sequence than the one that made the input.
fn random(input: &Input) -> Random {
    Random::of(0x7ab1e, input.random)
}

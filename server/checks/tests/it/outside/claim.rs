//! Something that is said with an example, and what DuckDB makes of it.

use super::world::Unportable;
use crate::engine::results;
use meaning::evaluate::Rows;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// What DuckDB gave for each query of each job.
pub(super) type Given = [Vec<Result<Rows, String>>];

/// Functions that DuckDB has under another name.
const SYNONYMS: [&str; 2] = [
    "CREATE MACRO iff(condition, yes, no) AS CASE WHEN condition THEN yes ELSE no END",
    "CREATE MACRO nvl(first, second) AS COALESCE(first, second)",
];

/// A claim that DuckDB can confirm.
pub(super) struct Claim {
    /// What is claimed, of what.
    pub(super) says: String,
    /// Statements and queries, each with tables of its own.
    jobs: Vec<Json>,
    /// Whether the results bear it out.
    is_borne_out: Box<dyn Fn(&Given) -> bool>,
}

impl Claim {
    pub(super) fn new(
        says: String,
        jobs: impl IntoIterator<Item = (Vec<String>, Vec<String>)>,
        is_borne_out: impl Fn(&Given) -> bool + 'static,
    ) -> Claim {
        let jobs = jobs.into_iter();
        let job = |(setup, queries): (Vec<String>, Vec<String>)| {
            let setup: Vec<String> = SYNONYMS
                .map(str::to_owned)
                .into_iter()
                .chain(setup)
                .collect();
            json!({ "setup": setup, "queries": queries, "alone": true })
        };
        Claim {
            says,
            jobs: jobs.map(job).collect(),
            is_borne_out: Box::new(is_borne_out),
        }
    }

    /// That a query gives at least a row.
    pub(super) fn some_row(says: String, setup: Vec<String>, query: String) -> Claim {
        Claim::new(
            says,
            [(setup, vec![query])],
            |given| matches!(&given[0][0], Ok(rows) if !rows.rows.is_empty()),
        )
    }
}

/// What became of many claims.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    /// Confirmed, by kind.
    pub(super) confirmed: BTreeMap<String, usize>,
    /// Not asked, or not answered, by reason.
    pub(super) others: BTreeMap<String, usize>,
    /// DuckDB says otherwise.
    pub(super) denied: Vec<String>,
}

impl Verdicts {
    pub(super) fn count(&self) -> usize {
        self.confirmed.values().sum()
    }

    /// Asks DuckDB about all claims, each of a kind.
    pub(super) fn of(claims: Vec<(String, Result<Claim, Unportable>)>) -> Verdicts {
        let mut verdicts = Verdicts::default();
        let mut asked = Vec::new();
        for (kind, claim) in claims {
            match claim {
                Ok(claim) => asked.push((kind, claim)),
                Err(reason) => verdicts.not_told(reason),
            }
        }
        let jobs: Vec<Json> = asked
            .iter()
            .flat_map(|(_, claim)| claim.jobs.iter().cloned())
            .collect();
        let all = results(&jobs);
        let mut given = all.as_slice();
        for (kind, claim) in asked {
            let (own, rest) = given.split_at(claim.jobs.len());
            given = rest;
            let errors = own.iter().flatten().filter_map(|it| it.as_ref().err());
            if let Some(error) = errors.into_iter().next() {
                verdicts.not_told(reason(error));
            } else if (claim.is_borne_out)(own) {
                *verdicts.confirmed.entry(kind).or_default() += 1;
            } else {
                let jobs: Vec<String> = claim.jobs.iter().map(Json::to_string).collect();
                let (says, jobs) = (&claim.says, jobs.join("\n"));
                verdicts
                    .denied
                    .push(format!("{kind}: {says}\n{jobs}\n{own:?}"));
            }
        }
        verdicts
    }

    fn not_told(&mut self, reason: String) {
        *self.others.entry(reason).or_default() += 1;
    }

    /// Nothing may be denied, and few may be left out.
    pub(super) fn assert(&self, fewest: usize) {
        let denied = &self.denied;
        assert!(denied.is_empty(), "{}", denied.join("\n\n"));
        assert!(self.count() >= fewest, "{self:?}");
        let others: usize = self.others.values().sum();
        assert!(others * 20 <= self.count(), "{self:?}");
    }

    #[expect(clippy::print_stdout, reason = "what is measured is read by people")]
    pub(super) fn print(&self, what: &str) {
        let others: usize = self.others.values().sum();
        let (confirmed, denied) = (self.count(), self.denied.len());
        println!("{what}: {confirmed} confirmed, {denied} denied, {others} not in DuckDB's SQL");
        for (kind, count) in &self.confirmed {
            println!("{count:5}  {kind}");
        }
        for denied in &self.denied {
            println!("denied: {denied}");
        }
        for (reason, count) in &self.others {
            println!("{count:5}  not asked: {reason}");
        }
    }
}

/// The kind of an error, without the names in it.
fn reason(error: &str) -> String {
    let first = error.lines().next().unwrap_or_default();
    let words = first
        .split(' ')
        .map(|word| match word.contains(['"', '\'']) {
            true => "…",
            false => word,
        });
    let words: Vec<&str> = words.take(12).collect();
    words.join(" ")
}

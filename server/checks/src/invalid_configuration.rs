//! # What it says
//!
//! `rationale.toml` is not TOML, has a key or a code that there is not, or a value that can't be.
//!
//! # Why it matters
//!
//! A setting that is silently ignored is worse than none: everybody believes that it holds.
//!
//! # Example
//!
//! ```toml
//! [checks]
//! mising-why = "error"              # error: there is no check mising-why
//! ```
//!
//! # Fix
//!
//! Take the name that the message suggests, or remove the key.

use crate::code::{Check, Code, code, codes};
use crate::context::Context;
use crate::finding::{At, Finding, Subject};
use crate::fix::{Fix, Fixing};
use index::File;
use index::configuration::{ConfigurationFile, Level};
use index::file::{Facts, ProblemKind};
use smol_str::SmolStr;
use spec::nearest;
use syntax::Placed;

pub(crate) const CODE: Code = Code {
    name: "invalid-configuration",
    default: Level::Error,
    summary: "`rationale.toml` has a key or a value that there is not.",
    can_be_silenced: false,
    source: include_str!("invalid_configuration.rs"),
    check: Check {
        file: check,
        ..Check::NOTHING
    },
    fixes,
};

fn check(_: &Context<'_>, file: &File, findings: &mut Vec<Finding>) {
    for problem in file.problems.iter() {
        if let ProblemKind::Configuration(problem) = &problem.kind {
            findings.push(Finding::new(
                &CODE,
                file,
                problem.range,
                problem.message.clone(),
            ));
        }
    }
    if let Facts::Configuration(configuration) = &*file.facts {
        for asked in asked_codes(configuration).filter(|asked| code(&asked.value).is_none()) {
            let advice = match nearest_code(&asked.value) {
                Some(meant) => format!(" Did you mean `{meant}`?"),
                None => " `rationale explain` lists them all.".to_owned(),
            };
            let message = format!("There is no check `{}`.{advice}", asked.value);
            let subject = Subject {
                detail: Some(asked.value.to_string()),
                ..Subject::default()
            };
            findings.push(Finding::new(&CODE, file, asked.spot, message).about(subject));
        }
    }
}

/// Every code that `configuration` asks a level for.
fn asked_codes(configuration: &ConfigurationFile) -> impl Iterator<Item = &Placed<SmolStr>> {
    let scoped = configuration.scopes.iter().flat_map(|scope| &scope.checks);
    configuration
        .checks
        .iter()
        .chain(scoped)
        .map(|check| &check.code)
}

fn nearest_code(name: &str) -> Option<&'static str> {
    nearest(name, codes().iter().map(|code| code.name))
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let nearest = || match &finding.subject.detail {
        Some(name) => nearest_code(name),
        None => {
            let (file, _) = fixing.file(finding)?;
            let mut problems = file
                .problems
                .iter()
                .filter(|problem| At::Range(problem.range) == finding.at);
            problems.find_map(|problem| match &problem.kind {
                ProblemKind::Configuration(problem) => problem.unknown_key.as_ref()?.nearest,
                _ => None,
            })
        }
    };
    let renamed = nearest().and_then(|meant| {
        fixing.replacement(finding, format!("Write `{meant}`"), meant.to_owned())
    });
    renamed.into_iter().collect()
}

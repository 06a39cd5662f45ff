//! Every expectation of every suite is met, and nothing else is found.

use crate::suite::{Case, Expected, cases};
use crate::workspace::{Checked, check_case, files, fixed};
use std::fmt::Write;

#[test]
fn every_finding_is_expected_and_every_expectation_met() {
    let failures: Vec<String> = cases().iter().filter_map(failure).collect();
    assert!(
        failures.is_empty(),
        "{} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn failure(case: &Case) -> Option<String> {
    let checked = check_case(case);
    let mut report = String::new();
    let mut unexpected: Vec<String> = Vec::new();
    let mut missing: Vec<(&str, &Expected)> = case
        .files
        .iter()
        .flat_map(|file| {
            file.expected
                .iter()
                .map(move |expected| (file.path.as_str(), expected))
        })
        .collect();
    for finding in &checked.findings {
        let path = checked.path(finding);
        let line = checked.line(finding);
        let met = missing.iter().position(|(of, expected)| {
            *of == path
                && expected.line == line
                && expected.severity == finding.severity.name()
                && expected.code == finding.code
                && expected
                    .says
                    .as_ref()
                    .is_none_or(|says| finding.message.contains(says))
        });
        match met {
            Some(met) => drop(missing.remove(met)),
            None => unexpected.push(checked.shown(finding)),
        }
    }
    for finding in unexpected {
        writeln!(report, "  not expected: {finding}").unwrap();
    }
    for (path, expected) in missing {
        let says = expected.says.as_deref().unwrap_or_default();
        let (line, severity, code) = (expected.line + 1, &expected.severity, &expected.code);
        writeln!(
            report,
            "  not found:    {path}:{line}: {severity}[{code}] {says}"
        )
        .unwrap();
    }
    report.push_str(&outcome_failures(case, &checked));
    (!report.is_empty()).then(|| format!("{}\n{report}", case.name))
}

fn outcome_failures(case: &Case, checked: &Checked) -> String {
    let mut report = String::new();
    if case.outcomes.is_empty() {
        return report;
    }
    let findings = checked.findings.iter();
    let fixes: Vec<_> = findings
        .flat_map(|finding| checked.fixes(finding))
        .collect();
    for outcome in &case.outcomes {
        let Some(fix) = fixes.iter().find(|fix| fix.title == outcome.title) else {
            let titles: Vec<&str> = fixes.iter().map(|fix| fix.title.as_str()).collect();
            writeln!(report, "  no fix \"{}\", only {titles:#?}", outcome.title).unwrap();
            continue;
        };
        let after = fixed(&files(case), fix).expect("a fix that does not fit its text");
        let text = String::from_utf8_lossy(after.get(&outcome.path).map_or(&[], Vec::as_slice));
        if text != outcome.text {
            let (title, path) = (&outcome.title, &outcome.path);
            writeln!(report, "  after \"{title}\", {path} is\n{text}").unwrap();
        }
    }
    report
}

//! Where we and the suites disagree, and who is right.

use std::collections::BTreeMap;

const LISTED: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/conformance/sql/disagreements.txt"
));

/// Who is right where we disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    /// We are.
    Ours,
    /// They are.
    Theirs,
    /// It is a matter of definition.
    Both,
}

/// The comparison of one suite.
pub(super) struct Comparison {
    suite: &'static str,
    agreed: usize,
    /// What the disagreement is about, by case and by what is compared.
    differing: BTreeMap<(String, String), String>,
}

impl Comparison {
    pub(super) fn new(suite: &'static str) -> Comparison {
        Comparison {
            suite,
            agreed: 0,
            differing: BTreeMap::new(),
        }
    }

    pub(super) fn agreed(&mut self, count: usize) {
        self.agreed += count;
    }

    /// Notes that `what` of the case differs, and how.
    pub(super) fn differs(&mut self, case: &str, what: impl Into<String>, how: impl Into<String>) {
        self.differing
            .insert((case.to_owned(), what.into()), how.into());
    }

    /// Reports the rate, and fails where a disagreement is not judged, where a judgement has become
    /// stale, or where we agree on less than `at_least`, from 0 to 1.
    #[track_caller]
    pub(super) fn assert(&self, at_least: f64) {
        let listed = listed(self.suite);
        let total = self.agreed + self.differing.len();
        let rate = self.agreed as f64 / total.max(1) as f64;
        let by = |right| listed.values().filter(|own| **own == right).count();
        println!(
            "{}: {:.1}% ({} of {total}); of the others {} ours, {} theirs, {} both",
            self.suite,
            rate * 100.0,
            self.agreed,
            by(Right::Ours),
            by(Right::Theirs),
            by(Right::Both),
        );
        let unlisted = self
            .differing
            .iter()
            .filter(|(key, _)| !listed.contains_key(*key));
        let unlisted: Vec<String> = unlisted
            .map(|((case, what), how)| format!("{} | {case} | {what} | ? | {how}", self.suite))
            .collect();
        assert!(
            unlisted.is_empty(),
            "{} disagreements are not judged:\n{}",
            unlisted.len(),
            unlisted.join("\n")
        );
        let stale = listed
            .keys()
            .filter(|key| !self.differing.contains_key(*key));
        let stale: Vec<_> = stale.collect();
        assert!(stale.is_empty(), "judged, but they agree: {stale:?}");
        assert!(
            rate >= at_least,
            "{}: {rate} is below {at_least}",
            self.suite
        );
    }
}

/// The judgements of a suite.
fn listed(suite: &str) -> BTreeMap<(String, String), Right> {
    let lines = LISTED
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parts = lines.map(|line| {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [of, case, what, right, why] = parts.as_slice() else {
            panic!("not five parts: {line}");
        };
        let right = match *right {
            "ours" => Right::Ours,
            "theirs" => Right::Theirs,
            "both" => Right::Both,
            _ => panic!("who is right? {line}"),
        };
        assert!(!why.trim().is_empty(), "no reason: {line}");
        (*of, ((*case).to_owned(), (*what).to_owned()), right)
    });
    let own = parts.filter(|(of, ..)| *of == suite);
    own.map(|(_, key, right)| (key, right)).collect()
}

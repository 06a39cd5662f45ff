//! From the value tree to what it means, with a problem for every key that means nothing.

use super::Level;
use super::settings::glob;
use super::value::{Key, Value, ValueKind};
use smol_str::SmolStr;
use spec::nearest;
use sql::Dialect;
use syntax::{Placed, Places, TextRange};

/// One configuration as written; what is absent is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfigurationFile {
    /// Patterns of native specs.
    pub specs: Option<Vec<String>>,
    /// Patterns of SQL files.
    pub sql: Option<Vec<String>>,
    /// Patterns of files without findings.
    pub exclude: Option<Vec<String>>,
    /// The SQL dialect.
    pub dialect: Option<DialectChoice>,
    /// Which files are templates.
    pub templating: Option<Templating>,
    /// The branch that changes are compared with; `None` also for `auto`.
    pub base: Option<String>,
    /// Compare each state with a fresh start and report differences.
    pub paranoid: Option<bool>,
    /// Levels by code, in the order of the text.
    pub checks: Vec<Check>,
    /// Levels for some paths; a later one goes before an earlier one.
    pub scopes: Vec<Scope>,
}

/// Which dialect SQL is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialectChoice {
    /// Found out from the workspace.
    Auto,
    /// This one.
    Given(Dialect),
}

/// Which SQL files are read as templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Templating {
    /// Those of dbt projects.
    #[default]
    Auto,
    /// All of them.
    Jinja,
    /// None.
    Off,
}

/// The level of one code.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The code, as written; who knows the codes says whether there is such a one.
    pub code: Placed<SmolStr>,
    /// Its level.
    pub level: Level,
}

/// Levels for some paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// Patterns, relative to the folder of the configuration.
    pub paths: Vec<String>,
    /// Levels by code.
    pub checks: Vec<Check>,
}

/// Something wrong with a configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Where; empty at 0 for the editor's settings.
    pub range: TextRange,
    /// What, as a sentence.
    pub message: String,
    /// For a key that is not known: the nearest one that is.
    pub unknown_key: Option<UnknownKey>,
}

/// A key that is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownKey {
    /// The nearest one that is, if one is near.
    pub nearest: Option<&'static str>,
}

const TOP: [&str; 3] = ["workspace", "checks", "scope"];
const WORKSPACE: [&str; 7] = [
    "specs",
    "sql",
    "exclude",
    "dialect",
    "templating",
    "base",
    "paranoid",
];

pub(super) fn decode_value(root: &Value) -> (ConfigurationFile, Places, Vec<Problem>) {
    let mut decoder = Decoder::default();
    decoder.root(root);
    (decoder.file, decoder.places, decoder.problems)
}

#[derive(Default)]
struct Decoder {
    file: ConfigurationFile,
    places: Places,
    problems: Vec<Problem>,
}

impl Decoder {
    fn root(&mut self, root: &Value) {
        for (key, value) in self.table(root, "the configuration") {
            match key.name.as_str() {
                "workspace" => self.workspace(value),
                "checks" => self.file.checks = self.checks(value, &[]),
                "scope" => self.scopes(value),
                // The editor's settings may give the workspace's keys directly.
                name if WORKSPACE.contains(&name) => self.workspace_key(key, value),
                _ => self.unknown(key, &TOP),
            }
        }
    }

    fn workspace(&mut self, value: &Value) {
        for (key, value) in self.table(value, "`workspace`") {
            self.workspace_key(key, value);
        }
    }

    fn workspace_key(&mut self, key: &Key, value: &Value) {
        match key.name.as_str() {
            "specs" => self.file.specs = self.patterns(key, value),
            "sql" => self.file.sql = self.patterns(key, value),
            "exclude" => self.file.exclude = self.patterns(key, value),
            "dialect" => self.file.dialect = self.dialect(key, value),
            "templating" => self.file.templating = self.templating(key, value),
            "base" => self.file.base = self.text(key, value).filter(|base| base != "auto"),
            "paranoid" => match value.kind {
                ValueKind::Boolean(paranoid) => self.file.paranoid = Some(paranoid),
                _ => self.expected(key, "true or false", value),
            },
            _ => self.unknown(key, &WORKSPACE),
        }
    }

    fn dialect(&mut self, key: &Key, value: &Value) -> Option<DialectChoice> {
        let name = self.text(key, value)?;
        if name == "auto" {
            return Some(DialectChoice::Auto);
        }
        let dialect = name.parse::<Dialect>().ok();
        if dialect.is_none() {
            let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
            self.problem(
                value.range,
                format!(
                    "There is no dialect `{name}`. Known: auto, {}.",
                    names.join(", ")
                ),
            );
        }
        dialect.map(DialectChoice::Given)
    }

    fn templating(&mut self, key: &Key, value: &Value) -> Option<Templating> {
        match self.text(key, value)?.as_str() {
            "auto" => Some(Templating::Auto),
            "jinja" => Some(Templating::Jinja),
            "off" => Some(Templating::Off),
            other => {
                self.problem(
                    value.range,
                    format!("`templating` is auto, jinja or off, not `{other}`."),
                );
                None
            }
        }
    }

    fn scopes(&mut self, value: &Value) {
        let ValueKind::List(scopes) = &value.kind else {
            self.problem(
                value.range,
                "`scope` is a list of tables: write `[[scope]]`.".to_owned(),
            );
            return;
        };
        for scope in scopes {
            let entries = self.table(scope, "a scope");
            let paths = entries.iter().find(|(key, _)| key.name == "paths");
            let paths = paths
                .and_then(|(key, value)| self.patterns(key, value))
                .unwrap_or_default();
            if paths.is_empty() {
                let message = "This scope names no `paths`, so it holds nowhere.";
                self.problem(scope.range, message.to_owned());
            }
            let checks = self.checks(scope, &["paths"]);
            self.file.scopes.push(Scope { paths, checks });
        }
    }

    fn checks(&mut self, value: &Value, besides: &[&str]) -> Vec<Check> {
        let mut checks = Vec::new();
        for (key, value) in self.table(value, "`checks`") {
            if besides.contains(&key.name.as_str()) {
                continue;
            }
            let Some(name) = self.text(key, value) else {
                continue;
            };
            match Level::named(&name) {
                Some(level) => {
                    let code = Placed::new(SmolStr::new(&key.name), self.places.add(key.range));
                    checks.push(Check { code, level });
                }
                None => {
                    let levels = Level::NAMES.map(|(name, _)| name).join(", ");
                    self.problem(
                        value.range,
                        format!("`{name}` is no level. Known: {levels}."),
                    );
                }
            }
        }
        checks
    }

    fn patterns(&mut self, key: &Key, value: &Value) -> Option<Vec<String>> {
        let ValueKind::List(items) = &value.kind else {
            self.expected(key, "a list of texts", value);
            return None;
        };
        let mut patterns = Vec::new();
        for item in items {
            let Some(pattern) = self.text(key, item) else {
                continue;
            };
            match glob(&pattern) {
                Ok(_) => patterns.push(pattern),
                Err(error) => {
                    let message = format!("`{pattern}` is no pattern of paths: {}.", error.kind());
                    self.problem(item.range, message);
                }
            }
        }
        Some(patterns)
    }

    fn text(&mut self, key: &Key, value: &Value) -> Option<String> {
        match &value.kind {
            ValueKind::Text(text) => Some(text.clone()),
            _ => {
                self.expected(key, "a text", value);
                None
            }
        }
    }

    fn table<'a>(&mut self, value: &'a Value, what: &str) -> &'a [(Key, Value)] {
        match &value.kind {
            ValueKind::Table(entries) => entries,
            other => {
                let message = format!(
                    "{} must be a table, not {}.",
                    capitalised(what),
                    other.description()
                );
                self.problem(value.range, message);
                &[]
            }
        }
    }

    fn expected(&mut self, key: &Key, expected: &str, found: &Value) {
        let message = format!(
            "`{}` must be {expected}, not {}.",
            key.name,
            found.kind.description()
        );
        self.problem(found.range, message);
    }

    fn unknown(&mut self, key: &Key, known: &[&'static str]) {
        let nearest = nearest(&key.name, known.iter().copied());
        let advice = match nearest {
            Some(nearest) => format!("Did you mean `{nearest}`?"),
            None => format!("Known here: {}.", known.join(", ")),
        };
        self.problems.push(Problem {
            range: key.range,
            message: format!("There is no key `{}`. {advice}", key.name),
            unknown_key: Some(UnknownKey { nearest }),
        });
    }

    fn problem(&mut self, range: TextRange, message: String) {
        self.problems.push(Problem {
            range,
            message,
            unknown_key: None,
        });
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

//! The editor's settings, from every channel that they may come by.
//!
//! What the client started the server with (`initializationOptions`) holds until it answers
//! `workspace/configuration` or tells of a change (`workspace/didChangeConfiguration`); what comes
//! later goes before it, key by key. The project's own file is the index's.

use index::configuration::{Check, Overrides, decode_editor};
use std::collections::BTreeSet;

/// Settings as the client sends them.
pub(super) type Json = serde_json::Value;

/// The name that the settings go by in a client's configuration.
const SECTION: &str = "rationale";

/// What is shown besides findings. All of it, unless the settings say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// Lines above tables and columns.
    pub(super) code_lenses: bool,
    /// Words behind names, in the text.
    pub(super) inlay_hints: bool,
}

impl Default for Shown {
    fn default() -> Shown {
        Shown {
            code_lenses: true,
            inlay_hints: true,
        }
    }
}

/// The settings that say what is shown.
const CODE_LENS: &str = "codeLens";
const INLAY_HINTS: &str = "inlayHints";

/// What the client has said so far.
#[derive(Debug, Default)]
pub(super) struct EditorSettings {
    initial: Json,
    later: Json,
    /// Complaints that have been made already.
    made: BTreeSet<String>,
}

impl EditorSettings {
    /// Settings that the server is started with.
    pub(super) fn new(initial: Option<Json>) -> EditorSettings {
        EditorSettings {
            initial: section(initial.unwrap_or_default()),
            ..EditorSettings::default()
        }
    }

    /// The client tells its settings as they are now. `null` says nothing.
    pub(super) fn told(&mut self, settings: Json) {
        let settings = section(settings);
        if !settings.is_null() {
            self.later = settings;
        }
    }

    /// What holds now.
    pub(super) fn overrides(&self) -> Overrides {
        decode_editor(&self.merged()).0
    }

    /// What the person wants to be shown.
    pub(super) fn shown(&self) -> Shown {
        let settings = self.all();
        let is_wanted = |key: &str| settings.get(key) != Some(&Json::Bool(false));
        Shown {
            code_lenses: is_wanted(CODE_LENS),
            inlay_hints: is_wanted(INLAY_HINTS),
        }
    }

    /// What is wrong with the settings and has not been complained about before, as sentences.
    pub(super) fn complaints(&mut self) -> Vec<String> {
        let (overrides, problems) = decode_editor(&self.merged());
        let mut complaints: Vec<String> = problems
            .into_iter()
            .map(|problem| problem.message)
            .collect();
        let settings = self.all();
        complaints.extend([CODE_LENS, INLAY_HINTS].into_iter().filter_map(|key| {
            let value = settings.get(key)?;
            let is_known = value.is_boolean() || value.is_null();
            (!is_known).then(|| format!("`{key}` must be `true` or `false`."))
        }));
        let scoped = overrides.scopes.iter().flat_map(|scope| &scope.checks);
        complaints.extend(
            overrides
                .checks
                .iter()
                .chain(scoped)
                .filter_map(unknown_code),
        );
        complaints.retain(|complaint| self.made.insert(complaint.clone()));
        complaints
    }

    /// The settings that a project could have too.
    fn merged(&self) -> Json {
        let mut settings = self.all();
        if let Some(settings) = settings.as_object_mut() {
            settings.remove(CODE_LENS);
            settings.remove(INLAY_HINTS);
        }
        settings
    }

    fn all(&self) -> Json {
        merge(self.initial.clone(), self.later.clone())
    }
}

fn unknown_code(check: &Check) -> Option<String> {
    let name = check.code.value.as_str();
    if checks::code(name).is_some() {
        return None;
    }
    Some(format!(
        "There is no check `{name}`; `rationale explain` lists all of them."
    ))
}

/// The settings themselves, whether or not they come wrapped in their section's name.
fn section(mut settings: Json) -> Json {
    match settings.get_mut(SECTION) {
        Some(inner) => inner.take(),
        None => settings,
    }
}

/// `over` laid over `base`, key by key.
fn merge(base: Json, over: Json) -> Json {
    match (base, over) {
        (Json::Object(mut base), Json::Object(over)) => {
            for (key, value) in over {
                let below = base.remove(&key).unwrap_or_default();
                base.insert(key, merge(below, value));
            }
            Json::Object(base)
        }
        (base, Json::Null) => base,
        (_, over) => over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use index::configuration::Level;
    use serde_json::json;

    fn level(settings: &EditorSettings, code: &str) -> Option<Level> {
        let overrides = settings.overrides();
        overrides
            .checks
            .iter()
            .find(|check| check.code.value == code)
            .map(|check| check.level)
    }

    #[test]
    fn what_comes_later_goes_before_what_came_first_key_by_key() {
        let initial = json!({ "checks": { "missing-why": "error", "phantom-column": "hint" } });
        let mut settings = EditorSettings::new(Some(initial));
        settings.told(json!({ "rationale": { "checks": { "missing-why": "off" } } }));
        assert_eq!(level(&settings, "missing-why"), Some(Level::Off));
        assert_eq!(level(&settings, "phantom-column"), Some(Level::Hint));
    }

    #[test]
    fn null_says_nothing() {
        let mut settings =
            EditorSettings::new(Some(json!({ "checks": { "missing-why": "error" } })));
        settings.told(Json::Null);
        settings.told(json!({ "rationale": null }));
        assert_eq!(level(&settings, "missing-why"), Some(Level::Error));
    }

    #[test]
    fn all_is_shown_but_what_is_switched_off() {
        let mut settings = EditorSettings::new(Some(json!({ "codeLens": false })));
        assert_eq!(settings.complaints(), Vec::<String>::new());
        assert!(!settings.shown().code_lenses && settings.shown().inlay_hints);
        settings.told(json!({ "rationale": { "codeLens": true, "inlayHints": "no" } }));
        assert_eq!(settings.shown(), Shown::default());
        assert_eq!(
            settings.complaints(),
            ["`inlayHints` must be `true` or `false`."]
        );
    }

    #[test]
    fn each_complaint_is_made_once() {
        let mut settings = EditorSettings::new(Some(
            json!({ "chekcs": {}, "checks": { "missing-wyh": "off" } }),
        ));
        let complaints = settings.complaints();
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert_eq!(settings.complaints(), Vec::<String>::new());
        settings.told(json!({ "dialekt": "duckdb" }));
        assert_eq!(settings.complaints().len(), 1);
    }
}

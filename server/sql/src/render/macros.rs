//! Macros by package and name, compiled once and shared by all that call them.

use super::definition::MacroTemplate;
use super::environment;
use super::stand_ins;
use minijinja::{Environment, Template};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Where macros come from.
pub trait MacroSource: Send + Sync {
    /// The text of a macro, from `{% macro` to the end of `{% endmacro %}`.
    fn text(&self, package: &str, name: &str) -> Option<Arc<str>>;

    /// Whether there is a package of this name.
    fn has_package(&self, package: &str) -> bool;
}

/// The macros of a workspace. Cheap to clone; the clones share what was compiled. Make it anew when
/// a macro changes.
#[derive(Clone)]
pub struct Macros {
    shared: Arc<Shared>,
}

struct Shared {
    source: Arc<dyn MacroSource>,
    environment: Environment<'static>,
    templates: Arc<Templates>,
}

/// What is known of the macros that were asked for.
#[derive(Default)]
pub(super) struct Templates {
    known: Mutex<ByName>,
}

/// By package and name; nothing where there is no such macro.
type ByName = BTreeMap<(SmolStr, SmolStr), Option<Arc<MacroTemplate>>>;

impl Macros {
    /// The macros of `source`, and ours where it has none.
    pub fn new(source: Arc<dyn MacroSource>) -> Macros {
        let templates = Arc::new(Templates::default());
        Macros {
            shared: Arc::new(Shared {
                environment: environment::of(Arc::clone(&templates)),
                source,
                templates,
            }),
        }
    }

    pub(super) fn environment(&self) -> &Environment<'static> {
        &self.shared.environment
    }

    /// Whether macros can be called by this package's name.
    pub(super) fn has_package(&self, package: &str) -> bool {
        self.shared.source.has_package(package) || stand_ins::has_package(package)
    }

    /// The workspace's own macro of this name.
    pub(super) fn own(&self, package: &str, name: &str) -> Option<Arc<MacroTemplate>> {
        let own = |package: &str, name: &str| self.shared.source.text(package, name);
        self.shared.templates.get(package, name, own)
    }

    /// The macro of ours that stands in for one of a package that is absent.
    pub(super) fn stand_in(&self, package: &str, name: &str) -> Option<Arc<MacroTemplate>> {
        let key = format!("{STAND_IN}{package}");
        self.shared
            .templates
            .get(&key, name, |_, name| stand_ins::text(package, name))
    }
}

/// Before a package's name: the macro is ours, not the package's own.
pub(super) const STAND_IN: &str = "(stand-in) ";

impl fmt::Debug for Macros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Macros").finish_non_exhaustive()
    }
}

impl Templates {
    fn get(
        &self,
        package: &str,
        name: &str,
        text: impl Fn(&str, &str) -> Option<Arc<str>>,
    ) -> Option<Arc<MacroTemplate>> {
        let key = (SmolStr::new(package), SmolStr::new(name));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(template) = known.get(&key) {
            return template.clone();
        }
        let template = text(package, name)
            .and_then(|text| MacroTemplate::new(&text))
            .map(Arc::new);
        known.insert(key, template.clone());
        template
    }

    /// The body of a macro that was asked for.
    pub(super) fn body(&self, template: &str) -> Option<String> {
        let (package, name) = template.rsplit_once('.')?;
        let key = (SmolStr::new(package), SmolStr::new(name));
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Some(known.get(&key)?.as_ref()?.body.clone())
    }
}

/// The compiled body of a macro.
pub(super) fn compiled<'e>(
    environment: &'e Environment<'e>,
    package: &str,
    name: &str,
) -> Result<Template<'e, 'e>, minijinja::Error> {
    environment.get_template(&format!("{package}.{name}"))
}

/// Macros in memory: for tests, and for who has read them all.
impl MacroSource for BTreeMap<(SmolStr, SmolStr), Arc<str>> {
    fn text(&self, package: &str, name: &str) -> Option<Arc<str>> {
        self.get(&(SmolStr::new(package), SmolStr::new(name)))
            .cloned()
    }

    fn has_package(&self, package: &str) -> bool {
        let packages: BTreeSet<&str> = self.keys().map(|(package, _)| package.as_str()).collect();
        packages.contains(package)
    }
}

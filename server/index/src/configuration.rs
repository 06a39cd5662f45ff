//! What the user asked for: `rationale.toml`, and the editor's settings over it.
//!
//! Both are read into one [`Value`](value::Value) tree and decoded by one function, so that a key
//! means the same wherever it is written. Nothing here knows which codes there are.

mod decode;
mod editor;
mod settings;
#[cfg(test)]
mod tests;
mod toml;
mod value;

pub use decode::{Check, ConfigurationFile, DialectChoice, Problem, Scope, Templating};
pub use editor::{Overrides, decode as decode_editor};
pub use settings::{Configurations, Settings};
pub use toml::decode as decode_toml;

/// How much a finding matters, or that it is not to be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth a thought.
    Hint,
    /// Worth knowing.
    Info,
    /// Ought to be mended.
    Warning,
    /// Must be mended.
    Error,
}

impl Level {
    /// All levels by the name that configuration gives them.
    pub const NAMES: [(&'static str, Level); 5] = [
        ("off", Level::Off),
        ("hint", Level::Hint),
        ("info", Level::Info),
        ("warning", Level::Warning),
        ("error", Level::Error),
    ];

    /// The level of that name.
    pub fn named(name: &str) -> Option<Level> {
        Level::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, level)| *level)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Level::NAMES
            .iter()
            .find(|(_, level)| *level == self)
            .map_or("off", |(name, _)| name)
    }
}

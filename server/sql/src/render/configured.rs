//! What is configured for a model outside of its own file.

use super::vars::VarValue;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What files beside a model configure for it, by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configured {
    /// What the model's own `config(…)` goes before.
    pub below: BTreeMap<SmolStr, VarValue>,
    /// What goes before the model's own: what a project says of the models of a package.
    pub above: BTreeMap<SmolStr, VarValue>,
}

impl Configured {
    /// What holds for `key`, where the model's own file says nothing of it.
    pub fn get(&self, key: &str) -> Option<&VarValue> {
        self.above.get(key).or_else(|| self.below.get(key))
    }
}

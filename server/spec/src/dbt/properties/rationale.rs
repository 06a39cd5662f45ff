//! Where whys and units stand in dbt files: dbt leaves `meta` to others, so what it does not know
//! itself goes there.

use crate::dbt::lenient::Keys;
use crate::reader::{Pair, Reader};
use syntax::yaml::NodeKind;

/// The two places that dbt has for `meta`: since 1.10 under `config`, before that bare.
pub(super) struct Rationale<'t> {
    own: Vec<Keys<'t>>,
    bare: Vec<Keys<'t>>,
    /// `rationale: text`, which is a why.
    text: Option<Pair<'t>>,
}

/// Keys that are read from `meta` without a mapping `rationale` round them. Others may well mean
/// something else there.
const BARE: [&str; 2] = ["why", "unit"];

impl<'t> Rationale<'t> {
    /// What the `meta` of a table or column with these keys holds.
    pub(super) fn read(reader: &mut Reader<'t>, keys: &Keys<'t>, config: &Keys<'t>) -> Self {
        let mut rationale = Rationale {
            own: Vec::new(),
            bare: Vec::new(),
            text: None,
        };
        for meta in [config.under(reader, "meta"), keys.under(reader, "meta")] {
            rationale.own.push(meta.under(reader, "rationale"));
            if rationale.text.is_none() {
                rationale.text = meta
                    .get("rationale")
                    .filter(|pair| matches!(pair.value.content.kind, NodeKind::Scalar { .. }));
            }
            rationale.bare.push(meta);
        }
        rationale
    }

    /// The value of `key`, from wherever it is given.
    pub(super) fn get(&self, key: &str) -> Option<Pair<'t>> {
        let own = self.own.iter().find_map(|keys| keys.get(key));
        let text = self.text.filter(|_| key == "why");
        let bare = || match BARE.contains(&key) {
            true => self.bare.iter().find_map(|keys| keys.get(key)),
            false => None,
        };
        own.or(text).or_else(bare)
    }
}

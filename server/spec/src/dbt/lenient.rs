//! Values of dbt files: what is of the expected kind is read, anything else is as if it were not
//! there, since dbt is the one to judge its files. Also what YAML 1.1, which dbt reads, takes
//! otherwise than YAML 1.2.

use crate::model::Field;
use crate::reader::{Pair, Reader, Value};
use crate::scalar::{Scalar, scalar};
use syntax::yaml::NodeKind;
use syntax::{Name, Placed};

/// The keys of one mapping.
pub(super) struct Keys<'t> {
    pairs: Vec<Pair<'t>>,
}

impl<'t> Keys<'t> {
    /// Those of `value`; none where it is no mapping.
    pub(super) fn of(reader: &mut Reader<'t>, value: Value<'t>) -> Keys<'t> {
        Keys {
            pairs: reader.pairs(value),
        }
    }

    /// Those of the mapping under `key`.
    pub(super) fn under(&self, reader: &mut Reader<'t>, key: &str) -> Keys<'t> {
        match self.get(key) {
            Some(pair) => Keys::of(reader, pair.value),
            None => Keys { pairs: Vec::new() },
        }
    }

    /// The entry of `key`. Of several the last, which is the one that dbt takes.
    pub(super) fn get(&self, key: &str) -> Option<Pair<'t>> {
        let mut pairs = self.pairs.iter().rev();
        pairs.find(|pair| pair.key.as_str() == Some(key)).copied()
    }

    /// All entries.
    pub(super) fn pairs(&self) -> &[Pair<'t>] {
        &self.pairs
    }
}

/// A text or a number, without white space round it; not where there is nothing else.
pub(super) fn text(value: Value<'_>) -> Option<String> {
    let text = match scalar(value.content)? {
        Scalar::Null => return None,
        _ => value.content.as_str()?.trim(),
    };
    (!text.is_empty()).then(|| text.to_owned())
}

/// The text of `pair`, with its places.
pub(super) fn text_field<'t>(
    reader: &mut Reader<'t>,
    pair: Option<Pair<'t>>,
) -> Option<Field<String>> {
    let pair = pair?;
    let text = text(pair.value)?;
    reader.check_yaml_1_1(pair.value);
    Some(field(reader, pair, text))
}

/// The prose of `pair`, with its places.
pub(super) fn prose_field<'t>(
    reader: &mut Reader<'t>,
    pair: Option<Pair<'t>>,
) -> Option<Field<String>> {
    let pair = pair?;
    let text = text(pair.value)?;
    reader.check_cut_off(pair.value);
    Some(field(reader, pair, text))
}

/// The name that `pair` gives, with its places. One that a template makes is not known.
pub(super) fn name_field<'t>(
    reader: &mut Reader<'t>,
    pair: Option<Pair<'t>>,
) -> Option<Field<Name>> {
    let pair = pair?;
    let name = name(pair.value)?;
    reader.check_yaml_1_1(pair.value);
    Some(field(reader, pair, name))
}

/// The name that `value` gives. One that a template makes is not known.
pub(super) fn name(value: Value<'_>) -> Option<Name> {
    text(value)
        .filter(|name| !is_template(name))
        .map(|name| Name::new(&name))
}

/// A boolean, also as YAML 1.1 spells it. What a template decides is not known.
pub(super) fn boolean(value: Value<'_>) -> Option<bool> {
    match scalar(value.content)? {
        Scalar::Boolean(boolean) => Some(boolean),
        Scalar::Text(text) => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "true" => Some(true),
            "no" | "off" | "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The items of a list.
pub(super) fn items<'t>(reader: &mut Reader<'t>, pair: Option<Pair<'t>>) -> Vec<Value<'t>> {
    pair.map(|pair| reader.items(pair.value))
        .unwrap_or_default()
}

/// The names in a list, or a single one.
pub(super) fn names<'t>(reader: &mut Reader<'t>, pair: Option<Pair<'t>>) -> Vec<Placed<Name>> {
    let Some(pair) = pair else {
        return Vec::new();
    };
    let values = match pair.value.content.kind {
        NodeKind::Sequence { .. } => reader.items(pair.value),
        _ => vec![pair.value],
    };
    let mut names = Vec::new();
    for value in values {
        if let Some(name) = name(value) {
            reader.check_yaml_1_1(value);
            let spot = reader.spot(value.range);
            names.push(Placed::new(name, spot));
        }
    }
    names
}

/// The texts in a list, or a single one.
pub(super) fn texts<'t>(reader: &mut Reader<'t>, pair: Option<Pair<'t>>) -> Vec<Placed<String>> {
    let Some(pair) = pair else {
        return Vec::new();
    };
    let values = match pair.value.content.kind {
        NodeKind::Sequence { .. } => reader.items(pair.value),
        _ => vec![pair.value],
    };
    let mut texts = Vec::new();
    for value in values {
        if let Some(text) = text(value) {
            let spot = reader.spot(value.range);
            texts.push(Placed::new(text, spot));
        }
    }
    texts
}

/// `value`, with the places of the key and of what it says.
pub(super) fn field<T>(reader: &mut Reader<'_>, pair: Pair<'_>, value: T) -> Field<T> {
    Field {
        key: reader.spot(pair.key.range),
        value,
        spot: reader.spot(pair.value.range),
    }
}

/// Whether Jinja is to make the value.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// The name of the table in `ref('orders')`, `source('shop', 'orders')` or plain SQL, as
/// `orders`, `shop.orders`; `None` where it is something else.
pub fn referenced_table(written: &str) -> Option<String> {
    let written = written
        .trim()
        .trim_start_matches("{{")
        .trim_end_matches("}}");
    let Some((function, arguments)) = written.trim().split_once('(') else {
        let is_name = |c: char| c.is_alphanumeric() || "_.\"`[]$-".contains(c);
        let name = written.trim();
        return (!name.is_empty() && name.chars().all(is_name)).then(|| name.to_owned());
    };
    let arguments: Vec<&str> = arguments
        .trim()
        .strip_suffix(')')?
        .split(',')
        .filter_map(|argument| {
            let argument = argument.trim();
            let quote = argument
                .chars()
                .next()
                .filter(|c| matches!(c, '\'' | '"'))?;
            argument.strip_prefix(quote)?.strip_suffix(quote)
        })
        .collect();
    match (function.trim(), arguments.as_slice()) {
        ("ref", [table] | [_, table]) => Some((*table).to_owned()),
        ("source", [source, table]) => Some(format!("{source}.{table}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_its_table() {
        for (written, table) in [
            ("ref('orders')", Some("orders")),
            ("ref(\"orders\", v=2)", Some("orders")),
            ("ref('shop', 'orders')", Some("orders")),
            ("{{ ref('orders') }}", Some("orders")),
            ("source('shop', 'orders')", Some("shop.orders")),
            ("raw.orders", Some("raw.orders")),
            ("source('shop')", None),
            ("ref(name)", None),
            ("this is none", None),
            ("", None),
        ] {
            assert_eq!(referenced_table(written).as_deref(), table, "{written}");
        }
    }
}

//! How a name is written: in the letters that the old one was written in, in quotes where it must be.

use super::Refusal;
use sql::Dialect;
use syntax::Name;

/// The name that a person typed, be it in quotes.
///
/// # Errors
/// Where it is no name.
pub(super) fn name(typed: &str) -> Result<Name, Refusal> {
    let typed = typed.trim();
    let inner = QUOTES.iter().find_map(|(open, close)| {
        let inner = typed.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.is_empty()).then_some(inner)
    });
    let name = inner.unwrap_or(typed);
    let refuse = |why: &str| Err(Refusal::new(format!("`{typed}` is no name: {why}.")));
    if name.trim().is_empty() {
        return refuse("it is empty");
    }
    let is_odd = |letter: char| letter.is_control() || "\"'`[]{}.,;:#\\/%$()".contains(letter);
    if let Some(letter) = name.chars().find(|letter| is_odd(*letter)) {
        return refuse(&format!("it holds {letter:?}"));
    }
    if name.trim() != name {
        return refuse("it starts or ends with a blank");
    }
    if name.len() > LONGEST {
        return refuse("it is longer than any database takes");
    }
    Ok(Name::new(name))
}

/// The longest name, in bytes: BigQuery takes 300 characters, others less.
const LONGEST: usize = 300;

const QUOTES: [(char, char); 4] = [('"', '"'), ('`', '`'), ('[', ']'), ('\'', '\'')];

/// Whether it can be written without quotes, as far as its letters tell.
pub(super) fn is_plain(name: &Name) -> bool {
    let mut letters = name.as_str().chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// The name as a sentence of an amendment has it: in quotes where it must be.
pub(super) fn in_sentence(name: &Name) -> String {
    match is_plain(name) {
        true => name.to_string(),
        false => format!("\"{name}\""),
    }
}

/// The same for what a person typed, as it stands where it is no name.
pub(crate) fn as_in_sentence(typed: &str) -> String {
    name(typed).map_or_else(|_| typed.to_owned(), |name| in_sentence(&name))
}

/// `new` as it is written in SQL where `written`, which may be in quotes, stood for `old`.
pub(super) fn in_sql(written: &str, old: &Name, new: &Name, dialect: Dialect) -> String {
    let quotes = QUOTES.iter().take(3);
    let mut quoted = quotes.filter(|(open, _)| written.starts_with(*open));
    if let Some((open, close)) = quoted.next() {
        let inner = written.trim_matches([*open, *close].as_slice());
        return format!("{open}{}{close}", in_case(inner, old, new));
    }
    let cased = in_case(written, old, new);
    // Letters of any script go without quotes where they went so before.
    let is_word = |name: &str| {
        name.chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
            && !name.starts_with(|first: char| first.is_ascii_digit())
    };
    let is_as_before = !written.is_ascii() && is_word(written) && is_word(new.as_str());
    let is_reserved = RESERVED.binary_search(&new.as_str().to_ascii_lowercase().as_str());
    if (is_plain(new) || is_as_before) && is_reserved.is_err() {
        return cased;
    }
    match dialect {
        Dialect::BigQuery
        | Dialect::ClickHouse
        | Dialect::Databricks
        | Dialect::Hive
        | Dialect::MySql
        | Dialect::Spark => format!("`{new}`"),
        _ => format!("\"{new}\""),
    }
}

/// Words that no dialect takes for the name of a column. In lower case, sorted. Words that some take,
/// such as `date`, are not among them: in quotes some databases take them for another name.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "all", "and", "any", "as", "asc", "between", "by", "case", "cast", "check", "collate",
    "constraint", "create", "cross", "desc", "distinct", "drop", "else", "end", "except", "exists",
    "false", "fetch", "for", "foreign", "from", "full", "grant", "group", "having", "in", "inner",
    "insert", "intersect", "into", "is", "join", "lateral", "left", "like", "limit", "natural",
    "not", "null", "on", "or", "order", "outer", "over", "partition", "primary", "qualify",
    "references", "right", "select", "set", "some", "table", "then", "to", "true", "union", "unique",
    "update", "using", "values", "when", "where", "window", "with",
];

/// `new` in the letters that `written` spells `old` in: all large, all small, or as it was typed.
pub(super) fn in_case(written: &str, old: &Name, new: &Name) -> String {
    let (old, new) = (old.as_str(), new.as_str());
    if written == old {
        new.to_owned()
    } else if written == old.to_ascii_uppercase() {
        new.to_ascii_uppercase()
    } else if written == old.to_ascii_lowercase() {
        new.to_ascii_lowercase()
    } else {
        new.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn a_name_is_taken_without_its_quotes() {
        for (typed, expected) in [
            ("total", Some("total")),
            (" total ", Some("total")),
            ("\"Order Total\"", Some("Order Total")),
            ("`total`", Some("total")),
            ("straße", Some("straße")),
            ("", None),
            ("''", None),
            ("\" a\"", None),
            ("a.b", None),
            ("a\nb", None),
            ("{{ x }}", None),
        ] {
            let found = name(typed).ok();
            assert_eq!(found, expected.map(Name::new), "{typed}");
        }
    }

    #[test]
    fn it_is_written_as_the_old_one_was() {
        let (old, new) = (Name::new("order_id"), Name::new("order_key"));
        for (written, expected) in [
            ("order_id", "order_key"),
            ("ORDER_ID", "ORDER_KEY"),
            ("\"order_id\"", "\"order_key\""),
            ("[order_id]", "[order_key]"),
        ] {
            let found = in_sql(written, &old, &new, Dialect::Postgres);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_would_not_be_read_as_a_name_gets_quotes() {
        let old = Name::new("x");
        for (new, dialect, expected) in [
            ("Order Total", Dialect::Postgres, "\"Order Total\""),
            ("select", Dialect::Postgres, "\"select\""),
            ("order", Dialect::BigQuery, "`order`"),
            ("total", Dialect::BigQuery, "total"),
        ] {
            assert_eq!(in_sql("x", &old, &Name::new(new), dialect), expected);
        }
    }
}

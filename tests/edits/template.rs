//! A dbt template with its tags set aside: each is replaced by a word or a comment that the SQL
//! parser takes, and is put back into whatever is made of the text.

use std::collections::BTreeMap;

/// A text without its tags.
pub(crate) struct Template {
    /// The text with a placeholder for each tag.
    pub(crate) masked: String,
    /// Placeholder and tag. Equal mentions of a table share a placeholder.
    tags: Vec<(String, String)>,
    /// The unqualified name that a placeholder's table goes by, by placeholder.
    pub(crate) names: BTreeMap<String, String>,
    /// Tags that go to the top of a printed text: the configuration.
    head: Vec<String>,
    /// Whether there are no tags but mentions of tables, the configuration, and comments.
    pub(crate) plain: bool,
}

/// What starts a tag, and what ends it.
const TAGS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

impl Template {
    pub(crate) fn new(text: &str) -> Template {
        let mut template = Template {
            masked: String::new(),
            tags: Vec::new(),
            names: BTreeMap::new(),
            head: Vec::new(),
            plain: true,
        };
        let mut rest = text;
        while let Some((start, close)) = next_tag(rest) {
            let Some(length) = rest[start..].find(close) else {
                template.plain = false;
                break;
            };
            let end = start + length + close.len();
            template.masked.push_str(&rest[..start]);
            let glued = rest[..start].ends_with(is_word) || rest[end..].starts_with(is_word);
            template.tag(&rest[start..end], glued);
            rest = &rest[end..];
        }
        template.masked.push_str(rest);
        template
    }

    fn tag(&mut self, tag: &str, glued: bool) {
        let inner = tag[2..tag.len() - 2].trim();
        let table = mentioned_table(inner).filter(|_| tag.starts_with("{{") && !glued);
        if let Some(name) = table {
            let known = self.tags.iter().find(|(_, known)| known == tag);
            let placeholder = known.map(|(placeholder, _)| placeholder.clone());
            let placeholder = placeholder.unwrap_or_else(|| {
                let placeholder = format!("__tag_{}__", self.tags.len());
                self.tags.push((placeholder.clone(), tag.to_owned()));
                placeholder
            });
            self.names.insert(placeholder.clone(), name);
            self.masked.push_str(&placeholder);
            return;
        }
        let mut placeholder = format!("__tag_{}__", self.tags.len());
        let is_configuration = tag.starts_with("{{") && inner.starts_with("config(");
        if is_configuration {
            self.head.push(tag.to_owned());
        } else if !tag.starts_with("{#") {
            self.plain = false;
        }
        if is_configuration || !tag.starts_with("{{") {
            placeholder = format!("/*{placeholder}*/");
        }
        self.masked.push_str(&placeholder);
        self.tags.push((placeholder, tag.to_owned()));
    }

    /// `masked`, or what was made of it token by token, with its tags.
    pub(crate) fn restore(&self, masked: &str) -> String {
        let mut text = String::new();
        let mut rest = masked;
        while let Some((start, end, number)) = next_placeholder(rest) {
            let is_old = rest[start..end].starts_with("__old");
            let Some((placeholder, tag)) = self.tags.get(number) else {
                break;
            };
            let comment = if placeholder.starts_with("/*") { 2 } else { 0 };
            text.push_str(&rest[..start - comment]);
            match self.names.get(placeholder).filter(|_| is_old) {
                Some(name) => {
                    let quote = if tag.contains(&format!("{name}'")) {
                        '\''
                    } else {
                        '"'
                    };
                    text.push_str(
                        &tag.replace(&format!("{name}{quote}"), &format!("{name}_old{quote}")),
                    );
                }
                None => text.push_str(tag),
            }
            rest = &rest[end + comment..];
        }
        text.push_str(rest);
        text
    }

    /// Whether a tag that does more than mention a table says a word, so that it might build
    /// anything from it.
    pub(crate) fn tags_say(&self, word: &str) -> bool {
        let others = self
            .tags
            .iter()
            .filter(|(placeholder, _)| !self.names.contains_key(placeholder));
        others
            .into_iter()
            .any(|(_, tag)| tag.to_lowercase().contains(word))
    }

    /// A text that was printed from a tree, which holds no comments, with its tags.
    pub(crate) fn restore_printed(&self, printed: &str) -> String {
        let mut text: String = self.head.iter().map(|tag| format!("{tag}\n\n")).collect();
        text.push_str(&self.restore(printed));
        text.push('\n');
        text
    }
}

/// The placeholder of another table of the same columns: the one whose name ends in `_old`.
pub(crate) fn old_version(placeholder: &str) -> String {
    match placeholder.strip_prefix("__tag_") {
        Some(rest) => format!("__old_tag_{rest}"),
        None => format!("{placeholder}_old"),
    }
}

/// The next placeholder in a text: where it starts and ends, and its number.
fn next_placeholder(text: &str) -> Option<(usize, usize, usize)> {
    let start = match (text.find("__tag_"), text.find("__old_tag_")) {
        (Some(tag), Some(old)) => tag.min(old),
        (tag, old) => tag.or(old)?,
    };
    let digits = start + text[start..].find("tag_")? + 4;
    let length = text[digits..].find("__")?;
    Some((
        start,
        digits + length + 2,
        text[digits..digits + length].parse().ok()?,
    ))
}

fn next_tag(text: &str) -> Option<(usize, &'static str)> {
    TAGS.iter()
        .filter_map(|(open, close)| text.find(open).map(|start| (start, *close)))
        .min()
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || "_'\"`".contains(character)
}

/// The table that `ref('x')`, `ref('p', 'x')` or `source('s', 't')` mentions.
pub(crate) fn mentioned_table(inner: &str) -> Option<String> {
    let arguments = ["ref", "source"].into_iter().find_map(|function| {
        let rest = inner.strip_prefix(function)?.trim_start();
        rest.strip_prefix('(')?.strip_suffix(')')
    })?;
    let mut last = None;
    for argument in arguments.split(',') {
        let argument = argument.trim();
        let quote = argument
            .chars()
            .next()
            .filter(|first| "'\"".contains(*first))?;
        let name = argument.strip_prefix(quote)?.strip_suffix(quote)?;
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        last = Some(name).filter(|name| !name.is_empty() && name.chars().all(is_name));
        last?;
    }
    last.map(str::to_owned)
}

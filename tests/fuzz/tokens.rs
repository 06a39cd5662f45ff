//! Text as tokens, coarse enough for any dialect and for templates.

/// The tokens of a text; together they are the text.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = length(rest, first);
        let (token, behind) = rest.split_at(length);
        tokens.push(token.to_owned());
        rest = behind;
    }
    tokens
}

fn length(rest: &str, first: char) -> usize {
    let run = |of: &dyn Fn(char) -> bool| rest.find(|one| !of(one)).unwrap_or(rest.len());
    for pair in ["{{", "}}", "{%", "%}", "{#", "#}", "--", "/*", "*/", "::", "||", "<>", "<=", ">=", "!="] {
        if rest.starts_with(pair) {
            return pair.len();
        }
    }
    match first {
        '\'' | '"' | '`' => match rest[1..].find([first, '\n']) {
            Some(end) if rest[1 + end..].starts_with(first) => end + 2,
            _ => 1,
        },
        _ if first.is_whitespace() => run(&char::is_whitespace),
        _ if first.is_alphanumeric() || first == '_' => {
            run(&|one| one.is_alphanumeric() || one == '_')
        }
        _ => first.len_utf8(),
    }
}

/// Whether a token is a word.
pub(crate) fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Whether a token is a word, a number or a text.
pub(crate) fn is_value(token: &str) -> bool {
    is_word(token) || token.starts_with(|first: char| first.is_ascii_digit()) || token.len() > 1 && token.starts_with('\'')
}

/// The places of the tokens that are not blank.
pub(crate) fn solid(tokens: &[String]) -> Vec<usize> {
    let places = 0..tokens.len();
    places.filter(|place| !tokens[*place].trim().is_empty()).collect()
}

/// The pairs of parentheses, as the places of both.
pub(crate) fn pairs(tokens: &[String]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" => open.push(place),
            ")" => pairs.extend(open.pop().map(|start| (start, place))),
            _ => {}
        }
    }
    pairs
}

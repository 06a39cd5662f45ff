//! The forms that what is typed of a sentence may become, and which part of each is being typed.

use super::{Form, FormPart, FormPartKind, Slot, forms};

/// A form that fits, and how far it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The form.
    pub form: &'static Form,
    /// The part that is being typed, or comes next.
    pub part: usize,
    /// How many words of that part are typed already.
    pub words_of_part: usize,
    /// How many words of the language are typed in all.
    pub words: usize,
}

/// The forms that `typed`, the start of a sentence, may become: those in whose words most of it is.
pub fn fitting(typed: &str) -> Vec<Fit> {
    let tokens = tokens(typed);
    let is_open = !typed.ends_with(char::is_whitespace);
    let found = forms().iter().filter_map(|form| {
        let reading = Reading {
            parts: &form.parts,
            tokens: &tokens,
            is_open,
        };
        let (part, words_of_part, words) = reading.from(0, 0, 0)?;
        Some(Fit {
            form,
            part,
            words_of_part,
            words,
        })
    });
    let found: Vec<Fit> = found.collect();
    let most = found.iter().map(|fit| fit.words).max().unwrap_or_default();
    found.into_iter().filter(|fit| fit.words == most).collect()
}

/// The pieces of a sentence: words with their dots and quotes, what stands in brackets, signs.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | '[' => bracketed(rest),
            _ if is_word(first) => word(rest),
            '\'' => quoted(rest, first),
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        found.push(token);
        rest = behind.trim_start();
    }
    found
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$' | '"' | '`' | '%')
}

/// The length of names joined by dots.
fn word(text: &str) -> usize {
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match letter {
            '"' | '`' => at += quoted(text.get(at..).unwrap_or_default(), letter),
            '.' | '/' => at += 1,
            letter if is_word(letter) => at += letter.len_utf8(),
            _ => break,
        }
    }
    at
}

/// The length of what a quote starts, to the end where nothing ends it.
fn quoted(text: &str, quote: char) -> usize {
    let inside = text.get(1..).unwrap_or_default();
    inside.find(quote).map_or(text.len(), |end| end + 2)
}

/// The length of what a bracket opens, to the end where nothing closes it.
fn bracketed(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match letter {
            '\'' => {
                at += quoted(text.get(at..).unwrap_or_default(), letter);
                continue;
            }
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += letter.len_utf8();
        if depth == 0 {
            break;
        }
    }
    at
}

struct Reading<'a> {
    parts: &'a [FormPart],
    tokens: &'a [&'a str],
    /// The last token may go on.
    is_open: bool,
}

/// The part that is being typed, how many words of it are there, and how many in all.
type Place = (usize, usize, usize);

impl Reading<'_> {
    /// Reads the tokens from `at` on as the parts from `part` on.
    fn from(&self, part: usize, at: usize, words: usize) -> Option<Place> {
        if at == self.tokens.len() {
            let last = self.parts.len().checked_sub(1)?;
            return Some((part.min(last), 0, words));
        }
        let own = self.parts.get(part)?;
        let found = match &own.kind {
            FormPartKind::Words(expected) => self.words(part, expected, at, words),
            FormPartKind::Slot(slot) => self.slot(part, *slot, at, words),
        };
        // What may be left out is passed over as a whole.
        found.or_else(|| {
            let group = own.optional?;
            let behind = self.parts.iter().skip(part);
            let left_out = behind.take_while(|it| it.optional == Some(group)).count();
            self.from(part + left_out, at, words)
        })
    }

    fn words(&self, part: usize, expected: &[&str], at: usize, words: usize) -> Option<Place> {
        for (count, word) in expected.iter().enumerate() {
            let Some(token) = self.tokens.get(at + count) else {
                return Some((part, count, words + count));
            };
            if self.is_last(at + count) && *token != *word && word.starts_with(*token) {
                return Some((part, count, words + count));
            }
            if token != word {
                return None;
            }
            if self.is_last(at + count) {
                return Some((part, count, words + count));
            }
        }
        let count = expected.len();
        self.from(part + 1, at + count, words + count)
    }

    fn slot(&self, part: usize, slot: Slot, at: usize, words: usize) -> Option<Place> {
        let first = self.tokens.get(at)?;
        match slot {
            Slot::Path | Slot::Paths => {
                if !first.starts_with(is_word) {
                    return None;
                }
                if self.is_last(at) {
                    return Some((part, 0, words));
                }
                if slot == Slot::Paths && self.tokens.get(at + 1) == Some(&",") {
                    return match self.tokens.get(at + 2) {
                        Some(_) => self.slot(part, slot, at + 2, words),
                        None => Some((part, 0, words)),
                    };
                }
                self.from(part + 1, at + 1, words)
            }
            Slot::List => {
                if !first.starts_with('(') {
                    return None;
                }
                match self.is_last(at) && !first.ends_with(')') {
                    true => Some((part, 0, words)),
                    false => self.from(part + 1, at + 1, words).map(|(next, of, words)| {
                        // Behind the last part there is none.
                        (next.max(part), of, words)
                    }),
                }
            }
            Slot::Text => self.text(part, at, words),
        }
    }

    /// SQL goes on to the end, or to the first word of what may follow it.
    fn text(&self, part: usize, at: usize, words: usize) -> Option<Place> {
        for next in at + 1..self.tokens.len() {
            let is_next = self.parts.iter().skip(part + 1).any(|it| match &it.kind {
                FormPartKind::Words(expected) => expected.first() == self.tokens.get(next),
                FormPartKind::Slot(_) => false,
            });
            if is_next && !self.is_last(next) {
                return self.from(part + 1, next, words);
            }
        }
        Some((part, 0, words))
    }

    fn is_last(&self, at: usize) -> bool {
        self.is_open && at + 1 == self.tokens.len()
    }
}

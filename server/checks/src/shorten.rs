//! Long meanings in few letters: what two have in common is left out.

/// What stands for what is left out.
const LEFT_OUT: &str = "…";

/// Two texts, each in at most `most` characters: of what both begin and end with, only what there is
/// room for next to the difference; of a long difference, the beginning.
pub fn pair(was: &str, now: &str, most: usize) -> (String, String) {
    if is_short(was, most) && is_short(now, most) {
        return (was.to_owned(), now.to_owned());
    }
    let (old, new) = (words(was), words(now));
    let same = |(old, new): &(&&str, &&str)| old == new;
    let before = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev());
    let after = after.take(rest).take_while(same).count();
    let length = |words: &[&str]| -> usize {
        let differing = words.iter().take(words.len() - after).skip(before);
        differing.map(|word| word.chars().count()).sum()
    };
    // The same around both, so that they can be compared at a glance.
    let left = most.saturating_sub(length(&old).max(length(&new)) + 2);
    let short = |words: &[&str]| {
        let (start, end) = (before, words.len() - after);
        let behind = room(words.iter().skip(end), left / 3);
        let ahead = room(words.iter().take(start).rev(), left - left / 3);
        let (start, end) = (start - ahead, end + behind);
        let kept = words.iter().take(end).skip(start);
        let text: String = kept.copied().collect();
        let head = if start > 0 { LEFT_OUT } else { "" };
        let tail = if end < words.len() { LEFT_OUT } else { "" };
        cut(&format!("{head}{text}{tail}"), most)
    };
    (short(&old), short(&new))
}

/// A text in at most `most` characters: of a longer one, the beginning.
pub fn cut(text: &str, most: usize) -> String {
    if is_short(text, most) {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}{LEFT_OUT}", kept.trim_end_matches(LEFT_OUT))
}

fn is_short(text: &str, most: usize) -> bool {
    text.chars().count() <= most
}

/// A text in names, which may be qualified, and single signs.
fn words(text: &str) -> Vec<&str> {
    let is_part = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '.');
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match is_part(first) {
            true => rest.find(|sign| !is_part(sign)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, behind) = rest.split_at(end);
        words.push(word);
        rest = behind;
    }
    words
}

/// How many of the words fit in so many characters.
fn room<'w>(words: impl Iterator<Item = &'w &'w str>, most: usize) -> usize {
    let lengths = words.scan(0, |used, word| {
        *used += word.chars().count();
        Some(*used)
    });
    lengths.take_while(|used| *used <= most).count()
}

#[cfg(test)]
mod tests;

//! Long texts on a page.

/// A text on lines of at most `width` characters, broken between words where that can be had.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let mut word = word;
        loop {
            let used = lines.last().map_or(0, |line| line.chars().count());
            if used + word.trim_end().chars().count() <= width {
                break;
            }
            if used > 0 {
                lines.push(String::new());
                continue;
            }
            let split = word
                .char_indices()
                .nth(width)
                .map_or(word.len(), |(at, _)| at);
            let (head, tail) = word.split_at(split);
            lines.push(String::new());
            if let [.., line, _] = lines.as_mut_slice() {
                line.push_str(head);
            }
            word = tail;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn lines_break_between_words_and_never_overflow() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("abcdefgh i", 3), ["abc", "def", "gh", "i"]);
        assert_eq!(lines("", 3), [""]);
    }
}

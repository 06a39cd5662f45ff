//! The likeliest name behind a misspelled one. Knows nothing of what the names stand for.

/// The candidate that `word` was likeliest meant to be, if any is near enough to be worth saying.
///
/// Letter case, `-` and `_` do not count. A candidate is near when at most a third of its letters
/// must be added, dropped, replaced or swapped with their neighbour; of several, the first nearest
/// one is given.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = folded(word);
    let mut best: Option<(usize, &'c str)> = None;
    if word.len() > LONGEST {
        return None;
    }
    for candidate in candidates {
        let letters = folded(candidate);
        let allowed = (word.len().max(letters.len()) / 3).max(1);
        let limit = best.map_or(allowed, |(distance, _)| {
            allowed.min(distance.saturating_sub(1))
        });
        // One letter may become any other, so a name of one letter is near to nothing.
        if letters.len().min(word.len()) < 2 || letters.len().abs_diff(word.len()) > limit {
            continue;
        }
        let distance = distance(&word, &letters);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Longer words are not names that somebody misspelled.
const LONGEST: usize = 100;

fn folded(word: &str) -> Vec<char> {
    word.chars()
        .filter(|character| !matches!(character, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// How many letters must be added, dropped, replaced or swapped with their neighbour (optimal
/// string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut earlier: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut before_left = None;
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut beside = row + 1;
        let mut before_right = None;
        for (column, other) in right.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&above, column) + usize::from(letter != other);
            let mut least = replaced.min(at(&above, column + 1) + 1).min(beside + 1);
            if before_left == Some(other) && before_right == Some(letter) && column > 0 {
                least = least.min(at(&earlier, column - 1).saturating_add(1));
            }
            current.push(least);
            beside = least;
            before_right = Some(other);
        }
        before_left = Some(letter);
        earlier = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_finds_its_right_spelling() {
        let keys = [
            "description",
            "why",
            "unit",
            "unique",
            "nullable",
            "name",
            "values",
        ];
        for (word, meant) in [
            ("descripton", Some("description")),
            ("Description", Some("description")),
            ("desc_ription", Some("description")),
            ("nulable", Some("nullable")),
            ("unti", Some("unit")),
            ("uniqe", Some("unique")),
            ("wyh", Some("why")),
            ("nmae", Some("name")),
            ("value", Some("values")),
            ("owner", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), meant, "{word}");
        }
    }

    #[test]
    fn the_first_of_several_equally_near_names_is_given() {
        assert_eq!(nearest("order", ["orders", "border"]), Some("orders"));
        assert_eq!(nearest("order", ["border", "order"]), Some("order"));
    }

    #[test]
    fn a_swap_counts_once_and_everything_else_too() {
        let letters = |word: &str| word.chars().collect::<Vec<char>>();
        for (left, right, expected) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("abc", "axc", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(
                distance(&letters(left), &letters(right)),
                expected,
                "{left} {right}"
            );
        }
    }
}

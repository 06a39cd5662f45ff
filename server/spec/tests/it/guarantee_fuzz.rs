//! Sentences with random damage: each is parsed or refused, and every range that comes back lies within
//! the sentence, on whole characters.

use proptest::prelude::*;
use spec::guarantee::{Expected, expected_after, nearest_forms, parse};

const SENTENCES: &[&str] = &[
    "orders.order_amount exists",
    "orders.order_amount is DECIMAL(10,2)",
    "orders.status is one of ('open', 'pa''id', -1)",
    "orders.order_amount = COALESCE(SUM(l.quantity * l.\"unit price\"), 0) per order_id where kind = 'ü'",
    "contacts.email_hash comes from contacts.email only through SHA2, MD5",
    "columns classified pii never leave customers except to `support tickets`",
    "orders keeps the latest row per order_id by updated_at",
    "orders.ordered_at is in Europe/Paris",
    "customers excludes rows that match erasure_requests on customer_id",
    "заказы.größe is renamed from 大きさ",
];

const PIECES: &[&str] = &[
    "", " ", "'", "\"", "`", "(", ")", "[", "]", ",", ".", "=", "--", "\\", "\t", "\n", "\r\n",
    "\u{0}", "\u{1}", "é", "🦀", "is", "never", "per", "where", "of", "x", "1", "columns",
    "\u{a0}", "/*", "{{",
];

/// One edit: at a character, drop some, put a piece there.
type Edit = (prop::sample::Index, usize, usize);

fn damaged(sentence: &str, edits: &[Edit]) -> String {
    let mut letters: Vec<char> = sentence.chars().collect();
    for (at, drop, piece) in edits {
        let start = at.index(letters.len() + 1);
        let end = (start + drop).min(letters.len());
        letters.splice(start..end, PIECES[*piece].chars());
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_sentence_is_parsed_or_refused(
        sentence in 0..SENTENCES.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..6usize, 0..PIECES.len()), 0..6),
    ) {
        let sentence = damaged(SENTENCES[sentence], &edits);
        match parse(&sentence) {
            Ok(guarantee) => {
                let range = guarantee.subject().range;
                let subject = sentence.get(std::ops::Range::<usize>::from(range));
                prop_assert!(subject.is_some_and(|text| !text.trim().is_empty()), "{sentence:?}");
            }
            Err(problem) => {
                let word = sentence.get(std::ops::Range::<usize>::from(problem.range));
                prop_assert!(word.is_some(), "{sentence:?} {:?}", problem.range);
                prop_assert!(!problem.message(&sentence).is_empty());
                for form in nearest_forms(&sentence) {
                    prop_assert!(parse(&form).is_ok(), "{form}");
                }
            }
        }
    }

    /// What is said to be expected can stand there: a sentence with it gets further.
    #[test]
    fn what_is_expected_can_stand_there(
        sentence in 0..SENTENCES.len(),
        words in 0..12usize,
    ) {
        let start: Vec<&str> = SENTENCES[sentence].split(' ').take(words).collect();
        let start = start.join(" ");
        for expected in expected_after(&start) {
            let token = match expected {
                Expected::Words(words) => words,
                Expected::End => {
                    prop_assert!(parse(&start).is_ok(), "{start}");
                    continue;
                }
                _ => "x".to_owned(),
            };
            let longer = format!("{start} {token}");
            if let Err(problem) = parse(&longer) {
                prop_assert!(usize::from(problem.range.start()) >= longer.len(), "{longer}: {problem:?}");
            }
        }
    }
}

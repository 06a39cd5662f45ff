use super::*;
use proptest::prelude::*;
use syntax::{LineIndex, TextEdit, TextRange};
use tower_lsp::ls_types::Range;

fn change(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
    let range = Range::new(Position::new(start.0, start.1), Position::new(end.0, end.1));
    TextDocumentContentChangeEvent {
        range: Some(range),
        range_length: None,
        text: text.to_owned(),
    }
}

fn edited(text: &str, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) -> String {
    let path = Path::new("/a.sql");
    let mut documents = Documents::default();
    documents.open(path.to_owned(), "file:///a.sql".parse().unwrap(), 0, text);
    assert!(documents.change(path, 7, changes, encoding));
    assert_eq!(documents.get(path).unwrap().version, 7);
    documents.text(path).unwrap()
}

#[test]
fn each_change_applies_to_what_the_one_before_it_left() {
    let changes = vec![change((0, 1), (0, 1), "XY"), change((0, 2), (0, 3), "")];
    assert_eq!(edited("abc", changes, Encoding::Utf16), "aXbc");
}

#[test]
fn a_column_counts_units_of_the_encoding() {
    for (encoding, column) in [
        (Encoding::Utf8, 6),
        (Encoding::Utf16, 3),
        (Encoding::Utf32, 2),
    ] {
        assert_eq!(
            edited(
                "é😀b",
                vec![change((0, column), (0, column + 1), "!")],
                encoding
            ),
            "é😀!"
        );
    }
}

#[test]
fn a_position_inside_a_character_means_its_start() {
    assert_eq!(
        edited("😀b", vec![change((0, 1), (0, 1), "!")], Encoding::Utf16),
        "!😀b"
    );
    assert_eq!(
        edited("😀b", vec![change((0, 3), (0, 3), "!")], Encoding::Utf8),
        "!😀b"
    );
}

#[test]
fn positions_outside_are_moved_back_inside() {
    assert_eq!(
        edited(
            "a\r\nb",
            vec![change((0, 99), (0, 99), "!")],
            Encoding::Utf16
        ),
        "a!\r\nb"
    );
    assert_eq!(
        edited(
            "a\nb",
            vec![change((99, 99), (99, 99), "!")],
            Encoding::Utf16
        ),
        "a\nb!"
    );
    assert_eq!(
        edited("abc", vec![change((0, 2), (0, 1), "!")], Encoding::Utf16),
        "ab!c"
    );
}

#[test]
fn a_change_without_a_range_is_the_whole_text() {
    let whole = TextDocumentContentChangeEvent {
        range: None,
        range_length: None,
        text: "new\n".to_owned(),
    };
    assert_eq!(
        edited(
            "old",
            vec![whole, change((1, 0), (1, 0), "!")],
            Encoding::Utf16
        ),
        "new\n!"
    );
}

#[test]
fn a_document_that_is_not_open_does_not_change() {
    let mut documents = Documents::default();
    assert!(!documents.change(Path::new("/a.sql"), 1, Vec::new(), Encoding::Utf8));
    assert!(!documents.close(Path::new("/a.sql")));
}

/// Text with every kind of line end and width of character.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["a", "é", "😀", "\n", "\r\n", "\r", "𝒳y"]),
        0..12,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    /// The rope of the editor's edits and the line index of what lies below agree on every position.
    #[test]
    fn an_edit_means_the_same_here_as_below(
        before in text(),
        inserted in text(),
        start in (0u32..8, 0u32..12),
        end in (0u32..8, 0u32..12),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16, Encoding::Utf32]),
    ) {
        let index = LineIndex::new(&before);
        let offset = |(line, column)| index.offset(&before, syntax::text::Position { line, column }, encoding);
        let range = TextRange::new(offset(start), offset(end).max(offset(start)));
        let expected = syntax::edit::apply(&before, &[TextEdit::replace(range, inserted.as_str())]).unwrap();
        prop_assert_eq!(edited(&before, vec![change(start, end, &inserted)], encoding), expected);
    }
}

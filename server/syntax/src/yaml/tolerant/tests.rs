//! What is said about broken lines, in the words that people read.

use crate::text::{Encoding, LineIndex};
use crate::yaml::parse;

/// The problems of `text`: line from 1, what is underlined, and what is said.
fn problems(text: &str) -> String {
    let lines = LineIndex::new(text);
    let mut said = String::new();
    for problem in parse(text).problems {
        let range = problem.range;
        let position = lines.position(text, range.start(), Encoding::Utf8);
        let underlined = text.get(range.start().into()..range.end().into()).unwrap();
        said += &format!(
            "{}: {underlined:?} {}\n",
            position.line + 1,
            problem.message
        );
    }
    said
}

#[test]
fn each_broken_line_has_its_own_problem() {
    let text = "\
requirement: x: y
columns
  - name: a
    tests: [unique, not_null
    why: \"It is
  - name: b
     unit: USD
\tnote: c
    when: @now
";
    assert_eq!(
        problems(text),
        r#"1: ":" A second `:` makes this line unreadable: put the value in quotes.
2: "columns" This key has no `:` behind it: write `key: value`.
4: "[unique, not_null" This bracket is never closed: add `]`.
5: "\"It is" This quoted text never ends: add the closing `"`.
7: "unit: USD" This line is indented deeper than the one it follows: align it with its neighbours.
8: "\t" A tab indents this line: YAML allows spaces only.
9: "@now" A value cannot start with `@`: put it in quotes.
"#
    );
}

#[test]
fn a_merge_conflict_is_called_by_its_name() {
    let text = "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> theirs\nc: 1\n";
    let conflict = "A merge conflict is left here: keep one side, and remove this line.";
    assert_eq!(
        problems(text),
        format!(
            "2: \"<<<<<<< HEAD\" {conflict}\n4: \"=======\" {conflict}\n6: \">>>>>>> theirs\" {conflict}\n"
        )
    );
}

#[test]
fn what_only_the_strict_parser_sees_is_said_in_its_words() {
    assert_eq!(
        problems("%YAML 1.2\na: 1\n"),
        "2: \"a\" A line that starts with `%` needs a line `---` behind it, and one `...` before it.\n"
    );
}

#[test]
fn valid_yaml_has_no_problem_whatever_it_looks_like() {
    let text = "\
a: it's fine, isn't it? # yes
b: C:\\path \"quoted\" [not] {a} list
c: http://example.com:80/#x
d: -1
";
    assert_eq!(problems(text), "");
}

use super::*;

fn formatted(text: &str) -> String {
    let edits = format(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let after = syntax::edit::apply(text, &edits).unwrap();
    let again = format(&after).unwrap_or_else(|error| panic!("again: {error}: {after}"));
    assert_eq!(again, Vec::new(), "twice: {after}");
    after
}

#[test]
fn indentation_blank_lines_and_line_ends_are_set_right() {
    let text = "product:   shop   


# What we sell.
tables:

-   name: orders   # first
    columns:
    -   name: id
        why: |
            Two lines,
              and one further in.


        description: some
           words   
           more
    -   {name: a,
         why: b}
- name: lines
  grain: [a,
    b]
amendments:
      # The first.
      - id: 1
        guarantees: |
          orders exists

          orders.id exists
      # The second.
      - id: 2
# The end.

";
    let expected = "product:   shop

# What we sell.
tables:
  - name: orders   # first
    columns:
      - name: id
        why: |
          Two lines,
            and one further in.

        description: some
          words
          more
      - {name: a,
         why: b}

  - name: lines
    grain: [a,
      b]

amendments:
  # The first.
  - id: 1
    guarantees: |
      orders exists

      orders.id exists

  # The second.
  - id: 2
# The end.
";
    assert_eq!(formatted(text), expected);
    let crlf = text.replace('\n', "\r\n");
    assert_eq!(formatted(&crlf), expected.replace('\n', "\r\n"));
}

#[test]
fn what_is_laid_out_stays() {
    let text = include_str!("../../../../examples/orders/specs/orders.spec.yaml");
    assert_eq!(format(text), Ok(Vec::new()));
    for text in [
        "product: a\n",
        "product: a\ntables: [{name: t}]\n",
        "---\nproduct: a\n",
        "product: a\ndescription: >-\n  x\n\n  y\n",
        "product: é 💰\nowner: 'a # b' # c\n",
        "product: a\n\nx-own:\n  - - 1\n    - 2\n",
    ] {
        assert_eq!(format(text), Ok(Vec::new()), "{text}");
    }
}

#[test]
fn quotes_flow_anchors_and_order_stay() {
    for (text, expected) in [
        (
            "tables:\n- &a {name: t, why: \"x\"}\n-  name: 'u'\nproduct: a",
            "tables:\n  - &a {name: t, why: \"x\"}\n  - name: 'u'\nproduct: a\n",
        ),
        (
            "product: a\nx-own: &k\n    why: w\ntables:\n    - name: t\n      <<: *k\n",
            "product: a\nx-own: &k\n  why: w\n\ntables:\n  - name: t\n    <<: *k\n",
        ),
        (
            "product: a\ndescription: \"one\n     two \\\n     three\"\n",
            "product: a\ndescription: \"one\n  two \\\n  three\"\n",
        ),
        (
            "product: a\ntables:\n- name: t\n  why: |-\n     x\n     \n       y\n\n\n",
            "product: a\n\ntables:\n  - name: t\n    why: |-\n      x\n\n        y\n",
        ),
    ] {
        assert_eq!(formatted(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_understood_is_left_alone() {
    for text in [
        "",
        "# only a comment\n",
        "- a\n",
        "product: [\n",
        "product: a\n---\nproduct: b\n",
        "? a\n: b\n",
        "product: a\ntables:\n\t- name: b\n",
        "{product: a}\n",
    ] {
        assert_eq!(format(text), Err(Unformatted::NotUnderstood), "{text}");
    }
    // Written with its indentation, a text stays as far in as it says.
    let text = "product: a\ntables:\n- name: t\n  why: |2\n      x\n";
    assert_eq!(format(text), Err(Unformatted::NotUnderstood));
}

#[test]
fn mangled_layouts_come_out_the_same() {
    let text = include_str!("../../../../examples/orders/specs/orders.spec.yaml");
    // Each further in by what its own column says, as a tool of another style writes it.
    let wide: String = text
        .lines()
        .map(|line| {
            let indent = line.len() - line.trim_start().len();
            // Blanks behind a sentence in a block are a part of it.
            let behind = if line.contains(':') { "   " } else { "" };
            format!(
                "{}{}{behind}\n\n",
                " ".repeat(indent * 2),
                line.trim_start()
            )
        })
        .collect();
    let wide = wide.replace("- name", "-   name").replace("- id", "-   id");
    let after = formatted(&wide);
    let without_blanks = |text: &str| {
        let lines = text.lines().filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(without_blanks(&after), without_blanks(text));
}

#[test]
fn any_text_gets_one_layout_or_none() {
    let texts = [
        include_str!("../../../../examples/orders/specs/orders.spec.yaml"),
        include_str!("../../../syntax/tests/fixtures/corner_cases.yaml"),
        include_str!("../../../syntax/tests/fixtures/indented.dbt.yaml"),
        include_str!("../../../syntax/tests/fixtures/orders.spec.yaml"),
        include_str!("../../../syntax/tests/fixtures/zero_indented.dbt.yaml"),
    ];
    let mut laid_out = 0;
    for text in texts {
        // A line taken out, doubled, or further in than it was.
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(at);
            let mut more = lines.clone();
            more.insert(at, lines[at]);
            let mut moved: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            moved[at].insert_str(0, "  ");
            for changed in [fewer.join("\n"), more.join("\r\n"), moved.join("\n")] {
                if let Ok(edits) = format(&changed) {
                    let after = syntax::edit::apply(&changed, &edits).unwrap();
                    assert_eq!(format(&after), Ok(Vec::new()), "{changed}");
                    laid_out += 1;
                }
            }
        }
    }
    assert!(laid_out > 300, "{laid_out}");
}

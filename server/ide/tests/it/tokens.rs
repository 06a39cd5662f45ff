//! The colours of sentences in specs.

use crate::fixture::Fixture;
use spec::guarantee::TokenKind;

fn marked(fixture: &Fixture) -> String {
    let tokens = ide::tokens(&fixture.snapshot, fixture.file, None);
    assert!(tokens.is_sorted_by_key(|token| token.range.start()));
    let marks: Vec<_> = tokens
        .iter()
        .map(|token| {
            let sign = match token.kind {
                TokenKind::Keyword => 'k',
                TokenKind::Table => 't',
                TokenKind::Column => 'c',
                TokenKind::Function => 'f',
                TokenKind::Type => 'T',
                TokenKind::Constant => 'C',
                TokenKind::Number => 'n',
                TokenKind::Text => 's',
                TokenKind::Operator => 'o',
            };
            (token.range, sign)
        })
        .collect();
    fixture.marked(fixture.file, &marks)
}

const TEXT: &str = "=== shop.spec.yaml$0
product: shop
amendments:
  - id: 1
    requirement: r
    guarantees: |
      orders.amount is DECIMAL(10,2)
      orders excludes rows where status = 'x'
  - id: 2
    requirement: r
    guarantees:
      - 'orders.status is one of (''a'')'
      - orders.amount is in USD
";

#[test]
fn every_word_of_a_sentence_has_its_colour() {
    let text = TEXT.replace("$0\nproduct", "\n$0product");
    let shown = marked(&Fixture::new(&text));
    assert_eq!(
        shown,
        "      orders.amount is DECIMAL(10,2)
      tttttt cccccc kk TTTTTTT nn n
      orders excludes rows where status = 'x'
      tttttt kkkkkkkk kkkk kkkkk cccccc o sss
      - 'orders.status is one of (''a'')'
         tttttt cccccc kk kkk kk  sssss
      - orders.amount is in USD
        tttttt cccccc kk kk CCC
"
    );
    assert_eq!(marked(&Fixture::with_crlf(&text)), shown);
}

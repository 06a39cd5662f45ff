//! What must hold at every place of every text, also of one that is being typed.

use crate::fixture::{CURSOR, Fixture};
use checks::Answers;
use index::{FileId, Snapshot};
use syntax::{TextRange, TextSize};

/// A product in specs and SQL, plain and dbt, with something of everything.
const SHOP: &str = r#"
=== dbt_project.yml
name: shop
=== specs/orders.spec.yaml
product: orders
tables:
  - name: orders
    why: Invoices 💰 start here.
    grain: [order_id]
    columns:
      - {name: order_id, why: "Joins | all *of* it.", references: raw.orders.id}
      - name: amount
        since: 1
amendments:
  - id: 1
    requirement: The total must be on the invoice.
    change: tbd
    changes: [orders.rows, orders.amount]
    supersedes: [{amendment: 2, guarantee: "orders.amount is unique"}]
    guarantees: |
      orders.amount = SUM(lines."unit price")
      orders has one row per order_id
  - id: 2
    requirement: é
    guarantees: [orders.amount is unique]
=== models/schema.yml
version: 2
sources:
  - name: raw
    tables:
      - name: orders
        columns: [{name: id, description: "{{ doc('id') }}"}]
models:
  - name: orders
    columns:
      - name: amount # rationale: ignore missing-description because it is told elsewhere
=== models/orders.sql
{{ config(materialized='table') }}
with base as (
    select o.id as order_id, o.* from {{ source('raw', 'orders') }} o -- é
)
select order_id, sum(price * 2) as amount, '💰' as x
from base join {{ ref('lines') }} l using (order_id)
where base.order_id > 1
=== rationale.toml
[checks]
missing-why = "warning"
"#;

#[test]
fn every_answer_is_about_the_place_and_points_into_a_text() {
    for text in [SHOP.to_owned(), SHOP.replace('\n', "\r\n")] {
        let mut answers = 0;
        // The fixture wants a cursor somewhere.
        let fixture = Fixture::new(&text.replacen("product: orders", "product: $0orders", 1));
        for file in fixture.snapshot.files() {
            let content = fixture.snapshot.text(file).expect("the file is there");
            for (offset, _) in content.char_indices().chain([(content.len(), ' ')]) {
                let offset = TextSize::new(u32::try_from(offset).expect("a short text"));
                answers += assert_sound(&fixture.snapshot, file.id, offset);
            }
        }
        assert!(answers > 200, "{answers} answers");
    }
}

#[test]
fn a_text_cut_off_anywhere_is_answered() {
    let (offsets, _): (Vec<usize>, Vec<char>) = SHOP.char_indices().unzip();
    for at in offsets.into_iter().step_by(3) {
        let (before, after) = SHOP.split_at(at);
        // The rest of this file is gone; the other files stay.
        let others = after
            .find("\n===")
            .map_or("", |next| after.split_at(next).1);
        if before
            .lines()
            .last()
            .is_none_or(|line| line.starts_with('='))
        {
            continue;
        }
        let fixture = Fixture::new(&format!("{before}{CURSOR}{others}"));
        assert_sound(&fixture.snapshot, fixture.file, fixture.offset);
        let cursor = TextRange::empty(fixture.offset);
        ide::code_actions(&fixture.place(cursor), checks::Detail::Edits);
        assert_shown(&fixture);
    }
}

/// Asks everything at one place; how many answers there were.
fn assert_sound(snapshot: &Snapshot, file: FileId, offset: TextSize) -> usize {
    let mut answers = 0;
    if let Some(hover) = ide::hover(snapshot, &Answers::default(), file, offset) {
        assert!(!hover.markdown.trim().is_empty());
        assert!(hover.range.contains_inclusive(offset));
        assert_in_text(snapshot, file, hover.range);
        answers += 1;
    }
    for target in ide::definition(snapshot, file, offset) {
        assert!(target.origin.contains_inclusive(offset));
        assert!(target.full.contains_range(target.focus));
        assert!(target.file != file || target.focus != target.origin);
        assert_in_text(snapshot, target.file, target.full);
        assert_in_text(snapshot, target.file, target.focus);
        answers += 1;
    }
    let places = ide::highlights(snapshot, file, offset);
    for highlight in &places {
        assert!(!highlight.range.is_empty());
        assert_in_text(snapshot, file, highlight.range);
    }
    assert!(
        places.is_empty()
            || places
                .iter()
                .any(|highlight| highlight.range.contains_inclusive(offset))
    );
    for reference in ide::references(snapshot, file, offset) {
        assert_in_text(snapshot, reference.file, reference.range);
        answers += 1;
    }
    for snippets in [false, true] {
        for item in ide::completions(snapshot, file, offset, snippets).items {
            assert_in_text(snapshot, file, item.range);
            assert!(item.range.contains_inclusive(offset) && !item.label.is_empty());
        }
    }
    for signature in ide::signatures(snapshot, file, offset, true) {
        assert!(signature.active < signature.parts.len());
    }
    let mut inner: Option<TextRange> = None;
    for part in ide::selections(snapshot, file, offset) {
        assert_in_text(snapshot, file, part);
        assert!(part.contains_inclusive(offset));
        assert!(inner.is_none_or(|inner| part.contains_range(inner) && part != inner));
        inner = Some(part);
    }
    let elsewhere = [ide::declaration, ide::type_definition];
    for target in elsewhere
        .into_iter()
        .flat_map(|find| find(snapshot, file, offset))
    {
        assert!(target.origin.contains_inclusive(offset));
        assert_in_text(snapshot, target.file, target.full);
        answers += 1;
    }
    if let Some(item) = ide::lineage_at(snapshot, file, offset) {
        let mut steps = ide::upstream(snapshot, &item.node);
        steps.extend(ide::downstream(snapshot, &item.node));
        for step in steps.iter().chain([&item]) {
            assert!(step.full.contains_range(step.focus));
            assert_in_text(snapshot, step.file, step.full);
        }
        answers += 1;
    }
    answers
}

/// Asks everything that is about a whole file.
fn assert_shown(fixture: &Fixture) {
    let (snapshot, file) = (&fixture.snapshot, fixture.file);
    for lens in ide::code_lenses(snapshot, &fixture.answers, file) {
        assert_in_text(snapshot, file, lens.range);
        assert!(ide::told_lens(snapshot, &fixture.answers, &lens.told).is_some());
    }
    let whole = TextRange::up_to(TextSize::new(u32::MAX));
    for hint in ide::inlay_hints(snapshot, file, whole) {
        assert_in_text(snapshot, file, TextRange::empty(hint.at));
    }
    let mut symbols = ide::document_symbols(snapshot, file);
    while let Some(symbol) = symbols.pop() {
        assert_in_text(snapshot, file, symbol.full);
        assert!(symbol.full.contains_range(symbol.focus));
        symbols.extend(symbol.inside);
    }
    for fold in ide::folds(snapshot, file) {
        assert!(fold.first < fold.last);
    }
    for link in ide::links(snapshot, file) {
        assert_in_text(snapshot, file, link.range);
    }
}

fn assert_in_text(snapshot: &Snapshot, file: FileId, range: TextRange) {
    let file = snapshot.file(file).expect("a file of the workspace");
    let text = snapshot.text(file).expect("the file is there");
    let slice = text.get(range.start().into()..range.end().into());
    assert!(slice.is_some(), "{range:?} of {}", file.path.display());
}

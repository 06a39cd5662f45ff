//! The way back from the rendered text to the file.

use super::*;
use syntax::TextSize;

const TEMPLATE: &str = "\
{%- set names = ['a', 'b'] -%}
{# a comment #}
{% snapshot s %}
select é, {% for name in names %}{{ name }}, {% endfor %}{% do names.append('c') %}
  {{ ref('orders') }}.x, {% raw %}{{ raw }}{% endraw %}, {% set block %}inner{% endset %}{{ block }}
{%- endsnapshot -%}
  from {{ ref('orders') }} -- end
";

#[test]
fn pieces_cover_the_text_and_text_is_copied() {
    let rendered = rendered(TEMPLATE);
    let mut at = TextSize::new(0);
    for piece in &rendered.pieces {
        assert_eq!(piece.rendered.start(), at);
        at = piece.rendered.end();
        let (text, source) = (
            slice(&rendered.text, piece.rendered),
            slice(TEMPLATE, piece.source),
        );
        match piece.kind {
            RenderedPieceKind::Text => assert_eq!(text, source),
            RenderedPieceKind::Tag => assert!(source.starts_with("{{") && source.ends_with("}}")),
        }
    }
    assert_eq!(at, TextSize::of(&rendered.text));
    assert!(rendered.text.contains("{{ raw }}"));
}

#[test]
fn a_range_leads_to_its_text_or_its_tag() {
    let rendered = rendered(TEMPLATE);
    let source = |part: &str| {
        let start = rendered.text.find(part).unwrap();
        let range = TextRange::at(
            TextSize::new(u32::try_from(start).unwrap()),
            TextSize::of(part),
        );
        slice(TEMPLATE, rendered.source_range(range))
    };
    assert_eq!(source("é"), "é");
    assert_eq!(source("elect"), "elect");
    assert_eq!(source("inner"), "{{ block }}");
    assert_eq!(source("-- end"), "-- end");
    let table = slice(&rendered.text, rendered.holes[1].range).to_owned();
    assert_eq!(
        source(&format!("from {table} --")),
        "from {{ ref('orders') }} --"
    );
    assert_eq!(
        rendered.source_range(TextRange::default()).len(),
        TextSize::new(0)
    );
}

#[test]
fn a_failure_says_where() {
    let text = "select 1\n{% set x = 1 + none %}";
    let failure = render(text, &context("")).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Evaluation);
    assert_eq!(
        slice(text, failure.range.unwrap()),
        "{% set x = 1 + none %}"
    );
    let failure = render("select {{ (1 }}", &context("")).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Syntax);
}

#[test]
fn the_mask_has_what_the_text_stands_for() {
    use crate::template::Meaning;
    let rendered = rendered("select {{ what() }} from {{ ref('orders') }} join {{ this }}");
    let mask = rendered.mask();
    let holes: Vec<_> = mask
        .holes
        .iter()
        .map(|hole| match &hole.meaning {
            Meaning::Table(crate::facts::TableRef::Ref { name, .. }) => name.as_str().to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(holes, ["Unknown", "orders", "Table(Unknown)"]);
    assert_eq!(rendered.problems(crate::Dialect::Snowflake), []);
    let broken = super::rendered("select from where");
    assert_eq!(broken.problems(crate::Dialect::Snowflake).len(), 1);
}

#[test]
fn what_is_lowered_stands_in_the_file() {
    use crate::lower::NoCatalog;
    let context = context("{% macro cols() %}o.a as b, 1 as c{% endmacro %}");
    let text = "select o.x, {{ cols() }} from {{ ref('orders') }} as o where o.y > 1";
    let lowered = render(text, &context)
        .unwrap()
        .lower(crate::Dialect::Snowflake, &NoCatalog);
    let places = &lowered[0].places;
    let root = lowered[0].query.root;
    let columns: Vec<_> = places
        .relation(root)
        .unwrap()
        .columns
        .iter()
        .map(|column| (slice(text, column.item), column.by_macro))
        .collect();
    assert_eq!(
        columns,
        [
            ("o.x", false),
            ("{{ cols() }}", true),
            ("{{ cols() }}", true)
        ]
    );
    assert_eq!(slice(text, places.inputs[0]), "{{ ref('orders') }}");
    let mentions: Vec<_> = places
        .mentions
        .iter()
        .map(|mention| slice(text, mention.range))
        .collect();
    assert_eq!(mentions, ["x", "y"]);
}

#[test]
fn a_text_has_what_was_asked_for_wherever_it_stands() {
    use crate::lower::NoCatalog;
    let context = context("");
    let query = |text: &str| {
        let rendered = render(text, &context).unwrap();
        let mut lowered = rendered.lower(crate::Dialect::Snowflake, &NoCatalog);
        lowered.pop().unwrap().query
    };
    let text = "select coalesce(x, '{{ var(\"day\") }} 00:00') as y from t";
    let alone = query(text);
    assert!(
        format!("{alone:?}").contains("{{ var('day') }} 00:00"),
        "{alone:?}"
    );
    // Another tag before it makes its number another.
    assert_eq!(alone, query(&format!("-- {{{{ what() }}}}\n{text}")));
    assert_ne!(alone, query(&text.replace("day", "month")));
}

#[test]
fn names_that_stand_for_something_are_nobody_elses() {
    let text = "select jinja0q, {{ ref('a') | upper }} from jinjaq";
    check(&context(""), text, "select jinja0q, <ref a> from jinjaq");
}

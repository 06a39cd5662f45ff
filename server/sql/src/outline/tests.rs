use super::*;
use crate::analysis::Templating;

/// The parts of a text, a line each, nested by indentation: kind, name, and the text on one line.
fn shown(text: &str) -> String {
    let options = Options {
        templating: Templating::Jinja,
        ..Options::default()
    };
    let mut shown = String::new();
    for part in &outline(text, &options).statements {
        show(text, part, 0, &mut shown);
    }
    shown
}

fn show(text: &str, part: &Part, depth: usize, shown: &mut String) {
    let slice = |range: TextRange| text.get(range.start().into()..range.end().into()).unwrap();
    let name = part.name.map(slice).unwrap_or_default();
    let words: Vec<&str> = slice(part.range).split_whitespace().collect();
    let kind = format!("{:?}", part.kind);
    let kind = kind.split('(').next().unwrap();
    shown.push_str(&format!(
        "{}{kind} {name}| {}\n",
        "  ".repeat(depth),
        words.join(" ")
    ));
    assert!(part.reach >= part.range.end());
    for inner in &part.parts {
        assert!(part.range.contains_range(inner.range), "{inner:?}");
        show(text, inner, depth + 1, shown);
    }
}

#[test]
fn what_encloses_what() {
    let text = "with a as (select x from t)
create";
    assert!(shown(text).contains("Cte a|"), "{}", shown(text));
    let text = "create table o as
with a as (
    select x, f(y) as z from {{ ref('t') }} u
)
select a.x, z + (select max(q) from v) total from a join raw.b on a.x = b.x
where z > 1 group by 1
union all
select 1, 2";
    assert_eq!(
        shown(text),
        "Statement o| create table o as with a as ( select x, f(y) as z from {{ ref('t') }} u ) select a.x, z + (select max(q) from v) total from a join raw.b on a.x = b.x where z > 1 group by 1 union all select 1, 2
  Query | with a as ( select x, f(y) as z from {{ ref('t') }} u ) select a.x, z + (select max(q) from v) total from a join raw.b on a.x = b.x where z > 1 group by 1 union all select 1, 2
    Cte a| a as ( select x, f(y) as z from {{ ref('t') }} u )
      Query | select x, f(y) as z from {{ ref('t') }} u
        Select | select x, f(y) as z from {{ ref('t') }} u
          Projection | select x, f(y) as z
            Item x| x
            Item z| f(y) as z
          From | from {{ ref('t') }} u
            Table u| {{ ref('t') }} u
    Select | select a.x, z + (select max(q) from v) total from a join raw.b on a.x = b.x where z > 1 group by 1
      Projection | select a.x, z + (select max(q) from v) total
        Item x| a.x
        Item total| z + (select max(q) from v) total
          Query | select max(q) from v
            Select | select max(q) from v
              Projection | select max(q)
                Item | max(q)
              From | from v
                Table | v
      From | from a join raw.b on a.x = b.x
        Table | a
        Table | raw.b
        Clause | on a.x = b.x
      Clause | where z > 1
      Clause | group by 1
    Select | select 1, 2
      Projection | select 1, 2
        Item | 1
        Item | 2
"
    );
}

#[test]
fn half_typed_text_has_an_outline() {
    let texts = [
        "select ",
        "select a, from",
        "select a from (select b from",
        "with a as (select 1",
        "with a as",
        "select a from t where",
        "select * from t join",
        "from t",
        "insert into t (a, b) select 1, x from (t join u) v",
        "merge into t using (select 1 as a) s on t.a = s.a when matched then delete",
        "((((",
        "{{ config(a=1) }} select '💰' as é from {{ x",
        "{% if a %} select 1 {% else %} select 2 {% endif %}",
    ];
    for text in texts {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let text = text.get(..end).unwrap();
            shown(text);
            let outline = outline(text, &Options::default());
            for at in 0..=text.len() {
                let at = TextSize::new(at as u32);
                outline.around(at);
                outline.reaching(at);
            }
        }
    }
}

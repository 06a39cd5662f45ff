use super::*;

/// What is being typed at `§`, on one line.
fn shown(text: &str) -> String {
    let at = TextSize::of(text.split('§').next().unwrap());
    let text = text.replace('§', "");
    let options = Options {
        templating: Templating::Jinja,
        ..Options::default()
    };
    let typed = |typed: &Typed| {
        let names: Vec<&str> = typed.qualifier.iter().map(Name::as_str).collect();
        let word: std::ops::Range<usize> = typed.word.into();
        format!("{:?} {:?}", names.join("."), text.get(word).unwrap())
    };
    match place(&text, &options, at) {
        None => "nothing".to_owned(),
        Some(Place::Table { typed: it, ctes }) => format!("table {} {ctes:?}", typed(&it)),
        Some(Place::Column { typed: it, inputs }) => {
            let inputs = inputs.iter().map(|input| {
                let name = input.name.as_ref().map_or("?", Name::as_str);
                format!("{name}{}={}", input.level, given(&input.given))
            });
            let inputs: Vec<String> = inputs.collect();
            format!("column {} [{}]", typed(&it), inputs.join("; "))
        }
        Some(Place::Argument {
            function,
            before,
            word,
            is_quoted,
        }) => {
            let word: std::ops::Range<usize> = word.into();
            let quoted = if is_quoted { "" } else { " without quotes" };
            format!(
                "{function} {before:?} {:?}{quoted}",
                text.get(word).unwrap()
            )
        }
    }
}

fn given(it: &Given) -> String {
    match it {
        Given::Table(table) => table.to_string(),
        Given::Column(name) => format!(".{name}"),
        Given::All(all) => format!("({})", all.iter().map(given).collect::<Vec<_>>().join(" ")),
    }
}

#[test]
fn tables_are_typed_where_tables_stand() {
    for (text, expected) in [
        ("select * from §", r#"table "" "" []"#),
        ("select * from or§", r#"table "" "or" []"#),
        ("select * from raw.or§ where x", r#"table "raw" "or" []"#),
        ("select * from \"my db\".§", r#"table "my db" "" []"#),
        ("select * from a join §", r#"table "" "" []"#),
        ("select * from a, § where 1", r#"table "" "" []"#),
        (
            "with x as (select 1) select * from §",
            r#"table "" "" ["x"]"#,
        ),
        (
            "with x as (select 1), y as (select * from §) select 1",
            r#"table "" "" ["x"]"#,
        ),
        ("select (select 1 from §) from b", r#"table "" "" []"#),
        ("insert into §", r#"table "" "" []"#),
        ("delete from §", r#"table "" "" []"#),
        ("select * from a §", "nothing"),
        ("select * from a as §", "nothing"),
        ("select * from (§", "nothing"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn columns_are_typed_where_values_stand() {
    for (text, expected) in [
        ("select § from orders o", r#"column "" "" [o0=orders]"#),
        ("select o.§ from orders o", r#"column "o" "" [o0=orders]"#),
        ("select o.§\nfrom orders o", r#"column "o" "" [o0=orders]"#),
        (
            "select a, am§ from raw.orders",
            r#"column "" "am" [orders0=raw.orders]"#,
        ),
        (
            "select * from a join b on a.x = §",
            r#"column "" "" [a0=a; b0=b]"#,
        ),
        ("select * from a where §", r#"column "" "" [a0=a]"#),
        ("select sum(§) from a", r#"column "" "" [a0=a]"#),
        ("select * from a order by §", r#"column "" "" [a0=a]"#),
        (
            "with c as (select x, y + 1 as z, t.* from t) select § from c",
            r#"column "" "" [c0=((.x .z t))]"#,
        ),
        (
            "select § from (select q from t) s",
            r#"column "" "" [s0=((.q))]"#,
        ),
        (
            "select 1 from a where exists (select 1 from b where §)",
            r#"column "" "" [b0=b; a1=a]"#,
        ),
        (
            "select 1 from (select § from b) c",
            r#"column "" "" [b0=b]"#,
        ),
        ("select § from {{ ref('o') }}", r#"column "" "" [o0=o]"#),
        (
            "select extract(year from §) from a",
            r#"column "" "" [a0=a]"#,
        ),
        ("select § ", r#"column "" "" []"#),
        ("select a §from t", "nothing"),
        ("select a as § from t", "nothing"),
        ("select 1§ from t", "nothing"),
        ("select 1.§ from t", "nothing"),
        ("select a. § from a", "nothing"),
        ("sel§", "nothing"),
        ("§", "nothing"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn nothing_is_typed_in_comments_and_texts() {
    for text in [
        "select a -- from §",
        "select a -- from§\nfrom b",
        "select /* § */ a from b",
        "select 'x § y' from b",
        "select 'x §\nfrom b",
        "{# from § #} select 1",
        "select * from a where b = 'op§'",
        "{{ § }}",
        "{% if § %}",
    ] {
        assert_eq!(shown(text), "nothing", "{text}");
    }
}

#[test]
fn arguments_of_template_functions_are_known() {
    for (text, expected) in [
        ("select * from {{ ref('or§') }}", r#"ref [] "or""#),
        ("select * from {{ ref('§", r#"ref [] """#),
        ("select * from {{ ref(\"§\") }}", r#"ref [] """#),
        (
            "select * from {{ source('raw', 'o§') }}",
            r#"source ["raw"] "o""#,
        ),
        ("{% set x = f(ref('a'), ref('§')) %}", r#"ref [] """#),
        ("{{ ref(§) }}", r#"ref [] "" without quotes"#),
        (
            "{{ source('raw', o§",
            r#"source ["raw"] "o" without quotes"#,
        ),
        ("{{ ref('a', v=§) }}", "nothing"),
        ("{{ ref(12§", "nothing"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn common_tables_that_double_end_somewhere() {
    let mut text = "with a0 as (select 1 as x)".to_owned();
    for at in 1..40 {
        let before = at - 1;
        text.push_str(&format!(
            ", a{at} as (select l.*, r.* from a{before} l, a{before} r)"
        ));
    }
    assert!(shown(&format!("{text} select § from a39")).starts_with("column"));
}

use super::{comments, docs};

#[test]
fn comments_of_sql_and_templates_are_compared_without_white_space() {
    let was = "-- one\nselect 1 /* two */ {# three #}";
    let moved = "select 1 {# three #} /*  two */\n--  one";
    assert_eq!(comments(Some(was)), comments(Some(moved)));
    assert_ne!(
        comments(Some(was)),
        comments(Some("-- one\nselect 1 {# three #}"))
    );
    assert_eq!(comments(None), Vec::<String>::new());
}

#[test]
fn what_only_looks_like_a_comment_is_none() {
    assert_eq!(
        comments(Some("select '-- a' as b")),
        comments(Some("select '-- c' as b"))
    );
}

#[test]
fn docs_blocks_are_known_by_name() {
    let text =
        "{% docs orders %}All of them.{% enddocs %}\n{%- docs lines -%}\nEach.\n{% enddocs %}";
    let names: Vec<&str> = docs(Some(text)).into_keys().collect();
    assert_eq!(names, ["lines", "orders"]);
    let reworded = text.replace("Each", "Every one");
    assert_eq!(
        docs(Some(text)).get("orders"),
        docs(Some(&reworded)).get("orders")
    );
    assert_ne!(
        docs(Some(text)).get("lines"),
        docs(Some(&reworded)).get("lines")
    );
}

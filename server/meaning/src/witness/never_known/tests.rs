use super::*;
use sql::lower::{NoCatalog, lower};

fn never_known(text: &str) -> bool {
    let lowered = lower(text, &sql::Options::default(), &NoCatalog);
    is_never_known(&lowered[0].query, 0)
}

#[test]
fn a_text_with_a_variable_in_it_is_never_known() {
    assert!(never_known("select template_text('x') from t"));
    assert!(never_known(
        "select cast(template_text('x') as date) from t"
    ));
    assert!(never_known(
        "with a as (select template_text('x') as b from t) select b from a"
    ));
}

#[test]
fn what_may_be_another_value_is_searched() {
    for text in [
        "select a from t",
        "select case when a > 1 then template_text('x') end from t",
        "select coalesce(a, template_text('x')) from t",
        "select template_text('x') || a from t",
        "with a as (select k, template_text('x') as b from t) \
         select a.b from s left join a on a.k = s.k",
        "select template_text('x') as b from t union all select a as b from t",
    ] {
        assert!(!never_known(text), "{text}");
    }
}

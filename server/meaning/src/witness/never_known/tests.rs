use super::*;
use sql::lower::{NoCatalog, lower};

fn never_known(text: &str) -> bool {
    let lowered = lower(text, &sql::Options::default(), &NoCatalog);
    is_never_known(&lowered[0].query, 0)
}

#[test]
fn what_is_not_understood_is_never_known() {
    assert!(never_known("select ? from t"));
    assert!(never_known("select cast(? as date) from t"));
    assert!(never_known(
        "with a as (select ? as b from t) select b from a"
    ));
}

#[test]
fn what_may_be_another_value_is_searched() {
    for text in [
        "select a from t",
        "select case when a > 1 then ? end from t",
        "select coalesce(a, ?) from t",
        "with a as (select k, ? as b from t) select a.b from s left join a on a.k = s.k",
        "select ? as b from t union all select a as b from t",
    ] {
        assert!(!never_known(text), "{text}");
    }
}

use super::{cut, pair};

#[test]
fn short_texts_are_left_whole() {
    assert_eq!(pair("a + b", "a", 20), ("a + b".to_owned(), "a".to_owned()));
}

#[test]
fn what_both_have_in_common_is_left_out() {
    let common = "COALESCE(customer_orders.lifetime_value_in_cents, 0)";
    let was = format!("{common} + SUM(quantity * unit_price) + {common}");
    let now = format!("{common} + SUM(quantity) + {common}");
    let (was, now) = pair(&was, &now, 70);
    assert_eq!(was, "…, 0) + SUM(quantity * unit_price) + COALESCE(…");
    assert_eq!(now, "…, 0) + SUM(quantity) + COALESCE(…");
}

#[test]
fn one_that_is_the_beginning_of_the_other_is_told_apart() {
    let long = "a".repeat(50) + " + " + &"b".repeat(50);
    let (was, now) = pair(&long, &format!("{long} + c"), 80);
    assert!(now.ends_with(" + c"), "{now}");
    assert_ne!(was, now);
}

#[test]
fn a_long_difference_is_cut_by_characters() {
    let (was, now) = pair(&"ä".repeat(90), &"ö".repeat(90), 10);
    assert_eq!((was.chars().count(), now.chars().count()), (10, 10));
    assert_eq!(cut("abcdef", 4), "abc…");
    assert_eq!(cut("abcd", 4), "abcd");
}

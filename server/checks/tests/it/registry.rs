//! The suites say something of every code.

use crate::suite::cases;
use std::collections::BTreeSet;

#[test]
fn every_code_has_a_case_where_it_speaks_and_one_where_it_is_silent() {
    let cases = cases();
    let said = |of: &crate::suite::Case| -> BTreeSet<String> {
        let expected = of.files.iter().flat_map(|file| &file.expected);
        expected.map(|expected| expected.code.clone()).collect()
    };
    for code in checks::codes() {
        let suite = format!("checks/{}: ", code.name);
        let own = || cases.iter().filter(|case| case.name.starts_with(&suite));
        assert!(
            own().any(|case| said(case).contains(code.name)),
            "{suite}never speaks"
        );
        assert!(
            own().any(|case| !said(case).contains(code.name)),
            "{suite}is never silent"
        );
    }
}

#[test]
fn no_suite_expects_a_code_that_there_is_not() {
    for case in cases() {
        for expected in case.files.iter().flat_map(|file| &file.expected) {
            assert!(
                checks::code(&expected.code).is_some(),
                "{}: {}",
                case.name,
                expected.code
            );
        }
    }
}

//! Go to definition.

mod spec_files;
mod sql_files;

use crate::fixture::Fixture;
use expect_test::Expect;

pub(crate) fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shown(&Fixture::new(text)));
}

pub(crate) fn shown(fixture: &Fixture) -> String {
    let targets = ide::definition(&fixture.snapshot, fixture.file, fixture.offset);
    let Some(first) = targets.first() else {
        return "nothing\n".to_owned();
    };
    let mut shown = fixture.rendered(fixture.file, first.origin);
    for target in &targets {
        assert_eq!(target.origin, first.origin);
        assert!(target.full.contains_range(target.focus));
        shown.push_str(&format!(
            "-> lines {} of ",
            fixture.lines(target.file, target.full)
        ));
        shown.push_str(&fixture.rendered(target.file, target.focus));
    }
    shown
}

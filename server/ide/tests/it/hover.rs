//! Hover.

mod dbt_projects;
mod spec_files;
mod sql_files;
mod undefined;

use crate::fixture::Fixture;
use expect_test::Expect;

pub(crate) fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shown(&Fixture::new(text)));
}

pub(crate) fn shown(fixture: &Fixture) -> String {
    match ide::hover(
        &fixture.snapshot,
        &fixture.answers,
        fixture.file,
        fixture.offset,
    ) {
        Some(hover) => {
            assert!(!hover.markdown.trim().is_empty());
            format!(
                "{}\n{}\n",
                fixture.rendered(fixture.file, hover.range),
                hover.markdown
            )
        }
        None => "nothing\n".to_owned(),
    }
}

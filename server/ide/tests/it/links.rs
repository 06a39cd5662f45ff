//! What leads out of a spec.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use ide::LinkTarget;

fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for link in ide::links(&fixture.snapshot, fixture.file) {
        shown.push_str(&fixture.rendered(fixture.file, link.range));
        let to = match link.to {
            LinkTarget::Url(url) => url,
            LinkTarget::File(file) => {
                let file = fixture.snapshot.file(file).expect("the file");
                fixture.snapshot.display_path(&file.path)
            }
        };
        shown.push_str(&format!("    {to}\n"));
    }
    expected.assert_eq(&shown);
}

#[test]
fn addresses_and_models_are_links() {
    check(
        "
=== models/o.sql
select 1 as x
=== specs/a.spec.yaml
product: a$0
links:
  - https://wiki/a
  - \"http://wiki/b\"
  - see the wiki
  - javascript:alert(1)
tables:
  - name: orders
    model: models/o.sql
  - {name: none, model: 'models/none.sql'}
amendments:
  - id: 1
    link: https://tickets/1
",
        expect![[r#"
            specs/a.spec.yaml:3
                - https://wiki/a
                  ^^^^^^^^^^^^^^
                https://wiki/a
            specs/a.spec.yaml:4
                - "http://wiki/b"
                   ^^^^^^^^^^^^^
                http://wiki/b
            specs/a.spec.yaml:9
                  model: models/o.sql
                         ^^^^^^^^^^^^
                models/o.sql
            specs/a.spec.yaml:13
                  link: https://tickets/1
                        ^^^^^^^^^^^^^^^^^
                https://tickets/1
        "#]],
    );
}

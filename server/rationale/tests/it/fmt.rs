//! `rationale fmt`.

use crate::program::{Folder, repository, run};

const CROOKED: &str = "product: a\ntables:\n- name: t   \n  why: \"w\" # because\n";
const STRAIGHT: &str = "product: a\n\ntables:\n  - name: t\n    why: \"w\" # because\n";

#[test]
fn specs_are_laid_out_once_and_for_all() {
    let folder = Folder::with(&[
        ("rationale.toml", ""),
        ("specs/a.spec.yaml", CROOKED),
        ("specs/b.spec.yaml", "product: [\n"),
        ("c.spec.yaml", STRAIGHT),
        ("other.yaml", "a:\n- b\n"),
    ]);
    let check = run(&folder.0, &["fmt", "--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    assert!(
        check.stdout.contains("specs/a.spec.yaml: would change"),
        "{check:?}"
    );
    assert!(
        check.stdout.contains("specs/b.spec.yaml: left as it is"),
        "{check:?}"
    );
    let text = |path: &str| std::fs::read_to_string(folder.0.join(path)).unwrap();
    assert_eq!(text("specs/a.spec.yaml"), CROOKED);
    let written = run(&folder.0, &["fmt", "specs"]);
    assert_eq!(written.code, Some(0), "{written:?}");
    assert_eq!(text("specs/a.spec.yaml"), STRAIGHT);
    assert_eq!(text("other.yaml"), "a:\n- b\n");
    assert_eq!(run(&folder.0, &["fmt", "--check"]).code, Some(0));
}

#[test]
fn the_example_is_laid_out() {
    let example = repository().join("examples/orders");
    let check = run(&example, &["fmt", "--check"]);
    assert_eq!(
        (check.code, check.stdout.as_str()),
        (Some(0), ""),
        "{check:?}"
    );
}

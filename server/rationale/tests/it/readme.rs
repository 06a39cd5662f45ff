//! The terminal session in the README is what the program prints.

use crate::program::{Folder, repository, run};

/// What stands for lines left out of the README.
const LEFT_OUT: &str = "…";

#[test]
fn the_excerpt_in_the_readme_is_true() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```console\n$ rationale check ").unwrap();
    let (session, _) = rest.split_once("\n```").unwrap();
    let (folder, shown) = session.split_once('\n').unwrap();
    let printed = run(&repository(), &["check", folder]).stdout;
    let mut rest = printed.as_str();
    for part in shown.split(&format!("\n{LEFT_OUT}\n")) {
        let (_, after) = rest
            .split_once(part.trim_matches('\n'))
            .unwrap_or_else(|| panic!("not printed in this order:\n{part}\n---\n{printed}"));
        rest = after;
    }
    assert_eq!(rest, "\n", "the excerpt ends with the summary");
    assert!(shown.contains("[missing-why]"), "{shown}");
}

/// The demonstration: what an invoice needs is lost by an edit that every test passes.
#[test]
fn the_broken_requirement_in_the_readme_is_true() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```console\n$ sed -i '").unwrap();
    let (session, _) = rest.split_once("\n```").unwrap();
    let (edit, session) = session
        .split_once("' models/orders.sql\n$ rationale check\n")
        .unwrap();
    let [_, from, to, _] = edit.split('/').collect::<Vec<_>>()[..] else {
        panic!("{edit}");
    };
    let paths = [
        "rationale.toml",
        "specs/orders.spec.yaml",
        "specs/orders.spec.lock",
        "models/orders.sql",
        "models/invoices.sql",
    ];
    let files = paths.map(|path| {
        let text =
            std::fs::read_to_string(repository().join("examples/orders").join(path)).unwrap();
        let edited = match path {
            "models/orders.sql" => text.replace(&from.replace('\\', ""), to),
            _ => text.clone(),
        };
        assert_eq!(edited != text, path == "models/orders.sql", "{path}");
        (path, edited)
    });
    let run = Folder::with(&files).run(&["check"]);
    let (shown, rest) = session.split_once(&format!("\n{LEFT_OUT}\n")).unwrap();
    assert!(run.stdout.starts_with(shown), "{}", run.stdout);
    assert!(run.stdout.ends_with(&format!("{rest}\n")), "{}", run.stdout);
    assert_eq!(run.code, Some(1));
}

#[test]
fn the_readme_lists_every_code_at_its_level() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let listed: Vec<Vec<&str>> = readme
        .lines()
        .filter(|line| line.starts_with("| [`"))
        .map(|line| line.trim_matches(['|', ' ']).split(" | ").collect())
        .collect();
    let expected: Vec<Vec<String>> = checks::codes()
        .iter()
        .map(|code| {
            let anchor: String = code.name.chars().filter(|letter| *letter != '.').collect();
            let link = format!("[`{}`](docs/codes.md#{anchor})", code.name);
            vec![
                link,
                code.default.name().to_owned(),
                code.summary.to_owned(),
            ]
        })
        .collect();
    assert_eq!(listed, expected);
}

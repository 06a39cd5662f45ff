//! `rationale explain`.

use crate::program::Folder;

#[test]
fn every_code_in_the_list_is_explained() {
    let folder = Folder::with::<&str>(&[]);
    let list = folder.run(&["explain"]);
    let codes: Vec<&str> = list
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        codes,
        checks::codes()
            .iter()
            .map(|code| code.name)
            .collect::<Vec<_>>()
    );
    for code in codes {
        let page = folder.run(&["explain", code]);
        assert_eq!(page.code, Some(0));
        assert!(
            page.stdout.starts_with(&format!("{code} (")),
            "{}",
            page.stdout
        );
        for heading in ["What it says", "Why it matters", "Example", "Fix"] {
            assert!(
                page.stdout.contains(&format!("\n{heading}\n")),
                "{}",
                page.stdout
            );
        }
        assert!(
            page.stdout.lines().all(|line| !line.starts_with("```")),
            "{}",
            page.stdout
        );
    }
}

#[test]
fn an_unknown_code_names_the_nearest_one() {
    let folder = Folder::with::<&str>(&[]);
    let run = folder.run(&["explain", "mising-wy"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        run.stderr,
        "error: there is no code `mising-wy`; did you mean `missing-why`?\n"
    );
    let run = folder.run(&["explain", "E0308"]);
    assert_eq!(
        run.stderr,
        "error: there is no code `E0308`; `rationale explain` lists them all\n"
    );
}

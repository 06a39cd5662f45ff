//! `rationale check` for people: exit codes, what is shown, and in which order.

use crate::program::{Folder, Run, command, repository, run};
use std::process::Stdio;

/// A spec without a finding.
const CLEAN: &str = "\
product: shop
tables:
  - name: orders
    description: One row for each order.
    why: Invoices start here.
    columns:
      - name: id
        description: Its number.
        why: Support asks for it.
";
const ORDERS: &str = "SELECT id FROM raw.orders\n";

/// The same with a warning: the second column has no why.
fn with_warning() -> String {
    format!("{CLEAN}      - name: amount\n        description: What it costs.\n")
}

fn shop(spec: &str) -> Folder {
    let sql = if spec.contains("amount") {
        "SELECT id, amount FROM raw.orders\n"
    } else {
        ORDERS
    };
    Folder::with(&[("shop.spec.yaml", spec), ("orders.sql", sql)])
}

#[test]
fn the_exit_code_follows_the_severest_finding() {
    let clean = shop(CLEAN).run(&["check"]);
    assert_eq!(
        (clean.code, clean.stderr.as_str()),
        (Some(0), ""),
        "{}",
        clean.stdout
    );
    assert!(
        clean
            .stdout
            .ends_with("2 files, 1 table, 1 column, no why missing: nothing found\n")
    );

    let warned = shop(&with_warning());
    for (level, code) in [
        ("error", 0),
        ("warning", 1),
        ("info", 1),
        ("hint", 1),
        ("never", 0),
    ] {
        let run = warned.run(&["check", "--fail-on", level]);
        assert_eq!(run.code, Some(code), "--fail-on {level}: {}", run.stdout);
        assert!(
            run.stdout.contains("warning[missing-why]"),
            "{}",
            run.stdout
        );
    }

    let broken = shop(&CLEAN.replace("tables:", "tabels:"));
    assert_eq!(broken.run(&["check"]).code, Some(1));
    assert_eq!(broken.run(&["check", "--fail-on", "never"]).code, Some(0));
}

#[test]
fn what_can_not_run_says_why_and_exits_with_2() {
    let folder = Folder::with(&[("notes.txt", "")]);
    let nothing = folder.run(&["check"]);
    assert_eq!(nothing.code, Some(2));
    assert!(
        nothing
            .stderr
            .starts_with("error: there is nothing to check in "),
        "{nothing:?}"
    );

    for (arguments, message) in [
        (vec!["check", "gone"], "error: gone is not there\n"),
        (vec!["check", "--root", "notes.txt"], "is not a folder"),
        (vec!["check", "--fail-on", "fatal"], "invalid value 'fatal'"),
        (
            vec!["check", "--root", ".", ".."],
            "is not in the workspace at",
        ),
        (vec!["chekc"], "unrecognized subcommand"),
    ] {
        let run = folder.run(&arguments);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(
            run.stderr.contains(message),
            "{arguments:?}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_finding_shows_its_line_its_place_and_its_code() {
    let run = shop(&with_warning()).run(&["check"]);
    let expected =
        "  --> shop.spec.yaml:10:15\n   |\n10 |       - name: amount\n   |               ^^^^^^\n";
    assert!(
        run.stdout.starts_with("warning[missing-why]: "),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains(expected), "{}", run.stdout);
    assert!(
        run.stdout
            .ends_with("2 files, 1 table, 2 columns, 1 why missing: 1 warning\n")
    );
    assert!(run.stdout.contains("SQL dialect: "));
}

#[test]
fn a_related_place_is_shown_once_and_named_from_then_on() {
    let columns: String = ["gone", "away"]
        .iter()
        .map(|name| format!("      - name: {name}\n        description: A.\n        why: B.\n"))
        .collect();
    let folder = Folder::with(&[
        ("shop.spec.yaml", format!("{CLEAN}{columns}").as_str()),
        ("orders.sql", ORDERS),
    ]);
    let run = folder.run(&["check"]);
    assert_eq!(
        run.stdout.matches("warning[phantom-column]").count(),
        2,
        "{}",
        run.stdout
    );
    assert_eq!(
        run.stdout.matches("::: orders.sql:1:1\n").count(),
        2,
        "{}",
        run.stdout
    );
    assert_eq!(
        run.stdout.matches(ORDERS.trim_end()).count(),
        1,
        "{}",
        run.stdout
    );
}

#[test]
fn paths_restrict_the_findings_and_not_what_is_read() {
    let folder = Folder::with(&[
        ("rationale.toml", ""),
        ("specs/shop.spec.yaml", with_warning().as_str()),
        (
            "models/orders.sql",
            "SELECT id, amount, status FROM raw.orders\n",
        ),
    ]);
    let specs = folder.run(&["check", "specs"]);
    assert!(specs.stdout.contains("missing-why"), "{}", specs.stdout);
    assert!(
        !specs.stdout.contains("undocumented-column"),
        "{}",
        specs.stdout
    );
    // The model was read: else its table would be missing.
    assert!(!specs.stdout.contains("phantom"), "{}", specs.stdout);
    let model = folder.run(&["check", "models/orders.sql"]);
    assert!(
        model.stdout.contains("undocumented-column"),
        "{}",
        model.stdout
    );
    assert!(!model.stdout.contains("missing-why]"), "{}", model.stdout);
    // The workspace is found from inside too, and paths are shown from there.
    let inside = run(&folder.0.join("models"), &["check"]);
    assert!(
        inside.stdout.contains("--> orders.sql:1:20"),
        "{}",
        inside.stdout
    );
    assert!(
        inside.stdout.contains("--> ../specs/shop.spec.yaml:10:15"),
        "{}",
        inside.stdout
    );
    // Paths without anything to check are worth a note, not a failure.
    let neither = folder.run(&["check", "rationale.toml", "specs"]);
    assert_eq!(neither.stderr, "");
    std::fs::create_dir(folder.0.join("notes")).unwrap();
    let nothing = folder.run(&["check", "notes"]);
    let note = "note: no spec and no SQL is among the paths given\n";
    assert_eq!((nothing.code, nothing.stderr.as_str()), (Some(0), note));
}

#[test]
fn findings_are_in_the_order_of_paths_then_of_the_text() {
    let folder = Folder::with(&[
        ("b/shop.spec.yaml", with_warning().as_str()),
        ("a.spec.yaml", "product: a\ntabels: []\nownr: me\n"),
        ("c.spec.yaml", "product: c\nownr: me\n"),
    ]);
    let run = folder.run(&["check"]);
    let places: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> "))
        .collect();
    let expected = [
        "a.spec.yaml:2:1",
        "a.spec.yaml:3:1",
        "b/shop.spec.yaml:10:15",
        "c.spec.yaml:2:1",
    ];
    assert_eq!(places, expected);
}

#[test]
fn every_run_prints_the_same_bytes() {
    let run_with = |threads: &str, format: &str| {
        let arguments = ["check", "examples", "--format", format];
        let mut command = command(&repository(), &arguments);
        Run::of(command.env("RAYON_NUM_THREADS", threads).output().unwrap())
    };
    for format in ["text", "json"] {
        let first = run_with("1", format);
        assert_eq!(first, run_with("1", format));
        assert_eq!(first, run_with("8", format));
    }
}

#[test]
fn a_file_that_can_not_be_read_is_a_finding() {
    let folder = Folder::with(&[
        (
            "orders.sql",
            b"SELECT 1 AS id, '\xff' AS broken\n".as_slice(),
        ),
        ("shop.spec.yaml", b"product: \xc3\x28\n".as_slice()),
        ("fine.sql", b"SELECT 1 AS id\n".as_slice()),
    ]);
    let run = folder.run(&["check"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (Some(0), ""),
        "{}",
        run.stdout
    );
    for file in ["orders.sql", "shop.spec.yaml"] {
        assert!(
            run.stdout.contains(&format!("--> {file}")),
            "{}",
            run.stdout
        );
    }
    // The rest is checked all the same: one table, which no spec describes.
    let expected = "3 files, 1 table, 1 column, 2 whys missing: 2 warnings, 1 hint\n";
    assert!(run.stdout.ends_with(expected), "{}", run.stdout);
}

#[test]
fn colors_are_printed_on_demand_and_never_into_a_pipe() {
    let folder = shop(&with_warning());
    let escape = "\u{1b}[";
    assert!(!folder.run(&["check"]).stdout.contains(escape));
    assert!(
        folder
            .run(&["check", "--color", "always"])
            .stdout
            .contains(escape)
    );
    assert!(
        !folder
            .run(&["check", "--color", "always", "--format", "json"])
            .stdout
            .contains(escape)
    );
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let columns: String = (0..5000)
        .map(|number| format!("      - name: c{number}\n        description: A column.\n"))
        .collect();
    let folder = shop(&format!("{CLEAN}{columns}"));
    let mut child = command(&folder.0, &["check"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_help_names_exit_codes_and_gives_examples() {
    let folder = Folder::with::<&str>(&[]);
    for arguments in [vec!["--help"], vec!["check", "--help"]] {
        let help = folder.run(&arguments);
        assert_eq!(help.code, Some(0));
        assert!(
            help.stdout.contains("Exit codes:\n  0  "),
            "{}",
            help.stdout
        );
        assert!(
            help.stdout.contains("Examples:\n  rationale check "),
            "{}",
            help.stdout
        );
    }
    let version = folder.run(&["--version"]).stdout;
    assert_eq!(
        version,
        format!("rationale {}\n", env!("CARGO_PKG_VERSION"))
    );
}

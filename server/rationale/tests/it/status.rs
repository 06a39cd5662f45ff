//! `rationale status`.

use crate::program::Folder;

#[test]
fn the_page_counts_what_is_described_and_lists_what_is_read_most() {
    let folder = Folder::with(&[
        (
            "shop.spec.yaml",
            "product: shop\ntables:\n  - name: orders\n    description: Orders.\n    columns:\n      \
             - name: id\n        why: Support.\n      - name: amount\n        description: What it \
             costs.\n",
        ),
        ("orders.sql", "SELECT id, amount FROM raw.orders\n"),
        ("a.sql", "SELECT amount + 1 AS more FROM orders\n"),
        (
            "b.sql",
            "SELECT amount * 2 AS twice, id + 1 AS next FROM orders\n",
        ),
    ]);
    let run = folder.run(&["status"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let rows: Vec<&str> = run.stdout.lines().skip(3).collect();
    // Columns: id and amount of orders, more of a, twice and next of b.
    let expected = [
        "files                  4",
        "SQL files read whole   3 of 3 (100.0%)",
        "tables                 3",
        "  defined by a model   3 of 3 (100.0%)",
        "  with a description   1 of 3 (33.3%)",
        "  with a why           0 of 3 (0.0%)",
        "columns                5",
        "  with a description   1 of 5 (20.0%)",
        "  with a why           1 of 5 (20.0%)",
        "",
        "The most-read columns that say no why",
        "orders.amount  read in 2 files",
    ];
    assert_eq!(rows, expected, "{}", run.stdout);
}

#[test]
fn guarantees_that_cannot_be_told_are_listed_with_the_reason() {
    let folder = Folder::with(&[
        (
            "shop.spec.yaml",
            "product: shop\ntables:\n  - name: orders\n    why: Sold.\namendments:\n  - id: 1\n    \
             requirement: We need it.\n    change: Added.\n    guarantees: |\n      orders.id comes from \
             raw.orders.id\n      orders.rank = my_rank(raw.orders.id)\n",
        ),
        (
            "orders.sql",
            "SELECT id, other_rank(id) AS rank FROM raw.orders\n",
        ),
    ]);
    let run = folder.run(&["status"]);
    let counted = "guarantees             2\n  that hold            1 of 2 (50.0%)\n";
    assert!(run.stdout.contains(counted), "{}", run.stdout);
    let listed = "Guarantees that can't be told from the SQL\norders.rank = my_rank(raw.orders.id)\n  \
                  shop.spec.yaml:11: neither a proof nor an example was found\n";
    assert!(run.stdout.contains(listed), "{}", run.stdout);
}

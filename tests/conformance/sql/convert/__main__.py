"""Converts the tests of sqlglot and sqllineage to JSON Lines, a file for each kind of expectation.

usage: python3 convert SQLGLOT SQLLINEAGE FOLDER
SQLGLOT and SQLLINEAGE are their unpacked source distributions; FOLDER is where the files go. The same
input gives the same bytes.
"""

import json
import logging
import sys
from pathlib import Path

import sqllineage_cases
from distribution import distribution


def main():
    # sqlglot warns of subqueries that it looks for and never needs.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    sqlglot_folder, sqllineage_folder, target = map(Path, sys.argv[1:])
    with distribution(sqllineage_folder):
        columns, tables = sqllineage_cases.recorded(sqllineage_folder / "tests" / "sql")
    write(target / "sqllineage.jsonl", columns)
    write(target / "sqllineage_tables.jsonl", tables)
    with distribution(sqlglot_folder):
        import lineage_cases
        import optimizer_cases

        suites = optimizer_cases.recorded()
        write(target / "pairs.jsonl", optimizer_cases.pairs(suites))
        write(target / "qualify_columns.jsonl", optimizer_cases.qualified(suites))
        write(target / "tpch.jsonl", optimizer_cases.unqualified(suites, "tpc-h"))
        write(target / "tpcds.jsonl", optimizer_cases.unqualified(suites, "tpc-ds"))
        write(target / "test_lineage.jsonl", lineage_cases.recorded())


def write(path, cases):
    with path.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(case, ensure_ascii=False) + "\n")


main()

"""The fixtures of sqlglot's optimizer: pairs of queries that mean the same, and what their columns are made of.

Its own test module says with which schema each file is read: its tests are run with a `check_file` that
records its arguments and checks nothing.
"""

import importlib
import inspect
from typing import NamedTuple, Optional

import sqlglot
from columns import columns_of
from dialects import ours
from distribution import stand_in
from schemas import flat
from sqlglot import exp

# By the files' names. Left out are those whose second text is not a query that means the same.
PAIRED = (
    "canonicalize",
    "eliminate_ctes",
    "eliminate_joins",
    "eliminate_subqueries",
    "isolate_table_selects",
    "merge_subqueries",
    "normalize",
    "normalize_identifiers",
    "optimize_joins",
    "optimizer",
    "pushdown_cte_alias_columns",
    "pushdown_predicates",
    "pushdown_projections",
    "qualify_columns",
    "qualify_columns_ddl",
    "qualify_tables",
    "quote_identifiers",
    "simplify",
    "tpc-ds",
    "tpc-h",
    "unnest_subqueries",
)


class Suite(NamedTuple):
    """A file's pairs of texts, each with its comments, and how they are read."""

    schema: dict
    catalog: Optional[str]
    database: Optional[str]
    executed: bool  # Both are run in DuckDB, unless a comment says otherwise, and give the same.
    pairs: list


def recorded():
    """Each file's suite by its name."""
    stand_in("duckdb")
    stand_in("pandas.testing", assert_frame_equal=None)
    module = importlib.import_module("tests.test_optimizer")
    suites = {}

    def check_file(_, file, func, pretty=False, execute=False, only=None, schema=None, db=None, catalog=None, **__):
        name = file.split("/")[-1]
        if name in PAIRED:
            pairs = list(module.load_sql_fixture_pairs(f"optimizer/{file}.sql"))
            suites[name] = Suite(flat(schema), catalog, db, execute, pairs)

    module.TestOptimizer.check_file = check_file
    for name, test in vars(module.TestOptimizer).items():
        if name.startswith("test_") and "check_file" in inspect.unwrap(test).__code__.co_names:
            case = module.TestOptimizer(name)
            case.setUp()
            getattr(case, name)()
    return suites


def pairs(suites):
    """Two texts that mean the same: of queries, or of expressions."""
    for suite in PAIRED:
        for number, (meta, left, right) in enumerate(suites[suite].pairs, start=1):
            statement = sqlglot.parse_one(left, read=meta.get("dialect"))
            executed = "execute" not in meta and suites[suite].executed or meta.get("execute") == "true"
            yield {
                "suite": suite,
                "id": f"{suite}.{number}",
                "kind": "expression" if isinstance(statement, (exp.Condition, exp.Tuple)) else "query",
                "dialect": ours(meta.get("dialect")),
                "schema": suites[suite].schema,
                "catalog": suites[suite].catalog,
                "database": suites[suite].database,
                "executed": executed,
                "left": left,
                "right": right,
            }


def qualified(suites):
    """What the columns are made of, read off the second query of each pair, whose columns are all qualified."""
    for suite in ("qualify_columns", "qualify_columns_ddl"):
        for number, (meta, sql, expected) in enumerate(suites[suite].pairs, start=1):
            yield {
                "id": f"{suite}.{number}",
                "sql": sql,
                "dialect": ours(meta.get("dialect")),
                "schema": suites[suite].schema,
                "expected_sql": expected,
                **columns_of(expected, meta.get("dialect"), None, sql),
            }


def unqualified(suites, suite):
    """What the columns are made of, as sqlglot itself says of the first query of each pair."""
    for number, (meta, sql, _) in enumerate(suites[suite].pairs, start=1):
        yield {
            "id": f"{suite}.{number}",
            "sql": sql,
            "dialect": ours(meta.get("dialect")),
            "schema": suites[suite].schema,
            **columns_of(sql, meta.get("dialect"), suites[suite].schema, sql),
        }

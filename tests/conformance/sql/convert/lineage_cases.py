"""The calls of `lineage` in sqlglot's own test of it, with the leaves of what it returned.

Those that its test expects to fail are left out.
"""

import importlib

import sqlglot
import sqlglot.lineage
from columns import Sources
from dialects import ours
from schemas import flat
from sqlglot.optimizer import build_scope


def recorded():
    cases = []
    original = sqlglot.lineage.lineage

    def lineage(column, sql, schema=None, sources=None, dialect=None, **options):
        node = original(column, sql, schema=schema, sources=sources, dialect=dialect, **options)
        whole = original(column, sql, schema=schema, sources=sources, dialect=dialect, trim_selects=False)
        leaves = Sources(build_scope(whole.source), dialect).found(whole)
        cases.append({
            "id": f"test_lineage.{len(cases) + 1}",
            "sql": sql,
            "dialect": ours(dialect),
            "schema": flat(schema),
            "models": sources or {},
            "column": column,
            "sources": leaves,
        })
        return node

    sqlglot.lineage.lineage = lineage
    try:
        module = importlib.import_module("tests.test_lineage")
        module.TestLineage.setUpClass()
        for name in vars(module.TestLineage):
            if name.startswith("test_"):
                getattr(module.TestLineage(name), name)()
    finally:
        sqlglot.lineage.lineage = original
    return cases

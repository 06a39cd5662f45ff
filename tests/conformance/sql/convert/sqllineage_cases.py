"""Runs sqllineage's tests of SQL, with helpers that record what is expected instead of asserting it."""

import importlib
import inspect
import itertools
import os
from typing import NamedTuple, Optional

from dialects import ours
from distribution import stand_in

# It tests how a text is split into statements, not what these read and write.
SKIPPED = "test_split"


class Qualified(NamedTuple):
    """Their ColumnQualifierTuple: a column, and its table where they name one."""

    column: str
    qualifier: Optional[str]


class Named:
    """Their Table, Schema and Path, of which only the name is of interest."""

    def __init__(self, name, schema=None, **_):
        self.name = f"{schema.name}.{name}" if schema else name


class Provider:
    """Their provider of metadata: the columns of each table."""

    def __init__(self, schema):
        self.schema = schema


class Recorder:
    def __init__(self):
        self.columns, self.tables = [], []
        self.test, self.number = "", 0

    def start(self, test):
        if test != self.test:
            self.test, self.number = test, 0

    def case(self, sql, dialect, test_sqlfluff):
        """What all cases have; a text that their strict parser can't read is in no dialect of its own."""
        self.number += 1
        dialect = ours(dialect if test_sqlfluff else "non-validating")
        return {"id": f"{self.test}.{self.number}", "sql": sql, "dialect": dialect}

    def column_lineage(
        self, sql, column_lineages=None, dialect="ansi", metadata_provider=None, test_sqlfluff=True, test_sqlparse=True
    ):
        case = self.case(sql, dialect, test_sqlfluff)
        if os.environ.get("SQLLINEAGE_LATERAL_COLUMN_ALIAS_REFERENCE"):
            case["dialect"] = "redshift"  # An alias can be mentioned beside it: Redshift's manual, "SELECT list".
        case["schema"] = metadata_provider.schema if metadata_provider else {}
        edges = [[*reversed(source), *reversed(target)] for source, target in column_lineages or []]
        case["edges"] = [edge for number, edge in enumerate(edges) if edge not in edges[:number]]
        self.columns.append(case)

    def table_lineage(
        self, sql, source_tables=None, target_tables=None, dialect="ansi", test_sqlfluff=True, test_sqlparse=True
    ):
        case = self.case(sql, dialect, test_sqlfluff)
        for key, tables in (("sources", source_tables), ("targets", target_tables)):
            case[key] = sorted(table if isinstance(table, str) else table.name for table in tables or [])
        self.tables.append(case)


class Mark:
    @staticmethod
    def parametrize(names, values, ids=None):
        names = [name.strip() for name in names.split(",")]
        values = [value if len(names) > 1 else (value,) for value in values]

        def decorator(test):
            test.parameters = [[dict(zip(names, value)) for value in values], *getattr(test, "parameters", [])]
            return test

        return decorator


def recorded(folder):
    """The cases of column lineage, and those of table lineage, in the order of the files."""
    recorder = Recorder()
    install_stand_ins(recorder)
    warehouse = Provider(importlib.import_module("tests.conftest")._data_warehouse_schemas)
    for path in sorted(folder.rglob("test_*.py")):
        if path.stem == SKIPPED:
            continue
        kind, *groups = path.relative_to(folder).with_suffix("").parts
        module = importlib.import_module(".".join(["tests.sql", kind, *groups]))
        for name, test in vars(module).items():
            if name.startswith("test_"):
                recorder.start(".".join(part.removeprefix("test_") for part in [kind, groups[-1], name]))
                run(test, warehouse)
    return recorder.columns, recorder.tables


def install_stand_ins(recorder):
    stand_in("pytest", mark=Mark, fixture=lambda **_: lambda function: function)
    stand_in("sqllineage.utils.entities", ColumnQualifierTuple=Qualified)
    stand_in("sqllineage.core.metadata_provider", MetaDataProvider=Provider)
    stand_in("sqllineage.core.models", Path=Named, Schema=Named, Table=Named)
    importlib.import_module("tests")
    stand_in(
        "tests.helpers",
        assert_column_lineage_equal=recorder.column_lineage,
        assert_table_lineage_equal=recorder.table_lineage,
        generate_metadata_providers=lambda schema: [Provider(schema)],
    )


def run(test, warehouse):
    """Runs a test once for each combination of its parameters."""
    for combination in itertools.product(*getattr(test, "parameters", [])):
        arguments = {name: value for parameters in combination for name, value in parameters.items()}
        if "provider" in inspect.signature(test).parameters:
            arguments.setdefault("provider", warehouse)
        test(**arguments)

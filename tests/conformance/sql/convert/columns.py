"""What each output column of a query is computed from, by sqlglot's lineage, down to the tables.

sqlglot stops at a star and takes a path into a struct for the name of a table; both are put right here,
so that what remains is what its tests expect.
"""

import re

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import to_node
from sqlglot.optimizer import build_scope, qualify


def columns_of(sql, dialect, schema, written):
    """{"columns": [{"name", "sources"}]}, or null with the reason where sqlglot can't say.

    With a schema the query is qualified first; without one it is so already. The name is null where the
    query as it was `written` gives none.
    """
    try:
        query = parse_one(sql, read=dialect)
        if schema is not None:
            query = qualify.qualify(query, dialect=dialect, schema=schema, identify=False)
        scope = build_scope(query)
        separate_paths(scope)
        names = names_of(scope.expression.selects, parse_one(written, read=dialect))
        sources = Sources(scope, dialect)
        return {
            "columns": [{"name": name, "sources": sources.of(scope, index)} for index, name in enumerate(names)]
        }
    except (SqlglotError, RecursionError) as error:
        return {"columns": None, "reason": f"{type(error).__name__}: {error}"}


def names_of(selects, written):
    """The names of the columns, but null where sqlglot made one up."""
    named = [select.alias_or_name for select in selects]
    query = written if isinstance(written, exp.Query) else written.expression
    if len(query.selects) == len(selects) and not any(select.is_star for select in query.selects):
        given = (exp.Alias, exp.Column, exp.Dot)
        return [select.alias_or_name if isinstance(select, given) else None for select in query.selects]
    return [None if re.fullmatch(r"_col_\d+", name) else name for name in named]


def separate_paths(root):
    """Makes of `a.b.c`, read as column c of table b, field c of column b of `a`, where `a` is what is in scope."""
    for scope in root.traverse():
        unnested = {name for source in scope.sources.values() for name in names_of_unnested(source)}
        for column in list(scope.find_all(exp.Column)):
            parts = column.parts
            if len(parts) == 1 or column.table in scope.sources:
                continue
            if parts[0].name in scope.sources:
                replace_path(column, parts[:2], parts[2:])
            elif parts[0].name in unnested:
                replace_path(column, parts[:1], parts[1:])
        scope.clear_cache()


def names_of_unnested(source):
    """The names that UNNEST and its like give to columns, and BigQuery to whole rows."""
    expression = getattr(source, "expression", None)
    return expression.alias_column_names if isinstance(expression, exp.UDTF) else []


def replace_path(column, head, fields):
    base = exp.column(*reversed([part.copy() for part in head]))
    column.replace(exp.Dot.build([base, *(part.copy() for part in fields)]))


class Sources:
    """The sources of the columns of one query, whose scopes are known by their expressions."""

    def __init__(self, root, dialect):
        self.scopes = {id(scope.expression): scope for scope in root.traverse()}
        self.dialect = dialect

    def of(self, scope, index):
        return self.found(to_node(index, scope, self.dialect, trim_selects=False))

    def found(self, node):
        """A column's sources as [table, column], sorted; the table is null where it isn't known."""
        found = set(self.leaves(node))
        return sorted(map(list, found), key=lambda source: (source[0] or "", source[1]))

    def leaves(self, root):
        for node in root.walk():
            if node.downstream:
                continue
            origin = node.expression
            if isinstance(origin, exp.Table):
                yield table_name(origin), column_name(node)
            elif isinstance(origin, exp.Placeholder):
                yield None, column_name(node)
            elif node.name == "*" and isinstance(origin, exp.Query):
                yield from self.all_of(self.scopes[id(origin)])

    def all_of(self, scope):
        """All columns of a subquery that a star mentions."""
        for index in range(len(scope.expression.selects)):
            yield from self.leaves(to_node(index, scope, self.dialect, trim_selects=False))


def table_name(table):
    """Its name with dots, or null where it is a function."""
    return ".".join(part.name for part in table.parts) if isinstance(table.this, exp.Identifier) else None


def column_name(node):
    return "*" if node.name == "*" else parse_one(node.name).name

"""sqlglot's schemas, nested by catalog and database, in one level."""


def flat(schema):
    """Each table's columns with their types, by the table's name with dots."""
    tables = {}
    for name, value in (schema or {}).items():
        if all(isinstance(inner, str) for inner in value.values()):
            tables[name] = value
        else:
            tables.update({f"{name}.{inner}": columns for inner, columns in flat(value).items()})
    return tables

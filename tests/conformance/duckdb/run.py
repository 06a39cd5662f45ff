"""Runs queries in DuckDB: a job on each line of the input, its results on each line of the output.

A job is {"setup": [SQL…], "queries": [SQL…]}. All jobs share a database, so each makes its tables anew;
with "alone": true it has one of its own. Its result has for each query the rows, or the message of its
error as a text; where the setup fails, that is the result of every query. A value is null or a pair of
its kind and its text.
"""

import datetime
import decimal
import json
import sys

import duckdb


def cell(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return ["boolean", str(value).lower()]
    if isinstance(value, (int, decimal.Decimal)):
        return ["exact", format(value, "f") if isinstance(value, decimal.Decimal) else str(value)]
    if isinstance(value, float):
        return ["float", format(decimal.Decimal(repr(value)), "f")]
    if isinstance(value, datetime.datetime):
        return ["timestamp", value.strftime("%Y-%m-%d %H:%M:%S")]
    if isinstance(value, datetime.date):
        return ["date", value.isoformat()]
    if isinstance(value, str):
        return ["text", value]
    return ["other", repr(value)]


def rows(connection, query):
    try:
        return [[cell(value) for value in row] for row in connection.execute(query).fetchall()]
    except duckdb.Error as error:
        return str(error)


def results(connection, job):
    try:
        for statement in job["setup"]:
            connection.execute(statement)
    except duckdb.Error as error:
        return [str(error)] * len(job["queries"])
    return [rows(connection, query) for query in job["queries"]]


connection = duckdb.connect(":memory:", config={"threads": 1})
for line in sys.stdin:
    job = json.loads(line)
    alone = job.get("alone", False)
    if alone:
        connection.execute("ATTACH ':memory:' AS job")
        connection.execute("USE job")
    print(json.dumps(results(connection, job)), flush=True)
    if alone:
        connection.execute("USE memory")
        connection.execute("DETACH job")

"""What a test needs to tamper with a mart and to see whether its rules notice."""

import duckdb

from expectations import suites

RULES = {f"{suite.name}.{rule.name}": (suite, rule) for suite in suites() for rule in suite.rules}


def failing_rows(connection: duckdb.DuckDBPyConnection, title: str) -> int:
    """Return how many rows of the candidate break a rule, named `<suite>.<rule>`."""
    suite, rule = RULES[title]
    return len(connection.execute(suite.sql(rule)).fetchall())


def tamper(connection: duckdb.DuckDBPyConnection, tampering: str) -> None:
    """Change the candidate; a tampering that touches no row would prove nothing."""
    # DuckDB tells how many rows it changed.
    (changed,) = connection.execute(tampering).fetchone() or (0,)
    assert changed > 0

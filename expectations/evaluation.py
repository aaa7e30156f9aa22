"""Evaluation: Great Expectations at work inside DuckDB, on a database opened read-only."""

import builtins
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import great_expectations as gx
from great_expectations.core import ExpectationValidationResult
from great_expectations.data_context.data_context.abstract_data_context import AbstractDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)

from expectations.data_docs import keep_to_themselves
from expectations.rule import Rule, Suite

DATA_DOCS = "data_docs"


class KeptConnectionEngine(SqlAlchemyExecutionEngine):
    """Runs the checks on one connection that stays open.

    Great Expectations closes a connection before it fetches the results; DuckDB has none left by
    then, and the error that follows looks like a failed expectation.
    """

    @contextlib.contextmanager
    def get_connection(self) -> Iterator[Any]:
        if not self._connection:
            self._connection = self.engine.connect()
        yield self._connection


class DuckDbDatasource(SQLDatasource):
    """A DuckDB file, as Great Expectations may see it."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]  # a tag of its own

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        return KeptConnectionEngine


@dataclass(frozen=True)
class Outcome:
    """What became of one rule: how many rows break it, or why it could not be evaluated."""

    rule: Rule
    failing_rows: int
    error: str | None


@dataclass(frozen=True)
class Evaluation:
    """One opened database; `connection` is the very one on which the checks run."""

    context: AbstractDataContext
    datasource: DuckDbDatasource
    connection: duckdb.DuckDBPyConnection

    def outcomes(self, suite: Suite) -> list[Outcome]:
        """Evaluate every rule of a suite on its mart."""
        asset = self.datasource.add_query_asset(
            name=suite.name, query=f"select * from {suite.mart}"
        )
        expectations = gx.ExpectationSuite(
            name=suite.name, expectations=[rule.expectation() for rule in suite.rules]
        )
        validation = gx.ValidationDefinition(
            name=suite.name,
            data=asset.add_batch_definition(name="all rows"),
            suite=self.context.suites.add(expectations),
        )
        validated = self.context.validation_definitions.add(validation).run(result_format="BASIC")
        results = {_rule_name(result): result for result in validated.results}
        return [_outcome(rule, results[rule.name]) for rule in suite.rules]

    def write_data_docs(self, folder: Path) -> None:
        """Write what was expected and found as a static site."""
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
        self.context.add_data_docs_site(
            DATA_DOCS,
            {
                "class_name": "SiteBuilder",
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": store,
            },
        )
        self.context.build_data_docs(site_names=[DATA_DOCS], build_index=False)
        keep_to_themselves(folder)


@contextlib.contextmanager
def evaluating(database: Path) -> Iterator[Evaluation]:
    """Open a database for evaluation, and close it for whoever works on it next."""
    context = _silent_context()
    # Great Expectations makes this method when it meets the class DuckDbDatasource.
    datasource = context.data_sources.add_duckdb(
        name=database.stem,
        connection_string=f"duckdb:///{database}",
        # Otherwise the checks would take the lock of a writer.
        kwargs={"connect_args": {"read_only": True}},
    )
    engine = datasource.get_execution_engine()
    with engine.get_connection() as opened:
        connection = opened.connection.driver_connection
    try:
        yield Evaluation(context, datasource, connection)
    finally:
        # A connection left in the pool would keep the file open to the end of the process.
        if not opened.closed:
            opened.invalidate()
        engine.engine.dispose()
        datasource.get_engine().dispose()


def _silent_context() -> AbstractDataContext:
    """Return a context that keeps nothing, shows no progress and tells nobody anything."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for site in context.get_site_names():
        context.delete_data_docs_site(site)
    return context


def _rule_name(result: ExpectationValidationResult) -> str | None:
    configuration = result.expectation_config
    return configuration.meta.get("rule") if configuration and configuration.meta else None


def _outcome(rule: Rule, result: ExpectationValidationResult) -> Outcome:
    """Tell a rule that was broken from one that could not be evaluated: both are no success."""
    error = _error_of(result.exception_info or {})
    if error is not None:
        return Outcome(rule, 0, error)
    found = result.result.get("observed_value")
    if not isinstance(found, int) or result.success is not (found == 0):
        return Outcome(rule, 0, f"{found} rows were found and success is {result.success}")
    return Outcome(rule, found, None)


def _error_of(info: dict[str, Any]) -> str | None:
    """Return what was raised; it stands at the top or below the name of each metric."""
    entries = [info, *(entry for entry in info.values() if isinstance(entry, dict))]
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message"))
    return None

"""Health tables: sources, reasons, loads, audits and restatements, in the visitor's words."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from marketing_warehouse import read
from reporting import formats
from reporting.language import say, say_n
from reporting.marts import Report

# The steps of a load, in their order.
STEPS = ("plan", "land", "load", "build", "audit", "publish", "conclude")

A_NUMBER = re.compile(rf"[\d.,]+|{formats.NO_VALUE}")  # written, in any language
MOST_ROWS_AT_ONCE = 20  # a longer table scrolls on its own


def sources(report: Report, table: pa.Table) -> None:
    """Show each source of each feed: how fresh it is, and how its rows were used."""
    _show(
        pd.DataFrame(
            {
                say("Feed"): row["feed"],
                say("Source"): row["source"],
                say("Fresh until"): _freshness(report, row["fresh_until"]),
                say("Read ="): _count(row["rows_read"]),
                say("current +"): _count(row["rows_current"]),
                say("superseded +"): _count(row["rows_superseded"]),
                say("after the last day +"): _count(row["rows_after_as_of"]),
                say("did not fit"): _count(row["rows_quarantined"]),
                say("Loaded"): _moment(report, row["last_loaded_at"]),
                say("Connector"): row["connector"],
                say("New columns"): row["new_columns"] or "",
                say("Refused because"): row["refused_reason"] or "",
            }
            for row in table.to_pylist()
        ),
        say("Sources with their freshness and rows"),
    )


def reasons(table: pa.Table) -> None:
    """Show why rows did not fit."""
    _show(
        pd.DataFrame(
            {
                say("Feed"): row["feed"],
                say("Source"): row["source"],
                say("Why"): row["reason"],
                say("Rows"): _count(row["rows"]),
            }
            for row in table.to_pylist()
        ),
        say("Reasons with the number of rows"),
    )


def examples(table: pa.Table) -> None:
    """Show rows that did not fit as they were delivered, under the feed's own names."""
    _show(table.to_pandas(), say("Rows that did not fit"))


def loads(report: Report, attempts: Sequence[read.Attempt]) -> None:
    """Show a line for each load, with the seconds of each of its steps."""
    _show(
        pd.DataFrame(_load(report, attempt) for attempt in attempts),
        say("Loads with the seconds of each step"),
    )


def _load(report: Report, attempt: read.Attempt) -> dict[str, str]:
    seconds: dict[str, float] = {}
    for step in attempt.steps:
        # Sources land side by side: the longest is how long one waited.
        seconds[step.step] = max(seconds.get(step.step, 0.0), step.seconds or 0.0)
    return {
        say("Began"): formats.moment(attempt.started_at, report.settings.timezone),
        say("Through"): formats.day(attempt.through) if attempt.through else "",
        say("It was"): outcome_name(attempt.outcome),
        **{say("{step}, s", step=step_name(step)): _seconds(seconds.get(step)) for step in STEPS},
        say("What happened"): attempt.message,
    }


def steps(attempt: read.Attempt) -> None:
    """Show each step of one load, each source's landing by itself."""
    _show(
        pd.DataFrame(
            {
                say("Step"): step_name(step.step),
                say("Source"): step.source or "",
                say("Seconds"): _seconds(step.seconds),
                say("It was"): _step_outcome(step.outcome),
                say("What happened"): step.message,
            }
            for step in attempt.steps
        ),
        say("Steps of the latest load"),
    )


def audits(table: pa.Table) -> None:
    """Show every expectation, what was not met first."""
    _show(
        pd.DataFrame(
            {
                say("Met?"): say("✓ met") if row["success"] else say("✗ not met"),
                say("Mart"): row["suite"].replace("_", ".", 1),
                say("Expectation"): row["expectation"].replace("_", " "),
                say("If not met"): _severity(row["severity"]),
                say("Rows"): _count(row["failing_rows"]),
                say("What it means"): row["notes"],
            }
            for row in table.to_pylist()
        ),
        say("Expectations"),
    )


def restatements(report: Report, table: pa.Table) -> None:
    """Show which published numbers moved, the largest move first."""
    currency = report.settings.currency

    def money(size: Any) -> str:
        return formats.exact(size, "money", currency)

    _show(
        pd.DataFrame(
            {
                say("Day"): formats.day(row["calendar_date"]),
                say("Number"): say(report.definitions[row["kpi"]].label),
                say("First published"): money(row["first_value"]),
                say("Now"): money(row["value_now"]),
                say("Change"): money(row["change"]),
                say("Times moved"): _count(row["times_moved"]),
                say("Last moved"): _moment(report, row["moved_at"]),
                say("Why"): reason_name(row["reason"]),
            }
            for row in table.to_pylist()
        ),
        say("Published numbers that moved"),
    )


# ------------------------------------------------------------------------------ words


def outcome_name(outcome: read.Outcome) -> str:
    """Say how a load ended."""
    words = {
        read.Outcome.PUBLISHED: say("published"),
        read.Outcome.INCOMPLETE: say("published without everything"),
        read.Outcome.FAILED: say("not published"),
        read.Outcome.RUNNING: say("still at work"),
        read.Outcome.STOPPED: say("stopped before its end"),
    }
    return words[outcome]


def step_name(step: str) -> str:
    """Name a step of a load."""
    words = {
        "plan": say("plan"),
        "land": say("land"),
        "load": say("load"),
        "build": say("build"),
        "audit": say("audit"),
        "publish": say("publish"),
        "conclude": say("conclude"),
    }
    return words.get(step, step)


def reason_name(reason: str | None) -> str:
    """Say why a published number moved."""
    words = {
        "rows": say("rows came later or were changed"),
        "settings": say("business.yml counts in another way"),
    }
    return words.get(reason or "", "")


def _step_outcome(outcome: str) -> str:
    words = {"ok": say("done"), "failed": say("failed"), "running": say("still at work")}
    return words.get(outcome, outcome)


def _severity(severity: str) -> str:
    words = {
        "critical": say("nothing is published"),
        "warning": say("somebody should look"),
    }
    return words.get(severity, severity)


def _freshness(report: Report, fresh_until: Any) -> str:
    if fresh_until is None:
        return formats.NO_VALUE
    behind = (report.settings.as_of - fresh_until).days
    day = formats.day(fresh_until)
    if behind <= 0:
        return day
    return say_n("{day}, one day behind", "{day}, {number} days behind", behind, day=day)


def _moment(report: Report, moment: Any) -> str:
    return formats.moment(moment, report.settings.timezone) if moment else formats.NO_VALUE


def _count(size: Any) -> str:
    return formats.exact(size, "count", "")


def _seconds(seconds: float | None) -> str:
    return formats.NO_VALUE if seconds is None else formats.cell(seconds, "seconds", False)


def _show(table: pd.DataFrame, alternative: str) -> None:
    said = table.loc[:, (table != "").any()]  # a column that says nothing takes room
    st.dataframe(
        said,
        hide_index=True,
        width="stretch",
        height="content" if len(said) <= MOST_ROWS_AT_ONCE else "auto",
        placeholder=formats.NO_VALUE,
        alt=alternative,
        column_config={
            name: st.column_config.TextColumn(alignment="right")
            for name in said.columns
            if said[name].map(lambda cell: bool(A_NUMBER.fullmatch(str(cell)))).all()
        },
    )

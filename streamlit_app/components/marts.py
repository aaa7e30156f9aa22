"""Marts: one connection per published build, shared by all visitors, and its answers kept."""

from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from marketing_warehouse import read
from reporting import marts
from reporting.marts import Report


def open_report(publication: read.Publication) -> Report:
    """Open a publication, once for all visitors."""
    ask = partial(_table, str(publication.file), publication.build_id)
    return marts.open_report(publication, ask)


def put(report: Report, sql: str) -> read.Answer:
    """Put a visitor's own question to a build.

    Raises:
        QueryError: it is not allowed, wrong, too long or too large.
    """
    build = report.publication
    return _marts(str(build.file), build.build_id).run_user_sql(sql)


# A published file never changes: its answers may be kept as long as there is room.
@st.cache_resource(max_entries=3, show_spinner=False)
def _marts(file: str, build_id: str) -> read.Marts:
    return read.Marts(read.Publication(build_id, Path(file)))


@st.cache_data(max_entries=400, show_spinner=False)
def _table(file: str, build_id: str, sql: str, parameters: tuple[Any, ...]) -> pa.Table:
    return _marts(file, build_id).query(sql, parameters)

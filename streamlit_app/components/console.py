"""Console: one SELECT at a time on the published marts, with what they hold beside it."""

from dataclasses import dataclass
from html import escape

import pyarrow as pa
import streamlit as st

from components import access, choice, downloads, marts, show
from components.show import plain
from components.sql_examples import Example, examples
from marketing_warehouse import read
from reporting import formats
from reporting.charts.answer import answer, naming_column, number_columns
from reporting.charts.picture import Picture
from reporting.language import say, say_n
from reporting.marts import Report
from reporting.workbook import Sheet

ASKED = "sql_asked"
OWN = ""  # what the list of examples calls a question of one's own
FIRST_TABLE = "kpi.scorecard"

STYLE = """
<style>
.st-key-widget_sql textarea {font-family: ui-monospace, "Source Code Pro", monospace;
  font-size: .84rem; line-height: 1.45;}
.wh-columns {max-height: 30rem; overflow-y: auto; border-top: 1px solid rgba(128,128,128,.28);}
.wh-columns :is(dl, dt, dd) {margin: 0 !important; padding: 0 !important;}
.wh-columns dt {font-family: ui-monospace, "Source Code Pro", monospace; font-size: .84rem;
  padding-top: .55rem !important; font-weight: 400;}
.wh-columns dt i {font-style: normal; opacity: .72; font-size: .76rem; margin-left: .5rem;}
.wh-columns dd {margin: 0; font-size: .82rem; opacity: .82; line-height: 1.35;}
</style>
"""

# The processes as everywhere else; what they are made of comes after them.
SCHEMAS = ("kpi", "acquisition", "sales", "retention", "core", "ops", "quarantine")

TABLES = """
    select schema_name || '.' || table_name as name, comment, estimated_size as rows
    from duckdb_tables()
    where not internal and not temporary
    order by list_position(?, schema_name) nulls last, name
"""
COLUMNS = """
    select column_name, data_type, comment
    from duckdb_columns()
    where schema_name || '.' || table_name = ?
    order by column_index
"""


@dataclass(frozen=True)
class Asked:
    """A question, the build that it was put to, and its answer or why there is none."""

    sql: str
    build_id: str
    answer: read.Answer | None
    refusal: str


def ask_and_answer(report: Report) -> None:
    """Show the editor and the answer, and beside them what can be asked for."""
    if not access.may_query():
        st.info(say("Asking in SQL is for owners and analysts."))
        return
    st.html(STYLE)
    asking, knowing = st.columns([2, 1], gap="large")
    with asking:
        asked = _ask(report)
        if asked:
            _show_answer(report, asked)
    with knowing:
        _show_tables(report)
        _show_kpis(report)


# ------------------------------------------------------------------------------ the question


def _ask(report: Report) -> Asked | None:
    """Show the editor, put the question when it is asked, and return it with its answer."""
    known = examples()
    example = known.get(choice.current().example)
    _choose_example(known, example)
    asked: Asked | None = st.session_state.get(ASKED)
    if example and (asked is None or st.session_state.pop("sql_example_is_new", False)):
        asked = _put(report, example.sql)
    with st.form("sql", border=False):
        key = "widget_sql"
        # Another page drops the text of a widget, and an example replaces it.
        if asked and (key not in st.session_state or (example and asked.sql == example.sql)):
            st.session_state[key] = asked.sql
        text = st.text_area(
            say("Your question, as one SELECT"), key=key, height=240, placeholder="select ..."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            is_asked = st.form_submit_button(
                say("Ask"), type="primary", help=say("Ctrl and Enter ask too.")
            )
            st.caption(_limits())
        if is_asked:
            asked = _put(report, text)
    return asked


def _limits() -> str:
    return say(
        "You read the published build and change nothing. An answer stops at {rows} rows, a "
        "question at {seconds} seconds.",
        rows=formats.exact(read.ROW_LIMIT, "count", ""),
        seconds=formats.exact(read.TIMEOUT_SECONDS, "count", ""),
    )


def _choose_example(known: dict[str, Example], example: Example | None) -> None:
    key = "widget_example"
    st.session_state[key] = example.name if example else OWN

    def changed() -> None:
        choice.change(example=st.session_state[key])
        st.session_state["sql_example_is_new"] = True

    st.selectbox(
        say("Examples"),
        [OWN, *known],
        key=key,
        format_func=lambda name: known[name].title if name else say("a question of your own"),
        on_change=changed,
    )


def _put(report: Report, sql: str) -> Asked:
    """Put a question to the build at hand; the answer is kept for when the visitor comes back."""
    answer, refusal = None, ""
    try:
        with st.spinner(say("Asking the marts")):
            answer = marts.put(report, sql)
    except read.QueryError as error:
        refusal = str(error)
    asked = Asked(sql, report.publication.build_id, answer, refusal)
    st.session_state[ASKED] = asked
    return asked


# ------------------------------------------------------------------------------ the answer


def _show_answer(report: Report, asked: Asked) -> None:
    if asked.answer is None:
        st.error(plain(asked.refusal))
        return
    table = asked.answer.table
    if asked.build_id != report.publication.build_id:
        st.info(say("Newer marts were published since this was asked: ask again to see them."))
    st.markdown(f"**{_how_much(asked.answer)}**")
    if not table.num_rows:
        return
    as_table, as_chart = st.tabs([say("Table"), say("Chart")])
    with as_table:
        st.dataframe(
            table,
            hide_index=True,
            width="stretch",
            height=min(38 + 35 * table.num_rows, 460),
            column_config={
                field.name: st.column_config.NumberColumn(format="%.2f")
                for field in table.schema
                if pa.types.is_decimal(field.type)
            },
            placeholder=formats.NO_VALUE,
            alt=say("The answer as a table"),
        )
    with as_chart:
        drawn = _draw(table)
    downloads.menu(report, "answer", Sheet(say("Answer"), table), drawn)


def _draw(table: pa.Table) -> Picture | None:
    """Draw one column of an answer against another, both picked by the visitor."""
    amounts = number_columns(table)
    if not amounts or table.num_columns < 2:
        st.info(say("A chart needs a column of numbers and another one to draw it against."))
        return None
    across, up = st.columns(2)
    names = table.column_names
    with across:
        name = st.selectbox(say("Against"), names, index=names.index(naming_column(table)))
    with up:
        rest = [amount for amount in amounts if amount != name] or amounts
        amount = st.selectbox(say("Draw"), rest, index=len(rest) - 1)
    drawn = answer(table, name, amount)
    show.picture(drawn)
    return drawn


def _how_much(answer: read.Answer) -> str:
    rows = answer.table.num_rows
    if answer.is_cut:
        return say("The first {rows} rows; there are more.", rows=formats.exact(rows, "count", ""))
    return say_n("{rows} row", "{rows} rows", rows, rows=formats.exact(rows, "count", ""))


# ------------------------------------------------------------------------------ what can be asked


def _show_tables(report: Report) -> None:
    known = {row["name"]: row for row in report.rows(TABLES, list(SCHEMAS))}
    names = list(known)
    name = st.selectbox(
        say("Tables"),
        names,
        index=names.index(FIRST_TABLE) if FIRST_TABLE in known else 0,
        key="widget_table",
        persist_state="session",
    )
    table = known[name]
    st.caption(plain(table["comment"] or ""))
    about = say("The columns of {table}", table=name)
    rows = "".join(
        f"<dt>{escape(column['column_name'])} <i>{escape(column['data_type'].lower())}</i></dt>"
        f"<dd>{escape(column['comment'] or '')}</dd>"
        for column in report.rows(COLUMNS, name)
    )
    st.html(
        f'<div class="wh-columns" tabindex="0" role="region" aria-label="{escape(about)}">'
        f"<dl>{rows}</dl></div>"
    )


def _show_kpis(report: Report) -> None:
    with st.expander(say("The KPIs and their formulas")):
        st.dataframe(
            [
                {
                    say("KPI"): known.kpi,
                    say("What it is"): say(known.formula),
                    say("Unit"): known.unit,
                    say("By"): ", ".join(known.dimensions),
                }
                for known in report.definitions.values()
            ],
            hide_index=True,
            width="stretch",
            height=320,
            alt=say("The KPIs and their formulas"),
        )

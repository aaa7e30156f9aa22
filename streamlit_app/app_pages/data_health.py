"""Data health: how fresh each source is, what did not fit, what was loaded, checked and moved."""

import streamlit as st
from components import access, choice, data_docs, downloads, frame, health, health_tables
from components.show import answer, part, picture, plain

from marketing_warehouse import read
from reporting import formats
from reporting.charts.deliveries import deliveries
from reporting.language import say, say_n
from reporting.marts import Report
from reporting.workbook import Sheet

LOADS_SHOWN = 10


def main() -> None:
    """Show the page."""
    report = frame.open_page(
        say("Data health"), say("Can these numbers be trusted, and how fresh are they?")
    )
    wanted = choice.ask_deliveries(report, list(health.DATED))
    show_sources(report, wanted)
    show_rows(report, wanted)
    show_quarantine(report, wanted)
    show_loads(report)
    show_audits(report)
    show_restatements(report, wanted)


def show_sources(report: Report, wanted: health.Wanted) -> None:
    """Show how fresh each source is and what became of its rows."""
    table = health.sources(report, wanted)
    quarantined = sum(table["rows_quarantined"].drop_null().to_pylist())
    rows_read = sum(table["rows_read"].drop_null().to_pylist())
    what = {
        "rows": formats.exact(rows_read, "count", ""),
        "unfit": formats.exact(quarantined, "count", ""),
    }
    answer(
        say_n(
            "{rows} rows were read from one source; {unfit} did not fit",
            "{rows} rows were read from {number} sources; {unfit} did not fit",
            table.num_rows,
            **what,
        )
    )
    if not table.num_rows:
        st.info(say("No source has delivered for this choice yet: look at another one."))
        return
    health_tables.sources(report, table)
    without, orders = health.orders_without_cost(report)
    if without:
        st.caption(
            plain(
                say(
                    "{without} of {orders} completed orders have no cost of goods; it counts as "
                    "0, so their gross profit is their whole revenue.",
                    without=formats.exact(without, "count", ""),
                    orders=formats.exact(orders, "count", ""),
                )
            )
        )
    downloads.menu(report, "sources", Sheet(say("Sources"), table))


def show_rows(report: Report, wanted: health.Wanted) -> None:
    """Show how many rows count in each period, so that a gap is seen."""
    if not wanted.feed:
        st.caption(say("Choose a feed to see its rows over time and those that did not fit."))
        return
    table = health.rows_by_period(report, wanted)
    drawn = deliveries(wanted.feed, wanted.grain, table.to_pylist())
    picture(drawn)
    if table.num_rows:
        sheet = Sheet(say("Rows by period"), table)
        downloads.menu(report, f"rows_of_{wanted.feed}", sheet, drawn)


def show_quarantine(report: Report, wanted: health.Wanted) -> None:
    """Show why rows did not fit, and examples of them with their place."""
    table = health.reasons(report, wanted)
    part(say("Rows that did not fit"))
    if not table.num_rows:
        st.success(say("Every row fits."), icon=":material/check:")
        return
    if not access.may_see_leads():  # a reason quotes what was delivered, an example is the row
        st.caption(say("Why rows did not fit, and which, is shown to owners and analysts."))
        return
    health_tables.reasons(table)
    downloads.menu(report, "reasons", Sheet(say("Reasons"), table))
    if not wanted.feed:
        return
    examples = health.quarantined(report, wanted)
    if examples.num_rows:
        with st.expander(
            say_n("Examples: the one row", "Examples: the first {number} rows", examples.num_rows)
        ):
            health_tables.examples(examples)
            sheet = Sheet(say("Examples"), examples)
            downloads.menu(report, f"quarantine_{wanted.feed}", sheet)


def show_loads(report: Report) -> None:
    """Show how the last loads went, those too that were not published, step by step."""
    attempts = read.last_attempts(read.home_from_environment(), LOADS_SHOWN)
    part(say("The last loads"))
    if not attempts:
        st.caption(say("Nobody has loaded anything here yet: these numbers came from elsewhere."))
        return
    latest = attempts[0]
    when = formats.moment(latest.started_at, report.settings.timezone)
    outcome = health_tables.outcome_name(latest.outcome)
    st.markdown(
        plain(
            say(
                "The latest began on {moment}: {outcome}. {why}",
                moment=when,
                outcome=outcome,
                why=latest.message,
            )
        ).strip()
    )
    health_tables.loads(report, attempts)
    with st.expander(say("Each step of the latest load")):
        health_tables.steps(latest)
    table = health.loads(report)
    if table.num_rows:
        downloads.menu(report, "loads", Sheet(say("Steps of the loads"), table))


def show_audits(report: Report) -> None:
    """Show what was expected of these numbers before they were published."""
    table = health.audits(report)
    met = sum(table["success"].to_pylist())
    part(
        say(
            "{met} of {all} expectations were met before publishing",
            met=met,
            all=table.num_rows,
        )
    )
    if not access.may_see_leads():
        st.caption(
            say("The Data Docs, with the rows that failed a check, open for owners and analysts.")
        )
    elif read.home_from_environment().data_docs.is_file():
        st.link_button(
            say("Open the Data Docs"),
            f"{data_docs.ADDRESS}/index.html",
            icon=":material/open_in_new:",
        )
    else:
        st.caption(say("The Data Docs appear here with the first audit."))
    with st.expander(say("All expectations")):
        health_tables.audits(table)
        downloads.menu(report, "expectations", Sheet(say("Expectations"), table))


def show_restatements(report: Report, wanted: health.Wanted) -> None:
    """Show which published numbers have moved since, by how much, and why."""
    part(say("Published numbers that moved"))
    table = health.restatements(report, wanted)
    if not table.num_rows:
        st.success(
            say("None of these dates: each day says what it said when it was first published."),
            icon=":material/check:",
        )
        return
    largest = table.slice(0, 1).to_pylist()[0]
    currency = report.settings.currency
    st.markdown(
        plain(
            say_n(
                "One number has moved: {kpi} of {day}, from {before} to {after}.",
                "{number} numbers have moved; the largest is {kpi} of {day}, from {before} to "
                "{after}.",
                table.num_rows,
                kpi=say(report.definitions[largest["kpi"]].label),
                day=formats.day(largest["calendar_date"]),
                before=formats.exact(largest["first_value"], "money", currency),
                after=formats.exact(largest["value_now"], "money", currency),
            )
        )
    )
    health_tables.restatements(report, table)
    downloads.menu(report, "restatements", Sheet(say("What moved"), table))


main()

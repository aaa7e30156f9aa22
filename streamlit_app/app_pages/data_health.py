"""Data health: how fresh each source is, what did not fit, what was loaded and checked."""

import altair as alt
import streamlit as st
from components import choice, data_docs, frame, health, show, tables

from marketing_warehouse import read
from reporting import formats
from reporting.marts import Report
from reporting.palette import colours


def main() -> None:
    """Show the page."""
    report = frame.open_page("Data health", "Can these numbers be trusted, and how fresh are they?")
    wanted = choice.ask_deliveries(report, list(health.DATED))
    show_sources(report, wanted)
    show_rows(report, wanted)
    show_quarantine(report, wanted)
    show_audits(report)
    show_loads(report, wanted)


def show_sources(report: Report, wanted: health.Wanted) -> None:
    """Show how fresh each source is and what became of its rows."""
    table = health.sources(report, wanted)
    quarantined = sum(table["rows_quarantined"].drop_null().to_pylist())
    read_rows = sum(table["rows_read"].drop_null().to_pylist())
    st.markdown(
        f"##### {read_rows:,} rows were read from {table.num_rows} "
        f"{'source' if table.num_rows == 1 else 'sources'}; {quarantined:,} did not fit"
    )
    if not table.num_rows:
        st.info("No source has delivered for this choice yet: look at another feed or source.")
        return
    st.dataframe(
        table.to_pandas(),
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt="Sources with their freshness and rows",
        column_config={
            "feed": "Feed",
            "source": "Source",
            "connector": "Connector",
            "fresh_until": st.column_config.DateColumn("Fresh until", format="D MMM YYYY"),
            "rows_read": st.column_config.NumberColumn("Read =", format="localized"),
            "rows_current": st.column_config.NumberColumn("current +", format="localized"),
            "rows_superseded": st.column_config.NumberColumn("superseded +", format="localized"),
            "rows_after_as_of": st.column_config.NumberColumn("after as-of +", format="localized"),
            "rows_quarantined": st.column_config.NumberColumn("quarantined", format="localized"),
            "last_loaded_at": st.column_config.DatetimeColumn("Loaded (UTC)"),
            "new_columns": "New columns",
            "refused_reason": "Refused because",
        },
    )
    without, orders = health.orders_without_cost(report)
    if without:
        st.caption(
            f"{without:,} of {orders:,} completed orders have no cost of goods; it counts as 0, "
            "so their gross profit is their whole revenue."
        )
    tables.download("Download the sources (CSV)", table, "sources")


def show_rows(report: Report, wanted: health.Wanted) -> None:
    """Show how many rows count in each period, so that a gap is seen."""
    if not wanted.feed:
        st.caption("Choose a feed to see its rows over time and those that did not fit.")
        return
    table = health.rows_by_period(report, wanted)
    title = f"Rows of {wanted.feed} that count, by {wanted.grain}"
    st.markdown(f"**{show.plain(title)}**")
    if not table.num_rows:
        st.info("No row of this choice counts in these dates: choose other dates or another feed.")
        return
    rows = table.to_pandas()
    rows["period_end"] = [formats.following(wanted.grain, start) for start in rows["period_start"]]
    legend = alt.Legend(orient="bottom") if rows["source"].nunique() > 1 else None
    bars = (
        alt.Chart(rows)
        .transform_stack(stack="rows", groupby=["period_start"], as_=["below", "above"])
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("period_start:T", title=None, axis=alt.Axis(grid=False)),
            x2="period_end:T",
            y=alt.Y("below:Q", title="rows", axis=alt.Axis(tickCount=4, gridOpacity=0.5)),
            y2="above:Q",
            color=alt.Color(
                "source:N",
                title=None,
                scale=alt.Scale(range=list(colours().series)),
                legend=legend,
            ),
            tooltip=["period_start:T", "source:N", "rows:Q"],
        )
        .properties(height=200)
    )
    st.altair_chart(bars, width="stretch", alt=title)
    tables.download("Download the rows by period (CSV)", table, f"rows_of_{wanted.feed}")


def show_quarantine(report: Report, wanted: health.Wanted) -> None:
    """Show why rows did not fit, and examples of them with their place."""
    table = health.reasons(report, wanted)
    st.markdown("##### Rows that did not fit")
    if not table.num_rows:
        st.success("Every row fits.", icon=":material/check:")
        return
    st.dataframe(
        table.to_pandas(),
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt="Reasons with the number of rows",
        column_config={"feed": "Feed", "source": "Source", "reason": "Why", "rows": "Rows"},
    )
    tables.download("Download the reasons (CSV)", table, "reasons")
    if wanted.feed:
        examples = health.quarantined(report, wanted)
        if examples.num_rows:
            with st.expander(f"Examples: the first {examples.num_rows} rows"):
                st.dataframe(
                    examples.to_pandas(),
                    hide_index=True,
                    width="stretch",
                    placeholder=formats.NO_VALUE,
                    alt="Rows that did not fit",
                )
                tables.download(
                    "Download the examples (CSV)", examples, f"quarantine_{wanted.feed}"
                )


def show_audits(report: Report) -> None:
    """Show what was expected of these numbers before they were published."""
    table = health.audits(report)
    met = sum(table["success"].to_pylist())
    st.markdown(f"##### {met} of {table.num_rows} expectations were met before publishing")
    if read.home_from_environment().data_docs.is_file():
        st.link_button(
            "Open the Data Docs", f"{data_docs.ADDRESS}/index.html", icon=":material/open_in_new:"
        )
    else:
        st.caption("The Data Docs appear here with the first audit.")
    with st.expander("All expectations"):
        st.dataframe(
            table.to_pandas(),
            hide_index=True,
            width="stretch",
            placeholder=formats.NO_VALUE,
            alt="Expectations",
        )
        tables.download("Download the expectations (CSV)", table, "expectations")


def show_loads(report: Report, wanted: health.Wanted) -> None:
    """Show the last loads with the time that each step took."""
    attempt = read.last_attempt(read.home_from_environment())
    st.markdown("##### The last loads")
    if attempt:
        when = formats.moment(attempt.started_at, report.settings.timezone)
        st.markdown(
            f"The latest began on {when} and is **{attempt.outcome.value}**"
            + (f": {show.plain(attempt.message)}" if attempt.message else ".")
        )
    table = health.loads(report, wanted)
    if not table.num_rows:
        st.caption("This publication knows of no load before it.")
        return
    st.dataframe(
        table.to_pandas(),
        hide_index=True,
        width="stretch",
        placeholder=formats.NO_VALUE,
        alt="Loads with their steps",
        column_config={
            "load_id": "Load",
            "through": st.column_config.DateColumn("Through", format="D MMM YYYY"),
            "started_at": st.column_config.DatetimeColumn("Began (UTC)"),
            "seconds": st.column_config.NumberColumn("Seconds", format="%.1f"),
        },
    )
    tables.download("Download the loads (CSV)", table, "loads")


main()

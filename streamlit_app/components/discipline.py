"""Discipline: the four kinds of leads, down to the single lead, and what the criteria cut."""

from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from components import access, downloads
from components.kept import kept
from components.show import part, picture
from reporting import formats
from reporting.charts.discipline import criteria_picture, kind_name, matrix
from reporting.discipline import KINDS, MOST_LEADS, criteria, discipline, leads_of, span
from reporting.language import say, say_n
from reporting.marts import Report
from reporting.view import View, member_name
from reporting.workbook import Sheet


def show(report: Report, view: View) -> None:
    """Show whether the written filter is followed, and whether it cuts the right leads."""
    part(say("Is the written filter followed, and does it cut the right leads?"))
    start, end = span(view)
    if (start, end) != (view.start, view.end):
        said = say(
            "Discipline is kept by month: these are the leads from {start} to {end}.",
            start=formats.day(start),
            end=formats.day(end),
        )
        st.caption(said)
    beside = st.columns(2, gap="large")
    with beside[0]:
        picture(matrix(discipline(report, view)))
    with beside[1]:
        picture(kept(criteria_picture, report, criteria(report, view)))
    show_leads(report, view)


def show_leads(report: Report, view: View) -> None:
    """Show single leads of one kind by their id, to those who may see them."""
    if not access.may_see_leads():
        st.caption(say("Single leads are shown to owners and analysts."))
        return
    kind = st.pills(
        say("See the leads by their id"), list(KINDS), key="widget_leads", format_func=kind_name
    )
    if kind is None:
        return
    rows = leads_of(report, view, kind)
    if not rows:
        st.info(say("There is no such lead in these months."))
        return
    table = _written(report, rows)
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=min(38 + 35 * len(table), 430),
        placeholder=formats.NO_VALUE,
        alt=kind_name(kind),
    )
    said = say_n("{number} lead.", "{number} leads.", len(rows))
    newest = say("The newest {number}; the SQL page has all.", number=MOST_LEADS)
    st.caption(newest if len(rows) == MOST_LEADS else said)
    sheet = Sheet(kind_name(kind), pa.Table.from_pylist(rows))
    downloads.menu(report, f"leads_{kind}_{span(view)[0]}", sheet)


def _written(report: Report, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return leads as people read them: moments in the business's zone, criteria in words."""
    zone = report.settings.timezone

    def moment(lead: dict[str, Any], name: str) -> str:
        return formats.moment(lead[name], zone) if lead[name] else formats.NO_VALUE

    return pd.DataFrame(
        {
            say("Lead"): lead["lead_id"],
            say("Came"): moment(lead, "created_at"),
            say("Method"): member_name(lead["method"] or "(none)", "method"),
            say("Campaign"): lead["campaign_id"] or formats.NO_VALUE,
            say("Unit"): member_name(lead["unit"] or "(none)"),
            say("Employee"): member_name(lead["employee"] or "(none)"),
            say("Cut by"): (lead["cut_by"] or formats.NO_VALUE).replace("_", " "),
            say("First contact"): moment(lead, "first_activity_at"),
            say("Customer since"): moment(lead, "customer_since"),
        }
        for lead in rows
    )

"""Economics map: what the customers of each month and method cost and brought, with its numbers."""

from collections.abc import Sequence
from datetime import timedelta

import altair as alt
import pandas as pd

from reporting import formats
from reporting.charts.picture import Picture, dressed
from reporting.economics import MEASURES, Cohort, measure_name
from reporting.language import say
from reporting.marts import Report
from reporting.palette import colours
from reporting.view import member_name

ROW_HEIGHT = 30
MOST_MONTHS = 13
# From here on the ground is so dark that letters must be light (and the other way round by night).
DARK_FROM = 0.62
SMALLEST_SHOWN = 0.1
# What customers bring is as good as it gets at twice their cost: beyond it colours tell nothing.
FULL_COLOUR = {"profit_to_cost": 2.0, "payback_months": 12.0}


def economics_map(
    report: Report, cohorts: Sequence[Cohort], measure: str, order: Sequence[str]
) -> Picture:
    """Draw one measure of the customers won in each month by each method.

    Args:
        report: the publication.
        cohorts: of the months that are looked at; the newest `MOST_MONTHS` are drawn.
        measure: one of `reporting.economics.MEASURES`.
        order: the methods, in the order that they have everywhere.
    """
    title = economics_title(report, cohorts)
    frame = _frame(report, cohorts, measure)
    if frame.empty:
        missing = say("Nobody became a customer in these months yet.")
        return Picture(title, None, missing=missing)
    worn = colours()
    members = list(dict.fromkeys((*order, *(cohort.method for cohort in cohorts))))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "month:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelAngle=0, orient="top", labelLimit=70, labelOverlap=True),
        ),
        y=alt.Y(
            "method:N",
            sort=[member_name(member, "method") for member in members],
            title=None,
            axis=alt.Axis(labelLimit=150, labelColor=worn.text),
        ),
        tooltip=_pointer(measure),
    )
    ground = base.mark_rect(stroke=worn.ground, strokeWidth=1).encode(
        color=alt.Color(
            "strength:Q",
            legend=None,
            scale=alt.Scale(domain=[0, 1], range=[worn.raised, worn.chain], interpolate="lab"),
        ),
        opacity=alt.condition("datum.final", alt.value(1), alt.value(0.55)),
    )
    moving = base.transform_filter("!datum.final").mark_rect(
        fillOpacity=0, stroke=worn.muted, strokeDash=[2, 3], strokeWidth=0.5
    )
    letters = base.mark_text(fontSize=11.5).encode(
        text="shown:N",
        color=alt.condition(
            "datum.deep && datum.final", alt.value(worn.ground), alt.value(worn.text)
        ),
    )
    height = ROW_HEIGHT * frame["method"].nunique() + 24
    return Picture(
        title=title,
        chart=dressed(alt.layer(ground, moving, letters).properties(height=height)),
        rows=_rows(frame),
        note=_note(frame, measure),
        is_wide=True,
    )


def economics_title(report: Report, cohorts: Sequence[Cohort]) -> str:
    """Say how many cohorts have brought back what winning them cost."""
    judged = [cohort for cohort in cohorts if cohort.customers and cohort.method[:1] != "("]
    if not judged:
        return say("What the customers of each month cost and brought")
    return say(
        "{paid} of {all} groups of customers (a month and a method) have brought back "
        "what winning them cost",
        paid=sum(cohort.is_paid_back for cohort in judged),
        all=len(judged),
    )


def final_line(report: Report, cohort: Cohort) -> str:
    """Say whether a cohort's numbers are final."""
    if cohort.is_mature:
        return say("final")
    days = report.definitions["profit_to_cost"].days_to_maturity
    if days is None:
        return say("still moving")
    end = formats.following("month", cohort.cohort_month)
    return say("still moving until {day}", day=formats.day(end + timedelta(days=days - 1)))


def shown(report: Report, cohort: Cohort, measure: str) -> str:
    """Write a cohort's measure as its cell does."""
    value = getattr(cohort, measure)
    if measure == "payback_months" and value is None and cohort.customers:
        return say("not yet")
    if MEASURES[measure] == "money":
        return formats.cell(value, "money", has_cents=False)
    if measure == "payback_months":
        return formats.cell(value, "count", has_cents=False)
    if value is not None and 0 < value < SMALLEST_SHOWN:
        return f"<{formats.cell(SMALLEST_SHOWN, 'times', has_cents=False)}"
    # Tenfold or more, tenths tell nothing.
    unit = "count" if value is not None and value >= 10 else "times"
    return formats.cell(value, unit, has_cents=False)


def _frame(report: Report, cohorts: Sequence[Cohort], measure: str) -> pd.DataFrame:
    months = sorted({cohort.cohort_month for cohort in cohorts})[-MOST_MONTHS:]
    drawn = [cohort for cohort in cohorts if cohort.customers and cohort.cohort_month in months]
    full = FULL_COLOUR.get(measure) or max(
        (getattr(cohort, measure) or 0.0 for cohort in drawn), default=1.0
    )
    currency = report.settings.currency
    rows = []
    for cohort in sorted(drawn, key=lambda cohort: cohort.cohort_month):
        strength = _strength(cohort, measure, full or 1.0)
        rows.append(
            {
                "month": formats.month_mark(cohort.cohort_month),
                "cohort": formats.period("month", cohort.cohort_month),
                "method": member_name(cohort.method, "method"),
                "shown": shown(report, cohort, measure),
                "strength": strength,
                "deep": strength > DARK_FROM,
                "final": cohort.is_mature,
                "customers": formats.exact(cohort.customers, "count", ""),
                "cost": formats.exact(cohort.cost_per_customer, "money", currency),
                "brought": formats.exact(cohort.profit_per_customer, "money", currency),
                "note": final_line(report, cohort),
            }
        )
    return pd.DataFrame(rows)


def _strength(cohort: Cohort, measure: str, full: float) -> float:
    """Return how deep a cell's colour is; money that came back soon is as good as much money."""
    value: float | None = getattr(cohort, measure)
    if value is None:
        return 0.0
    share = max(0.0, min(1.0, value / full))
    return 1 - share if measure == "payback_months" else share


def _pointer(measure: str) -> list[alt.Tooltip]:
    names = {
        "cohort": say("Won in"),
        "method": say("Method"),
        "shown": measure_name(measure),
        "customers": say("Customers"),
        "cost": say("Cost of a customer"),
        "brought": say("Gross profit of a customer"),
        "note": say("How sure"),
    }
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in names.items()]


def _note(frame: pd.DataFrame, measure: str) -> str:
    notes = {
        "profit_to_cost": say("1 means that customers have brought what they cost."),
        "payback_months": say("Months until gross profit covered what winning the customers cost."),
        "cost_per_customer": say("Winning and keeping them to date."),
        "profit_per_customer": say("Of all their orders to date."),
    }
    moving = "" if frame["final"].all() else say("Dashed cells still move.")
    return f"{notes[measure]} {moving}".strip()


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    table = frame.pivot(index="method", columns="cohort", values="shown")
    table = table.reindex(
        index=list(dict.fromkeys(frame["method"])), columns=list(dict.fromkeys(frame["cohort"]))
    )
    return table.fillna("").reset_index(names=say("Method"))

"""Keeping: who comes back within which time, and what members bring beside everybody else."""

from collections.abc import Sequence

from reporting import formats
from reporting.charts.lines import Point, Words, lines
from reporting.charts.picture import Picture
from reporting.cohorts import LoyaltyMonth
from reporting.language import say
from reporting.marts import Report, Value
from reporting.palette import colours
from reporting.phrases import is_running, maturity_line, parts_line


def came_back(report: Report, grain: str, values: Sequence[Value], kpis: Sequence[str]) -> Picture:
    """Draw the share of first buyers who came back within each time, period by period.

    Args:
        report: the publication.
        grain: of the periods.
        values: those of the KPIs among others, of one member.
        kpis: the repeat rates, the shortest time first.
    """
    points = [
        Point(
            series=say(report.definitions[kpi].label),
            start=value.period_start,
            value=value.value,
            unit=value.unit,
            is_final=value.is_mature,
            parts=parts_line(report, value),
            note=maturity_line(report, value),
        )
        for kpi in kpis
        for value in values
        # Of a period that still runs hardly anybody had the time to come back.
        if value.kpi == kpi and not is_running(report, value)
    ]
    worn = colours()
    shades = dict(
        zip(
            [say(report.definitions[kpi].label) for kpi in kpis],
            (worn.comparison, worn.retention, worn.text),
            strict=True,
        )
    )
    words = Words(
        title=_newest(report, values, kpis) or say("Who comes back, and within which time"),
        axis=say("Share of first buyers"),
        currency=report.settings.currency,
    )
    return lines(grain, points, shades, words)


def _newest(report: Report, values: Sequence[Value], kpis: Sequence[str]) -> str:
    """Say the newest final value of the middle rate, else of the shortest, and of when it is."""
    for kpi in (kpis[1], kpis[0]):
        final = [v for v in values if v.kpi == kpi and v.is_mature and v.value is not None]
        if final:
            break
    else:
        return ""
    newest = max(final, key=lambda value: value.period_start)
    return say(
        "{kpi}: {value} of the first buyers of {period}, the latest that is final",
        kpi=say(report.definitions[newest.kpi].label),
        value=formats.tile(newest.value, newest.unit, report.settings.currency),
        period=formats.period(newest.period_grain, newest.period_start),
    )


def members(report: Report, months: Sequence[LoyaltyMonth]) -> Picture:
    """Draw what an active member and another active customer bring, month by month."""
    member, other = say("Members"), say("Others")
    points = [
        Point(
            series=series,
            start=month.month,
            value=value,
            unit="money",
            is_final=month.is_mature,
            parts=say(
                "{revenue} / {people} people",
                revenue=formats.exact(revenue, "money", report.settings.currency),
                people=formats.exact(people, "count", ""),
            ),
            note="" if month.is_mature else say("still moving"),
        )
        for month in months
        for series, value, revenue, people in (
            (member, month.revenue_per_member, month.revenue_of_members, month.active_members),
            (
                other,
                month.revenue_per_non_member,
                month.revenue_of_non_members,
                month.active_non_members,
            ),
        )
    ]
    currency = report.settings.currency
    words = Words(
        title=_members_title(report, months),
        axis=say("Revenue per active customer, {currency}", currency=currency),
        currency=currency,
    )
    worn = colours()
    return lines("month", points, {member: worn.retention, other: worn.comparison}, words)


def _members_title(report: Report, months: Sequence[LoyaltyMonth]) -> str:
    ended = [month for month in months if month.is_mature]
    if not ended:
        return say("Members of the loyalty programme and others")
    newest = max(ended, key=lambda month: month.month)
    currency = report.settings.currency
    return say(
        "An active member brought {member} revenue {when}, another customer {other}",
        member=formats.tile(newest.revenue_per_member, "money", currency),
        other=formats.tile(newest.revenue_per_non_member, "money", currency),
        when=formats.within("month", newest.month),
    )

"""Discipline: what the written filter says of leads, what was done with them, and what became."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reporting.marts import Report
from reporting.view import View

WHOLE_FILTER = "(whole filter)"
MOST_LEADS = 200

# Which leads can be listed, by what is true of them in `core.leads`.
KINDS = {
    "good_ignored": "is_qualified and is_ignored",
    "good_worked": "is_qualified and not is_ignored",
    "bad_worked": "is_wasted",
    "bad_left": "not is_qualified and not is_wasted",
    "waiting": "is_qualified and first_activity_at is null",
}

# A lead has its own method, unit and employee; the whole business has them all.
OF_MEMBER = """
    and case $3
        when 'method' then method
        when 'unit' then coalesce(unit, '(none)')
        when 'employee' then coalesce(employee, '(none)')
        else $4
    end = $4
"""
MATRIX = """
    select
        verdict = 'passed' as is_good,
        became_customer,
        sum(leads) as leads,
        sum(ignored_leads) as ignored_leads,
        sum(leads - ignored_leads) as leads_not_ignored,
        sum(wasted_leads) as wasted_leads,
        sum(leads - wasted_leads) as leads_not_wasted
    from sales.filter_discipline
    where criterion = '(whole filter)' and lead_month between $1 and $2 {of_member}
    group by all
"""
CRITERIA = """
    select
        criterion,
        coalesce(sum(leads) filter (verdict = 'passed'), 0) as passed,
        coalesce(sum(leads) filter (verdict = 'cut'), 0) as cut,
        coalesce(sum(leads) filter (verdict = 'also_failed'), 0) as also_failed,
        coalesce(sum(leads) filter (verdict = 'not_valid'), 0) as not_valid,
        coalesce(sum(leads) filter (verdict = 'cut' and done in ('meeting', 'offer')), 0)
            as cut_worked,
        coalesce(sum(leads) filter (verdict = 'cut' and became_customer), 0) as cut_customers,
        coalesce(sum(gross_profit) filter (verdict = 'cut'), 0) as cut_profit,
        coalesce(sum(leads) filter (verdict = 'passed' and became_customer), 0)
            as passed_customers
    from sales.filter_discipline
    where lead_month between $1 and $2 {of_member}
    group by criterion
    order by criterion = '(whole filter)', cut desc, criterion
"""
LEADS = """
    select
        lead_id, created_at, method, campaign_id, unit, employee, cut_by, first_activity_at,
        customer_since
    from core.leads
    where is_lead and lead_date between $1 and $2 and {kind} {of_member}
    order by created_at desc, lead_id
    limit {most}
"""


@dataclass(frozen=True)
class Cell:
    """Leads of one kind, and how many of them are a customer's by now."""

    leads: int
    customers: int


@dataclass(frozen=True)
class Discipline:
    """What was done with the leads that the filter passes, and with those that it cuts."""

    good_ignored: Cell
    good_worked: Cell
    bad_worked: Cell
    bad_left: Cell

    def cell(self, kind: str) -> Cell:
        """Return one of the four by its name."""
        cell: Cell = getattr(self, kind)
        return cell


@dataclass(frozen=True)
class Criterion:
    """What one written criterion did to the leads of some months."""

    criterion: str
    passed: int
    cut: int  # those that it was the first to cut
    also_failed: int  # another criterion had cut them already
    not_valid: int  # leads of days on which it was not in force
    cut_worked: int  # cut, and met or made an offer all the same
    cut_customers: int
    cut_profit: float
    passed_customers: int

    @property
    def is_whole_filter(self) -> bool:
        return self.criterion == WHOLE_FILTER


def span(view: View) -> tuple[date, date]:
    """Return the first and the last day of the months that a view's period touches.

    The filter's discipline is kept by month: a day or a week is shown with its whole month.
    """
    start, end = view.start or view.since, view.end or view.until
    return start.replace(day=1), _month_end(end)


def discipline(report: Report, view: View) -> Discipline:
    """Return the four kinds of leads of a view's period and member."""
    rows = report.rows(MATRIX.format(of_member=OF_MEMBER), *_asked(view))

    def cell(is_good: bool, counted: str) -> Cell:
        own = [row for row in rows if row["is_good"] == is_good]
        return Cell(
            int(sum(row[counted] for row in own)),
            int(sum(row[counted] for row in own if row["became_customer"])),
        )

    return Discipline(
        good_ignored=cell(True, "ignored_leads"),
        good_worked=cell(True, "leads_not_ignored"),
        bad_worked=cell(False, "wasted_leads"),
        bad_left=cell(False, "leads_not_wasted"),
    )


def criteria(report: Report, view: View) -> list[Criterion]:
    """Return each criterion with what it cut, the one that cuts most first, the whole last."""
    rows = report.rows(CRITERIA.format(of_member=OF_MEMBER), *_asked(view))
    return [Criterion(**_exact(row)) for row in rows]


def leads_of(report: Report, view: View, kind: str) -> list[dict[str, Any]]:
    """Return the newest leads of one kind, by id and without anything personal.

    Args:
        report: the publication.
        view: whose period and member it is.
        kind: one of `KINDS`.
    """
    asked = LEADS.format(kind=KINDS[kind], of_member=OF_MEMBER, most=MOST_LEADS)
    return report.rows(asked, *_asked(view))


def _asked(view: View) -> tuple[date, date, str, str]:
    start, end = span(view)
    dimension = view.dimension if view.member else "all"
    return start, end, dimension, view.member if view.member else "all"


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    """Turn the engine's wide numbers into those of Python: counts are whole."""
    counts = {name: int(row[name]) for name in row if name not in ("criterion", "cut_profit")}
    return row | counts | {"cut_profit": float(row["cut_profit"])}


def _month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)

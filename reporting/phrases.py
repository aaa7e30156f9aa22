"""Phrases: what is said of one number: its change, its parts, its target, how final it is."""

from datetime import date, timedelta

from reporting import formats
from reporting.language import say
from reporting.marts import Definition, Report, Value
from reporting.view import View

AMOUNTS = {"refunded", "gross_sold"}  # amounts of a KPI that is itself a share


def before_of(view: View, value: Value) -> float | None:
    """Return the value that a number is compared with: the period's before, or last year's."""
    return value.last_year_value if view.compare == "last_year" else value.previous_value


def start_before(view: View, value: Value) -> date:
    """Return when the period that a number is compared with began."""
    if view.compare == "last_year":
        return formats.a_year_before(value.period_grain, value.period_start)
    return formats.previous(value.period_grain, value.period_start)


def change_line(report: Report, view: View, value: Value) -> str:
    """Say how a value moved, with an arrow and a word."""
    before = before_of(view, value)
    if value.value is None or before is None:
        return ""
    start = start_before(view, value)
    then = formats.period(value.period_grain, start)
    when = formats.within(value.period_grain, start)
    if is_running(report, value) or not value.is_mature:
        # A part of a period against a whole one says nothing.
        was = formats.tile(before, value.unit, report.settings.currency)
        return say("{period}: {value}", period=then, value=was)
    if value.value == before:
        return say("= as {when}", when=when)
    arrow = "▲" if value.value > before else "▼"
    much = formats.change(value.value, before, value.unit)
    better = is_better(report.definitions[value.kpi], value.value, before)
    if better is None:
        return say("{arrow} {change} since {period}", arrow=arrow, change=much, period=then)
    if better:
        return say("{arrow} {change}, better than {when}", arrow=arrow, change=much, when=when)
    return say("{arrow} {change}, worse than {when}", arrow=arrow, change=much, when=when)


def short_change(report: Report, view: View, value: Value) -> str:
    """Say how a value moved, where it is known against what: `▲ 3.1 points, better`."""
    before = before_of(view, value)
    if value.value is None or before is None:
        return ""
    if is_running(report, value) or not value.is_mature:
        was = formats.tile(before, value.unit, report.settings.currency)
        return say("before: {value}", value=was)
    if value.value == before:
        return say("= unchanged")
    arrow = "▲" if value.value > before else "▼"
    much = formats.change(value.value, before, value.unit)
    better = is_better(report.definitions[value.kpi], value.value, before)
    if better is None:
        return f"{arrow} {much}"
    if better:
        return say("{arrow} {change}, better", arrow=arrow, change=much)
    return say("{arrow} {change}, worse", arrow=arrow, change=much)


def is_better(known: Definition, value: float, before: float) -> bool | None:
    """Say whether a move is good; None where neither way is, or nothing moved."""
    if known.direction not in ("up", "down") or value == before:
        return None
    return (value > before) == (known.direction == "up")


def parts_line(report: Report, value: Value) -> str:
    """Say what a value is made of: `12 of 31 leads`, or `€340 acquisition cost / 12 leads`."""
    known = report.definitions[value.kpi]
    if value.denominator is None:
        return ""
    below, below_what = _part(report, known.denominator, value.denominator, "count")
    if value.numerator is None:
        return say("over {below} {what}", below=below, what=below_what)
    if known.is_proportion:
        above = formats.exact(value.numerator, "count", "")
        return say("{above} of {below} {what}", above=above, below=below, what=below_what)
    unit = "money" if value.unit == "money" else "count"
    above, above_what = _part(report, known.numerator, value.numerator, unit)
    return say(
        "{above} {above_what} / {below} {below_what}",
        above=above,
        above_what=above_what,
        below=below,
        below_what=below_what,
    )


def _part(report: Report, name: str, size: float, unit: str) -> tuple[str, str]:
    """Return how much a part is, and what it is called."""
    known = report.definitions.get(name)
    label = say(known.label).lower() if known else part_name(name)
    unit = known.unit if known else "money" if name in AMOUNTS else unit
    return formats.exact(size, unit, report.settings.currency), label


def part_name(name: str) -> str:
    """Name a part that is no KPI of its own."""
    words = {
        "filtered_leads": say("leads"),
        "cut_leads": say("cut leads"),
        "leads_due_for_contact": say("qualified leads"),
        "people_with_order": say("people with an order"),
        "first_buyers": say("first buyers"),
        "identified_revenue": say("revenue of identified customers"),
        "identified_gross_profit": say("gross profit of identified customers"),
        "profit_90d": say("gross profit"),
        "gross_sold": say("sold"),
    }
    return words.get(name, name.replace("_", " "))


def target_line(report: Report, value: Value) -> str:
    """Say the target and whether it is met; a value that may still move is not judged."""
    if value.target is None:
        return ""
    goal = formats.tile(value.target, value.unit, report.settings.currency)
    if value.status == "on_target":
        return say("✓ on target ({goal})", goal=goal)
    if value.status == "off_target":
        return say("✗ off target ({goal})", goal=goal)
    return say("target {goal}, not judged yet", goal=goal)


def short_target(report: Report, value: Value) -> str:
    """Say the target in few words: `✓ target 880`."""
    if value.target is None:
        return ""
    goal = formats.tile(value.target, value.unit, report.settings.currency)
    if value.status == "on_target":
        return say("✓ target {goal}", goal=goal)
    if value.status == "off_target":
        return say("✗ target {goal}", goal=goal)
    return say("target {goal}", goal=goal)


def maturity_line(report: Report, value: Value) -> str:
    """Say until when a value moves, or that it rests on few cases."""
    moving = "" if value.is_mature else until_line(report, value)
    few = few_line(report, value) if value.is_small and value.value is not None else ""
    return "; ".join(line for line in (moving, few) if line)


def until_line(report: Report, value: Value) -> str:
    """Say until when a value that is not final moves."""
    days = report.definitions[value.kpi].days_to_maturity
    if days is None:
        return say("still moving")
    last = formats.day(value.period_end + timedelta(days=days))
    return say("still moving until {day}", day=last)


def few_line(report: Report, value: Value) -> str:
    """Say that a value rests on few cases, and between what it likely lies."""
    if value.low is None or value.high is None:
        return say("few cases")
    currency = report.settings.currency
    return say(
        "few cases: likely {low} to {high}",
        low=formats.tile(value.low, value.unit, currency),
        high=formats.tile(value.high, value.unit, currency),
    )


def is_running(report: Report, value: Value) -> bool:
    """Say whether a value's period goes on after the last counted day."""
    return value.period_end > report.settings.as_of


def is_unsure(value: Value) -> bool:
    """Say whether a value still moves or rests on few cases."""
    return value.value is not None and (not value.is_mature or value.is_small)


def source_line(report: Report) -> str:
    """Say whose numbers these are and until when they count, for what leaves the report."""
    return say(
        "{business}, data as of {day}",
        business=report.settings.business_name,
        day=formats.day(report.settings.as_of),
    )

"""Facts: what every number answers: what is it, from what, against what, is it final, how sure."""

from dataclasses import dataclass

from reporting import formats
from reporting.language import say
from reporting.marts import Report, Value
from reporting.phrases import (
    before_of,
    parts_line,
    start_before,
    target_line,
    until_line,
)
from reporting.view import View, member_name


@dataclass(frozen=True)
class Fact:
    """A question that a reader may ask of a number, and the answer."""

    question: str
    answer: str


def facts(report: Report, view: View, value: Value) -> list[Fact]:
    """Return all that is known of a number, in the order in which people ask."""
    known = report.definitions[value.kpi]
    asked = (
        (say("What is this?"), say(known.formula)),
        (say("Of what?"), _whose(value)),
        (say("How much exactly?"), _exactly(report, value)),
        (say("From what?"), parts_line(report, value)),
        (say("Against what?"), _against(report, view, value)),
        (say("Is it on target?"), target_line(report, value)),
        (say("Is it final?"), say("yes") if value.is_mature else until_line(report, value)),
        (say("How sure is it?"), sureness(report, value)),
    )
    return [Fact(question, answer) for question, answer in asked if answer]


def sureness(report: Report, value: Value) -> str:
    """Say between what a share likely lies, and whether it rests on few cases."""
    if value.value is None:
        return ""
    if value.low is None or value.high is None:
        return say("few cases") if value.is_small else ""
    currency = report.settings.currency
    what = {
        "low": formats.tile(value.low, value.unit, currency),
        "high": formats.tile(value.high, value.unit, currency),
    }
    if value.is_small:
        return say("few cases: 95 of 100 times between {low} and {high}", **what)
    return say("95 of 100 times between {low} and {high}", **what)


def _whose(value: Value) -> str:
    period = formats.period(value.period_grain, value.period_start)
    return say(
        "{member}, {period}", member=member_name(value.member, value.dimension), period=period
    )


def _exactly(report: Report, value: Value) -> str:
    if value.value is None:
        return say("no value: there is nothing to divide by yet")
    return formats.exact(value.value, value.unit, report.settings.currency)


def _against(report: Report, view: View, value: Value) -> str:
    before = before_of(view, value)
    then = formats.period(value.period_grain, start_before(view, value))
    if before is None:
        return say("no value in {period}", period=then)
    was = formats.exact(before, value.unit, report.settings.currency)
    return say("{period}: {value}", period=then, value=was)

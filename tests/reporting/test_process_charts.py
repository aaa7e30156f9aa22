"""Charts of attracting, selling and keeping say what their numbers say, made here by hand."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from marketing_warehouse import read
from marketing_warehouse.paths import PROJECT
from reporting.charts.against import against
from reporting.charts.cohorts import heat_map
from reporting.charts.discipline import criteria_picture, matrix
from reporting.charts.free import free
from reporting.charts.funnel import funnel
from reporting.charts.intervals import intervals
from reporting.charts.keeping import came_back, members
from reporting.charts.labels import beside
from reporting.charts.picture import Picture
from reporting.charts.specified import specified
from reporting.charts.together import Three, together
from reporting.cohorts import CohortMonth, LoyaltyMonth
from reporting.discipline import Cell, Criterion, Discipline
from reporting.marts import DIMENSIONS, Definition, Report, Settings, Value

OCTOBER = date(2026, 10, 1)


def definitions() -> dict[str, Definition]:
    """Read the KPIs as the warehouse publishes them."""
    seed = PROJECT / "dbt_project" / "seeds" / "kpi_definitions.csv"
    texts = ("kpi", "process", "label", "unit", "direction", "formula", "numerator", "denominator")
    with seed.open() as file:
        return {
            row["kpi"]: Definition(
                **{name: row[name] for name in texts},
                dimensions=DIMENSIONS,
                days_to_maturity=int(row["cohort_days"] or 0),
                is_proportion=row["is_proportion"] == "true",
            )
            for row in csv.DictReader(file)
        }


@pytest.fixture(scope="module")
def report() -> Report:
    """A report that has its words and its dates; the charts are given their numbers."""

    def ask(sql: str, parameters: tuple[Any, ...]) -> Any:
        raise AssertionError(f"A chart asks the marts itself: {sql}")

    settings = Settings("Shop", "EUR", "Europe/Bucharest", date(2026, 11, 24), datetime.now(UTC))
    return Report(read.Publication("1", Path("marts.duckdb")), settings, definitions(), ask)


def value(
    kpi: str,
    number: float | None,
    numerator: float | None = None,
    denominator: float | None = None,
    start: date = OCTOBER,
    **more: Any,
) -> Value:
    """Return a row of the scorecard for one month."""
    following = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    known: dict[str, Any] = {
        "period_end": date.fromordinal(following.toordinal() - 1),
        "dimension": "employee",
        "member": "all",
        "unit": definitions()[kpi].unit,
        "target": None,
        "previous_value": None,
        "last_year_value": None,
        "is_mature": True,
        "is_small": False,
        "low": None,
        "high": None,
        "status": "no_target",
    }
    return Value(
        "month", start, kpi=kpi, numerator=numerator, denominator=denominator, value=number,
        **(known | more),
    )  # fmt: skip


def drawn(picture: Picture) -> str:
    """Draw a picture as readers see it, and return it as SVG."""
    assert picture.chart is not None, picture.missing
    svg: str = vl_convert.vegalite_to_svg(picture.specification)
    return svg.replace("\u00a0", " ")


# ------------------------------------------------------------------------------ together


def test_names_of_near_dots_stand_on_their_free_sides() -> None:
    names = ["Google ads", "Facebook", "Fair"]
    assert beside([50, 53, 100], [10, 10, 2], names)[:2] == ["left", "right"]
    assert beside([], [], []) == []


def three_of(report: Report) -> Three:
    names = ("leads", "cost_per_lead", "lead_quality_rate")
    return Three(*(report.definitions[name] for name in names))


def of_method(member: str, leads: float, cost: float, quality: float, **more: Any) -> list[Value]:
    own = {"member": member, "dimension": "method"} | more
    return [
        value("leads", leads, **own),
        value("cost_per_lead", cost, cost * leads, leads, **own),
        value("lead_quality_rate", quality, quality * leads, leads, **own),
    ]


def test_each_method_is_drawn_with_its_quality_in_words(report: Report) -> None:
    values = [*of_method("google_ads", 304, 20.54, 0.868), *of_method("fair", 97, 53.22, 1)]
    picture = together(report, three_of(report), values, value("cost_per_lead", 19.0))
    svg = drawn(picture)
    for name in ("Google ads · 86.8 %", "Fair · 100 %", "all: €19", "Cost per lead, EUR"):
        assert name in svg
    assert list(picture.rows["Who"]) == ["Google ads", "Fair"]
    assert picture.title.replace("\u00a0", " ") == (
        "Most leads from Google ads (304), the cheapest from Google ads (€20.5), "
        "the best from Fair (100 %)"
    )


def test_few_cases_are_called_neither_the_cheapest_nor_the_best(report: Report) -> None:
    values = [
        *of_method("fair", 97, 53.22, 0.9),
        *of_method("letter", 2, 1.0, 1, is_small=True),
        *of_method("facebook", 262, 9.26, 0.66),
    ]
    title = together(report, three_of(report), values).title
    assert "Letter" not in title
    assert "the cheapest from Facebook" in title
    assert "the best from Fair" in title


def test_a_member_whose_quality_is_unknown_has_its_dot_all_the_same(report: Report) -> None:
    unknown = [row for row in of_method("store", 30, 4.0, 0.5) if row.unit != "ratio"]
    values = [*of_method("fair", 97, 53.22, 0.9), *unknown]
    svg = drawn(together(report, three_of(report), values))
    assert ">Store<" in svg
    assert svg.count('stroke-width="1.6"') == 2


def test_one_that_leads_in_all_three_is_named_once(report: Report) -> None:
    values = [*of_method("fair", 97, 5, 0.9), *of_method("facebook", 62, 9.26, 0.66)]
    title = together(report, three_of(report), values).title
    assert title == "Fair brings most (97 leads), costs least and is the best"


def test_periods_with_the_most_and_the_fewest_are_compared(report: Report) -> None:
    months = [(date(2026, 8, 1), 800, 22.4), (date(2026, 9, 1), 958, 20.6), (OCTOBER, 1095, 19.2)]
    values = [
        row
        for start, leads, cost in months
        for row in (
            value("leads", leads, start=start),
            value("cost_per_lead", cost, start=start),
        )
    ]
    running = date(2026, 11, 1)
    values += [
        value("leads", 2000, start=running, is_mature=False),
        value("cost_per_lead", 1.0, start=running, is_mature=False),
    ]
    known = report.definitions
    picture = against(report, known["cost_per_lead"], known["leads"], values)
    assert picture.title == "Cost per lead against leads: €19.2 at 1,095, €22.4 at 800"
    svg = drawn(picture)
    assert "August 2026" in svg
    assert "November 2026" in svg
    assert against(report, known["cost_per_lead"], known["leads"], values[:2]).chart is None


def test_leads_without_paid_ads_tell_what_they_cost_all_the_same(report: Report) -> None:
    values = [
        *of_method("google_ads", 304, 20.54, 0.868),
        value("ad_spend", 5717.0, member="google_ads", dimension="method"),
        *of_method("organic", 150, 5.93, 0.84),
        value("acquisition_cost", 889.5, member="organic", dimension="method"),
        *of_method("friends", 12, 0, 0.84),
    ]
    picture = free(report, values)
    assert picture.title == "162 of 466 leads came by ways without paid ads"
    svg = drawn(picture)
    assert "150, €5.93 each" in svg
    assert "12, free" in svg
    assert "Google" not in svg


# ------------------------------------------------------------------------------ selling


def test_a_funnel_says_what_became_of_the_leads_at_each_step(report: Report) -> None:
    by_kpi = {
        "filter_pass_rate": value("filter_pass_rate", 0.4457, 488, 1095),
        "ignored_lead_rate": value("ignored_lead_rate", 0.2193, 107, 488),
        "lead_to_customer_rate": value("lead_to_customer_rate", 0.095, 104, 1095, is_mature=False),
    }
    picture = funnel(report, by_kpi)
    assert picture.title == (
        "Of 1,095 leads, 488 were worth working on and 104 became customers so far"
    )
    svg = drawn(picture)
    for said in (
        "Leads: 1,095",
        "607 cut by the written filter",
        "Worth working on: 488",
        "107 not called in time",
        "Became customers: 104",
        # 90 days after the end of October
        "still moving until 29 Jan 2027",
    ):
        assert said in svg
    assert funnel(report, {}).chart is None


def share(member: str, low: float, middle: float, high: float, cases: int) -> Value:
    return value(
        "lead_to_customer_rate", middle, middle * cases, cases, member=member, low=low, high=high,
        is_small=cases < 30,
    )  # fmt: skip


def test_an_answer_says_whether_chance_alone_could_part_two_sellers(report: Report) -> None:
    known = report.definitions["lead_to_customer_rate"]
    ana, radu = share("Ana", 0.20, 0.25, 0.30, 300), share("Radu", 0.02, 0.05, 0.08, 200)
    vlad = share("Vlad", 0.05, 0.15, 0.28, 40)
    apart = intervals(report, known, [ana, radu])
    assert apart.title.replace("\u00a0", " ") == (
        "Leads that became customers: Ana 25 %, Radu 5 %: more than chance"
    )
    near = intervals(report, known, [ana, vlad])
    assert near.title.endswith("Vlad 15\u00a0%: may be chance")
    svg = drawn(apart)
    assert "25 %, 75 of 300" in svg
    assert "5 %, 10 of 200" in svg


def test_few_cases_decide_no_answer_and_are_drawn_all_the_same(report: Report) -> None:
    known = report.definitions["lead_to_customer_rate"]
    new = share("New", 0.2, 1.0, 1.0, 2)
    values = [share("Ana", 0.2, 0.25, 0.3, 300), share("Radu", 0.02, 0.05, 0.08, 200), new]
    picture = intervals(report, known, values)
    assert "New" not in picture.title
    assert "100 %, 2 of 2" in drawn(picture)


def test_a_team_that_keeps_to_its_filter_is_told_so() -> None:
    kept = Discipline(Cell(0, 0), Cell(12, 3), Cell(0, 0), Cell(30, 0))
    assert matrix(kept).title.startswith("The written filter is followed")
    empty = Discipline(Cell(0, 0), Cell(0, 0), Cell(0, 0), Cell(0, 0))
    assert matrix(empty).chart is None


def test_the_four_kinds_of_leads_stand_with_their_customers() -> None:
    kept = Discipline(Cell(107, 6), Cell(381, 85), Cell(90, 1), Cell(517, 0))
    svg = drawn(matrix(kept))
    for said in ("107", "381", "90", "517", "6 became customers", "1 became a customer"):
        assert f">{said}<" in svg


def test_a_criterion_says_what_it_cuts_and_who_bought_all_the_same(report: Report) -> None:
    budget = Criterion("budget", 12, 5, 3, 0, 3, 1, 40.0, 3)
    whole = Criterion("(whole filter)", 10, 10, 0, 0, 4, 1, 40.0, 3)
    picture = criteria_picture(report, [budget, whole])
    assert picture.title == "“budget” cuts most: 5 leads; 1 of them bought all the same and " + (
        "brought €40"
    )
    assert "cuts 5; of these worked on: 3, became customers: 1" in drawn(picture)
    assert list(picture.rows["Criterion"]) == ["budget", "whole filter"]
    assert "lead_filter" in criteria_picture(report, [whole]).missing


# ------------------------------------------------------------------------------ keeping


def cohort(month: int, since: int, is_mature: bool = True) -> CohortMonth:
    """Forty people; five more have come back with each month."""
    back = 5 * since
    return CohortMonth(
        date(2026, month, 1), since, 40, 10, back, 0.25, back / 40, 100.0 + since, 30.0, is_mature
    )


def test_a_heat_map_carries_its_numbers_and_its_people(report: Report) -> None:
    months = [cohort(7, since) for since in range(4)]
    months += [cohort(8, since, is_mature=since < 3) for since in range(4)]
    picture = heat_map(report, months, "repeat_share")
    svg = drawn(picture)
    # 15 of 40 are 37.5 %, written without a decimal: 38, the even one.
    for said in ("July 2026 · 40", "0 %", "12 %", "25 %", "38 %"):
        assert said in svg
    # August has lived 2 whole months: 10 of 40 have come back, as in July's.
    assert picture.title.replace("\u00a0", " ") == (
        "Came back by then, 2 months on: 25 % of those of August 2026, 25 % of those of July 2026"
    )
    assert heat_map(report, [], "repeat_share").chart is None


def test_repeat_rates_of_a_running_period_are_not_drawn(report: Report) -> None:
    rates = ("repeat_rate_30d", "repeat_rate_90d", "repeat_rate_365d")
    values = [
        value(kpi, 0.1 * place, 4, 40, start=date(2026, month, 1), is_mature=month < 8)
        for place, kpi in enumerate(rates, start=1)
        for month in (6, 7, 8, 11)
    ]
    picture = came_back(report, "month", values, rates)
    assert picture.title.replace("\u00a0", " ") == (
        "Came back within 90 days: 20 % of the first buyers of July 2026, the latest that is final"
    )
    assert list(picture.rows["Period"]) == ["August 2026", "July 2026", "June 2026"]
    svg = drawn(picture)
    for days in (30, 90, 365):
        assert f"Came back within {days} days" in svg


def test_members_are_held_against_others(report: Report) -> None:
    months = [
        LoyaltyMonth(
            date(2026, month, 1), 100, 40, 20, 10, 25, 11, 5000.0, 2000.0, 1500.0, 600.0,
            250.0, 200.0, 30.0, month < 11,
        )
        for month in (9, 10, 11)
    ]  # fmt: skip
    picture = members(report, months)
    assert picture.title == (
        "An active member brought €250 revenue in October 2026, another customer €200"
    )
    svg = drawn(picture)
    assert "Members" in svg
    assert "Others" in svg


# ------------------------------------------------------------------------------ specified


def test_rows_that_layers_share_are_written_once_and_as_json_knows_them() -> None:
    frame = pd.DataFrame(
        {"start": [pd.Timestamp("2026-10-01"), pd.NaT], "value": [1.5, None], "who": ["a", "b"]}
    )
    base = alt.Chart(frame).encode(x=alt.X("start:T"), y=alt.Y("value:Q"))
    chart = alt.layer(base.mark_line(), base.mark_point(), alt.Chart(frame).mark_text())
    [rows] = specified(chart)["datasets"].values()
    assert rows == [
        {"start": "2026-10-01T00:00:00", "value": 1.5, "who": "a"},
        {"start": None, "value": None, "who": "b"},
    ]

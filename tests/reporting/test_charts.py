"""A picture draws what it is given, answers in its title, and can be read without seeing it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reporting import language, palette
from reporting.charts.bars import bars
from reporting.charts.picture import Picture
from reporting.charts.trend import trend, trends
from reporting.charts.waterfall import Driver, waterfall
from reporting.marts import Report, Value
from reporting.view import View

Write = Callable[..., Value]


def drawn(picture: Picture) -> dict[str, object]:
    """Return the specification of a chart, data and all."""
    assert picture.chart is not None
    specification: dict[str, object] = picture.chart.to_dict()
    return specification


def moved(*amounts: int, before: int = 27_000) -> Iterator[Driver]:
    after = before + sum(amounts)
    names = ("leads", "filter_pass_rate", "margin", "sales_cost")
    for position, (driver, amount) in enumerate(zip(names, amounts, strict=False), start=1):
        yield Driver(
            position,
            driver,
            *(Decimal(size) for size in (amount, after, before, after - before)),
            is_mature=True,
        )


def test_a_waterfall_leads_from_one_period_to_the_next_without_a_gap(
    report: Report, view: View
) -> None:
    picture = waterfall(report, view, list(moved(1500, -500, 0, -200)))
    assert picture.title == "€800 more than September 2026: most came from leads (+€1.50k)"
    [rows] = drawn(picture)["datasets"].values()  # type: ignore[attr-defined]
    assert [(row["what"], row["begin"], row["end"]) for row in rows] == [
        ("September 2026", 27_000, 27_000),
        ("leads", 27_000, 28_500),
        ("share worth working on", 28_500, 28_000),
        ("sales cost", 28_000, 27_800),
        ("October 2026", 27_800, 27_800),
    ]
    assert [row["shown"] for row in rows[1:4]] == ["+€1.50k", "\u2212€500", "\u2212€200"]


def test_a_waterfall_down_names_what_lost_most(report: Report, view: View) -> None:
    picture = waterfall(report, view, list(moved(100, -500)))
    assert picture.title == (
        "€400 less than September 2026: most was lost by share worth working on (\u2212€500)"
    )


def test_without_a_period_before_a_waterfall_says_so(report: Report, view: View) -> None:
    picture = waterfall(report, view, [])
    assert picture.chart is None
    assert picture.missing


def test_a_trend_can_be_read_without_seeing_it(report: Report, view: View, value: Write) -> None:
    months = [(8, 900.0), (9, 1000.0), (10, 950.0)]
    values = [
        value(
            value=size,
            previous_value=1000.0,
            period_start=date(2026, month, 1),
            period_end=date(2026, month, 28),
        )
        for month, size in months
    ]
    picture = trend(report, view, report.definitions["leads"], values)
    assert picture.text_alternative.replace("\u00a0", " ") == (
        "Leads: 950 in October 2026 (▼ 5 %, worse than in September 2026). "
        "From 900 (August 2026) to 950 (October 2026); highest 1,000 (September 2026), "
        "lowest 900 (August 2026). The numbers stand in the table behind the chart."
    )
    assert list(picture.rows["Leads"]) == ["900", "1,000", "950"]


def test_a_trend_without_a_value_says_so(report: Report, view: View, value: Write) -> None:
    picture = trend(report, view, report.definitions["leads"], [value()])
    assert picture.chart is None
    assert picture.title == "Leads: no value in October 2026"


def test_no_chart_has_more_series_than_colours(report: Report, view: View, value: Write) -> None:
    values = [
        value(value=100.0 - number, dimension="method", member=f"m{number:02}")
        for number in range(12)
    ]
    by_method = replace(view, dimension="method")
    picture = trends(report, by_method, report.definitions["leads"], values)
    assert picture.note == "The 7 largest of 12; the table has all."
    [rows] = drawn(picture)["datasets"].values()  # type: ignore[attr-defined]
    assert {row["member"] for row in rows} == {f"M{number:02}" for number in range(7)}


def test_bars_begin_at_zero_and_name_the_best_and_the_worst(
    report: Report, view: View, value: Write
) -> None:
    values = [
        value("cost", value=size, dimension="method", member=member)
        for member, size in (("fair", 58.2), ("google_ads", 21.0), ("(none)", 3.0))
    ]
    picture = bars(report, report.definitions["cost"], values, ["fair", "google_ads", "(none)"])
    assert picture.title == "Cost per lead: lowest Google ads (€21), highest Fair (€58.2)"
    layers = drawn(picture)["layer"]
    assert layers[0]["encoding"]["x"]["scale"]["domain"][0] == 0  # type: ignore[index]


@pytest.mark.parametrize("theme", palette.THEMES)
def test_a_picture_wears_the_theme_and_speaks_the_language(
    report: Report, view: View, value: Write, theme: str
) -> None:
    palette.use(theme)
    language.use("ro")
    config = drawn(trend(report, view, report.definitions["leads"], [value(value=5.0)]))["config"]
    axis, locale = config["axis"], config["locale"]  # type: ignore[index]
    assert axis["labelColor"] == palette.THEMES[theme].muted
    assert locale["number"]["decimal"] == ","
    assert locale["time"]["shortMonths"][8] == "sept"
    assert locale["time"]["days"][0] == "duminică"

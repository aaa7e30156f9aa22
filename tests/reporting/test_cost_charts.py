"""Charts of costs, cohorts and targets say what their numbers say, made here by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reporting.charts.economics_map import economics_map
from reporting.economics import Cohort
from reporting.marts import Report
from reporting.targets import Target, file_text, fits_a_spreadsheet

OCTOBER = Cohort(
    cohort_month=date(2026, 10, 1),
    method="fair",
    customers=10,
    cost_per_customer=100.0,
    winning_cost_per_customer=90.0,
    profit_per_customer=150.0,
    profit_90d_per_customer=80.0,
    profit_to_cost=1.5,
    payback_months=3,
    months_observed=1,
    is_mature=True,
)
NOT_YET = replace(OCTOBER, method="google_ads", profit_to_cost=0.04, payback_months=None)


@pytest.mark.parametrize(
    ("measure", "fair", "google_ads"),
    [
        ("profit_to_cost", "1.5", "<0.1"),
        ("payback_months", "3", "not yet"),
        ("cost_per_customer", "100", "100"),
    ],
)
def test_a_map_carries_its_numbers(
    report: Report, measure: str, fair: str, google_ads: str
) -> None:
    drawn = economics_map(report, [OCTOBER, NOT_YET], measure, ["fair", "google_ads"])

    assert drawn.title.startswith("1 of 2 groups of customers")
    assert drawn.rows.to_dict("records") == [
        {"Method": "Fair", "October 2026": fair},
        {"Method": "Google ads", "October 2026": google_ads},
    ]


def test_money_that_came_back_soon_is_drawn_as_deep_as_much_money(report: Report) -> None:
    late = replace(OCTOBER, method="late", profit_to_cost=0.5, payback_months=9)
    for measure in ("profit_to_cost", "payback_months"):
        chart = economics_map(report, [OCTOBER, late, NOT_YET], measure, ["fair"]).chart
        assert chart is not None
        depth = dict(zip(chart.data["method"], chart.data["strength"], strict=True))
        assert depth["Fair"] > depth["Late"] > depth["Google ads"]


def test_nobody_won_is_said_and_not_drawn(report: Report) -> None:
    nobody = replace(OCTOBER, customers=0)
    assert economics_map(report, [nobody], "profit_to_cost", []).missing.startswith("Nobody")


def test_a_file_of_targets_is_exact_and_leaves_out_what_a_spreadsheet_would_change() -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)
    kept = Target("filter_pass_rate", "unit", 'Cluj, "old"', *year, Decimal("0.4700"))
    large = Target("revenue", "all", "all", *year, Decimal("120000.0000"))
    formula = Target("leads", "employee", "=Bogdan", *year, Decimal(10))

    assert not fits_a_spreadsheet(formula)
    assert file_text([kept, large, formula]).splitlines() == [
        "kpi,dimension,member,period_start,period_end,target",
        'filter_pass_rate,unit,"Cluj, ""old""",2026-01-01,2026-12-31,0.47',
        "revenue,all,all,2026-01-01,2026-12-31,120000",
    ]

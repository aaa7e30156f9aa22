"""The worked company through the real steps, and through the oracle, against hand-made numbers."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from marketing_warehouse.paths import Home
from tests.oracle.company import Company
from tests.oracle.comparison import is_close, models_scorecard, rows_of
from tests.oracle.scorecard import Key, Row, scorecard
from tests.oracle.worked_figures import (
    NO_LEAD,
    NONE,
    STARTS,
    Median,
    Value,
    Worked,
    cents,
    of_grain,
)

Card = dict[Key, Row]
Parts = tuple[Decimal | None, Decimal | None, float | None]

GRAINS = list(STARTS)


@pytest.fixture(scope="module", params=["the_models", "the_oracle"])
def card(request: pytest.FixtureRequest, worked: tuple[Company, Home]) -> Card:
    """The scorecard of the worked company, as the models built it and as the oracle sees it."""
    company, home = worked
    made: dict[str, Callable[[], Card]] = {
        "the_models": lambda: models_scorecard(home),
        "the_oracle": lambda: scorecard(company),
    }
    return made[request.param]()


def parts(worked: Worked) -> Parts:
    """Return numerator, denominator and value as the scorecard shows what was worked out."""
    match worked:
        case Median(value, cases):
            return None, Decimal(cases), float(value)
        case Value(value):
            return None, None, float(value)
        case (numerator, denominator):
            value = float(Fraction(numerator) / denominator) if denominator else None
            return _decimal(numerator), _decimal(denominator), value
    return _decimal(worked), None, float(worked)


def _decimal(number: Fraction | int) -> Decimal:
    return Decimal(Fraction(number).numerator) / Fraction(number).denominator


def differences(
    expected: dict[tuple[str, ...], Parts], found: dict[tuple[str, ...], Parts]
) -> Iterator[str]:
    """Yield where the two differ, a line for each row."""
    for name in sorted(expected.keys() | found.keys()):
        ours, theirs = expected.get(name), found.get(name)
        if ours is None or theirs is None or not _is_same(ours, theirs):
            yield f"{name}: {ours} by hand, {theirs} found"


def _is_same(ours: Parts, theirs: Parts) -> bool:
    return ours[:2] == theirs[:2] and is_close(ours[2], theirs[2], 1e-12)


@pytest.mark.parametrize("grain", GRAINS)
def test_the_first_day_is_as_worked_out_at_every_grain(card: Card, grain: str) -> None:
    """Every KPI, dimension and member; a row that nobody worked out is a difference too."""
    expected = {
        (kpi, dimension, member): parts(worked)
        for kpi, dimensions in of_grain(grain).items()
        for dimension, members in dimensions.items()
        for member, worked in members.items()
    }
    start = date.fromisoformat(STARTS[grain])
    found = {
        key[2:]: (row.numerator, row.denominator, row.value)
        for key, row in card.items()
        if key[:2] == (grain, start)
    }

    assert list(differences(expected, found)) == []


def test_every_kpi_of_the_seed_is_worked_out_in_every_dimension(
    worked: tuple[Company, Home],
) -> None:
    definitions = rows_of(worked[1], "kpi.definitions", ("kpi", "dimensions"))

    assert {kpi: set(dimensions.split(",")) for kpi, dimensions in definitions} == {
        kpi: set(dimensions) for kpi, dimensions in of_grain("month").items()
    }


# The ugly cases: what of which period, and what the scorecard must say, worked out beside it.
UGLY: list[tuple[str, str, str, str, str, dict[str, Worked]]] = [
    # Kim's repeats of 31 May and of 29 June are repeats; that of 29 July, 30.0 days on, is a lead.
    ("duplicate_leads", "month", "2025-05-01", "method", "a repeat after 29.9 days", {"mail": 1}),
    ("leads", "month", "2025-05-01", "method", "and the lead that it repeats", {"mail": 1}),
    ("duplicate_leads", "month", "2025-06-01", "method", "a repeat of a repeat", {"mail": 1}),
    ("leads", "month", "2025-06-01", "method", "which is no lead", {}),
    ("leads", "month", "2025-07-01", "method", "a lead after 30.0 days", {"mail": 1}),
    # 31 May, 00:36 in Bucharest: its day is not that of UTC.
    ("duplicate_leads", "day", "2025-05-31", "all", "the day of the repeat", {"all": 1}),
    # June: 30 spent, no lead; nobody to share it with.
    ("cost_per_lead", "month", "2025-06-01", "all", "spent and no lead yet", {"all": (30, 0)}),
    (
        "acquisition_cost",
        *("month", "2025-06-01", "method", "a cost of a month without leads"),
        {"(unallocated)": 30},
    ),
    # 10 / 4.97 = 2.0121 on Sunday, at Friday's rate; 10 / 5.00 on Monday.
    (
        "ad_spend",
        *("day", "2025-11-09", "campaign", "a Sunday without a rate"),
        {"r": cents("2.0121")},
    ),
    ("ad_spend", "day", "2025-11-10", "campaign", "Monday's own rate", {"r": 2}),
    (
        "revenue",
        *("week", "2025-11-03", "method", "a receipt of Sunday"),
        {"(anonymous)": cents("2.0121")},
    ),
    # 30 September, 23:30 UTC: nothing in the third quarter, a lead of the first of October.
    ("leads", "day", "2025-09-30", "all", "no more in September", {"all": 0}),
    ("leads", "day", "2025-10-01", "method", "the first of October", {"night": 1}),
    ("leads", "quarter", "2025-10-01", "method", "the fourth quarter", {"night": 1, "clock": 1}),
    # 29 March, 12:00, to 30 March, 13:00 by the clock: 24 hours. In autumn to 12:00: 25 hours.
    (
        "hours_to_first_contact",
        *("month", "2025-03-01", "method", "a day of 23 hours"),
        {"clock": Median(Fraction(24), 1)},
    ),
    ("ignored_lead_rate", "month", "2025-03-01", "all", "was called in time", {"all": (0, 1)}),
    (
        "hours_to_first_contact",
        *("month", "2025-10-01", "method", "a day of 25 hours"),
        {"clock": Median(Fraction(25), 1)},
    ),
    ("ignored_lead_rate", "month", "2025-10-01", "method", "called too late", {"clock": (1, 1)}),
    # Fritz costs 10 a day: 31 days in the north, 30 in the south.
    (
        "sales_cost",
        *("quarter", "2025-07-01", "unit", "an employee who changes unit"),
        {"north": 310, "south": 300},
    ),
    ("sales_cost", "quarter", "2025-07-01", "employee", "is one all the same", {"fritz": 610}),
    (
        "filter_pass_rate",
        *("quarter", "2025-07-01", "unit", "his leads stay where they were made"),
        {"north": (1, 1), "south": (1, 1), NONE: (0, 1)},
    ),
    # Given back in February, of an order of December.
    ("refund_rate", "month", "2025-02-01", "all", "a refund after the month", {"all": (0, 10)}),
    ("revenue", "month", "2025-02-01", "all", "February sold to Ian", {"all": 10}),
    # Of five buyers Dora, Gus and Anna had come twice by the end of March.
    ("repeat_purchase_rate", "month", "2025-03-01", "all", "up to the end", {"all": (3, 5)}),
    # 31 December 2024 is one of the 365 days that end on 30 December 2025, and Dora's last.
    ("customer_base", "day", "2025-12-30", "all", "the 365th day", {"all": 5}),
    ("customer_base", "day", "2025-12-31", "method", "a day later", {"search": 2, NO_LEAD: 2}),
    # March's 30 by five customers, 6 each; a year later 20 by four.
    (
        "retention_cost",
        *("month", "2025-03-01", "method", "shared by the base at the month's end"),
        {"search": 12, "fair": 6, NO_LEAD: 12},
    ),
    (
        "retention_cost",
        *("month", "2025-12-01", "method", "when one has left it"),
        {"search": 10, NO_LEAD: 10},
    ),
]


@pytest.mark.parametrize(
    ("kpi", "grain", "start", "dimension", "expected"),
    [(*row[:4], row[5]) for row in UGLY],
    ids=[f"{row[0]}: {row[4]}".replace(" ", "_") for row in UGLY],
)
def test_an_ugly_case_is_as_worked_out(
    card: Card, kpi: str, grain: str, start: str, dimension: str, expected: dict[str, Worked]
) -> None:
    found = {
        key[4:]: (row.numerator, row.denominator, row.value)
        for key, row in card.items()
        if key[:4] == (grain, date.fromisoformat(start), kpi, dimension)
    }

    by_hand = {(member,): parts(worked) for member, worked in expected.items()}
    assert list(differences(by_hand, found)) == []


@pytest.mark.parametrize("grain", GRAINS)
def test_a_rate_is_judged_with_its_interval_and_its_small_number(card: Card, grain: str) -> None:
    start = date.fromisoformat(STARTS[grain])
    row = card[grain, start, "filter_pass_rate", "all", "all"]

    # 3 of 5 by Wilson: middle (0.6 + 3.8415 / 10) / (1 + 3.8415 / 5) = 0.5566, reach
    # 1.96 * sqrt(0.24 / 5 + 3.8415 / 100) / 1.7683 = 0.3258.
    assert (row.low, row.high) == (pytest.approx(0.2307, abs=1e-4), pytest.approx(0.8824, abs=1e-4))
    assert row.target is not None
    assert (float(row.target), row.status) == (0.8, "off_target")
    assert (row.is_mature, row.is_small) == (True, True)
    # Nothing was before: of a count 0, of a rate nothing.
    assert row.previous_value is None
    assert card[grain, start, "leads", "all", "all"].previous_value == 0


def test_what_is_not_mature_is_not_judged_and_what_was_before_stands_beside(card: Card) -> None:
    year = card["year", date(2025, 1, 1), "qualified_to_customer_rate", "all", "all"]
    # spring, autumn, N and S; 2025 ended 31 days before as-of, not 90.
    assert (year.numerator, year.denominator) == (0, 4)
    assert year.target is not None  # 0 of 4 is far from it, and may not be held against it yet
    assert (year.is_mature, year.status) == (False, "immature")
    assert year.previous_value == pytest.approx(2 / 3)
    filtered = card["year", date(2025, 1, 1), "filter_pass_rate", "all", "all"]
    # The four, of these and K1, K4 and late: 4 of 7 is under 0.8.
    assert (filtered.numerator, filtered.denominator) == (4, 7)
    assert (filtered.is_mature, filtered.status) == (True, "off_target")


# KPI: goal, gap, quantity, price of the first day, and so its money.
CUSTOMERS_PROFIT = Fraction(395, 4)  # of the first 90 days
PLACES: list[tuple[str, Fraction, Fraction, int, Fraction]] = [
    ("profit_per_customer", Fraction(100), Fraction(20), 4, Fraction(1)),  # 80
    # 0.9 - 2/3, of three qualified leads: 69.125
    (
        "qualified_to_customer_rate",
        *(Fraction(9, 10), Fraction(7, 30), 3, CUSTOMERS_PROFIT),
    ),
    # 0.8 - 0.6, of five leads, of whom 2/3 would have become customers: 65.8333
    (
        "filter_pass_rate",
        *(Fraction(4, 5), Fraction(1, 5), 5, Fraction(2, 3) * CUSTOMERS_PROFIT),
    ),
    # 1/3 - 0, of three; of L1 and L2, contacted in time, one became a customer: 49.375
    (
        "ignored_lead_rate",
        *(Fraction(0), Fraction(1, 3), 3, Fraction(1, 2) * CUSTOMERS_PROFIT),
    ),
    ("cost_per_lead", Fraction(30), Fraction(4), 5, Fraction(1)),  # 20
    # 1 - 3/4, of four; the one order that was not a person's first, Dora's, brought 20: 20
    ("repeat_rate_90d", Fraction(1), Fraction(1, 4), 4, Fraction(20)),
    ("sales_cost_per_customer", Fraction(25), Fraction(5), 4, Fraction(1)),  # 20
    ("retention_cost_per_customer", Fraction(10), Fraction(1), 4, Fraction(1)),  # 4
]


@pytest.mark.parametrize("grain", GRAINS[1:])
def test_weak_places_are_priced_and_ranked_as_worked_out(
    worked: tuple[Company, Home], grain: str
) -> None:
    found = rows_of(
        worked[1],
        f"""(
            select * from kpi.weak_places where period_grain = '{grain}'
                and period_start = '{STARTS[grain]}' and dimension = 'all' order by rank
        )""",
        ("rank", "kpi", "goal_is", "goal", "gap", "quantity", "price", "money_at_stake"),
    )

    assert [row[:3] for row in found] == [
        (rank, kpi, "target") for rank, (kpi, *_) in enumerate(PLACES, start=1)
    ]
    for (_, _, _, *numbers, money), (_, goal, gap, quantity, price) in zip(
        found, PLACES, strict=True
    ):
        assert [float(number) for number in numbers] == pytest.approx(
            [float(number) for number in (goal, gap, quantity, price)]
        )
        assert money == round(Decimal(float(gap * quantity * price)), 4)


def test_an_immature_factor_is_that_of_the_latest_mature_period(
    worked: tuple[Company, Home],
) -> None:
    # 2025: 0.8 - 4/7 of seven leads = 1.6 leads more. What becomes of them is not known before
    # 31 March 2026, so as in 2024: 2/3 * 98.75 each, 105.3333.
    found = rows_of(
        worked[1],
        "kpi.weak_places where period_grain = 'year' and period_start = '2025-01-01'"
        " and kpi = 'filter_pass_rate' and dimension = 'all'",
        ("quantity", "price", "money_at_stake"),
    )

    assert [(quantity, money) for quantity, _, money in found] == [(7, Decimal("105.3333"))]
    assert found[0][1] == pytest.approx(2 / 3 * 98.75)


Effects = dict[str, Any]
# Member and month: the effect of each link that had one. The contribution of December is 16.
DRIVERS: list[tuple[str, str, Effects]] = [
    # Nothing was before, so the leads bring all customers: 5 * 0.6 * 4/3 * 5/4 * 96 * 2/3 = 320.
    (
        "all",
        "2024-12-01",
        {
            **{"leads": 320, "anonymous_sales": 30},
            **{"acquisition_cost": -170, "sales_cost": -120, "retention_cost": -44},
        },
    ),
    # No leads, and nobody new. Gus, known since December, buys once, 20 at a margin of 3/4.
    (
        "all",
        "2025-01-01",
        {
            **{"leads": -320, "existing_customers": 15, "anonymous_sales": -30},
            **{"acquisition_cost": 170, "sales_cost": 120, "retention_cost": 44},
        },
    ),
    # February won Ian (10) without any lead; March wins nobody and has Anna back (60), for 30. The
    # one lead of March meets no customer, so it changes nothing.
    (
        "all",
        "2025-03-01",
        {"customers_per_qualified_lead": -10, "existing_customers": 60, "retention_cost": -30},
    ),
    # The fair falls silent: Dora, whom no qualified lead won, took 40 with her and cost 40 + 10.
    (
        "fair",
        "2025-01-01",
        {"customers_per_qualified_lead": -40, "acquisition_cost": 40, "retention_cost": 10},
    ),
]


@pytest.mark.parametrize(
    ("member", "month", "expected"), DRIVERS, ids=[f"{row[0]}_{row[1]}" for row in DRIVERS]
)
def test_a_change_is_split_over_its_drivers_as_worked_out(
    worked: tuple[Company, Home], member: str, month: str, expected: Effects
) -> None:
    rows = rows_of(
        worked[1],
        f"kpi.change_drivers where period_grain = 'month' and period_start = '{month}'"
        f" and member = '{member}'",
        ("driver", "amount", "change"),
    )

    assert {driver: amount for driver, amount, _ in rows if amount} == expected
    assert len(rows) == 11
    assert {change for _, _, change in rows} == {sum(expected.values())}

"""Does the suite of kpi.weak_places catch a place that is invented, kept quiet or mispriced?"""

import duckdb
import pytest

from expectations.kpi_levers import FACTORS
from tests.expectations.tampering import failing_rows, tamper

# The small company is too young to have a place of these; the oracle prices them on older ones.
TOO_YOUNG_FOR = {"qualified_to_customer_rate", "repeat_rate_90d"}
ONE_PLACE = "rowid = (select min(rowid) from kpi.weak_places where money_at_stake > 1)"

# What was done to the mart, how, and the rule that must see it.
TAMPERED = [
    (
        "a place that is kept quiet",
        f"delete from kpi.weak_places where {ONE_PLACE}",
        "kpi_weak_places.places_are_those_where_the_scorecard_misses_its_goal",
    ),
    (
        "all places without a target kept quiet",
        "delete from kpi.weak_places where goal_is = 'benchmark'",
        "kpi_weak_places.places_are_those_where_the_scorecard_misses_its_goal",
    ),
    (
        "a place of tomorrow",
        """
        insert into kpi.weak_places
        select * replace (period_start + 3650 as period_start) from kpi.weak_places
        """,
        "kpi_weak_places.places_are_those_where_the_scorecard_misses_its_goal",
    ),
    (
        "a goal that nobody set",
        f"update kpi.weak_places set goal = goal * 1.01 where {ONE_PLACE}",
        "kpi_weak_places.places_are_those_where_the_scorecard_misses_its_goal",
    ),
    (
        "a place that still moves",
        """
        update kpi.scorecard set is_mature = false where (period_grain, kpi) in (
            select (period_grain, kpi) from kpi.weak_places where rank = 1
        )
        """,
        "kpi_weak_places.places_are_those_where_the_scorecard_misses_its_goal",
    ),
    (
        "a usual value that is called a target",
        "update kpi.weak_places set goal_is = 'target' where goal_is = 'benchmark'",
        "kpi_weak_places.places_are_those_where_the_scorecard_misses_its_goal",
    ),
    (
        "a value that is better than its goal",
        "update kpi.weak_places set direction = 'down' where direction = 'up'",
        "kpi_weak_places.a_gap_is_what_lies_between_value_and_goal",
    ),
    (
        "a gap that is too wide",
        f"update kpi.weak_places set gap = gap * 1.01 where {ONE_PLACE}",
        "kpi_weak_places.a_gap_is_what_lies_between_value_and_goal",
    ),
    (
        "two cents too many",
        f"""
        update kpi.weak_places set money_at_stake = money_at_stake + 0.02 where {ONE_PLACE}
        """,
        "kpi_weak_places.money_is_the_gap_times_what_one_unit_brings",
    ),
    (
        "money that is called unknown",
        f"update kpi.weak_places set money_at_stake = null where {ONE_PLACE}",
        "kpi_weak_places.money_is_the_gap_times_what_one_unit_brings",
    ),
    (
        "a price that is not the lever's",
        f"update kpi.weak_places set price = price * 2 where {ONE_PLACE}",
        "kpi_weak_places.money_is_the_gap_times_what_one_unit_brings",
    ),
    (
        "a first place that is called the last",
        """
        update kpi.weak_places as told
        set rank = (
            select count(*) + 1 from kpi.weak_places as others
            where others.period_grain = told.period_grain
                and others.period_start = told.period_start
        ) - rank
        """,
        "kpi_weak_places.ranks_follow_the_money",
    ),
    (
        "a rank that two places share",
        "update kpi.weak_places set rank = 1 where rank = 2",
        "kpi_weak_places.ranks_follow_the_money",
    ),
    (
        "unknown money before known money",
        """
        update kpi.weak_places set money_at_stake = null
        where rank = 1 and (period_grain, period_start) in (
            select (period_grain, period_start) from kpi.weak_places where rank = 2
        )
        """,
        "kpi_weak_places.ranks_follow_the_money",
    ),
    (
        "a sentence of somebody else",
        """
        update kpi.weak_places set sentence = replace(sentence, member, 'Nobody')
        where dimension = 'method'
        """,
        "kpi_weak_places.a_sentence_names_its_member_and_its_goal",
    ),
    (
        "money in another currency",
        "update kpi.weak_places set sentence = replace(sentence, 'EUR', 'USD')",
        "kpi_weak_places.a_sentence_names_its_member_and_its_goal",
    ),
]


@pytest.mark.parametrize(
    ("tampering", "title"),
    [(sql, title) for _, sql, title in TAMPERED],
    ids=[sentence.replace(" ", "_") for sentence, _, _ in TAMPERED],
)
def test_a_tampered_mart_is_caught(
    candidate: duckdb.DuckDBPyConnection, tampering: str, title: str
) -> None:
    tamper(candidate, tampering)

    assert failing_rows(candidate, title) > 0


@pytest.mark.parametrize("kpi", sorted(set(FACTORS) - TOO_YOUNG_FOR))
def test_a_tenth_too_much_at_stake_is_caught_at_every_kpi(
    candidate: duckdb.DuckDBPyConnection, kpi: str
) -> None:
    tamper(
        candidate,
        f"""
        update kpi.weak_places set money_at_stake = money_at_stake * 1.1
        where kpi = '{kpi}' and abs(money_at_stake) > 1
        """,
    )

    assert (
        failing_rows(candidate, "kpi_weak_places.money_is_the_gap_times_what_one_unit_brings") > 0
    )

"""Weak places and change drivers of the last month, as rows that can be told by hand."""

from datetime import date

import duckdb

# kpi, dimension, member, unit, value, goal, what the goal is, money at stake; the first costs most.
PLACES = [
    ("ignored_lead_rate", "unit", "Cluj", "ratio", 0.4333, 0.1, "target", 4320),
    ("ignored_lead_rate", "all", "all", "ratio", 0.22, 0.1, "target", 3286),
    ("filter_pass_rate", "method", "shop_window", "ratio", 0.68, 0.774, "benchmark", 1478),
    ("cost_per_lead", "method", "<b>*Radio*</b> $5", "money", 58.2, 18.2, "target", 480),
    ("profit_per_customer", "all", "all", "money", 90, 100, "benchmark", 120),
    ("repeat_rate_90d", "all", "all", "ratio", 0.2, 0.3, "benchmark", None),
]
# 27,000 and 1,500 more and 500 less are 28,000.
DRIVERS = [("leads", 1500), ("filter_pass_rate", -500), ("margin", 0)]
BEFORE, AFTER = 27_000, 28_000


def write_weak_places(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Write `kpi.weak_places` for the month of the last counted day."""
    connection.execute(
        "create table kpi.weak_places (period_grain varchar, period_start date, kpi varchar, "
        "dimension varchar, member varchar, period_end date, process varchar, unit varchar, "
        "direction varchar, numerator decimal(38, 4), denominator decimal(38, 4), value double, "
        "goal double, goal_is varchar, gap double, quantity decimal(38, 4), price double, "
        "money_at_stake decimal(18, 4), rank bigint, sentence varchar)"
    )
    connection.executemany(
        "insert into kpi.weak_places (period_grain, period_start, kpi, dimension, member, unit, "
        "value, goal, goal_is, gap, money_at_stake, rank) "
        "values ('month', ?, ?, ?, ?, ?, ?, ?, ?, abs(?::double - ?::double), ?, ?)",
        [
            (as_of.replace(day=1), *place[:7], place[5], place[4], place[7], rank)
            for rank, place in enumerate(PLACES, start=1)
        ],
    )


def write_change_drivers(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Write `kpi.change_drivers` of the whole business for the month of the last counted day."""
    connection.execute(
        "create table kpi.change_drivers (period_grain varchar, period_start date, "
        "dimension varchar, member varchar, position bigint, driver varchar, period_end date, "
        "before double, after double, amount decimal(18, 4), contribution decimal(18, 4), "
        "previous_contribution decimal(18, 4), change decimal(18, 4), is_mature boolean)"
    )
    connection.executemany(
        "insert into kpi.change_drivers values "
        "('month', ?, 'all', 'all', ?, ?, null, null, null, ?, ?, ?, ?, true)",
        [
            (as_of.replace(day=1), position, driver, amount, AFTER, BEFORE, AFTER - BEFORE)
            for position, (driver, amount) in enumerate(DRIVERS, start=1)
        ],
    )

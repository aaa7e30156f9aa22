"""The wide marts of selling and keeping, in round numbers that can be told by hand."""

from datetime import date

import duckdb

# Each month Ana of Cluj has 20 leads from the fair. The whole filter passes 10: 5 were called in
# time, 3 got an offer and became customers (one of them was called late), 2 wait. It cuts 10: 6
# were left alone, 3 were met, 1 got an offer and became a customer. Bogdan has 4 good leads, and
# nobody called them.
WHOLE = "(whole filter)"
ANA = ("Cluj", "Ana", "Fair")
BOGDAN = ("Iasi", "=Bogdan", "Google Ads")
DISCIPLINE = [
    (*ANA, WHOLE, "passed", "contacted_in_time", False, 5, 0, 0, 0),
    (*ANA, WHOLE, "passed", "offer", True, 3, 1, 0, 300),
    (*ANA, WHOLE, "passed", "nothing", False, 2, 2, 0, 0),
    (*ANA, WHOLE, "cut", "nothing", False, 6, 0, 0, 0),
    (*ANA, WHOLE, "cut", "meeting", False, 3, 0, 3, 0),
    (*ANA, WHOLE, "cut", "offer", True, 1, 0, 1, 40),
    # Of the 10 that are cut, the budget cuts 6 first, and 4 fail by their date alone.
    (*ANA, "budget", "passed", "contacted_in_time", False, 11, 0, 0, 0),
    (*ANA, "budget", "passed", "offer", True, 3, 1, 0, 300),
    (*ANA, "budget", "cut", "nothing", False, 3, 0, 0, 0),
    (*ANA, "budget", "cut", "meeting", False, 2, 0, 2, 0),
    (*ANA, "budget", "cut", "offer", True, 1, 0, 1, 40),
    (*ANA, "buys_soon", "passed", "contacted_in_time", False, 7, 0, 0, 0),
    (*ANA, "buys_soon", "passed", "offer", True, 3, 1, 0, 300),
    (*ANA, "buys_soon", "cut", "nothing", False, 3, 0, 0, 0),
    (*ANA, "buys_soon", "cut", "meeting", False, 1, 0, 1, 0),
    (*ANA, "buys_soon", "also_failed", "meeting", False, 2, 0, 2, 0),
    (*ANA, "buys_soon", "not_valid", "nothing", False, 4, 0, 0, 0),
    (*BOGDAN, WHOLE, "passed", "nothing", False, 4, 4, 0, 0),
    (*BOGDAN, "budget", "passed", "nothing", False, 4, 4, 0, 0),
    (*BOGDAN, "buys_soon", "passed", "nothing", False, 4, 4, 0, 0),
]

MONTHS = """
    select cast(range as date) as month from range(
        date_trunc('month', $first::timestamp), $as_of::timestamp + to_days(1), to_months(1)
    )
"""
# Ana's good lead of each day is ignored, her cut one is met; the feed's own columns stand beside.
LEADS = """
    create table core.leads as
    select
        'good-' || strftime(range, '%Y%m%d') as lead_id, range + to_hours(9) as created_at,
        cast(range as date) as lead_date, 'Fair' as method, null::text as campaign_id,
        'Ana' as employee, 'Cluj' as unit, true as is_lead, true as is_qualified,
        null::text as cut_by, null::timestamp as first_activity_at, true as is_ignored,
        false as is_wasted, null::timestamp as customer_since, 'hash of an e-mail' as email_hash,
        'shop' as _source
    from range($first::timestamp, $as_of::timestamp + to_days(1), to_days(1))
    union all
    select
        'cut-' || strftime(range, '%Y%m%d'), range + to_hours(10), cast(range as date), 'Fair',
        'espresso-2026', 'Ana', 'Cluj', true, false, 'buys_soon', range + to_hours(12), false,
        true, range + to_hours(48), 'hash of an e-mail', 'shop'
    from range($first::timestamp, $as_of::timestamp + to_days(1), to_days(1))
"""
# Forty people begin in each month. Four more of them have come back with each month that follows;
# so far a head has brought 100 and 10 more with each month, of which 30 and 5 are profit.
COHORTS = f"""
    create table retention.cohorts_monthly as
    with months as ({MONTHS})
    select
        cohorts.month as cohort_month,
        date_diff('month', cohorts.month, later.month) as months_since,
        40 as people,
        case when months_since = 0 then 40 else 10 end as active_people,
        4 * months_since as repeat_people,
        active_people / people as active_share,
        repeat_people / people as repeat_share,
        100.0::double + 10 * months_since as revenue_per_head,
        30.0::double + 5 * months_since as profit_per_head,
        last_day(later.month) <= $as_of as is_mature
    from months as cohorts
    inner join months as later on later.month >= cohorts.month
"""
LOYALTY = f"""
    create table retention.loyalty_monthly as
    select
        month, 100 as customer_base, 40 as loyalty_members, 20 as active_members,
        10 as active_non_members, 25 as orders_of_members, 11 as orders_of_non_members,
        5000::decimal(18, 4) as revenue_of_members, 2000::decimal(18, 4) as revenue_of_non_members,
        1500::decimal(18, 4) as profit_of_members, 600::decimal(18, 4) as profit_of_non_members,
        250.0::double as revenue_per_member, 200.0::double as revenue_per_non_member,
        30::decimal(18, 4) as loyalty_cost, last_day(month) <= $as_of as is_mature
    from ({MONTHS})
"""


def write_process_marts(connection: duckdb.DuckDBPyConnection, first: date, as_of: date) -> None:
    """Write the leads and the marts of selling and keeping, from a first day to as-of."""
    days = {"first": first, "as_of": as_of}
    for schema in ("sales", "retention"):
        connection.execute(f"create schema {schema}")
    connection.execute(
        "create table sales.filter_discipline (lead_month date, unit text, employee text, "
        "method text, criterion text, verdict text, done text, became_customer boolean, "
        "leads bigint, ignored_leads bigint, wasted_leads bigint, gross_profit decimal(18, 4))"
    )
    months = connection.execute(MONTHS, days).fetchall()
    rows = [(month, *row) for (month,) in months for row in DISCIPLINE]
    if rows:
        connection.executemany(
            f"insert into sales.filter_discipline values ({', '.join('?' * 12)})", rows
        )
    for table in (LEADS, COHORTS, LOYALTY):
        connection.execute(table, days)

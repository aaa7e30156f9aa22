"""The marts of costs, weak places, targets and restatements of the fixture, by plain SQL.

A lever's quantity is its KPI's denominator (12 or 31 * (1 + m % 2)), a conversion 1 of 4 and a
worth of 80, so that money can be told by hand.
"""

from datetime import date

import duckdb

# Prices as the KPI dictionary names them; the numbers are the fixture's.
LEVERS = """
create table kpi.levers as
with
    prices (kpi, quantity_is, conversion_is, worth_is) as (
        values
        ('cost_per_lead', 'leads', null, null),
        ('filter_pass_rate', 'filtered_leads', 'qualified_to_customer_rate',
            'profit_90d_per_customer'),
        ('ignored_lead_rate', 'qualified_leads', 'contacted_to_customer_rate',
            'profit_90d_per_customer'),
        ('qualified_to_customer_rate', 'qualified_leads', null, 'profit_90d_per_customer'),
        ('sales_cost_per_customer', 'new_customers', null, null),
        ('retention_cost_per_customer', 'customer_base', null, null),
        ('repeat_rate_90d', 'first_buyers', null, 'profit_per_later_order'),
        ('profit_per_customer', 'active_customers', null, null)
    )
select period_grain, period_start, kpi, dimension, member, period_end, process, scorecard.unit,
    direction, quantity_is, conversion_is, worth_is,
    case when conversion_is is not null then cast(period_start - interval 1 month as date) end
        as conversion_from,
    case when worth_is is not null then period_start end as worth_from,
    is_mature, is_small, scorecard.numerator, scorecard.denominator, value, target,
    scorecard.denominator as quantity,
    case when conversion_is is not null then 0.25::double end as conversion,
    -- Nobody knows yet what a customer of Iasi brings.
    case when worth_is is not null and member <> 'Iasi' then 80::double end as worth,
    case when worth_is is null then 1 when member = 'Iasi' then null
        when conversion_is is null then 80 else 20 end::double as price,
    scorecard.denominator::double * price as money_per_unit
from kpi.scorecard as scorecard
inner join prices using (kpi)
inner join (select kpi, direction from kpi.definitions) as definitions using (kpi)
where period_grain <> 'day' and value is not null
"""
# Each final value is held against its target, or against what is an eighth better. The last
# month's places are told by hand elsewhere.
WEAK_PLACES = """
insert into kpi.weak_places
with goals as (
    select *, coalesce(target, case direction when 'up' then value * 9 / 8 else value * 7 / 8 end)
        as goal, case when target is null then 'benchmark' else 'target' end as goal_is
    from kpi.levers where is_mature and (period_grain, period_start) <> ('month', $last_month)
)
select period_grain, period_start, kpi, dimension, member, period_end, process, unit, direction,
    numerator, denominator, value, goal, goal_is, abs(goal - value) as gap, quantity, price,
    cast(abs(goal - value) * money_per_unit as decimal(18, 4)) as money_at_stake,
    row_number() over (
        partition by period_grain, period_start
        order by abs(goal - value) * money_per_unit desc nulls last, kpi, dimension, member
    ) as rank, '' as sentence
from goals
where case direction when 'up' then value < goal else value > goal end
"""
# Customers of the first method cost twice what they bring, those of the second half of it.
UNIT_ECONOMICS = """
create table kpi.unit_economics as
select
    cast(month as date) as cohort_month, member as method, 10 * member_number as customers,
    100.0::double as winning_cost_per_customer, 120.0::double as cost_per_customer,
    case when member_number = 2 then 240.0 else 60.0 end::double as profit_per_customer,
    50.0::double as profit_90d_per_customer,
    case when member_number = 2 then 2.0 else 0.5 end::double as profit_to_cost,
    case when member_number = 2 then 3 end::bigint as payback_months,
    1::bigint as months_observed, month < date '2026-08-01' as is_mature
from members, range(date_trunc('month', $first::date), $as_of::timestamp, interval 1 month)
    as months (month)
where dimension = 'method'
"""
RESTATEMENTS = """
create table kpi.restatements as
select calendar_date::date as calendar_date, kpi, 'a' as first_published_by,
    timestamp '2026-11-01 03:00:00' as first_published_at, first_value::decimal(18, 4)
    as first_value, first_value::decimal(18, 4) as previous_value,
    value_now::decimal(18, 4) as value_now, (value_now - first_value)::decimal(18, 4) as change,
    case when times_moved > 0 then 'b' end as moved_by,
    case when times_moved > 0 then timestamp '2026-11-02 03:00:00' end as moved_at,
    times_moved::bigint as times_moved, reason
from (values
    ($as_of, 'revenue', 1000.0, 870.5, 1, 'rows'),
    ($as_of, 'ad_spend', 40.0, 41.25, 2, 'settings'),
    ($as_of, 'sales_cost', 10.0, 10.0, 0, null)
) as told (calendar_date, kpi, first_value, value_now, times_moved, reason)
"""
# In force after the last day: the year's; no longer: September's. A name begins like a formula.
TARGETS = """
create or replace table core.kpi_targets as
select kpi, dimension, member, period_start::date as period_start, period_end::date as period_end,
    target::decimal(18, 4) as target, 'plan' as _source
from (values
    ('cost_per_lead', 'all', 'all', '2026-01-01', '2026-12-31', 25),
    ('lead_quality_rate', 'method', 'Fair', '2026-01-01', '2026-12-31', 0.5),
    ('sales_cost_per_customer', 'employee', '=Bogdan', '2026-01-01', '2026-12-31', 30),
    ('leads', 'all', 'all', '2026-09-01', '2026-09-30', 1000)
) as set_targets (kpi, dimension, member, period_start, period_end, target)
"""


def write_priced(connection: duckdb.DuckDBPyConnection, first: date, as_of: date) -> None:
    """Write the marts that are made of the scorecard, and what was agreed and restated."""
    connection.execute(LEVERS)
    connection.execute(WEAK_PLACES, {"last_month": as_of.replace(day=1)})
    connection.execute(UNIT_ECONOMICS, {"first": first, "as_of": as_of})
    connection.execute(RESTATEMENTS, {"as_of": as_of})
    connection.execute(TARGETS)

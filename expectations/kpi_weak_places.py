"""kpi.weak_places: each is worse than its goal, none is kept quiet, and its money can be redone."""

from expectations.expected import GRAINS
from expectations.rule import Rule, impossible

ROUNDING = 0.000000001  # of floats, as a share
CENT = 0.01
KEY = "period_grain, period_start, kpi, dimension, member"

# By what, beside the gap and the quantity, the money of a KPI is multiplied.
FACTORS: dict[str, tuple[str, ...]] = {
    "cost_per_lead": (),
    "filter_pass_rate": ("qualified_to_customer_rate", "profit_90d_per_customer"),
    "ignored_lead_rate": ("conversion_of_leads_called_in_time", "profit_90d_per_customer"),
    "qualified_to_customer_rate": ("profit_90d_per_customer",),
    "sales_cost_per_customer": (),
    "retention_cost_per_customer": (),
    "repeat_rate_90d": ("profit_of_an_order_after_the_first",),
    "profit_per_customer": (),
}
PRICED = ", ".join(f"'{kpi}'" for kpi in FACTORS)
NEEDED = ", ".join(f"('{kpi}', '{factor}')" for kpi, named in FACTORS.items() for factor in named)

# What the scorecard calls for: the six periods before are a window here, a join in the model.
CALLED_FOR = f"""
    with history as (
        select *,
            median(value) over the_six_before as middle_of_six,
            count(*) over the_six_before as periods_before
        from kpi.scorecard
        where kpi in ({PRICED}) and period_grain <> 'day' and is_mature and value is not null
        window the_six_before as (
            partition by kpi, period_grain, dimension, member order by period_start
            rows between 6 preceding and 1 preceding
        )
    ),
    goals as (
        select history.*, definitions.direction,
            case when target is not null then target
                when periods_before = 6 then middle_of_six end as goal,
            case when target is not null then 'target' else 'benchmark' end as goal_is
        from history inner join kpi.definitions as definitions using (kpi)
    )
    select * from goals
    where case direction when 'up' then value < goal else value > goal end
"""


def _by_period_and_member(days: str) -> str:
    """Return rows that have a `day` once for each grain, and for all, method, unit and employee."""
    grains = ", ".join(f"('{grain}')" for grain in GRAINS if grain != "day")
    return f"""
        select days.*, period_grain, cast(date_trunc(period_grain, day) as date) as period_start,
            dimension,
            case dimension when 'method' then method when 'unit' then unit
                when 'employee' then employee else 'all' end as member
        from ({days}) as days,
            (values {grains}) as grains (period_grain),
            (values ('all'), ('method'), ('unit'), ('employee')) as dimensions (dimension)
    """


def _periods_in_which_rests(kpi: str) -> str:
    return (
        "(period_grain, period_start) in (select (period_grain, period_start) from kpi.scorecard "
        f"where kpi = '{kpi}' and dimension = 'all' and is_mature)"
    )


CALLED_IN_TIME = """
    select
        lead_date as day, method,
        coalesce(unit, '(none)') as unit, coalesce(employee, '(none)') as employee,
        lead_id in (select lead_id from core.customers where lead_id is not null) as is_won
    from core.leads, expected.settings
    where is_qualified and first_activity_at <= created_at + to_hours(first_contact_hours)
"""
LATER_ORDERS = """
    select order_date as day, method, unit, employee, gross_profit
    from core.orders where person_order_number > 1
"""
# Two factors stand in the scorecard; the others are counted in core.
PRICES = f"""
    with factors as (
        select kpi as factor, period_grain, period_start, dimension, member, value
        from kpi.scorecard
        where kpi in (select factor from (values {NEEDED}) as needed (kpi, factor))
            and is_mature and value is not null
        union all
        select 'conversion_of_leads_called_in_time', period_grain, period_start,
            dimension, member, avg(cast(is_won as double))
        from ({_by_period_and_member(CALLED_IN_TIME)})
        where {_periods_in_which_rests("qualified_to_customer_rate")} group by all
        union all
        select 'profit_of_an_order_after_the_first', period_grain, period_start,
            dimension, member, cast(sum(gross_profit) as double) / count(*)
        from ({_by_period_and_member(LATER_ORDERS)})
        where {_periods_in_which_rests("orders")} group by all
    ),
    asked as (
        select {KEY}, factor from mart inner join (values {NEEDED}) as needed (kpi, factor)
            using (kpi)
    ),
    answered as (
        select asked.*, factors.value
        from asked asof left join factors
            on asked.factor = factors.factor and asked.period_grain = factors.period_grain
            and asked.dimension = factors.dimension and asked.member = factors.member
            and asked.period_start >= factors.period_start
    ),
    prices as (
        select {KEY}, case when count(*) = count(value) then product(value) end as price
        from answered group by all
    )
    select {KEY}, case when prices.kpi is null then 1 else prices.price end as price
    from mart left join prices using ({KEY})
"""

RULES = (
    Rule(
        "places_are_those_where_the_scorecard_misses_its_goal",
        f"""
        with called_for as ({CALLED_FOR}),
        compared as (
            select {KEY}, mart.goal, called_for.goal as goal_called_for,
                mart.goal_is, called_for.goal_is as called_for_is,
                mart.value, called_for.value as value_in_the_scorecard,
                mart.numerator is not distinct from called_for.numerator
                and mart.denominator is not distinct from called_for.denominator
                and mart.period_end = called_for.period_end as has_the_same_parts
            from mart full join called_for using ({KEY})
        )
        select * from compared
        where goal_is is distinct from called_for_is
            or value is distinct from value_in_the_scorecard or not has_the_same_parts
            or abs(goal - goal_called_for) > {ROUNDING} * greatest(1, abs(goal))
        """,
        "A weak place is kept quiet, is none, or is measured by another goal than the scorecard's: "
        "look at the model of weak places.",
    ),
    impossible(
        "a_gap_is_what_lies_between_value_and_goal",
        f"""
        gap <= 0 or abs(gap - abs(goal - value)) > {ROUNDING} * greatest(1, abs(goal))
        or case direction when 'up' then value >= goal else value <= goal end
        """,
        "A place is called weak that is as good as its goal, or its gap is not what lies between.",
    ),
    Rule(
        "money_is_gap_times_quantity_times_price",
        f"""
        with prices as ({PRICES}),
        redone as (
            select mart.*, prices.price as price_redone,
                case mart.kpi when 'ignored_lead_rate' then qualified.numerator
                    else mart.denominator end as quantity_redone
            from mart inner join prices using ({KEY})
            left join kpi.scorecard as qualified
                on qualified.kpi = 'qualified_leads'
                and qualified.period_grain = mart.period_grain
                and qualified.period_start = mart.period_start
                and qualified.dimension = mart.dimension and qualified.member = mart.member
        ),
        worth as (
            select *, abs(goal - value) * cast(quantity_redone as double) * price_redone as money
            from redone
        )
        select * from worth
        where (money is null) <> (money_at_stake is null)
            or abs(money - cast(money_at_stake as double))
                > greatest({CENT}, {ROUNDING} * abs(money))
        """,
        "The money at stake is not what scorecard and core make of it: owners would mend the wrong "
        "place first. Look at the prices in the model of weak places.",
    ),
    Rule(
        "ranks_follow_the_money",
        """
        select *, lag(rank) over in_a_row as rank_before,
            lag(money_at_stake) over in_a_row as money_before
        from mart
        window in_a_row as (partition by period_grain, period_start order by rank)
        qualify rank <> coalesce(rank_before, 0) + 1
            or (rank > 1 and coalesce(money_at_stake > money_before, false))
            or (rank > 1 and money_before is null and money_at_stake is not null)
        """,
        "Places do not stand in the order of their money: readers look at the first ones only.",
    ),
    Rule(
        "a_sentence_names_its_member_and_its_goal",
        """
        select mart.* from mart, expected.settings
        where (dimension <> 'all' and not contains(sentence, dimension || ' ' || member))
            or not contains(sentence, case goal_is when 'target' then ', the target is '
                else ', usual is ' end)
            or (not contains(sentence, ' ' || currency)
                and (unit = 'money' or money_at_stake is not null))
        """,
        "A sentence tells of another place than its row: look at how sentences are made.",
    ),
)

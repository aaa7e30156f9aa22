"""kpi.levers: every priced value of the scorecard is there, and its price can be redone."""

from expectations.expected import GRAINS
from expectations.rule import Rule

ROUNDING = 0.000000001  # of floats, as a share
KEY = "period_grain, period_start, kpi, dimension, member"

# By what, beside its quantity, the money of a KPI is multiplied: a conversion, and a worth.
FACTORS: dict[str, tuple[str | None, str | None]] = {
    "cost_per_lead": (None, None),
    "filter_pass_rate": ("qualified_to_customer_rate", "profit_90d_per_customer"),
    "ignored_lead_rate": ("contacted_to_customer_rate", "profit_90d_per_customer"),
    "qualified_to_customer_rate": (None, "profit_90d_per_customer"),
    "sales_cost_per_customer": (None, None),
    "retention_cost_per_customer": (None, None),
    "repeat_rate_90d": (None, "profit_per_later_order"),
    "profit_per_customer": (None, None),
}
PRICED = ", ".join(f"'{kpi}'" for kpi in FACTORS)
NEEDED = ", ".join(
    f"('{kpi}', '{role}', '{factor}')"
    for kpi, factors in FACTORS.items()
    for role, factor in zip(("conversion", "worth"), factors, strict=True)
    if factor
)


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
        where kpi in (select factor from (values {NEEDED}) as needed (kpi, role, factor))
            and is_mature and value is not null
        union all
        select 'contacted_to_customer_rate', period_grain, period_start,
            dimension, member, avg(cast(is_won as double))
        from ({_by_period_and_member(CALLED_IN_TIME)})
        where {_periods_in_which_rests("qualified_to_customer_rate")} group by all
        union all
        select 'profit_per_later_order', period_grain, period_start,
            dimension, member, cast(sum(gross_profit) as double) / count(*)
        from ({_by_period_and_member(LATER_ORDERS)})
        where {_periods_in_which_rests("orders")} group by all
    ),
    asked as (
        select {KEY}, role, factor
        from mart inner join (values {NEEDED}) as needed (kpi, role, factor) using (kpi)
    ),
    answered as (
        select asked.*, factors.value, factors.period_start as taken_from
        from asked asof left join factors
            on asked.factor = factors.factor and asked.period_grain = factors.period_grain
            and asked.dimension = factors.dimension and asked.member = factors.member
            and asked.period_start >= factors.period_start
    )
    select {KEY},
        case when count(*) = count(value) then product(value) end as price,
        any_value(taken_from) filter (where role = 'conversion') as conversion_from,
        any_value(taken_from) filter (where role = 'worth') as worth_from
    from answered group by all
"""

RULES = (
    Rule(
        "levers_are_the_values_of_the_scorecard",
        f"""
        with called_for as (
            select scorecard.*, definitions.direction
            from kpi.scorecard inner join kpi.definitions using (kpi)
            where kpi in ({PRICED}) and period_grain <> 'day' and value is not null
        ),
        compared as (
            select {KEY}, process, direction, period_end, unit, numerator, denominator, value,
                target, is_mature, is_small, 1 as copies from mart
            union all
            select {KEY}, process, direction, period_end, unit, numerator, denominator, value,
                target, is_mature, is_small, -1 as copies from called_for
        )
        select * exclude (copies), sum(copies) as too_many_in_the_mart
        from compared group by all having sum(copies) <> 0
        """,
        "A lever is missing, or tells another value or goal than the scorecard: look at the model "
        "of levers.",
    ),
    Rule(
        "a_price_is_made_of_the_latest_factors_that_rest",
        f"""
        with prices as ({PRICES}),
        redone as (
            select mart.*, case when prices.kpi is null then 1 else prices.price end as due,
                prices.conversion_from as conversion_due_from, prices.worth_from as worth_due_from
            from mart left join prices using ({KEY})
        )
        select * from redone
        where (price is null) <> (due is null)
            or abs(price - due) > {ROUNDING} * greatest(1, abs(due))
            or conversion_from is distinct from conversion_due_from
            or worth_from is distinct from worth_due_from
            or price is distinct from
                case when conversion_is is null then 1 else conversion end
                * case when worth_is is null then 1 else worth end
        """,
        "What one lead or customer is worth is not what scorecard and core make of it: owners "
        "would mend the wrong place first. Look at the prices in the model of levers.",
    ),
    Rule(
        "money_per_unit_is_quantity_times_price",
        f"""
        with redone as (
            select mart.*,
                case mart.kpi when 'ignored_lead_rate' then qualified.numerator
                    else mart.denominator end as quantity_redone
            from mart left join kpi.scorecard as qualified
                on qualified.kpi = 'qualified_leads'
                and qualified.period_grain = mart.period_grain
                and qualified.period_start = mart.period_start
                and qualified.dimension = mart.dimension and qualified.member = mart.member
        ),
        worth as (
            select *, cast(quantity_redone as double) * price as money from redone
        )
        select * from worth
        where quantity is distinct from quantity_redone
            or (money is null) <> (money_per_unit is null)
            or abs(money - money_per_unit) > {ROUNDING} * greatest(1, abs(money))
        """,
        "What one unit of a KPI brings is not its quantity times its price: all that is said to be "
        "at stake is wrong with it. Look at the model of levers.",
    ),
)

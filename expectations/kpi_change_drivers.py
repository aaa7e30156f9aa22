"""kpi.change_drivers: what drove a change is all of it, and each link is the scorecard's."""

from expectations.rule import Rule, impossible

ROUNDING = 0.000000001  # of floats, as a share
CENT = 0.01
CELL = "period_grain, period_start, dimension, member"
DRIVERS = (
    "leads",
    "filter_pass_rate",
    "customers_per_qualified_lead",
    "orders_per_active_customer",
    "order_value",
    "margin",
    "existing_customers",
    "anonymous_sales",
    "acquisition_cost",
    "sales_cost",
    "retention_cost",
)
KPIS_TOO = "('leads', 'filter_pass_rate', 'acquisition_cost', 'sales_cost', 'retention_cost')"
AMOUNTS = "('anonymous_sales', 'acquisition_cost', 'sales_cost', 'retention_cost')"

# One column per driver with the value that the link has in a period; unknown where it has none.
LINKS_OF_A_CELL = ", ".join(
    f"max(case when driver = '{driver}' then after end) as {driver}" for driver in DRIVERS
)

RULES = (
    Rule(
        "drivers_add_up_to_the_change",
        f"""
        select {CELL}, sum(amount) as of_the_drivers, any_value(change) as change,
            count(*) as drivers
        from mart group by all
        having sum(amount) <> any_value(change) or count(*) <> {len(DRIVERS)}
            or min(change) <> max(change)
        """,
        "A part of a change has no driver, or is told twice: look at the model of change drivers.",
    ),
    Rule(
        "contributions_are_the_scorecards",
        f"""
        with periods as (
            select period_grain, period_start, period_end, is_mature,
                lag(period_start) over (partition by period_grain order by period_start)
                    as period_before
            from kpi.scorecard where kpi = 'contribution' and dimension = 'all'
        ),
        contributions as (
            select {CELL}, numerator from kpi.scorecard where kpi = 'contribution'
        ),
        amounts as (
            select {CELL}, numerator as amount, 0 as amount_before from contributions
            union all
            select period_grain, periods.period_start, dimension, member, 0, numerator
            from periods inner join contributions using (period_grain)
            where contributions.period_start = periods.period_before
        ),
        called_for as (
            select {CELL}, any_value(period_end) as period_end, any_value(is_mature) as is_mature,
                sum(amount) as amount, sum(amount_before) as amount_before
            from amounts inner join periods using (period_grain, period_start) group by all
        )
        select {CELL}, mart.driver, mart.contribution, called_for.amount,
            mart.previous_contribution, called_for.amount_before
        from mart full join called_for using ({CELL})
        where mart.contribution is distinct from called_for.amount
            or mart.previous_contribution is distinct from called_for.amount_before
            or mart.change is distinct from mart.contribution - mart.previous_contribution
            or mart.period_end is distinct from called_for.period_end
            or mart.is_mature is distinct from called_for.is_mature
        """,
        "The change that is explained is not the one that the scorecard shows, or is not explained "
        "at all.",
    ),
    Rule(
        "links_are_the_scorecards",
        f"""
        select mart.*, scorecard.value, scorecard.previous_value
        from mart inner join kpi.scorecard as scorecard
            on scorecard.kpi = mart.driver and scorecard.period_grain = mart.period_grain
            and scorecard.period_start = mart.period_start
            and scorecard.dimension = mart.dimension and scorecard.member = mart.member
        where mart.driver in {KPIS_TOO}
            and ((mart.after is null) <> (scorecard.value is null)
                or (mart.before is null) <> (scorecard.previous_value is null)
                or abs(mart.after - scorecard.value) > {ROUNDING} * greatest(1, abs(mart.after))
                or abs(mart.before - scorecard.previous_value)
                    > {ROUNDING} * greatest(1, abs(mart.before)))
        """,
        "A link of the chain has another value than the KPI of its name.",
    ),
    Rule(
        "links_multiply_to_the_contribution",
        f"""
        with links as (
            select {CELL}, any_value(contribution) as contribution, {LINKS_OF_A_CELL}
            from mart group by all
        ),
        multiplied as (
            select *,
                (leads * filter_pass_rate * customers_per_qualified_lead + existing_customers)
                    * orders_per_active_customer * order_value * margin
                + anonymous_sales - acquisition_cost - sales_cost - retention_cost as redone
            from links
        )
        select * from multiplied
        where abs(redone - cast(contribution as double))
            > {CENT} + {ROUNDING} * abs(cast(contribution as double))
        """,
        "The links of a period do not make up its contribution: one of them is wrong.",
    ),
    impossible(
        "an_amount_works_by_what_it_rose",
        f"""
        driver in {AMOUNTS} and amount <> cast(
            case driver when 'anonymous_sales' then after - before else before - after end
            as decimal(18, 4)
        )
        """,
        "A cost or the anonymous sales did something else to the contribution than they changed.",
    ),
    impossible(
        "drivers_stand_in_the_order_of_the_chain",
        " or ".join(
            f"(position = {position}) <> (driver = '{driver}')"
            for position, driver in enumerate(DRIVERS, start=1)
        ),
        "Drivers are out of their order: each amount depends on it, so readers would misread all.",
    ),
)

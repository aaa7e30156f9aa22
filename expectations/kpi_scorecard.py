"""kpi.scorecard: every cent that came in goes out, and nothing is judged too early."""

from expectations.expected import GRAINS
from expectations.rule import Rule, impossible

FROM_FEEDS = (
    "ad_spend",
    "acquisition_cost",
    "sales_cost",
    "retention_cost",
    "revenue",
    "gross_profit",
    "contribution",
    "orders",
    "contacts",
)
FROM_CORE = ("leads", "duplicate_leads", "new_customers")
ROUNDING = 0.000000001  # values and intervals are computed as floats


def _listed(kpis: tuple[str, ...]) -> str:
    return ", ".join(f"'{kpi}'" for kpi in kpis)


def _each_grain(select: str) -> str:
    """Return the union of a select over the grains; `{period}` becomes the two columns of one."""
    return " union all ".join(
        select.format(
            period=f"'{grain}' as period_grain, "
            f"cast(date_trunc('{grain}', day) as date) as period_start"
        )
        for grain in GRAINS
    )


def _adds_up(kpis: tuple[str, ...], days: str) -> str:
    """Return the periods, of every grain, in which `all` is not the sum of some days."""
    totals = _each_grain("select {period}, kpi, sum(amount) as amount from days group by all")
    return f"""
        with days as ({days}),
        totals as ({totals}),
        shown as (
            select period_grain, period_start, kpi, numerator from mart
            where dimension = 'all' and kpi in ({_listed(kpis)})
        )
        select
            period_grain, period_start, kpi,
            shown.numerator as in_the_scorecard, totals.amount as in_the_days
        from shown full join totals using (period_grain, period_start, kpi)
        where coalesce(shown.numerator, 0) <> coalesce(totals.amount, 0)
    """


RULES = (
    Rule(
        "members_add_up_to_all",
        """
        with shown as (
            select kpi, unnest(string_split(dimensions, ',')) as dimension
            from kpi.definitions where shape = 'total'
        ),
        sums as (
            select period_grain, period_start, kpi, dimension, sum(numerator) as amount
            from mart where dimension <> 'all' group by all
        )
        select
            wholes.period_grain, wholes.period_start, wholes.kpi, shown.dimension,
            wholes.numerator as of_all, coalesce(sums.amount, 0) as of_members
        from mart as wholes
        inner join shown on shown.kpi = wholes.kpi and shown.dimension <> 'all'
        left join sums on sums.period_grain = wholes.period_grain
            and sums.period_start = wholes.period_start and sums.kpi = wholes.kpi
            and sums.dimension = shown.dimension
        where wholes.dimension = 'all'
            and wholes.numerator is distinct from coalesce(sums.amount, 0)
        """,
        "A table by method, unit or employee does not add up to its total: look at how costs and "
        "orders find their members in these periods.",
    ),
    Rule(
        "every_period_adds_up_to_the_feeds",
        _adds_up(FROM_FEEDS, "select * from expected.kpi_days"),
        "Money or orders of the feeds are not in the scorecard, or more than once: compare the "
        "periods kept with core and with the deliveries.",
    ),
    Rule(
        "leads_and_customers_are_those_of_core",
        _adds_up(
            FROM_CORE,
            """
            select 'leads' as kpi, lead_date as day, count(*) as amount
            from core.leads where is_lead group by all
            union all
            select 'duplicate_leads', lead_date, count(*)
            from core.leads where is_duplicate group by all
            union all
            select 'new_customers', customer_since_date, count(*) from core.customers group by all
            """,
        ),
        "The scorecard counts other leads or customers than core holds: look at the models of "
        "measures.",
    ),
    Rule(
        "all_has_every_kpi_in_every_period_up_to_as_of",
        f"""
        with days as (
            select unnest(range(
                (select min(period_start) from mart where period_grain = 'day'),
                (select as_of + 1 from expected.settings), interval 1 day
            )) as day
        ),
        periods as ({_each_grain("select distinct {period} from days")}),
        called_for as (
            select periods.*, definitions.kpi from periods, kpi.definitions as definitions
        )
        select period_grain, period_start, kpi from called_for
        except
        select period_grain, period_start, kpi from mart where dimension = 'all'
        """,
        "KPIs are missing for some periods, perhaps for the newest: look at the models of periods "
        "and values.",
    ),
    Rule(
        "what_is_immature_is_not_judged",
        """
        with ripening as (
            select kpi, case cohort_setting when 'maturity_days' then maturity_days
                else coalesce(cast(cohort_days as integer), 0) end as days
            from kpi.definitions, expected.settings
        )
        select mart.*, ripening.days
        from mart inner join ripening on ripening.kpi = mart.kpi
        where (mart.status in ('on_target', 'off_target') and not mart.is_mature)
            or mart.is_mature is distinct from
                (mart.period_end + ripening.days <= (select as_of from expected.settings))
        """,
        "A number is compared with its target before its time has come: readers would act on half "
        "a result.",
    ),
    Rule(
        "values_are_the_quotient_of_their_parts",
        f"""
        select mart.* from mart
        where kpi in (select kpi from kpi.definitions where shape = 'quotient')
            and case
                when coalesce(denominator, 0) = 0 then value is not null
                else value is null
                    or abs(value - cast(numerator as double) / cast(denominator as double))
                        > {ROUNDING} * greatest(1, abs(value))
            end
        """,
        "A rate or a cost per piece is not what stands beside it: look at the model of values.",
    ),
    # Clicks can be reported a day after their impressions: core_ad_spend suspects such rows.
    impossible(
        "nothing_is_out_of_range",
        f"""
        period_start > (select as_of from expected.settings) or period_end < period_start
        or (kpi in (select kpi from kpi.definitions where is_proportion) and denominator < 0)
        or (value not between 0 and 1 and kpi <> 'click_through_rate'
            and kpi in (select kpi from kpi.definitions where is_proportion))
        or (numerator < 0 and unit = 'count')
        or low > value + {ROUNDING} or high < value - {ROUNDING} or low < 0 or high > 1
        or (is_small is distinct from coalesce(denominator < 30, false))
        """,
        "A number cannot be: a share above 1, a count below 0 or a period that has not begun.",
    ),
    Rule(
        "a_judgement_follows_from_value_and_target",
        """
        select mart.*, definitions.direction
        from mart inner join kpi.definitions as definitions on definitions.kpi = mart.kpi
        where (target is null and status <> 'no_target')
            or (status = 'on_target' and
                case direction when 'up' then value < target else value > target end)
            or (status = 'off_target' and
                case direction when 'up' then value >= target else value <= target end)
        """,
        "A number is called good that misses its target, or bad that meets it.",
    ),
)

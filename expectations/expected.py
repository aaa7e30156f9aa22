"""Expected: what the marts must hold, worked out from raw.duckdb without any of the models.

The tables stand in a database of the audit's own, in memory, named `expected`. An amount is
brought to the business's currency once, here, so that a rule is only a comparison.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marketing_warehouse.feeds import FEEDS, Feed, Kind

LAST_DAY_AHEAD = 366
_PLACE = ("extra", "_ids", "_source", "_delivery", "_file", "_line", "_version")
GRAINS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Asked:
    """What the load was asked for, by business.yml and by whoever started it."""

    load_id: str
    as_of: str
    currency: str
    timezone: str
    history_from: str
    completed_orders: int
    maturity_days: int
    first_contact_hours: int
    lead_events: Sequence[str]


def statements(asked: Asked) -> Iterator[str]:
    """Yield the SQL that fills `expected`, in order; raw.duckdb must be attached as `raw`."""
    yield _settings(asked)
    yield _rates()
    for feed in FEEDS.values():
        if feed.name != "fx_rates":
            yield f"create table expected.{feed.name} as {_current(feed, _MEASURES[feed.name])}"
    yield _process_cost_days()
    yield _kpi_days()
    yield _rows_kept()


def _rows_kept() -> str:
    """Return the SQL of how many rows raw keeps of each source, and how many differ."""
    counted = " union all ".join(
        f"""
        select '{feed}' as feed, _source as source, count(*) as rows_kept,
            count(distinct _version) as versions
        from raw.raw.{feed} group by all
        """
        for feed in FEEDS
    )
    return f"create table expected.rows_kept as {counted}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _settings(asked: Asked) -> str:
    return f"""
        create table expected.settings as select
            {_literal(asked.load_id)} as load_id,
            cast({_literal(asked.as_of)} as date) as as_of,
            {_literal(asked.currency)} as currency,
            {_literal(asked.timezone)} as timezone,
            cast({_literal(asked.history_from)} as date) as history_from,
            {asked.completed_orders} as completed_orders,
            {asked.maturity_days} as maturity_days,
            {asked.first_contact_hours} as first_contact_hours,
            [{", ".join(map(_literal, asked.lead_events))}] as lead_events
    """


def _latest(feed: Feed, rows: str) -> str:
    """Return the SQL of the latest version of each key among some rows of a feed."""
    # A source may have named whose ids it delivers; only then can a key be there twice.
    key = ", ".join(("_ids", *feed.key))
    updated = "updated_at desc nulls last, " if "updated_at" in feed.column_names else ""
    return f"""
        select * from ({rows})
        qualify row_number() over (
            partition by {key} order by {updated}_delivery desc, _file desc, _line desc
        ) = 1
    """


def _rates() -> str:
    latest = _latest(FEEDS["fx_rates"], "select * from raw.raw.fx_rates")
    return f"""
        create table expected.fx_rates as
        select rate_date, currency, rate from ({latest})
        where rate_date <= (select as_of from expected.settings);

        -- A rate holds until the next one; the euro is what the others are counted in.
        create table expected.rates_of_days as
        with rates as (
            select currency, rate_date, cast(rate * 10000000000.0 as hugeint) as units
            from expected.fx_rates where currency <> 'EUR'
            union all
            select 'EUR', history_from, 10000000000 from expected.settings
        ),
        spans as (
            select *, lead(rate_date) over (partition by currency order by rate_date) as next_date
            from rates
        )
        select
            spans.currency, units,
            cast(unnest(range(
                rate_date, coalesce(next_date, as_of + {LAST_DAY_AHEAD + 1}), interval 1 day
            )) as date) as day
        from spans, expected.settings
    """


def _business_day(feed: Feed) -> str:
    dated = feed.column(feed.dated_by)
    if dated.kind is Kind.DATE:
        return dated.name
    zone = "(select timezone from expected.settings)"
    return f"cast(timezone({zone}, timezone('UTC', {dated.name})) as date)"


def _current(feed: Feed, measures: str) -> str:
    """Return the SQL of a feed's rows that count: valid, latest of their key, not after as-of."""
    placed = f"select *, {_business_day(feed)} as business_day from raw.raw.{feed.name}"
    # Of a key, what is empty is a value: nothing for an ad, all for a target.
    empty = {"ad_spend": "", "kpi_targets": "all"}.get(feed.name)
    if empty is not None:
        optional = [name for name in feed.key if not feed.column(name).is_required]
        filled = ", ".join(f"coalesce({name}, '{empty}') as {name}" for name in optional)
        placed = f"select * replace ({filled}) from ({placed})"
    # A target may lie as far ahead as it likes.
    valid = placed if feed.name == "kpi_targets" else _believable(feed, placed)
    unused = [*_PLACE, *(name for name in feed.column_names if name in ("email", "phone"))]
    return f"""
        select * exclude ({", ".join(unused)}), {measures} from ({_latest(feed, valid)})
        where business_day <= (select as_of from expected.settings)
    """


def _believable(feed: Feed, placed: str) -> str:
    """Return the SQL of the rows whose date can be true and whose amounts have a rate."""
    if "currency" not in feed.column_names:
        return f"""
            select placed.* from ({placed}) as placed, expected.settings
            where business_day between history_from and as_of + {LAST_DAY_AHEAD}
        """
    in_currency = f"""
        select placed.* replace (coalesce(placed.currency, settings.currency) as currency),
            settings.currency as business_currency
        from ({placed}) as placed, expected.settings
        where business_day between history_from and as_of + {LAST_DAY_AHEAD}
    """
    needs_none = "cost is null or " if feed.name == "loyalty_events" else ""
    return f"""
        select rows_in_currency.*, theirs.units as from_units, ours.units as to_units
        from ({in_currency}) as rows_in_currency
        left join expected.rates_of_days as theirs
            on theirs.currency = rows_in_currency.currency
            and theirs.day = rows_in_currency.business_day
        left join expected.rates_of_days as ours
            on ours.currency = rows_in_currency.business_currency
            and ours.day = rows_in_currency.business_day
        where {needs_none} rows_in_currency.currency = business_currency
            or (theirs.units is not null and ours.units is not null)
    """


def _converted(amount: str) -> str:
    """Return the SQL of an amount in the business's currency, rounded half away from zero."""
    whole = f"cast(abs({amount}) * 10000.0 as hugeint)"
    share = f"((2 * {whole} * to_units + from_units) // (2 * from_units))"
    return f"""
        case when currency = business_currency then {amount}
        else cast(sign({amount}) * cast({share} as decimal(24, 0)) * 0.0001 as decimal(18, 4)) end
    """


_NET = "(gross - discount - refund)"
_MEASURES = {
    "ad_spend": f"{_converted('spend')} as amount",
    "leads": """
        list_contains((select lead_events from expected.settings), lead_event)
        and (lead_event <> 'decision_maker_interest' or coalesce(is_decision_maker, false))
            as is_explicit,
        business_day as lead_date
    """,
    "lead_activities": "business_day as activity_date",
    "orders": f"""
        {_converted("gross_amount")} as gross,
        {_converted("coalesce(discount_amount, 0)")} as discount,
        case when status = 'refunded' and coalesce(refund_amount, 0) = 0 then gross - discount
            else {_converted("coalesce(refund_amount, 0)")} end as refund,
        {_converted("coalesce(cost_of_goods, 0)")} as cost,
        {_NET} as net_revenue,
        {_NET} - cost as gross_profit,
        business_day as order_date,
        gross_amount > coalesce(discount_amount, 0)
        and coalesce(refund_amount, 0) >= gross_amount - coalesce(discount_amount, 0)
            as is_all_given_back,
        case status
            when 'completed' then not is_all_given_back
            when 'refunded' then coalesce(refund_amount, 0) <> 0 and not is_all_given_back
            else false
        end as is_completed
    """,
    "loyalty_events": f"{_converted('cost')} as cost_converted, business_day as event_date",
    "process_costs": f"{_converted('amount')} as converted_amount",
    "kpi_targets": "business_day as target_day",
}


def _process_cost_days() -> str:
    """A cost spread evenly over its days, each rounded to 4 places; the last takes the rest."""
    return """
        create table expected.process_cost_days as
        with ledger as (
            select *, period_end - period_start + 1 as days,
                cast(abs(converted_amount) * 10000.0 as hugeint) as whole,
                cast(sign(converted_amount) * cast((2 * whole + days) // (2 * days)
                    as decimal(24, 0)) * 0.0001 as decimal(18, 4)) as daily_amount
            from expected.process_costs
        ),
        spread as (
            select *, unnest(range(cast(days as bigint))) as day_number from ledger
        )
        select
            process, cost_id, method, unit, employee,
            period_start + cast(day_number as integer) as cost_date,
            case when day_number = days - 1 then converted_amount - daily_amount * (days - 1)
                else daily_amount end as amount
        from spread
        where period_start + cast(day_number as integer)
            <= (select as_of from expected.settings)
    """


def _kpi_days() -> str:
    """The KPIs that are sums over days, straight from the feeds."""
    return """
        create table expected.kpi_days as
        with amounts as (
            select 'ad_spend' as kpi, business_day as day, amount from expected.ad_spend
            union all
            select 'acquisition_cost', business_day, amount from expected.ad_spend
            union all
            select process || '_cost', cost_date, amount from expected.process_cost_days
            union all
            select 'retention_cost', event_date, cost_converted from expected.loyalty_events
            union all
            select 'revenue', order_date, net_revenue from expected.orders where is_completed
            union all
            select 'gross_profit', order_date, gross_profit from expected.orders where is_completed
            union all
            select 'orders', order_date, 1 from expected.orders where is_completed
            union all
            select 'contacts', business_day, 1 from expected.leads
        ),
        signed as (
            select kpi, day, amount from amounts
            union all
            select 'contribution', day, case when kpi = 'gross_profit' then amount else -amount end
            from amounts
            where kpi in ('gross_profit', 'acquisition_cost', 'sales_cost', 'retention_cost')
        )
        select kpi, day, sum(amount) as amount from signed
        where amount is not null
        group by all
    """

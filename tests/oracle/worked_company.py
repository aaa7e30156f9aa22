"""A company small enough to be worked out by hand, and ugly enough to be worth it.

Its first day, Tuesday 31 December 2024, is alone in its week, its month, its quarter and its
year: whoever works out a KPI of that day has worked it out at every grain. What comes after, from
6 January 2025 on, are the ugly cases, each in a month of its own, up to as-of on 31 January 2026.
Times are in UTC unless said otherwise; in Bucharest it is two hours later, in summer three.
"""

from collections.abc import Iterator
from datetime import date

from tests.oracle.feed_rows import TextRow, activity, cost, delivered, lead, loyalty, order, rate
from tests.oracle.random_companies import RandomCompany
from tests.oracle.settings import Criterion, Settings

NOON = "2024-12-31T12:00:00Z"
ANNA, BEN, CARA, DORA, ELI, FAY, GUS, HAL, IAN, KIM = (
    {"email": f"{name}@example.com"}
    for name in ("anna", "ben", "cara", "dora", "eli", "fay", "gus", "hal", "ian", "kim")
)

SETTINGS = Settings(
    as_of=date(2026, 1, 31),
    target_audience=(Criterion("serves_our_region", lambda own: own["country"] in ("RO", "MD")),),
    lead_filter=(Criterion("budget", lambda own: float(own["extra"]["declared_budget"]) >= 500),),
    source_timezones={"leads": "Europe/Bucharest"},
)
WHERE = {
    "serves_our_region": "country in ('RO', 'MD')",
    "budget": "cast(extra ->> 'declared_budget' as double) >= 500",
}


def worked_company() -> RandomCompany:
    """Return the company: nothing of it is random, but it is written into homes like those."""
    feeds = delivered(
        leads=[*_first_leads(), *_ugly_leads()],
        lead_activities=_activities(),
        orders=_orders(),
        loyalty_events=_loyalty_events(),
        ad_spend=_ad_spend(),
        process_costs=_process_costs(),
        kpi_targets=_targets(),
        fx_rates=[
            rate("2025-11-07", "RON", "4.97"),  # Friday
            rate("2025-11-10", "RON", "5.00"),  # Monday
        ],
    )
    rows = {
        feed: [{**row, "_delivery": 1, "_file": f"inbox/{feed}_1.csv"} for row in rows]
        for feed, rows in feeds.items()
    }
    return RandomCompany(SETTINGS, WHERE, rows)


def _first_leads() -> Iterator[TextRow]:
    """The first day's seven contacts: five leads, a repeat, and one who asked for nothing."""
    eight = "2024-12-31T08:00:00Z"
    anna = {"campaign_id": "c1", "unit": "north", "employee": "eva", "country": "RO", **ANNA}
    yield lead("L1", eight, declared_budget="800", **anna)
    yield lead(
        "L2",
        eight,
        **{"lead_event": "inbound_call", "campaign_id": "c1", "unit": "north", "employee": "eva"},
        **{"country": "RO", "declared_budget": "600", **BEN},
    )
    yield lead(
        "L3",
        eight,
        **{"lead_event": "store_visit", "unit": "south", "employee": "dan"},
        **{"country": "DE", "declared_budget": "500", **CARA},
    )
    yield lead(
        "L4",
        eight,
        **{"method": "fair", "unit": "south", "employee": "eva"},
        **{"country": "MD", "declared_budget": "100", **DORA},
    )
    # Neither a country nor a budget: both criteria look at a missing value, so neither is met.
    yield lead("L5", eight, method="fair", campaign_id="c2", **ELI)
    # Anna asks once more an hour later.
    yield lead("L6", "2024-12-31T09:00:00Z", declared_budget="800", **anna)
    yield lead("L7", eight, method="fair", lead_event="newsletter", **FAY)


def _ugly_leads() -> Iterator[TextRow]:
    """Leads of 2025: four are worth a seller's time (a budget of 500), three are cut."""
    rich = {"declared_budget": "500"}
    # By the clock of Bucharest, whose hours change on 30 March and 26 October.
    yield lead("spring", "2025-03-29 12:00:00", method="clock", **rich)  # 10:00 UTC
    yield lead("autumn", "2025-10-25 12:00:00", method="clock", **rich)  # 09:00 UTC
    # Kim: 29.9 days, 29.9 days and 30.0 days after the one before.
    yield lead("K1", "2025-05-01T00:00:00Z", method="mail", **KIM)
    yield lead("K2", "2025-05-30T21:36:00Z", method="mail", **KIM)  # 31 May in Bucharest
    yield lead("K3", "2025-06-29T19:12:00Z", method="mail", **KIM)
    yield lead("K4", "2025-07-29T19:12:00Z", method="mail", **KIM)
    # Fritz works in the north in August, in the south in September.
    yield lead("N", "2025-08-10T12:00:00Z", employee="fritz", unit="north", **rich)
    yield lead("S", "2025-09-10T12:00:00Z", employee="fritz", unit="south", **rich)
    # 23:30 UTC on the last day of September is half past two on the first of October.
    yield lead("late", "2025-09-30T23:30:00Z", method="night")


def _activities() -> list[TextRow]:
    return [
        activity("1", "L1", "2024-12-31T07:00:00Z", "contacted"),  # before she asked
        activity("2", "L6", "2024-12-31T09:30:00Z", "contacted"),  # for the repeat, so for L1
        activity("3", "L2", "2025-01-01T08:00:00Z", "contacted"),  # 24 hours: just in time
        activity("4", "L3", "2025-01-01T08:00:01Z", "contacted"),  # a second too late
        activity("5", "L4", "2025-01-10T08:00:00Z", "meeting"),  # with a lead that was cut
        activity("6", "spring", "2025-03-30T10:00:00Z", "contacted"),  # 24 hours, by clocks 25
        activity("7", "autumn", "2025-10-26T10:00:00Z", "contacted"),  # 25 hours, by clocks 24
    ]


def _orders() -> list[TextRow]:
    refunded = {"gross_amount": "100", "discount_amount": "20", "cost_of_goods": "40", **BEN}
    in_time = {"updated_at": "2024-12-31T18:00:00Z", "lead_id": "L3"}
    after_the_month = {"updated_at": "2025-02-10T18:00:00Z", "lead_id": "L3"}
    return [
        order("O1", NOON, gross_amount="300", cost_of_goods="100", **ANNA),
        # Ben's order names Cara's lead; 10 of it are given back when its month is long over.
        order("O2", "2024-12-31T18:00:00Z", **refunded, **in_time),
        order("O2", "2024-12-31T18:00:00Z", **refunded, **after_the_month, refund_amount="10"),
        order("O3", NOON, gross_amount="50", **GUS),  # a customer without a lead
        order("O4", NOON, gross_amount="40", cost_of_goods="10", lead_id="L1"),  # anonymous
        order("O5", NOON, gross_amount="60", status="refunded", **HAL),  # all of it: no customer
        order("O6", NOON, gross_amount="30", cost_of_goods="10", **DORA),
        order("O7", "2024-12-31T14:00:00Z", gross_amount="30", cost_of_goods="10", **DORA),
        order("O8", NOON, gross_amount="999", status="pending", **CARA),
        # They come back after exactly 30, 90 and 365 days.
        order("O9", "2025-01-30T12:00:00Z", gross_amount="20", cost_of_goods="5", **GUS),
        order("O10", "2025-03-31T12:00:00Z", gross_amount="100", cost_of_goods="40", **ANNA),
        order("O11", "2025-12-31T18:00:00Z", gross_amount="10", cost_of_goods="4", **BEN),
        # Another customer without a lead.
        order("O12", "2025-02-10T12:00:00Z", gross_amount="10", **IAN),
        # Paid on a Sunday, at Friday's rate.
        order("O13", "2025-11-09T12:00:00Z", gross_amount="10", currency="RON"),
    ]


def _loyalty_events() -> list[TextRow]:
    return [
        loyalty("1", "2024-12-31T13:00:00Z", "enrolled", **ANNA),
        loyalty("2", "2024-12-31T13:00:00Z", "enrolled", **DORA),
        loyalty("3", "2024-12-31T15:00:00Z", "left", **DORA),
        loyalty("4", "2024-12-31T13:00:00Z", "enrolled", **FAY),  # who never bought anything
        loyalty("5", "2024-12-31T13:00:00Z", "earned", points="40", **ANNA),
        loyalty("6", "2024-12-31T13:00:00Z", "earned", points="10", **DORA),
        loyalty("7", "2024-12-31T14:00:00Z", "redeemed", points="-10", cost="2.5", **ANNA),
        loyalty("8", "2024-12-31T14:00:00Z", "reward", cost="1.5", **FAY),
    ]


def _ad_spend() -> list[TextRow]:
    def spent(day: str, method: str, campaign: str, spend: str, **columns: str) -> TextRow:
        row = {"spend_date": day, "method": method, "campaign_id": campaign, "spend": spend}
        return {**row, "currency": "EUR", **columns}

    first = "2024-12-31"
    return [
        spent(first, "search", "c1", "90", impressions="1000", clicks="30"),
        spent(first, "search", "c3", "10", impressions="200", clicks="0"),
        spent(first, "fair", "c2", "20", impressions="400", clicks="8"),
        spent("2025-11-09", "radio", "r", "10", currency="RON"),  # Sunday
        spent("2025-11-10", "radio", "r", "10", currency="RON"),  # Monday
    ]


def _process_costs() -> list[TextRow]:
    first = ("2024-12-31", "2024-12-31")
    return [
        cost("acquire", *first, "acquisition", "50"),
        cost("sell", *first, "sales", "30"),
        cost("sell_in_the_south", *first, "sales", "90", unit="south"),
        cost("keep", *first, "retention", "40"),
        cost("keep_in_march", "2025-03-15", "2025-03-15", "retention", "30"),
        cost("keep_a_year_later", "2025-12-31", "2025-12-31", "retention", "20"),
        # June has a repeat and no lead.
        cost("acquire_in_june", "2025-06-01", "2025-06-30", "acquisition", "30"),
        # Ten a day in August and September.
        cost("fritz", "2025-08-01", "2025-09-30", "sales", "610", employee="fritz"),
    ]


def _targets() -> list[TextRow]:
    """Targets of whatever has a price, for all periods of the first day; two for 2025."""
    wanted = {
        "cost_per_lead": "30",
        "filter_pass_rate": "0.8",
        "ignored_lead_rate": "0",
        "qualified_to_customer_rate": "0.9",
        "sales_cost_per_customer": "25",
        "retention_cost_per_customer": "10",
        "repeat_rate_90d": "1",
        "profit_per_customer": "100",
    }
    first = {"period_start": "2024-01-01", "period_end": "2025-01-05"}
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    return [
        *({"kpi": kpi, "target": target, **first} for kpi, target in wanted.items()),
        {"kpi": "filter_pass_rate", "target": "0.8", **year},
        {"kpi": "qualified_to_customer_rate", "target": "0.9", **year},  # 2025 is not mature yet
    ]
